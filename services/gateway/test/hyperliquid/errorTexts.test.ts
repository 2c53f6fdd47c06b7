import { expect, test } from 'vitest';
import { ERROR_CODES, ERRORS, type ErrorCode } from '../../src/errors.ts';
import { closedText, errorText } from '../../src/hyperliquid/exchange/errorTexts.ts';

/** Refusals that clients tell apart by their texts, ccxt by these very words; a text may go on behind them. */
const KNOWN_TO_CLIENTS = [
  ['PRICE_OFF_TICK', 'Price must be divisible by tick size.'],
  ['NOTIONAL_TOO_SMALL', 'Order must have minimum value of $10'],
  ['INSUFFICIENT_MARGIN', 'Insufficient margin to place order.'],
  ['LEVERAGE_NOT_COVERED', 'Insufficient margin to place order.'],
  ['REDUCE_ONLY_WOULD_INCREASE', 'Reduce only order would increase position.'],
  ['POST_ONLY_WOULD_CROSS', 'Post only order would have immediately matched,'],
  ['TRIGGER_INVALID', 'Invalid TP/SL price.'],
  ['TRIGGER_ALREADY_MET', 'Invalid TP/SL price.'],
  ['ATTACHED_ORDER_INVALID', 'Invalid TP/SL price.'],
  ['ORDER_UNKNOWN', 'Order was never placed, already canceled, or filled.'],
  ['ORDER_NOT_YOURS', 'Order was never placed, already canceled, or filled.'],
  ['SIZE_OFF_LOT', 'Order has invalid size'],
  ['SIZE_OUT_OF_RANGE', 'Order has invalid size'],
  ['SIZE_ZERO', 'Order has zero size.'],
  ['PRICE_OUTSIDE_BAND', 'Order price cannot be more than 80% away from the reference price'],
  ['BUDGET_EXHAUSTED', 'Too many cumulative requests sent'],
] as const;

/** Told in words that no client looks for, but that stand for themselves. */
const TOLD_IN_OTHER_WORDS: readonly ErrorCode[] = [
  'COMMAND_EXPIRED',
  'LEVERAGE_INVALID',
  'MARKET_HALTED',
  'NONCE_ALREADY_USED',
  'NONCE_TOO_NEW',
  'NONCE_TOO_OLD',
  'OPEN_INTEREST_LIMIT_EXCEEDED',
  'POSITION_LIMIT_EXCEEDED',
  'PRICE_OUT_OF_RANGE',
  'RATE_LIMITED',
  'TOO_MANY_OPEN_ORDERS',
];

test.each(KNOWN_TO_CLIENTS)('%s begins with what clients look for', (code, text) => {
  expect(errorText(code).startsWith(text)).toBe(true);
});

test('every other code of the catalogue is told with its own message and the code', () => {
  const known: readonly string[] = [...KNOWN_TO_CLIENTS.map(([code]) => code), ...TOLD_IN_OTHER_WORDS];
  const texts = ERROR_CODES.filter((code) => !known.includes(code)).map((code) => [code, errorText(code)]);
  expect(texts).toEqual(texts.map(([code]) => [code, `${ERRORS[code as ErrorCode].message} [${code}]`]));
  for (const code of TOLD_IN_OTHER_WORDS) expect(errorText(code)).not.toContain(`[${code}]`);
});

test('what ended as it came says why', () => {
  expect(closedText('immediateRemainder')).toBe('Order could not immediately match against any resting orders.');
  expect(closedText('expired')).toBe('Order was canceled [expired]');
});
