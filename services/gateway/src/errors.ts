import type { RejectName } from '@keel/types';

/** How one code is answered. */
interface ErrorEntry {
  /** For clients that would rather compare numbers. As frozen as the code. */
  readonly number: number;
  readonly status: number;
  readonly message: string;
  /** The very same request, signature included, may be sent again and may then succeed. */
  readonly retryable: boolean;
}

/**
 * Every refusal of the exchange, the door's own first. Codes and numbers are frozen: clients branch on them.
 * The number of a refusal of the engine is its code in the log, 100 to 999; the door's own begin at 1000, a new one takes the
 * next that was never used. README, OpenAPI and AsyncAPI list the same; a test holds them together.
 */
export const ERRORS = {
  BAD_JSON: entry(1000, 400, 'the body or frame is not a JSON text'),
  BAD_REQUEST: entry(1001, 400, 'a field is missing or has the wrong type; see details.path'),
  UNKNOWN_FIELD: entry(1002, 400, 'a field that this request does not have; see details.path'),
  NOT_A_DECIMAL: entry(1003, 400, 'the text is not a decimal number; see details.path'),
  NOT_CANONICAL_DECIMAL: entry(
    1004,
    400,
    'write the decimal without sign, leading or trailing zeros; see details.path',
  ),
  PRICE_OFF_TICK: entry(1005, 400, 'the price has more decimals than the market; see details.tickSize'),
  SIZE_OFF_LOT: entry(1006, 400, 'the size has more decimals than the market; see details.lotSize'),
  AMOUNT_OFF_GRID: entry(1007, 400, 'the amount has more decimals than its asset; see details.decimals'),
  AMOUNT_OUT_OF_RANGE: entry(1008, 400, 'the amount is negative, zero or too large'),
  RECIPIENT_CANNOT_BE_PAID: entry(1009, 400, 'the settlement contract can pay neither the zero address nor itself'),
  BAD_SIGNATURE: entry(1010, 401, 'the signature has no signer; see details.fault'),
  NOT_FOUND: entry(1011, 404, 'there is nothing at this path'),
  CERTIFICATE_UNKNOWN: entry(
    1012,
    404,
    'there is no certificate of this id, or not any more; replay the journal for older ones',
  ),
  METHOD_NOT_FOUND: entry(1013, 404, 'there is no such method'),
  PAYLOAD_TOO_LARGE: entry(1014, 413, 'a request may have 64 KiB'),
  RATE_LIMITED: entry(1015, 429, 'too many requests; wait and try again', true),
  BUDGET_EXHAUSTED: entry(
    1016,
    429,
    'the address has used up its actions; trade, or wait for details.retryAfterMs',
    true,
  ),
  FAUCET_OFF: entry(1017, 404, 'this exchange gives no test money away; a devnet does'),
  FAUCET_TOO_SOON: entry(1018, 429, 'an address gets test money once a minute; see details.retryAfterMs', true),
  FAUCET_BUSY: entry(1019, 503, 'too many wait for test money; try again', true),
  FAUCET_FAILED: entry(1020, 503, 'L1 did not take the deposit; see details.fault', true),
  TOO_MANY_SUBSCRIPTIONS: entry(1021, 429, 'a connection may have 100 subscriptions'),
  INTERNAL: entry(1022, 500, 'a fault of the exchange; it is in its log under the request id'),
  SEQUENCER_UNAVAILABLE: entry(1023, 503, 'no sequencer that leads was reached in time; nothing was sequenced', true),
  GATEWAY_OVERLOADED: entry(1024, 503, 'too many requests of this class are under way; see details.retryAfterMs', true),
  SEQUENCER_OVERLOADED: entry(1025, 503, 'the sequencer has too much to do; nothing was done', true),
  READ_MODEL_UNAVAILABLE: entry(1026, 503, 'the read model is away or being rebuilt; orders are taken meanwhile', true),
  PAUSED: entry(1027, 503, 'the operator has paused the exchange; nothing was sequenced', true),
  OUTCOME_UNKNOWN: entry(
    1028,
    503,
    'no answer in time, and it may be sequenced; send the same again, it is taken once',
    true,
  ),
  ALREADY_SEQUENCED: entry(
    1029,
    409,
    'an earlier try was sequenced, what it did is not known here; look the order up by its name',
  ),
  IDEMPOTENCY_KEY_REUSED: entry(1030, 422, 'this Idempotency-Key stood on another request; use a new one'),

  COMMAND_EXPIRED: entry(100, 422, 'expiresAfter had passed when the request was sequenced'),
  ACCOUNT_UNKNOWN: entry(
    101,
    404,
    'no such account; a deposit opens the main account of an address, a transfer its others',
  ),
  SIGNER_NOT_AUTHORIZED: entry(
    102,
    403,
    'details.signer is neither the account nor one of its agents; POST /v1/debug/verify explains a signature',
  ),
  AGENT_EXPIRED: entry(103, 403, 'the agent key has expired'),
  NONCE_TOO_OLD: entry(104, 422, 'the nonce is too old; use the time in milliseconds'),
  NONCE_TOO_NEW: entry(105, 422, 'the nonce is too far ahead; use the time in milliseconds'),
  NONCE_ALREADY_USED: entry(106, 409, 'the signer has used this nonce; if the first try had no answer, it was taken'),
  SUBACCOUNT_INVALID: entry(107, 422, 'no account may have this number, or not for this; 0 is the main account'),
  MARKET_UNKNOWN: entry(200, 404, 'no market has this symbol'),
  ORDER_FLAGS_CONFLICT: entry(201, 422, 'these order flags exclude each other'),
  PRICE_OUT_OF_RANGE: entry(202, 422, 'the price is negative, zero or above what the market takes'),
  SIZE_OUT_OF_RANGE: entry(203, 422, 'the size is negative, zero or above what the market takes'),
  NOTIONAL_TOO_SMALL: entry(204, 422, "price times size is below the market's minNotional; see GET /v1/markets"),
  CLIENT_ORDER_ID_INVALID: entry(205, 422, 'a client order id has at most 36 printable characters'),
  DISPLAY_SIZE_INVALID: entry(
    206,
    422,
    'the display size is above the size, below a hundredth of it, or worth less than the smallest order',
  ),
  EXPIRY_INVALID: entry(207, 422, 'a gtt order needs an expiresAt in the future; other orders have none'),
  TRIGGER_INVALID: entry(
    208,
    422,
    'stop and takeProfit need a triggerPrice, trailingStop a trail, other orders neither',
  ),
  ATTACHED_ORDER_INVALID: entry(
    209,
    422,
    'attached: takeProfitTrigger on the winning side, stopLossTrigger on the losing side, limits within the price band of them',
  ),
  SCHEDULE_INVALID: entry(210, 422, 'the orders or slices do not fit the size, the prices or the duration'),
  BATCH_SIZE_INVALID: entry(211, 422, 'a batch has 1 to 50 items'),
  GROUPING_INVALID: entry(
    212,
    422,
    'oneCancelsOther takes two orders of one market that rest or wait, without attached ones',
  ),
  PROTECTION_INVALID: entry(213, 422, 'a window has 1 ms to 24 h and a bound; no window has no bounds'),
  TIMEOUT_INVALID: entry(214, 422, 'the timeout is 0 or 1 second to 24 hours'),
  MARKET_NOT_OF_SUBACCOUNT: entry(215, 422, 'the account is isolated in another market'),
  LEVERAGE_INVALID: entry(216, 422, 'leverage is a whole number from 1 to what the market allows, or 0 for that'),
  MARKET_HALTED: entry(310, 422, 'the market is halted; orders can only be cancelled or made smaller'),
  MARKET_CANCEL_ONLY: entry(311, 422, 'the market takes no orders; they can only be cancelled or made smaller'),
  MARKET_POST_ONLY: entry(312, 422, 'the market takes post-only orders only'),
  MARKET_PRICE_UNAVAILABLE: entry(
    300,
    422,
    'this market, one where the account has a position, or collateral that it has is without a fresh price',
  ),
  ACCOUNT_IN_LIQUIDATION: entry(301, 422, 'the account is being liquidated'),
  MARKET_MAKER_PROTECTION_ACTIVE: entry(313, 422, 'market-maker protection stopped the account here until it is reset'),
  PRICE_OUTSIDE_BAND: entry(
    314,
    422,
    "the price is further from mark (a waiting order's: from its trigger) than the market's priceBand; see GET /v1/markets",
  ),
  TRIGGER_ALREADY_MET: entry(317, 422, 'the trigger is met by the mark price of now'),
  TOO_MANY_OPEN_ORDERS: entry(302, 422, 'the account has as many open orders as it may have'),
  REDUCE_ONLY_WOULD_INCREASE: entry(303, 422, 'a reduce-only order would open or increase the position'),
  POSITION_LIMIT_EXCEEDED: entry(304, 422, 'the position would be larger than the market allows'),
  OPEN_INTEREST_LIMIT_EXCEEDED: entry(315, 422, 'open interest would be larger than the market allows'),
  CONCENTRATION_LIMIT_EXCEEDED: entry(318, 422, "the owner's accounts would hold too large a part of open interest"),
  POST_ONLY_WOULD_CROSS: entry(305, 422, 'a post-only order would trade at once'),
  FILL_OR_KILL_UNFILLABLE: entry(316, 422, 'the book cannot fill all of it at once'),
  INSUFFICIENT_MARGIN: entry(306, 422, 'the account would be below its initial margin'),
  LEVERAGE_NOT_COVERED: entry(307, 422, 'the account would be below its initial margin at this leverage'),
  ORDER_UNKNOWN: entry(400, 404, 'no open order has this id or name in this market'),
  ORDER_NOT_YOURS: entry(401, 403, 'the order is of another account'),
  ORDER_NOT_AMENDABLE: entry(402, 422, 'a TWAP order cannot be amended; cancel it'),
  AMEND_SIZE_TOO_SMALL: entry(403, 422, 'the new size counts what has traded and must be larger'),
  AUCTION_UNKNOWN: entry(410, 404, 'no auction of this market had this id'),
  AUCTION_OVER: entry(411, 422, 'the auction is over, or others were faster'),
  AUCTION_IS_OWN: entry(412, 422, 'an owner cannot take the auction of one of its own accounts'),
  AUCTION_PRICE_WORSE: entry(413, 422, "the auction's price is not as good as asked for; it gets better with time"),
  LIQUIDATOR_NOT_REGISTERED: entry(414, 403, 'the account has not registered as a liquidator'),
  LIQUIDATOR_MARGIN_INSUFFICIENT: entry(415, 422, 'the liquidator would be below its initial margin or beyond a limit'),
  DEPOSIT_ALREADY_CREDITED: entry(500, 422, 'the deposit is credited'),
  DEPOSIT_OUT_OF_ORDER: entry(501, 422, 'deposits are credited in the order of the contract'),
  DEPOSIT_TOO_LARGE: entry(502, 422, 'the deposit is larger than an account may hold'),
  WITHDRAWAL_OUT_OF_RANGE: entry(510, 422, 'the amount is below the smallest one or above what an account may hold'),
  WITHDRAWAL_EXCEEDS_FREE_COLLATERAL: entry(511, 422, 'the account needs this collateral for its positions and orders'),
  ASSET_UNKNOWN: entry(520, 404, 'no collateral asset has this symbol'),
  TRANSFER_OUT_OF_RANGE: entry(521, 422, 'the amount is zero, less than opens an account, or more than one may hold'),
  TRANSFER_TO_ITSELF: entry(522, 422, 'a transfer goes to another account of the owner'),
  TRANSFER_EXCEEDS_FREE_COLLATERAL: entry(523, 422, 'the account needs this collateral for its positions and orders'),
  ACCOUNTS_PER_OWNER_EXCEEDED: entry(524, 422, 'the owner has as many accounts as it may have'),
  BACKSTOP_NOT_OFFERED: entry(525, 422, 'the market has no backstop vault'),
  AGENT_LIMIT_REACHED: entry(600, 422, 'the account has as many agents as it may have'),
  AGENT_NOT_APPROVED: entry(601, 422, 'the account has no such agent'),
  AGENT_NAME_INVALID: entry(603, 422, 'an agent name has at most 32 printable characters'),
  AGENT_IS_OWNER: entry(602, 422, 'an account cannot be its own agent'),
  MARKET_ALREADY_LISTED: entry(700, 422, 'the market is listed'),
  MARKET_SPEC_INVALID: entry(701, 422, 'the market specification does not hold together'),
  INDEX_PRICE_OUT_OF_RANGE: entry(710, 422, 'the index price is outside of what the market takes'),
  INDEX_PRICE_OUTDATED: entry(711, 422, 'the index price or one of its reports is older than the one before'),
  PRICE_REPORTS_MALFORMED: entry(713, 422, 'price reports are one of each feeder, in the order of their addresses'),
  PRICE_FEEDER_UNKNOWN: entry(714, 422, 'a report of somebody who is no price feeder'),
  PRICE_QUORUM_MISSING: entry(715, 422, 'too few fresh reports agree on a price'),
  PRICE_FEEDERS_INVALID: entry(
    716,
    422,
    'price feeders are at most 31, in the order of their addresses, with weights of 1 to 1000',
  ),
  COLLATERAL_ALREADY_LISTED: entry(717, 422, 'the collateral asset is listed'),
  COLLATERAL_SPEC_INVALID: entry(718, 422, 'the collateral specification does not hold together'),
  FEES_INSUFFICIENT: entry(719, 422, 'the exchange has not taken so much in fees'),
  BATCH_EMPTY: entry(720, 422, 'there is nothing to seal'),
  ENGINE_VERSION_NOT_NEXT: entry(721, 422, "the engine's rules go on by one version at a time"),
} as const satisfies Record<RejectName | DoorCode, ErrorEntry>;

