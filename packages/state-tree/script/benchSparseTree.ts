// Prints how many leaves a second SparseTree takes, hashing included: `npm run -s bench:state-tree`. Runs for about ten seconds.
import { SparseTree } from '../src/index.ts';

const LEAF_BYTES = 200;
const PRESENT = 100_000;
const ROUNDS = 20;
const leaf = new Uint8Array(LEAF_BYTES);

function setAll(tree: SparseTree, indexes: readonly number[]): void {
  for (const index of indexes) tree.set(index, leaf);
  tree.root();
}

function row(name: string, count: number, run: () => void): void {
  const start = performance.now();
  run();
  const seconds = (performance.now() - start) / 1000;
  console.log(`${name.padEnd(58)} ${Math.round(count / seconds).toLocaleString('en-US')} leaves/s`);
}

for (const [name, depth] of [
  ['accounts', 32],
  ['orders', 40],
] as const) {
  const tree = new SparseTree(depth);
  const present = Array.from({ length: PRESENT }, (_, place) => place + 1);
  const before = process.memoryUsage();
  row(`${name}, depth ${depth}: ${PRESENT} new leaves, one root`, PRESENT, () => setAll(tree, present));
  const after = process.memoryUsage();
  const perLeaf = (after.heapUsed + after.arrayBuffers - before.heapUsed - before.arrayBuffers) / PRESENT;
  console.log(`${name}: about ${Math.round(perLeaf)} bytes of memory a leaf`);
  for (const batch of [1, 100, 2000]) {
    row(`${name}, depth ${depth}: ${batch} of ${PRESENT} changed a root`, batch * ROUNDS, () => {
      for (let round = 0; round < ROUNDS; round++) {
        leaf[0] = round;
        setAll(
          tree,
          Array.from({ length: batch }, (_, place) => 1 + ((place * 7919 + round) % PRESENT)),
        );
      }
    });
  }
}
