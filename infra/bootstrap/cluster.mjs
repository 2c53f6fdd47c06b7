import { join } from 'node:path';
import { handOver } from './handOver.mjs';
import { lookAt } from './lookAt.mjs';
import { repository } from './places.mjs';
import { CLUSTER_HELP, readClusterOptions } from './startOptions.mjs';

/** Commands to a cluster that runs; the others start one. */
const COMMANDS = ['ps', 'stop', 'start'];

const startedAtMs = Date.now();
const args = process.argv.slice(2);
// npm runs this in the repository; INIT_CWD is where the person who typed the file name stood.
const folder = process.env.INIT_CWD ?? process.cwd();

if (COMMANDS.includes(args[0])) {
  await handOver(join(repository, 'infra', 'cluster', 'command.ts'), [folder, ...args], { browser: false });
} else {
  const options = readClusterOptions(args, folder, lookAt);
  if (typeof options === 'string') {
    process.stderr.write(`keel: ${options}\n`);
    process.exitCode = 2;
  } else if (options.help) {
    process.stdout.write(CLUSTER_HELP);
  } else {
    const program = join(repository, 'infra', 'cluster', 'main.ts');
    await handOver(program, [JSON.stringify({ ...options, startedAtMs })], { browser: false, etcd: true });
  }
}
