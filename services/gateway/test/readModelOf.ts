import {
  type AuctionDoc,
  type CertificateDoc,
  type CollateralDoc,
  emptyStateDiff,
  type FullReadModel,
  type HeadDoc,
  type MarginEventDoc,
  type MarketDoc,
  type OrderDoc,
  type StateDiff,
} from '@keel/redis';
import { addressOfKey } from '@keel/signing';
import { type PriceReport, toAccountId, toAssetId, toMarketId, toOrderId, toSequence } from '@keel/types';

/** A small exchange: BTC-USD at 60,000.0, one account long 0.1 BTC from 59,000 with 1,000 USDC, one open order. */
export const KEY = `0x${'01'.repeat(32)}` as const;
export const OWNER = addressOfKey(KEY);
export const BTC = toMarketId(1);
export const ACCOUNT = toAccountId(1);
/** Number 3 of the same owner. */
export const SUB_ACCOUNT = toAccountId(2);
export const WETH = toAssetId(1);
export const FEEDER = `0x${'fd'.repeat(20)}` as const;

export function headAt(sequence: number): HeadDoc {
  const stateRoot = `0x${'00'.repeat(32)}` as const;
  return { sequence: toSequence(sequence), timeMs: 1_000_000 + sequence, stateRoot, batchIndex: -1 };
}

export const BTC_MARKET: MarketDoc = {
  spec: {
    marketId: BTC,
    symbol: 'BTC-USD',
    baseAsset: 'BTC',
    priceDecimals: 1,
    sizeDecimals: 5,
    atomsPerTickLot: 1,
    maxPriceTicks: 10_000_000,
    maxOrderLots: 10_000_000,
    maxPositionLots: 100_000_000,
    maxOpenInterestLots: 400_000_000,
    minOrderNotionalAtoms: 10_000_000,
    initialMarginPpm: 40_000,
    maintenanceMarginPpm: 20_000,
    marginTiers: [{ floorNotionalAtoms: 1_000_000_000_000, initialMarginPpm: 100_000, maintenanceMarginPpm: 50_000 }],
    openInterestLowerAtoms: 0,
    openInterestUpperAtoms: 0,
    concentrationPpm: 0,
    concentrationFloorLots: 0,
    stablePriceMovePpm: 0,
    makerFeePpm: 100,
    takerFeePpm: 400,
    marketSlippagePpm: 50_000,
    priceBandPpm: 500_000,
    markBandPpm: 50_000,
    indexJumpPpm: 200_000,
    indexStaleMs: 10_000,
    resumeGraceMs: 0,
    liquidationFeePpm: 10_000,
    liquidationBudgetAtoms: 0,
    backstopLossCapAtoms: 5_000_000,
    deleverageRule: 'waterFilling',
    impactNotionalAtoms: 10_000_000_000,
    fundingInterestPpb: 100_000,
    fundingCapPpb: 40_000_000,
  },
  tradingStatus: 'open',
  indexTicks: 600_000,
  indexTimeMs: 1_000_000,
  markTicks: 600_000,
  stableTicks: 600_000,
  perpTicks: 0,
  jumpTicks: 0,
  jumpSinceMs: 0,
  resumeStage: 0,
  resumeSinceMs: 0,
  lastTicks: 599_990,
  fundingIndex: 0,
  fundingRatePpb: 12_500,
  nextFundingMs: 3_600_000,
  openInterestLots: 10_000,
  insuranceFundAtoms: 1_000_000,
  backstop: { accountId: toAccountId(9), contributedAtoms: 9_000_000, equityAtoms: 8_500_000, sizeLots: -3 },
  deleverage: {
    sampledMs: 999_000,
    longs: { sampled: 40, quintiles: ['1000000', '2000000', '3000000', '4000000'] },
    shorts: { sampled: 0, quintiles: [] },
  },
  tradeCount: 1,
  volumeAtoms: '9007199254740993',
};

const BTC_REPORT: PriceReport = {
  feeder: FEEDER,
  priceTicks: 600_000,
  perpTicks: 599_990,
  publishTimeMs: 1_000_000,
  reportSequence: 7,
  signature: `0x${'ab'.repeat(65)}`,
};

/** At 2,000.00 USDC, a tenth off. */
export const WETH_COLLATERAL: CollateralDoc = {
  spec: {
    assetId: WETH,
    symbol: 'WETH',
    decimals: 8,
    priceDecimals: 2,
    maxPriceTicks: 10_000_000,
    haircutPpm: 100_000,
    maxDepositedAtoms: 1_000_000_000_000,
    priceJumpPpm: 100_000,
    priceStaleMs: 10_000,
  },
  priceTicks: 200_000,
  priceTimeMs: 1_000_000,
  jumpTicks: 0,
  depositedAtoms: '300000000',
  withdrawnAtoms: '50000000',
  treasuryAtoms: '1',
};

