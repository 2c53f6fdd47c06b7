import type { Checkpoint, NodeReport } from '@keel/codec';
import type { Identity, Journal } from '@keel/journal';
import type { Exchange } from '@keel/replica';
import packageJson from '../package.json' with { type: 'json' };
import type { SequencerConfig } from './config.ts';
import type { SnapshotKeeper } from './keepSnapshots.ts';

export const VERSION = packageJson.version;

export interface SoloReportSources {
  readonly config: SequencerConfig;
  readonly identity: Identity;
  readonly journal: Journal;
  readonly exchange: Exchange;
  readonly snapshots: SnapshotKeeper;
  readonly checkpoint: Checkpoint | undefined;
}

/** What a node alone would tell others, so that operators read one form. */
export function soloReport(sources: SoloReportSources): NodeReport {
  const { config, identity, journal, exchange, snapshots, checkpoint } = sources;
  return {
    nodeId: 'solo',
    instanceId: `0x${'0'.repeat(32)}`,
    directoryId: `0x${identity.directoryId}`,
    role: 'leading',
    notStanding: '',
    intakeUrl: `ws://${config.intakeHost}:${config.intakePort}`,
    adminUrl: `http://${config.adminHost}:${config.adminPort}`,
    sequence: exchange.state.sequence,
    durableSequence: journal.durableSequence,
    snapshotSequence: snapshots.maker.lastSequence,
    height: 0,
    wallMs: Date.now(),
    version: packageJson.version,
    engineVersion: config.engineVersionMax,
    checkpoint,
  };
}
