import { parseAction } from '@keel/hyperliquid';
import { expect, test } from 'vitest';
import { classifyAction } from '../../src/hyperliquid/exchange/classifyAction.ts';

const order = (tif: string, r = false) => ({ a: 0, b: true, p: '1', s: '1', r, t: { limit: { tif } } });
const stop = { ...order('Gtc'), t: { trigger: { isMarket: true, triggerPx: '1', tpsl: 'sl' } } };
const place = (...orders: object[]) => ({ type: 'order', orders, grouping: 'na' });
const modify = (r: boolean) => ({ oid: 1, order: order('Gtc', r) });

test.each<[string, object, string, number]>([
  [
    'a cancel',
    {
      type: 'cancel',
      cancels: [
        { a: 0, o: 1 },
        { a: 0, o: 2 },
      ],
    },
    'cancel',
    2,
  ],
  ['a cancel by name', { type: 'cancelByCloid', cancels: [{ asset: 0, cloid: `0x${'00'.repeat(16)}` }] }, 'cancel', 1],
  ['a dead-man switch', { type: 'scheduleCancel', time: 5 }, 'cancel', 1],
  ['noop', { type: 'noop' }, 'cancel', 1],
  ['orders that only reduce', place(order('Ioc', true), order('Alo', true)), 'reduce', 2],
  ['quotes', place(order('Alo'), order('Alo', true)), 'change', 2],
  ['a batch is what its least urgent order is', place(order('Alo'), order('Gtc'), order('Ioc', true)), 'open', 3],
  ['a stop that may open', place(stop), 'open', 1],
  ['a change', { type: 'modify', ...modify(false) }, 'change', 1],
  ['of a reduce-only order', { type: 'modify', ...modify(true) }, 'reduce', 1],
  ['changes', { type: 'batchModify', modifies: [modify(true), modify(false)] }, 'change', 2],
  ['a leverage', { type: 'updateLeverage', asset: 0, isCross: true, leverage: 2 }, 'open', 1],
  ['no orders, which are refused elsewhere', place(), 'open', 1],
])('%s', (_what, action, requestClass, items) => {
  expect(classifyAction(parseAction(action))).toEqual({ requestClass, items });
});
