import type { AccountId, Event, MarketSpec, OrderFilled, Side } from '@keel/types';
import { expect } from 'vitest';
import { type EngineState, listAccounts, listOrders, readBook, readExchange } from '../src/index.ts';

interface AuditedPosition {
  size: bigint;
  entry: bigint;
  fundingIndex: bigint;
}
interface AuditedAccount {
  collateral: bigint;
  readonly positions: Map<number, AuditedPosition>;
  inLiquidation: boolean;
}
interface AuditedOrder {
  readonly id: number;
  readonly account: number;
  readonly market: number;
  readonly side: Side;
  readonly price: number;
  remaining: number;
  readonly reduceOnly: boolean;
  resting: boolean;
}
interface AuditedMarket {
  readonly spec: MarketSpec;
  mark: bigint;
  fundingIndex: bigint;
  indexTimeMs: number;
}

const PPM = 1_000_000n;

/**
 * Keeps its own books from the events alone, in plain lists and bigint, and says no when the engine's differ. It shares
 * no arithmetic with the engine.
 */
export class Auditor {
  readonly accounts = new Map<number, AuditedAccount>();
  readonly orders = new Map<number, AuditedOrder>();
  readonly markets = new Map<number, AuditedMarket>();
  readonly counts = { fills: 0, liquidations: 0, closeOuts: 0, deleveraged: 0, insured: 0, endedAtZero: 0 };
  insurance = 0n;
  #lateAccounts = new Set<number>();
  #closeOutFills: OrderFilled[] = [];

