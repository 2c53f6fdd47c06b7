import { IntakeVersionUnknown } from '@keel/intake';
import type { Command } from '@keel/types';
import type { NodeFace } from './nodeFace.ts';

/**
 * An upgrade to rules that a reporting node does not know would stop that node, so none is sequenced. A node that is away is not
 * asked: it refuses to go on when it comes back. Throws IntakeVersionUnknown.
 */
export function checkVersion(command: Command, { nodes }: NodeFace): void {
  if (command.kind !== 'upgradeEngine') return;
  const { engineVersion: asked } = command;
  const behind = nodes.filter(({ engineVersion }) => engineVersion < asked);
  if (behind.length === 0) return;
  const named = behind.map(({ nodeId, engineVersion }) => `node ${nodeId} knows version ${engineVersion}`);
  throw new IntakeVersionUnknown(`version ${asked} of the engine's rules: ${named.join(', ')}`);
}
