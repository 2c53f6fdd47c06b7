import { startEtcd } from '@keel/test-servers';
import { openEtcd } from '../src/index.ts';
import { bytes } from './words.ts';

/** Fenced appends, one in flight, against real etcd: `node packages/etcd/test/measure.ts [seconds] [folder]`. */
const seconds = Number(process.argv[2] ?? 5);
const dir = process.argv[3];

for (const nodes of [1, 3] as const) {
  const etcd = await startEtcd({ nodes, ...(dir === undefined ? {} : { dir }) });
  const store = openEtcd({ endpoints: etcd.endpoints });
  const stood = await store.transact([], [{ kind: 'put', key: 'leader', value: bytes('ann') }]);
  let height = 0;
  for (const size of [160, 16_384]) {
    const value = new Uint8Array(size).fill(7);
    const times: number[] = [];
    const end = performance.now() + seconds * 1_000;
    while (performance.now() < end) {
      const key = `log/${String(height++).padStart(16, '0')}`;
      const startMs = performance.now();
      const { succeeded } = await store.transact(
        [
          { key: 'leader', createRevision: stood.revision },
          { key, createRevision: 0 },
        ],
        [{ kind: 'put', key, value }],
      );
      if (!succeeded) throw new Error('an append of the only leader failed');
      times.push(performance.now() - startMs);
    }
    times.sort((a, b) => a - b);
    const at = (part: number): string => (times[Math.floor(times.length * part)] ?? 0).toFixed(2);
    console.log(`${nodes} nodes, ${size} bytes: ${times.length} appends, p50 ${at(0.5)} ms, p99 ${at(0.99)} ms`);
  }
  store.close();
  await etcd.stop();
}
