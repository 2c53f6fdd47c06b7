import type { MarketStatus, PriceTicks } from '@keel/types';
import { createRandom } from './createRandom.ts';
import type { PriceSource } from './priceSource.ts';

/** USD at the first start of a market that the exchange has no index for yet. */
const START_PRICES_USD: Readonly<Record<string, number>> = { 'BTC-USD': 60_000, 'ETH-USD': 3_000, 'SOL-USD': 150 };
const START_PRICE_USD_OTHER = 100;

/** The time in which a regime's drift and noise are stated. */
const STEP_MS = 500;
/** Part of the log distance to the anchor that is taken back per step, so that a price never wanders off for good. */
const PULL_PER_STEP = 0.000_5;
/** A source that was not asked for a while does not make up for it in one leap. */
const PASSED_MS_MAX = 5_000;

interface Regime {
  readonly name: string;
  /** Chance weight among the regimes. */
  readonly weight: number;
  /** Log return per step, without sign, and its noise. */
  readonly drift: number;
  readonly noise: number;
  readonly stepsMin: number;
  readonly stepsMax: number;
}

/**
 * A trend moves about 3 to 6 %, a shock about 2 to 6 % within 6 s: an account at 20x, whose maintenance margin is 3 %
 * away, meets one of them within a minute or two.
 */
const REGIMES: readonly Regime[] = [
  { name: 'calm', weight: 40, drift: 0, noise: 0.000_25, stepsMin: 20, stepsMax: 60 },
  { name: 'trend', weight: 38, drift: 0.000_55, noise: 0.000_4, stepsMin: 40, stepsMax: 90 },
  { name: 'storm', weight: 8, drift: 0, noise: 0.002, stepsMin: 20, stepsMax: 40 },
  { name: 'shock', weight: 11, drift: 0.004_5, noise: 0.001_5, stepsMin: 5, stepsMax: 12 },
];
const TOTAL_WEIGHT = REGIMES.reduce((sum, regime) => sum + regime.weight, 0);

/**
 * A random walk of log returns with changing regimes, pulled softly towards where it began. It begins at the exchange's
 * index, so that a restart goes on where it stopped, or at a start price of its own when there is none.
 */
export function createSimulation(
  market: MarketStatus,
  options: { readonly seed: number; readonly volatility: number },
): PriceSource {
  const random = createRandom(options.seed, market.symbol);
  const anchorTicks = market.indexTicks > 0 ? market.indexTicks : startTicks(market);
  let ticks = anchorTicks;
  let regime = REGIMES[0] as Regime;
  let direction = 1;
  let remainingSteps = 0;

  const enterRegime = (): void => {
    regime = pickRegime(random() * TOTAL_WEIGHT);
    direction = random() < 0.5 ? -1 : 1;
    remainingSteps = regime.stepsMin + random() * (regime.stepsMax - regime.stepsMin);
  };

  return {
    advance(passedMs) {
      const steps = Math.min(passedMs, PASSED_MS_MAX) / STEP_MS;
      if (remainingSteps <= 0) enterRegime();
      remainingSteps -= steps;
      const pull = Math.log(anchorTicks / ticks) * PULL_PER_STEP * steps;
      const drift = direction * regime.drift * steps;
      const noise = gaussian(random) * regime.noise * Math.sqrt(steps);
      ticks = clampTicks(Math.round(ticks * Math.exp(pull + (drift + noise) * options.volatility)), market);
      return [ticks];
    },
    progress: () => ({ source: 'simulation', regime: regime.name }),
  };
}

/** `point` in [0, TOTAL_WEIGHT) falls on a regime as often as its weight says. */
function pickRegime(point: number): Regime {
  let weightBefore = 0;
  const found = REGIMES.find((candidate) => {
    weightBefore += candidate.weight;
    return point < weightBefore;
  });
  return found ?? (REGIMES[0] as Regime);
}

function startTicks(market: MarketStatus): PriceTicks {
  const usd = START_PRICES_USD[market.symbol] ?? START_PRICE_USD_OTHER;
  return clampTicks(Math.round(usd * 10 ** market.priceDecimals), market);
}

function clampTicks(ticks: number, market: MarketStatus): PriceTicks {
  return Math.max(1, Math.min(market.maxPriceTicks, ticks));
}

/** Sum of twelve uniform numbers: mean 0, deviation 1, and never beyond 6, so that one step has a bound. */
function gaussian(random: () => number): number {
  let sum = -6;
  for (let index = 0; index < 12; index += 1) sum += random();
  return sum;
}
