import { CommandLineFault } from './commandLineFault.ts';
import { EXIT, type ExitCode } from './exitCodes.ts';
import { HELP } from './help.ts';
import type { Terminal } from './terminal.ts';

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

/** Carries out one command line; returns the exit code. Throws CommandLineFault, CommandFault, or what a journal is found to be. */
export async function runCommand(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
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
