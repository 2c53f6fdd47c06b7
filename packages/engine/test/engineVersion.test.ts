import { checkCertificate, type Event, toSequence } from '@keel/types';
import { expect, test } from 'vitest';
import {
  apply,
  createState,
  ENGINE_VERSION_MAX,
  EngineVersionUnknown,
  globalsLeaf,
  readSnapshot,
  writeSnapshot,
} from '../src/index.ts';
import type { Exchange } from './exchange.ts';
import { play, scenario } from './scenario.ts';

/** dan with a long of 1 BTC; WETH has a price. */
const DAN_IS_LONG = `
  deposit bob 1000000
  deposit dan 5500
  collateral WETH 90
  price WETH 2000
  index BTC 50000                | mark 50000
  bob sell BTC 1 @ 50000         | #1 rests 1
  dan buy BTC 1 @ 50000          | #2 buys 1 at 50000 from #1 ; #1 filled ; #2 filled
`;

test('the rules go on by one version at a time, and say so', () => {
  scenario(`
    upgrade 1 | refused ENGINE_VERSION_NOT_NEXT
    upgrade 3 | refused ENGINE_VERSION_NOT_NEXT
    upgrade 2 | rules of version 2
    upgrade 2 | refused ENGINE_VERSION_NOT_NEXT
    upgrade 1 | refused ENGINE_VERSION_NOT_NEXT
    upgrade 4 | refused ENGINE_VERSION_NOT_NEXT
  `);
});

test('a version that the program does not have stops it before anything changes', () => {
  const state = createState(1);
  const upgrade = { kind: 'upgradeEngine', engineVersion: 2 } as const;
  const before = writeSnapshot(state);
  expect(() => apply(state, { sequence: toSequence(1), timeMs: 1, command: upgrade })).toThrow(
    new EngineVersionUnknown(
      "the log goes on with version 2 of the engine's rules at command 1, this program knows 1: upgrade this node",
    ),
  );
  expect(writeSnapshot(state)).toEqual(before);
  // What no program takes for the next is refused by all of them alike.
  const refused = apply(state, { sequence: toSequence(1), timeMs: 1, command: { ...upgrade, engineVersion: 3 } });
  expect(refused.map(({ kind }) => kind)).toEqual(['commandRejected']);
  const newest = createState();
  newest.engineVersion = ENGINE_VERSION_MAX;
  const beyond = { ...upgrade, engineVersion: ENGINE_VERSION_MAX + 1 };
  expect(() => apply(newest, { sequence: toSequence(1), timeMs: 1, command: beyond })).toThrow(EngineVersionUnknown);
});

test('under the first rules nothing says the version: roots and snapshots are those of older programs', () => {
  const exchange = scenario(DAN_IS_LONG);
  const { leaf, bytes } = { leaf: globalsLeaf(exchange.state), bytes: writeSnapshot(exchange.state) };
  // The snapshot's own version comes first, in eight bytes.
  expect([Number(Buffer.from(bytes).readBigInt64BE(0)), readSnapshot(bytes, 1).engineVersion]).toEqual([3, 1]);
  exchange.state.engineVersion = 2;
  expect(globalsLeaf(exchange.state).length - leaf.length).toBe(8);
  expect(globalsLeaf(exchange.state).subarray(0, leaf.length)).toEqual(leaf);
});

test('a snapshot under later rules comes back with them, and an older program does not read it', () => {
  const exchange = scenario(`${DAN_IS_LONG}\n upgrade 2 | rules of version 2`);
  const bytes = writeSnapshot(exchange.state);
  const restored = readSnapshot(bytes);
  expect(restored.engineVersion).toBe(2);
  expect(Buffer.compare(writeSnapshot(restored), bytes)).toBe(0);
  expect(() => readSnapshot(bytes, 1)).toThrow(
    new EngineVersionUnknown(
      `the snapshot of command ${exchange.state.sequence} is by version 2 of the engine's rules, ` +
        'this program knows 1: upgrade this node',
    ),
  );
});

/**
 * BTC at 46,000: dan has 5,500 - 4,000 and what his WETH counts at 90 % of 2,000, and needs 2,300. 0.0055 WETH count 9.90 USDC,
 * 0.0056 count 10.08.
 */
