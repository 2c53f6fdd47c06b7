import { emptyStateDiff } from '@keel/redis';
import { actionOfCommand, type SignableAction } from '@keel/signing';
import { type Event, type SignedCommand, toSequence } from '@keel/types';
import { Compile } from 'typebox/compile';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { fundSafetyAnswer, takeAuctionAnswer, transferAnswer } from '../src/wire/answers.ts';
import { openSocket } from './openSocket.ts';
import {
  ACCOUNT,
  AUCTION,
  BTC,
  BTC_MARKET,
  CERTIFICATE,
  FEEDER,
  fullAt,
  headAt,
  OWNER,
  SUB_ACCOUNT,
  WETH,
  WETH_COLLATERAL,
} from './readModelOf.ts';
import { GUARD, signed } from './signedOrder.ts';
import { CHAIN_ID, type Exchange, SETTLEMENT, startExchange, until } from './startExchange.ts';

let exchange: Exchange;
beforeAll(async () => {
  exchange = await startExchange();
});
afterAll(() => exchange.stop());
beforeEach(() => {
  exchange.commands.length = 0;
  exchange.onCommand = () => [];
});

describe('accounts of one owner', () => {
  // By hand: 100 USDC and 2 WETH that count 2 * 2,000 * 0.9 = 3,600; long 0.01 BTC at mark: equity 3,700. At leverage 5 its
  // 600 need 120. Free 3,580: all the USDC, or WETH but for 20 USDC of value, 20 / 1,800 = 0.01111112 rounded up.
  test('a sub-account by its number, with collateral, leverage and what may leave it', async () => {
    const { body } = await exchange.get(`/v1/accounts/${OWNER}?subaccount=3`);
    expect(body).toMatchObject({
      address: OWNER,
      subaccount: 3,
      isolatedMarket: null,
      accountId: '2',
      collateral: '100',
      balances: [{ asset: 'WETH', amount: '2', value: '3600', withdrawable: '1.98888888' }],
      equity: '3700',
      initialMargin: '120',
      maintenanceMargin: '12',
      withdrawable: '100',
      marginCall: 75,
      inLiquidation: true,
      auctionId: 4,
      liquidator: true,
      leverages: [{ market: 'BTC-USD', leverage: 5 }],
      positions: [{ leverage: 5, liquidationPrice: null, deleverageQuintile: 1 }],
      openOrders: [],
    });
    const main = (await exchange.get(`/v1/accounts/${OWNER}`)).body;
    // 6,000 over 1,100 is more than four times, where the fifth quintile begins.
    expect(main).toMatchObject({
      subaccount: 0,
      positions: [{ leverage: null, deleverageQuintile: 5 }],
      marginCall: null,
    });
  });

  test('all of them at a glance', async () => {
    const { body } = await exchange.get(`/v1/accounts/${OWNER}/subaccounts`);
    expect(body.accounts).toMatchObject([
      { subaccount: 0, accountId: '1', equity: '1100', maintenanceMargin: '120', positions: 1, inLiquidation: false },
      { subaccount: 3, accountId: '2', equity: '3700', maintenanceMargin: '12', liquidator: true, inLiquidation: true },
    ]);
  });

  test('margin calls say what is missing and what would help', async () => {
    const { body } = await exchange.get(`/v1/accounts/${OWNER}/margin-events`);
    expect(body.marginEvents).toMatchObject([
      {
        kind: 'marginCall',
        levelPercent: 90,
        equity: '130',
        maintenanceMargin: '120',
        shortage: '41.428573',
        suggestedOrder: { market: 'BTC-USD', side: 'sell', size: '0.029', reduceOnly: true },
      },
    ]);
    expect((await exchange.get(`/v1/accounts/${OWNER}/margin-events?subaccount=3`)).body.marginEvents).toEqual([]);
  });
});

