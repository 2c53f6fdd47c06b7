import { type Event, REJECT_CODES, type RejectCode, toSequence } from '@keel/types';
import type { EngineState } from '../state.ts';

/** Ends the open batch with this command. Refused while nothing but refused seals came after the last one. */
export function sealBatch(state: EngineState, events: Event[]): RejectCode | undefined {
  if (state.unsealedCommands === 0) return REJECT_CODES.BATCH_EMPTY;

  events.push({
    kind: 'batchSealed',
    batchIndex: state.nextBatchIndex,
    firstSequence: toSequence(state.sealedSequence + 1),
    lastSequence: toSequence(state.sequence),
    nextDepositIndex: state.nextDepositIndex,
    firstWithdrawalIndex: state.batchFirstWithdrawalIndex,
    nextWithdrawalIndex: state.nextWithdrawalIndex,
  });
  state.nextBatchIndex += 1;
  state.sealedSequence = state.sequence;
  state.batchFirstWithdrawalIndex = state.nextWithdrawalIndex;
  state.unsealedCommands = 0;
  return undefined;
}
