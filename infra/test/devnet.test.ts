import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { devnetPorts } from './movedPorts.ts';

/** The launcher as `npm start` runs it, on ports of its own, twice over one folder. */
const path = mkdtempSync(join(tmpdir(), 'keel-devnet-'));
const START_MS_MAX = 180_000;
const launched: ChildProcess[] = [];

afterAll(() => {
  for (const child of launched) child.kill('SIGKILL');
  rmSync(path, { recursive: true, force: true });
});

interface Run {
  readonly code: number | null;
  /** What was said while it ran. */
  readonly said: readonly string[];
  readonly errors: string;
}

async function runUntilFirstTrade(port: number, env: NodeJS.ProcessEnv, wishes: object = {}): Promise<Run> {
  const usual = {
    bots: true,
    liquidator: true,
    port,
    data: path,
    fresh: false,
    once: true,
    json: true,
    startedAtMs: Date.now(),
  };
  const options = { ...usual, ...wishes };
  const program = join(import.meta.dirname, '..', 'devnet', 'main.ts');
  const launcher = spawn(process.execPath, [program, JSON.stringify(options)], { env });
  launched.push(launcher);
  let output = '';
  let errors = '';
  launcher.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  launcher.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
  });
  const [code] = (await once(launcher, 'close')) as [number | null];
  const lines = output.trim().split('\n');
  const said = lines.map((line) => (JSON.parse(line) as { text?: string }).text ?? '');
  return { code, said, errors };
}

test('from an empty folder to the first trade, and again from where it stopped', {
  timeout: START_MS_MAX,
}, async () => {
  const { port, env } = await devnetPorts();

  const first = await runUntilFirstTrade(port, env);
  expect(first).toMatchObject({ code: 0, errors: '' });
  expect(first.said.some((text) => text.startsWith('first trade'))).toBe(true);
  expect(readFileSync(join(path, 'processes.json'), 'utf8')).toBe('[]');
  const stopped = JSON.parse(readFileSync(join(path, 'stopped.json'), 'utf8')) as {
    sequence: number;
    stateRoot: string;
  };

  const second = await runUntilFirstTrade(port, env);
  expect(second).toMatchObject({ code: 0, errors: '' });
  expect(second.said).toContain(
    `resumed at sequence ${stopped.sequence}, state root ${stopped.stateRoot} (same as when stopped)`,
  );
});

test('recorded orders are traded without makers and takers of our own', { timeout: START_MS_MAX }, async () => {
  const { port, env } = await devnetPorts();
  const orders = join(path, '..', `keel-orders-${process.pid}.csv`);
  // Seconds, type, id, shares, price in 1/10,000 USD, side of the resting order: a bid, an ask, and who hits the bid.
  const messages = ['34200.0,1,1,100,30000000,1', '34200.1,1,2,100,30010000,-1', '34230.0,4,1,50,30000000,1'];
  writeFileSync(orders, `${messages.join('\n')}\n`);
  try {
    const run = await runUntilFirstTrade(port, env, { orders, bots: false, fresh: true });
    expect(run).toMatchObject({ code: 0, errors: '' });
    expect(run.said.some((text) => text.startsWith('first trade'))).toBe(true);
  } finally {
    rmSync(orders);
  }
});
