import { assert, type Event, type EventBlock, formatDecimal, type MarketSpec, type OrderFilled } from '@keel/types';
import type { AckAnswer, CancelAnswer, OrderAnswer, WithdrawAnswer } from '../wire/answers.ts';
import { formatPrice, formatQuote, formatSize } from './formatMarket.ts';

/** Decimals of an average price beyond those of a tick. */
const AVERAGE_DECIMALS_MORE = 4;

export function formatAck(block: EventBlock): AckAnswer {
  return { status: 'acked', durability: 'acked', sequence: block.sequence };
}

/** What became of an order within its own command. Later fills arrive on the account's channel. */
export function formatOrder(block: EventBlock, spec: MarketSpec): OrderAnswer {
  const accepted = find(block, 'orderAccepted');
  const { orderId, sizeLots } = accepted;
  const fills = block.events.filter(
    (event): event is OrderFilled => event.kind === 'orderFilled' && event.takerOrderId === orderId,
  );
  const filledLots = fills.reduce((lots, fill) => lots + fill.sizeLots, 0);
  const closed = block.events.findLast((event) => event.kind === 'orderClosed' && event.orderId === orderId);
  const closeReason = closed?.kind === 'orderClosed' ? closed.reason : null;
  return {
    ...formatAck(block),
    orderId: String(orderId),
    clientOrderId: accepted.clientOrderId,
    state: closeReason === null ? 'resting' : closeReason === 'filled' ? 'filled' : 'closed',
    closeReason,
    filledSize: formatSize(filledLots, spec),
    averagePrice: averagePrice(fills, filledLots, spec),
    remainingSize: formatSize(sizeLots - filledLots, spec),
    fills: fills.map((fill) => ({
      tradeId: String(fill.tradeId),
      price: formatPrice(fill.priceTicks, spec),
      size: formatSize(fill.sizeLots, spec),
      fee: formatQuote(fill.takerFeeAtoms),
      realisedPnl: formatQuote(fill.takerRealisedPnlAtoms),
    })),
  };
}

export function formatCancel(block: EventBlock): CancelAnswer {
  const ids = block.events.flatMap((event) =>
    event.kind === 'orderClosed' && event.reason === 'cancelledByOwner' ? [String(event.orderId)] : [],
  );
  return { ...formatAck(block), cancelledOrderIds: ids };
}

export function formatWithdraw(block: EventBlock): WithdrawAnswer {
  return { ...formatAck(block), withdrawalIndex: find(block, 'withdrawalRequested').withdrawalIndex };
}

/** Sum of ticks times lots may leave the safe integers, so it is a bigint. */
function averagePrice(fills: readonly OrderFilled[], filledLots: number, spec: MarketSpec): string | null {
  if (filledLots === 0) return null;
  let ticksTimesLots = 0n;
  for (const fill of fills) ticksTimesLots += BigInt(fill.priceTicks) * BigInt(fill.sizeLots);
  const scaled = (ticksTimesLots * 10n ** BigInt(AVERAGE_DECIMALS_MORE)) / BigInt(filledLots);
  return formatDecimal(scaled, spec.priceDecimals + AVERAGE_DECIMALS_MORE);
}

function find<Kind extends Event['kind']>(block: EventBlock, kind: Kind): Extract<Event, { readonly kind: Kind }> {
  const event = block.events.find((candidate) => candidate.kind === kind);
  assert(event !== undefined, `command ${block.sequence} was taken without ${kind}`);
  return event as Extract<Event, { readonly kind: Kind }>;
}
