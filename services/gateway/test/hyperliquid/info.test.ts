import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { OWNER } from '../readModelOf.ts';
import { type Answer, type Exchange, startExchange, until } from '../startExchange.ts';
import { AGENT, CLOID, infoFlush, STRANGER } from './infoData.ts';

let exchange: Exchange;
beforeAll(async () => {
  exchange = await startExchange();
  expect(await exchange.writer.write(infoFlush())).toBe('written');
  // A coin that came with the flush has a book once the gateway has heard of it.
  await until(async () => ((await ask({ type: 'l2Book', coin: 'ETH' })) as object | null) !== null);
});
afterAll(() => exchange?.stop());

const post = (body: unknown): Promise<Answer> => exchange.post('/info', body);

async function ask(body: object): Promise<unknown> {
  const { status, text } = await post(body);
  expect([status, text]).toEqual([200, text]);
  return JSON.parse(text);
}

describe('markets', () => {
  test('an asset is its market less one, and sizes have as many decimals as its lots', async () => {
    expect(await ask({ type: 'meta', dex: '' })).toEqual({
      universe: [
        { szDecimals: 5, name: 'BTC', maxLeverage: 25, marginTableId: 1_001 },
        { szDecimals: 3, name: 'ETH', maxLeverage: 20, marginTableId: 1_002 },
      ],
      marginTables: [
        [
          1_001,
          {
            description: 'BTC-USD',
            marginTiers: [
              { lowerBound: '0', maxLeverage: 25 },
              { lowerBound: '1000000', maxLeverage: 10 },
            ],
          },
        ],
        [1_002, { description: 'ETH-USD', marginTiers: [{ lowerBound: '0', maxLeverage: 20 }] }],
      ],
      collateralToken: 0,
    });
  });

  // By hand: bids 0.05 at 59,900 and 1 at 59,800, ask 0.00001 at 60,100.5. The impact notional is 10,000: 0.05 at 59,900 is
  // 2,995, the other 7,005 is 0.11714 of the second level: (599,000 x 5,000 + 598,000 x 11,714) / 16,714 = 598,299 ticks.
  test('prices, funding and open interest of each asset', async () => {
    const [meta, contexts] = (await ask({ type: 'metaAndAssetCtxs' })) as [unknown, unknown[]];
    expect(meta).toEqual(await ask({ type: 'meta' }));
    expect(contexts).toEqual([
      {
        funding: '0.0000125',
        openInterest: '0.1',
        prevDayPx: '60000',
        // Three candles of 0.01 BTC for 600 USDC.
        dayNtlVlm: '1800',
        dayBaseVlm: '0.03',
        premium: '0',
        oraclePx: '60000',
        markPx: '60000',
        midPx: '60000.25',
        impactPxs: ['59829.9', '60100.5'],
      },
      {
        funding: '0',
        openInterest: '0',
        prevDayPx: '0',
        dayNtlVlm: '0',
        dayBaseVlm: '0',
        premium: null,
        oraclePx: '0',
        markPx: '0',
        midPx: null,
        impactPxs: null,
      },
    ]);
  });

  test.each([
    ['one price to a level', {}, ['59900', '59800'], ['60100.5']],
    ['5 digits: whole USDC, asks away from the bids', { nSigFigs: 5 }, ['59900', '59800'], ['60101']],
    ['the fifth in steps of 5', { nSigFigs: 5, mantissa: 5 }, ['59900', '59800'], ['60105']],
    ['3 digits: hundreds', { nSigFigs: 3, mantissa: null }, ['59900', '59800'], ['60200']],
    ['2 digits: thousands', { nSigFigs: 2 }, ['59000'], ['61000']],
  ])('the book, %s', async (_name, grouping, bids, asks) => {
    const book = (await ask({ type: 'l2Book', coin: 'BTC', ...grouping })) as {
      readonly coin: string;
      readonly time: number;
      readonly levels: readonly (readonly { readonly px: string; readonly sz: string; readonly n: number }[])[];
    };
    expect(book).toMatchObject({ coin: 'BTC', time: 1_000_002 });
    expect(book.levels.map((side) => side.map(({ px }) => px))).toEqual([bids, asks]);
    const lots = book.levels[0]?.map(({ sz }) => sz);
    expect(lots).toEqual(bids.length === 1 ? ['1.05'] : ['0.05', '1']);
  });

  test('a coin that is not listed has no book', async () => {
    expect(await ask({ type: 'l2Book', coin: 'DOGE' })).toBeNull();
  });

  test('middles, and the mark where a side of the book is empty', async () => {
    expect(await ask({ type: 'allMids' })).toEqual({ BTC: '60000.25' });
  });

  test.each([
    [
      '1m',
      [
        [960_000, 1_019_999, '60000', '60100', '59900', '60050', '0.01', 2],
        [1_020_000, 1_079_999, '60050', '60200', '60040', '60100', '0.01', 2],
        [1_080_000, 1_139_999, '60100', '60100', '59800', '59850', '0.01', 2],
      ],
    ],
    // Those that began at 15 and 18 minutes past: the first has 16 and 17.
    [
      '3m',
      [
        [900_000, 1_079_999, '60000', '60200', '59900', '60100', '0.02', 4],
        [1_080_000, 1_259_999, '60100', '60100', '59800', '59850', '0.01', 2],
      ],
    ],
  ])('candles of %s', async (interval, rows) => {
    const req = { coin: 'BTC', interval, startTime: 960_000, endTime: 2_000_000 };
    const candles = (await ask({ type: 'candleSnapshot', req })) as Record<string, unknown>[];
    expect(candles.map(({ t, T, o, h, l, c, v, n }) => [t, T, o, h, l, c, v, n])).toEqual(rows);
    for (const candle of candles) expect(candle).toMatchObject({ s: 'BTC', i: interval });
  });

  test('candles end where they are asked to', async () => {
    const req = { coin: 'BTC', interval: '1m', startTime: 1_000_000, endTime: 1_020_000 };
    const candles = (await ask({ type: 'candleSnapshot', req })) as { readonly t: number }[];
    expect(candles.map(({ t }) => t)).toEqual([960_000, 1_020_000]);
  });

  test('funding of past hours, oldest first', async () => {
    expect(await ask({ type: 'fundingHistory', coin: 'BTC', startTime: 0 })).toEqual([
      { coin: 'BTC', fundingRate: '0.0000125', premium: '0', time: 500_000 },
      { coin: 'BTC', fundingRate: '-0.000002', premium: '0', time: 999_000 },
    ]);
    expect(await ask({ type: 'fundingHistory', coin: 'BTC', startTime: 500_001, endTime: 998_999 })).toEqual([]);
  });

  test('the tape', async () => {
    const [trade] = (await ask({ type: 'recentTrades', coin: 'BTC' })) as unknown[];
    expect(trade).toMatchObject({ coin: 'BTC', side: 'A', px: '59999', sz: '0.0001', time: 999_999, tid: 1 });
  });

  test.each([
    ['perpDexs', [null]],
    ['spotMetaAndAssetCtxs', [expect.objectContaining({ universe: [] }), []]],
    ['exchangeStatus', { time: 1_000_002, specialStatuses: null }],
    ['outcomeMeta', { outcomes: [], questions: [] }],
    ['perpsAtOpenInterestCap', []],
  ])('%s', async (type, expected) => {
    expect(await ask({ type })).toEqual(expected);
  });

  test('tokens are USDC and the other collateral', async () => {
    const { tokens } = (await ask({ type: 'spotMeta' })) as { readonly tokens: readonly unknown[] };
    expect(tokens).toMatchObject([
      { name: 'USDC', index: 0, weiDecimals: 6, tokenId: `0x${'0'.repeat(32)}` },
      { name: 'WETH', index: 1, weiDecimals: 8, tokenId: `0x${'0'.repeat(31)}1` },
    ]);
  });
});

