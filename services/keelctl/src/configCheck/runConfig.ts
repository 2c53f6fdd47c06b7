import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseEnv } from 'node:util';
import { CommandFault } from '../commandFault.ts';
import { CommandLineFault } from '../commandLineFault.ts';
import { ownEnvironment, standingFolder } from '../config.ts';
import { EXIT, type ExitCode } from '../exitCodes.ts';
import { readBounded } from '../readBounded.ts';
import { assertNoMore, readOptions } from '../readOptions.ts';
import type { Terminal } from '../terminal.ts';

const SERVICES_FOLDER = resolve(import.meta.dirname, '../../..');
const SERVICES = ['sequencer', 'gateway', 'settler', 'price-feed', 'liquidator', 'bots'] as const;
const BYTES_MAX = 1_048_576;
const CHECK_MS_MAX = 30_000;

type Service = (typeof SERVICES)[number];
type Environment = Readonly<Record<string, string | undefined>>;

interface Verdict {
  readonly service: Service;
  readonly ok: boolean;
  readonly faults: readonly string[];
}

/**
 * keelctl config check: lets the service itself read its settings and end. With `--env` it gets those of the file
 * alone, as systemd and containers start it; else those of this shell. (Node takes `--env-file` for itself, wherever it stands.)
 */
export async function runConfig(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const { values, positionals } = readOptions(args, {
    service: { type: 'string', multiple: true, default: ['sequencer'] },
    env: { type: 'string' },
    json: { type: 'boolean', default: false },
  });
  const [verb, ...rest] = positionals;
  if (verb !== 'check') throw new CommandLineFault('say "config check"');
  assertNoMore('config check', rest);
  const services = values.service.map(serviceOf);
  const env = environmentOf(values.env);
  const verdicts = await Promise.all(services.map((service) => check(service, env)));
  const lines = verdicts.flatMap(({ service, ok, faults }) =>
    ok
      ? [`${service}: ${terminal.paint('green', 'ok')}`]
      : [`${service}: ${terminal.paint('red', `${faults.length} faults`)}`, ...faults.map((fault) => `  ${fault}`)],
  );
  terminal.write(`${values.json ? JSON.stringify(verdicts) : lines.join('\n')}\n`);
  return verdicts.every(({ ok }) => ok) ? EXIT.fine : EXIT.notFine;
}

function serviceOf(name: string): Service {
  const service = SERVICES.find((each) => each === name);
  if (service === undefined) throw new CommandLineFault(`--service "${name}": there is ${SERVICES.join(', ')}`);
  return service;
}

function environmentOf(file: string | undefined): Environment {
  if (file === undefined) return ownEnvironment();
  const { PATH = '' } = ownEnvironment();
  return { PATH, ...parseEnv(readBounded(resolve(standingFolder(), file), BYTES_MAX)) };
}

async function check(service: Service, env: Environment): Promise<Verdict> {
  const main = join(SERVICES_FOLDER, service, 'src/main.ts');
  if (!existsSync(main))
    throw new CommandFault(`${main} is not there: config check runs where the services are installed`);
  const { stdout, stderr } = await run(main, env);
  try {
    const { ok, faults } = JSON.parse(stdout) as Verdict;
    return { service, ok, faults };
  } catch {
    return { service, ok: false, faults: [stderr.trim() || 'it ended without a word'] };
  }
}

function run(main: string, env: Environment): Promise<{ readonly stdout: string; readonly stderr: string }> {
  return new Promise((done, reject) => {
    const child = spawn(process.execPath, [main, '--check-config'], { env: { ...env }, timeout: CHECK_MS_MAX });
    const output = { stdout: '', stderr: '' };
    child.stdout.on('data', (chunk) => {
      output.stdout += chunk;
    });
    child.stderr.on('data', (chunk) => {
      output.stderr += chunk;
    });
    child.on('error', reject);
    child.on('close', () => done(output));
  });
}
