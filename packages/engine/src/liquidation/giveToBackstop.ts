import {
  type CloseOutPosition,
  type CloseOutPrices,
  initialMarginAtoms,
  markQuoteAtoms,
  type QuoteAtoms,
  type SizeLots,
  type TimeMs,
  zeroQuoteAtoms,
} from '@keel/types';
import { findHolding, openHolding } from '../holdings.ts';
import { BACKSTOP_STEP_MS } from '../limits.ts';
import { equityOf, marginPosition, solvencyAfter, solvencyOf, staysCountable } from '../margin/accountFigures.ts';
import type { EngineState, Holding } from '../state.ts';
import { backstopCapAtoms, backstopHolding } from './backstop.ts';
import { closeOutPosition, closingLots } from './closeOutTerms.ts';
import { handOver } from './handOver.ts';
import { mostLots } from './mostLots.ts';
import type { Round } from './round.ts';

/** What is to be taken over, and where it comes from. */
export interface TakeOver {
  readonly holding: Holding;
  readonly lots: SizeLots;
  readonly prices: CloseOutPrices | undefined;
  readonly auctionId: number;
  readonly elapsedMs: TimeMs;
}

/**
 * The market's backstop vault takes as many lots as it can bear and returns how many: at the zero price, or for a bankrupt
 * account at mark, when the insurance fund pays what is missing; where the fund ends, so does the taking.
 */
export function giveToBackstop(state: EngineState, round: Round, terms: TakeOver): SizeLots {
  const { holding } = terms;
  const { account, market } = holding;
  const { backstop } = market;
  if (backstop === undefined || backstop === account || market.spec.backstopLossCapAtoms === 0) return 0;
  const position = closeOutPosition(holding, solvencyOf(account));
  const bankrupt = position.equityAtoms < 0;
  const quoteOf = (lots: SizeLots) => (bankrupt ? markQuoteAtoms(position, lots) : zeroQuoteAtoms(position, lots));
  const insuredLots = bankrupt
    ? mostLots(terms.lots, (lots) => isInsured(market.insuranceFundAtoms, position, lots))
    : terms.lots;
  const lots = bearableLots(holding, insuredLots, quoteOf);
  if (lots === 0) return 0;
  const isNew = backstopHolding(market) === undefined;
  handOver(
    state,
    {
      stage: 'backstop',
      from: holding,
      to: openHolding(state, backstop, market),
      sizeLots: terms.lots,
      lots,
      quoteAtoms: quoteOf(lots),
      limitTicks: bankrupt ? market.markTicks : (terms.prices?.zeroTicks ?? 0),
      prices: terms.prices,
      auctionId: terms.auctionId,
      elapsedMs: terms.elapsedMs,
    },
    round.events,
  );
  if (isNew) market.backstopDueMs = state.timeMs + BACKSTOP_STEP_MS;
  return lots;
}

/** Whether the fund reaches for what these lots lack at mark. */
function isInsured(fundAtoms: QuoteAtoms, position: CloseOutPosition, lots: SizeLots): boolean {
  return zeroQuoteAtoms(position, lots) - markQuoteAtoms(position, lots) <= fundAtoms;
}

/**
 * The most lots with which the vault still covers initial margin, has lost no more than its cap and holds no more than a
 * trader may. Its equity is linear in the lots and its margin convex, so what it can bear is one stretch: from nothing on,
 * or from where its opposite position is gone when it is short of margin now.
 */
function bearableLots(from: Holding, wantedLots: SizeLots, quoteOf: (lots: SizeLots) => QuoteAtoms): SizeLots {
  const { market } = from;
  const backstop = market.backstop!;
  const held = findHolding(backstop, market);
  const heldLots = held?.sizeLots ?? 0;
  const { maxPositionLots } = market.spec;
  const equityAtoms = equityOf(backstop);
  const bears = (lots: SizeLots) => {
    const takenLots = -closingLots(from, lots);
    const sizeLots = heldLots + takenLots;
    const cashAtoms = lots === 0 ? 0 : -quoteOf(lots);
    if (Math.abs(sizeLots) > maxPositionLots) return false;
    const subject = held ?? { ...from, account: backstop, sizeLots: 0, entryNotionalAtoms: 0, leverage: 0 };
    if (!staysCountable(subject, cashAtoms)) return false;
    const after = solvencyAfter(
      { equityAtoms, maintenanceAtoms: 0 },
      { ...subject, sizeLots: 0 },
      takenLots,
      cashAtoms,
    );
    const marginAtoms = initialMarginAtoms({ ...marginPosition(subject, []), sizeLots });
    const lossAtoms = market.backstopContributedAtoms - after.equityAtoms;
    return after.equityAtoms >= marginAtoms && lossAtoms < backstopCapAtoms(market);
  };
  if (bears(0)) return mostLots(wantedLots, bears);
  const opposite = heldLots !== 0 && heldLots > 0 === closingLots(from, 1) > 0;
  const closedLots = opposite ? Math.min(wantedLots, Math.abs(heldLots)) : 0;
  if (closedLots === 0 || !bears(closedLots)) return 0;
  return closedLots + mostLots(wantedLots - closedLots, (more) => bears(closedLots + more));
}
