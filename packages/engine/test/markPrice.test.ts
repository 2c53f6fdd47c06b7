import { expect, test } from 'vitest';
import { emaStep } from '../src/prices/renewMark.ts';
import { scenario } from './scenario.ts';

test('mark is the median of index with the book basis, book with last, index with the median basis', () => {
  scenario(`
    deposit ann 100000             |
    deposit bob 100000             |
    index BTC 50000                | mark 50000
    # Bid 50,100 and ask 50,200: the book says 50,100 (median with last = index), the averages start at the index.
    ann buy BTC 1 @ 50100          | #1 rests 1
    bob sell BTC 1 @ 50200         | #2 rests 1
    # After 10 s the averages have moved by 150 x 10/160 = 9.4 and 100 x 10/40 = 25: median of 50,009, 50,100, 50,025.
    wait 10                        | mark 50025
    index BTC 50000                |
  `);
});

test('mark stays inside the band round the index', () => {
  scenario(`
    deposit ann 1000000            |
    deposit bob 1000000            |
    index BTC 50000                | mark 50000
    bob sell BTC 0.1 @ 70000       | #1 rests 0.1
    ann buy BTC 0.2 @ 70000        | #2 buys 0.1 at 70000 from #1 ; #1 filled ; #2 rests 0.1
    index BTC 50000                |
    wait 9                         | mark 54615
    index BTC 50000                | mark 54616
    wait 9                         | mark 55000
    index BTC 50000                |
  `);
});

test.for([
  [0, 1_000, 0, 30_000, 0],
  [0, 1_000, 30_000, 30_000, 500],
  [0, -1_000, 1, 30_000, -1],
  [500, 500, 10_000, 30_000, 500],
  [100, 0, 1, 1_000_000, 99],
])('average %i towards %i after %i ms of %i ms: %i', ([ema, x, elapsed, tau, expected]) => {
  expect(emaStep(ema!, x!, elapsed!, tau!)).toBe(expected);
});
