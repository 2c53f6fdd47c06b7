import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type DataFolder, takeDataFolder } from '../launcher/dataFolder.ts';
import type { DevnetFault } from '../launcher/devnetFault.ts';
import { openHolds } from '../launcher/holds.ts';
import { identify, isRunning, type ProcessIdentity } from '../launcher/processIdentity.ts';
import { readProcessList } from '../launcher/processList.ts';
import { ENDLESS_RESTARTS } from '../launcher/restartPolicy.ts';
import { openSupervisor, type ProcessSpec, type Supervisor } from '../launcher/supervisor.ts';

let path: string;
let folder: DataFolder;
let supervisor: Supervisor;
let said: string[];
let faults: DevnetFault[];

beforeEach(async () => {
  path = mkdtempSync(join(tmpdir(), 'keel-supervisor-'));
  said = [];
  faults = [];
  folder = await takeDataFolder(path, { fresh: false, say: (line) => said.push(line) });
  supervisor = openSupervisor({ folder, say: (line) => said.push(line), giveUp: (fault) => faults.push(fault) });
});

afterEach(async () => {
  await supervisor.stopAll();
  folder.release();
  rmSync(path, { recursive: true, force: true });
});

/** A process that is ready once it has made its file. */
function spec(name: string, program: string): ProcessSpec {
  const ready = join(path, `${name}.ready`);
  const source = `const fs = require('node:fs'); const ready = () => fs.writeFileSync(${JSON.stringify(ready)}, String(process.pid)); ${program}`;
  return {
    name,
    command: process.execPath,
    args: ['-e', source],
    env: process.env,
    ports: {},
    notReady: async () => (existsSync(ready) ? undefined : 'it has not written its file'),
  };
}

const pidOf = (name: string): number => Number(readFileSync(join(path, `${name}.ready`), 'utf8'));
const started = (): ProcessIdentity[] => JSON.parse(readFileSync(folder.processes, 'utf8')) as ProcessIdentity[];

async function until(condition: () => boolean): Promise<void> {
  for (let tries = 0; tries < 1000 && !condition(); tries += 1) await sleep(20);
  expect(condition()).toBe(true);
}

test('what was started is stopped, the last one first, and nothing is left', async () => {
  const stopped = join(path, 'stopped');
  const note = (name: string) =>
    `process.on('SIGTERM', () => { fs.appendFileSync(${JSON.stringify(stopped)}, '${name} '); process.exit(0); }); ready(); setInterval(() => 1, 1000);`;
  await supervisor.start(spec('first', note('first')));
  await supervisor.start(spec('second', note('second')));
  const identities = started();
  expect(identities.map(isRunning)).toEqual([true, true]);
  await supervisor.stopAll();
  expect(identities.map(isRunning)).toEqual([false, false]);
  expect(readFileSync(stopped, 'utf8')).toBe('second first ');
});

test('a process that dies is started again, and it is said', async () => {
  await supervisor.start(spec('worker', 'ready(); setInterval(() => 1, 1000);'));
  const before = pidOf('worker');
  process.kill(before, 'SIGKILL');
  await until(() => pidOf('worker') !== before);
  expect(said).toContain('worker died (SIGKILL); starting it again, 1 of 5');
  expect(faults).toEqual([]);
});

test('a process that cannot start is a fault with its own sentence', async () => {
  const broken = spec('worker', "process.stderr.write('keel worker: port 7070 is in use\\n'); process.exit(1);");
  await expect(supervisor.start(broken)).rejects.toThrow('worker did not start: port 7070 is in use');
});

test('a command that is not there is a fault', async () => {
  await expect(supervisor.start({ ...spec('worker', ''), command: join(path, 'nothing') })).rejects.toThrow(
    'worker did not start',
  );
});

test('a second launcher is refused, and a folder of somebody else is never emptied', async () => {
  await expect(takeDataFolder(path, { fresh: true, say: () => undefined })).rejects.toThrow(
    /Keel already runs in .* \(process \d+\)/,
  );
  await expect(takeDataFolder(import.meta.dirname, { fresh: true, say: () => undefined })).rejects.toThrow(
    /not a Keel devnet/,
  );
});

