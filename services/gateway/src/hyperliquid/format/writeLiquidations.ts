import type { LiquidationDoc } from '@keel/redis';
import type { AccountId, MarketId, MarketSpec, SizeLots } from '@keel/types';
import { formatQuote, formatSize } from '../../format/formatMarket.ts';
import { hashOfSequence } from './parts.ts';
import type { LedgerAnswer } from './writeLedger.ts';

type EventOf<Kind extends LiquidationDoc['event']['kind']> = Extract<LiquidationDoc['event'], { readonly kind: Kind }>;

/**
 * The account's liquidations as lines of its ledger, newest first: what was closed of its positions so far, worth what it was
 * closed at. `docs` newest first; of a liquidation of which the beginning is not among them nothing is told.
 */
export function writeLiquidations(
  docs: readonly LiquidationDoc[],
  accountId: AccountId,
  specOf: (marketId: MarketId) => MarketSpec,
): LedgerAnswer[] {
  return docs.flatMap((doc) => {
    const { event } = doc;
    if (event.kind !== 'liquidationStarted' || event.accountId !== accountId) return [];
    const closed = docs.filter((step) => step.event.liquidationId === event.liquidationId).flatMap(closedBy);
    const lotsByMarket = new Map<MarketId, SizeLots>();
    let quoteAtoms = 0n;
    for (const step of closed) {
      quoteAtoms += BigInt(Math.abs(step.quoteAtoms));
      lotsByMarket.set(step.marketId, (lotsByMarket.get(step.marketId) ?? 0) + step.lots);
    }
    const line: LedgerAnswer = {
      time: doc.timeMs,
      hash: hashOfSequence(doc.sequence),
      delta: {
        type: 'liquidation',
        liquidatedNtlPos: formatQuote(quoteAtoms),
        accountValue: formatQuote(event.equityAtoms),
        leverageType: 'Cross',
        liquidatedPositions: [...lotsByMarket].map(([marketId, lots]) => {
          const spec = specOf(marketId);
          return { coin: spec.baseAsset, szi: formatSize(lots, spec) };
        }),
      },
    };
    return [line];
  });
}

interface Closed {
  readonly marketId: MarketId;
  /** Signed as the position was: a long is closed by selling. */
  readonly lots: SizeLots;
  readonly quoteAtoms: number;
}

function closedBy({ event }: LiquidationDoc): Closed[] {
  if (event.kind === 'positionCloseOut') return [closedOut(event)];
  return event.kind === 'positionDeleveraged' ? [deleveraged(event)] : [];
}

const closedOut = ({ marketId, side, filledLots, quoteAtoms }: EventOf<'positionCloseOut'>): Closed => ({
  marketId,
  lots: side === 'sell' ? filledLots : -filledLots,
  quoteAtoms,
});

/** Whoever was deleveraged paid, when the bankrupt account was long and sold to it. */
const deleveraged = ({ marketId, sizeLots, quoteAtoms }: EventOf<'positionDeleveraged'>): Closed => ({
  marketId,
  lots: quoteAtoms > 0 ? sizeLots : -sizeLots,
  quoteAtoms,
});
