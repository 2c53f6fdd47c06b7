import { CommandLineFault } from '../commandLineFault.ts';
import { EXIT, type ExitCode } from '../exitCodes.ts';
import { nobody } from '../nodes/askAny.ts';
import { judgeCluster, roleOf } from '../nodes/judgeCluster.ts';
import { NODE_OPTIONS, type NodeDoor, openDoor } from '../nodes/nodeDoor.ts';
import { isAnswered, readCluster } from '../nodes/readCluster.ts';
import { assertNoMore, readOptions, wholeNumber } from '../readOptions.ts';
import { factsOf } from '../status/runStatus.ts';
import { tableOf } from '../table.ts';
import type { Terminal } from '../terminal.ts';
import { countText, mebibytesText } from '../times.ts';
import { upgradeCluster, upgradedText } from './upgradeCluster.ts';

const VERSION_MAX = 1_000_000;

/** keelctl cluster list|upgrade. */
export async function runCluster(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const { values, positionals } = readOptions(args, { ...NODE_OPTIONS, to: { type: 'string' } });
  const [verb, ...rest] = positionals;
  if (verb !== 'list' && verb !== 'upgrade') throw new CommandLineFault('say "cluster list" or "cluster upgrade"');
  assertNoMore(`cluster ${verb}`, rest);
  const { to, json } = values;
  if (verb === 'list' && to !== undefined) throw new CommandLineFault('--to belongs to cluster upgrade');
  if (verb === 'list') return list(openDoor(values), json, terminal);
  const wanted = to === undefined ? undefined : wholeNumber('--to', to, 1, VERSION_MAX);
  const upgraded = await upgradeCluster(openDoor(values), wanted);
  terminal.write(`${json ? JSON.stringify(upgraded) : upgradedText(upgraded)}\n`);
  return EXIT.fine;
}

/** Whose log it is, the nodes with their addresses, the members of the store. */
async function list(door: NodeDoor, json: boolean, terminal: Terminal): Promise<ExitCode> {
  const picture = await readCluster(door);
  if (!picture.statuses.some(isAnswered)) throw nobody(door, picture.statuses);
  const sick = judgeCluster(picture).some(
    ({ check, severity }) => severity === 'fault' && (check === 'nodes' || check === 'leader' || check === 'store'),
  );
  if (json) {
    terminal.write(`${JSON.stringify(factsOf(picture))}\n`);
    return sick ? EXIT.notFine : EXIT.fine;
  }
  const { nodes, cluster, members } = picture;
  const { identity, log } = cluster ?? {};
  const lines = [
    ...(identity === undefined || identity === null
      ? []
      : [
          `cluster ${identity.clusterId ?? '-'} of ${identity.members ?? '?'} nodes, chain ${identity.chainId ?? '?'}, settlement ${identity.settlementAddress ?? '?'}`,
          '',
        ]),
    ...tableOf(
      ['node', 'role', 'admin', 'intake', 'version', 'engine', 'answers'],
      nodes.map((node) => [
        node.name,
        roleOf(node),
        node.url ?? node.report?.adminUrl ?? '-',
        node.report?.intakeUrl ?? '-',
        node.status?.version ?? node.report?.version ?? '-',
        countText(node.report?.engineVersion),
        node.silence === undefined ? 'yes' : terminal.paint('red', node.silence),
      ]),
    ),
    ...(members.length === 0 ? ['', "no store: this log is one node's own journal"] : ['']),
    ...(members.length === 0
      ? []
      : tableOf(
          ['etcd', 'version', 'leads', 'size', 'state'],
          members.map(({ endpoint, version, isLeader, dbBytes, error }) => [
            endpoint,
            version ?? '-',
            isLeader === true ? 'yes' : '',
            mebibytesText(dbBytes ?? undefined),
            error === undefined || error === null || error === '' ? 'ok' : terminal.paint('red', error),
          ]),
        )),
    ...(log === undefined || log === null
      ? []
      : ['', `${countText(log.blocks)} blocks in the store, heights ${log.firstHeight ?? '-'} to ${log.lastHeight}`]),
  ];
  terminal.write(`${lines.join('\n')}\n`);
  return sick ? EXIT.notFine : EXIT.fine;
}
