import { writeFileSync } from 'node:fs';
import { readCommandLine, type SimulateCommand } from '../commandLine.ts';
import { CommandLineFault } from '../commandLineFault.ts';
import { standingFolder } from '../config.ts';
import { EXIT, type ExitCode } from '../exitCodes.ts';
import { POPULATION, USDC_ATOMS } from '../population/populationTerms.ts';
import type { Terminal } from '../terminal.ts';
import { pictureOf } from './pictureOf.ts';
import { linearFall } from './pricePath.ts';
import { readPath } from './readPath.ts';
import { readEngineBytes } from './readState.ts';
import { resultOf } from './resultOf.ts';
import { notesOf, type Origin, simulate } from './simulate.ts';
import { tableOf } from './tableOf.ts';

const PROGRESS_MS = 1_000;

/** keelctl simulate: asks nobody. */
export async function runSimulate(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const command = readCommandLine(['simulate', ...args], standingFolder()) as SimulateCommand;
  terminal.write(await runSimulation(command, tellNowAndThen(terminal)));
  return EXIT.fine;
}

/** A line on stderr now and then, once there is something to wait for. */
function tellNowAndThen({ tell }: Terminal): (line: string) => void {
  let toldMs = performance.now();
  return (line) => {
    if (performance.now() - toldMs < PROGRESS_MS) return;
    toldMs = performance.now();
    tell(line);
  };
}

/** Carries out `keelctl simulate`; returns what goes to stdout. `tell` hears about progress. */
export async function runSimulation(command: SimulateCommand, tell: (line: string) => void): Promise<string> {
  const { pathFile, shocks, depthAtoms, svgFile } = command;
  const paths = pathFile === undefined ? shocks.map(linearFall) : [readPath(pathFile)];
  const origin = await originOf(command);
  const results = simulate({ origin, paths, depthAtoms }, tell).map(resultOf);
  if (svgFile !== undefined) write(svgFile, pictureOf(results));
  const notes = notesOf(origin);
  if (!command.json) return [...notes, tableOf(results)].join('\n');
  const { accounts, markets, lowestLeverage, highestLeverage, seed } = command;
  const population = { seed, accounts, markets, lowestLeverage, highestLeverage };
  const of = origin.kind === 'population' ? { population } : { snapshot: command.snapshot };
  return `${JSON.stringify({ ...of, depthUsdc: depthAtoms / USDC_ATOMS, notes, results })}\n`;
}

async function originOf(command: SimulateCommand): Promise<Origin> {
  const { snapshot, seed, accounts, markets, lowestLeverage, highestLeverage } = command;
  if (snapshot !== undefined) return { kind: 'snapshot', bytes: await readEngineBytes(snapshot) };
  const terms = { ...POPULATION, seed, accounts, markets, lowestLeverage, highestLeverage };
  return { kind: 'population', terms };
}

function write(file: string, content: string): void {
  try {
    writeFileSync(file, content);
  } catch (fault) {
    throw new CommandLineFault(`${file} cannot be written: ${(fault as Error).message}`);
  }
}
