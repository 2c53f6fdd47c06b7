import type { Logger } from '@keel/runtime';
import { type BatchHeader, batchHash, batchHeader, ZERO_HASH } from '@keel/state-tree';
import type { Hex, SealedBatch } from '@keel/types';
import type { L1Config } from './config.ts';
import type { OperatorAccount, SentBatch } from './operatorAccount.ts';
import { pause } from './pause.ts';
import type { SettlementChain } from './settlementChain.ts';
import { BatchRefused, otherBatchOnL1, SettlementFault } from './settlementFault.ts';

export interface AdvanceBatchParts {
  readonly config: L1Config;
  readonly chain: SettlementChain;
  readonly operator: OperatorAccount;
  /** The sequencer's word for a batch; undefined = not sealed. */
  readonly sealedBatch: (batchIndex: number) => Promise<SealedBatch | undefined>;
  /** Told of a transaction before it leaves. */
  readonly onSubmitted: (batchIndex: number, txHash: Hex) => void;
  readonly log: Logger;
  readonly stopSignal: AbortSignal;
}

/**
 * Brings one batch onto L1. May be called at any time, twice at once, and again after a crash at any point: what the
 * contract holds decides what is left to do.
 * - The contract has the batch: nothing, if it is ours; else SettlementFault.
 * - The batch before it is missing: rejects, to be tried again later.
 * - Otherwise the batch is sent, and the call resolves when the contract has it.
 */
export async function advanceBatch(batchIndex: number, parts: AdvanceBatchParts): Promise<void> {
  const tip = await parts.chain.tip();
  if (tip.batchCount > batchIndex) return assertOurs(batchIndex, parts);
  if (tip.batchCount < batchIndex) throw new Error(`batch ${batchIndex} waits for batch ${tip.batchCount}`);

  const sealed = await parts.sealedBatch(batchIndex);
  // A queue that outlived its sequencer's journal may hold such a job; it comes to nothing.
  if (sealed === undefined) throw new Error(`batch ${batchIndex} is not sealed`);
  const header = batchHeader(sealed, tip.lastBatchHash);
  const sent = await send(header, parts);
  if (sent === undefined) return assertOurs(batchIndex, parts);
  parts.log.info({ batchIndex, txHash: sent.txHash, nonce: sent.nonce }, 'batch sent');
  await waitUntilMined(header, sent, parts);
  await assertOurs(batchIndex, parts);
  parts.log.info({ batchIndex, txHash: sent.txHash, lastSequence: header.lastSequence }, 'batch is on L1');
}

/** Undefined if the contract has got the batch meanwhile. */
async function send(header: BatchHeader, parts: AdvanceBatchParts): Promise<SentBatch | undefined> {
  try {
    return await parts.operator.sendBatch(header, (txHash) => parts.onSubmitted(header.batchIndex, txHash));
  } catch (fault) {
    if (!(fault instanceof BatchRefused)) throw fault;
    const tip = await parts.chain.tip();
    if (tip.batchCount > header.batchIndex) return undefined;
    // The refusal is of another chain than the one that the header was made for.
    if (tip.batchCount < header.batchIndex || tip.lastBatchHash !== header.prevBatchHash)
      throw new Error(`L1 went back before batch ${header.batchIndex} was sent`);
    throw new SettlementFault(`L1 refuses batch ${header.batchIndex}: ${fault.message}`);
  }
}

async function waitUntilMined(header: BatchHeader, sent: SentBatch, parts: AdvanceBatchParts): Promise<void> {
  const { chain, config, operator, stopSignal } = parts;
  const givenUpMs = performance.now() + config.resendMs;
  while (performance.now() < givenUpMs) {
    if ((await chain.tip()).batchCount > header.batchIndex) return;
    if ((await operator.minedNonce()) > sent.nonce) {
      // The nonce is used up. By our batch, mined between the two questions, or by something else.
      if ((await chain.tip()).batchCount > header.batchIndex) return;
      if (await operator.wasReverted(sent.txHash))
        throw new SettlementFault(`L1 reverted batch ${header.batchIndex} in transaction ${sent.txHash}`);
      throw new Error(`another transaction took nonce ${sent.nonce} of the operator`);
    }
    await pause(config.pollMs, stopSignal);
  }
  throw new Error(`batch ${header.batchIndex} was not mined in ${config.resendMs} ms`);
}

/** The contract's batch and the one that the sequencer sealed must be the same, to the last field. */
async function assertOurs(batchIndex: number, parts: AdvanceBatchParts): Promise<void> {
  const prevBatchHash = batchIndex === 0 ? ZERO_HASH : await parts.chain.batchHashAt(batchIndex - 1);
  const onL1 = await parts.chain.batchHashAt(batchIndex);
  const sealed = await parts.sealedBatch(batchIndex);
  if (sealed === undefined) throw new SettlementFault(`L1 has batch ${batchIndex}, which the sequencer never sealed`);
  const ours = batchHash(batchHeader(sealed, prevBatchHash));
  if (onL1 !== ours) throw otherBatchOnL1(batchIndex, onL1, ours);
}
