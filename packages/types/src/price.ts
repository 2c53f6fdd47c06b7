import type { Address, Hex } from './ids.ts';
import type { PriceTicks, TimeMs } from './units.ts';

/** One of those whose reports make a price. */
export interface PriceFeeder {
  readonly feeder: Address;
  /** Counts in the weighted median; 1 to 1,000. The quorum counts heads. */
  readonly weight: number;
}

/**
 * What one feeder says of one price. The signature is over (domain, feed, price, perp price, time, sequence) with the
 * feeder's key; the sequencer has checked it, and it stays in the log so that anybody can.
 */
export interface PriceReport {
  /** Recovered from the signature. */
  readonly feeder: Address;
  readonly priceTicks: PriceTicks;
  /** Middle of perpetual futures elsewhere; 0 = not fed. */
  readonly perpTicks: PriceTicks | 0;
  readonly publishTimeMs: TimeMs;
  /** Counts up with each report of the feeder for this feed. */
  readonly reportSequence: number;
  /** 65 bytes r, s, v. */
  readonly signature: Hex;
}
