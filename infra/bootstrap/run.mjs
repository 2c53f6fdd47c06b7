import { join, resolve } from 'node:path';
import { handOver } from './handOver.mjs';
import { repository } from './places.mjs';

/** Programs that need the set-up but not a devnet of their own, by the name package.json calls them with. */
const PROGRAMS = {
  'bench:orders': 'test/bench/orders.ts',
  'bench:replay': 'test/bench/replayWeek.ts',
  claim: 'infra/wallet/claim.ts',
  deposit: 'infra/wallet/deposit.ts',
};
const [name = '', ...args] = process.argv.slice(2);

if (Object.hasOwn(PROGRAMS, name)) {
  // The program runs in the repository; INIT_CWD is where the person who typed the file name stood.
  const folder = process.env.INIT_CWD ?? process.cwd();
  const given = args.map((arg, place) => (args[place - 1] === '--file' ? resolve(folder, arg) : arg));
  await handOver(join(repository, PROGRAMS[name]), given, { browser: false });
} else {
  process.stderr.write(`keel: There is ${Object.keys(PROGRAMS).join(', ')}, but no "${name}".\n`);
  process.exitCode = 2;
}
