import {
  divFloor,
  type Leverage,
  notionalAtoms,
  type QuoteAtoms,
  type SizeLots,
  scaledLeverage,
  waterFillLots,
} from '@keel/types';
import { trimReduceOnly } from '../book/trimReduceOnly.ts';
import { solvencyAfter, solvencyOf, staysCountable, staysSolvent } from '../margin/accountFigures.ts';
import { changePosition } from '../margin/changePosition.ts';
import type { EngineState, Holding } from '../state.ts';
import { backstopCapAtoms } from './backstop.ts';
import { certify, keepBefore } from './certify.ts';
import { closingLots } from './closeOutTerms.ts';
import { mostLots } from './mostLots.ts';
import { type Candidate, putBack, type Ranking, rankOpposing, takeFirst } from './rankOpposing.ts';
import type { Round } from './round.ts';

/** A position that nobody takes over, and the price at which it goes. */
export interface Deleveraging {
  readonly holding: Holding;
  readonly lots: SizeLots;
  readonly auctionId: number;
  /** Whether more must go: with tiers the last lots free more margin than the first, and it may be enough half-way. */
  readonly isDue: () => boolean;
  /** Signed: what the account receives (+) or pays (-) for so many lots, as it stands when they go. */
  readonly quoteOf: (lots: SizeLots) => QuoteAtoms;
  /** What a certificate says of the price. */
  readonly termsOf: (
    lots: SizeLots,
  ) => Pick<Parameters<typeof certify>[3], 'prices' | 'limitTicks' | 'zeroQuoteAtoms' | 'elapsedMs'>;
}

/** Whom a pass may take from: hedges spared or not, and what the account must be afterwards. */
interface Pass {
  readonly spares: boolean;
  readonly healthy: boolean;
}

const PASSES: readonly Pass[] = [
  { spares: true, healthy: true },
  { spares: false, healthy: true },
  { spares: false, healthy: false },
];

/** What one candidate is asked for. */
interface Ask {
  readonly candidate: Candidate;
  readonly lots: SizeLots;
  readonly place: number;
  readonly level: Leverage | undefined;
  readonly neededLots: SizeLots;
}

/**
 * Last step of the waterfall: closes lots against opposing positions, by the market's rule, and returns how many. First only
 * from accounts it leaves no worse off, hedges spared; then hedges too; at last from any it leaves with something; never
 * into a loss beyond an account's own money. What finds nobody stays open and is tried again.
 */
export function autoDeleverage(state: EngineState, round: Round, target: Deleveraging): SizeLots {
  const { holding } = target;
  const { market } = holding;
  const long = holding.sizeLots < 0;
  const waterFills = market.spec.deleverageRule === 'waterFilling';
  let leftLots = target.lots;
  for (const pass of PASSES) {
    if (pass.spares && !waterFills) continue;
    if (leftLots === 0 || round.deleveragesLeft === 0 || !target.isDue()) break;
    const ranking = rankOpposing(state, round, market, long, pass.spares);
    leftLots -= waterFills
      ? fillFrom(state, round, target, ranking, pass, leftLots)
      : takeFrom(state, round, target, ranking, pass, leftLots);
  }
  return target.lots - leftLots;
}

/** Whole positions from the top. Returns the lots that went. */
function takeFrom(
  state: EngineState,
  round: Round,
  target: Deleveraging,
  ranking: Ranking,
  pass: Pass,
  neededLots: SizeLots,
): SizeLots {
  let leftLots = neededLots;
  const passed: Candidate[] = [];
  for (let place = 1; leftLots > 0 && round.deleveragesLeft > 0 && target.isDue(); place += 1) {
    const candidate = takeFirst(state, ranking);
    if (candidate === undefined) break;
    passed.push(candidate);
    const lots = Math.min(leftLots, candidate.lots);
    leftLots -= deleverage(state, round, target, ranking, pass, {
      candidate,
      lots,
      place,
      level: undefined,
      neededLots: target.lots,
    });
  }
  for (const candidate of passed) putBack(ranking, candidate);
  return neededLots - leftLots;
}

/** Brings the highest leverages down to a common level. Returns the lots that went. */
function fillFrom(
  state: EngineState,
  round: Round,
  target: Deleveraging,
  ranking: Ranking,
  pass: Pass,
  neededLots: SizeLots,
): SizeLots {
  let leftLots = neededLots;
  const passed: Candidate[] = [];
  let place = 0;
  // Who could not bear his part leaves it to the others, and is not asked again.
  for (;;) {
    if (leftLots === 0 || round.deleveragesLeft === 0) break;
    const taken = takeAbove(state, ranking, leftLots);
    if (taken.length === 0) break;
    const lotAtoms = notionalAtoms(ranking.market.spec, ranking.market.markTicks, 1);
    const { lots, level } = waterFillLots(taken, leftLots, lotAtoms);
    let givenLots = 0;
    const unable = new Set<Candidate>();
    for (const [index, candidate] of taken.entries()) {
      place += 1;
      const asked = Math.min(lots[index] ?? 0, candidate.lots);
      if (asked === 0 || round.deleveragesLeft === 0 || !target.isDue()) continue;
      const given = deleverage(state, round, target, ranking, pass, {
        candidate,
        lots: asked,
        place,
        level,
        neededLots: target.lots,
      });
      givenLots += given;
      if (given < asked) unable.add(candidate);
    }
    leftLots -= givenLots;
    for (const candidate of taken) {
      if (unable.has(candidate)) passed.push(candidate);
      else putBack(ranking, candidate);
    }
    // All gave what they were asked for, and nobody is left to ask.
    if (unable.size === 0 && givenLots === 0) break;
  }
  for (const candidate of passed) putBack(ranking, candidate);
  return neededLots - leftLots;
}

