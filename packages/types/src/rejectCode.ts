/**
 * Every refusal of the engine. Numbers are frozen: never reuse or renumber one. Where a command has several faults
 * the one that stands first here is the answer.
 */
export const REJECT_CODES = {
  // 1xx: who asks, and when
  COMMAND_EXPIRED: 100,
  ACCOUNT_UNKNOWN: 101,
  SIGNER_NOT_AUTHORIZED: 102,
  AGENT_EXPIRED: 103,
  NONCE_TOO_OLD: 104,
  NONCE_TOO_NEW: 105,
  NONCE_ALREADY_USED: 106,
  // 2xx: what is asked does not fit the market
  MARKET_UNKNOWN: 200,
  ORDER_FLAGS_CONFLICT: 201,
  PRICE_OUT_OF_RANGE: 202,
  SIZE_OUT_OF_RANGE: 203,
  NOTIONAL_TOO_SMALL: 204,
  CLIENT_ORDER_ID_INVALID: 205,
  // 3xx: it fits, but not now
  MARKET_PRICE_UNAVAILABLE: 300,
  ACCOUNT_IN_LIQUIDATION: 301,
  TOO_MANY_OPEN_ORDERS: 302,
  REDUCE_ONLY_WOULD_INCREASE: 303,
  POSITION_LIMIT_EXCEEDED: 304,
  POST_ONLY_WOULD_CROSS: 305,
  INSUFFICIENT_MARGIN: 306,
  // 4xx: cancels
  ORDER_UNKNOWN: 400,
  ORDER_NOT_YOURS: 401,
  // 5xx: money in and out
  DEPOSIT_ALREADY_CREDITED: 500,
  DEPOSIT_OUT_OF_ORDER: 501,
  DEPOSIT_TOO_LARGE: 502,
  WITHDRAWAL_OUT_OF_RANGE: 510,
  WITHDRAWAL_EXCEEDS_FREE_COLLATERAL: 511,
  // 6xx: agents
  AGENT_LIMIT_REACHED: 600,
  AGENT_NOT_APPROVED: 601,
  AGENT_IS_OWNER: 602,
  AGENT_NAME_INVALID: 603,
  // 7xx: feeders and operators
  MARKET_ALREADY_LISTED: 700,
  MARKET_SPEC_INVALID: 701,
  INDEX_PRICE_OUT_OF_RANGE: 710,
  INDEX_PRICE_OUTDATED: 711,
  INDEX_PRICE_JUMP: 712,
  BATCH_EMPTY: 720,
} as const;

export type RejectName = keyof typeof REJECT_CODES;
export type RejectCode = (typeof REJECT_CODES)[RejectName];

const nameByCode = new Map<number, RejectName>(
  Object.entries(REJECT_CODES).map(([name, code]) => [code, name as RejectName]),
);

/** The stable name of a code, for example 306 -> `INSUFFICIENT_MARGIN`; undefined for a number that is no code. */
export function rejectName(code: number): RejectName | undefined {
  return nameByCode.get(code);
}