/** 0.1 BTC of the first account, from 59,500 down to 59,000. */
export const AUCTION: AuctionDoc = {
  auctionId: 4,
  liquidationId: 3,
  accountId: ACCOUNT,
  marketId: BTC,
  side: 'sell',
  sizeLots: 10_000,
  remainingLots: 7_500,
  limitTicks: 594_000,
  fillableTicks: 595_000,
  zeroTicks: 590_000,
  startMs: 998_000,
  endsAtMs: 1_008_000,
};

const MARGIN_CALL: MarginEventDoc = {
  sequence: toSequence(1),
  timeMs: 999_998,
  event: {
    kind: 'marginCall',
    accountId: ACCOUNT,
    levelPercent: 90,
    equityAtoms: 130_000_000,
    maintenanceMarginAtoms: 120_000_000,
    shortageAtoms: 41_428_573,
    marketId: BTC,
    side: 'sell',
    sizeLots: 2_900,
  },
};

/** Of the step in the auction; only as good as an answer needs. */
export const CERTIFICATE: CertificateDoc = {
  certificateId: 11,
  sequence: toSequence(1),
  timeMs: 999_999,
  stage: 'auction',
  liquidationId: 3,
  auctionId: 4,
  accountId: ACCOUNT,
  owner: OWNER,
  subaccount: 0,
  marketId: BTC,
  side: 'sell',
  sizeLots: 10_000,
  filledLots: 2_500,
  quoteAtoms: 1_477_500_000,
  feeAtoms: 0,
  insuranceAtoms: 0,
  insuranceFundAtoms: 1_000_000,
  limitTicks: 590_000,
  fillableTicks: 595_000,
  zeroTicks: 590_000,
  zeroQuoteAtoms: 1_475_000_000,
  elapsedMs: 10_000,
  counterpartyId: SUB_ACCOUNT,
  collateralAtoms: 0,
  balances: [],
  positions: [{ marketId: BTC, sizeLots: 10_000, entryNotionalAtoms: 5_900_000_000, fundingIndex: 0, leverage: 0 }],
  markets: [
    {
      marketId: BTC,
      symbol: 'BTC-USD',
      priceDecimals: 1,
      sizeDecimals: 5,
      atomsPerTickLot: 1,
      maxPriceTicks: 10_000_000,
      initialMarginPpm: 40_000,
      maintenanceMarginPpm: 20_000,
      marginTiers: [],
      openInterestLowerAtoms: 0,
      openInterestUpperAtoms: 0,
      marketSlippagePpm: 50_000,
      markBandPpm: 50_000,
      liquidationFeePpm: 10_000,
      deleverageRule: 'waterFilling',
      openInterestLots: 10_000,
      fundingIndex: 0,
      markTicks: 600_000,
      stableTicks: 600_000,
      mark: {
        indexTicks: 600_000,
        basisEmaMilli: 0,
        medianEmaMilli: 0,
        bidTicks: 0,
        askTicks: 0,
        lastTicks: 0,
        perpTicks: 0,
      },
      indexTimeMs: 1_000_000,
      indexStaleMs: 10_000,
      reports: [BTC_REPORT],
    },
  ],
  feeders: [{ feeder: BTC_REPORT.feeder, weight: 1 }],
  before: { equityAtoms: 90_000_000, initialMarginAtoms: 240_000_000, maintenanceMarginAtoms: 120_000_000 },
  after: { equityAtoms: 67_500_000, initialMarginAtoms: 180_000_000, maintenanceMarginAtoms: 90_000_000 },
  rank: undefined,
};

/** A buy of 0.06 BTC at 59,900 of which 0.01 has traded. */
export const OPEN_ORDER: OrderDoc = {
  orderId: toOrderId(7),
  accountId: ACCOUNT,
  marketId: BTC,
  state: 'resting',
  side: 'buy',
  orderType: 'limit',
  timeInForce: 'gtc',
  priceTicks: 599_000,
  sizeLots: 6_000,
  remainingLots: 5_000,
  shownLots: 5_000,
  displayLots: 0,
  reduceOnly: false,
  clientOrderId: 'mine',
  expiresAtMs: 0,
  selfTrade: 'expireMaker',
  selfTradeScope: 'account',
  trigger: undefined,
  attached: undefined,
  queuePlace: 3,
  linkedOrderId: 0,
  parentOrderId: 0,
  twap: undefined,
  placedMs: 5,
};

