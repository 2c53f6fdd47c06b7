import type { Peer } from '@keel/cluster';
import type { ReceivedRecord } from '@keel/journal';

/** What a running node lacks and the log has lost, from one node after the other until all was asked. */
export async function* fetchRecords(
  peers: readonly Peer[],
  fromSequence: number,
  onFetched: () => void,
): AsyncGenerator<ReceivedRecord> {
  let next = fromSequence;
  for (const peer of peers) {
    if (peer.durableSequence < next) continue;
    try {
      for await (const record of peer.records(next)) {
        next = record.sequence + 1;
        yield record;
      }
    } catch {
      // The next one is asked for the rest.
    }
  }
  if (next > fromSequence) onFetched();
}
