/**
 * Where the sequencer puts commands so that they survive. One node: its journal. A cluster: etcd, and the journal of
 * every node behind it. Appends are buffered; `commit` makes all of them durable at once.
 */
export interface CommandLog {
  /** Of the last appended record, committed or not; 0 = none yet. */
  readonly lastSequence: number;
  /**
   * Buffers a record and returns its hash (32 bytes): SHA-256 of previous hash, sequence (u64, big-endian) and payload.
   * Sequences follow each other without gaps.
   */
  append(sequence: number, payload: Uint8Array): Uint8Array;
  /** Whether one more record of this many bytes fits into the group that is being made; an empty group takes any. */
  hasRoom(payloadBytes: number): boolean;
  /**
   * Resolves when all that was appended before the call survives whatever the driver promises to survive. Rejects with
   * `LeadershipLost` when this node may not append any more (nothing of the group may be acknowledged, applied or
   * published by it), with any other error when what is on storage is uncertain and the process must stop.
   */
  commit(): Promise<void>;
  /** Whether what was committed may still be acknowledged by this node; asked after each group was applied. */
  mayAcknowledge(): boolean;
}

/** This node is not the leader any more, or cannot know whether it is. The group in flight has an unknown outcome. */
export class LeadershipLost extends Error {
  override readonly name = 'LeadershipLost';
}
