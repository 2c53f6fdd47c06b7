import { IntakeVersionUnknown } from '@keel/intake';
import type { TimeMs } from '@keel/types';
import { CommandFault } from '../commandFault.ts';
import { asOperator, submitOrFault } from '../market/openIntake.ts';
import { nobody } from '../nodes/askAny.ts';
import { roleOf, sizeOf } from '../nodes/judgeCluster.ts';
import type { NodeDoor } from '../nodes/nodeDoor.ts';
import { type ClusterPicture, isAnswered, type KnownNode, readCluster } from '../nodes/readCluster.ts';

export interface Upgraded {
  /** The rules in force before and now; the same when nothing had to be done. */
  readonly from: number;
  readonly to: number;
  /** The command that put them in force; undefined when nothing had to be done. */
  readonly sequence: number | undefined;
  readonly timeMs: TimeMs | undefined;
  /** Nodes that did not report: each must know the rules in force when it comes back, or it halts. */
  readonly absent: number;
}

/**
 * Puts newer rules of the engine in force, one version after the other, each by a command in the log: those that `wanted`
 * names, else the newest that all nodes know. Nothing is asked of the exchange while a node that reports knows less.
 * @throws CommandFault with every node that is behind.
 */
export async function upgradeCluster(door: NodeDoor, wanted: number | undefined): Promise<Upgraded> {
  const token = door.token();
  const picture = await readCluster(door);
  if (!picture.statuses.some(isAnswered)) throw nobody(door, picture.statuses);
  const leading = picture.nodes.find((node) => node.status !== undefined && roleOf(node) === 'leading');
  const url = picture.cluster?.leader?.intakeUrl ?? leading?.report?.intakeUrl;
  const from = leading?.status?.engineVersion;
  if (url === undefined || from === undefined)
    throw new CommandFault('no node leads that knows of versions: look with keelctl status; nothing has changed');
  const known = picture.nodes.flatMap(({ report }) => report?.engineVersion ?? []);
  const to = wanted ?? Math.max(from, ...known);
  if (to < from) throw new CommandFault(`version ${from} is in force, and there is no way back to ${to}`);
  refuseBehind(picture, to);
  const absent = Math.max(0, sizeOf(picture) - picture.nodes.filter(({ report }) => report !== undefined).length);
  if (to === from) return { from, to, sequence: undefined, timeMs: undefined, absent };
  return asOperator({ url, token }, async (client) => {
    let last: Pick<Upgraded, 'sequence' | 'timeMs'> = { sequence: undefined, timeMs: undefined };
    for (let engineVersion = from + 1; engineVersion <= to; engineVersion += 1) {
      last = await submitOrFault(client, { kind: 'upgradeEngine', engineVersion }).catch((fault: unknown) => {
        if (!(fault instanceof IntakeVersionUnknown)) throw fault;
        throw new CommandFault(`${fault.message}; nothing has changed: look with keelctl cluster list`);
      });
    }
    return { from, to, sequence: last.sequence, timeMs: last.timeMs, absent };
  });
}

function refuseBehind(picture: ClusterPicture, to: number): void {
  const behind = picture.nodes.filter(({ report }) => (report?.engineVersion ?? to) < to);
  if (behind.length === 0) return;
  const named = behind.map(textOf).join(', ');
  throw new CommandFault(
    `version ${to} of the engine's rules is not known to every node; upgrade these first, nothing has changed: ${named}`,
  );
}

function textOf({ name, report }: KnownNode): string {
  return `node ${name} knows version ${report?.engineVersion} (Keel ${report?.version ?? '?'})`;
}

/** In words. */
export function upgradedText({ from, to, sequence, timeMs, absent }: Upgraded): string {
  const away = absent === 0 ? '' : `; ${absent} did not report: a node that knows less halts when it comes back`;
  if (sequence === undefined || timeMs === undefined)
    return `version ${from} of the engine's rules is in force, and it is the newest that the nodes know${away}`;
  return `version ${to} of the engine's rules is in force after command ${sequence} (${new Date(timeMs).toISOString()})${away}`;
}
