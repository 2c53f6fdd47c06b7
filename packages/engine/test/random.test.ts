import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Auditor } from './auditor.ts';
import { steps } from './randomStep.ts';
import { runSteps } from './randomTrading.ts';

/** What the plans must have met; without these the property would not have been about it. */
const MUST_BE_SEEN = `
  orderFilled, liquidationStarted, positionCloseOut, positionDeleveraged, insurancePaid, liquidation ended at zero,
  fill of a close-out, fill of a TWAP order, fill of an iceberg, orderReplenished, orderDuplicated, trimmed,
  accepted limit gtc, accepted limit gtt, accepted limit ioc, accepted limit fok, accepted limit postOnly,
  accepted limit postOnlySlide, accepted market ioc, accepted market fok, accepted iceberg, accepted with attached,
  accepted stop, accepted takeProfit, accepted trailingStop, fired stop, fired takeProfit, fired trailingStop,
  fired ioc, fired gtt, fired fok, fired postOnlySlide,
  attached order created, attached order grown, attached order met at once,
  self-trade expireMaker, self-trade expireBoth, self-trade decrement,
  amended while waiting, amended in place, amended and moved, batchItem, slice tried, slice refused, twapStarted,
  closed filled, closed cancelledByOwner, closed immediateRemainder, closed selfTrade, closed reduceOnlyNothingLeft,
  closed marginInsufficient, closed liquidation, closed expired, closed replaced,
  closed linkedOrder, closed cancelAllAfter, closed marketMakerProtection, closed triggerRefused, closed twapEnded,
  cancelAllAfterSet, cancelAllAfterFired, marketMakerProtectionSet, marketMakerProtectionFired,
  marketMakerProtectionReset, tradingStatusChanged,
  commandRejected FILL_OR_KILL_UNFILLABLE, commandRejected OPEN_INTEREST_LIMIT_EXCEEDED, commandRejected MARKET_HALTED,
  commandRejected PRICE_OUTSIDE_BAND, commandRejected TRIGGER_ALREADY_MET, commandRejected MARKET_CANCEL_ONLY,
  commandRejected MARKET_POST_ONLY, commandRejected MARKET_MAKER_PROTECTION_ACTIVE, orderClosed INSUFFICIENT_MARGIN,
  orderClosed PRICE_OUTSIDE_BAND, twapSlice INSUFFICIENT_MARGIN, twapSlice REDUCE_ONLY_WOULD_INCREASE,
  batchItem ORDER_UNKNOWN, batchItem INSUFFICIENT_MARGIN,
  transferred, safetyFunded, collateralPriceUpdated, collateralConverted, debt paid in part, debt paid with collateral,
  commandRejected TRANSFER_EXCEEDS_FREE_COLLATERAL, commandRejected TRANSFER_TO_ITSELF, commandRejected FEES_INSUFFICIENT`;

/** The seed is printed on failure: KEEL_TEST_SEED=n runs it again, KEEL_TEST_SHRINK=1 also looks for the shortest plan. */
test('whatever traders and prices do, the auditor agrees after every command', () => {
  const seen = new Map<string, number>();
  fc.assert(
    fc.property(steps(500), (plan) => {
      const auditor = new Auditor();
      runSteps(plan, auditor);
      for (const [name, count] of auditor.seen) seen.set(name, (seen.get(name) ?? 0) + count);
    }),
    {
      numRuns: 60,
      seed: Number(process.env.KEEL_TEST_SEED ?? 20_261),
      endOnFailure: process.env.KEEL_TEST_SHRINK === undefined,
    },
  );
  console.info('seen by the auditor:', JSON.stringify(Object.fromEntries(seen)));
  for (const name of MUST_BE_SEEN.split(',')) {
    expect(seen.get(name.trim()) ?? 0, name).toBeGreaterThan(0);
  }
}, 120_000);
