import type {
  AccountId,
  Address,
  AssetId,
  CollateralSpec,
  MarginBalance,
  MarginPosition,
  MarketId,
  MarketSpec,
  OpenOrder,
  OpenOrderState,
  OrderId,
  PriceFeeder,
  PriceReport,
  PriceTicks,
  QuoteAtoms,
  Side,
  SizeLots,
  TimeMs,
  TradingStatus,
  TwapProgress,
} from '@keel/types';
import { balanceValueAtoms, findCollateral } from './accounts/balance.ts';
import type { Book } from './book/book.ts';
import { findHolding } from './holdings.ts';
import { equityOf, marginBalances, marginPositions } from './margin/accountFigures.ts';
import { findOpenOrder, openOrdersOf } from './orders/findOrder.ts';
import type { OrderRecord } from './orders/orderRecord.ts';
import { collateralQualityOf, type PriceQuality, qualityOf } from './prices/permissions.ts';
import {
  type AccountState,
  type Agent,
  type Auction,
  type Balance,
  type CollateralState,
  type EngineState,
  findAccount,
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
  /** 0 = the owner's main account, where the agents of all are kept. */
  readonly subaccount: number;
  /** The one market it trades in; 0 = all. */
  readonly isolatedMarketId: MarketId | 0;
  /** The market whose backstop vault it is; 0 = a trader's account. */
  readonly backstopMarketId: MarketId | 0;
  /** USDC. */
  readonly collateralAtoms: QuoteAtoms;
  /** Other collateral; ascending by asset, none of 0. */
  readonly balances: readonly BalanceView[];
  readonly positions: readonly PositionView[];
  /** Ascending by market; none of 0. */
  readonly leverages: readonly LeverageView[];
  readonly agents: readonly Agent[];
  /** May take auctions. */
  readonly liquidator: boolean;
  /** The last margin call that still stands; 0 = none. */
  readonly warnedPercent: 0 | 75 | 90;
  readonly inLiquidation: boolean;
  /** 0 = not in liquidation. */
  readonly liquidationId: number;
  /** The close-out of it that runs as an auction; 0 = none. */
  readonly auctionId: number;
  /** Ascending by market, then by id. */
  readonly openOrders: readonly OrderId[];
  /** When the dead-man switch goes off; 0 = never. */
  readonly cancelAllAfterMs: TimeMs;
  /** Ascending by market. */
  readonly protections: readonly ProtectionView[];
}

/** Other collateral than USDC, and what it counts at the price of this moment. */
export interface BalanceView {
  readonly assetId: AssetId;
  readonly amountAtoms: number;
  readonly valueAtoms: QuoteAtoms;
}

