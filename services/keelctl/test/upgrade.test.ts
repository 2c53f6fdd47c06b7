import { IntakeServer, IntakeVersionUnknown } from '@keel/intake';
import { type Command, toSequence } from '@keel/types';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { upgradeCluster, upgradedText } from '../src/cluster/upgradeCluster.ts';
import type { NodeDoor } from '../src/nodes/nodeDoor.ts';
import { openCluster, type StandIn, TOKEN } from './fakeCluster.ts';

const AT_MS = 1_800_000_000_000;
let nodes: readonly StandIn[] = [];
let intake: IntakeServer | undefined;
let handed: Command[] = [];

beforeEach(async () => {
  handed = [];
  nodes = await openCluster(Date.now());
  intake = new IntakeServer({
    host: '127.0.0.1',
    port: 0,
    token: TOKEN,
    handler: {
      submit: async (_role, command) => {
        if (command.kind !== 'upgradeEngine') throw new Error('an upgrade was to be asked for');
        if (command.engineVersion > 3) throw new IntakeVersionUnknown('behind');
        handed.push(command);
        const { engineVersion } = command;
        const events = [{ kind: 'engineUpgraded', engineVersion } as const];
        return { sequence: toSequence(80_000 + engineVersion), timeMs: AT_MS, events };
      },
      batch: () => Promise.resolve(undefined),
      status: () => Promise.reject(new Error('nobody asks for it')) as never,
    },
  });
  const intakeUrl = `ws://127.0.0.1:${await intake.listen()}`;
  for (const { says } of nodes) Object.assign(says.cluster.leader as object, { intakeUrl });
});
afterEach(async () => {
  await intake?.close();
  for (const node of nodes) await node.close();
});

/** The rules in force, and what a, b and c know; undefined = the node does not report. */
function know(inForce: number, versions: readonly (number | undefined)[]): NodeDoor {
  for (const { says } of nodes) {
    says.status.engineVersion = inForce;
    const reports = says.cluster.nodes as { engineVersion: number }[];
    says.cluster.nodes = reports.flatMap((report, place) => {
      const engineVersion = versions[place];
      return engineVersion === undefined ? [] : [{ ...report, engineVersion }];
    });
  }
  return { urls: nodes.map(({ url }) => url), hint: '', token: () => TOKEN };
}

describe('cluster upgrade', () => {
  test('goes to the newest version that all know, one after the other', async () => {
    const upgraded = await upgradeCluster(know(1, [3, 3, 3]), undefined);
    expect(upgraded).toEqual({ from: 1, to: 3, sequence: 80_003, timeMs: AT_MS, absent: 0 });
    expect(handed).toEqual([2, 3].map((engineVersion) => ({ kind: 'upgradeEngine', engineVersion })));
    expect(upgradedText(upgraded)).toBe(
      "version 3 of the engine's rules is in force after command 80003 (2027-01-15T08:00:00.000Z)",
    );
  });

  test('names every node that is behind, and asks for nothing', async () => {
    await expect(upgradeCluster(know(1, [1, 2, 1]), undefined)).rejects.toThrow(
      "version 2 of the engine's rules is not known to every node; upgrade these first, nothing has changed: " +
        'node a knows version 1 (Keel 0.1.0), node c knows version 1 (Keel 0.1.0)',
    );
    await expect(upgradeCluster(know(1, [2, 2, 2]), 3)).rejects.toThrow('node b knows version 2');
    expect(handed).toEqual([]);
  });

  test('has nothing to do, or no way back', async () => {
    const upgraded = await upgradeCluster(know(2, [2, 2, 2]), undefined);
    expect([upgraded.sequence, upgradedText(upgraded)]).toEqual([
      undefined,
      "version 2 of the engine's rules is in force, and it is the newest that the nodes know",
    ]);
    await expect(upgradeCluster(know(2, [2, 2, 2]), 1)).rejects.toThrow(
      'version 2 is in force, and there is no way back',
    );
    expect(handed).toEqual([]);
  });

  test('tells of nodes that did not report, and of a node that came in between', async () => {
    await nodes[2]?.close();
    const upgraded = await upgradeCluster(know(1, [2, 2, undefined]), undefined);
    expect(upgraded).toMatchObject({ to: 2, absent: 1 });
    expect(upgradedText(upgraded)).toContain('1 did not report: a node that knows less halts when it comes back');
    await expect(upgradeCluster(know(3, [4, 4, undefined]), undefined)).rejects.toThrow(
      'a node that reports does not know that version; nothing has changed',
    );
  });
});
