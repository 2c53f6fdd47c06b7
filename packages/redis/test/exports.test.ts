import { expect, test } from 'vitest';
import * as redis from '../src/index.ts';

test('the door of the package: these names and no others', () => {
  expect(Object.keys(redis).toSorted()).toMatchInlineSnapshot(`
    [
      "BATCHES_MAX",
      "BOOK_DEPTH_MAX",
      "CANDLES_PER_MARKET_MAX",
      "CANDLE_INTERVALS",
      "CANDLE_INTERVAL_MS",
      "CERTIFICATES_MAX",
      "CERTIFICATES_PER_ANSWER_MAX",
      "CLOSED_ORDERS_MAX",
      "CLOSED_ORDERS_PER_ACCOUNT_MAX",
      "EVENTS_MAX",
      "FILLS_PER_ACCOUNT_MAX",
      "FUNDING_PAYMENTS_PER_ACCOUNT_MAX",
      "FUNDING_RATES_PER_MARKET_MAX",
      "LEDGER_PER_ACCOUNT_MAX",
      "LIQUIDATIONS_MAX",
      "LIQUIDATIONS_PER_ACCOUNT_MAX",
      "MARGIN_EVENTS_PER_ACCOUNT_MAX",
      "NO_HISTORY",
      "RESUME_STAGES",
      "ReadModelUnavailable",
      "RedisUnfit",
      "RedisUnreachable",
      "SETTLEMENT_EVENTS_MAX",
      "SETTLEMENT_LIMIT_MAX",
      "TRADES_PER_MARKET_MAX",
      "WITHDRAWALS_MAX",
      "accountsOfLiquidation",
      "createRedis",
      "deleverageQuintile",
      "deleverageScore",
      "emptyStateDiff",
      "openEventStream",
      "openReadModel",
      "openReadModelWriter",
      "openSettlementWriter",
    ]
  `);
});
