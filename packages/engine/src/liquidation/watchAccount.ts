import {
  type AccountId,
  divCeil,
  divCeilBig,
  divFloor,
  divFloorBig,
  mulDivCeil,
  mulDivFloor,
  PPM,
  type Ppm,
  QUOTE_DECIMALS,
  type QuoteAtoms,
  topMaintenancePpm,
} from '@keel/types';
import { findHolding } from '../holdings.ts';
import type { Solvency } from '../margin/accountFigures.ts';
import {
  type AccountState,
  accountOf,
  type Balance,
  type CollateralState,
  type EngineState,
  type Holding,
  type MarketState,
} from '../state.ts';
import { addToQueue, dropFirst, firstId, firstKey, type IdQueue, sweepQueue } from '../timers/idQueue.ts';
import { suspectQuoters } from '../warning/watchOrders.ts';

/** Beyond every health per lot: a position that cannot lose its share at any price. */
const OUT_OF_REACH = Number.MAX_SAFE_INTEGER;
/** Atoms that can be counted in 1 / FUNDING_INDEX_SCALE atoms as a safe integer. */
const EXACT_ATOMS_MAX = divFloor(OUT_OF_REACH, PPM);
/** Maintenance and funding owed round up by an atom each, for a position and for what it was. */
const ROUNDING_ATOMS = 4;
/** Health per lot may leave the safe integers by two bits, and its steps are then four. */
const ROUNDING_PER_LOT = 16;
/**
 * A long of which three quarters or more are maintenance comes nearer to the first line by a rise of the mark; it is counted as
 * if it won at least a tenth of it.
 */
const LEAST_SLOPE = divFloor(PPM, 10);
/** Half the safe integers, so that health stays among them. */
const FUNDING_PAID_MAX = divFloor(Number.MAX_SAFE_INTEGER, 2);
/** Health per lot that may be multiplied by most / least and stay a safe integer. */
const KEPT_MAX = divFloor(Number.MAX_SAFE_INTEGER, 12);
/** Of a balance that cannot lose its share at any price: below all of them. */
const NO_PRICE = -1;

/** Parts of the value of a lot, in 10^-6, that EQ - c * MM moves by with it. */
interface Slopes {
  readonly least: Ppm;
  readonly most: Ppm;
}

/** 1 - c * m for a long and 1 + c * m for a short: m is the rate of any tier, c any of the lines. */
function slopesOf({ spec }: MarketState, long: boolean): Slopes {
  const top = divCeil(4 * topMaintenancePpm(spec), 3);
  return long
    ? { least: Math.max(LEAST_SLOPE, PPM - top), most: PPM - spec.maintenanceMarginPpm }
    : { least: PPM + spec.maintenanceMarginPpm, most: PPM + top };
}

/**
 * What a position of one lot adds to EQ - c * MM, but for a constant, in 1 / FUNDING_INDEX_SCALE atoms: mark value less
 * maintenance less funding for a long, the reverse for a short. No gain is worth more to it than to the account, because the
 * other of mark and funding may take it away again: the mark counts with the least slope, and funding that was received not at
 * all. That a loss of the mark may be larger is in the shares, which are smaller by least / most.
 */
function healthPerLot(market: MarketState, long: boolean): number {
  const { spec, markTicks, fundingIndex, fundingPaidByLongs } = market;
  const value = markTicks * spec.atomsPerTickLot * slopesOf(market, long).least;
  return long ? value - fundingPaidByLongs : fundingIndex - fundingPaidByLongs - value;
}

/** An hour's funding, as a long lot paid it (+) or received it (-), for the health of the positions. */
export function countFunding(state: EngineState, market: MarketState, perLot: number): void {
  market.fundingPaidByLongs += Math.max(perLot, 0);
  const { fundingIndex, fundingPaidByLongs, holders } = market;
  if (Math.max(fundingPaidByLongs, fundingPaidByLongs - fundingIndex) <= FUNDING_PAID_MAX) return;
  // In some thousand hours of changing funding at the cap: what was paid and received is forgotten, and all shares are dealt anew.
  market.fundingPaidByLongs = Math.max(0, fundingIndex);
  for (const holding of holders) {
    holding.watched = false;
    state.suspects.add(holding.account.accountId);
  }
}

/**
 * What the account has above the next line below it: EQ - c * MMR, where c is 4/3 (margin call at 75 %), 10/9 (at 90 %) or
 * 1 (liquidation). A line that it is below already, or was warned of, is behind it. Below 0 only under maintenance.
 */
function aboveNextLine(
  { warnedPercent, backstopOf }: AccountState,
  { equityAtoms, maintenanceAtoms }: Solvency,
): number {
  if (warnedPercent === 0 && backstopOf === undefined) {
    const atoms = equityAtoms - mulDivCeil(maintenanceAtoms, 4, 3);
    if (atoms >= 0) return atoms;
  }
  if (warnedPercent <= 75 && backstopOf === undefined) {
    const atoms = equityAtoms - mulDivCeil(maintenanceAtoms, 10, 9);
    if (atoms >= 0) return atoms;
  }
  return equityAtoms - maintenanceAtoms;
}

/**
 * Lets the markets and the collateral assets find a healthy account before it can be below its next line. What it has
 * above that is shared out over its positions and balances: as long as none of them loses more than its share, the account
 * is above the line, whatever the others do. Each market keeps the health per lot at which a position has lost its share,
 * each asset the price at which a balance has, so a move of a mark, of funding or of a price touches only the accounts that
 * it may push over a line. Shares that still stand are left as they are. Its orders are watched beside: `preLiquidate`.
 */
