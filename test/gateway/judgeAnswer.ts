import type {
  Account,
  AmendedOutcome,
  Amendment,
  Fill,
  NewOrder,
  OpenOrder,
  OrderRef,
  PlacedOutcome,
  RefusedItem,
} from '@keel/client';
import { REJECT_CODES } from '@keel/types';
import { expect } from 'vitest';
import type { Answer, Ask } from './ask.ts';
import type { FollowedAccount } from './followedAccount.ts';
import type { Pitch } from './randomAsk.ts';
import { scaleRungs } from './scaleRungs.ts';
import { DECIMALS, sumOf, units } from './units.ts';

/** Decimals that an average price has beyond those of a tick. */
const AVERAGE_DECIMALS_MORE = 4;

export interface Facts {
  readonly followed: FollowedAccount;
  readonly pitches: readonly Pitch[];
  /** The account as it was some time before the command, */
  readonly before: Account;
  /** and at its sequence or later. */
  readonly after: Account;
  /** The trades that the account had then, and the sequence of that. */
  readonly fillsBefore: ReadonlySet<string>;
  readonly fillsBeforeSequence: number;
  /** The account's fills are known up to here. */
  readonly fillsSequence: number;
  /** Counts what was met, so that a run that met nothing is seen. */
  readonly count: (what: string) => void;
}

/** Holds an answer to what was asked, to the answers before, and to what GET says of orders and fills. */
export function judgeAnswer(ask: Ask, told: Answer, facts: Facts): void {
  const judge = new Judge(told.answer, facts);
  switch (told.about) {
    case 'order':
      judge.placed(askedOrders(ask, facts)[0]!, told.answer);
      return;
    case 'replaced':
      judge.replaced(ask as Extract<Ask, { kind: 'replace' }>, told.answer);
      return;
    case 'orders':
      judge.orders(askedOrders(ask, facts), ask.kind === 'batch' && ask.grouping !== 'none', told.answer.items);
      return;
    case 'amended':
      judge.amended(ask.kind === 'amendMany' ? ask.amendments : [(ask as AmendAsk).amendment], told.answer.items);
      return;
    case 'cancelled':
      judge.cancelled(ask.kind === 'cancel' ? [ask.order] : (ask as CancelAllAsk).market, told.answer);
      return;
    case 'cancelledMany':
      judge.cancelledMany((ask as CancelManyAsk).orders, told.answer);
      return;
    case 'deadMan':
      judge.deadMan((ask as DeadManAsk).timeoutMs, told.answer);
      return;
    case 'nothing':
      return;
  }
}

type AmendAsk = Extract<Ask, { kind: 'amend' }>;
type CancelAllAsk = Extract<Ask, { kind: 'cancelAll' }>;
type CancelManyAsk = Extract<Ask, { kind: 'cancelMany' }>;
type DeadManAsk = Extract<Ask, { kind: 'deadMan' }>;

function askedOrders(ask: Ask, { pitches }: Facts): readonly NewOrder[] {
  switch (ask.kind) {
    case 'place':
      return [ask.order];
    case 'batch':
      return ask.orders;
    case 'scale':
      return scaleRungs(ask.scale, pitches.find(({ symbol }) => symbol === ask.scale.market)!);
    case 'twap': {
      const { durationMs: _, slices: __, ...order } = ask.twap;
      return [{ ...order, orderType: 'market' }];
    }
    default:
      return [];
  }
}

const find = (account: Account, orderId: string): OpenOrder | undefined =>
  account.openOrders.find((order) => order.orderId === orderId);

const findNamed = (account: Account, ref: OrderRef): OpenOrder | undefined =>
  account.openOrders.find((order) =>
    typeof ref === 'string' ? order.orderId === ref : order.clientOrderId === ref.clientOrderId,
  );

class Judge {
  readonly #sequence: number;
  readonly #timeMs: number;
  readonly #facts: Facts;
  /** GET speaks of the very moment after the command; */
  readonly #exact: boolean;
  readonly #exactFills: boolean;
  /** and of the one before it. */
  readonly #adjacent: boolean;

  constructor({ sequence, timeMs }: Answer['answer'], facts: Facts) {
    this.#sequence = sequence;
    this.#timeMs = timeMs;
    this.#facts = facts;
    this.#exact = facts.after.sequence === sequence;
    this.#exactFills = facts.fillsSequence === sequence;
    this.#adjacent = facts.before.sequence === sequence - 1;
    facts.count(`${this.#exact ? 'exact' : 'later'} account`);
    facts.count(`${this.#exactFills ? 'exact' : 'later'} fills`);
    facts.count(`${this.#adjacent ? 'adjacent' : 'earlier'} before`);
  }

