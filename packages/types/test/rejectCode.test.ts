import { expect, test } from 'vitest';
import { REJECT_CODES, rejectName } from '../src/index.ts';

test('codes are frozen, ascending and unique', () => {
  const numbers = Object.values(REJECT_CODES);
  expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b));
  for (const [name, code] of Object.entries(REJECT_CODES)) expect(rejectName(code)).toBe(name);
  expect(rejectName(1)).toBeUndefined();
  expect(REJECT_CODES).toMatchInlineSnapshot(`
    {
      "ACCOUNT_IN_LIQUIDATION": 301,
      "ACCOUNT_UNKNOWN": 101,
      "AGENT_EXPIRED": 103,
      "AGENT_IS_OWNER": 602,
      "AGENT_LIMIT_REACHED": 600,
      "AGENT_NAME_INVALID": 603,
      "AGENT_NOT_APPROVED": 601,
      "BATCH_EMPTY": 720,
      "CLIENT_ORDER_ID_INVALID": 205,
      "COMMAND_EXPIRED": 100,
      "DEPOSIT_ALREADY_CREDITED": 500,
      "DEPOSIT_OUT_OF_ORDER": 501,
      "DEPOSIT_TOO_LARGE": 502,
      "INDEX_PRICE_JUMP": 712,
      "INDEX_PRICE_OUTDATED": 711,
      "INDEX_PRICE_OUT_OF_RANGE": 710,
      "INSUFFICIENT_MARGIN": 306,
      "MARKET_ALREADY_LISTED": 700,
      "MARKET_PRICE_UNAVAILABLE": 300,
      "MARKET_SPEC_INVALID": 701,
      "MARKET_UNKNOWN": 200,
      "NONCE_ALREADY_USED": 106,
      "NONCE_TOO_NEW": 105,
      "NONCE_TOO_OLD": 104,
      "NOTIONAL_TOO_SMALL": 204,
      "ORDER_FLAGS_CONFLICT": 201,
      "ORDER_NOT_YOURS": 401,
      "ORDER_UNKNOWN": 400,
      "POSITION_LIMIT_EXCEEDED": 304,
      "POST_ONLY_WOULD_CROSS": 305,
      "PRICE_OUT_OF_RANGE": 202,
      "REDUCE_ONLY_WOULD_INCREASE": 303,
      "SIGNER_NOT_AUTHORIZED": 102,
      "SIZE_OUT_OF_RANGE": 203,
      "TOO_MANY_OPEN_ORDERS": 302,
      "WITHDRAWAL_EXCEEDS_FREE_COLLATERAL": 511,
      "WITHDRAWAL_OUT_OF_RANGE": 510,
    }
  `);
});
