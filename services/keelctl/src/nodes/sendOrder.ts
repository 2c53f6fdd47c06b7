import type { Static, TSchema } from 'typebox';
import { CommandFault } from '../commandFault.ts';
import { EXIT } from '../exitCodes.ts';
import { nobody } from './askAny.ts';
import { askNode, type NodeAnswer } from './askNode.ts';
import { roleOf } from './judgeCluster.ts';
import type { NodeDoor } from './nodeDoor.ts';
import { type ClusterPicture, isAnswered, readCluster } from './readCluster.ts';

/** What to do about a refusal, by its code. */
const ADVICE: Readonly<Record<string, string>> = {
  NOT_LEADER: 'ask again in a moment: the leader is changing (keelctl leader show)',
  NOT_READY: 'keelctl leader show, or name another node with --to',
  ALREADY_PAUSED: 'keelctl leader resume ends it',
  NOT_PAUSED: 'there is nothing to resume',
  UNAUTHORIZED: "compare KEEL_INTAKE_TOKEN with the sequencer's",
  NO_SUCH_ROUTE: 'upgrade that node',
  STARTING: 'wait until it has started',
};

export interface Ordered<Value> {
  /** Who did it. */
  readonly url: string;
  readonly value: Value;
  /** As it was before. */
  readonly picture: ClusterPicture;
}

/**
 * Tells the leader to do something. The token is read first, so that a missing one is told before anybody is asked.
 * @throws CommandFault when it is refused, nobody is there, or nobody knows whether it was done.
 */
export async function sendOrder<Schema extends TSchema>(
  door: NodeDoor,
  path: string,
  body: object,
  schema: Schema,
): Promise<Ordered<Static<Schema>>> {
  const token = door.token();
  const picture = await readCluster(door);
  const leading = picture.nodes.find((node) => node.status !== undefined && roleOf(node) === 'leading')?.url;
  const url = leading ?? picture.statuses.find(isAnswered)?.url;
  if (url === undefined) throw nobody(door, picture.statuses);
  const first = await askNode(url, path, schema, { token, body });
  const elsewhere = first.kind === 'refused' && first.code === 'NOT_LEADER' ? first.leaderAdminUrl : undefined;
  const answer = elsewhere === undefined ? first : await askNode(elsewhere, path, schema, { token, body });
  if (isAnswered(answer)) return { url: answer.url, value: answer.value, picture };
  // A node that lost the store may still name itself; nobody who was asked leads.
  if (leading === undefined && answer.kind === 'refused' && answer.code === 'NOT_LEADER')
    throw new CommandFault('no node leads, so nothing was done: keelctl status tells why');
  throw orderFault(answer);
}

/** Why an order was not carried out, or may not have been. */
export function orderFault(answer: Exclude<NodeAnswer<unknown>, { readonly kind: 'answered' }>): CommandFault {
  const { url, reason } = answer;
  switch (answer.kind) {
    case 'refused':
      return new CommandFault(`${url} refused: ${reason}; ${ADVICE[answer.code] ?? 'keelctl status shows more'}`);
    case 'strange':
      return new CommandFault(`${url} answers, but ${reason}; look with keelctl status whether it was done`);
    case 'late':
      return new CommandFault(`${url}: ${reason}; it may have been done: look with keelctl status`, EXIT.timedOut);
    case 'unreachable':
      if (reason === 'nothing listens there')
        return new CommandFault(`${url}: ${reason}; nothing was done: keelctl status`, EXIT.nobodyReached);
      return new CommandFault(
        `${url}: the connection broke (${reason}); it may have been done: keelctl status`,
        EXIT.timedOut,
      );
  }
}
