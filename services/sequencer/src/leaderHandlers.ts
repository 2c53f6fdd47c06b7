import { JournalFault } from '@keel/journal';
import type { AdminHandler } from '@keel/runtime';
import { AdminFault } from './adminFault.ts';
import type { SnapshotKeeper } from './keepSnapshots.ts';
import type { NodeFace } from './nodeFace.ts';
import { postHandler } from './postHandler.ts';

const REASON_CHARACTERS_MAX = 200;

/** What an operator may do: hand over, pause, resume, take a snapshot. `node` is undefined until it is up. */
export function leaderHandlers(
  token: string,
  node: () => NodeFace | undefined,
  snapshots: () => SnapshotKeeper | undefined,
): Readonly<Record<string, AdminHandler>> {
  const up = (): NodeFace => {
    const face = node();
    if (face === undefined) throw new AdminFault(503, 'NOT_READY', 'the journal is being replayed');
    return face;
  };
  return {
    '/leader/transfer': postHandler(token, async ({ to }) => {
      const face = leading(up());
      if (to !== undefined && typeof to !== 'string') throw new AdminFault(400, 'BAD_REQUEST', '"to" is no node id');
      if (to !== undefined && !face.nodes.some(({ nodeId }) => nodeId === to))
        throw new AdminFault(404, 'NO_SUCH_NODE', `no node ${to} reports; keelctl cluster list shows those that do`);
      const outcome = await face.handOver(to);
      if ('refused' in outcome) throw new AdminFault(409, 'NOT_READY', outcome.refused);
      return outcome;
    }),
    '/leader/pause': postHandler(token, async ({ reason }) => {
      const face = leading(up());
      if (typeof reason !== 'string' || reason === '' || reason.length > REASON_CHARACTERS_MAX)
        throw new AdminFault(400, 'BAD_REQUEST', `say why: "reason", at most ${REASON_CHARACTERS_MAX} characters`);
      if (face.paused !== undefined)
        throw new AdminFault(409, 'ALREADY_PAUSED', `paused already: ${face.paused.reason}`);
      await face.setPause(reason);
      return { paused: { reason, sinceMs: Date.now() } };
    }),
    '/leader/resume': postHandler(token, async () => {
      const face = leading(up());
      if (face.paused === undefined) throw new AdminFault(409, 'NOT_PAUSED', 'the exchange is not paused');
      await face.setPause(undefined);
      return {};
    }),
    '/snapshot': postHandler(token, async () => {
      const keeper = snapshots();
      if (keeper === undefined) throw new AdminFault(503, 'NOT_READY', 'the journal is being replayed');
      try {
        const made = await keeper.makeNow();
        const { lastSequence } = keeper.maker;
        return made ?? { sequence: lastSequence, unchanged: true };
      } catch (fault) {
        if (!(fault instanceof JournalFault)) throw fault;
        throw new AdminFault(503, 'NOT_READY', fault.message);
      }
    }),
  };
}

function leading(node: NodeFace): NodeFace {
  if (node.role === 'leading') return node;
  const { leader, nodes } = node;
  const leaderAdminUrl = nodes.find(({ nodeId }) => nodeId === leader?.nodeId)?.adminUrl;
  const where = leader === undefined ? 'nobody leads just now' : `node ${leader.nodeId} leads`;
  throw new AdminFault(409, 'NOT_LEADER', `this node does not lead: ${where}`, { leaderAdminUrl });
}
