import {
  type Event,
  type OrderCloseReason,
  type OrderFilled,
  type OrderName,
  REJECT_CODES,
  toAccountId,
  toOrderId,
  toSequence,
} from '@keel/types';
import type { TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { describe, expect, test } from 'vitest';
import { formatCancel, formatCancelAllAfter, formatCancels } from '../src/format/formatAck.ts';
import { formatAmend, formatAmends } from '../src/format/formatAmend.ts';
import { formatOrder, formatOrders, formatReplace } from '../src/format/formatOrder.ts';
import { MarketDirectory } from '../src/marketDirectory.ts';
import {
  amendAnswer,
  amendsAnswer,
  cancelAllAfterAnswer,
  cancelAnswer,
  cancelsAnswer,
  orderAnswer,
  ordersAnswer,
  replaceAnswer,
} from '../src/wire/answers.ts';
import { accepted } from './acceptedOrder.ts';
import { ACCOUNT, BTC, BTC_MARKET } from './readModelOf.ts';

/** Events of one command, and what its answer says; 0.1 USD a tick, 0.00001 BTC a lot. */
const markets = new MarketDirectory();
markets.put(BTC_MARKET);
const block = (...events: Event[]) => ({ sequence: toSequence(9), timeMs: 1_000, events });

let trades = 0;
const filled = (takerOrderId: number, makerOrderId: number, sizeLots: number, makerRemainingLots = 0): OrderFilled => ({
  kind: 'orderFilled',
  tradeId: ++trades,
  marketId: BTC,
  priceTicks: 599_990,
  sizeLots,
  takerSide: 'buy',
  makerOrderId: toOrderId(makerOrderId),
  takerOrderId: toOrderId(takerOrderId),
  makerAccountId: toAccountId(2),
  takerAccountId: ACCOUNT,
  makerFeeAtoms: 3,
  takerFeeAtoms: 12,
  makerRealisedPnlAtoms: -7,
  takerRealisedPnlAtoms: 5,
  makerRemainingLots,
  liquidation: false,
});
const rested = (orderId: number, remainingLots: number): Event => ({
  kind: 'orderRested',
  orderId: toOrderId(orderId),
  remainingLots,
});
const waiting = (orderId: number, triggerTicks: number): Event => ({
  kind: 'orderWaiting',
  orderId: toOrderId(orderId),
  triggerTicks,
});
const closed = (orderId: number, reason: OrderCloseReason, remainingLots = 0): Event => ({
  kind: 'orderClosed',
  orderId: toOrderId(orderId),
  accountId: ACCOUNT,
  marketId: BTC,
  reason,
  remainingLots,
  code: 0,
});
const amended = (
  orderId: number,
  priceTicks: number,
  sizeLots: number,
  remainingLots: number,
  keptPlace = true,
  clientOrderId = '',
): Event => ({
  kind: 'orderAmended',
  orderId: toOrderId(orderId),
  accountId: ACCOUNT,
  marketId: BTC,
  clientOrderId,
  priceTicks,
  sizeLots,
  remainingLots,
  keptPlace,
});
const duplicated = (orderId: number): Event => ({
  kind: 'orderDuplicated',
  orderId: toOrderId(orderId),
  accountId: ACCOUNT,
  clientOrderId: 'mine',
});
const item = (at: number, orderId: number, name?: keyof typeof REJECT_CODES): Event => ({
  kind: 'batchItem',
  item: at,
  orderId: orderId === 0 ? 0 : toOrderId(orderId),
  code: name === undefined ? 0 : REJECT_CODES[name],
});
const twapStarted = (orderId: number): Event => ({
  kind: 'twapStarted',
  orderId: toOrderId(orderId),
  durationMs: 60_000,
  slices: 10,
});

/** What happens first in any command: an attached order of somebody else comes to life and is carried on. */
const BEFORE: readonly Event[] = [
  filled(90, 91, 5),
  accepted(92, { parentOrderId: toOrderId(90) }),
  waiting(92, 1),
  amended(93, 0, 5, 5),
  closed(94, 'linkedOrder', 3),
];

function answerOf<Answer>(schema: TSchema, answer: Answer): Answer {
  expect(Compile(schema).Errors(answer)).toEqual([]);
  return answer;
}

describe('an order', () => {
  const ROWS: readonly [what: string, events: readonly Event[], answer: object][] = [
    [
      'rests',
      [accepted(7), rested(7, 1_000)],
      {
        state: 'resting',
        price: '60000',
        filledSize: '0',
        remainingSize: '0.01',
        shownSize: '0.01',
        averagePrice: null,
      },
    ],
    [
      'rests as an iceberg behind what it traded',
      [accepted(7, { displayLots: 200, expiresAtMs: 5_000 }), filled(7, 1, 300), rested(7, 700)],
      { state: 'resting', filledSize: '0.003', remainingSize: '0.007', shownSize: '0.002', expiresAt: 5_000 },
    ],
    [
      'shows no more than is left',
      [accepted(7, { displayLots: 200 }), filled(7, 1, 900), rested(7, 100)],
      { state: 'resting', remainingSize: '0.001', shownSize: '0.001' },
    ],
    [
      'is met by a close-out while it rests, twice, and shows again',
      [
        accepted(7, { displayLots: 200 }),
        rested(7, 1_000),
        filled(50, 7, 150, 850),
        filled(50, 7, 50, 800),
        { kind: 'orderReplenished', orderId: toOrderId(7), shownLots: 200 },
      ],
      { state: 'resting', filledSize: '0.002', remainingSize: '0.008', shownSize: '0.002' },
    ],
    [
      'shows less as a close-out takes of it',
      [accepted(7, { displayLots: 200 }), rested(7, 1_000), filled(50, 7, 50, 950)],
      { state: 'resting', remainingSize: '0.0095', shownSize: '0.0015' },
    ],
    [
      'is filled by a close-out that it rested for',
      [accepted(7), rested(7, 1_000), filled(50, 7, 1_000), closed(7, 'filled')],
      { state: 'filled', filledSize: '0.01', remainingSize: '0', shownSize: '0', averagePrice: '59999' },
    ],
    [
      'is filled',
      [accepted(7), filled(7, 1, 1_000), closed(1, 'filled'), closed(7, 'filled')],
      { state: 'filled', closeReason: 'filled', filledSize: '0.01', remainingSize: '0' },
    ],
    [
      'is dropped where it found nothing more',
      [accepted(7, { timeInForce: 'ioc' }), filled(7, 1, 400), closed(7, 'immediateRemainder', 600)],
      { state: 'closed', closeReason: 'immediateRemainder', filledSize: '0.004', remainingSize: '0.006' },
    ],
    [
      'waits for its trigger',
      [
        accepted(7, { trigger: { kind: 'trailingStop', triggerTicks: 0, trailTicks: 500 }, priceTicks: 0 }),
        waiting(7, 599_500),
      ],
      { state: 'waiting', price: null, triggerPrice: '59950', remainingSize: '0.01', shownSize: '0' },
    ],
    [
      'is traded in slices',
      [
        accepted(7, { orderType: 'market', timeInForce: 'ioc', priceTicks: 0 }),
        twapStarted(7),
        filled(7, 1, 100),
        { kind: 'twapSlice', orderId: toOrderId(7), slice: 1, sizeLots: 100, filledLots: 100, code: 0 },
      ],
      { state: 'twap', price: null, filledSize: '0.001', remainingSize: '0.009', averagePrice: '59999' },
    ],
    [
      'loses lots to an order of its own and rests',
      [accepted(7, { selfTrade: 'decrement' }), closed(1, 'selfTrade', 300), rested(7, 700)],
      { state: 'resting', filledSize: '0', remainingSize: '0.007', shownSize: '0.007' },
    ],
    [
      'brings attached orders to life',
      [
        accepted(7),
        filled(7, 1, 1_000),
        accepted(8, { parentOrderId: toOrderId(7), linkedOrderId: toOrderId(9) }),
        accepted(9, { parentOrderId: toOrderId(7), linkedOrderId: toOrderId(8) }),
        waiting(8, 660_000),
        waiting(9, 570_000),
        closed(7, 'filled'),
      ],
      { orderId: '7', state: 'filled', triggerPrice: null },
    ],
    [
      'had its name used before',
      [duplicated(3)],
      { duplicate: true, orderId: '3', clientOrderId: 'mine', state: null, filledSize: '0', fills: [] },
    ],
  ];
  test.each(ROWS)('%s', (_, events, answer) => {
    const expected = { sequence: 9, timeMs: 1_000, duplicate: false, ...answer };
    expect(answerOf(orderAnswer, formatOrder(block(...events), markets))).toMatchObject(expected);
    expect(formatOrder(block(...BEFORE, ...events), markets)).toEqual(formatOrder(block(...events), markets));
  });

  test('has the fee and the profit of its own side of each fill', () => {
    const { fills } = formatOrder(
      block(accepted(7), filled(7, 1, 10), rested(7, 990), filled(50, 7, 20, 970)),
      markets,
    );
    expect(fills).toMatchObject([
      { size: '0.0001', fee: '0.000012', realisedPnl: '0.000005' },
      { size: '0.0002', fee: '0.000003', realisedPnl: '-0.000007' },
    ]);
  });

  test('that replaces another names it; a duplicate replaces none', () => {
    const events = [...BEFORE, closed(3, 'replaced', 40), accepted(7), rested(7, 1_000)];
    const answer = answerOf(replaceAnswer, formatReplace(block(...events), markets));
    expect(answer).toMatchObject({ replacedOrderId: '3', orderId: '7', state: 'resting' });
    const repeated = answerOf(replaceAnswer, formatReplace(block(...BEFORE, duplicated(2)), markets));
    expect(repeated).toMatchObject({ replacedOrderId: null, orderId: '2', duplicate: true });
  });
});

describe('a batch', () => {
  test('answers each order in its turn: rests, refused, known, filled', () => {
    const events = [
      ...BEFORE,
      accepted(7),
      rested(7, 1_000),
      item(0, 7),
      item(1, 0, 'INSUFFICIENT_MARGIN'),
      duplicated(3),
      item(2, 3),
      accepted(8),
      filled(8, 1, 1_000),
      closed(8, 'filled'),
      item(3, 8),
    ];
    const { items } = answerOf(ordersAnswer, formatOrders(block(...events), markets));
    expect(items).toMatchObject([
      { orderId: '7', state: 'resting', duplicate: false },
      { error: { code: 'INSUFFICIENT_MARGIN', retryable: false, details: { item: 1 } } },
      { orderId: '3', duplicate: true, state: null },
      { orderId: '8', state: 'filled', filledSize: '0.01' },
    ]);
  });

  test('of one cancels the other: the first is over when the second traded', () => {
    const events = [
      accepted(7, { linkedOrderId: toOrderId(8) }),
      rested(7, 1_000),
      item(0, 7),
      accepted(8, { linkedOrderId: toOrderId(7) }),
      filled(8, 1, 1_000),
      closed(7, 'linkedOrder', 1_000),
      closed(8, 'filled'),
      item(1, 8),
    ];
    expect(formatOrders(block(...events), markets).items).toMatchObject([
      { orderId: '7', state: 'closed', closeReason: 'linkedOrder', remainingSize: '0.01' },
      { orderId: '8', state: 'filled' },
    ]);
  });

  test('of one cancels the other with a name used before: the first order of that name, and nothing else', () => {
    const { items } = formatOrders(block(...BEFORE, duplicated(3)), markets);
    expect(items).toMatchObject([{ orderId: '3', duplicate: true, state: null }]);
  });

  test('with a name twice: the second item is the first order', () => {
    const events = [accepted(7, { clientOrderId: 'mine' }), rested(7, 1_000), item(0, 7), duplicated(7), item(1, 7)];
    expect(formatOrders(block(...events), markets).items).toMatchObject([
      { orderId: '7', duplicate: false, state: 'resting' },
      { orderId: '7', duplicate: true, state: null },
    ]);
  });
});

describe('an amendment', () => {
  const byName: OrderName = { orderId: 0, clientOrderId: 'mine' };
  const byId: OrderName = { orderId: toOrderId(7), clientOrderId: '' };
  const named = (priceTicks: number, sizeLots: number, remainingLots: number, keptPlace = true): Event =>
    amended(7, priceTicks, sizeLots, remainingLots, keptPlace, 'mine');
  test.each([
    ['in place', [named(600_000, 800, 500)], { state: 'open', keptPlace: true, size: '0.008', remainingSize: '0.005' }],
    [
      'that trades on its way to its new place',
      [named(600_000, 900, 600, false), filled(7, 1, 200), amended(96, 0, 200, 200), rested(7, 400)],
      { state: 'open', keptPlace: false, filledSize: '0.002', remainingSize: '0.004', averagePrice: '59999' },
    ],
    [
      'that trades and then loses lots to an order of its own',
      [named(600_000, 900, 600, false), filled(7, 1, 200), closed(3, 'selfTrade', 150), rested(7, 250)],
      { state: 'open', size: '0.0075', filledSize: '0.002', remainingSize: '0.0025' },
    ],
    [
      'that an order of its own ends',
      [named(600_000, 900, 600, false), filled(7, 1, 200), rested(3, 100), closed(7, 'selfTrade', 400)],
      { state: 'closed', closeReason: 'selfTrade', size: '0.009', filledSize: '0.002', remainingSize: '0.004' },
    ],
    [
      'that a close-out meets where it rests',
      [named(600_000, 900, 600, false), rested(7, 600), filled(50, 7, 100, 500)],
      { state: 'open', size: '0.009', filledSize: '0.001', remainingSize: '0.005' },
    ],
    [
      'that fills it',
      [named(600_000, 900, 600, false), filled(7, 1, 600), closed(7, 'filled')],
      { state: 'filled', closeReason: 'filled', remainingSize: '0' },
    ],
    [
      'between attached orders that grow to the same size at the same price',
      [amended(95, 600_000, 800, 800), named(600_000, 800, 800), filled(97, 98, 5), amended(96, 600_000, 800, 800)],
      { state: 'open', keptPlace: true, size: '0.008', remainingSize: '0.008', fills: [] },
    ],
  ] as const)('%s', (_, events, answer) => {
    const expected = { orderId: '7', price: '60000', ...answer };
    for (const name of [byName, byId])
      expect(answerOf(amendAnswer, formatAmend(block(...BEFORE, ...events), name, markets))).toMatchObject(expected);
  });

  test('of a post-only order that slid has the price it was given', () => {
    const events = [named(599_989, 900, 900, false), rested(7, 900)];
    expect(formatAmend(block(...events), byName, markets)).toMatchObject({ orderId: '7', price: '59998.9' });
  });

  test('of an attached order that a fill made larger before has the terms that were asked for', () => {
    const events = [filled(90, 91, 5), amended(7, 0, 900, 900), amended(7, 0, 500, 500)];
    expect(formatAmend(block(...events), byId, markets)).toMatchObject({ price: null, size: '0.005' });
  });

  test('in a batch: carried out, refused, carried out by name', () => {
    const events = [
      ...BEFORE,
      amended(7, 600_000, 800, 500),
      item(0, 7),
      item(1, 0, 'ORDER_UNKNOWN'),
      amended(8, 600_000, 900, 900, false),
      rested(8, 900),
      item(2, 8),
    ];
    expect(answerOf(amendsAnswer, formatAmends(block(...events), markets)).items).toMatchObject([
      { orderId: '7', keptPlace: true, remainingSize: '0.005' },
      { error: { code: 'ORDER_UNKNOWN', details: { item: 1 } } },
      { orderId: '8', keptPlace: false, remainingSize: '0.009' },
    ]);
  });
});

test('an order amended twice in a batch: each item is its own', () => {
  const events = [amended(7, 600_000, 900, 900), item(0, 7), amended(7, 600_000, 800, 800), item(1, 7)];
  const { items } = formatAmends(block(...events), markets);
  expect(items).toMatchObject([{ size: '0.009' }, { size: '0.008', remainingSize: '0.008' }]);
});

describe('a cancellation', () => {
  test('lists what it closed, linked orders included, and nothing that ended before it', () => {
    const events = [...BEFORE, closed(7, 'cancelledByOwner', 5), closed(8, 'linkedOrder', 5)];
    const answer = answerOf(cancelAnswer, formatCancel(block(...events)));
    expect(answer.cancelledOrderIds).toEqual(['7', '8']);
  });

  test('of many answers each', () => {
    const events = [...BEFORE, item(0, 0, 'ORDER_NOT_YOURS'), closed(7, 'cancelledByOwner', 5), item(1, 7)];
    expect(answerOf(cancelsAnswer, formatCancels(block(...events)))).toMatchObject({
      cancelledOrderIds: ['7'],
      items: [{ error: { code: 'ORDER_NOT_YOURS' } }, { orderId: '7' }],
    });
  });

  test('that is set for later says when', () => {
    const events: Event[] = [...BEFORE, { kind: 'cancelAllAfterSet', accountId: ACCOUNT, deadlineMs: 6_000 }];
    expect(answerOf(cancelAllAfterAnswer, formatCancelAllAfter(block(...events))).deadline).toBe(6_000);
  });
});
