import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, expect, test } from 'vitest';
import type { ClusterGlance } from '../cluster/clusterStatus.ts';
import type { ExchangeStatus } from '../launcher/exchangeStatus.ts';
import { isRunning } from '../launcher/processIdentity.ts';
import { type ListedProcess, readProcessList } from '../launcher/processList.ts';
import { clusterPorts, type MovedPorts } from './movedPorts.ts';

/** The launcher as `npm run cluster` runs it, on ports of its own, twice over one folder. */
const path = mkdtempSync(join(tmpdir(), 'keel-cluster-'));
const TEST_MS_MAX = 240_000;
const EVENT_MS_MAX = 60_000;

const launched: ChildProcess[] = [];

afterAll(() => {
  // A launcher that is gone is followed by all it started: its guard sees to that.
  for (const child of launched) child.kill('SIGKILL');
  rmSync(path, { recursive: true, force: true });
});

interface Shown extends ClusterGlance {
  readonly status?: ExchangeStatus;
}

interface Started {
  readonly said: readonly string[];
  readonly errors: () => string;
  /** The newest status that fits, waited for. */
  shown(fits: (shown: Shown) => boolean, what: string): Promise<Shown>;
  readonly stop: () => void;
  readonly ended: Promise<number | null>;
}

function startCluster({ port, env }: MovedPorts, once_: boolean): Started {
  const options = {
    bots: true,
    liquidator: false,
    restart: true,
    port,
    data: path,
    fresh: false,
    once: once_,
    json: true,
  };
  const program = join(import.meta.dirname, '..', 'cluster', 'main.ts');
  const launcher = spawn(process.execPath, [program, JSON.stringify({ ...options, startedAtMs: Date.now() })], { env });
  launched.push(launcher);
  const said: string[] = [];
  let newest: Shown | undefined;
  let errors = '';
  let rest = '';
  launcher.stdout.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const { type, text: words = '', ...shown } = JSON.parse(line) as { type: string; text?: string } & Shown;
      if (type === 'status') newest = shown;
      else said.push(words);
    }
  });
  launcher.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
  });
  return {
    said,
    errors: () => errors,
    async shown(fits, what) {
      const deadline = Date.now() + EVENT_MS_MAX;
      while (newest === undefined || !fits(newest)) {
        if (Date.now() > deadline || launcher.exitCode !== null)
          throw new Error(`no ${what}: ${JSON.stringify(newest)}\n${said.join('\n')}\n${errors}`);
        await sleep(50);
      }
      return newest;
    },
    stop: () => launcher.kill('SIGTERM'),
    ended: once(launcher, 'close').then(([code]) => code as number | null),
  };
}

/** What `npm run -s cluster -- ...` prints. Throws with what it says instead. */
const command = (...args: readonly string[]): string =>
  execFileSync(
    process.execPath,
    [join(import.meta.dirname, '..', 'cluster', 'command.ts'), '.', ...args, '--data', path],
    {
      encoding: 'utf8',
      stdio: 'pipe',
    },
  );

const processes = (): readonly ListedProcess[] => readProcessList(join(path, 'processes.json'));
const trades = ({ status }: Shown): number => status?.counters.trades ?? 0;

test('the killed leader is replaced, trades go on, it comes back and follows; the next start goes on from there', {
  timeout: TEST_MS_MAX,
}, async () => {
  const ports = await clusterPorts();
  const first = startCluster(ports, false);
  const before = await first.shown((shown) => trades(shown) > 0 && shown.leader !== undefined, 'trade');
  const started = processes();
  const three = (name: string): string[] => [1, 2, 3].map((number) => `${name}-${number}`);
  expect(started.map(({ name }) => name).sort()).toEqual(
    [
      ...[...three('etcd'), ...three('sentinel'), 'redis-1', 'redis-2', 'anvil'],
      ...['sequencer-a', 'sequencer-b', 'sequencer-c', 'gateway-1', 'gateway-2', 'settler', 'bots', 'price-feed'],
      ...[1, 2, 3, 4].map((number) => `price-feeder-${number}`),
    ].sort(),
  );
  expect(started.filter((process) => !isRunning(process))).toEqual([]);
  // Anybody of this machine may read the list.
  const { intakeToken } = JSON.parse(readFileSync(join(path, 'secrets.json'), 'utf8')) as { intakeToken: string };
  expect(JSON.stringify(started)).not.toContain(intakeToken);

  const { node, epoch } = before.leader ?? { node: '', epoch: 0 };
  const killed = started.find(({ name }) => name === `sequencer-${node}`);
  process.kill(killed?.pid ?? 0, 'SIGKILL');
  const after = await first.shown(({ leader }) => leader !== undefined && leader.epoch > epoch, 'other leader');
  expect(after.leader?.node).not.toBe(node);
  await first.shown((shown) => trades(shown) > trades(before), 'trade after the leader was killed');
  await first.shown(({ nodes }) => nodes.some((each) => each.node === node && each.role === 'following'), 'follower');
  expect(first.said).toContain(`sequencer-${node} died (SIGKILL); starting it again in 2 s`);

  expect(command('ps')).toMatch(new RegExp(`^sequencer-${after.leader?.node} +\\d+ .* leading, epoch \\d+$`, 'm'));
  expect(command('stop', 'gateway-2')).toMatch(/^gateway-2 is stopped;/);
  expect(command('ps')).not.toContain('gateway-2');
  expect(() => command('stop', 'gateway-9')).toThrow(/keel: No process gateway-9 runs; there is etcd-1, /);
  expect(() => command('start', 'gateway-9')).toThrow(/keel: gateway-9 is not held; there is etcd-1, /);
  expect(() => command('stop')).toThrow(/keel: Say which process to stop: etcd-1, /);
  expect(await isOpen(Number(ports.env.KEEL_CLUSTER_GATEWAY_2_PORT))).toBe(false);
  expect(command('start', 'gateway-2')).toBe('gateway-2 is being started\n');
  while (!first.said.includes('gateway-2 is ready again')) await sleep(50);

  const last = processes();
  first.stop();
  expect(await first.ended).toBe(0);
  expect(first.errors()).toBe('');
  expect([...started, ...last].filter(isRunning)).toEqual([]);
  expect(processes()).toEqual([]);
  expect(() => command('ps')).toThrow(/keel: No cluster runs in .*; npm run cluster starts one\./);
  for (const port of ports.all) expect(await isOpen(port), `port ${port}`).toBe(false);

  const again = startCluster(ports, true);
  expect(await again.ended).toBe(0);
  expect(again.errors()).toBe('');
  const told = again.said.find((line) => / leads with epoch /.test(line)) ?? '';
  expect(Number(/sequence (\d+)/.exec(told)?.[1])).toBeGreaterThan(after.leader?.sequence ?? 0);
  expect(again.said.some((line) => line.startsWith('first trade'))).toBe(true);
});

function isOpen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ port, host: '127.0.0.1' });
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
