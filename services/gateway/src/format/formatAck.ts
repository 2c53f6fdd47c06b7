import type { Submitted } from '@keel/intake';
import { type Event, type EventBlock, rejectName } from '@keel/types';
import { ApiError } from '../errors.ts';
import type {
  AckAnswer,
  CancelAllAfterAnswer,
  CancelAnswer,
  CancelledItem,
  CancelsAnswer,
  FundSafetyAnswer,
  RefusedItem,
  TransferAnswer,
  WithdrawAnswer,
} from '../wire/answers.ts';
import { findEvent } from './findEvent.ts';
import { formatQuote } from './formatMarket.ts';

export function formatAck({ sequence, timeMs, repeated = false }: Submitted): AckAnswer {
  return { status: 'acked', durability: 'acked', repeated, sequence, timeMs };
}

export function formatCancel(block: Submitted): CancelAnswer {
  return { ...formatAck(block), cancelledOrderIds: cancelledOrderIds(block) };
}

export function formatCancels(block: Submitted): CancelsAnswer {
  const items = block.events.flatMap((event): (CancelledItem | RefusedItem)[] => {
    if (event.kind !== 'batchItem') return [];
    return [event.code === 0 ? { orderId: String(event.orderId) } : formatRefused(event)];
  });
  return { ...formatAck(block), items, cancelledOrderIds: cancelledOrderIds(block) };
}

/**
 * Orders closed by the command: those it named, and the linked ones that went with them. What ended before it in the same
 * block ended for its own reasons.
 */
function cancelledOrderIds({ events }: EventBlock): string[] {
  const first = events.findIndex((event) => event.kind === 'orderClosed' && event.reason === 'cancelledByOwner');
  if (first === -1) return [];
  return events.slice(first).flatMap((event) => {
    if (event.kind !== 'orderClosed') return [];
    return event.reason === 'cancelledByOwner' || event.reason === 'linkedOrder' ? [String(event.orderId)] : [];
  });
}

/** One item of a batch that was refused, as a whole request would be. */
export function formatRefused({ item, code }: Extract<Event, { readonly kind: 'batchItem' }>): RefusedItem {
  return { error: new ApiError(rejectName(code) ?? 'INTERNAL', { item }).body() };
}

export function formatCancelAllAfter(block: Submitted): CancelAllAfterAnswer {
  return { ...formatAck(block), deadline: findEvent(block, 'cancelAllAfterSet').deadlineMs };
}

export function formatWithdraw(block: Submitted): WithdrawAnswer {
  return { ...formatAck(block), withdrawalIndex: findEvent(block, 'withdrawalRequested').withdrawalIndex };
}

/** Accounts are opened by transfers only where a command has one, so an opening in its block is its own. */
export function formatTransfer(block: Submitted): TransferAnswer {
  const { toAccountId } = findEvent(block, 'transferred');
  const opened = block.events.some((event) => event.kind === 'accountOpened');
  return { ...formatAck(block), accountId: String(toAccountId), opened };
}

export function formatFundSafety(block: Submitted): FundSafetyAnswer {
  return { ...formatAck(block), balance: formatQuote(findEvent(block, 'safetyFunded').balanceAtoms) };
}
