import { apply, createState, type EngineState, readAuctions } from '@keel/engine';
import { addressOfKey, collateralFeed, keelDomain, marketFeed, type PriceFeed, signPriceReport } from '@keel/signing';
import {
  type Address,
  type Authorization,
  type Certificate,
  type CloseOutStage,
  type CollateralSpec,
  type Command,
  type Event,
  type Hex,
  type MarketSpec,
  type OrderRequest,
  type PriceReport,
  type SafetyFund,
  toAssetId,
  toMarketId,
  toSequence,
} from '@keel/types';

export const CHAIN_ID = 31_337;
export const CONTRACT: Address = '0x5fbdb2315678afecb367f032d93f642f64180aa3';
export const DOMAIN = keelDomain(CHAIN_ID, CONTRACT);

const KEYS = ['1', '2', '3'].map((digit): Hex => `0x${digit.repeat(64)}`);
export const FEEDERS = KEYS.map(addressOfKey).sort();
const MARKET = toMarketId(1);
const TX: Hex = `0x${'00'.repeat(32)}`;

/** One tick = 1 USD, one lot = 0.001 BTC; 10x, 5 % maintenance, fees 2 and 5 bp, a vault that may lose 4,000 USDC. */
const SPEC: MarketSpec = {
  marketId: MARKET,
  symbol: 'BTC-USD',
  baseAsset: 'BTC',
  priceDecimals: 0,
  sizeDecimals: 3,
  atomsPerTickLot: 1_000,
  maxPriceTicks: 1_000_000,
  maxOrderLots: 100_000,
  maxPositionLots: 100_000,
  maxOpenInterestLots: 1_000_000,
  minOrderNotionalAtoms: 10_000_000,
  initialMarginPpm: 100_000,
  maintenanceMarginPpm: 50_000,
  marginTiers: [],
  openInterestLowerAtoms: 0,
  openInterestUpperAtoms: 0,
  concentrationPpm: 0,
  concentrationFloorLots: 0,
  stablePriceMovePpm: 0,
  makerFeePpm: 200,
  takerFeePpm: 500,
  marketSlippagePpm: 50_000,
  priceBandPpm: 900_000,
  markBandPpm: 40_000,
  indexJumpPpm: 500_000,
  indexStaleMs: 10_000,
  resumeGraceMs: 0,
  liquidationFeePpm: 10_000,
  liquidationBudgetAtoms: 0,
  backstopLossCapAtoms: 4_000_000_000,
  deleverageRule: 'waterFilling',
  impactNotionalAtoms: 10_000_000_000,
  fundingInterestPpb: 100_000,
  fundingCapPpb: 40_000_000,
};

const WETH: CollateralSpec = {
  assetId: toAssetId(1),
  symbol: 'WETH',
  decimals: 8,
  priceDecimals: 2,
  maxPriceTicks: 10_000_000,
  haircutPpm: 100_000,
  maxDepositedAtoms: 1_000_000_000_000,
  priceJumpPpm: 200_000,
  priceStaleMs: 10_000,
};

/** How a market gets to a forced trade. Ann has so much, and takes 0.1 BTC at 100,000 from cat; then prices move. */
interface Story {
  readonly stage: CloseOutStage;
  /** Ann is short instead. */
  readonly short?: boolean;
  readonly annUsdc: number;
  /** And 1 WETH, of which 90 % count, at 1,000. */
  readonly weth?: boolean;
  /** Bob's order on the other side of ann's close-out; 0 = he has none. */
  readonly bobTicks: number;
  readonly vaultUsdc: number;
  readonly insuranceUsdc: number;
  /** One price after the other, a second apart; the last one stays. */
  readonly prices: readonly number[];
  /** Dan takes every auction there is. */
  readonly liquidator?: boolean;
}

const PLAIN = { annUsdc: 1_500, bobTicks: 0, vaultUsdc: 5_000, insuranceUsdc: 0 } as const;

