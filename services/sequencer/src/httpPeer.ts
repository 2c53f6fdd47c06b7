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
    const headers = { authorization: `Bearer ${token}` };
    // A node answers itself; whoever sends us on shall not get the token.
    const asked = fetch(new URL(path, adminUrl), { headers, redirect: 'error' });
    const response = await orSilence(asked, `${adminUrl}${path}`);
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
  try {
    for (;;) {
      const { done, value } = await orSilence(reader.read(), response.url);
      if (done) return;
      yield value;
    }
  } finally {
    // Whoever wants no more, or waits no longer, leaves no connection open. What comes of it tells nobody anything.
    reader.cancel().catch(() => undefined);
  }
}

function orSilence<Value>(coming: Promise<Value>, from: string): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${from} has fallen silent`)), SILENCE_MS);
  });
  return Promise.race([coming, silence]).finally(() => clearTimeout(timer));
}
