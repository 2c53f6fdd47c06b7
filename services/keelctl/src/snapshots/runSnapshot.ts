import { resolve } from 'node:path';
import { type Static, Type } from 'typebox';
import { CommandLineFault } from '../commandLineFault.ts';
import { standingFolder } from '../config.ts';
import { EXIT, type ExitCode } from '../exitCodes.ts';
import { nobody } from '../nodes/askAny.ts';
import { askNode, type NodeAnswer } from '../nodes/askNode.ts';
import { NODE_OPTIONS, type NodeDoor, openDoor } from '../nodes/nodeDoor.ts';
import { isAnswered, readCluster } from '../nodes/readCluster.ts';
import { createProgress } from '../progress.ts';
import { assertNoMore, readOptions } from '../readOptions.ts';
import { tableOf } from '../table.ts';
import type { Terminal } from '../terminal.ts';
import { countText, mebibytesText, momentText } from '../times.ts';
import { listSnapshots, type SnapshotFile, verifySnapshots } from './snapshotFiles.ts';

const count = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });
const createdSchema = Type.Object({ sequence: count, bytes: Type.Optional(count) });
type Created = NodeAnswer<Static<typeof createdSchema>>;

/** keelctl snapshot create|list|verify: of nodes, or (`--data`) of the files of a data directory. */
export async function runSnapshot(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const { values, positionals } = readOptions(args, { ...NODE_OPTIONS, data: { type: 'string' } });
  const [verb = '', ...rest] = positionals;
  assertNoMore(`snapshot ${verb}`, rest);
  const dataDir = values.data === undefined ? undefined : resolve(standingFolder(), values.data);
  if (verb === 'create') {
    if (dataDir !== undefined)
      throw new CommandLineFault('only a running node writes snapshots: name it with --nodes, not --data');
    return create(openDoor(values), values.json, terminal);
  }
  if (verb === 'verify') {
    if (dataDir === undefined)
      throw new CommandLineFault(
        'a snapshot is verified where it lies: snapshot verify --data DIR, on the machine of the node',
      );
    const progress = createProgress();
    const files = await verifySnapshots(dataDir, progress).finally(progress.end);
    return tellFiles(files, values.json, terminal);
  }
  if (verb !== 'list') throw new CommandLineFault('say "snapshot create", "list" or "verify"');
  if (dataDir !== undefined) return tellFiles(await listSnapshots(dataDir), values.json, terminal);
  return listOfNodes(openDoor(values), values.json, terminal);
}

/** Every node that is named writes one: followers too, so that a majority's snapshots let the log be trimmed. */
async function create(door: NodeDoor, json: boolean, terminal: Terminal): Promise<ExitCode> {
  const token = door.token();
  const answers = await Promise.all(
    door.urls.map((url) => askNode(url, '/snapshot', createdSchema, { token, body: {} })),
  );
  if (!json && answers.every(({ kind }) => kind === 'unreachable' || kind === 'late')) throw nobody(door, answers);
  terminal.write(json ? `${JSON.stringify(answers.map(createdFacts))}\n` : `${answers.map(createdLine).join('\n')}\n`);
  return answers.every(isAnswered) ? EXIT.fine : EXIT.notFine;
}

function createdFacts(answer: Created): object {
  return isAnswered(answer) ? { node: answer.url, ...answer.value } : { node: answer.url, fault: answer.reason };
}

function createdLine(answer: Created): string {
  if (!isAnswered(answer)) return `${answer.url}: none was written: ${answer.reason}; look with keelctl status`;
  const { sequence, bytes } = answer.value;
  return `${answer.url}: a snapshot after command ${countText(sequence)}${bytes === undefined ? '' : `, ${mebibytesText(bytes)}`}`;
}

async function listOfNodes(door: NodeDoor, json: boolean, terminal: Terminal): Promise<ExitCode> {
  const picture = await readCluster(door);
  if (!picture.statuses.some(isAnswered)) throw nobody(door, picture.statuses);
  const rows = picture.nodes.map(({ name, status, report, silence }) => {
    const snapshotSequence = status?.snapshotSequence ?? report?.snapshotSequence;
    const sequence = status?.sequence ?? report?.sequence;
    const behind = sequence === undefined || snapshotSequence === undefined ? undefined : sequence - snapshotSequence;
    return { node: name, snapshotSequence, behind, silence };
  });
  const table = tableOf(
    ['node', 'newest snapshot after command', 'commands since', ''],
    rows.map(({ node, snapshotSequence, behind, silence }) => [
      node,
      snapshotSequence === 0 ? 'none yet' : countText(snapshotSequence),
      countText(behind),
      silence ?? '',
    ]),
  );
  terminal.write(`${json ? JSON.stringify(rows) : table.join('\n')}\n`);
  return rows.every(({ silence }) => silence === undefined) ? EXIT.fine : EXIT.notFine;
}

function tellFiles(files: readonly SnapshotFile[], json: boolean, terminal: Terminal): ExitCode {
  const rows = files.map(({ file, sequence, bytes, writtenMs, verdict }) => [
    countText(sequence),
    mebibytesText(bytes),
    momentText(writtenMs),
    verdict.startsWith('FAULT') ? terminal.paint('red', verdict) : verdict,
    file,
  ]);
  const none = 'no snapshots: a sequencer writes one when it stops, or at keelctl snapshot create';
  const text =
    files.length === 0 ? none : tableOf(['after command', 'size', 'written', 'state', 'file'], rows).join('\n');
  terminal.write(`${json ? JSON.stringify(files) : text}\n`);
  return files.some(({ verdict }) => verdict.startsWith('FAULT')) || files.length === 0 ? EXIT.notFine : EXIT.fine;
}
