import { spawn } from 'node:child_process';

// Set-up put the repository's own pnpm on the PATH that this process was given; the machine need not have one.
const child = spawn('pnpm', process.argv.slice(2), { stdio: 'inherit' });
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.on('error', (fault) => {
  process.stderr.write(`keel: pnpm could not be started: ${fault.message}.\n`);
  process.exitCode = 1;
});
child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 1)));
