import { type SealedBatch, type SequencerStatus, toSequence } from '@keel/types';
import fc from 'fast-check';
import type { ClientFrame, ServerFrame } from '../src/index.ts';
import { address, assetId, feeders, hash, kind, marketId, text, UINT32_MAX, uint32, uint64 } from './arbitraryParts.ts';
import { command } from './commandArbitraries.ts';
import { eventBlock } from './eventArbitraries.ts';

const sealedBatch: fc.Arbitrary<SealedBatch> = fc
  .record({
    batchIndex: uint64,
    firstSequence: fc.integer({ min: 1, max: 2 ** 40 }).map(toSequence),
    timeMs: uint64,
    stateRoot: hash,
    commandHashes: fc.array(hash, { minLength: 1, maxLength: 5 }),
    withdrawals: fc.array(fc.record({ withdrawalIndex: uint64, recipient: address, assetId, amountAtoms: uint64 }), {
      maxLength: 3,
    }),
    nextDepositIndex: uint64,
    firstWithdrawalIndex: uint64,
    nextWithdrawalIndex: uint64,
  })
  .map((batch) => ({
    ...batch,
    lastSequence: toSequence(batch.firstSequence + batch.commandHashes.length - 1),
  }));

const sequencerStatus: fc.Arbitrary<SequencerStatus> = fc.record({
  sequence: uint64.map(toSequence),
  timeMs: uint64,
  stateRoot: hash,
  lastBatchIndex: fc.oneof(fc.constant(-1), uint64),
  nextDepositIndex: uint64,
  nextWithdrawalIndex: uint64,
  accounts: uint64,
  openOrders: uint64,
  markets: fc.array(
    fc.record({
      marketId,
      symbol: text(32),
      priceDecimals: uint32,
      maxPriceTicks: uint64,
      indexJumpPpm: uint32,
      indexTicks: uint64,
    }),
    { maxLength: 3 },
  ),
  collaterals: fc.array(
    fc.record({
      assetId,
      symbol: text(32),
      decimals: uint32,
      priceDecimals: uint32,
      maxPriceTicks: uint64,
      priceJumpPpm: uint32,
      priceTicks: uint64,
    }),
    { maxLength: 3 },
  ),
  feeders,
});

export const clientFrame: fc.Arbitrary<ClientFrame> = fc.oneof(
  fc.record({
    kind: kind('hello'),
    requestId: uint32,
    token: text(256),
    role: fc.constantFrom('gateway' as const, 'priceFeed' as const, 'settler' as const, 'operator' as const),
  }),
  fc.record({ kind: kind('submit'), requestId: uint32, command, retry: fc.boolean() }),
  fc.record({ kind: kind('batch'), requestId: uint32, batchIndex: uint64 }),
  fc.record({ kind: kind('status'), requestId: uint32 }),
);

export const serverFrame: fc.Arbitrary<ServerFrame> = fc.oneof(
  fc.record({
    kind: kind('welcome'),
    requestId: uint32,
    inFlightMax: fc.integer({ min: 1, max: UINT32_MAX }),
  }),
  fc.record({ kind: kind('submitted'), requestId: uint32, block: eventBlock, repeated: fc.boolean() }),
  fc.record({ kind: kind('batch'), requestId: uint32, batch: fc.option(sealedBatch, { nil: undefined }) }),
  fc.record({ kind: kind('status'), requestId: uint32, status: sequencerStatus }),
  fc.record({
    kind: kind('refused'),
    requestId: uint32,
    reason: fc.constantFrom(
      'overloaded' as const,
      'notAllowed' as const,
      'signatureInvalid' as const,
      'paused' as const,
      'handingOver' as const,
      'unavailable' as const,
      'outcomeUnknown' as const,
      'versionUnknown' as const,
    ),
  }),
  fc.record({
    kind: kind('notLeader'),
    requestId: uint32,
    leaderUrl: fc.option(
      text(256).filter((url) => url !== ''),
      { nil: undefined },
    ),
  }),
);
