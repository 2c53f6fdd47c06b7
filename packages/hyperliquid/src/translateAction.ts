import {
  BATCH_ITEMS_MAX,
  CANCEL_ALL_AFTER_MS_MAX,
  CANCEL_ALL_AFTER_MS_MIN,
  type MarketId,
  type MarketSpec,
  maxLeverage,
  type OrderName,
  type OrderRequest,
  type SignedCommand,
  type TimeMs,
  toMarketId,
  toOrderId,
} from '@keel/types';
import type { HyperliquidAction, WireModify, WireOrder } from './action.ts';
import { type OpenOrderFacts, translateAmendment } from './translateAmendment.ts';
import { attachOrders, type ItemFault, translateOrder } from './translateOrder.ts';

type WithoutAuth<Command> = Command extends unknown ? Omit<Command, 'auth'> : never;
/** A command without who asked for it. */
export type CommandRequest = WithoutAuth<SignedCommand>;

export interface TranslationFacts {
  /** Every listed market. An asset is a market's id less 1. */
  readonly specOf: (marketId: MarketId) => MarketSpec | undefined;
  /** Milliseconds since 1970. */
  readonly nowMs: TimeMs;
  /** An open order of the account by its name; asked of actions that change several orders only. */
  readonly openOrder: (name: OrderName) => OpenOrderFacts | undefined;
}

/**
 * What became of one item of an action: its place among the items of the command; a child, which comes to life with the order
 * before it; or why it is left out.
 */
export type ItemPlace =
  | { readonly kind: 'item'; readonly index: number }
  | { readonly kind: 'child' }
  | { readonly kind: 'fault'; readonly fault: ItemFault };

/** An action that this exchange does not carry out, as its client is told. */
export interface Refusal {
  readonly kind: 'refused';
  readonly sentence: string;
}

export interface Translation {
  readonly kind: 'translated';
  /** Undefined: nothing is left to be done, every item has a fault. */
  readonly request: CommandRequest | undefined;
  /** One for each item of the action; of an action without items, one. */
  readonly places: readonly ItemPlace[];
}

/**
 * The command that an action asks for. The same action gives the same command, as long as markets are only added: an asset that
 * is not listed refuses the whole.
 */
export function translateAction(action: HyperliquidAction, facts: TranslationFacts): Translation | Refusal {
  switch (action.type) {
    case 'order':
      return translateOrders(action.orders, action.grouping, facts);
    case 'cancel':
      return translateCancels(
        action.cancels.map(({ asset, oid }) => ({ asset, name: nameOf(oid) })),
        facts,
      );
    case 'cancelByCloid':
      return translateCancels(
        action.cancels.map(({ asset, cloid }) => ({ asset, name: nameOf(cloid) })),
        facts,
      );
    case 'modify':
      return translateReplacement(action, facts);
    case 'batchModify':
      return translateModifies(action.modifies, facts);
    case 'scheduleCancel':
      return translateSchedule(action.timeMs, facts.nowMs);
    case 'updateLeverage':
      return translateLeverage(action, facts);
    case 'updateIsolatedMargin':
      return refused(ISOLATED);
    // A batch of nothing: refused once its nonce is used up, which is all that is wanted.
    case 'noop':
      return whole({ kind: 'cancelOrders', orders: [] });
    case 'ignored':
      return { kind: 'translated', request: undefined, places: [] };
    case 'notOffered':
      return refused(`This exchange does not offer ${JSON.stringify(action.name)} through this API.`);
  }
}

const ISOLATED =
  'Positions are cross-margined here; an isolated one is an account of its own: transfer collateral to it natively (POST /v1/transfers) and trade there.';

export const refused = (sentence: string): Refusal => ({ kind: 'refused', sentence });

const whole = (request: CommandRequest): Translation => ({
  kind: 'translated',
  request,
  places: [{ kind: 'item', index: 0 }],
});

const faulty = (fault: ItemFault): ItemPlace => ({ kind: 'fault', fault });

