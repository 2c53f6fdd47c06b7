import { toSequence } from '@keel/types';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  accountLeaf,
  apply,
  createState,
  type EngineState,
  globalsLeaf,
  listAccounts,
  listMarkets,
  listOrders,
  marketLeaf,
  orderLeaf,
  readBook,
  readLevel,
  readSnapshot,
  takeDirty,
  writeSnapshot,
} from '../src/index.ts';
import type { Exchange } from './exchange.ts';
import { steps } from './randomStep.ts';
import { runSteps } from './randomTrading.ts';
import { runsOf } from './runsOf.ts';

type Log = Exchange['log'];

function replay(state: EngineState, log: Log, from: number, to: number) {
  const blocks = [];
  for (let place = from; place < to; place += 1) {
    blocks.push(apply(state, { sequence: toSequence(place + 1), ...log[place]! }));
  }
  return blocks;
}

test('the same commands give the same events and the same bytes', () => {
  fc.assert(
    fc.property(steps(300), (plan) => {
      const { log, state } = runSteps(plan, undefined);
      const [first, second] = [createState(), createState()];
      expect(replay(first, log, 0, log.length)).toEqual(replay(second, log, 0, log.length));
      expect(writeSnapshot(first)).toEqual(writeSnapshot(state));
      expect(writeSnapshot(second)).toEqual(writeSnapshot(state));
    }),
    { numRuns: runsOf(15), seed: 1, endOnFailure: true },
  );
});

test('a snapshot taken anywhere goes on with the same events and ends in the same bytes', () => {
  fc.assert(
    fc.property(steps(300), fc.nat(), (plan, cut) => {
      const { log } = runSteps(plan, undefined);
      const half = cut % log.length;
      const state = createState();
      replay(state, log, 0, half);
      const bytes = writeSnapshot(state);
      const restored = readSnapshot(bytes);
      expect(writeSnapshot(restored)).toEqual(bytes);
      expect(replay(restored, log, half, log.length)).toEqual(replay(state, log, half, log.length));
      expect(writeSnapshot(restored)).toEqual(writeSnapshot(state));
    }),
    { numRuns: runsOf(25), seed: 2, endOnFailure: true },
  );
});

test('leaves and levels that were not named dirty did not change', () => {
  fc.assert(
    fc.property(steps(120), (plan) => {
      const { log } = runSteps(plan, undefined);
      const state = createState();
      let before = leavesOf(state);
      for (let place = 0; place < log.length; place += 1) {
        apply(state, { sequence: toSequence(place + 1), ...log[place]! });
        const dirty = takeDirty(state);
        const named = new Set([
          'globals',
          ...dirty.accounts.map((id) => `account ${id}`),
          ...dirty.markets.map((id) => `market ${id}`),
          ...dirty.orders.map((id) => `order ${id}`),
          ...dirty.levels.map(({ marketId, side, priceTicks }) => `level ${marketId} ${side} ${priceTicks}`),
        ]);
        const after = leavesOf(state);
        for (const name of new Set([...before.keys(), ...after.keys()])) {
          if (!named.has(name)) expect(after.get(name), `${name} at command ${place + 1}`).toEqual(before.get(name));
        }
        before = after;
      }
    }),
    { numRuns: runsOf(6), seed: 3, endOnFailure: true },
  );
});

function leavesOf(state: EngineState): Map<string, string> {
  const leaves = new Map<string, string>([['globals', hex(globalsLeaf(state))]]);
  for (const { accountId } of listAccounts(state))
    leaves.set(`account ${accountId}`, hex(accountLeaf(state, accountId)));
  for (const { orderId } of listOrders(state)) leaves.set(`order ${orderId}`, hex(orderLeaf(state, orderId)));
  for (const { spec } of listMarkets(state)) {
    leaves.set(`market ${spec.marketId}`, hex(marketLeaf(state, spec.marketId)));
    const book = readBook(state, spec.marketId);
    for (const side of ['buy', 'sell'] as const) {
      for (const { priceTicks } of side === 'buy' ? book.bids : book.asks) {
        const lots = readLevel(state, spec.marketId, side, priceTicks);
        leaves.set(`level ${spec.marketId} ${side} ${priceTicks}`, String(lots));
      }
    }
  }
  return leaves;
}

function hex(bytes: Uint8Array | undefined): string {
  return Buffer.from(bytes ?? []).toString('hex');
}
