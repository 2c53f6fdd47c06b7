import type { FillDoc, FullReadModel, FundingPaymentDoc, FundingRateDoc, LedgerDoc, TradeDoc } from '@keel/redis';
import { type Event, toOrderId, toSequence } from '@keel/types';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ACCOUNT, BTC, fullAt, OPEN_ORDER, OWNER, SUB_ACCOUNT } from './readModelOf.ts';
import { type Exchange, startExchange } from './startExchange.ts';

/** The entries of every list: numbers 1 to 7, at these places in the log. Three commands did several. */
const SEQUENCES = [10, 11, 11, 11, 12, 13, 13];
/** A page of 2 is as long as the command is that it ends in. Newest first, and every number once. */
const PAGES_OF_TWO = [[7, 6], [5, 4, 3, 2], [1]];
/** Of these lists the read model keeps what it had before, the one of `fullAt`; a page that is full may be the last. */
const HAD_BEFORE: Readonly<Record<string, number>> = { trades: 1, liquidations: 3 };

let exchange: Exchange;
beforeAll(async () => {
  exchange = await startExchange();
  await exchange.writer.rebuild(withHistory());
});
afterAll(() => exchange.stop());

const account = `/v1/accounts/${OWNER}`;
const texts = (entries: readonly object[], name: string) =>
  entries.map((entry) => Number((entry as Record<string, unknown>)[name]));

/** Path, list, and where in an entry its number stands. */
const LISTS: readonly [path: string, list: string, numbersOf: (entries: readonly object[]) => number[]][] = [
  [`${account}/fills`, 'fills', (entries) => texts(entries, 'tradeId')],
  ['/v1/markets/BTC-USD/trades', 'trades', (entries) => texts(entries, 'tradeId')],
  ['/v1/liquidations', 'liquidations', (entries) => texts(entries, 'liquidationId')],
  [`/v1/liquidations?account=${OWNER}`, 'liquidations', (entries) => texts(entries, 'liquidationId')],
  [
    `${account}/order-history`,
    'orders',
    (entries) =>
      texts(
        entries.map((entry) => (entry as { order: object }).order),
        'orderId',
      ).map((id) => id - 100),
  ],
  [`${account}/funding`, 'fundingPayments', (entries) => texts(entries, 'amount')],
  [
    '/v1/markets/BTC-USD/funding-rates',
    'fundingRates',
    (entries) => entries.map((entry) => 1e9 * Number((entry as { fundingRate: string }).fundingRate)),
  ],
];

describe('pages', () => {
  test.each(LISTS)('%s: page by page, every entry once', async (path, list, numbersOf) => {
    const pages: number[][] = [];
    let before: unknown = '';
    while (before !== null) {
      const { status, body } = await exchange.get(
        `${path}${path.includes('?') ? '&' : '?'}limit=2${before === '' ? '' : `&before=${before}`}`,
      );
      expect(status).toBe(200);
      pages.push(numbersOf(body[list] as object[]));
      before = body.next;
    }
    const old = HAD_BEFORE[list];
    expect(pages).toEqual(old === undefined ? PAGES_OF_TWO : [...PAGES_OF_TWO.slice(0, -1), [1, old], []]);
  });

  test('deposits are paged among other lines of the ledger', async () => {
    const first = await exchange.get(`${account}/deposits?limit=2`);
    expect(first.body).toMatchObject({ deposits: [{ depositIndex: 6 }, { depositIndex: 4 }], next: 4 });
    const second = await exchange.get(`${account}/deposits?limit=2&before=4`);
    expect(second.body).toMatchObject({ deposits: [{ depositIndex: 2 }], next: null });
    expect(second.body.deposits).toEqual([{ depositIndex: 2, asset: 'USDC', amount: '2', time: 1_011, sequence: 11 }]);
  });

  test.each([['before=-1'], ['before=x'], ['before=1.5'], ['limit=0'], ['limit=501']])(
    'fills?%s is refused',
    async (query) => {
      const { status, body } = await exchange.get(`${account}/fills?${query}`);
      expect([status, body.code, body.details.path]).toEqual([400, 'BAD_REQUEST', `/${query.split('=')[0]}`]);
    },
  );
});

