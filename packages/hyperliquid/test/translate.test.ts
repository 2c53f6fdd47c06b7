import { type OrderRequest, toMarketId, toOrderId } from '@keel/types';
import { describe, expect, it } from 'vitest';
import { type OpenOrderFacts, parseAction, type TranslationFacts, translateAction, Unreadable } from '../src/index.ts';
import { specOf } from './market.ts';

const NOW = 1_795_357_159_004;
const CLOID = `0x${'ab'.repeat(16)}`;
const facts: TranslationFacts = { specOf, nowMs: NOW, openOrder: () => undefined };
const translate = (action: object, more: Partial<TranslationFacts> = {}) =>
  translateAction(parseAction(action), { ...facts, ...more });

/** A buy of 0.1 BTC at 60,000, as clients send it. */
const wire = { a: 0, b: true, p: '60000', s: '0.1', r: false, t: { limit: { tif: 'Gtc' } } };
/** And as it is here. */
const native: OrderRequest = {
  marketId: toMarketId(1),
  side: 'buy',
  orderType: 'limit',
  timeInForce: 'gtc',
  priceTicks: 600_000,
  sizeLots: 10_000,
  reduceOnly: false,
  clientOrderId: '',
  expiresAtMs: 0,
  displayLots: 0,
  selfTrade: 'expireMaker',
  selfTradeScope: 'account',
  trigger: undefined,
  attached: undefined,
};
const trigger = (tpsl: 'tp' | 'sl', triggerPx: string, isMarket = true) => ({ trigger: { isMarket, triggerPx, tpsl } });
const place = (...orders: object[]) => ({ type: 'order', orders, grouping: 'na' });
const item = (index: number) => ({ kind: 'item', index });
const fault = (name: string) => ({ kind: 'fault', fault: name });

