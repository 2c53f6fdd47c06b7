import { runVerification } from './certificate/runVerification.ts';
import { HELP, readCommandLine } from './commandLine.ts';
import { CommandLineFault } from './commandLineFault.ts';
import { standingFolder } from './config.ts';
import { runSimulation } from './simulate/runSimulation.ts';

const PROGRESS_MS = 1_000;

/** Carries out one command line; returns the exit code. */
async function main(args: readonly string[]): Promise<number> {
  const command = readCommandLine(args, standingFolder());
  if (command === 'help') {
    process.stdout.write(HELP);
    return 0;
  }
  if (command.kind === 'simulate') {
    process.stdout.write(await runSimulation(command, createProgress()));
    return 0;
  }
  const { text, holds } = runVerification(command);
  process.stdout.write(text);
  return holds ? 0 : 1;
}

/** A line on stderr now and then, once there is something to wait for. */
function createProgress(): (line: string) => void {
  let toldMs = performance.now();
  return (line) => {
    if (performance.now() - toldMs < PROGRESS_MS) return;
    toldMs = performance.now();
    process.stderr.write(`keelctl: ${line}\n`);
  };
}

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (fault: unknown) => {
    if (!(fault instanceof CommandLineFault)) throw fault;
    process.stderr.write(`keelctl: ${fault.message}\n`);
    process.exitCode = 2;
  },
);
