import type {
  AccountId,
  Address,
  MarginPosition,
  MarketId,
  MarketSpec,
  OrderId,
  PriceTicks,
  QuoteAtoms,
  RestingOrder,
  Side,
  SizeLots,
  TimeMs,
} from '@keel/types';
import { bookSide, lotsAt, type OrderBook, type PriceLevel } from './book/orderBook.ts';
import { marginPositions } from './margin/accountFigures.ts';
import {
  type AccountState,
  type Agent,
  type BookOrder,
  type EngineState,
  findMarket,
  type MarketState,
} from './state.ts';

export interface PositionView {
  readonly marketId: MarketId;
  readonly sizeLots: SizeLots;
  readonly entryNotionalAtoms: QuoteAtoms;
  readonly fundingIndex: number;
}

export interface AccountView {
  readonly accountId: AccountId;
  readonly owner: Address;
  readonly collateralAtoms: QuoteAtoms;
  readonly positions: readonly PositionView[];
  readonly agents: readonly Agent[];
  readonly inLiquidation: boolean;
  /** Ascending by market, then by id. */
  readonly openOrders: readonly OrderId[];
}

/** A plain copy of an account; undefined for an id that was not given yet. */
export function readAccount(state: EngineState, accountId: AccountId): AccountView | undefined {
  const account = state.accounts[accountId - 1];
  return account === undefined ? undefined : viewAccount(account);
}

/** The account of an owner; undefined before its first deposit. */
export function readAccountIdOf(state: EngineState, owner: Address): AccountId | undefined {
  return state.accountByOwner.get(owner)?.accountId;
}

/** What the margin arithmetic of `@keel/types` needs to know of an account; empty for an unknown one. */
export function readMarginPositions(state: EngineState, accountId: AccountId): readonly MarginPosition[] {
  const account = state.accounts[accountId - 1];
  return account === undefined ? [] : marginPositions(account);
}

function viewAccount(account: AccountState): AccountView {
  const positions: PositionView[] = [];
  const openOrders: OrderId[] = [];
  for (const { market, sizeLots, entryNotionalAtoms, fundingIndex, orders } of account.holdings) {
    const { marketId } = market.spec;
    if (sizeLots !== 0) positions.push({ marketId, sizeLots, entryNotionalAtoms, fundingIndex });
    for (const { orderId } of orders) openOrders.push(orderId);
  }
  const { accountId, owner, collateralAtoms, agents, liquidationId } = account;
  return { accountId, owner, collateralAtoms, positions, agents, inLiquidation: liquidationId !== 0, openOrders };
}

export interface MarketView {
  readonly spec: MarketSpec;
  readonly indexTicks: PriceTicks;
  readonly indexTimeMs: TimeMs;
  readonly markTicks: PriceTicks;
  readonly lastTicks: PriceTicks;
  readonly fundingIndex: number;
  /** Rate of the last settled hour, in 10^-9. */
  readonly fundingRatePpb: number;
  readonly openInterestLots: SizeLots;
}

/** A plain copy of a market's figures; prices are 0 while there are none. */
export function readMarket(state: EngineState, marketId: MarketId): MarketView | undefined {
  const market = findMarket(state, marketId);
  return market === undefined ? undefined : viewMarket(market);
}

function viewMarket(market: MarketState): MarketView {
  const { spec, indexTicks, indexTimeMs, markTicks, lastTicks, fundingIndex, fundingRatePpb, openInterestLots } =
    market;
  return { spec, indexTicks, indexTimeMs, markTicks, lastTicks, fundingIndex, fundingRatePpb, openInterestLots };
}

/** A plain copy of a resting order; undefined once it is gone. */
export function readOrder(state: EngineState, orderId: OrderId): RestingOrder | undefined {
  const order = state.orders.get(orderId);
  return order === undefined ? undefined : viewOrder(order);
}

function viewOrder(order: BookOrder): RestingOrder {
  const { orderId, accountId, marketId, side, priceTicks, sizeLots, remainingLots, reduceOnly, clientOrderId } = order;
  return { orderId, accountId, marketId, side, priceTicks, sizeLots, remainingLots, reduceOnly, clientOrderId };
}

/** Lots resting at one price; 0 if none. */
export function readLevel(state: EngineState, marketId: MarketId, side: Side, priceTicks: PriceTicks): SizeLots {
  const market = findMarket(state, marketId);
  return market === undefined ? 0 : lotsAt(bookSide(market.book, side), priceTicks);
}

export interface BookLevelView {
  readonly priceTicks: PriceTicks;
  readonly lots: SizeLots;
}

/** Both sides of a book, best price first. */
export interface BookView {
  readonly bids: readonly BookLevelView[];
  readonly asks: readonly BookLevelView[];
}

/** A plain copy of a market's book; empty for an unknown market. */
export function readBook(state: EngineState, marketId: MarketId): BookView {
  const book: OrderBook | undefined = findMarket(state, marketId)?.book;
  return { bids: viewLevels(book?.bids.levels ?? []), asks: viewLevels(book?.asks.levels ?? []) };
}

function viewLevels(levels: readonly PriceLevel[]): BookLevelView[] {
  return levels.map(({ priceTicks, totalLots }) => ({ priceTicks, lots: totalLots })).reverse();
}

export interface ExchangeView {
  readonly sequence: number;
  readonly timeMs: TimeMs;
  readonly accounts: number;
  readonly openOrders: number;
  readonly insuranceFundAtoms: QuoteAtoms;
  readonly feesAtoms: bigint;
  readonly nextDepositIndex: number;
  readonly nextWithdrawalIndex: number;
  readonly nextBatchIndex: number;
  /** Last sequence of the last sealed batch; 0 before the first. */
  readonly sealedSequence: number;
}

/** The figures of the exchange as a whole. */
export function readExchange(state: EngineState): ExchangeView {
  return {
    sequence: state.sequence,
    timeMs: state.timeMs,
    accounts: state.accounts.length,
    openOrders: state.orders.size,
    insuranceFundAtoms: state.insuranceFundAtoms,
    feesAtoms: state.feesAtoms,
    nextDepositIndex: state.nextDepositIndex,
    nextWithdrawalIndex: state.nextWithdrawalIndex,
    nextBatchIndex: state.nextBatchIndex,
    sealedSequence: state.sealedSequence,
  };
}

/** Every market, in the order of listing. */
export function* listMarkets(state: EngineState): Generator<MarketView> {
  for (const market of state.markets) yield viewMarket(market);
}

/** Every account, in the order of its id. */
export function* listAccounts(state: EngineState): Generator<AccountView> {
  for (const account of state.accounts) yield viewAccount(account);
}

/** Every resting order, in the order of its id. */
export function* listOrders(state: EngineState): Generator<RestingOrder> {
  const ids = [...state.orders.keys()].sort((a, b) => a - b);
  for (const orderId of ids) yield viewOrder(state.orders.get(orderId)!);
}
