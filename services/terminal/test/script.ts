import type {
  Account,
  Batch,
  BookLevel,
  Candle,
  Channel,
  Fill,
  Fills,
  Frame,
  Liquidation,
  Market,
  Status,
  Trade,
} from '@keel/client';
import { formatDecimal, type Hex } from '@keel/types';
import { PLAIN_ORDER } from './scriptOrders.ts';
import { SEQUENCE, TIME_MS } from './scriptTime.ts';

/** What the scripted exchange knows. Plain arithmetic instead of chance, so that every run shows the same page. */

export const ACCOUNT_ADDRESS = '0x70997970c51812dc3a010c7d01b50e0d17dc79c8';
export const OTHER_ADDRESS = '0x3c44cdddb6a900fa2b585dd299e03d12fa4293bc';

const price = (tenths: number): string => formatDecimal(tenths, 1);
const size = (lots: number): string => formatDecimal(lots, 5);
/** A small wave without a random number: -1000 to 1000. */
const wave = (at: number): number => Math.round(Math.sin(at / 7) * 620 + Math.sin(at / 2.3) * 240 + Math.sin(at) * 140);

/** What the markets have in common: 25x, 0.01 % maker and 0.04 % taker fee. */
const TERMS = {
  minNotional: '10',
  maxLeverage: '25',
  initialMargin: '0.04',
  maintenanceMargin: '0.02',
  makerFee: '0.0001',
  takerFee: '0.0004',
  nextFundingTime: TIME_MS + 1_260_000,
  tradingStatus: 'open',
  priceBand: '0.5',
  maxOpenInterest: '4000',
  marginTiers: [],
  openInterestScaling: null,
  concentration: null,
  indexTime: TIME_MS,
  priceQuality: 'fresh',
  jumpPrice: null,
  stablePrice: null,
  insuranceFund: '25000',
  backstop: null,
  deleverageRule: 'waterFilling',
  resume: null,
} as const;

export const MARKETS: readonly Market[] = [
  {
    ...TERMS,
    symbol: 'BTC-USD',
    marketId: 1,
    baseAsset: 'BTC',
    tickSize: '0.1',
    lotSize: '0.00001',
    index: '64012.3',
    mark: '64010',
    last: '64009.5',
    fundingRate: '0.0000125',
    openInterest: '182.40155',
    volume: '122904118.25',
    trades: 6_400,
    status: 'open',
  },
  {
    ...TERMS,
    symbol: 'ETH-USD',
    marketId: 2,
    baseAsset: 'ETH',
    tickSize: '0.01',
    lotSize: '0.0001',
    index: '3105.5',
    mark: '3105.02',
    last: '3105',
    fundingRate: '-0.0000031',
    openInterest: '2210.5',
    volume: '31250770.5',
    trades: 2_600,
    status: 'open',
  },
  {
    ...TERMS,
    maxLeverage: '20',
    initialMargin: '0.05',
    maintenanceMargin: '0.025',
    symbol: 'SOL-USD',
    marketId: 3,
    baseAsset: 'SOL',
    tickSize: '0.01',
    lotSize: '0.01',
    index: '151.2',
    mark: '151.22',
    last: null,
    fundingRate: '0',
    openInterest: '0',
    volume: '0',
    trades: 0,
    status: 'stalePrice',
  },
];

/** Best bid 64009.5, best ask 64010. */
function levels(best: number, step: number): BookLevel[] {
  return Array.from({ length: 40 }, (_, at) => {
    const gap = (at * (at + 3)) / 2;
    return [price(best + step * gap), size(1_200 + ((at * 7_919) % 31) * 4_100)] as const;
  });
}

export const BIDS = levels(640_095, -1);
export const ASKS = levels(640_100, 1);

const TRADES: readonly Trade[] = Array.from({ length: 60 }, (_, at) => ({
  tradeId: String(9_000 - at),
  price: price(640_095 + (wave(at) >> 7)),
  size: size(900 + ((at * 6_151) % 43) * 1_300),
  takerSide: (at * 5) % 3 === 0 ? 'sell' : 'buy',
  time: TIME_MS - at * 730,
  liquidation: at === 11 || at === 12,
}));

const CANDLES: readonly Candle[] = Array.from({ length: 240 }, (_, at) => {
  const open = 640_000 + wave(at - 1) * 3;
  const close = 640_000 + wave(at) * 3;
  return {
    time: TIME_MS - (TIME_MS % 60_000) - (239 - at) * 60_000,
    open: price(open),
    high: price(Math.max(open, close) + 120 + (at % 5) * 60),
    low: price(Math.min(open, close) - 100 - (at % 7) * 50),
    close: price(close),
    volume: size(400_000 + ((at * 7_307) % 89) * 21_000),
    trades: 9 + ((at * 7_307) % 13),
  };
});