/** Codes of the gateway itself. A request refused with one of them has not reached the log, the last two apart: of
 * OUTCOME_UNKNOWN nobody knows, and ALREADY_SEQUENCED has. */
type DoorCode =
  | 'BAD_JSON'
  | 'BAD_REQUEST'
  | 'UNKNOWN_FIELD'
  | 'NOT_A_DECIMAL'
  | 'NOT_CANONICAL_DECIMAL'
  | 'PRICE_OFF_TICK'
  | 'SIZE_OFF_LOT'
  | 'AMOUNT_OFF_GRID'
  | 'AMOUNT_OUT_OF_RANGE'
  | 'RECIPIENT_CANNOT_BE_PAID'
  | 'BAD_SIGNATURE'
  | 'NOT_FOUND'
  | 'CERTIFICATE_UNKNOWN'
  | 'METHOD_NOT_FOUND'
  | 'PAYLOAD_TOO_LARGE'
  | 'RATE_LIMITED'
  | 'BUDGET_EXHAUSTED'
  | 'FAUCET_OFF'
  | 'FAUCET_TOO_SOON'
  | 'FAUCET_BUSY'
  | 'FAUCET_FAILED'
  | 'TOO_MANY_SUBSCRIPTIONS'
  | 'INTERNAL'
  | 'SEQUENCER_UNAVAILABLE'
  | 'GATEWAY_OVERLOADED'
  | 'SEQUENCER_OVERLOADED'
  | 'READ_MODEL_UNAVAILABLE'
  | 'PAUSED'
  | 'OUTCOME_UNKNOWN'
  | 'ALREADY_SEQUENCED'
  | 'IDEMPOTENCY_KEY_REUSED';

