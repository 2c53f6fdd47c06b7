import { mulDivFloor, type OrderId, type TimeMs } from '@keel/types';
import type { OrderRecord } from '../orders/orderRecord.ts';
import type { EngineState } from '../state.ts';
import { addToQueue, sweepQueue } from './idQueue.ts';

/** Lets time find a TWAP order when its next slice is due. */
export function watchSlice(state: EngineState, order: OrderRecord): void {
  const { slices, waiting } = state;
  sweepQueue(slices, waiting.size, (_, id) => waiting.has(id as OrderId));
  addToQueue(slices, nextSliceMs(order), order.orderId);
}

/** When the slice after those whose time has come is due: the first at the start, the last at the end. Rounded down. */
function nextSliceMs({ twapStartMs, twapDurationMs, twapSlices, twapSlicesDone }: OrderRecord): TimeMs {
  return twapStartMs + mulDivFloor(twapDurationMs, twapSlicesDone, twapSlices - 1);
}