export const STORIES = {
  book: { ...PLAIN, stage: 'book', bobTicks: 89_300, prices: [89_400] },
  'book, of a short': { ...PLAIN, stage: 'book', short: true, bobTicks: 110_100, prices: [110_000] },
  'book, with other collateral': {
    ...PLAIN,
    stage: 'book',
    annUsdc: 600,
    weth: true,
    bobTicks: 89_300,
    prices: [89_400],
  },
  'book, of a bankrupt': { ...PLAIN, stage: 'book', bobTicks: 84_000, insuranceUsdc: 500, prices: [84_100] },
  auction: { ...PLAIN, stage: 'auction', bobTicks: 88_900, prices: [89_400] },
  'auction, taken by a liquidator': { ...PLAIN, stage: 'auction', prices: [89_400], liquidator: true },
  backstop: { ...PLAIN, stage: 'backstop', prices: [87_500] },
  'backstop, of a bankrupt': { ...PLAIN, stage: 'backstop', insuranceUsdc: 500, prices: [84_000] },
  deleverage: { ...PLAIN, stage: 'deleverage', vaultUsdc: 0, prices: [87_500] },
  'deleverage, of the vault': { ...PLAIN, stage: 'deleverage', vaultUsdc: 2_000, prices: [87_500, 66_000] },
} as const satisfies Readonly<Record<string, Story>>;

export type StoryName = keyof typeof STORIES;

/** The first certificate of the story's stage, from the engine. */
export function certificateOf(name: StoryName): Certificate {
  const story: Story = STORIES[name];
  const vault = story.vaultUsdc > 0;
  const exchange = new CertifiedExchange({ ...SPEC, backstopLossCapAtoms: vault ? SPEC.backstopLossCapAtoms : 0 });
  exchange.setIndex(100_000);
  for (const trader of ['bob', 'cat', 'dan']) exchange.deposit(trader, 50_000);
  exchange.deposit('ann', story.annUsdc);
  if (story.weth === true) exchange.giveWeth('ann', 1_000);
  if (vault) exchange.fund('backstop', story.vaultUsdc);
  if (story.insuranceUsdc > 0) exchange.fund('insurance', story.insuranceUsdc);
  exchange.order('cat', story.short === true ? 'buy' : 'sell', 100_000, 100);
  exchange.order('ann', story.short === true ? 'sell' : 'buy', 100_000, 100);
  if (story.bobTicks > 0) exchange.order('bob', story.short === true ? 'sell' : 'buy', story.bobTicks, 200);
  for (let second = 0; second < 12; second += 1) {
    exchange.setIndex(story.prices[second] ?? story.prices.at(-1)!);
    if (story.liquidator === true) exchange.takeAuctions('dan');
    const found = exchange.certificates.find((certificate) => certificate.stage === story.stage);
    if (found !== undefined) return found;
    exchange.timeMs += 1_000;
  }
  throw new Error(`no certificate of the story ${name}`);
}

/** The engine with three feeders who sign. */
class CertifiedExchange {
  readonly state: EngineState = createState();
  readonly certificates: Certificate[] = [];
  timeMs = 1_800_000_000_000;
  readonly #spec: MarketSpec;
  #nonce = 0;
  /** Price of WETH in ticks; 0 = it is not listed. */
  #weth = 0;
  #registered = false;

  constructor(spec: MarketSpec) {
    this.#spec = spec;
    this.run({ kind: 'setPriceFeeders', feeders: FEEDERS.map((feeder) => ({ feeder, weight: 1 })) });
    this.run({ kind: 'listMarket', spec });
  }

  run(command: Command): Event[] {
    const { state, timeMs } = this;
    const events = apply(state, { sequence: toSequence(state.sequence + 1), timeMs, command });
    for (const event of events) {
      if (event.kind === 'commandRejected') throw new Error(`${command.kind} was refused: ${event.code}`);
      if (event.kind === 'closeOutCertified') this.certificates.push(event.certificate);
    }
    return events;
  }

