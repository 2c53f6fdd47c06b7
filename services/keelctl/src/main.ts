import { JournalCorrupt, JournalFault, JournalLocked } from '@keel/journal';
import { explainFault, StartupFault } from '@keel/runtime';
import { AssertionError } from '@keel/types';
import { CommandFault } from './commandFault.ts';
import { CommandLineFault } from './commandLineFault.ts';
import { EXIT, type ExitCode } from './exitCodes.ts';
import { HELP } from './help.ts';
import { ownTerminal, type Terminal } from './terminal.ts';

type Run = (args: readonly string[], terminal: Terminal) => Promise<ExitCode>;

/** By first word; each reads the rest of the line itself, and is loaded only when it is asked for. */
const COMMANDS: Readonly<Record<string, () => Promise<Run>>> = {
  account: async () => (await import('./account/runAccount.ts')).runAccount,
  certificate: async () => (await import('./certificate/runVerification.ts')).runCertificate,
  cluster: async () => (await import('./cluster/runCluster.ts')).runCluster,
  config: async () => (await import('./configCheck/runConfig.ts')).runConfig,
  doctor: async () => (await import('./doctor/runDoctor.ts')).runDoctor,
  leader: async () => (await import('./leader/runLeader.ts')).runLeader,
  log: async () => (await import('./log/runLog.ts')).runLog,
  market: async () => (await import('./market/runMarket.ts')).runMarket,
  replay: async () => (await import('./replay/runReplay.ts')).runReplay,
  simulate: async () => (await import('./simulate/runSimulation.ts')).runSimulate,
  snapshot: async () => (await import('./snapshots/runSnapshot.ts')).runSnapshot,
  status: async () => (await import('./status/runStatus.ts')).runStatus,
  top: async () => (await import('./top/runTop.ts')).runTop,
};

/** Carries out one command line; returns the exit code. */
async function main(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const [word = '--help', ...rest] = args;
  // The command market has a help of its own.
  if (word === '--help' || (rest.includes('--help') && word !== 'market')) {
    terminal.write(HELP);
    return EXIT.fine;
  }
  const load = Object.hasOwn(COMMANDS, word) ? COMMANDS[word] : undefined;
  if (load === undefined)
    throw new CommandLineFault(
      `there is ${Object.keys(COMMANDS).join(', ')}, but no "${word}"; keelctl --help tells more`,
    );
  return (await load())(rest, terminal);
}

/** What is found wrong with a journal or a snapshot is a finding, not a fault of this program. */
function isFinding(fault: unknown): boolean {
  return [AssertionError, JournalCorrupt, JournalFault, JournalLocked, StartupFault].some(
    (kind) => fault instanceof kind,
  );
}

// Whoever reads the result may have seen enough (keelctl log tail | head); that is no fault.
process.stdout.on('error', (fault: NodeJS.ErrnoException) => {
  if (fault.code !== 'EPIPE') throw fault;
  process.exit(EXIT.fine);
});

main(process.argv.slice(2), ownTerminal).then(
  (code) => {
    process.exitCode = code;
  },
  (fault: unknown) => {
    if (fault instanceof CommandLineFault) process.exitCode = EXIT.askedWrongly;
    else if (fault instanceof CommandFault) process.exitCode = fault.exitCode;
    else if (isFinding(fault)) process.exitCode = EXIT.notFine;
    else throw fault;
    ownTerminal.tell(explainFault(fault));
  },
);
