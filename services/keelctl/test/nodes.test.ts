import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { CommandLineFault } from '../src/commandLineFault.ts';
import { judgeCluster } from '../src/nodes/judgeCluster.ts';
import { readCluster } from '../src/nodes/readCluster.ts';
import { runCommand } from '../src/runCommand.ts';
import { statusText } from '../src/status/statusText.ts';
import { verdictOf } from '../src/status/verdictOf.ts';
import { ownTerminal } from '../src/terminal.ts';
import { openCluster, type StandIn, TOKEN } from './fakeCluster.ts';

const MAIN = new URL('../src/main.ts', import.meta.url).pathname;
let nodes: readonly StandIn[] = [];
const [a, b, c] = [0, 1, 2].map((place) => () => nodes[place]!) as [() => StandIn, () => StandIn, () => StandIn];

beforeEach(async () => {
  nodes = await openCluster(Date.now());
});
afterEach(async () => {
  for (const node of nodes) await node.close();
});

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly ms: number;
}

/** Runs keelctl as a process of its own, so that exit codes and streams are what a script sees. */
function run(env: Record<string, string>, args: readonly string[]): Promise<Ended> {
  const begunMs = performance.now();
  const child = spawn(process.execPath, [MAIN, ...args], { env: { PATH: process.env.PATH ?? '', ...env } });
  const output = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk) => {
    output.stdout += chunk;
  });
  child.stderr.on('data', (chunk) => {
    output.stderr += chunk;
  });
  return new Promise((resolve) =>
    child.on('close', (code) => resolve({ code, ...output, ms: performance.now() - begunMs })),
  );
}

const environment = () => ({ KEEL_NODES: nodes.map(({ url }) => url).join(','), KEEL_INTAKE_TOKEN: TOKEN });
const keelctl = (...args: string[]): Promise<Ended> => run(environment(), args);

