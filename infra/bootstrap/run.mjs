import { join, resolve } from 'node:path';
import { handOver } from './handOver.mjs';
import { repository } from './places.mjs';

const KEELCTL = 'services/keelctl/src/main.ts';
const CONTRACTS = ['--dir', 'packages/contracts'];

/**
 * Programs that need the set-up but not a devnet of their own, by the name package.json calls them with. A list is what
 * pnpm is told: the tools of a package are on nobody else's PATH. An object is a program and its first words.
 */
const PROGRAMS = {
  abi: [...CONTRACTS, 'run', 'abi'],
  'bench:book': 'test/bench/book/bench.ts',
  'bench:codec': 'packages/codec/bench/placeOrder.ts',
  'bench:commit': 'services/sequencer/bench/commitLatency.ts',
  'bench:engine': 'test/bench/engine/engineRows.ts',
  'bench:gateway': 'test/bench/gateway/bench.ts',
  'bench:intake': 'packages/intake/bench/submits.ts',
  'bench:journal': 'packages/journal/bench/appends.ts',
  'bench:log': 'test/bench/log/ackRows.ts',
  'bench:liquidation': 'test/bench/liquidation/liquidationRows.ts',
  'bench:orders': 'test/bench/orders.ts',
  'bench:replay': 'test/bench/week/week.ts',
  'bench:settler': 'services/settler/script/benchBatches.ts',
  'bench:signing': 'packages/signing/bench/recover.ts',
  'bench:snapshots': 'packages/replica/bench/snapshotPause.ts',
  'bench:state-tree': 'packages/state-tree/script/benchSparseTree.ts',
  claim: 'infra/wallet/claim.ts',
  deposit: 'infra/wallet/deposit.ts',
  'client:pack': ['--dir', 'packages/client', 'pack', '--pack-destination', '.'],
  faults: { file: 'test/faults/faults.ts', first: [], needs: { etcd: true } },
  gas: [...CONTRACTS, 'exec', 'forge', 'test', '--gas-report', '--match-contract', 'GasTest'],
  keelctl: KEELCTL,
  market: { file: KEELCTL, first: ['market'] },
  mutate: 'packages/engine/mutation/mutate.ts',
  'proto:generate': ['--dir', 'proto', 'run', 'generate'],
  'proto:release': ['--dir', 'proto', 'run', 'release'],
  'replay:orders': 'test/replay/amzn.ts',
  'simulate:cluster': 'test/simulation/simulate.ts',
  'terminal:dev': ['--dir', 'services/terminal', 'exec', 'vite'],
  vectors: 'packages/state-tree/script/writeVectors.ts',
  verify: { file: KEELCTL, first: ['replay', '--verify-roots'] },
};
/** Options that name a file or folder. */
const PLACES = ['--file', '--peg', '--flow', '--data'];
const [name = '', ...args] = process.argv.slice(2);

if (Object.hasOwn(PROGRAMS, name)) {
  // The program runs in the repository; INIT_CWD is where the person who typed the name of a file stood.
  const folder = process.env.INIT_CWD ?? process.cwd();
  const given = args.map((arg, place) => (PLACES.includes(args[place - 1]) ? resolve(folder, arg) : arg));
  const program = PROGRAMS[name];
  const { file, first, needs } = Array.isArray(program)
    ? { file: 'infra/bootstrap/pnpm.mjs', first: program }
    : { first: [], ...(typeof program === 'string' ? { file: program } : program) };
  await handOver(join(repository, file), [...first, ...given], { browser: false, ...needs });
} else {
  process.stderr.write(`keel: There is ${Object.keys(PROGRAMS).join(', ')}, but no "${name}".\n`);
  process.exitCode = 2;
}
