import { type AccountId, divFloor, mulDivFloor, PPM, type QuoteAtoms } from '@keel/types';
import type { Solvency } from '../margin/accountFigures.ts';
import {
  type AccountState,
  accountOf,
  type EngineState,
  findHolding,
  type Holding,
  type MarketState,
} from '../state.ts';
import { addToQueue, dropFirst, firstId, firstKey, type IdQueue, sweepQueue } from '../timers/idQueue.ts';

/** Beyond every health per lot: a position that cannot lose its share at any price. */
const OUT_OF_REACH = Number.MAX_SAFE_INTEGER;
/** Atoms that can be counted in 1 / FUNDING_INDEX_SCALE atoms as a safe integer. */
const EXACT_ATOMS_MAX = divFloor(OUT_OF_REACH, PPM);
/** Maintenance and funding owed round up by an atom each, for a position and for what it was. */
const ROUNDING_ATOMS = 4;
/** Health per lot may leave the safe integers by one bit, and its steps are then two. */
const ROUNDING_PER_LOT = 8;

/**
 * What a position of one lot adds to EQ - MM, but for a constant, in 1 / FUNDING_INDEX_SCALE atoms: mark value less
 * maintenance less funding for a long, the reverse for a short. It falls when the position loses.
 */
function healthPerLot({ spec, markTicks, fundingIndex }: MarketState, long: boolean): number {
  const valuePerLot = markTicks * spec.atomsPerTickLot;
  return long
    ? valuePerLot * (PPM - spec.maintenanceMarginPpm) - fundingIndex
    : fundingIndex - valuePerLot * (PPM + spec.maintenanceMarginPpm);
}

/**
 * Lets the markets find a healthy account before it can be under maintenance. What it has above maintenance is shared
 * out over its positions: as long as none of them loses more than its share, the account is healthy, whatever the others
 * do. Each market keeps the health per lot at which a position has lost its share, so a move of the mark or of the funding index
 * touches only the accounts that it may push over the line. Shares that still stand are left as they are.
 */
export function watchAccount(
  state: EngineState,
  account: AccountState,
  { equityAtoms, maintenanceAtoms }: Solvency,
): void {
  let freeAtoms = equityAtoms - maintenanceAtoms;
  let positions = 0;
  let unwatched = 0;
  for (const holding of account.holdings) {
    if (holding.sizeLots === 0) continue;
    positions += 1;
    if (holding.watched) freeAtoms -= sharedAtoms(holding);
    else unwatched += 1;
  }
  if (unwatched === 0 && freeAtoms >= 0) return;
  const wholeAtoms = equityAtoms - maintenanceAtoms;
  // Too little is left for the new ones beside the shares that stand: all are dealt anew.
  const anew = freeAtoms * 4 * positions < wholeAtoms * unwatched || unwatched === 0;
  const shareAtoms = anew ? divFloor(wholeAtoms, positions) : divFloor(freeAtoms, unwatched);
  for (const holding of account.holdings) {
    if (holding.sizeLots !== 0 && (anew || !holding.watched)) watchPosition(state, holding, shareAtoms);
  }
}

/** The marks or the funding of a market moved: whose position may have lost its share is looked at after this command. */
export function suspectLosers(state: EngineState, market: MarketState): void {
  takeLosers(state, market, market.longsWatched, true);
  takeLosers(state, market, market.shortsWatched, false);
}

/**
 * The mark of a market was renewed: the accounts in liquidation that have a position there are tried again. Those of
 * other markets are not: with many in liquidation, and many markets, nothing else would be done.
 */
export function suspectLiquidating(state: EngineState, market: MarketState): void {
  for (const accountId of state.liquidating) {
    const holding = findHolding(accountOf(state, accountId), market);
    if (holding !== undefined && holding.sizeLots !== 0) state.suspects.add(accountId);
  }
}

function takeLosers(state: EngineState, market: MarketState, queue: IdQueue, long: boolean): void {
  const reached = -healthPerLot(market, long);
  while (firstKey(queue) <= reached) {
    const key = firstKey(queue);
    const account = accountOf(state, firstId(queue) as AccountId);
    dropFirst(queue);
    const holding = findHolding(account, market);
    if (holding === undefined || !isWatchedAt(holding, key, long)) continue;
    holding.watched = false;
    state.suspects.add(account.accountId);
  }
}

/** What a watched position can still lose before it is looked at, rounded up: to an atom, or to one per lot where that is little. */
function sharedAtoms({ market, sizeLots, watchedAt }: Holding): QuoteAtoms {
  const perLot = healthPerLot(market, sizeLots > 0) - watchedAt;
  if (perLot <= 0) return 0;
  const lots = Math.abs(sizeLots);
  const product = perLot * lots;
  return product <= Number.MAX_SAFE_INTEGER ? divFloor(product, PPM) + 1 : (divFloor(perLot, PPM) + 1) * lots;
}

function watchPosition(state: EngineState, holding: Holding, shareAtoms: QuoteAtoms): void {
  const { market, sizeLots, account } = holding;
  const long = sizeLots > 0;
  const queue = long ? market.longsWatched : market.shortsWatched;
  const perLot = perLotOf(Math.max(0, shareAtoms - ROUNDING_ATOMS), Math.abs(sizeLots));
  holding.watched = true;
  holding.watchedAt = healthPerLot(market, long) - perLot + ROUNDING_PER_LOT;
  // A position that comes back to what it was is watched at the same health again: one entry of each is enough.
  let kept: Set<number> | undefined;
  sweepQueue(queue, market.holders.length, (key, id) => {
    kept ??= new Set();
    const found = findHolding(accountOf(state, id as AccountId), market);
    if (found === undefined || kept.has(id) || !isWatchedAt(found, key, long)) return false;
    kept.add(id);
    return true;
  });
  addToQueue(queue, -holding.watchedAt, account.accountId);
}

/** Atoms per lot in 1 / FUNDING_INDEX_SCALE atoms, rounded down; never more than any price can move. */
function perLotOf(atoms: QuoteAtoms, lots: number): number {
  if (atoms <= EXACT_ATOMS_MAX) return divFloor(atoms * PPM, lots);
  const whole = divFloor(atoms, lots);
  if (whole > EXACT_ATOMS_MAX) return OUT_OF_REACH;
  // A remainder below a lot's atom may be much of a small share, and nothing of a large one.
  return whole < 1_000 ? mulDivFloor(atoms, PPM, lots) : whole * PPM;
}

function isWatchedAt({ watched, watchedAt, sizeLots }: Holding, key: number, long: boolean): boolean {
  return watched && watchedAt === -key && sizeLots !== 0 && sizeLots > 0 === long;
}