const DUST_TABLE = `
  WETH   | its price   | version 1 | version 2
  0.0055 | fresh       | yes       | yes
  0.0055 | 11 s old    | -         | yes
  0.0055 | 31 s old    | -         | yes
  0.0055 | out of band | -         | -
  0.0055 | no quorum   | -         | -
  0.0055 | none yet    | -         | -
  0.0056 | fresh       | yes       | yes
  0.0056 | 11 s old    | -         | -
  0.0056 | 31 s old    | -         | -
`;

test.for(rowsOf(DUST_TABLE))('%s WETH, %s', ([amount = '', price = '', ...cells]) => {
  const got = [1, 2].map((version) => (started(holder(Number(amount), price, version).index(1, 46_000)) ? 'yes' : '-'));
  expect(got).toEqual(cells);
});

test('a trade forced beside dust of an old price has a certificate that holds; more than dust is found out', () => {
  const exchange = holder(0.0055, '11 s old', 2);
  play(exchange, 'bob buy BTC 1 @ 45900 | #3 rests 1');
  const events = exchange.index(1, 46_000);
  const certificates = events.flatMap((event) => (event.kind === 'closeOutCertified' ? [event.certificate] : []));
  expect(certificates.map(checkCertificate)).toEqual([[]]);
  const [{ balances, ...told } = { balances: [] }] = certificates;
  const more = balances.map((balance) => ({ ...balance, amountAtoms: 2 * balance.amountAtoms }));
  expect(checkCertificate({ ...certificates[0]!, ...told, balances: more }).join()).toContain(
    'stale: the price of WETH was too old',
  );
});

test('whoever waited under the old rules is closed out with the upgrade', () => {
  const exchange = holder(0.0055, '11 s old', 1);
  expect(started(exchange.index(1, 46_000))).toBe(false);
  expect(started(exchange.run({ kind: 'upgradeEngine', engineVersion: 2 }))).toBe(true);
});

test('dust of two assets counts together', () => {
  const both = (wbtc: number): boolean => {
    const exchange = holder(0.0028, 'fresh', 2, ['WETH', 'WBTC']);
    exchange.deposit('dan', wbtc, 'WBTC');
    exchange.wait(11_000);
    return started(exchange.index(1, 46_000));
  };
  // 5.04 and 4.86; 5.04 and 5.04.
  expect([both(0.0027), both(0.0028)]).toEqual([true, false]);
});

/** dan's long of 1 BTC at 50,000, his WETH, and what is known of its price; the index of BTC is fresh again after it. */
function holder(amount: number, price: string, version: number, symbols = ['WETH']): Exchange {
  const exchange = scenario('');
  for (const symbol of symbols) exchange.listCollateral(symbol, 90, { priceStaleMs: 10_000 });
  if (price !== 'none yet') for (const [place] of symbols.entries()) exchange.collateralPrice(place + 1, 200_000);
  play(
    exchange,
    `
    deposit bob 1000000
    deposit dan 5500
    index BTC 50000        | mark 50000
    bob sell BTC 1 @ 50000 | #1 rests 1
    dan buy BTC 1 @ 50000  | #2 buys 1 at 50000 from #1 ; #1 filled ; #2 filled
    `,
  );
  exchange.deposit('dan', amount, 'WETH');
  if (version === 2) exchange.run({ kind: 'upgradeEngine', engineVersion: 2 });
  if (price === '11 s old') exchange.wait(11_000);
  if (price === '31 s old') exchange.wait(31_000);
  if (price === 'out of band') exchange.collateralPrice(1, 50_000);
  if (price === 'no quorum') exchange.run({ kind: 'setPriceFeeders', feeders: [...exchange.state.feeders] });
  exchange.index(1, 50_000);
  return exchange;
}

function started(events: readonly Event[]): boolean {
  return events.some(({ kind }) => kind === 'liquidationStarted');
}

function rowsOf(table: string): string[][] {
  const lines = table.split('\n').filter((line) => line.trim() !== '');
  return lines.slice(1).map((line) => line.split('|').map((cell) => cell.trim()));
}
