import { join, resolve } from 'node:path';
import { handOver } from './handOver.mjs';
import { repository } from './places.mjs';

const BENCHES = { orders: 'orders.ts', replay: 'replayWeek.ts' };
const [name = '', ...args] = process.argv.slice(2);

if (Object.hasOwn(BENCHES, name)) {
  // The bench runs in the repository; INIT_CWD is where the person who typed the file name stood.
  const folder = process.env.INIT_CWD ?? process.cwd();
  const given = args.map((arg, place) => (args[place - 1] === '--file' ? resolve(folder, arg) : arg));
  await handOver(join(repository, 'test', 'bench', BENCHES[name]), given, { browser: false });
} else {
  process.stderr.write(`keel: There is a bench for ${Object.keys(BENCHES).join(' and ')}, none for "${name}".\n`);
  process.exitCode = 2;
}
