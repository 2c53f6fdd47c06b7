import { type Finding, hasLostMajority, lagOf, pauseOf, roleOf } from '../nodes/judgeCluster.ts';
import type { ClusterPicture, KnownNode } from '../nodes/readCluster.ts';
import { tableOf } from '../table.ts';
import type { Colour, Paint } from '../terminal.ts';
import { countText, durationText, mebibytesText, momentText } from '../times.ts';
import type { Verdict } from './verdictOf.ts';

const NODES = [
  'node',
  'role',
  'epoch',
  'sequence',
  'lag',
  'durable',
  'snapshot',
  'version',
  'clock',
  'why it does not stand',
];
const MEMBERS = ['etcd', 'version', 'leads', 'size', 'in use', 'alarms'];
const TERMS_SHOWN = 5;
const VERDICT_COLOURS: Readonly<Record<Verdict['kind'], Colour>> = {
  healthy: 'green',
  PAUSED: 'yellow',
  DEGRADED: 'red',
  DOWN: 'red',
};

/** The whole exchange on one screen. */
export function statusText(
  picture: ClusterPicture,
  verdict: Verdict,
  findings: readonly Finding[],
  paint: Paint,
): string[] {
  return [
    paint(VERDICT_COLOURS[verdict.kind], verdict.line),
    ...findings.map(
      ({ severity, what, next }) =>
        `  ${paint(severity === 'fault' ? 'red' : 'yellow', severity)}  ${what}; next: ${next}`,
    ),
    '',
    ...tableOf(
      NODES,
      picture.nodes.map((node) => nodeRow(picture, node, paint)),
    ),
    ...membersOf(picture, paint),
    '',
    ...changesOf(picture, TERMS_SHOWN),
    '',
    ...restOf(picture),
  ];
}

function nodeRow({ nodes }: ClusterPicture, node: KnownNode, paint: Paint): string[] {
  const { status, report, silence, clockOffsetMs } = node;
  const role = roleOf(node);
  const colour: Colour | undefined =
    status === undefined || role === 'halted' ? 'red' : role === 'leading' ? 'green' : undefined;
  return [
    node.name,
    colour === undefined ? role : paint(colour, role),
    countText(status?.epoch),
    countText(status?.sequence ?? report?.sequence),
    countText(lagOf(nodes, node)),
    countText(status?.durableSequence ?? report?.durableSequence),
    countText(status?.snapshotSequence ?? report?.snapshotSequence),
    status?.version ?? report?.version ?? '-',
    clockText(clockOffsetMs),
    silence === undefined ? (status?.notStanding ?? report?.notStanding ?? '') : paint('red', silence),
  ];
}

/** Less than a tenth of a second is nothing that the reply's date could tell. */
function clockText(offsetMs: number | undefined): string {
  if (offsetMs === undefined) return '-';
  const tenths = Math.round(offsetMs / 100);
  return `${tenths > 0 ? '+' : ''}${tenths === 0 ? '0.0' : (tenths / 10).toFixed(1)} s`;
}

function membersOf({ members }: ClusterPicture, paint: Paint): string[] {
  if (members.length === 0) return [];
  const rows = members.map(({ endpoint, version, isLeader, dbBytes, dbBytesInUse, alarms, error }) => [
    endpoint,
    version ?? '-',
    isLeader === true ? 'yes' : '',
    mebibytesText(dbBytes ?? undefined),
    mebibytesText(dbBytesInUse ?? undefined),
    paint(
      'red',
      [...(alarms ?? []), ...(error === null || error === undefined || error === '' ? [] : [error])].join(', '),
    ),
  ]);
  return ['', ...tableOf(MEMBERS, rows)];
}

/** Who led, newest first: when it began, whom it followed, why, how long it took from when its node saw
 * nobody lead, and how long the log had been silent by then. */
export function changesOf({ terms, askedMs, members }: ClusterPicture, shown: number): string[] {
  if (terms.length === 0)
    return [
      hasLostMajority(members)
        ? 'who led before is in the store, which does not answer'
        : 'no changes of the leader are on record',
    ];
  const rows = terms.slice(0, shown).map((term, place) => {
    const next = terms[place - 1];
    const before = terms[place + 1];
    return [
      momentText(term.sinceMs),
      term.nodeId,
      before?.nodeId ?? '-',
      term.reason,
      term.takeOverMs === undefined ? '-' : `${countText(term.takeOverMs)} ms`,
      term.silentMs === undefined || term.silentMs === 0 ? '-' : `${countText(term.silentMs)} ms`,
      durationText((next?.sinceMs ?? askedMs) - term.sinceMs),
      countText(term.epoch),
    ];
  });
  const rest = terms.length - rows.length;
  return [
    ...tableOf(['since', 'leader', 'after', 'why', 'took', 'silent', 'led for', 'epoch'], rows),
    ...(rest > 0 ? [`and ${rest} before: keelctl leader show`] : []),
  ];
}

function restOf(picture: ClusterPicture): string[] {
  const leader = picture.nodes.find((node) => node.status !== undefined && roleOf(node) === 'leading')?.status;
  const pause = pauseOf(picture);
  const { cluster } = picture;
  const lines: string[] = [];
  if (pause !== undefined)
    lines.push(`paused    ${pause.reason}${pause.sinceMs === undefined ? '' : `, since ${momentText(pause.sinceMs)}`}`);
  if (leader?.readModel !== undefined) {
    const { connected, lagCommands, policy } = leader.readModel;
    const state = connected ? `connected, ${countText(Math.max(0, lagCommands))} commands behind` : 'not connected';
    lines.push(`Redis     ${state}${typeof policy === 'string' ? `, ${policy}` : ''}`);
  }
  if (leader !== undefined) {
    const last = leader.lastBatchIndex < 0 ? 'none sealed yet' : `batch ${leader.lastBatchIndex} sealed`;
    lines.push(`batches   ${last}, ${countText(leader.openBatchCommands)} commands in the open one`);
    lines.push(
      `exchange  ${countText(leader.accounts)} accounts, ${countText(leader.openOrders)} open orders, ${countText(leader.waitingCommands)} commands wait, time ${momentText(leader.timeMs)}`,
    );
  }
  if (cluster?.log !== undefined && cluster.log !== null) {
    const { firstHeight, lastHeight, blocks } = cluster.log;
    lines.push(`log       ${countText(blocks)} blocks in the store, heights ${firstHeight ?? '-'} to ${lastHeight}`);
  }
  return lines;
}
