import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterAll, expect, test } from 'vitest';
import { devnetPorts } from './movedPorts.ts';

/** What `npm start` hands a person who has a ccxt bot, run as that person would run it. */
const repository = join(import.meta.dirname, '..', '..');
/** Where ccxt is installed in this repository. */
const BESIDE_CCXT = join(repository, 'test', 'conformance');
const path = mkdtempSync(join(tmpdir(), 'keel-snippet-'));
const TEST_MS_MAX = 180_000;
let launcher: ChildProcess | undefined;

afterAll(() => {
  launcher?.kill('SIGKILL');
  rmSync(path, { recursive: true, force: true });
});

/** The text that a launcher hands over, once it has. Throws with all it said when it ends before. */
async function handedSnippet(child: ChildProcess): Promise<string> {
  let output = '';
  return new Promise((resolve, reject) => {
    child.once('close', () => reject(new Error(`it ended without a snippet:\n${output.slice(-2_000)}`)));
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      const line = output.split('\n').find((candidate) => candidate.startsWith('{"type":"snippet"'));
      if (line?.endsWith('}') === true) resolve((JSON.parse(line) as { text: string }).text);
    });
  });
}

test('the snippet of the console and of the README quotes, cancels and buys', { timeout: TEST_MS_MAX }, async () => {
  const { port, env } = await devnetPorts();
  const options = {
    bots: true,
    liquidator: false,
    port,
    data: path,
    fresh: false,
    once: false,
    seconds: 170,
    json: true,
  };
  const program = join(repository, 'infra', 'devnet', 'main.ts');
  const started = JSON.stringify({ ...options, startedAtMs: Date.now() });
  const running = spawn(process.execPath, [program, started], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  launcher = running;
  const snippet = await handedSnippet(running);

  const readme = readFileSync(join(repository, 'README.md'), 'utf8');
  expect(readme).toContain(`\`\`\`js\n${snippet.replace(`127.0.0.1:${port}`, '127.0.0.1:8080')}\`\`\``);

  // An ES module on stdin finds packages from where it is run, as a file there would.
  const run = promisify(execFile)(process.execPath, ['--input-type=module', '--eval', snippet], { cwd: BESIDE_CCXT });
  const { stdout } = await run;
  expect(stdout).toMatch(/^best bid \[ [0-9.]+, [0-9.]+.*best ask \[/s);
  expect(stdout).toMatch(/^bought 0\.01 at [0-9]+/m);
  const [, total = '0'] = /total: ([0-9.]+)/.exec(stdout) ?? [];
  // 10,000 USDC of the faucet, less a fee and what the price has moved since.
  expect(Number(total)).toBeGreaterThan(9_900);
  expect(Number(total)).toBeLessThan(10_100);

  // The README's next lines: keys of a person's own.
  const [key, agent] = [`0x${'7a'.repeat(32)}`, `0x${'7b'.repeat(32)}`] as const;
  const url = `http://127.0.0.1:${port}`;
  const type = async (program: string, ...args: string[]): Promise<string> => {
    const file = join(repository, 'packages', 'client', 'examples', program);
    return (await promisify(execFile)(process.execPath, [file, ...args])).stdout.trim();
  };
  const [owner, agentAddress] = [await type('address.ts', key), await type('address.ts', agent)];
  const headers = { 'content-type': 'application/json' };
  const given = await fetch(`${url}/v1/faucet`, { method: 'POST', headers, body: JSON.stringify({ address: owner }) });
  expect(await given.json()).toMatchObject({ address: owner, amount: '10000' });
  while (!(await fetch(`${url}/v1/accounts/${owner}`)).ok) await sleep(100);
  expect(await type('approveAgent.ts', url, key, agentAddress)).toContain(`${agentAddress} may trade for ${owner}`);

  const ended = once(running, 'close');
  running.kill('SIGTERM');
  expect((await ended)[0]).toBe(0);
});
