import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { DevnetFault } from '../launcher/devnetFault.ts';
import { endProcess } from '../launcher/endProcess.ts';
import { type Holds, openHolds } from '../launcher/holds.ts';
import { isRunning } from '../launcher/processIdentity.ts';
import { type ListedProcess, readProcessList } from '../launcher/processList.ts';
import { processTable } from './processTable.ts';

/** Started by bootstrap/cluster.mjs with the folder where the person stands, and `ps`, `stop NAME` or `start NAME`. */
const [stands = '.', ...args] = process.argv.slice(2);

try {
  process.stdout.write(await run(args));
} catch (fault) {
  if (!(fault instanceof DevnetFault)) throw fault;
  process.stderr.write(`keel: ${fault.message}\n`);
  process.exitCode = 1;
}

async function run(given: readonly string[]): Promise<string> {
  const { values, positionals } = read(given);
  const data = resolve(stands, values.data ?? join(import.meta.dirname, '..', '..', '.keel', 'cluster'));
  const listed = readProcessList(join(data, 'processes.json')).filter((process) => isRunning(process));
  const [command, name = '', ...more] = positionals;
  if (more.length > 0) throw new DevnetFault(`There is nothing to do with "${more.join(' ')}".`);
  if (!existsSync(join(data, 'launcher.json')) || listed.length === 0)
    throw new DevnetFault(`No cluster runs in ${data}; npm run cluster starts one.`);
  if (command === 'ps') return values.json ? `${JSON.stringify(listed)}\n` : await processTable(listed);
  if (name === '') throw new DevnetFault(`Say which process to ${command}: ${names(listed)}.`);
  return command === 'stop' ? stop(name, listed, openHolds(data)) : start(name, listed, openHolds(data));
}

function read(given: readonly string[]) {
  const options = { data: { type: 'string' }, json: { type: 'boolean', default: false } } as const;
  try {
    return parseArgs({ args: [...given], options, allowPositionals: true });
  } catch (fault) {
    throw new DevnetFault(`${(fault as Error).message.split('.')[0]}; npm run cluster -- --help lists what there is.`);
  }
}

async function stop(name: string, listed: readonly ListedProcess[], holds: Holds): Promise<string> {
  const found = listed.find((process) => process.name === name);
  if (found === undefined && holds.isHeld(name)) return `${name} is already stopped\n`;
  if (found === undefined) throw new DevnetFault(`No process ${name} runs; there is ${names(listed)}.`);
  // Held before it ends, so that nobody starts it again in between.
  holds.hold(name);
  const byItself = await endProcess(found);
  return `${name} is stopped${byItself ? '' : ' (it did not when asked, and was ended)'}; npm run -s cluster -- start ${name} starts it again\n`;
}

function start(name: string, listed: readonly ListedProcess[], holds: Holds): string {
  if (!holds.isHeld(name)) {
    if (listed.some((process) => process.name === name)) return `${name} runs\n`;
    throw new DevnetFault(`${name} is not held; there is ${names(listed)}.`);
  }
  holds.release(name);
  return `${name} is being started\n`;
}

// A function is there from the first line on, which is where this file begins to work.
function names(listed: readonly ListedProcess[]): string {
  return listed.map(({ name }) => name).join(', ');
}
