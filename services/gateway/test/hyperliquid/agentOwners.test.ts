import { type AccountDoc, type ReadModel, ReadModelUnavailable } from '@keel/redis';
import type { Address } from '@keel/types';
import { expect, test } from 'vitest';
import { AgentOwners } from '../../src/hyperliquid/exchange/agentOwners.ts';
import { fullAt, OWNER } from '../readModelOf.ts';

const address = (number: number): Address => `0x${number.toString(16).padStart(40, '0')}`;

/** A read model in which an address acts for whatever owner the test says, or is one itself, and a clock that it turns. */
function start() {
  const ownerOf = new Map<Address, Address>();
  const accountsOwned = new Set<Address>();
  const looks: Address[] = [];
  const time = { ms: 0, redisIsAway: false };
  const viewOf = (owner: Address | undefined) => {
    const doc = fullAt(1).accounts[0] as AccountDoc;
    return { account: owner === undefined ? undefined : { ...doc, owner } };
  };
  const accountOfAgent = (async (asked) => {
    looks.push(asked);
    if (time.redisIsAway) throw new ReadModelUnavailable('away');
    return viewOf(ownerOf.get(asked));
  }) as ReadModel['accountOfAgent'];
  const account = (async ({ address: asked }) =>
    viewOf(accountsOwned.has(asked) ? asked : ownerOf.get(asked))) as ReadModel['account'];
  return { ownerOf, accountsOwned, looks, time, owners: new AgentOwners({ account, accountOfAgent }, () => time.ms) };
}

test('an agent is looked up once in ten seconds, an owner and nobody each time', async () => {
  const { ownerOf, accountsOwned, looks, time, owners } = start();
  const agent = address(5);
  expect(await owners.find(agent)).toEqual({ kind: 'nobody' });
  ownerOf.set(agent, OWNER);
  accountsOwned.add(OWNER);
  for (let times = 0; times < 3; times += 1) expect(await owners.find(agent)).toEqual({ kind: 'agent', owner: OWNER });
  for (let times = 0; times < 2; times += 1) expect(await owners.find(OWNER)).toEqual({ kind: 'owner' });
  expect(looks).toEqual([agent, agent, OWNER, OWNER]);

  ownerOf.set(agent, address(6));
  time.ms = 9_999;
  expect(await owners.find(agent)).toEqual({ kind: 'agent', owner: OWNER });
  time.ms = 10_000;
  expect(await owners.find(agent)).toEqual({ kind: 'agent', owner: address(6) });
});

test('who deposits for an agent does not stop it: it acts for its owner all the same', async () => {
  const { ownerOf, accountsOwned, owners } = start();
  ownerOf.set(address(5), OWNER);
  accountsOwned.add(address(5));
  expect(await owners.find(address(5))).toEqual({ kind: 'agent', owner: OWNER });
});

test('while Redis is away, agents that were seen go on, also when that is long ago; others have to wait', async () => {
  const { ownerOf, time, owners } = start();
  ownerOf.set(address(5), OWNER);
  await owners.find(address(5));
  Object.assign(time, { ms: 3_600_000, redisIsAway: true });
  expect(await owners.find(address(5))).toEqual({ kind: 'agent', owner: OWNER });
  await expect(owners.find(address(6))).rejects.toThrow(ReadModelUnavailable);
  // It is back, and the agent was taken back meanwhile.
  time.redisIsAway = false;
  ownerOf.delete(address(5));
  expect(await owners.find(address(5))).toEqual({ kind: 'nobody' });
  time.redisIsAway = true;
  await expect(owners.find(address(5))).rejects.toThrow(ReadModelUnavailable);
});

test('one that the engine refused is looked up anew', async () => {
  const { ownerOf, owners } = start();
  ownerOf.set(address(5), OWNER);
  await owners.find(address(5));
  ownerOf.delete(address(5));
  owners.forget(address(5));
  expect(await owners.find(address(5))).toEqual({ kind: 'nobody' });
});

test('10,000 are remembered; the one that was looked up first goes first', async () => {
  const { ownerOf, looks, owners } = start();
  for (let number = 1; number <= 10_001; number += 1) {
    ownerOf.set(address(number), OWNER);
    await owners.find(address(number));
  }
  expect(owners.size).toBe(10_000);
  looks.length = 0;
  await owners.find(address(2));
  await owners.find(address(1));
  expect(looks).toEqual([address(1)]);
  expect(owners.size).toBe(10_000);
});