describe('what anybody can check', () => {
  test('a certificate is the record of the engine, whole, with the domain of its signatures', async () => {
    const { body } = await exchange.get('/v1/certificates/11');
    expect(body.domain).toEqual({ chainId: CHAIN_ID, verifyingContract: SETTLEMENT });
    expect(body.certificate).toEqual(JSON.parse(JSON.stringify(CERTIFICATE)));
    expect(body.readable).toMatchObject({
      market: 'BTC-USD',
      filledSize: '0.025',
      averagePrice: '59100',
      limitPrice: '59000',
      equityBefore: '90',
      maintenanceMarginAfter: '90',
    });
    for (const query of ['', '?liquidation=3', `?account=${OWNER}`, `?account=${OWNER}&subaccount=3&limit=1`])
      expect((await exchange.get(`/v1/certificates${query}`)).body.certificates).toEqual([body]);
    for (const query of ['?liquidation=4', `?account=${OWNER}&subaccount=5`])
      expect((await exchange.get(`/v1/certificates${query}`)).body.certificates).toEqual([]);
  });

  test('a liquidation step names its stage, its other side and its certificate', async () => {
    expect((await exchange.get('/v1/liquidations')).body.liquidations[0]).toMatchObject({
      stage: 'positionCloseOut',
      closeOutStage: 'auction',
      auctionId: 4,
      certificateId: 11,
      account: OWNER,
      subaccount: 0,
      counterparty: OWNER,
      counterpartySubaccount: 3,
    });
    const ofSub = await exchange.get(`/v1/liquidations?account=${OWNER}&subaccount=3`);
    expect(ofSub.body.liquidations).toHaveLength(1);
  });

  test('the signed reports of a price, as they were signed, and whose count', async () => {
    const { body } = await exchange.get('/v1/prices/BTC-USD');
    expect(body).toMatchObject({
      feed: 'BTC-USD',
      price: '60000',
      quorum: 2,
      feeders: [{ feeder: FEEDER, weight: 1 }, { weight: 2 }],
      reports: [{ feeder: FEEDER, price: '60000', perpPrice: '59999', publishTime: 1_000_000, reportSequence: 7 }],
    });
    expect((await exchange.get('/v1/prices/collateral:WETH')).body).toMatchObject({ price: null, reports: [] });
  });

  test('markets and collateral tell the quality of their price, what stands behind them and their tiers', async () => {
    expect((await exchange.get('/v1/markets')).body.markets).toMatchObject([
      {
        symbol: 'BTC-USD',
        marketId: BTC,
        priceQuality: 'fresh',
        insuranceFund: '1',
        backstop: { contributed: '9', equity: '8.5', loss: '0.5', lossCap: '5', size: '-0.00003' },
        marginTiers: [{ floorNotional: '1000000', initialMargin: '0.1', maintenanceMargin: '0.05' }],
        openInterestScaling: null,
        resume: null,
      },
    ]);
    expect((await exchange.get('/v1/collaterals')).body.collaterals).toEqual([
      {
        symbol: 'WETH',
        decimals: 8,
        price: '2000',
        priceQuality: 'fresh',
        priceTime: 1_000_000,
        haircut: '0.1',
        maxDeposited: '10000',
        deposited: '2.5',
        treasury: '0.00000001',
      },
    ]);
  });
});

const collaterals = new Map([[WETH, WETH_COLLATERAL.spec]]);
const specs = new Map([[BTC, BTC_MARKET.spec]]);

