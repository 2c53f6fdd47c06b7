import { assertInvariants, equityOf } from '@keel/engine';
import type { PriceTicks, QuoteAtoms, TimeMs } from '@keel/types';
import { liquidator } from './liquidator.ts';
import { depthPartPpm, MarketMakers, MOVE_MS } from './marketMakers.ts';
import { endMsOf, factorAt, type PricePath, ticksAt } from './pricePath.ts';
import { Tally } from './tally.ts';
import type { Venue } from './venue.ts';

export interface ShockRun {
  readonly tally: Tally;
  /** Traders with a position at the beginning. */
  readonly accountsAtRisk: number;
  /** What the vaults of all markets lost since the beginning, at mark; below 0 = gained. And the most they may. */
  readonly backstopLossAtoms: bigint;
  readonly backstopCapAtoms: bigint;
  /** From the beginning until nobody was below maintenance any more; 0 = nobody ever was, undefined = somebody still is. */
  readonly calmAfterMs: TimeMs | undefined;
}

const STEP_MS = 1_000;
/** When a run is given up: so long after the path's end. */
const PATIENCE_MS = 15 * 60_000;

/**
 * Plays a path on a venue, a step a second: prices move, makers quote anew, the liquidator looks at the auctions. Ends when
 * the path is over and nobody is below maintenance. The invariants of the whole exchange are checked at the end.
 */
export function runShock(venue: Venue, path: PricePath, depthAtoms: QuoteAtoms): ShockRun {
  const { state } = venue;
  const tally = new Tally(state);
  venue.listen = tally.add;
  const startTicks = state.markets.map(({ indexTicks }) => indexTicks);
  const collateralTicks = state.collaterals.map(({ priceTicks }) => priceTicks);
  const makers = new MarketMakers(venue, depthAtoms);
  const accountsAtRisk = state.accounts.filter(({ holdings, backstopOf }) => {
    return backstopOf === undefined && holdings.some(({ sizeLots }) => sizeLots !== 0);
  }).length;
  const lossBefore = vaultLossAtoms(venue);
  const endMs = endMsOf(path);
  const startMs = venue.timeMs;
  makers.quote(startTicks, depthPartPpm(0));
  let calmAfterMs: TimeMs | undefined = 0;
  for (let ms = 0; ms < endMs || (calmAfterMs === undefined && ms < endMs + PATIENCE_MS); ) {
    ms += STEP_MS;
    const factorPpm = factorAt(path, ms);
    const movedPpm = factorPpm - factorAt(path, Math.max(0, ms - MOVE_MS));
    const prices = state.markets.map(({ spec }, place) => ticksAt(startTicks[place]!, factorPpm, spec.maxPriceTicks));
    // Makers see a price before the exchange does, or close-outs would live on stale quotes.
    venue.timeMs = startMs + ms - 1;
    makers.quote(prices, depthPartPpm(movedPpm));
    venue.timeMs = startMs + ms;
    for (const [place, { spec }] of state.markets.entries()) {
      if (startTicks[place] !== 0) venue.setIndex(spec.marketId, prices[place]!);
    }
    moveCollateral(venue, collateralTicks, factorPpm);
    liquidator.takeAuctions(venue);
    if (someoneIsWeak(venue)) calmAfterMs = undefined;
    else calmAfterMs ??= ms;
  }
  assertInvariants(state);
  return {
    tally,
    accountsAtRisk,
    backstopLossAtoms: vaultLossAtoms(venue) - lossBefore,
    backstopCapAtoms: state.markets.reduce((sum, market) => {
      return sum + BigInt(Math.min(market.spec.backstopLossCapAtoms, market.backstopContributedAtoms));
    }, 0n),
    calmAfterMs,
  };
}

/** Other collateral falls as the markets do. */
function moveCollateral(venue: Venue, startTicks: readonly PriceTicks[], factorPpm: number): void {
  for (const [place, { spec }] of venue.state.collaterals.entries()) {
    const ticks = startTicks[place]!;
    if (ticks !== 0) venue.setCollateralPrice(place, ticksAt(ticks, factorPpm, spec.maxPriceTicks));
  }
}

/** Whether an account is in liquidation, has a turn to come, or waits for a price. Nobody else can be below maintenance. */
function someoneIsWeak({ state }: Venue): boolean {
  if (state.liquidating.size > 0 || state.parked.size > 0) return true;
  return state.turns.ids.some((accountId) => state.accounts[accountId - 1]!.turnKey !== 0);
}

function vaultLossAtoms({ state }: Venue): bigint {
  return state.markets.reduce((sum, { backstop, backstopContributedAtoms }) => {
    return backstop === undefined ? sum : sum + BigInt(backstopContributedAtoms - equityOf(backstop));
  }, 0n);
}
