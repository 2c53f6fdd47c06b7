import { addressOfKey, keelDomain, type PriceFeed, signPriceReport } from '@keel/signing';
import { type Address, type Command, type Hex, type PriceFeeder, type PriceReport, toMarketId } from '@keel/types';

export const SETTLEMENT = `0x${'5e'.repeat(20)}` as const;
export const DOMAIN = keelDomain(31_337, SETTLEMENT);
export const BTC: PriceFeed = { name: 'BTC-USD', priceDecimals: 1 };

const KEYS: readonly Hex[] = [1, 2, 3, 4].map((digit) => `0x${String(digit).repeat(64)}` as const);
const keyOf = new Map<Address, Hex>(KEYS.map((key) => [addressOfKey(key), key]));
/** Four of equal weight: three make a quorum. */
export const FEEDERS: readonly PriceFeeder[] = [...keyOf.keys()].sort().map((feeder) => ({ feeder, weight: 1 }));

let lastSequence = 0;

/** What a feeder says, signed by it; for another feed if one is named. */
export function reportOf(feeder: Address, priceTicks: number, publishTimeMs: number, feed = BTC): PriceReport {
  lastSequence += 1;
  const figures = { priceTicks, perpTicks: 0, publishTimeMs, reportSequence: Date.now() * 1_000 + lastSequence };
  return { feeder, ...figures, signature: signPriceReport(DOMAIN, feed, figures, keyOf.get(feeder) as Hex) };
}

/** All feeders, or those given, say the same of BTC-USD. */
export function btcIndex(priceTicks: number, publishTimeMs = Date.now(), feeders = FEEDERS): Command {
  const reports = feeders.map(({ feeder }) => reportOf(feeder, priceTicks, publishTimeMs));
  return { kind: 'updateIndexPrice', marketId: toMarketId(1), reports };
}
