import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { encodeSequencedCommand } from '@keel/codec';
import { createLogger } from '@keel/runtime';
import { type Address, toSequence } from '@keel/types';
import { openExchange, SnapshotMaker, snapshotOf, toHex } from '../src/index.ts';

/** How long a snapshot of many accounts holds the exchange up: built on its own thread as once, and beside it. */
const ACCOUNTS = Number(process.argv[2] ?? 100_000);
const GROUP_COMMANDS = 64;
/** As many commands as lie between two checkpoints, whose roots are computed in any case. */
const CHECKPOINT_COMMANDS = 4_096;

const dir = mkdtempSync(join(process.argv[3] ?? '.', 'keel-bench-'));
const silent = createLogger({ service: 'bench', level: 'silent' });
const { exchange, journal, batches } = await openExchange(dir, silent, new AbortController().signal);
const maker = new SnapshotMaker({ dataDir: dir, everyCommands: 1, lastSequence: 0, journal, batches });

/** Gives how long it held the thread, and how long the disk took then, in ms. */
async function group(commands: number): Promise<readonly [heldMs: number, flushMs: number]> {
  const begunMs = performance.now();
  for (let count = 0; count < commands; count++) {
    const sequence = toSequence(exchange.state.sequence + 1);
    const owner: Address = `0x${String(1 + (sequence % ACCOUNTS)).padStart(40, '0')}`;
    const depositIndex = exchange.state.nextDepositIndex;
    const l1TxHash = `0x${'22'.repeat(32)}` as const;
    const amounts = { assetId: 0, amountAtoms: 1_000_000, l1BlockNumber: 1 } as const;
    const command = { kind: 'creditDeposit', depositIndex, owner, ...amounts, l1TxHash } as const;
    const sequenced = { sequence, timeMs: 1_700_000_000_000 + sequence, command };
    exchange.apply(sequenced, toHex(journal.append(sequence, encodeSequencedCommand(sequenced))));
    if (sequence % CHECKPOINT_COMMANDS === 0) exchange.stateRoot();
  }
  exchange.takeChanges();
  const appliedMs = performance.now();
  await journal.flush();
  return [appliedMs - begunMs, performance.now() - appliedMs];
}

function timed<Result>(run: () => Result): [ms: number, result: Result] {
  const begunMs = performance.now();
  const result = run();
  return [performance.now() - begunMs, result];
}

/** Groups one after the other until `over`, with turns for everybody else. */
async function groupsUntil(over: () => boolean): Promise<string> {
  const heldMs: number[] = [];
  const flushesMs: number[] = [];
  while (!over()) {
    const [held, flush] = await group(GROUP_COMMANDS);
    heldMs.push(held);
    flushesMs.push(flush);
    await new Promise((resolve) => setImmediate(resolve));
  }
  return `${heldMs.length} groups, held ${quantiles(heldMs)}, flushed ${quantiles(flushesMs)}`;
}

function quantiles(tookMs: number[]): string {
  tookMs.sort((a, b) => a - b);
  const at = (part: number) => (tookMs[Math.min(tookMs.length - 1, Math.floor(tookMs.length * part))] ?? 0).toFixed(1);
  return `p50 ${at(0.5)} p99 ${at(0.99)} longest ${at(1)} ms`;
}

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const mib = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(0)} MiB`;

while (exchange.state.sequence < ACCOUNTS) await group(1_000);
exchange.stateRoot();
await group(CHECKPOINT_COMMANDS - 1 - (exchange.state.sequence % CHECKPOINT_COMMANDS));
const [rootMs] = timed(() => exchange.stateRoot());
const [buildMs, { payload }] = timed(() => snapshotOf(exchange));
say(`${exchange.state.accounts.length} accounts, payload ${mib(payload.length)}`);
say(`root of a checkpoint, at most ${CHECKPOINT_COMMANDS} commands after the last: ${rootMs.toFixed(1)} ms`);
say(`built on the exchange's thread, nothing is applied meanwhile: ${buildMs.toFixed(1)} ms`);

const quietUntilMs = performance.now() + 3_000;
say(`no snapshot: ${await groupsUntil(() => performance.now() > quietUntilMs)}`);
for (const what of ['the first snapshot, from the beginning', 'the next snapshot, from the one before']) {
  await group(CHECKPOINT_COMMANDS - 1 - (exchange.state.sequence % CHECKPOINT_COMMANDS));
  const rssBefore = process.memoryUsage().rss;
  const [pointMs, stateRoot] = timed(() => exchange.stateRoot());
  let rssMost = rssBefore;
  let made = false;
  const [callMs, making] = timed(() => maker.make({ sequence: exchange.state.sequence, stateRoot }));
  const done = making.finally(() => {
    made = true;
  });
  const groups = await groupsUntil(() => {
    rssMost = Math.max(rssMost, process.memoryUsage().rss);
    return made;
  });
  const { seconds, commands } = await done;
  say(`${what}: ${groups}; ${commands} commands in ${seconds.toFixed(2)} s, ${mib(rssMost - rssBefore)} more memory`);
  say(`  held up by the root ${pointMs.toFixed(1)} ms and the start of the thread ${callMs.toFixed(1)} ms`);
}
await journal.close();
rmSync(dir, { recursive: true });