describe('status', () => {
  test('of three that are well begins with the verdict, and is 0', async () => {
    const { code, stdout, stderr } = await keelctl('status');
    expect([code, stderr]).toEqual([0, '']);
    const [verdict = ''] = stdout.split('\n');
    expect(verdict).toBe('healthy: node b leads since 3 min, 3 of 3 nodes, nothing waits');
    expect(stdout).toMatch(/^b +leading +90 +80,000 +0 +80,000 +60,000 +0\.1\.0/m);
    expect(stdout).toMatch(/^http:\/\/127\.0\.0\.1:7190 +3\.4\.23 +yes +8\.0 MiB +2\.0 MiB/m);
    expect(stdout).toMatch(/Z +b +a +the process of a was gone +212 ms +640 ms +3 min +90$/m);
    expect(stdout).toContain('Redis     connected, 3 commands behind, noeviction');
    const json = JSON.parse((await keelctl('status', '--json')).stdout);
    expect(json).toMatchObject({ verdict: 'healthy', findings: [], leader: { nodeId: 'b' } });
    expect(json.nodes.map(({ node }: { node: string }) => node)).toEqual(['a', 'b', 'c']);
  });

  test('a dead node is named, with what to do, and holds nobody up', async () => {
    await c().close();
    const { code, stdout } = await keelctl('status');
    expect(code).toBe(1);
    const [verdict = ''] = stdout.split('\n');
    expect(verdict).toMatch(/^DEGRADED: node c does not answer \(nothing listens there, last heard of \d+ s ago\)/);
    expect(verdict).toContain('node b leads since 3 min; one more loss leaves no majority; next: ');
  });

  test('a node that hangs costs two seconds, not more', async () => {
    a().says.hangs = true;
    const { code, stdout, ms } = await keelctl('status');
    expect([code, stdout.includes('no answer within 2 s')]).toEqual([1, true]);
    expect(ms).toBeLessThan(8_000);
  });

  test.each<[string, () => void, string]>([
    [
      'two leaders',
      () => Object.assign(a().says.status, { role: 'leading', epoch: 88 }),
      '2 nodes say that they lead: a (epoch 88), b (epoch 90)',
    ],
    [
      'nobody leads',
      () => Object.assign(b().says.status, { role: 'following' }),
      'DOWN: no node leads: no command is taken',
    ],
    [
      'a store without a majority',
      () => {
        Object.assign(b().says.status, { role: 'following' });
        each({ terms: [] });
        store({ error: 'connect ECONNREFUSED 127.0.0.1:7190' });
        store({ error: 'Deadline exceeded after 1.001s' }, 1);
      },
      'DOWN: no node leads: no command is taken, as the store has no majority (1 of 3 etcd answer); next: start the etcd',
    ],
    [
      'another view of the leader',
      () => Object.assign(c().says.cluster, { leader: { nodeId: 'a', epoch: 88 } }),
      'the nodes disagree who leads: b (epoch 90) says a, b; a (epoch 88) says c',
    ],
    [
      'another root',
      () => Object.assign(c().says.status, { checkpoint: { sequence: 77_824, stateRoot: `0x${'22'.repeat(32)}` } }),
      'state roots differ after command 77824: a, b have 0x111111111111...; c have 0x222222222222...',
    ],
    [
      'a halted follower',
      () => Object.assign(c().says.status, { role: 'halted', notStanding: 'another root after 77824' }),
      'node c has halted itself: another root after 77824',
    ],
    [
      'a follower far behind',
      () => Object.assign(c().says.status, { sequence: 10_000 }),
      'node c is 70000 commands behind',
    ],
    [
      'Redis that may throw keys away',
      () => Object.assign(b().says.status, { readModel: { connected: true, lagCommands: 0, policy: 'allkeys-lru' } }),
      'maxmemory-policy allkeys-lru',
    ],
    [
      'no Redis',
      () => Object.assign(b().says.status, { readModel: { connected: false, lagCommands: 900 } }),
      'node b leads and has no Redis',
    ],
    [
      'a pause',
      () => Object.assign(b().says.status, { paused: { reason: 'drill', sinceMs: Date.now() - 60_000 } }),
      'PAUSED: node b leads since 3 min, but no command is taken: drill; next: keelctl leader resume',
    ],
    ['an etcd alarm', () => store({ alarms: ['NOSPACE'] }), 'http://127.0.0.1:7190 has the alarm NOSPACE'],
    [
      'a dead etcd member',
      () => store({ error: 'connection refused' }),
      'etcd at http://127.0.0.1:7190: connection refused',
    ],
    [
      'many changes of the leader',
      () => each({ takeoversLastMinute: 6 }),
      'the leader changed 6 times in the last minute',
    ],
    ['different versions', () => Object.assign(c().says.status, { version: '0.2.0' }), 'a, b run 0.1.0; c run 0.2.0'],
  ])('%s is told and not healthy', async (_what, bend, told) => {
    bend();
    const picture = await readCluster({ urls: nodes.map(({ url }) => url), hint: '', token: () => TOKEN });
    const findings = judgeCluster(picture);
    const verdict = verdictOf(picture, findings);
    expect(statusText(picture, verdict, findings, (_colour, text) => text).join('\n')).toContain(told);
    expect(verdict.kind).not.toBe('healthy');
    for (const { next } of findings) expect(next).not.toBe('');
  });

  test('a single sequencer without roles leads alone', async () => {
    const { sequence, timeMs, lastBatchIndex } = a().says.status;
    a().says.status = { sequence, timeMs, lastBatchIndex };
    a().says.cluster = { nodes: [], terms: [], leader: null };
    const { code, stdout } = await run({}, ['status', '--nodes', a().url]);
    expect(stdout.split('\n')[0]).toMatch(/^healthy: node 127\.0\.0\.1:\d+ leads, 1 of 1 nodes, nothing waits$/);
    expect(code).toBe(0);
  });

  test('nobody at all is 3, nobody in time 4, something else than a sequencer 1', async () => {
    await c().close();
    const nobody = await run({}, ['status', '--nodes', c().url]);
    expect([nobody.code, nobody.stdout, nobody.stderr.split('\n').length]).toEqual([3, '', 2]);
    expect(nobody.stderr).toContain(`${c().url}: nothing listens there`);
    a().says.hangs = true;
    expect((await run({}, ['status', '--nodes', a().url])).code).toBe(4);
    b().says.status = { hello: 'world' };
    const strange = await run({}, ['status', '--nodes', b().url]);
    expect([strange.code, strange.stderr.includes('another version of Keel?')]).toEqual([1, true]);
  });

  test('top is the same, once, where there is no screen', async () => {
    const { code, stdout } = await keelctl('top');
    expect([code, stdout.split('\n')[0]]).toEqual([
      0,
      'healthy: node b leads since 3 min, 3 of 3 nodes, nothing waits',
    ]);
  });
});

