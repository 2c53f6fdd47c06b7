import { type Disk, type Journal, openJournal, parseSnapshot, type ReceivedRecord, writeSnapshot } from '@keel/journal';
import { type BatchStore, toHex } from '@keel/replica';
import type { SealedBatch } from '@keel/types';
import type { Say } from './say.ts';

/** Another node's disk, as far as it shows it. All reject with an error that names the node. */
export interface Peer {
  readonly nodeId: string;
  /** Of the last command in its journal. */
  readonly durableSequence: number;
  /** The bytes of its newest snapshot file, undefined if it has none. */
  snapshot(): Promise<Buffer | undefined>;
  /** Its journal from a sequence on, each record continuing the one before. */
  records(fromSequence: number): AsyncIterable<ReceivedRecord>;
  /** Its sealed batches from an index on, as many as it has. */
  batches(fromIndex: number): AsyncIterable<SealedBatch>;
}

export interface JoinOptions {
  readonly dataDir: string;
  readonly disk: Disk;
  readonly batches: BatchStore;
  /** First command that the log of the cluster still holds. */
  readonly logFirstSequence: number;
  /** Best one first. */
  readonly peers: readonly Peer[];
  readonly say: Say;
}

/** No node that could be asked has what this one lacks. */
export class JoinFailed extends Error {
  override readonly name = 'JoinFailed';
}

const FLUSH_EVERY_RECORDS = 4_096;
const TELL_EVERY_RECORDS = 100_000;

/**
 * Fills the data directory of a node that was away for longer than the log reaches back: another node's newest snapshot,
 * and all that its journal has beyond this one's, each record held to the hash chain. What was fetched before a
 * connection broke is kept. Does nothing when the log begins where the journal ends. Throws JoinFailed.
 */
export async function joinFromPeers(options: JoinOptions): Promise<void> {
  const { dataDir, disk, logFirstSequence, peers, say } = options;
  const journal = await openJournal(dataDir, { disk });
  try {
    const reasons: string[] = [];
    for (const peer of peers) {
      if (journal.lastSequence + 1 >= logFirstSequence) return;
      if (peer.durableSequence + 1 < logFirstSequence) {
        reasons.push(`${peer.nodeId} ends at ${peer.durableSequence} itself`);
        continue;
      }
      say('info', 'fetching what the log does not hold any more', { from: peer.nodeId, after: journal.lastSequence });
      await fetchFrom(peer, journal, options).catch((fault: unknown) =>
        reasons.push(`${peer.nodeId}: ${String(fault)}`),
      );
    }
    if (journal.lastSequence + 1 >= logFirstSequence) return;
    throw new JoinFailed(
      `the log begins with command ${logFirstSequence}, this node has ${journal.lastSequence}, and no other node gave ` +
        `what is between: ${reasons.join('; ') || 'none is running'}`,
    );
  } finally {
    await journal.close();
  }
}

async function fetchFrom(peer: Peer, journal: Journal, { dataDir, disk, batches, say }: JoinOptions): Promise<void> {
  let fetched = 0;
  for await (const { sequence, previousHash, payload } of peer.records(journal.lastSequence + 1)) {
    if (sequence !== journal.lastSequence + 1 || Buffer.compare(previousHash, journal.lastHash) !== 0)
      throw new JoinFailed(`command ${sequence} of ${peer.nodeId} does not continue this node's journal`);
    journal.append(sequence, payload);
    fetched += 1;
    if (fetched % FLUSH_EVERY_RECORDS === 0) await journal.flush();
    if (fetched % TELL_EVERY_RECORDS === 0)
      say('info', 'fetching records', { sequence, of: peer.durableSequence, from: peer.nodeId });
  }
  await journal.flush();
  const bytes = await peer.snapshot();
  const snapshot = bytes === undefined ? undefined : parseSnapshot(bytes);
  // A snapshot that is not whole is passed over: the journal alone leads to the same state, only later.
  if (typeof snapshot === 'string')
    say('warn', 'the snapshot of another node is damaged', { from: peer.nodeId, snapshot });
  else if (snapshot !== undefined && snapshot.sequence <= journal.lastSequence) {
    await writeSnapshot(dataDir, snapshot, disk);
    // A replay from the snapshot does not seal the batches before it again. Those behind it may be behind this journal too,
    // which would then look as if it had been cut: the other node goes on while it is asked.
    for await (const batch of peer.batches(batches.lastIndex + 1)) {
      if (batch.lastSequence > snapshot.sequence) break;
      assertOfJournal(batch, batches.lastIndex + 1, journal, peer.nodeId);
      await batches.put(batch);
    }
  }
  say('info', 'fetched what was missing', { from: peer.nodeId, records: fetched, lastSequence: journal.lastSequence });
}

/** A batch goes to the settler one day, so it is held to the journal, which was held to its hashes. Throws JoinFailed. */
function assertOfJournal(batch: SealedBatch, index: number, journal: Journal, nodeId: string): void {
  const { batchIndex, firstSequence, lastSequence, commandHashes } = batch;
  const own = journal.recordHashes(firstSequence, lastSequence).map(toHex);
  if (batchIndex !== index || own.length !== commandHashes.length || own.some((hash, at) => hash !== commandHashes[at]))
    throw new JoinFailed(`batch ${batchIndex} of ${nodeId} is not made of what its journal holds`);
}
