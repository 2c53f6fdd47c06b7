import {
  type AccountId,
  type Address,
  CLIENT_ORDER_IDS_REMEMBERED,
  type Event,
  type MarketId,
  type MarketSpec,
  type OpenOrder,
  type OrderId,
  type PriceTicks,
  type QuoteAtoms,
  type Side,
  type SizeLots,
  type TimeMs,
  type TradingStatus,
  toOrderId,
} from '@keel/types';

/**
 * The whole exchange as an auditor would keep it on paper: plain lists, every question answered by looking at all of
 * them. `events` are those predicted so far for the command at hand, `given` those the engine says it made.
 */
export interface Model {
  timeMs: TimeMs;
  readonly markets: ModelMarket[];
  readonly accounts: ModelAccount[];
  /** Every order that was ever accepted and is not over; in no particular order. */
  orders: ModelOrder[];
  /** Waiting orders whose condition has held, in the order in which they fire. */
  fireQueue: OrderId[];
  nextOrderId: number;
  nextTradeId: number;
  nextQueuePlace: number;
  readonly nonces: { signer: Address; nonce: number }[];
  events: Event[];
  given: readonly Event[];
}

export interface ModelMarket {
  readonly spec: MarketSpec;
  status: TradingStatus;
  indexTicks: PriceTicks;
  indexTimeMs: TimeMs;
  /** A price beyond the circuit band stands beside it. */
  indexInDoubt: boolean;
  markTicks: PriceTicks;
  fundingIndex: number;
}

export interface ModelAccount {
  readonly accountId: AccountId;
  readonly owner: Address;
  collateralAtoms: QuoteAtoms;
  inLiquidation: boolean;
  readonly positions: ModelPosition[];
  readonly protections: ModelProtection[];
  agents: { readonly agent: Address; readonly expiresAtMs: TimeMs }[];
  /** 0 = no dead-man switch. */
  cancelAllAfterMs: TimeMs;
  /** Named orders that are over, the last to close at the end. */
  closedNames: { readonly clientOrderId: string; readonly orderId: OrderId }[];
}

export interface ModelPosition {
  readonly marketId: MarketId;
  sizeLots: SizeLots;
  entryAtoms: QuoteAtoms;
  fundingIndex: number;
}

export interface ModelProtection {
  readonly marketId: MarketId;
  windowMs: TimeMs;
  quantityLots: SizeLots;
  deltaLots: SizeLots;
  fillCount: number;
  /** Start of the running window; 0 = none runs. */
  startMs: TimeMs;
  filledLots: SizeLots;
  netLots: SizeLots;
  fills: number;
  frozen: boolean;
}

/** pending: accepted, to work in a moment. working: it is the incoming order of the match that goes on. over: closed. */
export type ModelOrderState = 'pending' | 'working' | 'resting' | 'waiting' | 'twap' | 'over';

export interface ModelOrder extends Mutable<Omit<OpenOrder, 'state'>> {
  state: ModelOrderState;
  tradedLots: SizeLots;
  /** Lots that a self-trade took off it since it last came in. */
  decrementedLots: SizeLots;
  /** Of a trailing stop: the best mark since it was accepted. */
  bestTicks: PriceTicks;
  /** The orders attached to it, once there are any. */
  children: OrderId[];
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

export function createModel(): Model {
  return {
    timeMs: 0,
    markets: [],
    accounts: [],
    orders: [],
    fireQueue: [],
    nextOrderId: 1,
    nextTradeId: 1,
    nextQueuePlace: 1,
    nonces: [],
    events: [],
    given: [],
  };
}

export function findMarket(model: Model, marketId: MarketId): ModelMarket | undefined {
  return model.markets.find((market) => market.spec.marketId === marketId);
}

export function marketOf(model: Model, marketId: MarketId): ModelMarket {
  return found(findMarket(model, marketId), `market ${marketId}`);
}

export function accountOf(model: Model, accountId: AccountId): ModelAccount {
  return found(
    model.accounts.find((account) => account.accountId === accountId),
    `account ${accountId}`,
  );
}

/** The account's position, made empty if there was none. */
export function positionOf(model: Model, accountId: AccountId, marketId: MarketId): ModelPosition {
  const { positions } = accountOf(model, accountId);
  const position = positions.find((candidate) => candidate.marketId === marketId);
  if (position !== undefined) return position;
  const { fundingIndex } = marketOf(model, marketId);
  const empty = { marketId, sizeLots: 0, entryAtoms: 0, fundingIndex };
  positions.push(empty);
  return empty;
}

/** Lots that an order of this side could take off the position. */
export function reducibleLots(model: Model, accountId: AccountId, marketId: MarketId, side: Side): SizeLots {
  const { sizeLots } = positionOf(model, accountId, marketId);
  return Math.max(0, side === 'sell' ? sizeLots : 0 - sizeLots);
}

/** The account's market-maker protection in the market. */
export function findProtection(model: Model, accountId: AccountId, marketId: MarketId): ModelProtection | undefined {
  return accountOf(model, accountId).protections.find((protection) => protection.marketId === marketId);
}

export function findOrder(model: Model, orderId: OrderId): ModelOrder | undefined {
  return model.orders.find((order) => order.orderId === orderId);
}

/** By market, then by id. */
export function ordersOfAccount(model: Model, accountId: AccountId): ModelOrder[] {
  return model.orders
    .filter((order) => order.accountId === accountId)
    .sort((a, b) => a.marketId - b.marketId || a.orderId - b.orderId);
}

/** One side of a book: who trades first stands first. */
export function restingOrders(model: Model, marketId: MarketId, side: Side): ModelOrder[] {
  const better = side === 'buy' ? -1 : 1;
  return model.orders
    .filter((order) => order.state === 'resting' && order.marketId === marketId && order.side === side)
    .sort((a, b) => (a.priceTicks - b.priceTicks) * better || a.queuePlace - b.queuePlace);
}

export function otherSide(side: Side): Side {
  return side === 'buy' ? 'sell' : 'buy';
}

/** Whether an incoming order with this limit may trade at the price. */
export function crosses(side: Side, limitTicks: PriceTicks, priceTicks: PriceTicks): boolean {
  return side === 'buy' ? priceTicks <= limitTicks : priceTicks >= limitTicks;
}

export function openInterestLots(model: Model, marketId: MarketId): SizeLots {
  let lots = 0;
  for (const { positions } of model.accounts) {
    for (const position of positions) if (position.marketId === marketId) lots += Math.max(0, position.sizeLots);
  }
  return lots;
}

export function takeOrderId(model: Model): OrderId {
  const orderId = toOrderId(model.nextOrderId);
  model.nextOrderId += 1;
  return orderId;
}

/** The first order of this name: one that is open, else the last that closed among those remembered. */
export function findNamed(model: Model, account: ModelAccount, clientOrderId: string): OrderId | undefined {
  if (clientOrderId === '') return undefined;
  const open = model.orders.find((o) => o.accountId === account.accountId && o.clientOrderId === clientOrderId);
  if (open !== undefined) return open.orderId;
  const remembered = account.closedNames.slice(-CLIENT_ORDER_IDS_REMEMBERED);
  return remembered.findLast((closed) => closed.clientOrderId === clientOrderId)?.orderId;
}

/** What the oracle itself wrote down must be there: anything else is a fault of the oracle. */
export function found<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Error(`the oracle knows no ${what}`);
  return value;
}
