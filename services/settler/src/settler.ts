import type { SettlementWriter } from '@keel/redis';
import { type Logger, type Metrics, type PeriodicTask, startPeriodicTask } from '@keel/runtime';
import { advanceBatch } from './advanceBatch.ts';
import { BatchProgress } from './batchProgress.ts';
import type { SettlerConfig } from './config.ts';
import { DepositFollower } from './depositFollower.ts';
import { Health } from './health.ts';
import { L1History } from './l1History.ts';
import { OperatorAccount } from './operatorAccount.ts';
import { BatchSealer, type SequencerGate } from './sealBatches.ts';
import { SettlementChain } from './settlementChain.ts';
import { isOurFault, SettlementFault } from './settlementFault.ts';
import { SettlementPublisher } from './settlementPublisher.ts';
import { openSettleQueue } from './settleQueue.ts';
import { countersIn, figuresIn, type SettlerFigures } from './settlerMetrics.ts';
import { withBackoff } from './withBackoff.ts';

/** How often it is asked whether a batch is due. */
const SEAL_CHECK_MS = 250;
const BALANCE_CHECK_MS = 10_000;
/**
 * L1 may have more batches than the sequencer only for as long as a node that was stopped and led before does not know yet
 * that another leads now.
 */
const BEHIND_L1_MS_MAX = 3_000;

export interface SettlerParts {
  readonly config: Omit<SettlerConfig, 'adminPort' | 'adminHost'>;
  readonly gate: SequencerGate;
  readonly writer: SettlementWriter;
  readonly metrics: Metrics;
  readonly log: Logger;
  /** Told a fault that no retry mends; the process is expected to end. */
  readonly fail: (fault: unknown) => void;
}

export interface Settler {
  /** Why it is not ready; empty = it is. */
  reasons(): string[];
  figures(): SettlerFigures;
  stop(): Promise<void>;
}

/**
 * Starts the settler's three tasks: propose batches, bring them onto L1 through the queue, and follow L1 (deposits in,
 * read model out). Throws StartupFault when L1, the contract or the key is not the one that was meant.
 */
export async function startSettler(parts: SettlerParts): Promise<Settler> {
  const { config, writer, log, metrics } = parts;
  const stopping = new AbortController();
  const counters = countersIn(metrics);
  const figures = figuresIn(metrics);
  const health = new Health(log, counters.l1Errors);
  const gate = watchedGate(parts.gate, health);
  const chain = new SettlementChain(config.l1, health);
  const operator = new OperatorAccount(config.l1, chain, health);
  await operator.assertOperator();
  const history = new L1History(chain, config.l1);
  const publisher = new SettlementPublisher({ writer, gate, chain, history, health, log });
  const deposits = new DepositFollower({ gate, history, startBlock: config.l1.startBlock, log });
  const progress = new BatchProgress(config.l1.resendMs);
  const sealer = new BatchSealer(config, gate, log);
  log.info({ operator: operator.address, settlement: config.l1.settlement, l1: config.l1.chainId }, 'settling');

  const queue = await openSettleQueue({
    redisUrl: config.redisUrl,
    health,
    log,
    onOurFault: parts.fail,
    advance: async (batchIndex) => {
      await advanceBatch(batchIndex, {
        config: config.l1,
        chain,
        operator,
        sealedBatch: (index) => gate.batch(index),
        onSubmitted: (index, txHash) => publisher.noteSent(index, txHash),
        log,
        stopSignal: stopping.signal,
      });
      counters.batchesSubmitted();
    },
  });

  let behindSinceMs: number | undefined;
  const refuseBehindL1 = (onL1: number, sealed: number): void => {
    if (onL1 <= sealed) {
      behindSinceMs = undefined;
      return;
    }
    const message = `L1 has ${onL1} batches, the sequencer only sealed ${sealed}`;
    behindSinceMs ??= performance.now();
    if (performance.now() - behindSinceMs < BEHIND_L1_MS_MAX) throw new Error(message);
    throw new SettlementFault(message);
  };

  const follow = async (): Promise<void> => {
    const tip = await chain.tip();
    await history.readTo(tip);
    const status = await gate.status();
    figures.batchesOnL1 = tip.batchCount;
    figures.confirmedBlock = tip.confirmedBlock;
    progress.see(tip.batchCount, status.lastBatchIndex + 1, performance.now());
    refuseBehindL1(tip.batchCount, status.lastBatchIndex + 1);
    figures.nextDepositIndex = await deposits.turn(tip, status);
    // Redis comes last: while it is away, deposits go on.
    await queue.plan(tip.batchCount, status.lastBatchIndex);
    await publisher.turn(tip, status.lastBatchIndex);
    figures.openBatches = publisher.openBatches;
  };

  const repeat = (everyMs: number, run: () => Promise<void>): PeriodicTask =>
    startPeriodicTask({
      everyMs,
      run: withBackoff(run, () => performance.now()),
      // What is away is known to `health` and logged there once; the next turn tries again.
      onFault: (fault) => {
        if (isOurFault(fault)) parts.fail(fault);
        else log.debug({ reason: String(fault) }, 'turn failed');
      },
    });
  const tasks = [
    repeat(SEAL_CHECK_MS, () => sealer.turn(performance.now(), figures.batchesOnL1)),
    repeat(config.l1.pollMs, follow),
    repeat(BALANCE_CHECK_MS, async () => {
      figures.operatorBalanceWei = await operator.balance();
    }),
  ];

  return {
    reasons: () => [
      ...health.reasons(),
      ...progress.reasons(performance.now()),
      ...(deposits.heldBack === '' ? [] : [deposits.heldBack]),
    ],
    figures: () => figures,
    stop: async () => {
      stopping.abort(new Error('the settler stops'));
      await Promise.all(tasks.map((task) => task.stop()));
      await queue.close();
    },
  };
}

function watchedGate(gate: SequencerGate, health: Health): SequencerGate {
  return {
    status: () => health.watch('the sequencer', () => gate.status()),
    batch: (batchIndex) => health.watch('the sequencer', () => gate.batch(batchIndex)),
    submit: (command) => health.watch('the sequencer', () => gate.submit(command)),
  };
}