describe('money between accounts, assets and funds', () => {
  test.each([
    [
      '/v1/transfers',
      { primaryType: 'Transfer', ...GUARD, toSubaccount: 129, asset: 'WETH', amount: '0.5' },
      { kind: 'transfer', toSubaccount: 129, assetId: WETH, amountAtoms: 50_000_000 },
    ],
    [
      '/v1/transfers',
      { primaryType: 'Transfer', ...GUARD, subaccount: 3, toSubaccount: 0, asset: 'USDC', amount: '0.5' },
      { kind: 'transfer', toSubaccount: 0, assetId: 0, amountAtoms: 500_000 },
    ],
    [
      '/v1/withdrawals',
      { primaryType: 'Withdraw', ...GUARD, recipient: OWNER, asset: 'WETH', amount: '1' },
      { kind: 'withdraw', assetId: WETH, amountAtoms: 100_000_000 },
    ],
    [
      '/v1/safety-funds',
      { primaryType: 'FundSafety', ...GUARD, market: 'BTC-USD', fund: 'backstop', amount: '12.5' },
      { kind: 'fundSafety', marketId: BTC, fund: 'backstop', amountAtoms: 12_500_000 },
    ],
  ] as const satisfies readonly (readonly [string, SignableAction, object])[])(
    '%s reaches the log as it was signed',
    async (path, action, expected) => {
      exchange.onCommand = () => [{ kind: 'commandRejected', code: 301, accountId: ACCOUNT }];
      await exchange.post(path, signed(action));
      const [command] = exchange.commands as SignedCommand[];
      const { subaccount } = action;
      expect(command).toMatchObject({ ...expected, auth: { owner: OWNER, signer: OWNER, subaccount } });
      expect(actionOfCommand(command!, specs, collaterals)).toEqual(action);
    },
  );

  test.each([
    ['an unknown asset', { asset: 'DOGE', amount: '1' }, 'ASSET_UNKNOWN', '/asset'],
    ['more decimals than USDC has', { asset: 'USDC', amount: '0.0000001' }, 'AMOUNT_OFF_GRID', '/amount'],
    ['more decimals than WETH has', { asset: 'WETH', amount: '0.000000001' }, 'AMOUNT_OFF_GRID', '/amount'],
    ['nothing', { asset: 'WETH', amount: '0' }, 'AMOUNT_OUT_OF_RANGE', '/amount'],
  ])('a transfer of %s is refused at the door', async (_, changes, code, path) => {
    const action = {
      primaryType: 'Transfer',
      ...GUARD,
      toSubaccount: 1,
      ...changes,
    } as const;
    const { body } = await exchange.post('/v1/transfers', signed(action));
    expect(body).toMatchObject({ code, details: { path } });
    expect(exchange.commands).toEqual([]);
  });

  test('a transfer that opens an account says so; a gift to a fund what it holds now', async () => {
    exchange.onCommand = (command): readonly Event[] =>
      command.kind === 'transfer'
        ? [
            { kind: 'accountOpened', accountId: SUB_ACCOUNT, owner: OWNER, subaccount: 3 },
            {
              kind: 'transferred',
              fromAccountId: ACCOUNT,
              toAccountId: SUB_ACCOUNT,
              assetId: 0,
              amountAtoms: 1_000_000,
            },
          ]
        : [
            {
              kind: 'safetyFunded',
              marketId: BTC,
              fund: 'insurance',
              accountId: ACCOUNT,
              amountAtoms: 1_000_000,
              balanceAtoms: 3_500_000,
            },
          ];
    const transfer = { primaryType: 'Transfer', ...GUARD, toSubaccount: 3, asset: 'USDC', amount: '1' } as const;
    const moved = (await exchange.post('/v1/transfers', signed(transfer))).body;
    expect(Compile(transferAnswer).Errors(moved)).toEqual([]);
    expect(moved).toMatchObject({ accountId: '2', opened: true });
    const gift = { primaryType: 'FundSafety', ...GUARD, market: 'BTC-USD', fund: 'insurance', amount: '1' } as const;
    const funded = (await exchange.post('/v1/safety-funds', signed(gift))).body;
    expect(Compile(fundSafetyAnswer).Errors(funded)).toEqual([]);
    expect(funded).toMatchObject({ balance: '3.5' });
  });

  test('a taken auction: what the liquidator got at which price, the book apart, and the certificate of it', async () => {
    const step = {
      kind: 'positionCloseOut',
      liquidationId: 3,
      stage: 'auction',
      auctionId: 4,
      accountId: ACCOUNT,
      marketId: BTC,
      side: 'sell',
      sizeLots: 7_500,
      limitTicks: 594_000,
      markTicks: 600_000,
      equityAtoms: 1,
      maintenanceMarginAtoms: 2,
      feeAtoms: 0,
      counterpartyPnlAtoms: 0,
    } as const;
    exchange.onCommand = () => [
      { ...step, filledLots: 500, quoteAtoms: 297_500_000, counterpartyId: 0 },
      { kind: 'closeOutCertified', certificate: { ...CERTIFICATE, certificateId: 12 } },
      { ...step, filledLots: 5_000, quoteAtoms: 2_970_000_000, counterpartyId: SUB_ACCOUNT, counterpartyPnlAtoms: -5 },
      { kind: 'closeOutCertified', certificate: { ...CERTIFICATE, certificateId: 13 } },
      { kind: 'auctionStepped', auctionId: 4, limitTicks: 594_000, remainingLots: 2_000 },
    ];
    const action = {
      primaryType: 'TakeAuction',
      ...GUARD,
      market: 'BTC-USD',
      auctionId: 4,
      size: '0.05',
      price: '59450',
    } as const;
    const { body } = await exchange.post('/v1/auctions/take', signed(action));
    expect(Compile(takeAuctionAnswer).Errors(body)).toEqual([]);
    expect(body).toMatchObject({
      auctionId: 4,
      takenSize: '0.05',
      averagePrice: '59400',
      limitPrice: '59400',
      realisedPnl: '-0.000005',
      remainingSize: '0.02',
      certificateId: 13,
    });
  });
});

