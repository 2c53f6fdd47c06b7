import type { Event, EventKind, MarketSpec, OrderAccepted, OrderFilled, TradingStatus } from '@keel/types';
import { expect } from 'vitest';
import type { EngineState } from '../src/index.ts';
import { AttachedAuditor } from './attachedAuditor.ts';
import { type AuditedOrder, AuditedOrders, slicesDue } from './auditedOrders.ts';
import { compareOrders } from './compareOrders.ts';
import { ProtectionAuditor } from './protectionAuditor.ts';
import { TriggerAuditor } from './triggerAuditor.ts';

type EventOf<Kind extends EventKind> = Extract<Event, { readonly kind: Kind }>;

/** What the auditor of the money knows, and that of the orders must. */
export interface Facts {
  specOf(marketId: number): MarketSpec;
  markOf(marketId: number): number;
  /** Signed lots. */
  sizeOf(accountId: number, marketId: number): number;
  isInLiquidation(accountId: number): boolean;
  count(name: string): void;
}

/** A slice makes up for so many. */
const CATCH_UP_SLICES = 3;

/**
 * Follows every order from its events alone: where it stands, what it shows, who goes with it and when it must fire. Every
 * question is answered by looking at all orders.
 */
export class OrderAuditor {
  readonly #facts: Facts;
  readonly #orders = new AuditedOrders();
  readonly #triggers: TriggerAuditor;
  readonly #attached: AttachedAuditor;
  readonly #status = new Map<number, TradingStatus>();
  readonly #protections = new ProtectionAuditor();
  readonly #deadlines = new Map<number, number>();
  #timeMs = 0;
  #lastPlace = 0;
  #lastId = 0;
  #replacedNow = 0;
  #items = 0;
  /** The event that may not be preceded by another. */
  #next: { kind: EventKind; orderId: number } | undefined;
  /** Orders that may not outlive the command, and why. */
  readonly #mustGo = new Map<number, string>();

