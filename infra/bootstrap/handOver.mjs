import { spawn } from 'node:child_process';
import { node24, repository } from './places.mjs';
import { setUp } from './setUp.mjs';
import { SetUpFault } from './setUpFault.mjs';

const PARENT_POLL_MS = 500;

/** Sets the machine up, then lets Node 24 run `program` with these arguments and ends as it ended. */
export async function handOver(program, args, needs) {
  try {
    const env = await setUp(needs);
    const child = spawn(node24, [program, ...args], { cwd: repository, env, stdio: 'inherit' });
    // The program decides how to stop; this process only passes the wish on and waits for it.
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
    if (process.env.npm_lifecycle_event !== undefined) whenParentEnds(() => child.kill('SIGTERM'));
    child.on('error', (fault) => endWith(`Node 24 could not be started: ${fault.message}.`));
    child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 1)));
  } catch (fault) {
    if (fault instanceof SetUpFault) return endWith(fault.message);
    if (fault?.code === 'ENOSPC') return endWith('The disk is full.');
    throw fault;
  }
}

/** npm passes SIGINT and SIGTERM on but dies of SIGHUP and SIGKILL; whoever ended it wanted an end of this too. */
function whenParentEnds(end) {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    end();
  }, PARENT_POLL_MS);
  timer.unref();
}

function endWith(sentence) {
  process.stderr.write(`keel: ${sentence}\n`);
  process.exitCode = 1;
}