function translateOrders(
  orders: readonly WireOrder[],
  grouping: Extract<HyperliquidAction, { readonly type: 'order' }>['grouping'],
  facts: TranslationFacts,
): Translation | Refusal {
  const wrong = refuseItems(orders, facts);
  if (wrong !== undefined) return wrong;
  if (grouping === 'normalTpsl') return translateParent(orders, facts);
  if (grouping === 'positionTpsl') return translatePair(orders, facts);
  const read = orders.map((order) => translateOrder(order, specOf(facts, order)));
  const { kept, places } = keep(read);
  return { kind: 'translated', request: placing(kept, 'none'), places };
}

/** One order and what hangs on it: at most one take-profit and one stop-loss, which come to life as it fills. */
function translateParent([parent, ...children]: readonly WireOrder[], facts: TranslationFacts): Translation | Refusal {
  if (parent === undefined || parent.terms.kind !== 'limit' || children.length < 1 || children.length > 2)
    return refused('Grouping normalTpsl takes one order without a trigger, then a take-profit, a stop-loss or both.');
  const spec = specOf(facts, parent);
  const tp = children.find(({ terms }) => terms.kind === 'trigger' && terms.tpsl === 'tp');
  const sl = children.find(({ terms }) => terms.kind === 'trigger' && terms.tpsl === 'sl');
  const asMany = Number(tp !== undefined) + Number(sl !== undefined) === children.length;
  const hang = children.every(
    ({ asset, buys, reduceOnly, size, cloid }) =>
      asset === parent.asset && buys !== parent.buys && reduceOnly && size === parent.size && cloid === '',
  );
  if (!asMany || !hang)
    return refused(
      'Grouping normalTpsl: each order after the first is a reduce-only trigger of the same asset and size on the other side, one of each tpsl, without a cloid.',
    );
  const order = translateOrder(parent, spec);
  if (typeof order === 'string')
    return { kind: 'translated', request: undefined, places: [faulty(order), ...paired(children)] };
  const attached = attachOrders(tp, sl, spec);
  if (typeof attached === 'string') {
    const places = children.map(() => faulty(attached));
    return { kind: 'translated', request: undefined, places: [faulty('PAIR_REFUSED'), ...places] };
  }
  const places: ItemPlace[] = [{ kind: 'item', index: 0 }, ...children.map((): ItemPlace => ({ kind: 'child' }))];
  return { kind: 'translated', request: placing([{ ...order, attached }], 'none'), places };
}

/** Reduce-only triggers of a position; of two, one ends the other. */
function translatePair(orders: readonly WireOrder[], facts: TranslationFacts): Translation | Refusal {
  const triggers = orders.every(({ terms, reduceOnly }) => terms.kind === 'trigger' && reduceOnly);
  const oneAsset = orders.every(({ asset }) => asset === orders[0]?.asset);
  if (!triggers || !oneAsset || orders.length > 2)
    return refused('Grouping positionTpsl takes one or two reduce-only triggers of one asset.');
  const read = orders.map((order) => translateOrder(order, specOf(facts, order)));
  const { kept, places } = keep(read);
  if (kept.length === orders.length)
    return { kind: 'translated', request: placing(kept, orders.length === 2 ? 'oneCancelsOther' : 'none'), places };
  const alone = places.map((place) => (place.kind === 'fault' ? place : faulty('PAIR_REFUSED')));
  return { kind: 'translated', request: undefined, places: alone };
}

const paired = (orders: readonly WireOrder[]): ItemPlace[] => orders.map(() => faulty('PAIR_REFUSED'));

function placing(orders: readonly OrderRequest[], grouping: 'none' | 'oneCancelsOther'): CommandRequest | undefined {
  return orders.length === 0 ? undefined : { kind: 'placeOrders', orders, grouping };
}

function translateCancels(
  cancels: readonly { readonly asset: number; readonly name: OrderName | undefined }[],
  facts: TranslationFacts,
): Translation | Refusal {
  const wrong = refuseItems(cancels, facts);
  if (wrong !== undefined) return wrong;
  const { kept, places } = keep(cancels.map(({ name }): OrderName | ItemFault => name ?? 'ORDER_UNKNOWN'));
  return {
    kind: 'translated',
    request: kept.length === 0 ? undefined : { kind: 'cancelOrders', orders: kept },
    places,
  };
}