describe('one order', () => {
  test('that is over says how it ended, by either name', async () => {
    const byId = await exchange.get(`${account}/order?orderId=103`);
    expect(byId.body).toMatchObject({
      sequence: 20,
      address: OWNER,
      order: { state: 'closed', closeReason: 'cancelledByOwner', order: { orderId: '103', clientOrderId: 'mine-3' } },
    });
    expect((await exchange.get(`${account}/order?clientOrderId=mine-3`)).body).toEqual(byId.body);
  });

  test('that is open is answered as it stands', async () => {
    const { body } = await exchange.get(`${account}/order?orderId=7`);
    expect(body.order).toMatchObject({ state: 'open', remainingSize: '0.05', closeReason: null });
  });

  test.each([
    ['orderId=999', 404, 'ORDER_UNKNOWN'],
    ['', 400, 'BAD_REQUEST'],
    ['orderId=1&clientOrderId=x', 400, 'BAD_REQUEST'],
    ['orderId=0', 400, 'BAD_REQUEST'],
  ])('?%s is refused', async (query, status, code) => {
    const answer = await exchange.get(`${account}/order?${query}`);
    expect([answer.status, answer.body.code]).toEqual([status, code]);
  });
});

function withHistory(): FullReadModel {
  const full = fullAt(20);
  const each = <Doc>(make: (number: number, at: { sequence: ReturnType<typeof toSequence>; timeMs: number }) => Doc) =>
    SEQUENCES.map((sequence, at) => make(at + 1, { sequence: toSequence(sequence), timeMs: 1_000 + sequence }));
  const trades = each(
    (tradeId, at): TradeDoc => ({
      tradeId,
      marketId: BTC,
      priceTicks: 600_000,
      sizeLots: tradeId,
      takerSide: 'buy',
      liquidation: false,
      ...at,
    }),
  );
  const fills = each(
    (tradeId, at): FillDoc => ({
      tradeId,
      accountId: ACCOUNT,
      orderId: toOrderId(7),
      clientOrderId: 'mine',
      marketId: BTC,
      side: 'buy',
      role: 'maker',
      priceTicks: 600_000,
      sizeLots: tradeId,
      startLots: 0,
      feeAtoms: 1,
      realisedPnlAtoms: 0,
      liquidation: false,
      ...at,
    }),
  );
  const [step] = full.history.liquidations;
  const liquidations = each((liquidationId, at) => ({ ...step!, event: { ...step!.event, liquidationId }, ...at }));
  const orderUpdates = each((number, at) => ({
    accountId: ACCOUNT,
    order: { ...OPEN_ORDER, orderId: toOrderId(100 + number), clientOrderId: `mine-${number}` },
    state: 'closed' as const,
    closeReason: 'cancelledByOwner' as const,
    closeCode: 0 as const,
    ...at,
  }));
  const fundingPayments = each(
    (number, at): FundingPaymentDoc => ({
      accountId: ACCOUNT,
      marketId: BTC,
      sizeLots: -5,
      amountAtoms: number * 1_000_000,
      fundingIndex: 0,
      ratePpb: -7,
      ...at,
    }),
  );
  const fundingRates = each(
    (ratePpb, at): FundingRateDoc => ({ marketId: BTC, ratePpb, fundingIndex: 0, markTicks: 600_000, ...at }),
  );
  // Every other line is a transfer to the sub-account, which is no deposit.
  const ledger = each((number, at): LedgerDoc => ({ accountId: ACCOUNT, event: ledgerEvent(number), ...at }));
  const history = { ...full.history, trades, fills, liquidations, orderUpdates, fundingPayments, fundingRates, ledger };
  return { ...full, history };
}

function ledgerEvent(number: number): LedgerDoc['event'] {
  const amountAtoms = number * 1_000_000;
  if (number % 2 === 0)
    return { kind: 'depositCredited', depositIndex: number, accountId: ACCOUNT, assetId: 0, amountAtoms };
  const transfer: Extract<Event, { readonly kind: 'transferred' }> = {
    kind: 'transferred',
    fromAccountId: ACCOUNT,
    toAccountId: SUB_ACCOUNT,
    assetId: 0,
    amountAtoms,
  };
  return transfer;
}
