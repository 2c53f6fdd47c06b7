import { SetUpFault } from './setUpFault.mjs';

const OLDEST_NODE_MAJOR = 20;

/** Refuses a machine on which nothing later can work, before anything is fetched. */
export function checkMachine() {
  const major = Number(process.versions.node.split('.')[0]);
  if (major < OLDEST_NODE_MAJOR) {
    throw new SetUpFault(
      `Node ${process.versions.node} is too old to set Keel up; install Node ${OLDEST_NODE_MAJOR} or newer.`,
    );
  }
  if (process.platform !== 'linux' && process.platform !== 'darwin') {
    throw new SetUpFault(`Keel runs on Linux and macOS; on Windows, run it inside WSL.`);
  }
  if (process.arch !== 'x64' && process.arch !== 'arm64') {
    throw new SetUpFault(`Keel needs an x64 or arm64 processor; this one is ${process.arch}.`);
  }
}
