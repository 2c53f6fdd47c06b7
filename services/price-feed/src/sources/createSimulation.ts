import { PPM, type Ppm } from '@keel/types';
import { createRandom } from './createRandom.ts';
import type { Feed, PriceSource } from './priceSource.ts';

/** USD where the exchange has no price yet, by market or collateral asset. */
const START_PRICES_USD: Readonly<Record<string, number>> = { 'BTC-USD': 60_000, 'ETH-USD': 3_000, 'SOL-USD': 150 };
const START_PRICE_USD_OTHER = 100;
/** A wrapped coin walks as the market of the coin does. */
const WALKS_AS: Readonly<Record<string, string>> = { 'collateral:WETH': 'ETH-USD', 'collateral:WBTC': 'BTC-USD' };

/** The time in which a regime's drift and noise are stated. */
const STEP_MS = 500;
/** Part of the log distance to the anchor that is taken back per step, so that a price never wanders off for good. */
const PULL_PER_STEP = 0.000_5;
/** Nothing is simulated below this. */
const PRICE_USD_MIN = 0.000_001;

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
 * A random walk of log returns with changing regimes, pulled softly towards where it began: the exchange's price, so that
 * a restart goes on where it stopped, or a start price of its own. Seed, feed, start and play time make the true path;
 * `noiseSeed` only the small error with which this feeder sees it.
 */
export function createSimulation(options: {
  readonly seed: number;
  readonly volatility: number;
  readonly noiseSeed: number;
  readonly noisePpm: Ppm;
}): PriceSource {
  const walks = new Map<string, Walk>();
  return {
    name: 'simulation',
    observe(feed, { nowMs, toMs }) {
      const trueUsd = walkOf(feed, toMs).priceAt(toMs);
      // Of the moment and not of a stream: a feeder that was asked less often errs no differently.
      const error = (gaussian(createRandom(options.noiseSeed ^ toMs, feed.name)) * options.noisePpm) / PPM;
      return { pricesUsd: [trueUsd * (1 + error)], perpUsd: 0, timeMs: nowMs };
    },
    progress: (feed, { toMs }) => ({ source: 'simulation', regime: walkOf(feed, toMs).regime }),
    close: () => undefined,
  };

  /** Begun anew when the collector was: play time then runs from 0 again, or from another price. */
  function walkOf(feed: Feed, playedMs: number): Walk {
    const known = walks.get(feed.name);
    if (known?.startUsd === feed.startUsd && playedMs >= known.playedMs) return known;
    const walk = createWalk(feed, options);
    walks.set(feed.name, walk);
    return walk;
  }
}

interface Walk {
  readonly startUsd: number;
  /** It does not go back before this. */
  readonly playedMs: number;
  readonly regime: string;
  priceAt(playedMs: number): number;
}

/** The true path of one feed, in steps with straight lines between. */
function createWalk(feed: Feed, options: { readonly seed: number; readonly volatility: number }): Walk {
  const name = WALKS_AS[feed.name] ?? feed.name;
  const random = createRandom(options.seed, name);
  const anchorUsd = feed.startUsd > 0 ? feed.startUsd : (START_PRICES_USD[name] ?? START_PRICE_USD_OTHER);
  let step = 0;
  let hereUsd = anchorUsd;
  let regime = REGIMES[0] as Regime;
  let direction = 1;
  let remainingSteps = 0;
  let nextUsd = nextPrice(anchorUsd);

  return {
    startUsd: feed.startUsd,
    get playedMs() {
      return step * STEP_MS;
    },
    get regime() {
      return regime.name;
    },
    priceAt(playedMs) {
      const target = Math.floor(playedMs / STEP_MS);
      for (; step < target; step += 1) {
        hereUsd = nextUsd;
        nextUsd = nextPrice(nextUsd);
      }
      return hereUsd + (nextUsd - hereUsd) * (playedMs / STEP_MS - step);
    },
  };

  function nextPrice(from: number): number {
    if (remainingSteps <= 0) enterRegime();
    remainingSteps -= 1;
    const pull = Math.log(anchorUsd / from) * PULL_PER_STEP;
    const move = direction * regime.drift + gaussian(random) * regime.noise;
    return Math.max(PRICE_USD_MIN, from * Math.exp(pull + move * options.volatility));
  }

  function enterRegime(): void {
    regime = pickRegime(random() * TOTAL_WEIGHT);
    direction = random() < 0.5 ? -1 : 1;
    remainingSteps = regime.stepsMin + random() * (regime.stepsMax - regime.stepsMin);
  }
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

/** Sum of twelve uniform numbers: mean 0, deviation 1, and never beyond 6, so that one step has a bound. */
function gaussian(random: () => number): number {
  let sum = -6;
  for (let index = 0; index < 12; index += 1) sum += random();
  return sum;
}