describe('leader', () => {
  test('show tells the story', async () => {
    const { code, stdout } = await keelctl('leader', 'show');
    expect(code).toBe(0);
    expect(stdout).toMatch(/Z +b +a +the process of a was gone +212 ms/);
    expect(stdout).toMatch(/Z +a +- +first start +900 ms +- +57 min/);
  });

  test('transfer goes to the leader with the token and waits until another leads', async () => {
    b().says.orders['/leader/transfer'] = { status: 200, body: { to: 'c' } };
    const ended = keelctl('leader', 'transfer', '--to', 'c');
    while (b().heard.length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
    Object.assign(b().says.status, { role: 'following' });
    // For a moment nobody leads; that is no answer yet.
    await new Promise((resolve) => setTimeout(resolve, 500));
    Object.assign(c().says.status, { role: 'leading', epoch: 95 });
    const { code, stdout } = await ended;
    expect([code, stdout.startsWith('node c leads now (epoch 95); b handed over')]).toEqual([0, true]);
    expect(b().heard).toEqual([{ path: '/leader/transfer', body: { to: 'c' }, authorization: `Bearer ${TOKEN}` }]);
    expect([a().heard, c().heard]).toEqual([[], []]);
  });

  test('a follower says who leads, and is followed there once', async () => {
    const told = { code: 'NOT_LEADER', message: 'node b leads', leaderAdminUrl: b().url };
    a().says.orders['/leader/pause'] = { status: 409, body: told };
    b().says.orders['/leader/pause'] = { status: 200, body: {} };
    const { code, stdout } = await run(environment(), ['leader', 'pause', '--reason', 'a drill', '--nodes', a().url]);
    expect([code, stdout.includes(`paused by ${b().url}`)]).toEqual([0, true]);
    expect(b().heard).toMatchObject([{ path: '/leader/pause', body: { reason: 'a drill' } }]);
  });

  test('an order while nobody leads says just that, though a node still names itself', async () => {
    Object.assign(b().says.status, { role: 'following' });
    const told = { code: 'NOT_LEADER', message: 'node a leads', leaderAdminUrl: a().url };
    a().says.orders['/leader/transfer'] = { status: 409, body: told };
    const { code, stderr } = await keelctl('leader', 'transfer');
    expect([code, stderr]).toEqual([1, 'keelctl: no node leads, so nothing was done: keelctl status tells why\n']);
    const { stdout } = await keelctl('doctor');
    expect(stdout).toContain('fault    one node leads, and all say the same one: no node leads');
    expect(stdout).not.toContain('commands are taken\n');
  });

  test('a leader that was not asked is named', async () => {
    const { code, stdout } = await run(environment(), ['status', '--nodes', a().url]);
    const told = `DOWN: no node that was asked leads; node b told the store that it does; next: name it too: --nodes ...,${b().url}`;
    expect([code, stdout.split('\n')[0]]).toEqual([1, told]);
  });

  test('a refusal is told with what to do, and never the token', async () => {
    b().says.orders['/leader/resume'] = {
      status: 409,
      body: { code: 'NOT_PAUSED', message: 'the exchange is not paused' },
    };
    const refused = await keelctl('leader', 'resume');
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    expect(refused.stderr).toContain('the exchange is not paused; there is nothing to resume');
    const wrong = await run({ ...environment(), KEEL_INTAKE_TOKEN: 'cd'.repeat(32) }, ['leader', 'resume']);
    expect([wrong.code, wrong.stderr.includes('compare KEEL_INTAKE_TOKEN')]).toEqual([1, true]);
    expect(wrong.stderr + wrong.stdout).not.toContain('cdcd');
  });

  test('the token may lie in a file', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'keelctl-token-'));
    writeFileSync(join(folder, 'token'), `${TOKEN}\n`);
    b().says.orders['/leader/resume'] = { status: 200, body: {} };
    const { KEEL_NODES } = environment();
    const { code } = await run({ KEEL_NODES, INIT_CWD: folder }, ['leader', 'resume', '--token-file', 'token']);
    rmSync(folder, { recursive: true });
    expect(code).toBe(0);
  });
});