  constructor(facts: Facts) {
    this.#facts = facts;
    this.#triggers = new TriggerAuditor(this.#orders, {
      markOf: (marketId) => facts.markOf(marketId),
      maxPriceTicksOf: (marketId) => facts.specOf(marketId).maxPriceTicks,
      isHalted: (marketId) => this.statusOf(marketId) === 'halted',
      count: (name) => facts.count(name),
    });
    this.#attached = new AttachedAuditor(this.#orders, (name) => facts.count(name));
  }

  statusOf(marketId: number): TradingStatus {
    return this.#status.get(marketId) ?? 'open';
  }

  begin(timeMs: number): void {
    this.#timeMs = timeMs;
    this.#triggers.begin();
    this.#replacedNow = 0;
    this.#items = 0;
  }

  /** Each event but fills, which the money stands between. */
  follow(event: Event): void {
    this.#expectNext(event.kind, 'orderId' in event ? event.orderId : 0);
    switch (event.kind) {
      case 'orderAccepted':
        this.#accept(event);
        return;
      case 'orderDuplicated':
        expect(this.#orders.named(event.accountId, event.clientOrderId), 'the order of that name').toBe(event.orderId);
        return;
      case 'orderRested':
        this.#rest(event);
        return;
      case 'orderReplenished': {
        const order = this.#orders.get(event.orderId);
        order.shown = Math.min(order.display, order.remaining);
        expect(event.shownLots).toBe(order.shown);
        order.place = this.#newPlace();
        return;
      }
      case 'orderWaiting':
        this.#triggers.wait(this.#orders.get(event.orderId), event.triggerTicks);
        return;
      case 'orderTriggered':
        this.#trigger(event);
        return;
      case 'orderAmended':
        this.#amend(event);
        return;
      case 'orderClosed':
        this.#close(event);
        return;
      case 'twapStarted': {
        const order = this.#orders.get(event.orderId);
        const { durationMs, slices } = event;
        order.state = 'twap';
        order.twap = { startMs: this.#timeMs, durationMs, slices, size: order.remaining, tradedBefore: 0 };
        return;
      }
      case 'twapSlice':
        this.#slice(event);
        return;
      case 'batchItem':
        expect(event.item, 'items in their order').toBe(this.#items);
        expect(event.orderId === 0, 'an item is refused or has an order').toBe(event.code !== 0);
        this.#items += 1;
        return;
      case 'cancelAllAfterSet':
        this.#deadlines.set(event.accountId, event.deadlineMs);
        if (event.deadlineMs === 0) this.#deadlines.delete(event.accountId);
        return;
      case 'cancelAllAfterFired':
        this.#fireDeadline(event.accountId);
        return;
      case 'marketMakerProtectionSet':
        this.#protections.set(event);
        return;
      case 'marketMakerProtectionReset':
        this.#protections.reset(event);
        return;
      case 'marketMakerProtectionFired':
        this.#protections.fired(event);
        for (const order of this.#orders.of(event.accountId)) {
          const here = order.market === event.marketId && (order.state === 'resting' || order.state === 'waiting');
          if (here && !order.reduceOnly) this.#mustGo.set(order.id, 'protection');
        }
        return;
      case 'liquidationStarted':
        for (const order of this.#orders.of(event.accountId)) this.#mustGo.set(order.id, 'liquidation');
        return;
      case 'tradingStatusChanged':
        this.#status.set(event.marketId, event.status);
        return;
      case 'markPriceUpdated':
        expect(this.statusOf(event.marketId), 'a mark moves in a halt').not.toBe('halted');
        this.#triggers.followMark(event.marketId);
        return;
      default:
        return;
    }
  }

  /** What must hold before a fill: whose turn it is on both sides, and that both may trade. */
  fill(event: OrderFilled): void {
    this.#expectNext(event.kind, 0);
    this.#attached.expectNoneDue();
    const maker = this.#orders.get(event.makerOrderId);
    expect(maker.id, 'price-time priority').toBe(this.#orders.front(event.marketId, maker.side)?.id);
    expect(maker.side).not.toBe(event.takerSide);
    expect(maker.account, 'a trade with oneself').not.toBe(event.takerAccountId);
    expect(maker.expiresAtMs === 0 || maker.expiresAtMs > this.#timeMs, 'an expired order trades').toBe(true);
    expect(event.priceTicks).toBe(maker.price);
    expect(event.sizeLots > 0 && event.sizeLots <= maker.shown, 'more than is shown').toBe(true);
    maker.remaining -= event.sizeLots;
    maker.shown -= event.sizeLots;
    expect(event.makerRemainingLots).toBe(maker.remaining);
    this.#trade(maker, event.sizeLots);
    if (maker.remaining === 0) this.#next = { kind: 'orderClosed', orderId: maker.id };
    else if (maker.shown === 0) this.#next = { kind: 'orderReplenished', orderId: maker.id };
    this.#protections.fill(event, this.#timeMs);
    const status = this.statusOf(event.marketId);
    if (event.liquidation) {
      this.#facts.count('fill of a close-out');
      this.#lastId = Math.max(this.#lastId, event.takerOrderId);
      expect(status, 'a close-out in a halt').not.toBe('halted');
    } else {
      expect(status, 'a trade in a market that is not open').toBe('open');
      this.#take(event);
    }
  }

  #take(event: OrderFilled): void {
    const taker = this.#orders.get(event.takerOrderId);
    expect(taker.account).toBe(event.takerAccountId);
    if (taker.state !== 'twap') expect(this.#orders.worker()?.id, 'the order at work').toBe(taker.id);
    else this.#facts.count('fill of a TWAP order');
    expect(['postOnly', 'postOnlySlide']).not.toContain(taker.timeInForce);
    const limit = taker.price === 0 ? this.#slippageLimit(taker) : taker.price;
    expect(taker.side === 'buy' ? event.priceTicks <= limit : event.priceTicks >= limit, 'beyond its limit').toBe(true);
    expect(event.sizeLots <= taker.remaining).toBe(true);
    expect(taker.ended, 'it ended and trades on').toBe(false);
    taker.remaining -= event.sizeLots;
    this.#trade(taker, event.sizeLots);
  }

  /** One side of a fill, before the positions move. */
  #trade(order: AuditedOrder, lots: number): void {
    if (order.reduceOnly) expect(lots <= this.#reducible(order), 'a reduce-only order increases').toBe(true);
    if (order.display > 0) this.#facts.count('fill of an iceberg');
    order.traded += lots;
    this.#dropLink(order, 'its linked order traded');
    const size = this.#facts.sizeOf(order.account, order.market);
    this.#attached.trade(order, size + (order.side === 'buy' ? lots : -lots));
  }

  #accept(event: OrderAccepted): void {
    const { orderId, accountId, timeInForce, clientOrderId, parentOrderId } = event;
    expect(orderId > this.#lastId, 'ids ascend').toBe(true);
    this.#lastId = orderId;
    const known = clientOrderId === '' ? 0 : (this.#orders.named(accountId, clientOrderId) ?? 0);
    expect(known === 0 || known === this.#replacedNow, 'a name is used twice').toBe(true);
    expect(this.#facts.isInLiquidation(accountId), 'an order in liquidation').toBe(false);
    const order = this.#orders.accept(event);
    this.#facts.count(`accepted ${event.orderType} ${timeInForce}`);
    if (event.trigger !== undefined) this.#facts.count(`accepted ${event.trigger.kind}`);
    if (event.displayLots > 0) this.#facts.count('accepted iceberg');
    if (event.attached !== undefined) this.#facts.count('accepted with attached');
    if (parentOrderId !== 0) this.#attached.accept(order);
    else this.#acceptAsked(order);
  }

  #acceptAsked(order: AuditedOrder): void {
    const { account, market, reduceOnly, timeInForce, price } = order;
    const status = this.statusOf(market);
    const slides = timeInForce === 'postOnlySlide';
    if (slides || timeInForce === 'postOnly') expect(['open', 'postOnly']).toContain(status);
    else expect(status).toBe('open');
    if (this.#protections.isFrozen(account, market)) expect(reduceOnly, 'an order of a frozen account').toBe(true);
    // A TWAP order has no price, one that waits is asked when it fires, one that slides was asked before it slid.
    if (order.armed || price === 0 || slides) return;
    if (reduceOnly) expect(order.remaining <= this.#reducible(order), 'a reduce-only order is cut').toBe(true);
    const mark = this.#facts.markOf(market);
    const { priceBandPpm, marketSlippagePpm } = this.#facts.specOf(market);
    const bandPpm = order.orderType === 'market' ? Math.max(priceBandPpm, marketSlippagePpm) : priceBandPpm;
    expect(Math.abs(price - mark) * 1_000_000 <= mark * bandPpm, 'outside the price band').toBe(true);
  }

  /** What is left rests, or a resting order becomes smaller where it stands. */
  #rest({ orderId, remainingLots }: EventOf<'orderRested'>): void {
    const order = this.#orders.get(orderId);
    expect(remainingLots).toBeGreaterThan(0);
    if (order.state === 'resting') {
      const reducible = this.#reducible(order);
      // No larger than its position since the last fill, so one that is was just trimmed.
      if (order.reduceOnly && order.remaining > reducible) {
        expect(remainingLots, 'a reduce-only order shrinks to its position').toBe(reducible);
        this.#facts.count('trimmed');
      } else {
        this.#decrement(order, order.remaining - remainingLots);
      }
      order.remaining = remainingLots;
      order.shown = Math.min(order.shown, remainingLots);
      return;
    }
    expect(this.#orders.worker()?.id, 'the order at work').toBe(orderId);
    expect(remainingLots).toBe(order.remaining);
    expect(order.ended, 'it ended and rests').toBe(false);
    expect(['ioc', 'fok'], 'an immediate order rests').not.toContain(order.timeInForce);
    const opposite = this.#orders.front(order.market, order.side === 'buy' ? 'sell' : 'buy');
    if (opposite !== undefined) {
      const crosses = order.side === 'buy' ? opposite.price <= order.price : opposite.price >= order.price;
      expect(crosses, 'it rests though it could trade').toBe(false);
    }
    order.against = 0;
    order.state = 'resting';
    order.shown = order.display === 0 ? order.remaining : Math.min(order.display, order.remaining);
    order.place = this.#newPlace();
  }

  /** The order at work met this one of its own, and as many lots of both are gone. */
  #decrement(maker: AuditedOrder, lots: number): void {
    const taker = this.#orders.worker();
    expect(taker?.account, 'an order shrinks for no reason').toBe(maker.account);
    expect(taker!.selfTrade).toBe('decrement');
    expect(lots).toBe(Math.min(taker!.remaining, maker.remaining));
    taker!.remaining -= lots;
    taker!.against += lots;
    this.#facts.count('self-trade decrement');
  }

  #trigger({ orderId, markTicks }: EventOf<'orderTriggered'>): void {
    const order = this.#orders.get(orderId);
    this.#triggers.fire(order, markTicks);
    this.#dropLink(order, 'its linked order fired');
    order.uncut = order.remaining;
    if (order.reduceOnly) order.remaining = Math.min(order.remaining, this.#reducible(order));
    if (order.price === 0) order.price = this.#slippageLimit(order);
    if (order.timeInForce === 'postOnlySlide') order.price = this.#slid(order);
    if (order.timeInForce !== 'gtc') this.#facts.count(`fired ${order.timeInForce}`);
  }

  #slid({ market, side, price }: AuditedOrder): number {
    const opposite = this.#orders.front(market, side === 'buy' ? 'sell' : 'buy');
    if (opposite === undefined) return price;
    return side === 'buy' ? Math.min(price, opposite.price - 1) : Math.max(price, opposite.price + 1);
  }

  /** Limit of an order without one: its market's slippage cap, rounded towards mark. */
  #slippageLimit({ market, side }: AuditedOrder): number {
    const mark = BigInt(this.#facts.markOf(market));
    const { marketSlippagePpm, maxPriceTicks } = this.#facts.specOf(market);
    const distance = (mark * BigInt(marketSlippagePpm)) / 1_000_000n;
    const ticks = Number(side === 'buy' ? mark + distance : mark - distance);
    return Math.min(Math.max(1, ticks), maxPriceTicks);
  }

  #amend({ orderId, priceTicks, sizeLots, remainingLots, keptPlace }: EventOf<'orderAmended'>): void {
    const order = this.#orders.get(orderId);
    expect(sizeLots - remainingLots, 'its size counts what has traded').toBe(order.traded);
    this.#attached.amend(order, priceTicks, sizeLots);
    if (order.state === 'waiting') {
      expect(keptPlace).toBe(true);
      this.#facts.count('amended while waiting');
    } else if (keptPlace) {
      expect(order.state).toBe('resting');
      expect(priceTicks).toBe(order.price);
      expect(remainingLots <= order.remaining, 'a larger order kept its place').toBe(true);
      order.shown = Math.min(order.shown, remainingLots);
      this.#facts.count('amended in place');
    } else {
      expect(order.state).toBe('resting');
      order.state = 'incoming';
      order.shown = 0;
      this.#facts.count('amended and moved');
    }
    order.price = priceTicks;
    order.remaining = remainingLots;
  }

  #close({ orderId, accountId, marketId, reason, remainingLots, code }: EventOf<'orderClosed'>): void {
    const order = this.#orders.get(orderId);
    expect([accountId, marketId]).toEqual([order.account, order.market]);
    expect(code !== 0).toBe(reason === 'triggerRefused');
    this.#facts.count(`closed ${reason}`);
    const worker = this.#orders.worker();
    const atWork = worker === order;
    switch (reason) {
      case 'filled':
        expect([order.remaining, order.traded > 0, order.against]).toEqual([0, true, 0]);
        break;
      case 'expired': {
        const due = this.#orders.all().filter((o) => o.expiresAtMs > 0 && o.expiresAtMs <= this.#timeMs);
        due.sort((a, b) => a.expiresAtMs - b.expiresAtMs || a.id - b.id);
        expect(orderId, 'the order that expires first').toBe(due[0]?.id);
        break;
      }
      case 'selfTrade':
        if (atWork) expect(order.selfTrade).not.toBe('expireMaker');
        else this.#closeOwn(order, worker);
        break;
      case 'immediateRemainder':
        expect(atWork && (order.timeInForce === 'ioc' || order.timeInForce === 'fok')).toBe(true);
        break;
      case 'reduceOnlyNothingLeft':
        expect([order.reduceOnly, this.#reducible(order)]).toEqual([true, 0]);
        break;
      case 'liquidation':
        expect(this.#facts.isInLiquidation(accountId)).toBe(true);
        break;
      case 'triggerRefused':
        expect(atWork && order.traded === 0).toBe(true);
        break;
      case 'twapEnded':
        expect([slicesDue(order, this.#timeMs), order.remaining > 0]).toEqual([order.twap?.slices, true]);
        break;
      case 'cancelAllAfter':
      case 'marketMakerProtection':
      case 'linkedOrder':
        expect(this.#mustGo.has(orderId), `closed for no reason: ${reason}`).toBe(true);
        break;
      case 'replaced':
        this.#replacedNow = orderId;
        break;
      default:
        break;
    }
    if (atWork && order.timeInForce === 'fok' && reason !== 'triggerRefused') {
      expect(reason, 'a fill-or-kill order trades whole').toBe('filled');
    }
    expect(remainingLots).toBe(reason === 'triggerRefused' ? order.uncut : order.remaining + order.against);
    this.#orders.remove(order);
    this.#mustGo.delete(orderId);
    this.#triggers.forget(order);
    const partner = this.#dropLink(order, 'its linked order closed');
    // Its partner goes before anything else happens, but for the second of a pair, which has not begun to work.
    if (partner !== undefined && (partner.state !== 'incoming' || partner === worker)) {
      this.#next = { kind: 'orderClosed', orderId: partner.id };
    }
  }

  /** A resting order that an order of its own account met. */
  #closeOwn(maker: AuditedOrder, taker: AuditedOrder | undefined): void {
    expect(maker.id, 'the order that is met first').toBe(this.#orders.front(maker.market, maker.side)?.id);
    if (taker?.account !== maker.account) {
      const slice = this.#orders.of(maker.account).some((o) => o.twap !== undefined && o.market === maker.market);
      expect(slice, 'nothing of its own met it').toBe(true);
      return;
    }
    expect([taker.market, taker.side === maker.side]).toEqual([maker.market, false]);
    expect(taker.selfTrade).not.toBe('expireTaker');
    this.#facts.count(`self-trade ${taker.selfTrade}`);
    taker.ended = taker.selfTrade === 'expireBoth';
    if (taker.selfTrade !== 'decrement') return;
    expect(maker.remaining <= taker.remaining).toBe(true);
    taker.remaining -= maker.remaining;
    taker.against += maker.remaining;
  }

  /** Ends the bond of two orders on both sides; the other one must go, unless it is what ended the bond. */
  #dropLink(order: AuditedOrder, why: string): AuditedOrder | undefined {
    const partner = this.#orders.find(order.linked);
    order.linked = 0;
    if (partner === undefined) return undefined;
    partner.linked = 0;
    this.#mustGo.set(partner.id, why);
    return partner;
  }

  #slice({ orderId, slice, sizeLots, filledLots, code }: EventOf<'twapSlice'>): void {
    const order = this.#orders.get(orderId);
    const twap = order.twap!;
    const { size, slices, tradedBefore } = twap;
    expect(slice).toBe(slicesDue(order, this.#timeMs));
    const planned = Number((BigInt(size) * BigInt(slice)) / BigInt(slices)) - tradedBefore;
    expect(sizeLots).toBe(Math.min(planned, CATCH_UP_SLICES * Math.ceil(size / slices)));
    expect(filledLots).toBe(order.traded - tradedBefore);
    if (code !== 0) expect(filledLots).toBe(0);
    this.#facts.count(code === 0 ? 'slice tried' : 'slice refused');
    twap.tradedBefore = order.traded;
  }

  #fireDeadline(accountId: number): void {
    const due = [...this.#deadlines].filter(([, deadlineMs]) => deadlineMs <= this.#timeMs);
    due.sort(([one, oneMs], [other, otherMs]) => oneMs - otherMs || one - other);
    expect(accountId, 'the deadline that is first').toBe(due[0]?.[0]);
    this.#deadlines.delete(accountId);
    for (const order of this.#orders.of(accountId)) {
      if (!(order.reduceOnly && order.state === 'waiting')) this.#mustGo.set(order.id, 'dead-man switch');
    }
  }

  /** After the command: nobody was forgotten, and the engine's orders and books are the auditor's. */
  end(state: EngineState): void {
    expect(this.#next, 'the next event is missing').toBe(undefined);
    expect([...this.#mustGo], 'orders that should have gone').toEqual([]);
    this.#attached.expectNoneDue();
    this.#protections.expectNoneDue();
    for (const deadlineMs of this.#deadlines.values()) expect(deadlineMs > this.#timeMs, 'a deadline').toBe(true);
    for (const order of this.#orders.all()) this.#expectInPlace(order);
    this.#triggers.end();
    const marketIds = new Set(this.#orders.all().map(({ market }) => this.#facts.specOf(market).marketId));
    compareOrders(state, this.#orders, [...marketIds]);
  }

  #expectInPlace(order: AuditedOrder): void {
    expect(order.state, 'an order that is nowhere').not.toBe('incoming');
    expect(order.expiresAtMs === 0 || order.expiresAtMs > this.#timeMs, 'an order that should be expired').toBe(true);
    if (order.twap !== undefined)
      expect(slicesDue(order, this.#timeMs) < order.twap.slices, 'a TWAP order is over').toBe(true);
    if (!order.reduceOnly) return;
    if (order.state === 'resting')
      expect(order.remaining <= this.#reducible(order), 'larger than it reduces').toBe(true);
    if (order.parent !== 0) expect(this.#reducible(order), 'attached to no position').toBeGreaterThan(0);
  }

  #expectNext(kind: EventKind, orderId: number): void {
    const next = this.#next;
    if (next === undefined) return;
    this.#next = undefined;
    expect({ kind, orderId }, 'what follows at once').toEqual(next);
  }

  #reducible({ account, market, side }: AuditedOrder): number {
    const size = this.#facts.sizeOf(account, market);
    return Math.max(0, side === 'sell' ? size : 0 - size);
  }

  #newPlace(): number {
    this.#lastPlace += 1;
    return this.#lastPlace;
  }
}