describe('one order', () => {
  it.each<[string, object, Partial<OrderRequest>]>([
    ['as it is', {}, {}],
    ['a sell', { b: false }, { side: 'sell' }],
    [
      'of another market',
      { a: 1, p: '3000.25', s: '1.5' },
      { marketId: toMarketId(2), priceTicks: 300_025, sizeLots: 15_000 },
    ],
    ['with zeros at the end of its numbers', { p: '060000.50', s: '0.100' }, { priceTicks: 600_005 }],
    ['reduce-only', { r: true }, { reduceOnly: true }],
    ['Ioc', { t: { limit: { tif: 'Ioc' } } }, { timeInForce: 'ioc' }],
    ['Alo', { t: { limit: { tif: 'Alo' } } }, { timeInForce: 'postOnly' }],
    ['FrontendMarket', { t: { limit: { tif: 'FrontendMarket' } } }, { timeInForce: 'ioc' }],
    ['with a cloid, in lower case', { c: CLOID.toUpperCase().replace('0X', '0x') }, { clientOrderId: CLOID }],
    ['with a cloid of null', { c: null }, {}],
    [
      'a stop that sells at market, at worst 57,000',
      { b: false, p: '57000', t: trigger('sl', '58000') },
      {
        side: 'sell',
        orderType: 'market',
        timeInForce: 'ioc',
        priceTicks: 570_000,
        trigger: { kind: 'stop', triggerTicks: 580_000, trailTicks: 0 },
      },
    ],
    [
      'a stop whose worst price is further than the market lets it be: the market sets one',
      { b: false, p: '28999.9', t: trigger('sl', '58000') },
      {
        side: 'sell',
        orderType: 'market',
        timeInForce: 'ioc',
        priceTicks: 0,
        trigger: { kind: 'stop', triggerTicks: 580_000, trailTicks: 0 },
      },
    ],
    [
      'one that is just as far as it lets it be',
      { b: false, p: '29000', t: trigger('sl', '58000') },
      {
        side: 'sell',
        orderType: 'market',
        timeInForce: 'ioc',
        priceTicks: 290_000,
        trigger: { kind: 'stop', triggerTicks: 580_000, trailTicks: 0 },
      },
    ],
    [
      'a worst price that is far on the good side binds: it was meant',
      { b: false, p: '99000', t: trigger('sl', '58000') },
      {
        side: 'sell',
        orderType: 'market',
        timeInForce: 'ioc',
        priceTicks: 990_000,
        trigger: { kind: 'stop', triggerTicks: 580_000, trailTicks: 0 },
      },
    ],
    [
      'a take-profit with a limit',
      { b: false, p: '65000', t: trigger('tp', '65100', false) },
      { side: 'sell', priceTicks: 650_000, trigger: { kind: 'takeProfit', triggerTicks: 651_000, trailTicks: 0 } },
    ],
  ])('%s', (_what, changes, expected) => {
    expect(translate(place({ ...wire, ...changes }))).toEqual({
      kind: 'translated',
      request: { kind: 'placeOrders', orders: [{ ...native, ...expected }], grouping: 'none' },
      places: [item(0)],
    });
  });

  it.each<[string, object, string]>([
    ['a price between two ticks', { p: '60000.05' }, 'PRICE_OFF_TICK'],
    ['a price of 0', { p: '0' }, 'PRICE_OUT_OF_RANGE'],
    ['a price above all', { p: '1000000.1' }, 'PRICE_OUT_OF_RANGE'],
    ['a size between two lots', { s: '0.000005' }, 'SIZE_OFF_LOT'],
    ['a size of 0', { s: '0.0' }, 'SIZE_ZERO'],
    ['a size above all', { s: '100.00001' }, 'SIZE_OUT_OF_RANGE'],
    ['a trigger between two ticks', { t: trigger('sl', '58000.05') }, 'PRICE_OFF_TICK'],
    ['a trigger of 0', { t: trigger('tp', '0') }, 'PRICE_OUT_OF_RANGE'],
  ])('with %s is left out, and the others go on', (_what, changes, name) => {
    expect(translate(place(wire, { ...wire, ...changes }, { ...wire, b: false }))).toEqual({
      kind: 'translated',
      request: { kind: 'placeOrders', orders: [native, { ...native, side: 'sell' }], grouping: 'none' },
      places: [item(0), fault(name), item(1)],
    });
    const alone = { kind: 'translated', request: undefined, places: [fault(name)] };
    expect(translate(place({ ...wire, ...changes }))).toEqual(alone);
  });

  it.each<[string, object, string]>([
    ['an asset that is not listed', place(wire, { ...wire, a: 2 }), 'Asset 2 is not listed.'],
    [
      'an asset beyond all',
      place({ ...wire, a: Number.MAX_SAFE_INTEGER }),
      `Asset ${Number.MAX_SAFE_INTEGER} is not listed.`,
    ],
    ['no order', place(), 'A request has 1 to 50 items here, this one has 0.'],
    ['51 orders', place(...new Array(51).fill(wire)), 'A request has 1 to 50 items here, this one has 51.'],
  ])('%s refuses the whole', (_what, action, sentence) => {
    expect(translate(action)).toEqual({ kind: 'refused', sentence });
  });
});

describe('an order with what hangs on it (normalTpsl)', () => {
  const tp = { ...wire, b: false, r: true, p: '65000', t: trigger('tp', '65100', false) };
  const sl = { ...wire, b: false, r: true, p: '50000', t: trigger('sl', '58000') };
  const grouped = (...orders: object[]) => ({ type: 'order', orders, grouping: 'normalTpsl' });
  const attached = {
    takeProfitTicks: 651_000,
    takeProfitLimitTicks: 650_000,
    stopLossTicks: 580_000,
    stopLossLimitTicks: 0,
  };

  it.each([
    ['both', [tp, sl], attached],
    ['both the other way round', [sl, tp], attached],
    ['a take-profit', [tp], { ...attached, stopLossTicks: 0 }],
    ['a stop-loss', [sl], { ...attached, takeProfitTicks: 0, takeProfitLimitTicks: 0 }],
  ])('%s', (_what, children, expected) => {
    expect(translate(grouped(wire, ...children))).toEqual({
      kind: 'translated',
      request: { kind: 'placeOrders', orders: [{ ...native, attached: expected }], grouping: 'none' },
      places: [item(0), ...children.map(() => ({ kind: 'child' }))],
    });
  });

  it.each<[string, object[]]>([
    ['alone', [wire]],
    ['that waits itself', [sl, tp]],
    ['with two stops', [wire, sl, sl]],
    ['with three', [wire, tp, sl, sl]],
    ['with one on the same side', [wire, { ...sl, b: true }]],
    ['with one that is not reduce-only', [wire, { ...sl, r: false }]],
    ['with one of another size', [wire, { ...sl, s: '0.05' }]],
    ['with one of another market', [wire, { ...sl, a: 1 }]],
    ['with one that has a cloid, which it cannot keep', [wire, { ...sl, c: CLOID }]],
    ['with one that does not wait', [wire, { ...wire, b: false, r: true }]],
  ])('%s: refused', (_what, orders) => {
    expect(translate(grouped(...orders))).toEqual({
      kind: 'refused',
      sentence: expect.stringMatching(/^Grouping normalTpsl/),
    });
  });

  it('is left out with them when one has a fault', () => {
    expect(translate(grouped({ ...wire, s: '0' }, { ...sl, s: '0' }))).toMatchObject({
      request: undefined,
      places: [fault('SIZE_ZERO'), fault('PAIR_REFUSED')],
    });
    expect(translate(grouped(wire, { ...sl, t: trigger('sl', '58000.01') }))).toMatchObject({
      request: undefined,
      places: [fault('PAIR_REFUSED'), fault('PRICE_OFF_TICK')],
    });
  });
});

