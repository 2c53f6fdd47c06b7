import {
  type DeleverageRule,
  mulDivFloor,
  notionalAtoms,
  type ProfitRanked,
  profitLeverageScore,
  profitNotionalScore,
  type QuoteAtoms,
  RANK_SCALE,
  type SizeLots,
  scaledLeverage,
  unrealisedAtoms,
} from '@keel/types';
import { findHolding } from '../holdings.ts';
import { equityOf, marginPosition } from '../margin/accountFigures.ts';
import { type AccountState, accountOf, type EngineState, type Holding, type MarketState } from '../state.ts';
import { addToQueue, createQueue, dropFirst, firstId, firstKey, type IdQueue } from '../timers/idQueue.ts';
import type { Round } from './round.ts';

/** The opposing positions of one side of a market, highest rank first, then lowest account id. */
export interface Ranking {
  readonly market: MarketState;
  readonly rule: DeleverageRule;
  /** Side of the positions ranked. */
  readonly long: boolean;
  /** Whether hedged lots are left out. */
  readonly spares: boolean;
  /** Accounts by rank, negated: the highest stands first. */
  readonly queue: IdQueue;
  /** The key of the one entry that holds, of accounts that were taken out or changed since: NaN = none, it is out. */
  readonly moved: Map<AccountState, number>;
  /** Lots that the owner's other accounts hold against the position; none for who is not in it. */
  readonly hedgedLots: ReadonlyMap<AccountState, SizeLots>;
  /** Positions on that side when they were ranked. */
  readonly candidates: number;
}

/** A position that may be deleveraged, with the inputs of its rank at this moment. */
export interface Candidate {
  readonly holding: Holding;
  /** What may be taken of it. */
  readonly lots: SizeLots;
  readonly hedgedLots: SizeLots;
  readonly equityAtoms: QuoteAtoms;
  /** Value at mark of `lots`, and of the whole position. */
  readonly notionalAtoms: QuoteAtoms;
  readonly wholeNotionalAtoms: QuoteAtoms;
  readonly unrealisedAtoms: QuoteAtoms;
  readonly score: bigint;
}

/**
 * Ranks the positions on one side of a market: one pass over its holders, at most once a command for each of the passes of a
 * deleveraging. Accounts that earlier turns of the command changed since, here or in another market, get the rank that they
 * have now; they are among the suspects of the command.
 */
export function rankOpposing(
  state: EngineState,
  round: Round,
  market: MarketState,
  long: boolean,
  spares: boolean,
): Ranking {
  const key = `${market.spec.marketId} ${long} ${spares}`;
  const kept = round.rankings.get(key);
  if (kept !== undefined) {
    for (const accountId of state.suspects) rankAnew(kept, accountOf(state, accountId));
    return kept;
  }
  const queue = createQueue();
  const hedgedLots = spares ? hedgedLotsOf(market, long) : new Map<AccountState, SizeLots>();
  let candidates = 0;
  const moved = new Map<AccountState, number>();
  const ranking = { market, rule: market.spec.deleverageRule, long, spares, queue, moved, hedgedLots };
  for (const holding of market.holders) {
    if (holding.sizeLots > 0 !== long) continue;
    candidates += 1;
    const candidate = candidateOf(ranking, holding);
    if (candidate !== undefined) addToQueue(queue, keyOf(candidate), holding.account.accountId);
  }
  const ranked = { ...ranking, candidates };
  round.rankings.set(key, ranked);
  return ranked;
}

/** The highest ranked; taken out until `putBack`. Undefined when nobody is left. */
export function takeFirst(state: EngineState, ranking: Ranking): Candidate | undefined {
  const { queue, moved } = ranking;
  while (queue.keys.length > 0) {
    const key = firstKey(queue);
    const account = accountOf(state, firstId(queue) as AccountState['accountId']);
    dropFirst(queue);
    if (moved.has(account) && moved.get(account) !== key) continue;
    moved.set(account, Number.NaN);
    const candidate = candidateIn(ranking, account);
    if (candidate === undefined) continue;
    // Its rank fell since: its turn comes later.
    if (keyOf(candidate) > key) enter(ranking, candidate);
    else return candidate;
  }
  return undefined;
}

/** A candidate that was not taken, or not wholly, comes back with the rank it has now. */
export function putBack(ranking: Ranking, { holding }: Candidate): void {
  const candidate = candidateIn(ranking, holding.account);
  if (candidate !== undefined) enter(ranking, candidate);
}

