import type { Snapshot } from '@keel/journal';
import type { Hex } from '@keel/types';
import type { Exchange } from './exchange.ts';
import { writeSnapshotPayload } from './snapshotPayload.ts';

/** The exchange as it is now, as a snapshot. Takes as long as the state is large, during which nothing can be applied. */
export function snapshotOf(exchange: Exchange): Snapshot {
  return {
    sequence: exchange.state.sequence,
    recordHash: bytesOf(exchange.parts.recordHash),
    stateRoot: bytesOf(exchange.stateRoot()),
    payload: writeSnapshotPayload(exchange.parts),
  };
}

function bytesOf(hex: Hex): Uint8Array {
  return Buffer.from(hex.slice(2), 'hex');
}