export const ACCOUNT: Account = {
  sequence: SEQUENCE,
  address: ACCOUNT_ADDRESS,
  subaccount: 0,
  isolatedMarket: null,
  accountId: '7',
  collateral: '10250.418233',
  balances: [],
  equity: '9974.264733',
  initialMargin: '6407.21004',
  maintenanceMargin: '3203.60502',
  withdrawable: '0',
  marginCall: null,
  inLiquidation: false,
  auctionId: null,
  liquidator: false,
  leverages: [{ market: 'ETH-USD', leverage: 10 }],
  positions: [
    {
      market: 'BTC-USD',
      size: '2.5',
      entryPrice: '64120.5',
      mark: '64010',
      unrealisedPnl: '-276.25',
      notional: '160025',
      maintenanceMargin: '3200.5',
      leverage: null,
      liquidationPrice: '61246.5',
      deleverageQuintile: 5,
    },
    {
      market: 'ETH-USD',
      size: '-0.05',
      entryPrice: '3106.95',
      mark: '3105.02',
      unrealisedPnl: '0.0965',
      notional: '155.251',
      maintenanceMargin: '3.10502',
      leverage: 10,
      liquidationPrice: null,
      deleverageQuintile: null,
    },
  ],
  openOrders: [
    {
      ...PLAIN_ORDER,
      orderId: '7731',
      side: 'sell',
      price: '64500',
      size: '1',
      remainingSize: '0.75',
      shownSize: '0.75',
      reduceOnly: true,
      clientOrderId: 'take-profit-1',
    },
  ],
  cancelAllAfter: 0,
  protections: [],
  agents: [],
};

const FILLS: readonly Fill[] = Array.from({ length: 6 }, (_, at) => ({
  tradeId: String(8_990 - at * 31),
  orderId: String(7_720 - at * 12),
  market: 'BTC-USD',
  side: at % 2 === 0 ? 'buy' : 'sell',
  role: 'taker',
  price: price(641_205 - at * 17),
  size: size(50_000),
  // 0.04 % of half a BTC.
  fee: formatDecimal((641_205 - at * 17) * 20, 6),
  realisedPnl: at % 2 === 0 ? '0' : '41.2',
  time: TIME_MS - at * 61_000,
  liquidation: false,
}));

export const LIQUIDATION: Liquidation = {
  liquidationId: '12',
  stage: 'positionCloseOut',
  account: OTHER_ADDRESS,
  subaccount: 0,
  counterparty: null,
  counterpartySubaccount: null,
  closeOutStage: 'book',
  auctionId: null,
  certificateId: 40,
  market: 'BTC-USD',
  side: 'sell',
  size: '0.4',
  filledSize: '0.4',
  price: '63950.5',
  limitPrice: '63102.4',
  zeroPrice: null,
  mark: '63960',
  equity: '343.04',
  maintenanceMargin: '511.68',
  amount: '255.802',
  rank: null,
  time: TIME_MS - 9_000,
  sequence: SEQUENCE - 40,
};

/** What a step has that concerns no market and no money. */
export const BARE_STEP = {
  market: null,
  side: null,
  size: null,
  filledSize: null,
  price: null,
  limitPrice: null,
  mark: null,
  equity: null,
  maintenanceMargin: null,
  amount: null,
  closeOutStage: null,
  certificateId: null,
} as const;

/** A bankrupt short of 12.5 ETH: bought back above its zero price, the difference paid by the insurance fund. */
const BANKRUPT: Liquidation = {
  ...LIQUIDATION,
  liquidationId: '11',
  market: 'ETH-USD',
  side: 'buy',
  size: '12.5',
  filledSize: '12.5',
  price: '3111.04',
  limitPrice: '3265.5',
  mark: '3110',
  equity: '-5.204417',
  maintenanceMargin: '777.5',
  amount: '0',
  time: TIME_MS - 95_000,
  sequence: SEQUENCE - 410,
};

const LIQUIDATIONS: readonly Liquidation[] = [
  { ...LIQUIDATION, ...BARE_STEP, stage: 'liquidationEnded', equity: '83.438', maintenanceMargin: '0' },
  LIQUIDATION,
  { ...LIQUIDATION, ...BARE_STEP, stage: 'liquidationStarted', equity: '343.04', maintenanceMargin: '511.68' },
  { ...BANKRUPT, ...BARE_STEP, stage: 'insurancePaid', amount: '18.204417' },
  BANKRUPT,
  {
    ...LIQUIDATION,
    ...BARE_STEP,
    liquidationId: '10',
    stage: 'positionDeleveraged',
    counterparty: '0x90f79bf6eb2c4f870365e785982e1f101e93b906',
    market: 'BTC-USD',
    size: '0.05',
    price: '63950.5',
    time: TIME_MS - 214_000,
    sequence: SEQUENCE - 930,
  },
];

