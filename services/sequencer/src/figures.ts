import type { SequencerWatch } from '@keel/cluster';
import { readOpenOrderCount } from '@keel/engine';
import type { Exchange } from '@keel/replica';
import { LATENCY_BUCKETS_SECONDS, type Metrics } from '@keel/runtime';
import { type Command, type Event, rejectName } from '@keel/types';
import type { ReadModelPublisher } from './publishReadModel.ts';

const GROUP_BUCKETS: readonly number[] = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 4_096];

/** The sequencer's metrics; README.md says what to look at. */
export type Figures = ReturnType<typeof createFigures>;

export function createFigures(metrics: Metrics, exchange: Exchange) {
  metrics.gauge({
    name: 'keel_sequencer_sequence',
    help: 'Sequence number of the last applied command.',
    collect: () => exchange.state.sequence,
  });
  metrics.gauge({
    name: 'keel_sequencer_last_batch_index',
    help: 'Index of the last sealed batch, -1 before the first.',
    collect: () => exchange.lastBatchIndex,
  });
  metrics.gauge({
    name: 'keel_sequencer_open_orders',
    help: 'Open orders: resting, waiting for a trigger, traded in slices.',
    collect: () => readOpenOrderCount(exchange.state),
  });
  return {
    commands: metrics.counter({
      name: 'keel_sequencer_commands_total',
      help: 'Applied commands by kind and result: accepted or the reject code.',
      labelNames: ['kind', 'result'],
    }),
    overloaded: metrics.counter({
      name: 'keel_sequencer_overloaded_total',
      help: 'Commands turned away because the queue was full.',
    }),
    commitSeconds: metrics.histogram({
      name: 'keel_sequencer_commit_seconds',
      help: 'From taking a command to its acknowledgement: queue, flush, apply.',
      buckets: LATENCY_BUCKETS_SECONDS,
    }),
    flushSeconds: metrics.histogram({
      name: 'keel_sequencer_flush_seconds',
      help: 'One journal write and fdatasync.',
      buckets: LATENCY_BUCKETS_SECONDS,
    }),
    applySeconds: metrics.histogram({
      name: 'keel_sequencer_apply_seconds',
      help: 'Applying one group of commands.',
      buckets: LATENCY_BUCKETS_SECONDS,
    }),
    groupCommands: metrics.histogram({
      name: 'keel_sequencer_group_commands',
      help: 'Commands per journal flush.',
      buckets: GROUP_BUCKETS,
    }),
    invariantsSeconds: metrics.histogram({
      name: 'keel_sequencer_invariants_seconds',
      help: 'The full check of the state at a sealed batch.',
      buckets: LATENCY_BUCKETS_SECONDS,
    }),
    snapshotSeconds: metrics.histogram({
      name: 'keel_sequencer_snapshot_seconds',
      help: 'Making a snapshot in a thread of its own, from reading to writing.',
      buckets: LATENCY_BUCKETS_SECONDS,
    }),
    recoverySeconds: metrics.gauge({
      name: 'keel_sequencer_recovery_seconds',
      help: 'Duration of the last start: snapshot and tail of the journal.',
    }),
  };
}

/** Turns what the sequencer does into metrics. */
export function watchSequencer(figures: Figures): SequencerWatch {
  return {
    overloaded: () => figures.overloaded.inc(),
    acknowledged: (command, events, sinceTakenMs) => {
      figures.commitSeconds.observe(sinceTakenMs / 1_000);
      countCommand(figures, command, events);
    },
    group: (commands, commitMs, applyMs) => {
      figures.groupCommands.observe(commands);
      figures.flushSeconds.observe(commitMs / 1_000);
      figures.applySeconds.observe(applyMs / 1_000);
    },
    checked: (ms) => figures.invariantsSeconds.observe(ms / 1_000),
  };
}

function countCommand(figures: Figures, command: Command, events: readonly Event[]): void {
  const refusal = events.find((event) => event.kind === 'commandRejected');
  const result = refusal === undefined ? 'accepted' : (rejectName(refusal.code) ?? String(refusal.code));
  figures.commands.inc({ kind: command.kind, result });
}

/** Shows how far the read model is behind. */
export function watchReadModel(metrics: Metrics, publisher: () => ReadModelPublisher | undefined): void {
  metrics.gauge({
    name: 'keel_sequencer_redis_lag_commands',
    help: 'Commands applied but not yet in the read model.',
    collect: () => publisher()?.lagCommands ?? 0,
  });
  metrics.gauge({
    name: 'keel_sequencer_redis_connected',
    help: '1 while the connection to Redis is up, else 0.',
    collect: () => (publisher()?.connected === true ? 1 : 0),
  });
  metrics.counter({
    name: 'keel_sequencer_redis_rebuilds_total',
    help: 'Times the whole read model was written since the start; the first is the start itself.',
    collect: () => publisher()?.rebuilds ?? 0,
  });
}
