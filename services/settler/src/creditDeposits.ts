import type { Logger } from '@keel/runtime';
import { REJECT_CODES, rejectName } from '@keel/types';
import type { SequencerGate } from './sealBatches.ts';
import type { DepositSeen } from './settlementChain.ts';

/**
 * Hands confirmed deposits to the sequencer, in order of index, each once: what is below the sequencer's own next index
 * is credited already. Nothing is kept here, so a crash between two of them loses and repeats nothing. Returns the next
 * index that the sequencer waits for.
 */
export async function creditDeposits(
  deposits: readonly DepositSeen[],
  nextDepositIndex: number,
  gate: Pick<SequencerGate, 'submit'>,
  log: Logger,
): Promise<number> {
  let next = nextDepositIndex;
  for (const { depositIndex, account, amountAtoms, blockNumber, txHash } of deposits) {
    if (depositIndex < next) continue;
    // An event before it was not seen; whoever calls finds that out.
    if (depositIndex > next) return next;
    const { events, sequence } = await gate.submit({
      kind: 'creditDeposit',
      depositIndex,
      owner: account,
      amountAtoms,
      l1BlockNumber: blockNumber,
      l1TxHash: txHash,
    });
    const refusal = events.find((event) => event.kind === 'commandRejected');
    // Another process credited meanwhile: the next turn starts from what the sequencer says then.
    if (refusal?.code === REJECT_CODES.DEPOSIT_OUT_OF_ORDER) return next;
    if (refusal === undefined) log.info({ depositIndex, account, amountAtoms, seq: sequence }, 'deposit credited');
    else log.warn({ depositIndex, account, amountAtoms, code: rejectName(refusal.code) }, 'deposit refused');
    next = depositIndex + 1;
  }
  return next;
}
