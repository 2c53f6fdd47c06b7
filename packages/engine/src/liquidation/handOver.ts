import {
  type CloseOutPrices,
  type CloseOutStage,
  type Event,
  liquidationFeeAtoms,
  type PriceTicks,
  type QuoteAtoms,
  type SizeLots,
  type TimeMs,
  zeroQuoteAtoms,
} from '@keel/types';
import { trimReduceOnly } from '../book/trimReduceOnly.ts';
import { solvencyOf } from '../margin/accountFigures.ts';
import { changePosition } from '../margin/changePosition.ts';
import type { EngineState, Holding } from '../state.ts';
import { certify, keepBefore } from './certify.ts';
import { closeOutPosition, closingLots } from './closeOutTerms.ts';
import { payFee, payFromInsurance } from './payFromInsurance.ts';

/** Part of a position that goes to another account outside the book. */
export interface HandOver {
  readonly stage: Extract<CloseOutStage, 'auction' | 'backstop'>;
  readonly from: Holding;
  readonly to: Holding;
  /** Asked for, and taken. */
  readonly sizeLots: SizeLots;
  readonly lots: SizeLots;
  /** Signed: what `from` receives (+) or pays (-). */
  readonly quoteAtoms: QuoteAtoms;
  readonly limitTicks: PriceTicks;
  readonly prices: CloseOutPrices | undefined;
  readonly auctionId: number;
  readonly elapsedMs: TimeMs;
}

/**
 * Moves lots at a price that both sides have been asked about. No taker fee; what the price brings above the zero price pays
 * the liquidation fee, what it lacks the insurance fund, which must have it.
 */
export function handOver(state: EngineState, terms: HandOver, events: Event[]): void {
  const { from, to, lots, quoteAtoms, stage, auctionId, limitTicks, sizeLots } = terms;
  const { account, market } = from;
  const side = from.sizeLots > 0 ? 'sell' : 'buy';
  const before = keepBefore(from);
  const solvency = solvencyOf(account);
  const zeroAtoms = zeroQuoteAtoms(closeOutPosition(from, solvency), lots);
  const feeAtoms = liquidationFeeAtoms(market.spec.liquidationFeePpm, quoteAtoms, zeroAtoms);
  const insuranceAtoms = Math.max(0, zeroAtoms - quoteAtoms);
  const deltaLots = closingLots(from, lots);
  changePosition(state, from, deltaLots, quoteAtoms, events);
  const counterpartyPnlAtoms = changePosition(state, to, -deltaLots, -quoteAtoms, events);
  payFee(state, from, feeAtoms);
  const counterpartyId = to.account.accountId;
  events.push({
    kind: 'positionCloseOut',
    liquidationId: account.liquidationId,
    stage,
    auctionId,
    accountId: account.accountId,
    marketId: market.spec.marketId,
    side,
    sizeLots,
    filledLots: lots,
    quoteAtoms,
    limitTicks,
    markTicks: market.markTicks,
    equityAtoms: solvency.equityAtoms,
    maintenanceMarginAtoms: solvency.maintenanceAtoms,
    feeAtoms,
    counterpartyId,
    counterpartyPnlAtoms,
  });
  if (insuranceAtoms > 0) payFromInsurance(state, from, insuranceAtoms, events);
  const { prices, elapsedMs } = terms;
  certify(
    state,
    from,
    before,
    {
      stage,
      auctionId,
      elapsedMs,
      side,
      sizeLots,
      filledLots: lots,
      quoteAtoms,
      feeAtoms,
      insuranceAtoms,
      limitTicks,
      prices,
      zeroQuoteAtoms: zeroAtoms,
      counterpartyId,
      rank: undefined,
    },
    events,
  );
  trimReduceOnly(state, to, events);
}
