import { equityOf, readAccount, readAccountIdOf } from '@keel/engine';
import {
  type AccountId,
  collateralAtomsWorth,
  divFloor,
  mulDivCeil,
  mulDivFloor,
  PPM,
  type Ppm,
  type PriceTicks,
  type QuoteAtoms,
  type Side,
} from '@keel/types';
import { type CheckedExchange, ownerOf } from './checkedExchange.ts';
import { createDraw, type Draw } from './createDraw.ts';
import { MARKET, USDC_ATOMS, USDT, USDT_COLLATERAL, WEEK_MARKET, type WeekTerms } from './weekTerms.ts';

/** Each doubling from 250 to 16,000 USDC is as likely as another; within one all amounts are alike. */
const SMALLEST_ATOMS = 250 * USDC_ATOMS;
const DOUBLINGS = 6;
/** Of its money, at its leverage: what a trader opens with who does not add later, */
const ALL_AT_ONCE_PPM = 850_000;
/** and who does: first so much, then an order for so much that waits in the book on the losing side. */
const FIRST_PPM = 500_000;
const LATER_PPM = 350_000;
/** That order lies so far from the price, in parts of a million of 1 / leverage. */
const LATER_NEAREST_PPM = 100_000;
const LATER_FURTHEST_PPM = 400_000;
/** How far beyond the last price an order may go. */
const REACH_PPM = 1_500;
/** A trader closes what it still has after at most two days, and comes back within one. */
const HELD_MINUTES = 2 * 1_440;
const AWAY_MINUTES = 1_440;
/** It trades with at most so many times its deposit, whatever it won. */
const WON_TIMES = 4;
/** Nobody comes in the last part of the recording. */
const LAST_PART = 7;

interface Trader {
  readonly place: number;
  readonly leverage: number;
  readonly depositAtoms: QuoteAtoms;
  /** Its collateral is USDT. */
  readonly inUsdt: boolean;
  readonly addsLater: boolean;
  accountId: AccountId | 0;
  /** Counts its positions, so that an exit meant for one does not close the next. */
  visit: number;
  isHere: boolean;
}

interface Appointment {
  readonly trader: Trader;
  /** 0 = it comes; else the visit that ends. */
  readonly ends: number;
}

/** Leveraged accounts that come, hold a position, are closed or close it, and come again. */
export class Traders {
  readonly #exchange: CheckedExchange;
  readonly #draw: Draw;
  readonly #minutes: number;
  readonly #traders: readonly Trader[];
  readonly #byAccount = new Map<AccountId, Trader>();
  readonly #appointments = new Map<number, Appointment[]>();
  /** Hears of each account that opens a position. */
  onVisit: (accountId: AccountId) => void = () => undefined;