describe('triggers of a position (positionTpsl)', () => {
  const tp = { ...wire, b: false, r: true, p: '65000', t: trigger('tp', '65100', false) };
  const sl = { ...wire, b: false, r: true, p: '57000', t: trigger('sl', '58000') };
  const grouped = (...orders: object[]) => ({ type: 'order', orders, grouping: 'positionTpsl' });

  it('of two, one ends the other; one stands alone', () => {
    expect(translate(grouped(tp, sl))).toMatchObject({
      request: { grouping: 'oneCancelsOther' },
      places: [item(0), item(1)],
    });
    expect(translate(grouped(sl))).toMatchObject({ request: { grouping: 'none' }, places: [item(0)] });
  });

  it('both are left out when one has a fault', () => {
    const places = [fault('SIZE_OFF_LOT'), fault('PAIR_REFUSED')];
    expect(translate(grouped({ ...tp, s: '0.000001' }, sl))).toEqual({
      kind: 'translated',
      request: undefined,
      places,
    });
  });

  it.each<[string, object[]]>([
    ['that do not wait', [wire]],
    ['that may open a position', [{ ...sl, r: false }]],
    ['of two markets', [sl, { ...tp, a: 1 }]],
    ['three of them', [sl, sl, tp]],
  ])('%s: refused', (_what, orders) => {
    expect(translate(grouped(...orders))).toEqual({
      kind: 'refused',
      sentence: expect.stringMatching(/^Grouping positionTpsl/),
    });
  });
});

describe('cancels', () => {
  it('by id, one of which no order has', () => {
    const action = {
      type: 'cancel',
      cancels: [
        { a: 0, o: 7 },
        { a: 1, o: 0 },
        { a: 1, o: 2 ** 40 },
      ],
    };
    expect(translate(action)).toEqual({
      kind: 'translated',
      request: {
        kind: 'cancelOrders',
        orders: [
          { orderId: 7, clientOrderId: '' },
          { orderId: 2 ** 40, clientOrderId: '' },
        ],
      },
      places: [item(0), fault('ORDER_UNKNOWN'), item(1)],
    });
  });

  it('by name', () => {
    expect(translate({ type: 'cancelByCloid', cancels: [{ asset: 0, cloid: CLOID }] })).toMatchObject({
      request: { kind: 'cancelOrders', orders: [{ orderId: 0, clientOrderId: CLOID }] },
    });
  });

  it('of everything, at a time', () => {
    const at = (time?: number | null) => translate({ type: 'scheduleCancel', ...(time === undefined ? {} : { time }) });
    expect(at(NOW + 10_000)).toMatchObject({ request: { kind: 'cancelAllAfter', timeoutMs: 10_000 } });
    expect(at()).toMatchObject({ request: { kind: 'cancelAllAfter', timeoutMs: 0 } });
    expect(at(null)).toMatchObject({ request: { kind: 'cancelAllAfter', timeoutMs: 0 } });
    for (const time of [0, NOW, NOW + 999, NOW + 24 * 3_600_000 + 1])
      expect(at(time)).toEqual({
        kind: 'refused',
        sentence: 'Scheduled cancel time must be 1 second to 24 hours from now.',
      });
  });

  it('of nothing, for its nonce', () => {
    expect(translate({ type: 'noop' })).toMatchObject({ request: { kind: 'cancelOrders', orders: [] } });
  });
});

