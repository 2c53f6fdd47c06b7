import { assert, type Event, type EventBlock, type MarketSpec, notionalAtoms, type OrderFilled } from '@keel/types';
import type { AckAnswer, CancelAnswer, OrderAnswer, WithdrawAnswer } from '../wire/answers.ts';
import { formatAveragePrice } from './formatAveragePrice.ts';
import { formatPrice, formatQuote, formatSize } from './formatMarket.ts';

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
    averagePrice: formatAveragePrice(costAtoms(fills, spec), filledLots, spec),
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

/** What the fills cost together; the sum may leave the safe integers, so it is a bigint. */
function costAtoms(fills: readonly OrderFilled[], spec: MarketSpec): bigint {
  let atoms = 0n;
  for (const fill of fills) atoms += BigInt(notionalAtoms(spec, fill.priceTicks, fill.sizeLots));
  return atoms;
}

function find<Kind extends Event['kind']>(block: EventBlock, kind: Kind): Extract<Event, { readonly kind: Kind }> {
  const event = block.events.find((candidate) => candidate.kind === kind);
  assert(event !== undefined, `command ${block.sequence} was taken without ${kind}`);
  return event as Extract<Event, { readonly kind: Kind }>;
}