/** Of an account that changed: the entry that it has, if it has one, does not hold any more. */
function rankAnew(ranking: Ranking, account: AccountState): void {
  const candidate = candidateIn(ranking, account);
  if (candidate === undefined) ranking.moved.set(account, Number.NaN);
  else if (ranking.moved.get(account) !== keyOf(candidate)) enter(ranking, candidate);
}

function enter({ queue, moved }: Ranking, candidate: Candidate): void {
  const { account } = candidate.holding;
  moved.set(account, keyOf(candidate));
  addToQueue(queue, keyOf(candidate), account.accountId);
}

/** Undefined when the account has no such position any more, too. */
function candidateIn(ranking: Ranking, account: AccountState): Candidate | undefined {
  const holding = findHolding(account, ranking.market);
  if (holding === undefined || holding.sizeLots === 0 || holding.sizeLots > 0 !== ranking.long) return undefined;
  return candidateOf(ranking, holding);
}

/** Undefined when the account is worth nothing, or nothing of the position may be taken. */
function candidateOf(
  { market, rule, spares, hedgedLots }: Pick<Ranking, 'market' | 'rule' | 'spares' | 'hedgedLots'>,
  holding: Holding,
): Candidate | undefined {
  const equityAtoms = equityOf(holding.account);
  if (equityAtoms <= 0) return undefined;
  const wholeLots = Math.abs(holding.sizeLots);
  const hedged = spares ? Math.min(hedgedLots.get(holding.account) ?? 0, wholeLots) : 0;
  const lots = wholeLots - hedged;
  if (lots === 0) return undefined;
  const { spec, markTicks } = market;
  const unrealised = unrealisedAtoms(marginPosition(holding, []));
  const wholeNotionalAtoms = notionalAtoms(spec, markTicks, wholeLots);
  const takenAtoms = notionalAtoms(spec, markTicks, lots);
  const { sizeLots, entryNotionalAtoms } = holding;
  const score = scoreOf(rule, takenAtoms, {
    sizeLots,
    entryNotionalAtoms,
    unrealisedAtoms: unrealised,
    notionalAtoms: wholeNotionalAtoms,
    equityAtoms,
  });
  return {
    holding,
    lots,
    hedgedLots: hedged,
    equityAtoms,
    notionalAtoms: takenAtoms,
    wholeNotionalAtoms,
    unrealisedAtoms: unrealised,
    score,
  };
}

function scoreOf(rule: DeleverageRule, takenAtoms: QuoteAtoms, position: ProfitRanked): bigint {
  if (rule === 'profitLeverage') return profitLeverageScore(position);
  if (rule === 'profitNotional') return profitNotionalScore(position);
  // Nearly always small enough for plain numbers, which are many times faster over a whole market.
  if (takenAtoms < position.equityAtoms * 1_000) {
    return BigInt(mulDivFloor(takenAtoms, Number(RANK_SCALE), position.equityAtoms));
  }
  return scaledLeverage({ notional: BigInt(takenAtoms), equity: BigInt(position.equityAtoms) });
}

/** Scores beyond the safe integers rank alike: nobody has a leverage of nine million. */
function keyOf({ score }: Candidate): number {
  const most = BigInt(Number.MAX_SAFE_INTEGER);
  return 0 - Number(score > most ? most : score < -most ? -most : score);
}

/**
 * Lots of each account that its owner's other accounts hold against it in the market. Several accounts on one side share
 * what stands against them by size, rounded down.
 */
function hedgedLotsOf(market: MarketState, long: boolean): Map<AccountState, SizeLots> {
  const sums = new Map<AccountState, { own: SizeLots; against: SizeLots }>();
  for (const { account, sizeLots } of market.holders) {
    if (account.main.others.length === 0) continue;
    const sum = sums.get(account.main) ?? { own: 0, against: 0 };
    if (sizeLots > 0 === long) sum.own += Math.abs(sizeLots);
    else sum.against += Math.abs(sizeLots);
    sums.set(account.main, sum);
  }
  const hedged = new Map<AccountState, SizeLots>();
  for (const { account, sizeLots } of market.holders) {
    if (sizeLots > 0 !== long) continue;
    const sum = sums.get(account.main);
    if (sum === undefined || sum.against === 0) continue;
    hedged.set(account, mulDivFloor(Math.abs(sizeLots), Math.min(sum.own, sum.against), sum.own));
  }
  return hedged;
}