  /** `hasUsdt`: every fourth deposits USDT. */
  constructor(exchange: CheckedExchange, terms: WeekTerms, minutes: number, hasUsdt: boolean) {
    this.#exchange = exchange;
    this.#minutes = minutes;
    const draw = createDraw(terms.seed);
    this.#draw = draw;
    const { lowest, highest } = terms.leverage;
    this.#traders = Array.from({ length: terms.traders }, (_, place) => {
      const leverage = lowest + draw(highest - lowest + 1);
      const doubledAtoms = SMALLEST_ATOMS * 2 ** draw(DOUBLINGS);
      const depositAtoms = doubledAtoms + mulDivFloor(doubledAtoms, draw(PPM), PPM);
      const inUsdt = hasUsdt && place % 4 === 3;
      return { place, leverage, depositAtoms, inUsdt, addsLater: draw(2) === 0, accountId: 0, visit: 0, isHere: false };
    });
    const lastMinute = Math.max(1, minutes - divFloor(minutes, LAST_PART));
    for (const trader of this.#traders) this.#appoint(draw(lastMinute), { trader, ends: 0 });
  }

  /** Whoever is due in this minute. `usdtTicks`: what a USDT counts now, before the haircut. */
  act(minute: number, priceTicks: PriceTicks, usdtTicks: PriceTicks | 0): void {
    for (const { trader, ends } of this.#appointments.get(minute) ?? []) {
      if (ends === 0) this.#come(minute, trader, priceTicks, usdtTicks);
      else if (ends === trader.visit && trader.isHere) this.#leave(minute, trader, priceTicks);
    }
    this.#appointments.delete(minute);
  }

  /** After a liquidation: whoever has nothing left comes back within a day. */
  onLiquidationEnded(minute: number, accountId: AccountId): void {
    const trader = this.#byAccount.get(accountId);
    if (trader?.isHere && this.#heldLots(trader) === 0) this.#comeBack(minute, trader);
  }

  #come(minute: number, trader: Trader, priceTicks: PriceTicks, usdtTicks: PriceTicks | 0): void {
    const owner = ownerOf('trader', trader.place);
    this.#putIn(trader, usdtTicks);
    if (trader.visit === 0) this.#register(trader);
    trader.visit += 1;
    trader.isHere = true;
    this.onVisit(trader.accountId as AccountId);
    const side: Side = this.#draw(2) === 0 ? 'buy' : 'sell';
    const equityAtoms = Math.min(this.#equityAtoms(trader), WON_TIMES * trader.depositAtoms);
    const firstLots = lotsFor(
      trader,
      mulDivFloor(equityAtoms, trader.addsLater ? FIRST_PPM : ALL_AT_ONCE_PPM, PPM),
      priceTicks,
    );
    this.#exchange.order(owner, {
      side,
      timeInForce: 'ioc',
      priceTicks: beyond(priceTicks, side, REACH_PPM),
      sizeLots: Math.max(1, firstLots),
    });
    this.#appoint(minute + 1 + this.#draw(HELD_MINUTES), { trader, ends: trader.visit });
    if (!trader.addsLater) return;
    const awayPpm = LATER_NEAREST_PPM + this.#draw(LATER_FURTHEST_PPM - LATER_NEAREST_PPM);
    this.#exchange.order(owner, {
      side,
      timeInForce: 'gtc',
      priceTicks: beyond(priceTicks, side === 'buy' ? 'sell' : 'buy', divFloor(awayPpm, trader.leverage)),
      // Out of the same money: the tier counts both orders together.
      sizeLots: Math.max(1, mulDivFloor(firstLots, LATER_PPM, FIRST_PPM)),
    });
  }

  #register(trader: Trader): void {
    const owner = ownerOf('trader', trader.place);
    trader.accountId = readAccountIdOf(this.#exchange.state, owner)!;
    this.#byAccount.set(trader.accountId, trader);
    const auth = this.#exchange.auth(owner);
    this.#exchange.must({ kind: 'setLeverage', auth, marketId: MARKET, leverage: trader.leverage });
  }

  /** Its deposit again when less than half of it is left. */
  #putIn({ place, accountId, depositAtoms, inUsdt }: Trader, usdtTicks: PriceTicks | 0): void {
    const account = accountId === 0 ? undefined : this.#exchange.state.accounts[accountId - 1];
    if (account !== undefined && equityOf(account) * 2 >= depositAtoms) return;
    const owner = ownerOf('trader', place);
    if (!inUsdt || usdtTicks === 0) this.#exchange.deposit(owner, depositAtoms);
    else this.#exchange.deposit(owner, Number(collateralAtomsWorth(USDT_COLLATERAL, usdtTicks, depositAtoms)), USDT);
  }

  #leave(minute: number, trader: Trader, priceTicks: PriceTicks): void {
    const owner = ownerOf('trader', trader.place);
    const heldLots = this.#heldLots(trader);
    this.#exchange.cancelAll(owner);
    if (heldLots !== 0) {
      const side = heldLots > 0 ? 'sell' : 'buy';
      const reachTicks = beyond(priceTicks, side, REACH_PPM);
      const sizeLots = Math.abs(heldLots);
      this.#exchange.order(owner, { side, timeInForce: 'ioc', priceTicks: reachTicks, sizeLots, reduceOnly: true });
    }
    // A liquidation that ended meanwhile has said so already.
    if (!trader.isHere) return;
    if (this.#heldLots(trader) === 0) this.#comeBack(minute, trader);
    else this.#appoint(minute + 1, { trader, ends: trader.visit });
  }

  #comeBack(minute: number, trader: Trader): void {
    trader.isHere = false;
    const comesIn = minute + 1 + this.#draw(AWAY_MINUTES);
    if (comesIn < this.#minutes - divFloor(this.#minutes, LAST_PART)) this.#appoint(comesIn, { trader, ends: 0 });
  }

  #appoint(minute: number, appointment: Appointment): void {
    const due = this.#appointments.get(minute);
    if (due === undefined) this.#appointments.set(minute, [appointment]);
    else due.push(appointment);
  }

  #equityAtoms({ accountId }: Trader): QuoteAtoms {
    return Math.max(0, equityOf(this.#exchange.state.accounts[accountId - 1]!));
  }

  #heldLots({ accountId }: Trader): number {
    return accountId === 0 ? 0 : (readAccount(this.#exchange.state, accountId)?.positions[0]?.sizeLots ?? 0);
  }
}

/** Lots that so much margin carries at the trader's leverage, and at the rates of the tier that they reach. */
function lotsFor({ leverage }: Trader, marginAtoms: QuoteAtoms, priceTicks: PriceTicks): number {
  const [tier] = WEEK_MARKET.marginTiers;
  const floorAtoms = tier!.floorNotionalAtoms;
  const floorMarginAtoms = mulDivCeil(floorAtoms, WEEK_MARKET.initialMarginPpm, PPM);
  const aboveAtoms = mulDivFloor(Math.max(0, marginAtoms - floorMarginAtoms), PPM, tier!.initialMarginPpm);
  const notionalAtoms = Math.min(marginAtoms * leverage, floorAtoms + aboveAtoms);
  return divFloor(notionalAtoms, priceTicks * WEEK_MARKET.atomsPerTickLot);
}

/** Above the price for a buyer, below it for a seller; rounded towards it. */
function beyond(priceTicks: PriceTicks, side: Side, partPpm: Ppm): PriceTicks {
  const distanceTicks = mulDivFloor(priceTicks, partPpm, PPM);
  return side === 'buy' ? priceTicks + distanceTicks : priceTicks - distanceTicks;
}
