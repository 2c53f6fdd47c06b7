import type { Static, TSchema } from 'typebox';
import { CommandFault } from '../commandFault.ts';
import { EXIT } from '../exitCodes.ts';
import { askNode, type NodeAnswer } from './askNode.ts';
import type { NodeDoor } from './nodeDoor.ts';

type Answered<Value> = Extract<NodeAnswer<Value>, { readonly kind: 'answered' }>;

/**
 * What the most advanced node says: all are asked, and of those that answer it is the one whose `sequence` is highest,
 * where they tell one, else the first.
 * @throws CommandFault when none answers.
 */
export async function askAny<Schema extends TSchema>(
  door: NodeDoor,
  path: string,
  schema: Schema,
): Promise<Answered<Static<Schema>>> {
  const answers = await Promise.all(door.urls.map((url) => askNode(url, path, schema)));
  const answered = answers.filter((answer) => answer.kind === 'answered');
  const [best] = answered.sort((one, other) => sequenceOf(other.value) - sequenceOf(one.value));
  if (best !== undefined) return best;
  throw nobody(door, answers);
}

/** Why nobody answered, node by node, and what to do. */
export function nobody(door: NodeDoor, answers: readonly NodeAnswer<unknown>[]): CommandFault {
  const faults = answers.flatMap((answer) => (answer.kind === 'answered' ? [] : [`${answer.url}: ${answer.reason}`]));
  const kinds = new Set(answers.map(({ kind }) => kind));
  if (kinds.has('refused') || kinds.has('strange')) return new CommandFault(faults.join('; '));
  const code = kinds.has('late') ? EXIT.timedOut : EXIT.nobodyReached;
  return new CommandFault(`no node answers: ${faults.join('; ')}. ${door.hint}`, code);
}

function sequenceOf(value: unknown): number {
  const { sequence } = value as { readonly sequence?: unknown };
  return typeof sequence === 'number' ? sequence : 0;
}