  /** Two feeders report the price, one a tick more. */
  setIndex(priceTicks: number): void {
    this.timeMs += 10;
    this.run({
      kind: 'updateIndexPrice',
      marketId: MARKET,
      reports: this.#reports(marketFeed(this.#spec), priceTicks),
    });
    if (this.#weth > 0) this.#reportWeth();
  }

  #reportWeth(): void {
    const reports = this.#reports(collateralFeed(WETH), this.#weth);
    this.run({ kind: 'updateCollateralPrice', assetId: WETH.assetId, reports });
  }

  #reports(feed: PriceFeed, priceTicks: number): readonly PriceReport[] {
    const reports = KEYS.map((key, place) => this.#report(feed, key, place === 2 ? priceTicks + 1 : priceTicks));
    return reports.sort((one, other) => (one.feeder < other.feeder ? -1 : 1));
  }

  deposit(name: string, usdc: number): void {
    const { nextDepositIndex: depositIndex } = this.state;
    const amountAtoms = usdc * 1_000_000;
    const where = { l1BlockNumber: 1, l1TxHash: TX };
    this.run({ kind: 'creditDeposit', depositIndex, owner: ownerOf(name), assetId: 0, amountAtoms, ...where });
  }

  order(name: string, side: 'buy' | 'sell', priceTicks: number, sizeLots: number): void {
    const request: OrderRequest = {
      marketId: MARKET,
      side,
      orderType: 'limit',
      timeInForce: 'gtc',
      priceTicks,
      sizeLots,
      reduceOnly: false,
      clientOrderId: '',
      expiresAtMs: 0,
      displayLots: 0,
      selfTrade: 'expireMaker',
      selfTradeScope: 'account',
      trigger: undefined,
      attached: undefined,
    };
    this.run({ kind: 'placeOrder', auth: this.auth(name), ...request });
  }

  fund(fund: SafetyFund, usdc: number): void {
    this.run({ kind: 'fundSafety', auth: this.auth('bob'), marketId: MARKET, fund, amountAtoms: usdc * 1_000_000 });
  }

  /** Lists WETH as collateral and credits one. */
  giveWeth(name: string, usdc: number): void {
    this.run({ kind: 'listCollateral', spec: WETH });
    this.#weth = usdc * 100;
    this.#reportWeth();
    const { nextDepositIndex: depositIndex } = this.state;
    const where = { l1BlockNumber: 1, l1TxHash: TX };
    const { assetId } = WETH;
    this.run({
      kind: 'creditDeposit',
      depositIndex,
      owner: ownerOf(name),
      assetId,
      amountAtoms: 100_000_000,
      ...where,
    });
  }

  takeAuctions(name: string): void {
    if (!this.#registered) this.run({ kind: 'registerLiquidator', auth: this.auth(name), active: true });
    this.#registered = true;
    for (const { auctionId, limitTicks, remainingLots } of readAuctions(this.state)) {
      const order = { auctionId, marketId: MARKET, sizeLots: remainingLots, limitTicks };
      this.run({ kind: 'takeAuction', auth: this.auth(name), ...order });
    }
  }

  auth(name: string): Authorization {
    this.#nonce += 1;
    const owner = ownerOf(name);
    const nonce = this.timeMs + this.#nonce;
    return { owner, subaccount: 0, signer: owner, nonce, expiresAfterMs: 0, signature: TX };
  }

  #report(feed: PriceFeed, key: Hex, priceTicks: number): PriceReport {
    const { timeMs } = this;
    const figures = { priceTicks, perpTicks: 0, publishTimeMs: timeMs, reportSequence: timeMs };
    const signature = signPriceReport(DOMAIN, feed, figures, key);
    return { feeder: addressOfKey(key), ...figures, signature };
  }
}

function ownerOf(name: string): Address {
  const digits = [...name].map((letter) => letter.charCodeAt(0).toString(16)).join('');
  return `0x${digits.padEnd(40, '0')}`;
}
