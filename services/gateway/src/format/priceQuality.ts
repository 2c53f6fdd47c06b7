import type { TimeMs } from '@keel/types';
import type { MarketAnswer } from '../wire/answers.ts';

/** An agreed price that is older than this is called lost. */
const PRICE_LOST_MS = 30_000;

export interface AgreedPrice {
  /** 0 = none was agreed yet, or not since the feeders changed. */
  readonly priceTimeMs: TimeMs;
  /** A price beyond the circuit band that waits to be believed; 0 = none. */
  readonly jumpTicks: number;
  readonly staleMs: TimeMs;
}

/** As the engine judges it at `timeMs`, from the documents. */
export function priceQuality(
  { priceTimeMs, jumpTicks, staleMs }: AgreedPrice,
  timeMs: TimeMs,
): MarketAnswer['priceQuality'] {
  if (priceTimeMs === 0) return 'noQuorum';
  if (jumpTicks > 0) return 'outOfBand';
  const ageMs = timeMs - priceTimeMs;
  if (ageMs <= staleMs) return 'fresh';
  return ageMs > Math.max(PRICE_LOST_MS, staleMs) ? 'stale30' : 'stale5';
}
