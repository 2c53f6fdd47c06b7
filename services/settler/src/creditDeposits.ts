import type { Logger } from '@keel/runtime';
import { type AssetId, REJECT_CODES, rejectName } from '@keel/types';
import type { SequencerGate } from './sealBatches.ts';
import type { DepositSeen } from './settlementChain.ts';

/**
 * Hands confirmed deposits to the sequencer, in order of index, each once: what is below the sequencer's own next index
 * is credited already. Nothing is kept here, so a crash between two of them loses and repeats nothing. Stops at a deposit
 * of an asset that the sequencer has not listed: it would refuse it, and credits none out of order. Returns the next
 * index that the sequencer waits for.
 */
export async function creditDeposits(
  deposits: readonly DepositSeen[],
  nextDepositIndex: number,
  listed: ReadonlySet<AssetId>,
  gate: Pick<SequencerGate, 'submit'>,
  log: Logger,
): Promise<number> {
  let next = nextDepositIndex;
  for (const { depositIndex, account, assetId, amountAtoms, blockNumber, txHash } of deposits) {
    if (depositIndex < next) continue;
    // An event before it was not seen; whoever calls finds that out.
    if (depositIndex > next) return next;
    if (assetId !== 0 && !listed.has(assetId)) return next;
    const { events, sequence } = await gate.submit({
      kind: 'creditDeposit',
      depositIndex,
      owner: account,
      assetId,
      amountAtoms,
      l1BlockNumber: blockNumber,
      l1TxHash: txHash,
    });
    const refusal = events.find((event) => event.kind === 'commandRejected');
    // Another process credited meanwhile: the next turn starts from what the sequencer says then.
    if (refusal?.code === REJECT_CODES.DEPOSIT_OUT_OF_ORDER) return next;
    if (refusal === undefined)
      log.info({ depositIndex, account, assetId, amountAtoms, seq: sequence }, 'deposit credited');
    else log.warn({ depositIndex, account, assetId, amountAtoms, code: rejectName(refusal.code) }, 'deposit refused');
    next = depositIndex + 1;
  }
  return next;
}
