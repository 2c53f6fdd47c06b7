import type { Address, PriceReport, PriceTicks, SetPriceFeeders, TimeMs } from '@keel/types';

const FEEDER: Address = `0x${'fe'.repeat(20)}`;
const UNSIGNED = `0x${'00'.repeat(65)}` as const;

/** For an engine without a sequencer before it, which would check signatures: one feeder, whose word is the price. */
export const ONE_FEEDER: SetPriceFeeders = { kind: 'setPriceFeeders', feeders: [{ feeder: FEEDER, weight: 1 }] };

/** The one report of an index update. `reportSequence` must grow; the publish time serves where one is enough. */
export function reportOf(
  priceTicks: PriceTicks,
  publishTimeMs: TimeMs,
  reportSequence: number = publishTimeMs,
): readonly [PriceReport] {
  return [{ feeder: FEEDER, priceTicks, perpTicks: 0, publishTimeMs, reportSequence, signature: UNSIGNED }];
}
