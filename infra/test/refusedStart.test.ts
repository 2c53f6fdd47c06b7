import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { takeDataFolder } from '../launcher/dataFolder.ts';
import { devnetPorts } from './movedPorts.ts';

let path: string;

beforeEach(() => {
  path = mkdtempSync(join(tmpdir(), 'keel-refused-'));
});
afterEach(() => rmSync(path, { recursive: true, force: true }));

/** Starts the launcher with options that it must refuse. */
function refused(options: object, env = process.env): { readonly code: number | null; readonly output: string } {
  const program = join(import.meta.dirname, '..', 'devnet', 'main.ts');
  const all = {
    bots: true,
    liquidator: true,
    port: 8080,
    fresh: false,
    once: false,
    json: false,
    startedAtMs: Date.now(),
    ...options,
  };
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, JSON.stringify(all)], {
    env,
    encoding: 'utf8',
  });
  return { code: status, output: `${stdout}${stderr}` };
}

test.each(['replay', 'orders'])('--fresh with a --%s file that does not fit loses nothing', (recording) => {
  const data = join(path, 'devnet');
  const file = join(path, 'wrong.csv');
  mkdirSync(data);
  writeFileSync(join(data, 'keel-devnet'), '');
  writeFileSync(join(data, 'precious'), 'a journal');
  writeFileSync(file, '1,2,3\n');
  const { code, output } = refused({ data, fresh: true, [recording]: file });
  expect(code).toBe(1);
  expect(output).toMatch(/^keel: .*wrong\.csv line 1: .*\n$/);
  expect(readFileSync(join(data, 'precious'), 'utf8')).toBe('a journal');
});

test.each([
  ['PRICE_FEED_ADMIN', 'price feed admin'],
  ['L1', 'anvil'],
])('a taken %s port is one sentence, and --fresh loses nothing for it', async (variable, whose) => {
  const { port, env } = await devnetPorts();
  const name = `KEEL_DEVNET_${variable}_PORT`;
  const taken = createServer().listen(Number(env[name]), '127.0.0.1');
  await once(taken, 'listening');
  writeFileSync(join(path, 'keel-devnet'), '');
  writeFileSync(join(path, 'precious'), 'a journal');
  const { code, output } = refused({ data: path, port, fresh: true }, env);
  taken.close();
  expect(code).toBe(1);
  expect(output).toBe(
    `keel: Port ${env[name]} (${whose}) is in use by another program; stop that, or choose another port with the variable ${name}.\n`,
  );
  expect(readFileSync(join(path, 'precious'), 'utf8')).toBe('a journal');
});

type Place = readonly [string, () => string, RegExp];
const PLACES: readonly Place[] = [
  ['a file', () => write('file'), /file is a file, not a folder/],
  ['a folder below a file', () => join(write('file'), 'x', 'y'), /file is a file, not a folder/],
  ['a link to nowhere', () => link('lost', join(path, 'nothing')), /lost is a link to nowhere/],
  ['a folder below a link to a file', () => join(link('link', write('file')), 'x'), /link is a file, not a folder/],
  ['a name too long', () => join(path, 'x'.repeat(300)), /has a name that is too long/],
];
const MADE_UP: readonly Place[] = [
  ['the processes', () => '/proc/x', /\/proc is the kernel's/],
  ['the devices', () => '/sys/x/y', /\/sys is the kernel's/],
  ['a link to the processes', () => join(link('link', '/proc'), 'x'), /\/proc is the kernel's/],
];

test.each([...PLACES, ...(process.platform === 'linux' ? MADE_UP : [])])(
  '--data at %s is refused in one sentence',
  async (_, at, why) => {
    const data = at();
    const taking = takeDataFolder(data, { fresh: false, say: () => undefined });
    await expect(taking).rejects.toThrow(why);
    await expect(taking).rejects.toMatchObject({ name: 'DevnetFault' });
  },
);

test.runIf(process.getuid?.() !== 0)('--data in a folder of somebody else is refused in one sentence', async () => {
  const taking = takeDataFolder('/usr/keel-devnet', { fresh: false, say: () => undefined });
  await expect(taking).rejects.toThrow(/\/usr may not be written by this user/);
});

function write(name: string): string {
  const file = join(path, name);
  writeFileSync(file, '');
  return file;
}

function link(name: string, target: string): string {
  const at = join(path, name);
  symlinkSync(target, at);
  return at;
}
