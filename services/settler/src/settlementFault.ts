import { AssertionError, type Hex } from '@keel/types';

/**
 * L1 and the sequencer tell different stories, or L1 refuses what the sequencer sealed. No later attempt mends that:
 * the process stops, because whatever it published next would be wrong.
 */
export class SettlementFault extends Error {
  override readonly name = 'SettlementFault';
}

/** L1 would revert this batch now; the message names the contract's error and its facts. */
export class BatchRefused extends Error {
  override readonly name = 'BatchRefused';
}

export function otherBatchOnL1(batchIndex: number, onL1: Hex, ours: Hex): SettlementFault {
  return new SettlementFault(`L1 has another batch ${batchIndex} (${onL1}) than the sequencer (${ours})`);
}

/** Whether a fault must stop the process, rather than be tried again. */
export function isOurFault(fault: unknown): boolean {
  return fault instanceof SettlementFault || fault instanceof AssertionError;
}