test("a process that dies says why in its own words, and only in this life's", async () => {
  const once = `if (!fs.existsSync(${JSON.stringify(join(path, 'worker.ready'))})) setTimeout(() => { process.stderr.write('keel worker: port 7070 is in use\\n'); process.exit(1); }, 300); ready(); setInterval(() => 1, 1000);`;
  await supervisor.start(spec('worker', once));
  const before = pidOf('worker');
  await until(() => said.includes('worker died: port 7070 is in use; starting it again, 1 of 5'));
  await until(() => pidOf('worker') !== before && said.includes('worker is ready again'));
  process.kill(pidOf('worker'), 'SIGKILL');
  await until(() => said.includes('worker died (SIGKILL); starting it again, 2 of 5'));
});

test('a full disk is said once, waited for without counting, and the neighbour lives on', async () => {
  const full = join(path, 'full');
  const starts = join(path, 'starts');
  const program = `ready(); fs.appendFileSync(${JSON.stringify(starts)}, '.'); setInterval(() => { if (!fs.existsSync(${JSON.stringify(full)})) return; process.stderr.write('keel worker: the disk is full: free some space and start again\\n'); process.exit(1); }, 20);`;
  await supervisor.start(spec('neighbour', 'ready(); setInterval(() => 1, 1000);'));
  await supervisor.start(spec('worker', program));
  const neighbour = pidOf('neighbour');
  writeFileSync(full, '');
  await until(() => readFileSync(starts, 'utf8').length === 3);
  rmSync(full);
  await until(() => said.includes('worker is ready again'));
  expect(said).toEqual([
    'worker died: the disk is full: free some space and start again; it is tried again until there is room',
    'worker is ready again',
  ]);
  expect(identify(neighbour)).toBeDefined();
  expect(faults).toEqual([]);
});

/** One supervisor of this test's own, in the same folder, for processes that are killed for practice. */
async function withCluster(policy: Partial<typeof ENDLESS_RESTARTS>, work: (own: Supervisor) => Promise<void>) {
  const restarts = { ...ENDLESS_RESTARTS, pauseMs: 50, pauseMsMax: 100, ...policy };
  const own = openSupervisor({
    folder,
    say: (line) => said.push(line),
    giveUp: (fault) => faults.push(fault),
    restarts,
    holds: openHolds(path),
  });
  try {
    await work(own);
  } finally {
    await own.stopAll();
  }
}

test('in a cluster a process may die for ever; the pauses grow to their bound', async () => {
  await withCluster({}, async (own) => {
    await own.start(spec('worker', 'ready(); setInterval(() => 1, 1000);'));
    for (let deaths = 1; deaths <= 7; deaths += 1) {
      const before = pidOf('worker');
      process.kill(before, 'SIGKILL');
      await until(() => pidOf('worker') !== before && readProcessList(folder.processes)[0]?.pid === pidOf('worker'));
    }
  });
  const told = said.filter((line) => line.startsWith('worker died'));
  expect(told.slice(0, 3)).toEqual([0.05, 0.1, 0.1].map((s) => `worker died (SIGKILL); starting it again in ${s} s`));
  expect(told).toHaveLength(7);
  expect(faults).toEqual([]);
});

test('what is held stays dead until it is released; with leaveDead every death holds', async () => {
  await withCluster({ leaveDead: true }, async (own) => {
    await own.start(spec('worker', 'ready(); setInterval(() => 1, 1000);'));
    const before = pidOf('worker');
    process.kill(before, 'SIGKILL');
    await until(() => said.some((line) => line.startsWith('worker is stopped (SIGKILL) and held')));
    expect(readProcessList(folder.processes)).toEqual([]);
    await sleep(500);
    expect(pidOf('worker')).toBe(before);
    openHolds(path).release('worker');
    await until(() => pidOf('worker') !== before);
  });
});

test('the list of processes tells ports and settings, and nothing secret', async () => {
  const env = { ...process.env, KEEL_NODE_ID: 'a', KEEL_INTAKE_TOKEN: 'hidden', KEEL_FEEDER_KEY: 'hidden' };
  await supervisor.start({ ...spec('worker', 'ready(); setInterval(() => 1, 1000);'), env, ports: { admin: 7180 } });
  const [listed] = readProcessList(folder.processes);
  expect(listed).toMatchObject({ name: 'worker', pid: pidOf('worker'), ports: { admin: 7180 } });
  expect(listed?.env).toMatchObject({ KEEL_NODE_ID: 'a' });
  expect(readFileSync(folder.processes, 'utf8')).not.toContain('hidden');
});
