import { resolve } from 'node:path';
import type { JournalRecord } from '@keel/journal';
import { CommandFault } from '../commandFault.ts';
import { CommandLineFault } from '../commandLineFault.ts';
import { standingFolder } from '../config.ts';
import { EXIT, type ExitCode } from '../exitCodes.ts';
import { NODE_OPTIONS, openDoor } from '../nodes/nodeDoor.ts';
import { createProgress } from '../progress.ts';
import { assertNoMore, readOptions, wholeNumber } from '../readOptions.ts';
import type { Terminal } from '../terminal.ts';
import { type LogSource, ofDirectory, ofNode } from './logSource.ts';
import { lookIntoJournal } from './lookIntoJournal.ts';
import { readDomain } from './readDomain.ts';
import { recordJson, recordLine } from './recordText.ts';
import { verifyLog } from './verifyLog.ts';

const LINES = '20';
const LINES_MAX = 1_000_000;
const FOLLOW_MS = 500;
/** Records between two looks at whether the reader of our output keeps up. */
const CHUNK = 1_000;

/** keelctl log tail|verify|export. */
export async function runLog(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const { values, positionals } = readOptions(args, {
    ...NODE_OPTIONS,
    data: { type: 'string' },
    from: { type: 'string' },
    to: { type: 'string' },
    lines: { type: 'string' },
    follow: { type: 'boolean', default: false },
    signatures: { type: 'boolean', default: false },
    'chain-id': { type: 'string' },
    contract: { type: 'string' },
  });
  const [verb = '', ...rest] = positionals;
  assertNoMore(`log ${verb}`, rest);
  const { json, follow, signatures, contract, 'chain-id': chainId } = values;
  if (signatures && verb !== 'verify') throw new CommandLineFault('--signatures belongs to log verify');
  if (!signatures && (chainId ?? contract) !== undefined)
    throw new CommandLineFault('--chain-id and --contract belong to log verify --signatures');
  const dataDir = values.data === undefined ? undefined : resolve(standingFolder(), values.data);
  const from = values.from === undefined ? undefined : wholeNumber('--from', values.from, 1, Number.MAX_SAFE_INTEGER);
  const to = values.to === undefined ? undefined : wholeNumber('--to', values.to, from ?? 1, Number.MAX_SAFE_INTEGER);
  if (verb === 'tail') {
    if (values.to !== undefined) throw new CommandLineFault('--to belongs to log export');
    const lines = wholeNumber('--lines', values.lines ?? LINES, 1, LINES_MAX);
    const source = dataDir === undefined ? ofNode(openDoor(values)) : ofDirectory(dataDir);
    return tail(source, { from, lines, json, follow }, terminal);
  }
  if (values.lines !== undefined || follow) throw new CommandLineFault('--lines and --follow belong to log tail');
  if (verb !== 'verify' && verb !== 'export') throw new CommandLineFault('say "log tail", "verify" or "export"');
  if (dataDir === undefined) throw new CommandLineFault(`say which data directory: log ${verb} --data DIR`);
  if (verb === 'export') return exportLog(dataDir, from ?? 1, to, terminal);
  if (from !== undefined || to !== undefined)
    throw new CommandLineFault('log verify takes the whole chain: no --from, no --to');
  const domain = signatures ? await readDomain(dataDir, chainId, contract) : undefined;
  return verifyLog(dataDir, json, domain, terminal);
}

interface TailOptions {
  readonly from: number | undefined;
  readonly lines: number;
  readonly json: boolean;
  readonly follow: boolean;
}

async function tail(
  source: LogSource,
  { from, lines, json, follow }: TailOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const end = await source.lastSequence();
  let next = from ?? Math.max(1, end - lines + 1);
  for (;;) {
    for await (const record of source.read(next)) {
      // What came after the question is not among the lines that were asked for.
      if (!follow && from === undefined && record.sequence > end) return EXIT.fine;
      terminal.write(`${json ? recordJson(record) : recordLine(record)}\n`);
      next = record.sequence + 1;
      if (next % CHUNK === 0) await terminal.drained();
    }
    if (!follow) return EXIT.fine;
    await new Promise((resolve) => setTimeout(resolve, FOLLOW_MS));
  }
}

async function exportLog(dataDir: string, from: number, to: number | undefined, terminal: Terminal): Promise<ExitCode> {
  const journal = await lookIntoJournal(dataDir);
  const last = to ?? journal.lastSequence;
  if (last > journal.lastSequence || (from > last && journal.lastSequence > 0))
    throw new CommandFault(`the journal ends at command ${journal.lastSequence}: ask for what is there`);
  const progress = createProgress();
  try {
    for (const record of upTo(journal.read(from), last)) {
      terminal.write(`${recordJson(record)}\n`);
      if (record.sequence % CHUNK !== 0) continue;
      await terminal.drained();
      progress.at('exporting', record.sequence - from + 1, last - from + 1);
    }
  } finally {
    progress.end();
  }
  return EXIT.fine;
}

function* upTo(records: Iterable<JournalRecord>, last: number): Generator<JournalRecord> {
  if (last === 0) return;
  for (const record of records) {
    yield record;
    if (record.sequence === last) return;
  }
}