/** One order ends and another takes its place, with an id of its own. */
function translateReplacement({ oid, order }: WireModify, facts: TranslationFacts): Translation | Refusal {
  const wrong = refuseItems([order], facts);
  if (wrong !== undefined) return wrong;
  const replaced = nameOf(oid);
  const request = translateOrder(order, specOf(facts, order));
  if (typeof request === 'string') return { kind: 'translated', request: undefined, places: [faulty(request)] };
  if (replaced === undefined) return { kind: 'translated', request: undefined, places: [faulty('ORDER_UNKNOWN')] };
  return whole({ kind: 'replaceOrder', replaced, order: request });
}

/** Several orders get other prices and sizes at once and keep their ids; of one order anything may change. */
function translateModifies(modifies: readonly WireModify[], facts: TranslationFacts): Translation | Refusal {
  const [only] = modifies;
  if (only !== undefined && modifies.length === 1) return translateReplacement(only, facts);
  const wrong = refuseItems(
    modifies.map(({ order }) => order),
    facts,
  );
  if (wrong !== undefined) return wrong;
  const read = modifies.map(({ oid, order }) => {
    const name = nameOf(oid);
    return name === undefined
      ? 'ORDER_UNKNOWN'
      : translateAmendment(name, order, specOf(facts, order), facts.openOrder(name));
  });
  const { kept, places } = keep(read);
  return {
    kind: 'translated',
    request: kept.length === 0 ? undefined : { kind: 'amendOrders', amendments: kept },
    places,
  };
}

function translateSchedule(timeMs: number | undefined, nowMs: TimeMs): Translation | Refusal {
  if (timeMs === undefined) return whole({ kind: 'cancelAllAfter', timeoutMs: 0 });
  const timeoutMs = timeMs - nowMs;
  if (timeoutMs < CANCEL_ALL_AFTER_MS_MIN || timeoutMs > CANCEL_ALL_AFTER_MS_MAX)
    return refused('Scheduled cancel time must be 1 second to 24 hours from now.');
  return whole({ kind: 'cancelAllAfter', timeoutMs });
}

function translateLeverage(
  { asset, isCross, leverage }: Extract<HyperliquidAction, { readonly type: 'updateLeverage' }>,
  facts: TranslationFacts,
): Translation | Refusal {
  const wrong = refuseItems([{ asset }], facts);
  if (wrong !== undefined) return wrong;
  if (!isCross) return refused(ISOLATED);
  const spec = specOf(facts, { asset });
  // 0 would be as much as the market allows, which nobody has asked for.
  if (leverage < 1 || leverage > maxLeverage(spec)) return refused('Invalid leverage value');
  return whole({ kind: 'setLeverage', marketId: spec.marketId, leverage });
}

/** Lists that no command may have, and assets that there are not. */
function refuseItems(
  items: readonly { readonly asset: number }[],
  { specOf }: Pick<TranslationFacts, 'specOf'>,
): Refusal | undefined {
  if (items.length < 1 || items.length > BATCH_ITEMS_MAX)
    return refused(`A request has 1 to ${BATCH_ITEMS_MAX} items here, this one has ${items.length}.`);
  const unknown = items.find(({ asset }) => specOf(marketOf(asset)) === undefined);
  return unknown === undefined ? undefined : refused(`Asset ${unknown.asset} is not listed.`);
}

/** The ids of markets begin at 1; an asset beyond them all is none. */
const marketOf = (asset: number): MarketId => toMarketId(asset + 1);

function specOf(facts: TranslationFacts, { asset }: { readonly asset: number }): MarketSpec {
  return facts.specOf(marketOf(asset)) as MarketSpec;
}

/** Undefined of a number that is no order's. */
function nameOf(oid: number | string): OrderName | undefined {
  if (typeof oid === 'string') return { orderId: 0, clientOrderId: oid };
  return oid === 0 ? undefined : { orderId: toOrderId(oid), clientOrderId: '' };
}

function keep<Item extends object>(
  read: readonly (Item | ItemFault)[],
): { readonly kept: Item[]; readonly places: ItemPlace[] } {
  const kept: Item[] = [];
  const places = read.map((item): ItemPlace => {
    if (typeof item === 'string') return faulty(item);
    kept.push(item);
    return { kind: 'item', index: kept.length - 1 };
  });
  return { kept, places };
}
