import type { ItemFault } from '@keel/hyperliquid';
import type { OrderCloseReason } from '@keel/types';
import { ERRORS, type ErrorCode } from '../../errors.ts';

/**
 * Our refusals in the words that clients of Hyperliquid look for; they tell errors apart by these texts. What has no twin there is
 * told in our own words, with our code in brackets.
 */
const TEXTS: Readonly<Partial<Record<ErrorCode | ItemFault, string>>> = {
  PRICE_OFF_TICK: 'Price must be divisible by tick size. It is tickSize in GET /v1/markets.',
  PRICE_OUT_OF_RANGE: 'Order has invalid price.',
  PRICE_OUTSIDE_BAND:
    'Order price cannot be more than 80% away from the reference price; this market allows less: priceBand in GET /v1/markets.',
  SIZE_OFF_LOT: 'Order has invalid size: more decimals than szDecimals.',
  SIZE_OUT_OF_RANGE: 'Order has invalid size.',
  SIZE_ZERO: 'Order has zero size.',
  NOTIONAL_TOO_SMALL: 'Order must have minimum value of $10.',
  TRIGGER_INVALID: 'Invalid TP/SL price.',
  TRIGGER_ALREADY_MET: 'Invalid TP/SL price.',
  ATTACHED_ORDER_INVALID: 'Invalid TP/SL price.',
  REDUCE_ONLY_WOULD_INCREASE: 'Reduce only order would increase position.',
  POST_ONLY_WOULD_CROSS: 'Post only order would have immediately matched, at a price of the book.',
  INSUFFICIENT_MARGIN: 'Insufficient margin to place order.',
  LEVERAGE_NOT_COVERED: 'Insufficient margin to place order.',
  LEVERAGE_INVALID: 'Invalid leverage value',
  OPEN_INTEREST_LIMIT_EXCEEDED: 'Order would increase open interest while open interest is capped.',
  POSITION_LIMIT_EXCEEDED: 'Order would exceed maximum position size.',
  MARKET_HALTED: 'Trading is halted.',
  TOO_MANY_OPEN_ORDERS: 'Too many open orders.',
  ORDER_UNKNOWN: 'Order was never placed, already canceled, or filled.',
  ORDER_NOT_YOURS: 'Order was never placed, already canceled, or filled.',
  AMENDS_OTHER_TERMS:
    'Of several orders in one batchModify only price and size can change here; modify this one by itself, or cancel it.',
  PAIR_REFUSED: 'Refused with the other order of its group.',
  BUDGET_EXHAUSTED: 'Too many cumulative requests sent',
  RATE_LIMITED: 'Too many requests.',
  NONCE_ALREADY_USED: 'Invalid nonce: duplicate nonce.',
  NONCE_TOO_OLD: 'Invalid nonce: too low, use the time in milliseconds.',
  NONCE_TOO_NEW: 'Invalid nonce: too far ahead, use the time in milliseconds.',
  COMMAND_EXPIRED: 'Action expired: expiresAfter had passed when it was sequenced.',
};

/** Why an order that was taken did not trade at all and is over. */
const CLOSED: Readonly<Partial<Record<OrderCloseReason, string>>> = {
  immediateRemainder: 'Order could not immediately match against any resting orders.',
  selfTrade: 'Order would have traded with an order of the same account.',
  linkedOrder: 'Order was canceled by the order it is linked with.',
  marginInsufficient: 'Insufficient margin to place order.',
};

/** What a client of this surface is told of a refusal. */
export function errorText(code: ErrorCode | ItemFault): string {
  return TEXTS[code] ?? (code in ERRORS ? `${ERRORS[code as ErrorCode].message} [${code}]` : code);
}

/** What it is told of an order that ended as it came, without a trade. */
export function closedText(reason: string | null): string {
  return CLOSED[reason as OrderCloseReason] ?? `Order was canceled [${reason}]`;
}
