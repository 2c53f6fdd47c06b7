import type { ReceivedRecord } from '@keel/journal';
import { startEtcd } from '@keel/test-servers';
import { expect, test } from 'vitest';
import { clusterKeys, numberedKey } from '../src/index.ts';
import { leaderOf, openNode, until } from './nodeUnderTest.ts';

test('a node whose log begins later fetches the rest from a journal while commands go on, and follows', async () => {
  const etcd = await startEtcd({ nodes: 1 });
  const keys = clusterKeys('fetch');
  const a = await openNode('a', etcd.endpoints, { keys });
  await a.node.start();
  const leader = await leaderOf([a]);
  const submit = () => leader.sequencer()!.submit({ kind: 'advanceTime' });
  for (let count = 0; count < 300; count += 1) await submit();
  await a.replica.journal.flush();

  const { height } = a.replica;
  const kept = numberedKey(keys.log, height - 5);
  await a.store.transact([], [{ kind: 'delete', key: keys.log.start, end: kept }]);
  let fetches = 0;
  const c = await openNode('c', etcd.endpoints, {
    keys,
    fetchMissing: async function* (from): AsyncGenerator<ReceivedRecord> {
      fetches += 1;
      let previousHash: Uint8Array =
        from === 1 ? new Uint8Array(32) : [...a.replica.journal.read(from - 1)][0]!.recordHash;
      for (const record of [...a.replica.journal.read(from)]) {
        // The first connection breaks half-way: what it brought is kept.
        if (fetches === 1 && record.sequence > 100) return;
        yield { ...record, previousHash };
        previousHash = record.recordHash;
      }
      await submit();
    },
  });
  await c.node.start();
  await until(() => c.node.role === 'following' && c.replica.sequence === a.replica.sequence, 'c does not follow');
  expect(fetches).toBe(2);
  expect(c.replica.exchange.stateRoot()).toBe(a.replica.exchange.stateRoot());
  expect(Buffer.from(c.replica.journal.lastHash)).toEqual(Buffer.from(a.replica.journal.lastHash));
  const { sequence } = await submit();
  await until(() => c.replica.sequence === sequence, 'c does not follow on');
  expect([...a.faults, ...c.faults]).toEqual([]);

  await c.node.stop();
  await a.node.stop();
  for (const { store, replica } of [a, c]) {
    store.close();
    await replica.journal.close();
  }
  await etcd.stop();
});