describe('changes', () => {
  const modify = { type: 'modify', oid: 7, order: wire };
  const replaced = { orderId: 7, clientOrderId: '' };

  it('of one order: another takes its place', () => {
    const request = { kind: 'replaceOrder', replaced, order: native };
    expect(translate(modify)).toEqual({ kind: 'translated', request, places: [item(0)] });
    expect(translate({ type: 'batchModify', modifies: [{ oid: 7, order: wire }] })).toMatchObject({ request });
    expect(translate({ ...modify, oid: CLOID })).toMatchObject({
      request: { replaced: { orderId: 0, clientOrderId: CLOID } },
    });
    expect(translate({ ...modify, oid: 0 })).toMatchObject({ request: undefined, places: [fault('ORDER_UNKNOWN')] });
    expect(translate({ ...modify, order: { ...wire, s: '0' } })).toMatchObject({ places: [fault('SIZE_ZERO')] });
  });

  /** 0.1 BTC of which 0.03 have traded. */
  const open: OpenOrderFacts = { ...native, clientOrderId: CLOID, remainingLots: 7_000 };
  const openOrder: TranslationFacts['openOrder'] = ({ orderId }) => (orderId === 7 ? open : undefined);

  it.each<[string, object, object]>([
    [
      'price and size: what has traded counts here',
      { p: '60001', s: '0.05' },
      { priceTicks: 600_010, sizeLots: 8_000 },
    ],
    ['with its own name', { c: CLOID }, { priceTicks: 600_000, sizeLots: 13_000 }],
  ])('of several, %s', (_what, changes, expected) => {
    const modifies = [
      { oid: 9, order: wire },
      { oid: 7, order: { ...wire, ...changes } },
    ];
    expect(translate({ type: 'batchModify', modifies }, { openOrder })).toEqual({
      kind: 'translated',
      request: { kind: 'amendOrders', amendments: [{ orderId: 7, clientOrderId: '', marketId: 1, ...expected }] },
      places: [fault('ORDER_UNKNOWN'), item(0)],
    });
  });

  it.each<[string, object, string]>([
    ['its side', { b: false }, 'AMENDS_OTHER_TERMS'],
    ['its market', { a: 1, s: '1' }, 'AMENDS_OTHER_TERMS'],
    ['its time in force', { t: { limit: { tif: 'Alo' } } }, 'AMENDS_OTHER_TERMS'],
    ['reduce-only', { r: true }, 'AMENDS_OTHER_TERMS'],
    ['its name', { c: `0x${'00'.repeat(16)}` }, 'AMENDS_OTHER_TERMS'],
    ['its trigger', { t: trigger('sl', '58000') }, 'AMENDS_OTHER_TERMS'],
    ['its size to more than may be', { s: '99.98' }, 'SIZE_OUT_OF_RANGE'],
  ])('of several, %s is left out', (_what, changes, name) => {
    const modifies = [
      { oid: 7, order: wire },
      { oid: 7, order: { ...wire, ...changes } },
    ];
    expect(translate({ type: 'batchModify', modifies }, { openOrder })).toMatchObject({
      places: [item(0), fault(name)],
    });
  });
});

describe('the account', () => {
  const leverage = { type: 'updateLeverage', asset: 1, isCross: true, leverage: 5 };

  it('gets a leverage', () => {
    expect(translate(leverage)).toMatchObject({
      request: { kind: 'setLeverage', marketId: toMarketId(2), leverage: 5 },
    });
    for (const wrong of [0, 26])
      expect(translate({ ...leverage, leverage: wrong })).toMatchObject({ sentence: 'Invalid leverage value' });
    expect(translate({ ...leverage, asset: 9 })).toMatchObject({ sentence: 'Asset 9 is not listed.' });
  });

  it('is cross-margined', () => {
    const sentence = expect.stringContaining('an isolated one is an account of its own');
    expect(translate({ ...leverage, isCross: false })).toEqual({ kind: 'refused', sentence });
    expect(translate({ type: 'updateIsolatedMargin', asset: 0, isBuy: true, ntli: -5 })).toEqual({
      kind: 'refused',
      sentence,
    });
  });

  it('knows what it need not do, and what it does not know', () => {
    expect(translate({ type: 'setReferrer', code: 'X' })).toEqual({
      kind: 'translated',
      request: undefined,
      places: [],
    });
    expect(translate({ type: 'twapOrder', twap: {} })).toEqual({
      kind: 'refused',
      sentence: 'This exchange does not offer "twapOrder" through this API.',
    });
  });
});

