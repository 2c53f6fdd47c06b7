import { join } from 'node:path';
import { handOver } from './handOver.mjs';
import { lookAt } from './lookAt.mjs';
import { repository } from './places.mjs';
import { readStartOptions, START_HELP } from './startOptions.mjs';

const startedAtMs = Date.now();
// npm runs this in the repository; INIT_CWD is where the person who typed the file name stood.
const options = readStartOptions(process.argv.slice(2), process.env.INIT_CWD ?? process.cwd(), lookAt);

if (typeof options === 'string') {
  process.stderr.write(`keel: ${options}\n`);
  process.exitCode = 2;
} else if (options.help) {
  process.stdout.write(START_HELP);
} else {
  const program = join(repository, 'infra', 'devnet', 'main.ts');
  await handOver(program, [JSON.stringify({ ...options, startedAtMs })], { browser: false });
}