/**
 * Takes out whoever lies above the level that the needed lots lead to, highest first, however many: a command that may not
 * deleverage them all brings some to the level that all will come to, and the next one finds the same level for the rest.
 * So a long line of equals is asked once each, and not for crumbs command after command.
 */
function takeAbove(state: EngineState, ranking: Ranking, neededLots: SizeLots): Candidate[] {
  const lotAtoms = BigInt(notionalAtoms(ranking.market.spec, ranking.market.markTicks, 1));
  const neededAtoms = BigInt(neededLots) * lotAtoms;
  const taken: Candidate[] = [];
  let notional = 0n;
  let equity = 0n;
  for (;;) {
    const candidate = takeFirst(state, ranking);
    if (candidate === undefined) return taken;
    const size = BigInt(candidate.notionalAtoms);
    const worth = BigInt(candidate.equityAtoms);
    if (taken.length > 0 && size * equity <= (notional - neededAtoms) * worth) {
      putBack(ranking, candidate);
      return taken;
    }
    taken.push(candidate);
    notional += size;
    equity += worth;
  }
}

/** Takes what the candidate can bear of what it is asked for; returns the lots. */
function deleverage(
  state: EngineState,
  round: Round,
  target: Deleveraging,
  ranking: Ranking,
  pass: Pass,
  ask: Ask,
): SizeLots {
  const { holding: bankrupt } = target;
  const { holding: opposing } = ask.candidate;
  const { account, market } = bankrupt;
  const lots = mostLots(ask.lots, (some) => bears(target, opposing, pass, some));
  if (lots === 0) return 0;
  const quoteAtoms = target.quoteOf(lots);
  const terms = target.termsOf(lots);
  const before = keepBefore(bankrupt);
  const { candidate } = ask;
  const rank = {
    rule: ranking.rule,
    // Who is asked again after others could not bear their part stands behind them.
    place: Math.min(ask.place, ranking.candidates),
    candidates: ranking.candidates,
    sizeLots: opposing.sizeLots,
    entryNotionalAtoms: opposing.entryNotionalAtoms,
    unrealisedAtoms: candidate.unrealisedAtoms,
    equityAtoms: candidate.equityAtoms,
    notionalAtoms: candidate.wholeNotionalAtoms,
    hedgedLots: candidate.hedgedLots,
    score: candidate.score.toString(),
    level: ask.level === undefined ? '0' : scaledLeverage(ask.level).toString(),
    neededLots: ask.neededLots,
  };
  const deltaLots = closingLots(bankrupt, lots);
  const side = bankrupt.sizeLots > 0 ? 'sell' : 'buy';
  const { events } = round;
  changePosition(state, bankrupt, deltaLots, quoteAtoms, events);
  const realisedPnlAtoms = changePosition(state, opposing, -deltaLots, -quoteAtoms, events);
  round.deleveragesLeft -= 1;
  const deleveragedAccountId = opposing.account.accountId;
  events.push({
    kind: 'positionDeleveraged',
    liquidationId: account.liquidationId,
    marketId: market.spec.marketId,
    bankruptAccountId: account.accountId,
    deleveragedAccountId,
    sizeLots: lots,
    quoteAtoms,
    priceTicks: divFloor(Math.abs(quoteAtoms), notionalAtoms(market.spec, 1, lots)),
    realisedPnlAtoms,
    rank,
  });
  certify(
    state,
    bankrupt,
    before,
    {
      stage: 'deleverage',
      auctionId: target.auctionId,
      side,
      sizeLots: target.lots,
      filledLots: lots,
      quoteAtoms,
      feeAtoms: 0,
      insuranceAtoms: 0,
      counterpartyId: deleveragedAccountId,
      rank,
      ...terms,
    },
    events,
  );
  trimReduceOnly(state, opposing, events);
  return lots;
}

/**
 * Whether the opposing account may be reduced by so many lots. A backstop vault that is or would be beyond its cap may not: its loss
 * would be for good, and stands against gains on the other side that can still pay it back.
 */
function bears({ holding: bankrupt, quoteOf }: Deleveraging, opposing: Holding, pass: Pass, lots: SizeLots): boolean {
  const quoteAtoms = quoteOf(lots);
  if (!staysCountable(opposing, quoteAtoms)) return false;
  const before = solvencyOf(opposing.account);
  const after = solvencyAfter(before, opposing, -closingLots(bankrupt, lots), -quoteAtoms);
  const vault = opposing.account.backstopOf;
  if (vault !== undefined && vault.backstopContributedAtoms - after.equityAtoms > backstopCapAtoms(vault)) return false;
  return pass.healthy ? staysSolvent(before, after) : after.equityAtoms >= 0;
}