describe('an action is read strictly', () => {
  it.each<[object, string]>([
    [{}, 'action.type is not a text'],
    [{ type: 'order' }, 'action.orders is missing'],
    [{ ...place(wire), extra: 1 }, 'action has an unknown field "extra"'],
    [{ ...place(wire), grouping: 'all' }, 'action.grouping is none of na, normalTpsl, positionTpsl'],
    [
      { ...place(wire), grouping: { p: 5 } },
      'action.grouping asks for priority, which nobody can buy on this exchange',
    ],
    [{ ...place(wire), builder: { b: 'x', f: 1 } }, 'action.builder.b is not an address'],
    [{ ...place(), orders: {} }, 'action.orders is not a list'],
    [{ ...place(), orders: [5] }, 'action.orders[0] is not an object'],
    [place(wire, { ...wire, p: 5 }), 'action.orders[1].p is not a decimal text such as "0.25"'],
    [place({ ...wire, p: '-5' }), 'action.orders[0].p is not a decimal text such as "0.25"'],
    [place({ ...wire, s: '1e5' }), 'action.orders[0].s is not a decimal text such as "0.25"'],
    [place({ ...wire, s: '1'.repeat(33) }), 'action.orders[0].s is not a decimal text such as "0.25"'],
    [place({ ...wire, a: 0.5 }), 'action.orders[0].a is not a whole number from 0 to 2^53 - 1'],
    [place({ ...wire, b: 1 }), 'action.orders[0].b is not true or false'],
    [place({ ...wire, c: '0xab' }), 'action.orders[0].c is not 0x and 16 bytes of hex'],
    [place({ ...wire, t: {} }), 'action.orders[0].t has not one of limit, trigger'],
    [place({ ...wire, t: { ...wire.t, ...trigger('sl', '1') } }), 'action.orders[0].t has not one of limit, trigger'],
    [
      place({ ...wire, t: { limit: { tif: 'Fok' } } }),
      'action.orders[0].t.limit.tif is none of Gtc, Ioc, Alo, FrontendMarket',
    ],
    [
      place({ ...wire, t: { trigger: { triggerPx: '1', tpsl: 'sl' } } }),
      'action.orders[0].t.trigger.isMarket is missing',
    ],
    [{ type: 'cancel', cancels: [{ a: 0 }] }, 'action.cancels[0].o is missing'],
    [
      { type: 'cancelByCloid', cancels: [{ asset: 0, cloid: 5 }] },
      'action.cancels[0].cloid is not 0x and 16 bytes of hex',
    ],
    [{ type: 'modify', oid: 'x', order: wire }, 'action.oid is not 0x and 16 bytes of hex'],
    [{ type: 'batchModify', modifies: [{ oid: 1 }] }, 'action.modifies[0].order is missing'],
    [{ type: 'scheduleCancel', time: '5' }, 'action.time is not a whole number from 0 to 2^53 - 1'],
    [
      { type: 'updateLeverage', asset: 0, isCross: true, leverage: 2.5 },
      'action.leverage is not a whole number from 0 to 2^53 - 1',
    ],
    [{ type: 'noop', more: 1 }, 'action has an unknown field "more"'],
    [{ type: 'setReferrer' }, 'action.code is missing'],
    [{ type: 'approveBuilderFee', builder: 1 }, 'action.signatureChainId is missing'],
  ])('%j', (action, message) => {
    expect(() => parseAction(action)).toThrow(new Unreadable(message));
  });

  it('but a name that its prototype has is a type like any other', () => {
    expect(parseAction({ type: 'constructor' })).toEqual({ type: 'notOffered', name: 'constructor' });
  });
});

it('the order that a client means by its id is that order', () => {
  expect(translate({ type: 'cancel', cancels: [{ a: 0, o: 12 }] })).toMatchObject({
    request: { orders: [{ orderId: toOrderId(12) }] },
  });
});
