import { IntakeHandingOver, IntakePaused, IntakeUnavailable, type Submitted } from '@keel/intake';
import type { Exchange } from '@keel/replica';
import type { KeelDomain } from '@keel/signing';
import type { Command } from '@keel/types';
import { checkReports } from './checkReports.ts';
import { checkVersion } from './checkVersion.ts';
import type { NodeFace } from './nodeFace.ts';

/**
 * Hands a command to the sequencer if this node takes any. Rejects, with nothing sequenced, with IntakeUnavailable,
 * IntakePaused, IntakeHandingOver, IntakeSignatureInvalid, IntakeVersionUnknown or IntakeOverloaded; with IntakeOutcomeUnknown when the
 * leadership was lost with the command in flight.
 */
export async function submitCommand(
  node: NodeFace,
  exchange: Exchange,
  domain: KeelDomain,
  command: Command,
  retry: boolean,
): Promise<Submitted> {
  // What was sequenced is told, whatever may be taken now.
  const outcome = retry ? exchange.recentOutcomes.find(command) : undefined;
  if (outcome !== undefined) return { ...outcome, repeated: true };
  if (node.handingOver) throw new IntakeHandingOver('the leader is handing over');
  const { sequencer } = node;
  if (sequencer === undefined) throw new IntakeUnavailable('this node does not lead');
  const { paused } = node;
  if (paused !== undefined) throw new IntakePaused(`the operator has paused the exchange: ${paused.reason}`);
  checkReports(command, exchange.state, domain);
  checkVersion(command, node);
  return sequencer.submit(command, { retry });
}
