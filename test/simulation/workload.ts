import { type Address, type Authorization, type Command, type Hex, toMarketId, toOrderId } from '@keel/types';
import { PLAIN_MARKET } from '../plainMarket.ts';
import type { Chance } from './chance.ts';
import { START_MS } from './nodeClock.ts';

const TRADERS = 8;
const FEEDER = addressOf(0xfe);
/** Signatures are checked at the gateway's door, before anything of this begins. */
const SIGNATURE: Hex = `0x${'51'.repeat(65)}`;
const MARKET = toMarketId(1);
const OPENING_TICKS = 50_000;
/** A deposit lets a trader lose for long. */
const DEPOSIT_ATOMS = 2_000_000_000_000;

/** Who hands a command in; each keeps its own order where order matters to it. */
export type Hand = 'operator' | 'settler' | 'priceFeed' | 'trader';

export interface Wanted {
  readonly hand: Hand;
  readonly command: Command;
}

/** What must be in the log before trading begins, one after the other. */
export function openingCommands(): readonly Wanted[] {
  const opening: Wanted[] = [
    { hand: 'operator', command: { kind: 'setPriceFeeders', feeders: [{ feeder: FEEDER, weight: 1 }] } },
    {
      hand: 'operator',
      command: {
        kind: 'listMarket',
        spec: {
          ...PLAIN_MARKET,
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
          concentrationPpm: 0,
          concentrationFloorLots: 0,
          makerFeePpm: 200,
          takerFeePpm: 500,
          marketSlippagePpm: 50_000,
          priceBandPpm: 900_000,
          markBandPpm: 100_000,
          indexJumpPpm: 500_000,
          indexStaleMs: 86_400_000,
          liquidationFeePpm: 10_000,
          impactNotionalAtoms: 10_000_000_000,
          fundingInterestPpb: 100_000,
          fundingCapPpb: 40_000_000,
        },
      },
    },
  ];
  for (let trader = 0; trader < TRADERS; trader += 1) opening.push(depositOf(trader, trader));
  opening.push({ hand: 'priceFeed', command: priceOf(OPENING_TICKS, 1) });
  return opening;
}

/** Endless trading: the same chance makes the same commands. */
export class Workload {
  readonly #chance: Chance;
  #ticks = OPENING_TICKS;
  #reports = 1;
  #orders = 0;
  #deposits = TRADERS;
  /** Per trader; a nonce is used once and counts up. */
  readonly #nonces = new Array<number>(TRADERS).fill(START_MS);

  constructor(chance: Chance) {
    this.#chance = chance;
  }

  next(): Wanted {
    const chance = this.#chance;
    const dice = chance.between(1, 1_000);
    if (dice <= 20) {
      this.#ticks = Math.max(10_000, Math.round(this.#ticks * chance.within(0.998, 1.002)));
      this.#reports += 1;
      return { hand: 'priceFeed', command: priceOf(this.#ticks, this.#reports) };
    }
    if (dice <= 24) return { hand: 'settler', command: { kind: 'sealBatch' } };
    if (dice <= 27) {
      this.#deposits += 1;
      return depositOf(chance.between(0, TRADERS - 1), this.#deposits - 1);
    }
    const trader = chance.between(0, TRADERS - 1);
    return { hand: 'trader', command: this.#tradersCommand(trader, dice) };
  }

  #tradersCommand(trader: number, dice: number): Command {
    const chance = this.#chance;
    const auth = this.#authOf(trader);
    if (dice <= 300) {
      // Some of the last ones; often it is somebody else's, or gone.
      const orderId = toOrderId(Math.max(1, this.#orders - chance.between(0, 60)));
      return { kind: 'cancelOrder', auth, orderId, clientOrderId: '' };
    }
    if (dice <= 310) return { kind: 'cancelAllOrders', auth, marketId: toMarketId(0) };
    if (dice <= 320) {
      return { kind: 'withdraw', auth, recipient: auth.owner, assetId: 0, amountAtoms: chance.between(1, 5_000_000) };
    }
    this.#orders += 1;
    const buys = chance.happens(0.5);
    const crosses = chance.happens(0.3);
    const away = chance.between(0, 200) * (buys === crosses ? 1 : -1);
    return {
      kind: 'placeOrder',
      auth,
      marketId: MARKET,
      side: buys ? 'buy' : 'sell',
      orderType: 'limit',
      timeInForce: crosses ? 'ioc' : 'gtc',
      priceTicks: this.#ticks + away,
      sizeLots: chance.between(1, 400),
      reduceOnly: false,
      clientOrderId: `c${this.#orders}`,
      expiresAtMs: 0,
      displayLots: 0,
      selfTrade: 'expireMaker',
      selfTradeScope: 'account',
      trigger: undefined,
      attached: undefined,
    };
  }

  #authOf(trader: number): Authorization {
    this.#nonces[trader] = (this.#nonces[trader] as number) + 1;
    const owner = addressOf(trader + 1);
    const nonce = this.#nonces[trader] as number;
    return { owner, subaccount: 0, signer: owner, nonce, expiresAfterMs: 0, signature: SIGNATURE };
  }
}

function priceOf(priceTicks: number, report: number): Command {
  const publishTimeMs = START_MS + report;
  const said = { feeder: FEEDER, priceTicks, perpTicks: 0, publishTimeMs, reportSequence: report };
  return { kind: 'updateIndexPrice', marketId: MARKET, reports: [{ ...said, signature: SIGNATURE }] };
}

function depositOf(trader: number, depositIndex: number): Wanted {
  const l1TxHash: Hex = `0x${depositIndex.toString(16).padStart(64, '0')}`;
  const owner = addressOf(trader + 1);
  const deposit = { depositIndex, owner, assetId: 0, amountAtoms: DEPOSIT_ATOMS, l1BlockNumber: 1, l1TxHash } as const;
  return { hand: 'settler', command: { kind: 'creditDeposit', ...deposit } };
}

function addressOf(number: number): Address {
  return `0x${number.toString(16).padStart(2, '0').repeat(20)}`;
}