  /** `among` are the orders of the same request. */
  placed(
    asked: NewOrder,
    item: PlacedOutcome,
    among: readonly NewOrder[] = [asked],
    replacedOrderId: string | null = null,
  ): void {
    const { followed, after, count } = this.#facts;
    const name = asked.clientOrderId ?? '';
    const known = name === '' ? undefined : followed.names.get(name);
    const expectDuplicate = known !== undefined && known !== replacedOrderId;
    expect(item.clientOrderId).toBe(name);
    expect(item.duplicate).toBe(expectDuplicate);
    count(item.duplicate ? 'duplicate' : String(item.state));
    if (item.duplicate) {
      expect(item).toMatchObject({ orderId: known, state: null, closeReason: null, filledSize: '0', fills: [] });
      return;
    }
    const { orderId } = item;
    expect(followed.told.has(orderId), 'an order id of an order before').toBe(false);
    followed.told.add(orderId);
    if (name !== '') followed.names.set(name, orderId);
    const isOver = this.#end(orderId, item.state, item.closeReason);
    const fills = followed.fillsOf(orderId);
    this.#traded(asked.market, item, fills);
    this.#price(asked, item);
    const filled = units(item.filledSize);
    // What reduces only is cut to the position, and a resting order loses what its owner's orders take off it.
    const most = units(asked.size);
    const whole = filled + units(item.remainingSize);
    if (asked.reduceOnly === true || among.some(({ selfTrade }) => selfTrade === 'decrement'))
      expect(whole).toBeLessThanOrEqual(most);
    else if (!isOver || this.#closedAtOnce(item)) expect(whole).toBe(most);
    if (item.state === 'filled') expect(item.remainingSize).toBe('0');
    if (isOver) expect(item.shownSize).toBe('0');
    const open = find(after, orderId);
    if (isOver || !this.#exact) return;
    if (open === undefined) expect.unreachable(`GET does not have order ${orderId}, which is ${item.state}`);
    const { price, clientOrderId, expiresAt, remainingSize, shownSize } = item;
    expect(open).toMatchObject({ state: item.state, price, clientOrderId, expiresAt, remainingSize, shownSize });
    const { market, side, reduceOnly = false, selfTrade = 'expireMaker', trigger, displaySize = null } = asked;
    expect(open).toMatchObject({ market, side, reduceOnly, selfTrade, displaySize });
    expect(open.expiresAt).toBe(asked.expiresAt ?? 0);
    expect(open.triggerKind).toBe(trigger?.kind ?? null);
    expect(item.triggerPrice === null).toBe(trigger === undefined);
    if (trigger?.kind === 'trailingStop') expect(open).toMatchObject({ triggerPrice: null, trail: trigger.trail });
    else expect([item.triggerPrice, open.triggerPrice]).toEqual([trigger?.price ?? null, trigger?.price ?? null]);
    expect(units(open.size) - units(open.remainingSize)).toBe(filled);
  }

  replaced({ replaced, order }: Extract<Ask, { kind: 'replace' }>, item: PlacedOutcome & Replaced): void {
    const { before, followed, count } = this.#facts;
    const { replacedOrderId } = item;
    this.placed(order, item, [order], replacedOrderId);
    expect(replacedOrderId === null).toBe(item.duplicate);
    if (replacedOrderId === null) return;
    count('replaced');
    if (typeof replaced === 'string') expect(replacedOrderId).toBe(replaced);
    if (this.#adjacent) expect(replacedOrderId).toBe(findNamed(before, replaced)?.orderId);
    followed.over.set(replacedOrderId, this.#sequence);
    this.#expectGone(replacedOrderId);
  }

  orders(asked: readonly NewOrder[], linked: boolean, items: readonly (PlacedOutcome | RefusedItem)[]): void {
    const [first, second] = items;
    if (linked && first !== undefined && second === undefined) {
      // A pair of which one was placed before: the answer is that one.
      expect(first).toMatchObject({ duplicate: true });
      const { clientOrderId } = first as PlacedOutcome;
      this.placed(asked.find((order) => order.clientOrderId === clientOrderId)!, first as PlacedOutcome);
      return;
    }
    expect(items).toHaveLength(asked.length);
    for (const [at, item] of items.entries()) {
      if ('error' in item) this.#refusedItem(item, at);
      else this.placed(asked[at]!, item, asked);
    }
    if (!linked || !this.#exact) return;
    this.#facts.count('pair');
    const [one, two] = items as readonly PlacedOutcome[];
    const [openOne, openTwo] = [find(this.#facts.after, one!.orderId), find(this.#facts.after, two!.orderId)];
    // Neither outlives the other, unless it was the one that traded.
    if (openOne !== undefined && openTwo !== undefined) {
      expect([openOne.linkedOrderId, openTwo.linkedOrderId]).toEqual([two!.orderId, one!.orderId]);
      expect([one!.filledSize, two!.filledSize]).toEqual(['0', '0']);
    } else {
      const survivor = openOne === undefined ? two! : one!;
      if (openOne !== undefined || openTwo !== undefined) expect(survivor.filledSize).not.toBe('0');
    }
  }

  amended(asked: readonly Amendment[], items: readonly (AmendedOutcome | RefusedItem)[]): void {
    const { followed, before, count } = this.#facts;
    expect(items).toHaveLength(asked.length);
    const seen = new Set<string>();
    for (const [at, item] of items.entries()) {
      if ('error' in item) {
        this.#refusedItem(item, at);
        continue;
      }
      const { order, market, price, size } = asked[at]!;
      const byName = typeof order !== 'string';
      count(`amended ${item.state}${byName ? ' by name' : ''}`);
      const { orderId } = item;
      if (byName) expect(orderId).toBe(followed.names.get(order.clientOrderId));
      else expect(orderId).toBe(order);
      const isOver = this.#end(orderId, item.state === 'open' ? null : item.state, item.closeReason);
      const fills = followed.fillsOf(orderId).filter(({ tradeId }) => !this.#facts.fillsBefore.has(tradeId));
      const alone = items.length === 1;
      if (alone && this.#facts.fillsBeforeSequence === this.#sequence - 1) this.#traded(market, item, fills);
      const old = find(before, orderId);
      const open = find(this.#facts.after, orderId);
      if (old !== undefined && old.timeInForce !== 'postOnlySlide') expect(item.price ?? '0').toBe(price);
      // A later item may have changed it again; what reduces only is cut to the position, and orders of its own take off it.
      const isFirst = !seen.has(orderId);
      seen.add(orderId);
      if (old !== undefined && isFirst) {
        if (!old.reduceOnly && old.selfTrade !== 'decrement') expect(item.size).toBe(size);
        else expect(units(item.size)).toBeLessThanOrEqual(units(size));
      }
      if (this.#adjacent && isFirst && old !== undefined && !this.#triggered(old, open)) {
        const inPlace = old.state === 'waiting' || ((old.price ?? '0') === price && units(size) <= units(old.size));
        count(inPlace ? 'kept its place' : 'lost its place');
        expect(item.keptPlace).toBe(inPlace);
      }
      if (!this.#exact || !alone || isOver) continue;
      if (open === undefined) expect.unreachable(`GET does not have order ${orderId}, which was amended`);
      const { remainingSize } = item;
      expect(open).toMatchObject({ price: item.price, remainingSize, market });
      expect(open.size).toBe(item.size);
    }
  }

  cancelled(named: readonly OrderRef[] | string, { cancelledOrderIds }: CancelledIds): void {
    const { before, after, followed, count } = this.#facts;
    count(typeof named === 'string' ? 'cancelled all' : 'cancelled');
    expect(new Set(cancelledOrderIds).size).toBe(cancelledOrderIds.length);
    for (const orderId of cancelledOrderIds) {
      followed.over.set(orderId, this.#sequence);
      this.#expectGone(orderId);
    }
    if (!this.#adjacent) return;
    const targets = before.openOrders.filter((order) =>
      typeof named === 'string'
        ? named === '' || order.market === named
        : named.some((ref) => findNamed(before, ref) === order),
    );
    const linked = targets.map((order) => order.linkedOrderId);
    for (const orderId of cancelledOrderIds) {
      expect(find(before, orderId), `order ${orderId} was not open`).toBeDefined();
      const isAsked = targets.some((order) => order.orderId === orderId) || linked.includes(orderId);
      expect(isAsked, `nobody asked for order ${orderId}`).toBe(true);
    }
    if (!this.#exact) return;
    for (const order of targets) {
      expect(find(after, order.orderId), `order ${order.orderId} is still there`).toBeUndefined();
      if (named.length === 1 || !this.#mayEndWithTime(order)) expect(cancelledOrderIds).toContain(order.orderId);
    }
  }

  cancelledMany(named: readonly OrderRef[], { items, cancelledOrderIds }: CancelledIds & CancelledItems): void {
    const { before, count } = this.#facts;
    expect(items).toHaveLength(named.length);
    for (const [at, item] of items.entries()) {
      const target = findNamed(before, named[at]!);
      if ('error' in item) {
        this.#refusedItem(item, at);
        if (this.#adjacent && target !== undefined && !this.#mayEndWithTime(target))
          expect(cancelledOrderIds, 'refused, and it was open').toContain(target.orderId);
        continue;
      }
      count('cancelled item');
      expect(cancelledOrderIds).toContain(item.orderId);
      if (this.#adjacent) expect(item.orderId).toBe(target?.orderId);
    }
    this.cancelled(named, { cancelledOrderIds });
  }

  deadMan(timeoutMs: number, { deadline }: { readonly deadline: number }): void {
    this.#facts.count('dead-man switch');
    expect(deadline).toBe(timeoutMs === 0 ? 0 : this.#timeMs + timeoutMs);
    if (this.#exact) expect(this.#facts.after.cancelAllAfter).toBe(deadline);
  }

  /** True when the order is over; then it never shows again. */
  #end(orderId: string, state: string | null, closeReason: string | null): boolean {
    const isOver = state === 'filled' || state === 'closed';
    expect(closeReason !== null).toBe(isOver);
    if (isOver) expect(closeReason === 'filled').toBe(state === 'filled');
    if (!isOver) return false;
    this.#facts.count(`closed ${closeReason}`);
    this.#facts.followed.over.set(orderId, this.#sequence);
    this.#expectGone(orderId);
    return true;
  }

  #expectGone(orderId: string): void {
    expect(find(this.#facts.after, orderId), `order ${orderId} is over`).toBeUndefined();
  }

  /** The fills of the answer are those that GET has of the order, and the sums are theirs. */
  #traded(market: string, item: PlacedOutcome | AmendedOutcome, fills: readonly Fill[]): void {
    const told = fills.map(({ tradeId, price, size, fee, realisedPnl }) => ({
      tradeId,
      price,
      size,
      fee,
      realisedPnl,
    }));
    expect(item.fills).toEqual(this.#exactFills ? told : told.slice(0, item.fills.length));
    const filled = sumOf(item.fills.map(({ size }) => size));
    expect(units(item.filledSize)).toBe(filled);
    expect(item.averagePrice === null).toBe(filled === 0n);
    if (item.averagePrice === null) return;
    this.#facts.count('traded');
    if (item.fills.length > 1) this.#facts.count('traded more than once');
    const { priceDecimals } = this.#facts.pitches.find(({ symbol }) => symbol === market)!;
    const step = 10n ** BigInt(DECIMALS - priceDecimals - AVERAGE_DECIMALS_MORE);
    const cost = item.fills.reduce((sum, { price, size }) => sum + units(price) * units(size), 0n);
    const average = units(item.averagePrice);
    expect(average * filled <= cost && cost < (average + step) * filled, 'average rounded down').toBe(true);
  }

  #price(asked: NewOrder, item: PlacedOutcome): void {
    const { price } = item;
    const limit = asked.price === '0' ? undefined : asked.price;
    if (limit === undefined && (item.state === 'waiting' || item.state === 'twap')) expect(price).toBeNull();
    if (limit !== undefined && asked.timeInForce !== 'postOnlySlide') expect(price).toBe(limit);
    if (price === null) return;
    const sign = asked.side === 'buy' ? 1n : -1n;
    // A slide goes away from the other side; no fill is worse than the limit.
    if (limit !== undefined) expect(units(price) * sign).toBeLessThanOrEqual(units(limit) * sign);
    if (limit !== undefined && limit !== price) this.#facts.count('slid');
    for (const fill of item.fills) expect(units(fill.price) * sign).toBeLessThanOrEqual(units(price) * sign);
  }

  /** It never rested, so nothing was taken off it. */
  #closedAtOnce({ closeReason }: PlacedOutcome): boolean {
    return closeReason === 'filled' || closeReason === 'immediateRemainder';
  }

  #refusedItem({ error }: RefusedItem, at: number): void {
    this.#facts.count('refused item');
    expect(error.code in REJECT_CODES, error.code).toBe(true);
    expect(error.details).toEqual({ item: at });
  }

  /** A waiting order that the mark of this very moment has set to work. */
  #triggered(old: OpenOrder, open: OpenOrder | undefined): boolean {
    return old.state === 'waiting' && open?.state !== 'waiting';
  }

  /** Time goes on before the command does, and may have ended an order for a reason of its own. */
  #mayEndWithTime(order: OpenOrder): boolean {
    const { before, followed, fillsBefore } = this.#facts;
    const switchFires = before.cancelAllAfter !== 0 && before.cancelAllAfter <= this.#timeMs;
    if (switchFires || followed.fills.size > fillsBefore.size) return true;
    const linked = order.linkedOrderId === null ? undefined : find(before, order.linkedOrderId);
    return [order, ...(linked === undefined ? [] : [linked])].some(
      ({ state, expiresAt }) => state !== 'resting' || (expiresAt !== 0 && expiresAt <= this.#timeMs),
    );
  }
}

type Replaced = { readonly replacedOrderId: string | null };
type CancelledIds = { readonly cancelledOrderIds: readonly string[] };
type CancelledItems = { readonly items: readonly ({ readonly orderId: string } | RefusedItem)[] };
