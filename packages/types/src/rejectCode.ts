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
  DISPLAY_SIZE_INVALID: 206,
  EXPIRY_INVALID: 207,
  TRIGGER_INVALID: 208,
  ATTACHED_ORDER_INVALID: 209,
  SCHEDULE_INVALID: 210,
  BATCH_SIZE_INVALID: 211,
  GROUPING_INVALID: 212,
  PROTECTION_INVALID: 213,
  TIMEOUT_INVALID: 214,
  // 3xx: it fits, but not now
  MARKET_HALTED: 310,
  MARKET_CANCEL_ONLY: 311,
  MARKET_POST_ONLY: 312,
  MARKET_PRICE_UNAVAILABLE: 300,
  ACCOUNT_IN_LIQUIDATION: 301,
  MARKET_MAKER_PROTECTION_ACTIVE: 313,
  PRICE_OUTSIDE_BAND: 314,
  TRIGGER_ALREADY_MET: 317,
  TOO_MANY_OPEN_ORDERS: 302,
  REDUCE_ONLY_WOULD_INCREASE: 303,
  POSITION_LIMIT_EXCEEDED: 304,
  OPEN_INTEREST_LIMIT_EXCEEDED: 315,
  POST_ONLY_WOULD_CROSS: 305,
  FILL_OR_KILL_UNFILLABLE: 316,
  INSUFFICIENT_MARGIN: 306,
  // 4xx: orders that are there already
  ORDER_UNKNOWN: 400,
  ORDER_NOT_YOURS: 401,
  ORDER_NOT_AMENDABLE: 402,
  AMEND_SIZE_TOO_SMALL: 403,
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