export interface LeverageView {
  readonly marketId: MarketId;
  readonly leverage: number;
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

/** The account of an owner with this number; undefined before it was opened. */
export function readAccountIdOf(state: EngineState, owner: Address, subaccount = 0): AccountId | undefined {
  return findAccount(state, owner, subaccount)?.accountId;
}

/** All accounts of an owner, ascending by number: the main one first. */
export function readAccountsOf(state: EngineState, owner: Address): readonly AccountView[] {
  const main = state.accountByOwner.get(owner);
  return main === undefined ? [] : [main, ...main.others].map(viewAccount);
}

/** What the margin arithmetic of `@keel/types` needs to know of an account; empty for an unknown one. */
export function readMarginPositions(state: EngineState, accountId: AccountId): readonly MarginPosition[] {
  const account = state.accounts[accountId - 1];
  return account === undefined ? [] : marginPositions(account);
}

/** The same of its other collateral. */
export function readMarginBalances(state: EngineState, accountId: AccountId): readonly MarginBalance[] {
  const account = state.accounts[accountId - 1];
  return account === undefined ? [] : marginBalances(account);
}

function viewAccount(account: AccountState): AccountView {
  const positions: PositionView[] = [];
  const openOrders: OrderId[] = [];
  for (const { market, sizeLots, entryNotionalAtoms, fundingIndex, resting, waiting } of account.holdings) {
    const { marketId } = market.spec;
    if (sizeLots !== 0) positions.push({ marketId, sizeLots, entryNotionalAtoms, fundingIndex });
    openOrders.push(...[...resting, ...waiting].map(({ orderId }) => orderId).sort((one, other) => one - other));
  }
  const { accountId, owner, subaccount, collateralAtoms, agents, liquidator, warnedPercent, liquidationId } = account;
  return {
    accountId,
    owner,
    subaccount,
    isolatedMarketId: account.isolatedIn?.spec.marketId ?? 0,
    backstopMarketId: account.backstopOf?.spec.marketId ?? 0,
    collateralAtoms,
    balances: account.balances.map(viewBalance),
    positions,
    leverages: account.leverages.map(({ market, leverage }) => ({ marketId: market.spec.marketId, leverage })),
    agents,
    liquidator,
    warnedPercent,
    inLiquidation: liquidationId !== 0,
    liquidationId,
    auctionId: account.auction?.auctionId ?? 0,
    openOrders,
    cancelAllAfterMs: account.cancelAllAfterMs,
    protections: account.protections.map(viewProtection),
  };
}

function viewBalance(balance: Balance): BalanceView {
  const { collateral, amountAtoms } = balance;
  return { assetId: collateral.spec.assetId, amountAtoms, valueAtoms: balanceValueAtoms(balance) };
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
  /** How good the index is at the engine's time. */
  readonly quality: PriceQuality;
  /** The reports that the index was agreed from, ascending by feeder. */
  readonly reports: readonly PriceReport[];
  /** A price beyond the circuit band that waits to be believed; 0 = none. */
  readonly jumpTicks: PriceTicks | 0;
  readonly markTicks: PriceTicks;
  /** What initial margin counts besides the mark. */
  readonly stableTicks: PriceTicks;
  readonly lastTicks: PriceTicks;
  /** Agreed middle of perpetual futures elsewhere; 0 = not fed. */
  readonly perpTicks: PriceTicks | 0;
  /** Stage of the way back from a halt, from 1, and when it began; 0 = none. */
  readonly resumeStage: number;
  readonly resumeSinceMs: TimeMs;
  readonly fundingIndex: number;
  /** Rate of the last settled hour, in 10^-9. */
  readonly fundingRatePpb: number;
  readonly openInterestLots: SizeLots;
  /** As notional at mark: what raises initial margin. */
  readonly openInterestAtoms: bigint;
  readonly insuranceFundAtoms: QuoteAtoms;
  /** The backstop vault, 0 before it was first funded; what was put in, and what it is worth at mark. */
  readonly backstopAccountId: AccountId | 0;
  readonly backstopContributedAtoms: QuoteAtoms;
  readonly backstopEquityAtoms: QuoteAtoms;
}

/** A plain copy of a market's figures; prices are 0 while there are none. */
export function readMarket(state: EngineState, marketId: MarketId): MarketView | undefined {
  const market = findMarket(state, marketId);
  return market === undefined ? undefined : viewMarket(state, market);
}

function viewMarket(state: EngineState, market: MarketState): MarketView {
  const { spec, markTicks, openInterestLots, backstop } = market;
  return {
    spec,
    tradingStatus: market.tradingStatus,
    indexTicks: market.indexTicks,
    indexTimeMs: market.indexTimeMs,
    quality: qualityOf(state, market),
    reports: market.reports,
    jumpTicks: market.jumpTicks,
    markTicks,
    stableTicks: market.stableTicks,
    lastTicks: market.lastTicks,
    perpTicks: market.perpTicks,
    resumeStage: market.resumeStage,
    resumeSinceMs: market.resumeSinceMs,
    fundingIndex: market.fundingIndex,
    fundingRatePpb: market.fundingRatePpb,
    openInterestLots,
    // Lots of many accounts may be worth more than one account's safe integers.
    openInterestAtoms: BigInt(openInterestLots) * BigInt(markTicks) * BigInt(spec.atomsPerTickLot),
    insuranceFundAtoms: market.insuranceFundAtoms,
    backstopAccountId: backstop?.accountId ?? 0,
    backstopContributedAtoms: market.backstopContributedAtoms,
    backstopEquityAtoms: backstop === undefined ? 0 : equityOf(backstop),
  };
}

export interface CollateralView {
  readonly spec: CollateralSpec;
  /** 0 before the first. */
  readonly priceTicks: PriceTicks;
  readonly priceTimeMs: TimeMs;
  readonly quality: PriceQuality;
  readonly reports: readonly PriceReport[];
  readonly jumpTicks: PriceTicks | 0;
  /** In the asset's atoms, over the whole exchange. */
  readonly depositedAtoms: bigint;
  readonly withdrawnAtoms: bigint;
  readonly treasuryAtoms: bigint;
}

/** A plain copy of a collateral asset's figures; undefined for one that nobody listed, and for USDC. */
export function readCollateral(state: EngineState, assetId: AssetId): CollateralView | undefined {
  const collateral = findCollateral(state, assetId);
  return collateral === undefined ? undefined : viewCollateral(state, collateral);
}

/** Every collateral asset but USDC, in the order of listing. */
export function* listCollaterals(state: EngineState): Generator<CollateralView> {
  for (const collateral of state.collaterals) yield viewCollateral(state, collateral);
}

function viewCollateral(state: EngineState, collateral: CollateralState): CollateralView {
  return {
    spec: collateral.spec,
    priceTicks: collateral.priceTicks,
    priceTimeMs: collateral.priceTimeMs,
    quality: collateralQualityOf(state, collateral),
    reports: collateral.reports,
    jumpTicks: collateral.jumpTicks,
    depositedAtoms: collateral.depositedAtoms,
    withdrawnAtoms: collateral.withdrawnAtoms,
    treasuryAtoms: collateral.treasuryAtoms,
  };
}

/** Whose price reports count, ascending by address. */
export function readFeeders(state: EngineState): readonly PriceFeeder[] {
  return state.feeders;
}

/** A close-out that liquidators may take part in. */
export interface AuctionView {
  readonly auctionId: number;
  readonly accountId: AccountId;
  readonly liquidationId: number;
  readonly marketId: MarketId;
  /** Side of the close-out: who takes it is on the other one. */
  readonly side: Side;
  readonly startMs: TimeMs;
  readonly remainingLots: SizeLots;
  /** As of its last step. */
  readonly limitTicks: PriceTicks;
}

/** Running auctions, ascending by id. */
export function readAuctions(state: EngineState): readonly AuctionView[] {
  return [...state.auctions.values()].map(viewAuction).sort((one, other) => one.auctionId - other.auctionId);
}

function viewAuction({ auctionId, account, market, startMs, remainingLots, limitTicks }: Auction): AuctionView {
  const long = (findHolding(account, market)?.sizeLots ?? 0) > 0;
  const { accountId, liquidationId } = account;
  const { marketId } = market.spec;
  const side = long ? 'sell' : 'buy';
  return { auctionId, accountId, liquidationId, marketId, side, startMs, remainingLots, limitTicks };
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
  /** Of all markets together. */
  readonly insuranceFundAtoms: bigint;
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
    insuranceFundAtoms: state.markets.reduce((sum, market) => sum + BigInt(market.insuranceFundAtoms), 0n),
    feesAtoms: state.feesAtoms,
    nextDepositIndex: state.nextDepositIndex,
    nextWithdrawalIndex: state.nextWithdrawalIndex,
    nextBatchIndex: state.nextBatchIndex,
    sealedSequence: state.sealedSequence,
  };
}

/** Every market, in the order of listing. */
export function* listMarkets(state: EngineState): Generator<MarketView> {
  for (const market of state.markets) yield viewMarket(state, market);
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
