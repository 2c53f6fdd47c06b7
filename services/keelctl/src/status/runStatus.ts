import { EXIT, type ExitCode } from '../exitCodes.ts';
import { nobody } from '../nodes/askAny.ts';
import { judgeCluster } from '../nodes/judgeCluster.ts';
import { NODE_OPTIONS, openDoor } from '../nodes/nodeDoor.ts';
import { type ClusterPicture, isAnswered, readCluster } from '../nodes/readCluster.ts';
import { assertNoMore, readOptions } from '../readOptions.ts';
import type { Terminal } from '../terminal.ts';
import { statusText } from './statusText.ts';
import { verdictOf } from './verdictOf.ts';

/** keelctl status: the whole exchange on one screen. 1 unless it is healthy. */
export async function runStatus(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const { values, positionals } = readOptions(args, NODE_OPTIONS);
  assertNoMore('status', positionals);
  const door = openDoor(values);
  const picture = await readCluster(door);
  if (!picture.statuses.some(isAnswered)) throw nobody(door, picture.statuses);
  const findings = judgeCluster(picture);
  const verdict = verdictOf(picture, findings);
  const text = values.json
    ? JSON.stringify({ verdict: verdict.kind, line: verdict.line, findings, ...factsOf(picture) })
    : statusText(picture, verdict, findings, terminal.paint).join('\n');
  terminal.write(`${text}\n`);
  return verdict.kind === 'healthy' ? EXIT.fine : EXIT.notFine;
}

/** What the nodes said, for programs. */
export function factsOf({ nodes, terms, members, cluster }: ClusterPicture): object {
  return {
    nodes: nodes.map(({ name, url, status, silence, report, clockOffsetMs }) => ({
      node: name,
      url,
      silence,
      clockOffsetMs,
      status,
      report,
    })),
    leader: cluster?.leader ?? null,
    identity: cluster?.identity ?? null,
    log: cluster?.log ?? null,
    takeoversLastMinute: cluster?.takeoversLastMinute,
    terms,
    members,
  };
}