/** Long ago, and no longer among everybody's: the account was deleveraged once. */
export const OWN_LIQUIDATIONS: readonly Liquidation[] = [
  {
    ...LIQUIDATION,
    ...BARE_STEP,
    liquidationId: '3',
    stage: 'positionDeleveraged',
    counterparty: ACCOUNT_ADDRESS,
    market: 'ETH-USD',
    size: '1.5',
    price: '3290.1',
    time: TIME_MS - 86_000_000,
    sequence: SEQUENCE - 40_000,
  },
];

const hash = (seed: number): Hex =>
  `0x${Array.from({ length: 8 }, (_, at) => ((seed * 2_654_435_761 + at * 40_503_019) >>> 0).toString(16).padStart(8, '0')).join('')}`;

export const BATCHES: readonly Batch[] = Array.from({ length: 12 }, (_, at) => ({
  batchIndex: 41 - at,
  firstSequence: 47_001 - at * 1_000,
  lastSequence: 48_000 - at * 1_000,
  stateRoot: hash(500 - at),
  commandsRoot: hash(600 - at),
  withdrawalsRoot: hash(700 - at),
  withdrawalCount: 1 + (at % 3),
  prevBatchHash: hash(799 - at),
  batchHash: hash(800 - at),
  status: at === 0 ? 'sealed' : at === 1 ? 'submitted' : at < 4 ? 'committed' : 'finalised',
  l1TxHash: at === 0 ? null : hash(900 - at),
  l1BlockNumber: at < 2 ? null : 310 - at,
  time: TIME_MS - 12_000 - at * 10_000,
}));

export const statusAt = (sequence: number, timeMs: number, orders: number): Status => ({
  sequence,
  timeMs,
  network: {
    chainId: 31_337,
    settlement: '0x5fbdb2315678afecb367f032d93f642f64180aa3',
    usdc: '0xe7f1725e7734ce288f8367e1bb143e90bb3f0512',
  },
  counters: { accounts: 9, openOrders: 81, orders, trades: 9_000, liquidations: 12, certificates: 40 },
  volume: '154154888.75',
  insuranceFund: '25118.402',
  markets: MARKETS.map(({ symbol, openInterest, mark, priceQuality, tradingStatus }) => ({
    symbol,
    openInterest,
    mark,
    priceQuality,
    tradingStatus,
  })),
  lastBatch: BATCHES[0]!,
});

/** The body of a GET, or undefined where the gateway says 404. */
export function answer(path: string, accountDocument: Account): unknown {
  const market = MARKETS.find((row) => path.startsWith(`/v1/markets/${row.symbol}/`));
  if (path === '/v1/markets') return { sequence: SEQUENCE, markets: MARKETS };
  if (path === '/v1/status') return statusAt(SEQUENCE, TIME_MS, 41_000);
  if (market !== undefined && path.endsWith('/candles')) {
    const candles = market.symbol === 'BTC-USD' ? CANDLES : [];
    return { sequence: SEQUENCE, market: market.symbol, interval: '1m', candles };
  }
  if (path === `/v1/accounts/${ACCOUNT_ADDRESS}`) return accountDocument;
  if (path === `/v1/accounts/${ACCOUNT_ADDRESS}/fills`) {
    return { sequence: SEQUENCE, address: ACCOUNT_ADDRESS, fills: FILLS, next: null } satisfies Fills;
  }
  return undefined;
}

/** The first frame of a channel. */
export function snapshotOf(subscription: Channel, accountDocument: Account): Frame | undefined {
  const frame = { ...subscription, type: 'snapshot' as const, seq: SEQUENCE, ts: TIME_MS };
  const ofBtc = 'market' in subscription && subscription.market === 'BTC-USD';
  switch (subscription.channel) {
    case 'book':
      return { ...frame, data: { bids: ofBtc ? BIDS : [], asks: ofBtc ? ASKS : [] } };
    case 'trades':
      return { ...frame, data: { trades: ofBtc ? TRADES : [] } };
    case 'markets':
      return { ...frame, data: { markets: MARKETS } };
    case 'account':
      return subscription.account === ACCOUNT_ADDRESS
        ? { ...frame, data: { ...accountDocument, fills: [], marginEvents: [], liquidations: [] } }
        : undefined;
    case 'liquidations':
      return { ...frame, data: { liquidations: LIQUIDATIONS } };
    case 'batches':
      return { ...frame, data: { batches: BATCHES } };
    case 'status':
      return { ...frame, data: statusAt(SEQUENCE, TIME_MS, 41_000) };
    // The page does not follow the others.
    default:
      return undefined;
  }
}