test('an auction whose lots all went to the book is answered with nothing taken', async () => {
  exchange.onCommand = () => [{ kind: 'auctionEnded', auctionId: 4, reason: 'filled', remainingLots: 0 }];
  const taking = { market: 'BTC-USD', auctionId: 4, size: '0.05', price: '59450' };
  const { body } = await exchange.post(
    '/v1/auctions/take',
    signed({ primaryType: 'TakeAuction', ...GUARD, ...taking }),
  );
  expect(Compile(takeAuctionAnswer).Errors(body)).toEqual([]);
  expect(body).toMatchObject({ takenSize: '0', averagePrice: null, remainingSize: '0', certificateId: null });
});

describe('channels', () => {
  test('auctions: those that run, then what moved and what ended', async () => {
    const own = await startExchange();
    const client = await openSocket(own.port);
    await client.ask('subscribe', { channel: 'auctions' });
    await client.ask('subscribe', { channel: 'certificates' });
    await until(() => client.frames('auctions').length === 1 && client.frames('certificates').length === 1);
    expect(client.frames('auctions')[0]).toMatchObject({
      type: 'snapshot',
      data: {
        auctions: [
          {
            auctionId: 4,
            account: OWNER,
            subaccount: 0,
            side: 'sell',
            takerSide: 'buy',
            remainingSize: '0.075',
            limitPrice: '59400',
            fillablePrice: '59500',
            zeroPrice: '59000',
            endsAt: 1_008_000,
          },
        ],
      },
    });
    expect(client.frames('certificates')[0]?.data).toMatchObject({
      certificates: [{ certificate: { certificateId: 11 } }],
    });
    const { auctionId, accountId, marketId } = AUCTION;
    await own.writer.write({
      ...emptyStateDiff(headAt(2)),
      auctions: [{ ...AUCTION, auctionId: 5, limitTicks: 593_000 }],
      endedAuctions: [{ auctionId, accountId, marketId, reason: 'healthy', remainingLots: 100 }],
      certificates: [{ ...CERTIFICATE, certificateId: 12, sequence: toSequence(2) }],
    });
    await until(() => client.frames('auctions').length === 2 && client.frames('certificates').length === 2);
    expect(client.frames('auctions')[1]).toMatchObject({
      type: 'update',
      seq: 2,
      data: {
        auctions: [{ auctionId: 5, limitPrice: '59300' }],
        ended: [{ auctionId: 4, market: 'BTC-USD', reason: 'healthy', remainingSize: '0.001' }],
      },
    });
    expect(client.frames('certificates')[1]?.data).toMatchObject({
      certificates: [{ certificate: { certificateId: 12 } }],
    });
    client.socket.close();
    await own.stop();
  });

  test('an account hears its margin calls and steps, each sub-account its own', async () => {
    const own = await startExchange();
    const client = await openSocket(own.port);
    await client.ask('subscribe', { channel: 'account', account: OWNER });
    await client.ask('subscribe', { channel: 'account', account: OWNER, subaccount: 3 });
    const wrong = await client.ask('subscribe', { channel: 'auctions', subaccount: 3 });
    expect(wrong.error?.code).toBe('UNKNOWN_FIELD');
    await until(() => client.frames('account').length === 2);
    expect(client.frames('account').map((frame) => (frame as { subaccount?: number }).subaccount)).toEqual([
      undefined,
      3,
    ]);
    const [marginCall] = fullAt(1).history.marginEvents;
    const [step] = fullAt(1).history.liquidations;
    const sequence = toSequence(2);
    await own.writer.write({
      ...emptyStateDiff(headAt(2)),
      marginEvents: [{ ...marginCall!, sequence, event: { ...marginCall!.event, accountId: SUB_ACCOUNT } }],
      liquidations: [{ ...step!, sequence }],
    });
    await until(() => client.frames('account').length === 4);
    const [main, sub] = client
      .frames('account')
      .slice(2)
      .toSorted((left, right) => ('subaccount' in left ? 1 : 0) - ('subaccount' in right ? 1 : 0));
    const told = { closeOutStage: 'auction', certificateId: 11, counterparty: OWNER };
    expect(main).toMatchObject({ type: 'update', data: { subaccount: 0, marginEvents: [], liquidations: [told] } });
    expect(sub).toMatchObject({
      type: 'update',
      data: { subaccount: 3, marginEvents: [{ levelPercent: 90 }], liquidations: [told] },
    });
    client.socket.close();
    await own.stop();
  });
});
