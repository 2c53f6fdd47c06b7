import { divFloor, divFloorBig, type Event, maintenanceMarginAtoms, notionalAtoms, unrealisedAtoms } from '@keel/types';
import { trimReduceOnly } from '../book/trimReduceOnly.ts';
import {
  marginPosition,
  type Solvency,
  solvencyAfter,
  solvencyOf,
  staysCountable,
  staysSolvent,
} from '../margin/accountFigures.ts';
import { changePosition } from '../margin/changePosition.ts';
import type { AccountState, EngineState, Holding, MarketState } from '../state.ts';
import { zeroQuoteAtoms } from './zeroQuote.ts';

/** Whether an opposing account may be reduced, given what it is and what it would be. */
type Bearable = (before: Solvency, after: Solvency) => boolean;

/**
 * Last step of a bankruptcy: closes the position against opposing ones at the bankruptcy price, highest rank first.
 * First only against accounts it leaves healthy, then against any it leaves with something; never into a loss beyond
 * an account's own money. What finds nobody stays open and is tried again later.
 */
export function autoDeleverage(state: EngineState, bankrupt: Holding, events: Event[]): void {
  const ranked = rankOpposing(bankrupt);
  const leavesHealthy: Bearable = (before, after) => staysSolvent(before, after);
  const leavesSolvent: Bearable = (_before, after) => after.equityAtoms >= 0;
  for (const bearable of [leavesHealthy, leavesSolvent]) {
    for (const opposing of ranked) {
      if (bankrupt.sizeLots === 0) return;
      if (opposing.sizeLots !== 0) deleverage(state, bankrupt, opposing, bearable, events);
    }
  }
}

function deleverage(
  state: EngineState,
  bankrupt: Holding,
  opposing: Holding,
  bearable: Bearable,
  events: Event[],
): void {
  const { market, account } = bankrupt;
  const lots = Math.min(Math.abs(bankrupt.sizeLots), Math.abs(opposing.sizeLots));
  const closedLots = bankrupt.sizeLots > 0 ? lots : -lots;
  const maintenanceAtoms = maintenanceMarginAtoms(marginPosition(bankrupt));
  const quoteAtoms = zeroQuoteAtoms(bankrupt, maintenanceAtoms, solvencyOf(account), lots);
  const before = solvencyOf(opposing.account);
  if (!staysCountable(opposing, quoteAtoms)) return;
  if (!bearable(before, solvencyAfter(before, opposing, closedLots, -quoteAtoms))) return;

  changePosition(state, bankrupt, -closedLots, quoteAtoms, events);
  const realisedPnlAtoms = changePosition(state, opposing, closedLots, -quoteAtoms, events);
  events.push({
    kind: 'positionDeleveraged',
    liquidationId: account.liquidationId,
    marketId: market.spec.marketId,
    bankruptAccountId: account.accountId,
    deleveragedAccountId: opposing.account.accountId,
    sizeLots: lots,
    quoteAtoms,
    priceTicks: divFloor(Math.abs(quoteAtoms), notionalAtoms(market.spec, 1, lots)),
    realisedPnlAtoms,
  });
  trimReduceOnly(state, opposing, events);
}

/** Opposing positions of accounts that are worth something: highest rank first, then lowest account id. */
function rankOpposing(bankrupt: Holding): Holding[] {
  const { market } = bankrupt;
  const ranked: { holding: Holding; rank: bigint }[] = [];
  for (const holding of market.holders) {
    if (holding.sizeLots > 0 === bankrupt.sizeLots > 0) continue;
    const rank = rankOf(holding.account, market, holding);
    if (rank !== undefined) ranked.push({ holding, rank });
  }
  ranked.sort((a, b) => (a.rank === b.rank ? 0 : a.rank > b.rank ? -1 : 1) || idOf(a.holding) - idOf(b.holding));
  return ranked.map(({ holding }) => holding);
}

/** Enough digits to tell neighbours apart. */
const RANK_SCALE = 1_000_000_000n;

/** Profit rate * effective leverage for a position in profit, profit rate / leverage for one at a loss; scaled. */
function rankOf(account: AccountState, { spec, markTicks }: MarketState, holding: Holding): bigint | undefined {
  const equity = BigInt(solvencyOf(account).equityAtoms);
  if (equity <= 0n) return undefined;
  const profit = BigInt(unrealisedAtoms(marginPosition(holding)));
  const value = BigInt(notionalAtoms(spec, markTicks, Math.abs(holding.sizeLots)));
  const entry = BigInt(Math.max(1, Math.abs(holding.entryNotionalAtoms)));
  return profit > 0n
    ? divFloorBig(profit * value * RANK_SCALE, entry * equity)
    : divFloorBig(profit * equity * RANK_SCALE, entry * value);
}

function idOf(holding: Holding): number {
  return holding.account.accountId;
}