export type ErrorCode = keyof typeof ERRORS;
export const ERROR_CODES = Object.keys(ERRORS) as ErrorCode[];

/** What a customer is told over WebSocket, and of an item of a batch; facts are in `details`, not in prose. */
export interface ErrorBody {
  readonly code: ErrorCode;
  readonly number: number;
  readonly message: string;
  readonly details: Readonly<Record<string, unknown>>;
  readonly retryable: boolean;
}

/** The same as an answer over HTTP: problem details as RFC 9457 has them. */
export interface ProblemBody {
  /** Names the code; there is nothing to be fetched under it. */
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: ErrorCode;
  readonly number: number;
  readonly detail: string;
  readonly retryable: boolean;
  readonly details: Readonly<Record<string, unknown>>;
  readonly requestId: string;
}

export const PROBLEM_TYPE = 'application/problem+json';

/** A refusal on its way to the customer. Thrown at the door only; no fault of ours is ever one, INTERNAL apart. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly code: ErrorCode;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(code: ErrorCode, details: Readonly<Record<string, unknown>> = {}, options?: ErrorOptions) {
    super(ERRORS[code].message, options);
    this.code = code;
    this.details = details;
  }

  get status(): number {
    return ERRORS[this.code].status;
  }

  body(): ErrorBody {
    const { number, message, retryable } = ERRORS[this.code];
    return { code: this.code, number, message, retryable, details: this.details };
  }

  problem(requestId: string): ProblemBody {
    const { number, status, message, retryable } = ERRORS[this.code];
    const { code, details } = this;
    const type = `urn:keel:error:${code}`;
    return {
      type,
      title: message,
      status,
      code,
      number,
      detail: detailOf(message, details),
      retryable,
      details,
      requestId,
    };
  }
}

/** The title, and where and what exactly, if that is known; then nobody has to be sent to the path. */
function detailOf(title: string, { path, fault }: Readonly<Record<string, unknown>>): string {
  const known = typeof path === 'string' && path !== '';
  const what = typeof fault === 'string' ? `: ${fault}` : '';
  return known ? `${title.replace('; see details.path', '')} (${path})${what}` : `${title}${what}`;
}

function entry(number: number, status: number, message: string, retryable = false): ErrorEntry {
  return { number, status, message, retryable };
}