  /** Follows one command's events, then compares everything with the engine's state. */
  audit(state: EngineState, events: readonly Event[]): void {
    for (const event of events) this.#follow(event);
    expect(this.#closeOutFills, 'fills of a close-out without its order').toEqual([]);
    this.#compare(state);
    this.#noneForgotten(state);
  }

  #follow(event: Event): void {
    switch (event.kind) {
      case 'marketListed':
        this.markets.set(event.spec.marketId, { spec: event.spec, mark: 0n, fundingIndex: 0n, indexTimeMs: 0 });
        return;
      case 'accountOpened':
        this.accounts.set(event.accountId, { collateral: 0n, positions: new Map(), inLiquidation: false });
        return;
      case 'depositCredited':
        this.#account(event.accountId).collateral += BigInt(event.amountAtoms);
        return;
      case 'withdrawalRequested':
        this.#account(event.accountId).collateral -= BigInt(event.amountAtoms);
        // What is left covers every requirement by a wide margin.
        expect(this.#equity(event.accountId) * 10n >= this.#notional(event.accountId)).toBe(true);
        return;
      case 'indexPriceUpdated':
        this.#market(event.marketId).indexTimeMs = event.publishTimeMs;
        return;
      case 'markPriceUpdated':
        this.#market(event.marketId).mark = BigInt(event.markTicks);
        return;
      case 'fundingRateSettled':
        this.#market(event.marketId).fundingIndex = BigInt(event.fundingIndex);
        return;
      case 'fundingPaid':
        this.#account(event.accountId).collateral -= BigInt(event.amountAtoms);
        this.#position(event.accountId, event.marketId).fundingIndex = this.#market(event.marketId).fundingIndex;
        return;
      case 'orderAccepted':
        this.orders.set(event.orderId, {
          id: event.orderId,
          account: event.accountId,
          market: event.marketId,
          side: event.side,
          price: event.priceTicks,
          remaining: event.sizeLots,
          reduceOnly: event.reduceOnly,
          resting: false,
        });
        return;
      case 'orderFilled':
        this.#fill(event);
        return;
      case 'orderRested': {
        const order = this.#order(event.orderId);
        expect(event.remainingLots > 0 && event.remainingLots <= order.remaining).toBe(true);
        order.remaining = event.remainingLots;
        order.resting = true;
        return;
      }
      case 'orderClosed':
        expect(this.#order(event.orderId).remaining).toBe(event.remainingLots);
        this.orders.delete(event.orderId);
        return;
      case 'liquidationStarted':
        this.counts.liquidations += 1;
        expect(BigInt(event.equityAtoms)).toBe(this.#equity(event.accountId));
        expect(BigInt(event.maintenanceMarginAtoms)).toBe(this.#maintenance(event.accountId));
        expect(event.equityAtoms < event.maintenanceMarginAtoms).toBe(true);
        this.#account(event.accountId).inLiquidation = true;
        return;
      case 'positionCloseOut':
        this.#closeOut(event);
        return;
      case 'insurancePaid':
        this.counts.insured += 1;
        this.#account(event.accountId).collateral += BigInt(event.amountAtoms);
        this.insurance -= BigInt(event.amountAtoms);
        expect(BigInt(event.insuranceFundAtoms)).toBe(this.insurance);
        return;
      case 'positionDeleveraged': {
        this.counts.deleveraged += 1;
        const { marketId, bankruptAccountId, deleveragedAccountId, quoteAtoms, realisedPnlAtoms } = event;
        const bankrupt = this.#position(bankruptAccountId, marketId);
        const sold = bankrupt.size > 0n ? BigInt(event.sizeLots) : -BigInt(event.sizeLots);
        const opposing = this.#position(deleveragedAccountId, marketId);
        expect(opposing.size > 0n).toBe(sold < 0n);
        this.#trade(bankruptAccountId, marketId, -sold, BigInt(quoteAtoms));
        expect(this.#trade(deleveragedAccountId, marketId, sold, -BigInt(quoteAtoms))).toBe(BigInt(realisedPnlAtoms));
        expect(this.#equity(deleveragedAccountId) >= 0n, 'deleveraged into bankruptcy').toBe(true);
        return;
      }
      case 'liquidationEnded':
        expect(BigInt(event.equityAtoms)).toBe(this.#equity(event.accountId));
        expect(this.#equity(event.accountId) >= this.#maintenance(event.accountId)).toBe(true);
        if (event.equityAtoms === 0) this.counts.endedAtZero += 1;
        this.#account(event.accountId).inLiquidation = false;
        return;
      default:
        return;
    }
  }

  /** A fill meets the best price, and at that price the oldest order, and costs what the market says. */
  #fill(event: OrderFilled): void {
    this.counts.fills += 1;
    const { spec } = this.#market(event.marketId);
    const maker = this.#order(event.makerOrderId);
    expect(maker.id, 'price-time priority').toBe(this.#next(event.marketId, maker.side).id);
    expect(maker.side).not.toBe(event.takerSide);
    expect(event.priceTicks).toBe(maker.price);
    expect(event.sizeLots > 0 && event.sizeLots <= maker.remaining).toBe(true);
    maker.remaining -= event.sizeLots;
    expect(event.makerRemainingLots).toBe(maker.remaining);
    if (event.liquidation) {
      this.#closeOutFills.push(event);
      expect(this.#account(event.takerAccountId).inLiquidation).toBe(true);
    } else {
      const taker = this.#order(event.takerOrderId);
      expect(taker.side === 'buy' ? event.priceTicks <= taker.price : event.priceTicks >= taker.price).toBe(true);
      taker.remaining -= event.sizeLots;
      this.#neverIncreases(taker, event.sizeLots);
    }
    this.#neverIncreases(maker, event.sizeLots);
    const lots = BigInt(event.sizeLots);
    const notional = BigInt(event.priceTicks) * lots * BigInt(spec.atomsPerTickLot);
    const takerLots = event.takerSide === 'buy' ? lots : -lots;
    const takerCash = event.takerSide === 'buy' ? -notional : notional;
    const maker$ = this.#trade(event.makerAccountId, event.marketId, -takerLots, -takerCash);
    const taker$ = this.#trade(event.takerAccountId, event.marketId, takerLots, takerCash);
    expect([maker$, taker$]).toEqual([BigInt(event.makerRealisedPnlAtoms), BigInt(event.takerRealisedPnlAtoms)]);
    expect(BigInt(event.makerFeeAtoms)).toBe(ceil(notional * BigInt(spec.makerFeePpm), PPM));
    const takerFee = event.liquidation ? 0n : ceil(notional * BigInt(spec.takerFeePpm), PPM);
    expect(BigInt(event.takerFeeAtoms)).toBe(takerFee);
    this.#account(event.makerAccountId).collateral -= BigInt(event.makerFeeAtoms);
    this.#account(event.takerAccountId).collateral -= takerFee;
    expect(this.#equity(event.makerAccountId) >= 0n, 'a fill made its maker bankrupt').toBe(true);
  }

  #neverIncreases(order: AuditedOrder, filled: number): void {
    if (!order.reduceOnly) return;
    const { size } = this.#position(order.account, order.market);
    expect(order.side === 'sell' ? size >= BigInt(filled) : -size >= BigInt(filled), 'reduce-only').toBe(true);
  }

  #closeOut(event: Extract<Event, { kind: 'positionCloseOut' }>): void {
    this.counts.closeOuts += 1;
    let filled = 0;
    let notional = 0n;
    for (const fill of this.#closeOutFills.splice(0)) {
      const { priceTicks } = fill;
      expect(event.side === 'sell' ? priceTicks >= event.limitTicks : priceTicks <= event.limitTicks).toBe(true);
      expect(fill.takerAccountId).toBe(event.accountId);
      filled += fill.sizeLots;
      notional += BigInt(fill.priceTicks * fill.sizeLots * this.#market(event.marketId).spec.atomsPerTickLot);
    }
    expect(filled).toBe(event.filledLots);
    expect(BigInt(event.quoteAtoms)).toBe(event.side === 'sell' ? notional : -notional);
    expect(BigInt(event.feeAtoms) * PPM <= notional * BigInt(this.#market(event.marketId).spec.liquidationFeePpm)).toBe(
      true,
    );
    this.#account(event.accountId).collateral -= BigInt(event.feeAtoms);
    this.insurance += BigInt(event.feeAtoms);
    // Filled at or above the zero price and paid for out of the surplus: the ratio of EQ to MMR never falls.
    if (event.equityAtoms >= 0) {
      const after = this.#equity(event.accountId) * BigInt(event.maintenanceMarginAtoms);
      const before = BigInt(event.equityAtoms) * this.#maintenance(event.accountId);
      // One atom of rounding in the requirement of each market.
      expect(after + BigInt(event.maintenanceMarginAtoms) >= before, 'a close-out worsened its account').toBe(true);
    }
  }

  /** Average-cost bookkeeping, written a second time. Returns the profit realised. */
  #trade(accountId: number, marketId: number, lots: bigint, cash: bigint): bigint {
    const account = this.#account(accountId);
    const position = this.#position(accountId, marketId);
    const owed = ceil(position.size * (this.#market(marketId).fundingIndex - position.fundingIndex), PPM);
    expect(owed, 'funding is settled before the position changes').toBe(0n);
    let realised = 0n;
    const opposite = position.size !== 0n && position.size > 0n !== lots > 0n;
    if (!opposite) {
      position.entry -= cash;
    } else if (abs(lots) <= abs(position.size)) {
      const part = floor(position.entry * abs(lots), abs(position.size));
      realised = cash - part;
      position.entry -= part;
    } else {
      const closingCash = floor(cash * abs(position.size), abs(lots));
      realised = closingCash - position.entry;
      position.entry = closingCash - cash;
    }
    account.collateral += realised;
    position.size += lots;
    position.fundingIndex = this.#market(marketId).fundingIndex;
    return realised;
  }

  #compare(state: EngineState): void {
    const engine = [...listAccounts(state)].map(({ accountId, collateralAtoms, positions, inLiquidation }) => ({
      accountId,
      collateral: BigInt(collateralAtoms),
      inLiquidation,
      positions: positions.map((p) => [p.marketId, BigInt(p.sizeLots), BigInt(p.entryNotionalAtoms)]),
    }));
    const own = [...this.accounts].map(([accountId, { collateral, positions, inLiquidation }]) => ({
      accountId,
      collateral,
      inLiquidation,
      positions: [...positions]
        .filter(([, position]) => position.size !== 0n)
        .sort(([a], [b]) => a - b)
        .map(([marketId, position]) => [marketId, position.size, position.entry]),
    }));
    expect(engine).toEqual(own);
    expect(BigInt(readExchange(state).insuranceFundAtoms)).toBe(this.insurance);
    const engineOrders = [...listOrders(state)].map((order) => [order.orderId, order.remainingLots]);
    const ownOrders = [...this.orders.values()].map((order) => [order.id, order.remaining]);
    expect(engineOrders).toEqual(ownOrders.sort((a, b) => a[0]! - b[0]!));
    for (const { spec } of this.markets.values()) {
      const lots = (levels: readonly { lots: number }[]) => levels.reduce((sum, level) => sum + level.lots, 0);
      const book = readBook(state, spec.marketId);
      const resting = [...this.orders.values()].filter((order) => order.market === spec.marketId);
      const own = (side: Side) => resting.filter((o) => o.side === side).reduce((sum, o) => sum + o.remaining, 0);
      expect([lots(book.bids), lots(book.asks)]).toEqual([own('buy'), own('sell')]);
    }
  }

  /** Whoever was under maintenance at fresh prices after one command is in liquidation after the next. */
  #noneForgotten(state: EngineState): void {
    const late = new Set<number>();
    for (const [accountId, account] of this.accounts) {
      const fresh = [...account.positions].every(([marketId, { size }]) => {
        const { indexTimeMs, spec } = this.#market(marketId);
        return size === 0n || state.timeMs - indexTimeMs <= spec.indexStaleMs;
      });
      if (account.inLiquidation || !fresh || this.#equity(accountId) >= this.#maintenance(accountId)) continue;
      expect(this.#lateAccounts.has(accountId), `account ${accountId} should be in liquidation`).toBe(false);
      late.add(accountId);
    }
    this.#lateAccounts = late;
  }

  /** The order that trades next, found by looking at all of them. */
  #next(marketId: number, side: Side): AuditedOrder {
    const better = side === 'buy' ? 1 : -1;
    const resting = [...this.orders.values()].filter((o) => o.resting && o.market === marketId && o.side === side);
    resting.sort((a, b) => (b.price - a.price) * better || a.id - b.id);
    return resting[0]!;
  }

  #equity(accountId: number): bigint {
    const { collateral, positions } = this.#account(accountId);
    let equity = collateral;
    for (const [marketId, { size, entry, fundingIndex }] of positions) {
      const market = this.#market(marketId);
      const owed = ceil(size * (market.fundingIndex - fundingIndex), PPM);
      equity += size * market.mark * BigInt(market.spec.atomsPerTickLot) - entry - owed;
    }
    return equity;
  }

  #maintenance(accountId: number): bigint {
    let sum = 0n;
    for (const [marketId, { size }] of this.#account(accountId).positions) {
      const { spec, mark } = this.#market(marketId);
      sum += ceil(abs(size) * mark * BigInt(spec.atomsPerTickLot) * BigInt(spec.maintenanceMarginPpm), PPM);
    }
    return sum;
  }

  #notional(accountId: number): bigint {
    let sum = 0n;
    for (const [marketId, { size }] of this.#account(accountId).positions) {
      const { spec, mark } = this.#market(marketId);
      sum += abs(size) * mark * BigInt(spec.atomsPerTickLot);
    }
    return sum;
  }

  #account(accountId: number | AccountId): AuditedAccount {
    return this.accounts.get(accountId)!;
  }

  #position(accountId: number, marketId: number): AuditedPosition {
    const { positions } = this.#account(accountId);
    const found = positions.get(marketId);
    if (found !== undefined) return found;
    const position = { size: 0n, entry: 0n, fundingIndex: this.#market(marketId).fundingIndex };
    positions.set(marketId, position);
    return position;
  }

  #market(marketId: number): AuditedMarket {
    return this.markets.get(marketId)!;
  }

  #order(orderId: number): AuditedOrder {
    return this.orders.get(orderId)!;
  }
}

function abs(value: bigint): bigint {
  return value < 0n ? -value : value;
}

function floor(a: bigint, b: bigint): bigint {
  return a >= 0n ? a / b : -((-a + b - 1n) / b);
}

function ceil(a: bigint, b: bigint): bigint {
  return -floor(-a, b);
}
