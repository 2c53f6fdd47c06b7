import { createState, readSnapshot, writeSnapshot } from '@keel/engine';
import { joinSnapshotPayload, splitSnapshotPayload } from '@keel/journal';
import type { Hex } from '@keel/types';
import { type ExchangeParts, type OpenBatch, ZERO_HASH } from './exchange.ts';
import { createHistory, readHistory, writeHistory } from './history.ts';
import { RecentOutcomes, type WrittenOutcome } from './recentOutcomes.ts';

/** Beside the engine's bytes, see `SnapshotPayload`, as UTF-8 JSON: what the sequencer keeps. */
interface SequencerJson {
  readonly sealedRoot: Hex;
  readonly recordHash: Hex;
  readonly openBatch: OpenBatch;
  /** JSON text of the history; see `writeHistory`. */
  readonly history: string;
  /** What the newest signed commands did; not in snapshots of older versions. */
  readonly outcomes?: readonly WrittenOutcome[];
}

export function writeSnapshotPayload(parts: ExchangeParts): Uint8Array {
  const engine = writeSnapshot(parts.state);
  const json: SequencerJson = {
    sealedRoot: parts.sealedRoot,
    recordHash: parts.recordHash,
    openBatch: parts.openBatch,
    history: writeHistory(parts.history),
    outcomes: parts.recentOutcomes.write(),
  };
  return joinSnapshotPayload({ engine, rest: Buffer.from(JSON.stringify(json), 'utf8') });
}

/** Throws EngineVersionUnknown when rules newer than `engineVersionMax` are in force in it. */
export function readSnapshotPayload(bytes: Uint8Array, engineVersionMax?: number): ExchangeParts {
  const { engine, rest } = splitSnapshotPayload(bytes);
  const state = readSnapshot(engine, engineVersionMax);
  const json = JSON.parse(new TextDecoder().decode(rest)) as SequencerJson;
  const { openBatch, sealedRoot, recordHash, outcomes = [] } = json;
  const recentOutcomes = new RecentOutcomes();
  recentOutcomes.read(outcomes);
  return { state, history: readHistory(json.history, state), recentOutcomes, openBatch, sealedRoot, recordHash };
}

/** An exchange before its first command; of an older program with a lower `engineVersionMax`. */
export function emptyParts(engineVersionMax?: number): ExchangeParts {
  return {
    state: createState(engineVersionMax),
    history: createHistory(),
    recentOutcomes: new RecentOutcomes(),
    openBatch: { commandHashes: [], withdrawals: [] },
    sealedRoot: ZERO_HASH,
    recordHash: ZERO_HASH,
  };
}
