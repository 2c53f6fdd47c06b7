import type { Peer } from '@keel/cluster';
import type { NodeReport } from '@keel/codec';
import { readRecordFrames } from '@keel/journal';
import type { SealedBatch } from '@keel/types';
import { readLines } from './readLines.ts';

/** Nothing came for so long: the node is asked no more. */
const SILENCE_MS = 10_000;
/** A snapshot beyond it is no snapshot of ours: a million accounts take about a gigabyte of memory and less on disk. */
const SNAPSHOT_BYTES_MAX = 4 * 1024 ** 3;

/** What another node shows of its disk on its admin port. */
export function httpPeer({ nodeId, adminUrl, durableSequence }: NodeReport, token: string): Peer {
  const get = async (path: string): Promise<Response> => {
    const response = await fetch(new URL(path, adminUrl), { headers: { authorization: `Bearer ${token}` } });
    if (response.ok || response.status === 404) return response;
    throw new Error(`${adminUrl}${path} answered ${response.status}`);
  };
  return {
    nodeId,
    durableSequence,
    async snapshot() {
      const response = await get('/replica/snapshot');
      if (response.status === 404) return undefined;
      const chunks: Uint8Array[] = [];
      let bytes = 0;
      for await (const chunk of bodyOf(response)) {
        chunks.push(chunk);
        bytes += chunk.length;
        if (bytes > SNAPSHOT_BYTES_MAX) throw new Error(`the snapshot of ${nodeId} is larger than any can be`);
      }
      return Buffer.concat(chunks);
    },
    async *records(fromSequence) {
      const response = await get(`/replica/records?from=${fromSequence}`);
      if (response.ok) yield* readRecordFrames(bodyOf(response), adminUrl);
    },
    async *batches(fromIndex) {
      const response = await get(`/replica/batches?from=${fromIndex}`);
      if (!response.ok) return;
      for await (const line of readLines(bodyOf(response))) yield JSON.parse(line) as SealedBatch;
    },
  };
}

/** Rejects when nothing comes for long. */
async function* bodyOf(response: Response): AsyncGenerator<Uint8Array> {
  const reader = response.body?.getReader();
  if (reader === undefined) return;
  for (;;) {
    let timer: NodeJS.Timeout | undefined;
    const silence = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`${response.url} has fallen silent`)), SILENCE_MS);
    });
    const { done, value } = await Promise.race([reader.read(), silence]).finally(() => clearTimeout(timer));
    if (done) return;
    yield value;
  }
}