describe('what else is asked of nodes', () => {
  test('cluster list', async () => {
    const { code, stdout } = await keelctl('cluster', 'list');
    expect(code).toBe(0);
    expect(stdout).toContain('of 3 nodes, chain 31337');
    expect(stdout).toMatch(/^c +following +http:\/\/127\.0\.0\.1:\d+ +ws:\/\/10\.0\.0\.3:7070 +0\.1\.0 +1 +yes$/m);
  });

  test('doctor says ok line by line, and what it found', async () => {
    const well = await keelctl('doctor');
    expect([well.code, well.stdout.includes('13 checks, faults: 0, warnings: 0')]).toEqual([0, true]);
    store({ error: 'gone' });
    const sick = await run({ ...environment(), KEEL_INTAKE_TOKEN: 'cd'.repeat(32) }, ['doctor']);
    expect(sick.code).toBe(1);
    expect(sick.stdout).toMatch(/^fault +the store is sound: etcd at http:\/\/127\.0\.0\.1:7190: gone; next: /m);
    expect(sick.stdout).toMatch(/^fault +the token is accepted: http:\/\/127\.0\.0\.1:\d+ refuses it/m);
  });

  test('snapshot create asks every node, snapshot list shows how old they are', async () => {
    for (const { says } of nodes)
      says.orders['/snapshot'] = { status: 200, body: { sequence: 80_000, bytes: 1_048_576 } };
    const made = await keelctl('snapshot', 'create');
    expect([made.code, made.stdout.match(/a snapshot after command 80,000, 1\.0 MiB/g)?.length]).toEqual([0, 3]);
    const { code, stdout } = await keelctl('snapshot', 'list');
    expect([code, stdout]).toEqual([0, expect.stringMatching(/^a +60,000 +20,000$/m)]);
  });

  test('market list and account show', async () => {
    a().says.other['/markets'] = {
      sequence: 80_000,
      markets: [
        {
          marketId: 1,
          symbol: 'BTC-USD',
          priceDecimals: 1,
          sizeDecimals: 4,
          tradingStatus: 'halted',
          resumeStage: 0,
          quality: 'stale5',
          indexTicks: 600_005,
          markTicks: 600_010,
          openInterestLots: 12_500,
          insuranceFundAtoms: 1_500_000_000,
          backstopEquityAtoms: 0,
        },
      ],
    };
    const markets = await keelctl('market', 'list');
    expect([markets.code, markets.stdout]).toEqual([
      0,
      expect.stringMatching(/^BTC-USD +halted +60000\.5 +stale5 +60001 +1\.25 +1,500 +0$/m),
    ]);
    const owner = `0x${'aa'.repeat(20)}`;
    const position = {
      marketId: 1,
      symbol: 'BTC-USD',
      priceDecimals: 1,
      sizeDecimals: 4,
      sizeLots: -5_000,
      entryTicks: 610_000,
      markTicks: 600_000,
      unrealisedAtoms: 500_000_000,
    };
    const account = {
      accountId: 4,
      owner,
      subaccount: 0,
      collateralAtoms: 10_000_000_000,
      equityAtoms: 10_500_000_000,
      initialMarginAtoms: 1_500_000_000,
      maintenanceMarginAtoms: 750_000_000,
      balances: [],
      positions: [position],
      openOrders: 2,
      inLiquidation: false,
    };
    a().says.other['/account'] = { sequence: 80_000, accounts: [account] };
    const shown = await keelctl('account', 'show', owner);
    expect(shown.code).toBe(0);
    expect(shown.stdout).toMatch(/^10000 +10500 +1500 +750 +7 % +2$/m);
    expect(shown.stdout).toMatch(/^BTC-USD +-0\.5 +61000 +60000 +500$/m);
    a().says.other['/account'] = { sequence: 80_000, accounts: [] };
    expect((await keelctl('account', 'show', owner)).code).toBe(1);
  });
});

test.each([
  ['status --nodes here', 'is no node'],
  ['status --nodes http://a:1 --cluster local', '--nodes or --cluster, not both'],
  ['status --cluster far', '"local" is the one of npm run cluster'],
  ['status now', 'status does not take "now"'],
  ['leader', 'say "leader show"'],
  ['leader pause', 'say why'],
  ['leader show --to b', '--to belongs to leader transfer'],
  ['leader resume --token-file nowhere', 'cannot be read'],
  ['leader transfer --to B', 'is no node'],
  ['account show ann', '0x and 40 hex digits'],
  ['snapshot verify', 'snapshot verify --data DIR'],
  ['log export', 'log export --data DIR'],
  ['log tail --to 5', '--to belongs to log export'],
  ['config check --service engine', 'there is sequencer, gateway'],
  ['status --token abc', "Unknown option '--token'"],
])('%s is asked wrongly', async (line, told) => {
  const run = runCommand(line.split(' '), ownTerminal);
  await expect(run).rejects.toThrow(CommandLineFault);
  await expect(run).rejects.toThrow(told);
});

test('what is asked wrongly is one line and 2', async () => {
  const { code, stdout, stderr } = await run({}, ['status', '--nodes', 'here']);
  expect([code, stdout, stderr.split('\n').length]).toEqual([2, '', 2]);
});

/** Bends the first member of the store as every node tells it. */
function store(change: object, place = 0): void {
  for (const { says } of nodes) Object.assign((says.cluster.store as { members: object[] }).members[place]!, change);
}

function each(change: object): void {
  for (const { says } of nodes) Object.assign(says.cluster, change);
}
