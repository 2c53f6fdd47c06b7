import { BATCH_ITEMS_MAX } from '@keel/types';
import { ApiError } from '../errors.ts';

/** Throws BATCH_SIZE_INVALID unless there are 1 to BATCH_ITEMS_MAX items; here, so that it costs no nonce. */
export function refuseBatchSize(items: readonly unknown[], path: string): void {
  if (items.length >= 1 && items.length <= BATCH_ITEMS_MAX) return;
  throw new ApiError('BATCH_SIZE_INVALID', { path, itemsMax: BATCH_ITEMS_MAX });
}