export function fullAt(sequence: number): FullReadModel {
  return {
    head: headAt(sequence),
    markets: [BTC_MARKET],
    levels: [
      { marketId: BTC, side: 'buy', priceTicks: 599_000, sizeLots: 5_000 },
      { marketId: BTC, side: 'buy', priceTicks: 598_000, sizeLots: 100_000 },
      { marketId: BTC, side: 'sell', priceTicks: 601_005, sizeLots: 1 },
    ],
    accounts: [
      {
        accountId: ACCOUNT,
        owner: OWNER,
        subaccount: 0,
        mainAccountId: ACCOUNT,
        backstopMarketId: 0,
        collateralAtoms: 1_000_000_000,
        balances: [],
        leverages: [],
        liquidator: false,
        warnedPercent: 0,
        auctionId: 0,
        positions: [{ marketId: BTC, sizeLots: 10_000, entryNotionalAtoms: 5_900_000_000, fundingIndex: 0 }],
        agents: [],
        inLiquidation: false,
        cancelAllAfterMs: 0,
        protections: [],
      },
      {
        accountId: SUB_ACCOUNT,
        owner: OWNER,
        subaccount: 3,
        mainAccountId: ACCOUNT,
        backstopMarketId: 0,
        collateralAtoms: 100_000_000,
        balances: [{ assetId: WETH, amountAtoms: 200_000_000 }],
        leverages: [{ marketId: BTC, leverage: 5 }],
        liquidator: true,
        warnedPercent: 75,
        auctionId: 4,
        positions: [{ marketId: BTC, sizeLots: 1_000, entryNotionalAtoms: 600_000_000, fundingIndex: 0 }],
        agents: [],
        inLiquidation: true,
        cancelAllAfterMs: 0,
        protections: [],
      },
    ],
    auctions: [AUCTION],
    collaterals: [WETH_COLLATERAL],
    prices: [
      {
        feed: 'BTC-USD',
        priceTicks: 600_000,
        priceTimeMs: 1_000_000,
        reports: [BTC_REPORT],
      },
    ],
    orders: [OPEN_ORDER],
    exchange: {
      accounts: 1,
      openOrders: 1,
      ordersTotal: 9,
      tradesTotal: 1,
      liquidationsTotal: 0,
      volumeAtoms: '9007199254740993',
      insuranceFundAtoms: '1000000',
      certificatesTotal: 1,
      feeders: [
        { feeder: FEEDER, weight: 1 },
        { feeder: `0x${'fe'.repeat(20)}`, weight: 2 },
      ],
    },
    candles: [
      {
        marketId: BTC,
        interval: '1m',
        openTimeMs: 960_000,
        openTicks: 599_990,
        highTicks: 600_000,
        lowTicks: 599_990,
        closeTicks: 599_990,
        volumeLots: 10,
        trades: 1,
      },
    ],
    history: {
      trades: [
        {
          tradeId: 1,
          marketId: BTC,
          priceTicks: 599_990,
          sizeLots: 10,
          takerSide: 'sell',
          timeMs: 999_999,
          sequence: toSequence(1),
          liquidation: false,
        },
      ],
      fills: [],
      liquidations: [
        {
          sequence: toSequence(1),
          timeMs: 999_999,
          event: {
            kind: 'positionCloseOut',
            liquidationId: 3,
            stage: 'auction',
            auctionId: 4,
            accountId: ACCOUNT,
            marketId: BTC,
            side: 'sell',
            sizeLots: 10_000,
            filledLots: 2_500,
            quoteAtoms: 1_477_500_000,
            limitTicks: 590_000,
            markTicks: 600_000,
            equityAtoms: -1,
            maintenanceMarginAtoms: 120_000_000,
            feeAtoms: 0,
            counterpartyId: SUB_ACCOUNT,
            counterpartyPnlAtoms: 0,
          },
          certificateId: 11,
        },
      ],
      marginEvents: [MARGIN_CALL],
      certificates: [CERTIFICATE],
    },
  };
}

/** A flush in which the best bid becomes `lots`. */
export function bidFlush(sequence: number, lots: number): StateDiff {
  return {
    ...emptyStateDiff(headAt(sequence)),
    levels: [{ marketId: BTC, side: 'buy', priceTicks: 599_000, sizeLots: lots }],
  };
}
