import { IntakeServer } from '@keel/intake';
import type { OpenedExchange } from '@keel/replica';
import type { Logger } from '@keel/runtime';
import type { SequencerConfig } from './config.ts';
import type { NodeFace } from './nodeFace.ts';
import { readSealedBatch } from './readSealedBatch.ts';
import { submitCommand } from './submitCommand.ts';

/** The intake of this node; it listens while the node follows too, and says who leads. */
export function openIntake(
  { intakeHost, intakePort, intakeToken, domain }: SequencerConfig,
  node: NodeFace,
  opened: OpenedExchange,
  log: Logger,
): IntakeServer {
  const { exchange } = opened;
  return new IntakeServer({
    host: intakeHost,
    port: intakePort,
    token: intakeToken,
    log,
    // A leader that steps down has no sequencer any more, before its role says so.
    leadership: () => (node.sequencer === undefined ? { notLeader: leaderUrl(node) } : 'leading'),
    handler: {
      submit: (_role, command, { retry }) => submitCommand(node, exchange, domain, command, retry),
      batch: (batchIndex) => readSealedBatch(batchIndex, opened),
      status: () => exchange.status(),
    },
  });
}

/** Undefined while nobody leads, and for a node that has just stopped leading and does not know of the next one. */
function leaderUrl({ leader, nodeId }: NodeFace): string | undefined {
  return leader?.nodeId === nodeId ? undefined : leader?.intakeUrl;
}
