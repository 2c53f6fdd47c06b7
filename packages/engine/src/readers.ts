import type {
  AccountId,
  Address,
  MarginPosition,
  MarketId,
  MarketSpec,
  OpenOrder,
  OpenOrderState,
  OrderId,
  PriceTicks,
  QuoteAtoms,
  Side,
  SizeLots,
  TimeMs,
  TradingStatus,
  TwapProgress,
} from '@keel/types';
import type { Book } from './book/book.ts';
import { marginPositions } from './margin/accountFigures.ts';
import { findOpenOrder, openOrdersOf } from './orders/findOrder.ts';
import type { OrderRecord } from './orders/orderRecord.ts';
import {
  type AccountState,
  type Agent,
  type EngineState,
  findMarket,
  type MarketState,
  type Protection,
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
  /** When the dead-man switch goes off; 0 = never. */
  readonly cancelAllAfterMs: TimeMs;
  /** Ascending by market. */
  readonly protections: readonly ProtectionView[];
}

/** Market-maker protection of one account in one market. */
export interface ProtectionView {
  readonly marketId: MarketId;
  readonly windowMs: TimeMs;
  readonly quantityLots: SizeLots;
  readonly deltaLots: SizeLots;
  readonly fillCount: number;
  /** It fired and was not reset. */
  readonly frozen: boolean;
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
  for (const { market, sizeLots, entryNotionalAtoms, fundingIndex, resting, waiting } of account.holdings) {
    const { marketId } = market.spec;
    if (sizeLots !== 0) positions.push({ marketId, sizeLots, entryNotionalAtoms, fundingIndex });
    openOrders.push(...[...resting, ...waiting].map(({ orderId }) => orderId).sort((one, other) => one - other));
  }
  const { accountId, owner, collateralAtoms, agents, liquidationId, cancelAllAfterMs } = account;
  const protections = account.protections.map(viewProtection);
  const inLiquidation = liquidationId !== 0;
  return {
    accountId,
    owner,
    collateralAtoms,
    positions,
    agents,
    inLiquidation,
    openOrders,
    cancelAllAfterMs,
    protections,
  };
}

function viewProtection(protection: Protection): ProtectionView {
  const { market, windowMs, quantityLots, deltaLots, fillCount, frozen } = protection;
  return { marketId: market.spec.marketId, windowMs, quantityLots, deltaLots, fillCount, frozen };
}

export interface MarketView {
  readonly spec: MarketSpec;
  readonly tradingStatus: TradingStatus;
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
  const { spec, tradingStatus, indexTicks, indexTimeMs, markTicks, lastTicks } = market;
  const { fundingIndex, fundingRatePpb, openInterestLots } = market;
  return {
    spec,
    tradingStatus,
    indexTicks,
    indexTimeMs,
    markTicks,
    lastTicks,
    fundingIndex,
    fundingRatePpb,
    openInterestLots,
  };
}

/** A plain copy of an open order, in whatever state; undefined once it is over. */
export function readOrder(state: EngineState, orderId: OrderId): OpenOrder | undefined {
  const order = findOpenOrder(state, orderId);
  return order === undefined ? undefined : viewOrder(order);
}

function viewOrder(order: OrderRecord): OpenOrder {
  const { account, market } = order.holding;
  return {
    orderId: order.orderId,
    accountId: account.accountId,
    marketId: market.spec.marketId,
    state: order.state as OpenOrderState,
    side: order.side,
    orderType: order.orderType,
    timeInForce: order.timeInForce,
    priceTicks: order.priceTicks,
    sizeLots: order.sizeLots,
    remainingLots: order.remainingLots,
    shownLots: order.slot === 0 ? 0 : market.book.lotsOf(order.slot),
    displayLots: order.displayLots,
    reduceOnly: order.reduceOnly,
    clientOrderId: order.clientOrderId,
    expiresAtMs: order.expiresAtMs,
    selfTrade: order.selfTrade,
    selfTradeScope: order.selfTradeScope,
    trigger: order.trigger,
    attached: order.attached,
    queuePlace: order.queuePlace,
    linkedOrderId: order.linkedOrderId,
    parentOrderId: order.parentOrderId,
    twap: order.state === 'twap' ? viewTwap(order) : undefined,
  };
}

function viewTwap(order: OrderRecord): TwapProgress {
  return {
    startMs: order.twapStartMs,
    durationMs: order.twapDurationMs,
    slices: order.twapSlices,
    slicesDone: order.twapSlicesDone,
  };
}

/** Lots resting at one price; 0 if none. */
export function readLevel(state: EngineState, marketId: MarketId, side: Side, priceTicks: PriceTicks): SizeLots {
  const book = findMarket(state, marketId)?.book;
  if (book === undefined || !liesOn(book, side, priceTicks)) return 0;
  return book.lotsAt(priceTicks);
}

/** One ladder holds both sides: what rests at a price is on the side whose best price is not worse. */
function liesOn({ bestBid, bestAsk }: Book, side: Side, priceTicks: PriceTicks): boolean {
  return side === 'buy' ? priceTicks <= bestBid : bestAsk !== 0 && priceTicks >= bestAsk;
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
  const book = findMarket(state, marketId)?.book;
  return book === undefined ? { bids: [], asks: [] } : { bids: viewSide(book, 'buy'), asks: viewSide(book, 'sell') };
}

function viewSide(book: Book, side: Side): BookLevelView[] {
  const levels: BookLevelView[] = [];
  let priceTicks = side === 'buy' ? book.bestBid : book.bestAsk;
  while (priceTicks !== 0) {
    levels.push({ priceTicks, lots: book.lotsAt(priceTicks) });
    priceTicks = side === 'buy' ? book.levelBelow(priceTicks) : book.levelAbove(priceTicks);
  }
  return levels;
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
    openOrders: state.openOrders,
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

/** Every open order in whatever state, in the order of its id. */
export function* listOrders(state: EngineState): Generator<OpenOrder> {
  for (const order of openOrdersOf(state)) yield viewOrder(order);
}

/** Open orders in all states. */
export function readOpenOrderCount(state: EngineState): number {
  return state.openOrders;
}
