import { apply, createState, type EngineState } from '@keel/engine';
import { addressOfKey, keelDomain, marketFeed, signPriceReport } from '@keel/signing';
import {
  type Address,
  type Authorization,
  type Certificate,
  type CloseOutStage,
  type Command,
  type Event,
  type Hex,
  type MarketSpec,
  type OrderRequest,
  type PriceReport,
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

interface Story {
  /** Bob's bid; 0 = he has none. */
  readonly bid: number;
  /** The vault has 5,000 USDC, or there is none. */
  readonly vault: boolean;
  readonly fallTo: number;
}

/** What ends in each stage; see `certificateOf`. */
const STORIES: Readonly<Record<CloseOutStage, Story>> = {
  book: { bid: 89_300, vault: true, fallTo: 89_400 },
  auction: { bid: 88_900, vault: true, fallTo: 89_400 },
  backstop: { bid: 0, vault: true, fallTo: 87_500 },
  deleverage: { bid: 0, vault: false, fallTo: 87_500 },
};

/**
 * The first certificate of the stage, from the engine. Ann has 1,500 USDC and buys 0.1 BTC of cat at 100,000; then the
 * price falls, and everybody who has a bid to meet has told it before.
 */
export function certificateOf(stage: CloseOutStage): Certificate {
  const { bid, vault, fallTo } = STORIES[stage];
  const exchange = new CertifiedExchange({ ...SPEC, backstopLossCapAtoms: vault ? SPEC.backstopLossCapAtoms : 0 });
  exchange.setIndex(100_000);
  exchange.deposit('ann', 1_500);
  exchange.deposit('bob', 50_000);
  exchange.deposit('cat', 50_000);
  if (vault) {
    const auth = exchange.auth('bob');
    exchange.run({ kind: 'fundSafety', auth, marketId: MARKET, fund: 'backstop', amountAtoms: 5_000_000_000 });
  }
  exchange.order('cat', 'sell', 100_000, 100);
  exchange.order('ann', 'buy', 100_000, 100);
  if (bid > 0) exchange.order('bob', 'buy', bid, 200);
  exchange.setIndex(fallTo);
  for (let second = 0; second < 12; second += 1) {
    const found = exchange.certificates.find((certificate) => certificate.stage === stage);
    if (found !== undefined) return found;
    exchange.timeMs += 1_000;
    exchange.setIndex(fallTo);
  }
  throw new Error(`no certificate of stage ${stage}`);
}

/** The engine with three feeders who sign. */
class CertifiedExchange {
  readonly state: EngineState = createState();
  readonly certificates: Certificate[] = [];
  timeMs = 1_800_000_000_000;
  readonly #spec: MarketSpec;
  #nonce = 0;

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
    const reports = KEYS.map((key, place) => this.#report(key, place === 2 ? priceTicks + 1 : priceTicks));
    reports.sort((one, other) => (one.feeder < other.feeder ? -1 : 1));
    this.run({ kind: 'updateIndexPrice', marketId: MARKET, reports });
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

  auth(name: string): Authorization {
    this.#nonce += 1;
    const owner = ownerOf(name);
    const nonce = this.timeMs + this.#nonce;
    return { owner, subaccount: 0, signer: owner, nonce, expiresAfterMs: 0, signature: TX };
  }

  #report(key: Hex, priceTicks: number): PriceReport {
    const { timeMs } = this;
    const figures = { priceTicks, perpTicks: 0, publishTimeMs: timeMs, reportSequence: timeMs };
    const signature = signPriceReport(DOMAIN, marketFeed(this.#spec), figures, key);
    return { feeder: addressOfKey(key), ...figures, signature };
  }
}

function ownerOf(name: string): Address {
  const digits = [...name].map((letter) => letter.charCodeAt(0).toString(16)).join('');
  return `0x${digits.padEnd(40, '0')}`;
}