describe('an account', () => {
  // By hand: 1,000 USDC and 0.5 WETH that counts 900; long 0.1 BTC from 59,000 at mark 60,000, which owes 1 x 10^6 / 10^6 atoms on
  // each of 10,000 lots, 0.01 USDC: gains 99.99. Equity 1,999.99. Initial margin at leverage 10 of 0.15 BTC (0.05 more to buy):
  // 900; of the position alone 600. Maintenance 2 % of 6,000 = 120. Free: 1,999.99 - 900; USDC of it 1,000.
  // Zero where 1,900 + 0.1 p - 5,900 - 0.01 = 0.002 p: p = 4,000.01 / 0.098 = 40,816.43.
  const POSITION = {
    coin: 'BTC',
    szi: '0.1',
    leverage: { type: 'cross', value: 10 },
    entryPx: '59000',
    positionValue: '6000',
    unrealizedPnl: '99.99',
    // 99.99 x 10 / 5,900
    returnOnEquity: '0.169474',
    liquidationPx: '40816.5',
    marginUsed: '600',
    maxLeverage: 25,
    cumFunding: { allTime: '0.01', sinceOpen: '0.01', sinceChange: '0.01' },
  };
  const SUMMARY = { accountValue: '1999.99', totalNtlPos: '6000', totalRawUsd: '-4000.01', totalMarginUsed: '900' };

  test.each([
    ['its owner', OWNER],
    ['its owner in capitals', OWNER.toUpperCase().replace('0X', '0x')],
    ['an agent of it', AGENT],
  ])('asked for by %s', async (_name, user) => {
    expect(await ask({ type: 'clearinghouseState', user })).toEqual({
      marginSummary: SUMMARY,
      crossMarginSummary: SUMMARY,
      crossMaintenanceMarginUsed: '120',
      withdrawable: '1000',
      assetPositions: [{ type: 'oneWay', position: POSITION }],
      time: 1_000_002,
    });
  });

  test('has the figures of the native answer', async () => {
    const native = (await exchange.get(`/v1/accounts/${OWNER}`)).body as unknown as {
      readonly [figure: string]: unknown;
      readonly positions: readonly Record<string, unknown>[];
    };
    const [position] = native.positions;
    expect(await ask({ type: 'clearinghouseState', user: OWNER })).toMatchObject({
      marginSummary: { accountValue: native.equity, totalMarginUsed: native.initialMargin },
      crossMaintenanceMarginUsed: native.maintenanceMargin,
      withdrawable: native.withdrawable,
      assetPositions: [
        {
          position: {
            szi: position?.size,
            entryPx: position?.entryPrice,
            positionValue: position?.notional,
            unrealizedPnl: position?.unrealisedPnl,
            liquidationPx: position?.liquidationPrice,
          },
        },
      ],
    });
  });

  test('its other collateral', async () => {
    expect(await ask({ type: 'spotClearinghouseState', user: OWNER })).toEqual({
      balances: [{ coin: 'WETH', token: 1, total: '0.5', hold: '0', entryNtl: '0' }],
    });
  });

  test('its open orders, newest first', async () => {
    expect(await ask({ type: 'frontendOpenOrders', user: OWNER })).toEqual([
      {
        coin: 'BTC',
        side: 'A',
        limitPx: '64000',
        sz: '0.05',
        oid: 9,
        timestamp: 7,
        origSz: '0.06',
        triggerCondition: 'Price above 65000',
        isTrigger: true,
        triggerPx: '65000',
        children: [],
        isPositionTpsl: false,
        reduceOnly: true,
        orderType: 'Take Profit Limit',
        tif: null,
        cloid: null,
      },
      {
        coin: 'BTC',
        side: 'A',
        // 5 % below its trigger: the market's slippage.
        limitPx: '55100',
        sz: '0.1',
        oid: 8,
        timestamp: 6,
        origSz: '0.1',
        triggerCondition: 'Price below 58000',
        isTrigger: true,
        triggerPx: '58000',
        children: [],
        isPositionTpsl: false,
        reduceOnly: true,
        orderType: 'Stop Market',
        tif: null,
        cloid: CLOID,
      },
      {
        coin: 'BTC',
        side: 'B',
        limitPx: '59900',
        sz: '0.05',
        oid: 7,
        timestamp: 5,
        origSz: '0.06',
        triggerCondition: 'N/A',
        isTrigger: false,
        triggerPx: '0',
        children: [],
        isPositionTpsl: false,
        reduceOnly: false,
        orderType: 'Limit',
        tif: 'Gtc',
        // Its name is no 16 bytes in hex.
        cloid: null,
      },
    ]);
    expect(await ask({ type: 'openOrders', user: OWNER })).toMatchObject([
      { oid: 9, reduceOnly: true },
      { oid: 8, cloid: CLOID },
      { oid: 7, side: 'B', limitPx: '59900', sz: '0.05', origSz: '0.06', timestamp: 5 },
    ]);
  });

  test.each([
    ['open, by its id', 7, 'open', '0.05'],
    ['open, by its name, the newest of that name', CLOID, 'open', '0.1'],
    ['by its name in capital letters', `0x${CLOID.slice(2).toUpperCase()}`, 'open', '0.1'],
    ['traded whole', 1, 'filled', '0'],
    ['cancelled after a part', 2, 'canceled', '0.03'],
    ['an ioc that met nobody', 3, 'iocCancelRejected', '0.06'],
    ['an id as a text', '2', 'canceled', '0.03'],
  ])('how an order stands: %s', async (_name, oid, status, sz) => {
    expect(await ask({ type: 'orderStatus', user: AGENT, oid })).toMatchObject({
      status: 'order',
      order: { status, order: { sz } },
    });
  });

  test('an order that nobody knows', async () => {
    expect(await ask({ type: 'orderStatus', user: OWNER, oid: 4_711 })).toEqual({ status: 'unknownOid' });
  });

  test('open orders, then those that are over, newest first, with what they traded at', async () => {
    const orders = (await ask({ type: 'historicalOrders', user: OWNER })) as {
      readonly order: { readonly oid: number };
    }[];
    expect(orders.map(({ order }) => order.oid)).toEqual([9, 8, 7, 3, 2, 1]);
    expect(orders[5]).toMatchObject({
      order: { origSz: '0.08', sz: '0', avgPx: '59000', cloid: CLOID },
      status: 'filled',
      statusTimestamp: 990_001,
    });
  });

  test('fills, newest first, each with the position before it', async () => {
    const fills = (await ask({ type: 'userFills', user: OWNER })) as Record<string, unknown>[];
    expect(fills.map(({ tid, side, px, sz, startPosition, dir }) => [tid, side, px, sz, startPosition, dir])).toEqual([
      [3, 'B', '59200', '0.04', '0.06', 'Open Long'],
      [2, 'A', '59500', '0.02', '0.08', 'Close Long'],
      [1, 'B', '59000', '0.08', '0', 'Open Long'],
    ]);
    expect(fills[1]).toMatchObject({ crossed: false, fee: '-0.0595', feeToken: 'USDC', closedPnl: '10', oid: 2 });
    expect(fills[2]).toMatchObject({ crossed: true, fee: '1.888', cloid: CLOID, time: 990_001 });
  });

  test.each([
    ['from a time on, oldest first', { startTime: 990_002 }, [2, 3]],
    ['up to a time', { startTime: 0, endTime: 990_002 }, [1, 2]],
    ['newest first where asked', { startTime: 0, endTime: null, reversed: true }, [3, 2, 1]],
  ])('fills %s', async (_name, span, tids) => {
    const fills = (await ask({ type: 'userFillsByTime', user: OWNER, ...span })) as { readonly tid: number }[];
    expect(fills.map(({ tid }) => tid)).toEqual(tids);
  });

  test('funding that it paid', async () => {
    const hash = `0x${'0'.repeat(63)}2`;
    expect(await ask({ type: 'userFunding', user: OWNER })).toEqual([
      {
        time: 999_000,
        hash,
        delta: { type: 'funding', coin: 'BTC', usdc: '-0.75', szi: '0.1', fundingRate: '0.0000125', nSamples: null },
      },
    ]);
  });

  test('its ledger, oldest first', async () => {
    const lines = (await ask({ type: 'userNonFundingLedgerUpdates', user: OWNER, startTime: 0 })) as {
      delta: object;
    }[];
    expect(lines.map(({ delta }) => delta)).toMatchObject([
      { type: 'deposit', usdc: '1000' },
      { type: 'accountClassTransfer', usdc: '5', toPerp: false },
      { type: 'spotTransfer', token: 'WETH', amount: '1.5', user: OWNER, destination: STRANGER },
    ]);
  });

  test.each([
    ['userAbstraction', {}, 'disabled'],
    ['maxBuilderFee', { builder: STRANGER }, 0],
    ['subAccounts', {}, null],
    ['extraAgents', {}, [{ address: AGENT, name: 'bot', validUntil: null }]],
    ['userRole', {}, { role: 'user' }],
    ['userRole', { user: AGENT }, { role: 'agent', data: { user: OWNER } }],
    ['userRole', { user: STRANGER }, { role: 'missing' }],
    // Free 1,999.99 - 900 = 1,099.99; at a tenth of 60,000 that carries 0.18333 BTC, and 0.1 more to close.
    [
      'activeAssetData',
      { coin: 'BTC' },
      {
        user: OWNER,
        coin: 'BTC',
        leverage: { type: 'cross', value: 10 },
        maxTradeSzs: ['0.18333', '0.28333'],
        availableToTrade: ['1099.99', '1099.99'],
        markPx: '60000',
      },
    ],
    // Its fills came while this gateway ran: 4,720 + 1,190 + 2,368 USDC.
    ['userRateLimit', {}, { cumVlm: '13000', nRequestsUsed: 0, nRequestsCap: 18_278, nRequestsSurplus: 0 }],
    ['userRateLimit', { user: STRANGER }, { cumVlm: '0', nRequestsUsed: 0, nRequestsCap: 10_000, nRequestsSurplus: 0 }],
  ])('%s %j', async (type, more, expected) => {
    expect(await ask({ type, user: OWNER, ...more })).toEqual(expected);
  });

  test('the dearest fees of all markets', async () => {
    expect(await ask({ type: 'userFees', user: OWNER })).toMatchObject({
      userCrossRate: '0.0004',
      userAddRate: '0.0001',
    });
  });

  test('everything at once is made of the same answers', async () => {
    expect(await ask({ type: 'webData2', user: OWNER })).toMatchObject({
      clearinghouseState: (await ask({ type: 'clearinghouseState', user: OWNER })) as object,
      openOrders: (await ask({ type: 'frontendOpenOrders', user: OWNER })) as object[],
      meta: (await ask({ type: 'meta' })) as object,
      spotState: (await ask({ type: 'spotClearinghouseState', user: OWNER })) as object,
      serverTime: 1_000_002,
      user: OWNER,
    });
  });
});

describe('nobody has this address', () => {
  test('and so nothing', async () => {
    const nothing = { accountValue: '0', totalNtlPos: '0', totalRawUsd: '0', totalMarginUsed: '0' };
    expect(await ask({ type: 'clearinghouseState', user: STRANGER })).toEqual({
      marginSummary: nothing,
      crossMarginSummary: nothing,
      crossMaintenanceMarginUsed: '0',
      withdrawable: '0',
      assetPositions: [],
      time: 1_000_002,
    });
  });

  test.each([
    ['openOrders'],
    ['frontendOpenOrders'],
    ['historicalOrders'],
    ['userFills'],
    ['userFunding'],
    ['userNonFundingLedgerUpdates'],
    ['extraAgents'],
  ])('%s is empty', async (type) => {
    expect(await ask({ type, user: STRANGER })).toEqual([]);
  });
});