export function watchAccount(state: EngineState, account: AccountState, solvency: Solvency): void {
  const wholeAtoms = aboveNextLine(account, solvency);
  let freeAtoms = wholeAtoms;
  let parts = 0;
  let unwatched = 0;
  for (const holding of account.holdings) {
    if (holding.sizeLots === 0) continue;
    parts += 1;
    if (holding.watched) freeAtoms -= sharedAtoms(holding);
    else unwatched += 1;
  }
  // Where nothing is required and nothing owed, other collateral may be worth what it likes.
  if (parts === 0 && account.collateralAtoms >= 0) return;
  for (const balance of account.balances) {
    parts += 1;
    if (balance.watched) freeAtoms -= sharedInBalance(balance);
    else unwatched += 1;
  }
  if (unwatched === 0 && freeAtoms >= 0) return;
  // Too little is left for the new ones beside the shares that stand: all are dealt anew.
  const anew = freeAtoms * 4 * parts < wholeAtoms * unwatched || unwatched === 0;
  const shareAtoms = anew ? divFloor(wholeAtoms, parts) : divFloor(freeAtoms, unwatched);
  for (const holding of account.holdings) {
    if (holding.sizeLots !== 0 && (anew || !holding.watched)) watchPosition(state, holding, shareAtoms);
  }
  for (const balance of account.balances) {
    if (anew || !balance.watched) watchBalance(state, account, balance, shareAtoms);
  }
}

/** The marks or the funding of a market moved: whose position may have lost its share is looked at after this command. */
export function suspectLosers(state: EngineState, market: MarketState): void {
  takeLosers(state, market, market.longsWatched, true);
  takeLosers(state, market, market.shortsWatched, false);
  suspectQuoters(state, market);
}

/** The price of an asset moved: whose balance may have lost its share is looked at after this command. */
export function suspectHolders(state: EngineState, collateral: CollateralState): void {
  const { holdersWatched: queue, priceTicks } = collateral;
  while (firstKey(queue) <= -priceTicks) {
    const key = firstKey(queue);
    const account = accountOf(state, firstId(queue) as AccountId);
    dropFirst(queue);
    const balance = balanceWatchedAt(account, collateral, key);
    if (balance === undefined) continue;
    balance.watched = false;
    state.suspects.add(account.accountId);
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
  const long = sizeLots > 0;
  const kept = healthPerLot(market, long) - watchedAt;
  if (kept <= 0) return 0;
  const { least, most } = slopesOf(market, long);
  // Beyond that it is more than anything an account has.
  const perLot = kept > KEPT_MAX ? OUT_OF_REACH : mulDivCeil(kept, most, least);
  const lots = Math.abs(sizeLots);
  const product = perLot * lots;
  return product <= Number.MAX_SAFE_INTEGER ? divFloor(product, PPM) + 1 : (divFloor(perLot, PPM) + 1) * lots;
}

function watchPosition(state: EngineState, holding: Holding, shareAtoms: QuoteAtoms): void {
  const { market, sizeLots, account } = holding;
  const long = sizeLots > 0;
  const queue = long ? market.longsWatched : market.shortsWatched;
  const { least, most } = slopesOf(market, long);
  const wholePerLot = perLotOf(Math.max(0, shareAtoms - ROUNDING_ATOMS), Math.abs(sizeLots));
  const perLot = wholePerLot === OUT_OF_REACH ? OUT_OF_REACH : mulDivFloor(wholePerLot, least, most);
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

/** Quote atoms that an amount counts per tick of the asset's price, as a fraction. */
function atomsPerTick({ collateral, amountAtoms }: Balance): { numerator: bigint; denominator: bigint } {
  const { decimals, priceDecimals, haircutPpm } = collateral.spec;
  const perUnit = 10n ** BigInt(QUOTE_DECIMALS - priceDecimals) * BigInt(PPM - haircutPpm);
  return { numerator: BigInt(amountAtoms) * perUnit, denominator: BigInt(PPM) * 10n ** BigInt(decimals) };
}

/** What a watched balance can still lose before it is looked at, rounded up. */
function sharedInBalance(balance: Balance): QuoteAtoms {
  const ticks = balance.collateral.priceTicks - Math.max(0, balance.watchedAt);
  if (ticks <= 0) return 0;
  const { numerator, denominator } = atomsPerTick(balance);
  return Number(divCeilBig(numerator * BigInt(ticks), denominator)) + 1;
}

function watchBalance(state: EngineState, { accountId }: AccountState, balance: Balance, shareAtoms: QuoteAtoms): void {
  const { collateral } = balance;
  const { numerator, denominator } = atomsPerTick(balance);
  const lossAtoms = BigInt(Math.max(0, shareAtoms - ROUNDING_ATOMS));
  balance.watched = true;
  balance.watchedAt = NO_PRICE;
  if (numerator === 0n) return;
  const ticks = divFloorBig(lossAtoms * denominator, numerator);
  if (ticks > BigInt(collateral.priceTicks)) return;
  balance.watchedAt = collateral.priceTicks - Number(ticks);
  const { holdersWatched } = collateral;
  let kept: Set<number> | undefined;
  sweepQueue(holdersWatched, state.accounts.length, (key, id) => {
    kept ??= new Set();
    if (kept.has(id) || balanceWatchedAt(accountOf(state, id as AccountId), collateral, key) === undefined)
      return false;
    kept.add(id);
    return true;
  });
  addToQueue(holdersWatched, 0 - balance.watchedAt, accountId);
}

function balanceWatchedAt({ balances }: AccountState, collateral: CollateralState, key: number): Balance | undefined {
  return balances.find((each) => each.collateral === collateral && each.watched && each.watchedAt === 0 - key);
}
