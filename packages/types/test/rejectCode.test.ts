import { expect, test } from 'vitest';
import { REJECT_CODES, rejectName } from '../src/index.ts';

test('codes are frozen and unique, and groups of a hundred come one after the other', () => {
  const numbers = Object.values(REJECT_CODES);
  expect(new Set(numbers).size).toBe(numbers.length);
  const groups = numbers.map((code) => Math.trunc(code / 100));
  expect(groups).toEqual([...groups].sort((a, b) => a - b));
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
      "AMEND_SIZE_TOO_SMALL": 403,
      "ATTACHED_ORDER_INVALID": 209,
      "BATCH_EMPTY": 720,
      "BATCH_SIZE_INVALID": 211,
      "CLIENT_ORDER_ID_INVALID": 205,
      "COMMAND_EXPIRED": 100,
      "DEPOSIT_ALREADY_CREDITED": 500,
      "DEPOSIT_OUT_OF_ORDER": 501,
      "DEPOSIT_TOO_LARGE": 502,
      "DISPLAY_SIZE_INVALID": 206,
      "EXPIRY_INVALID": 207,
      "FILL_OR_KILL_UNFILLABLE": 316,
      "GROUPING_INVALID": 212,
      "INDEX_PRICE_JUMP": 712,
      "INDEX_PRICE_OUTDATED": 711,
      "INDEX_PRICE_OUT_OF_RANGE": 710,
      "INSUFFICIENT_MARGIN": 306,
      "MARKET_ALREADY_LISTED": 700,
      "MARKET_CANCEL_ONLY": 311,
      "MARKET_HALTED": 310,
      "MARKET_MAKER_PROTECTION_ACTIVE": 313,
      "MARKET_POST_ONLY": 312,
      "MARKET_PRICE_UNAVAILABLE": 300,
      "MARKET_SPEC_INVALID": 701,
      "MARKET_UNKNOWN": 200,
      "NONCE_ALREADY_USED": 106,
      "NONCE_TOO_NEW": 105,
      "NONCE_TOO_OLD": 104,
      "NOTIONAL_TOO_SMALL": 204,
      "OPEN_INTEREST_LIMIT_EXCEEDED": 315,
      "ORDER_FLAGS_CONFLICT": 201,
      "ORDER_NOT_AMENDABLE": 402,
      "ORDER_NOT_YOURS": 401,
      "ORDER_UNKNOWN": 400,
      "POSITION_LIMIT_EXCEEDED": 304,
      "POST_ONLY_WOULD_CROSS": 305,
      "PRICE_OUTSIDE_BAND": 314,
      "PRICE_OUT_OF_RANGE": 202,
      "PROTECTION_INVALID": 213,
      "REDUCE_ONLY_WOULD_INCREASE": 303,
      "SCHEDULE_INVALID": 210,
      "SIGNER_NOT_AUTHORIZED": 102,
      "SIZE_OUT_OF_RANGE": 203,
      "TIMEOUT_INVALID": 214,
      "TOO_MANY_OPEN_ORDERS": 302,
      "TRIGGER_ALREADY_MET": 317,
      "TRIGGER_INVALID": 208,
      "WITHDRAWAL_EXCEEDS_FREE_COLLATERAL": 511,
      "WITHDRAWAL_OUT_OF_RANGE": 510,
    }
  `);
});
