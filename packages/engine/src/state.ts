import type {
  AccountId,
  Address,
  CollateralSpec,
  MarketId,
  MarketSpec,
  OrderId,
  PriceFeeder,
  PriceReport,
  PriceTicks,
  QuoteAtoms,
  SizeLots,
  TimeMs,
  TradingStatus,
} from '@keel/types';
import { assert } from '@keel/types';
import { Book } from './book/book.ts';
import { createDirty, type Dirty } from './dirty.ts';
import { ENGINE_VERSION_FIRST, ENGINE_VERSION_MAX } from './engineVersion.ts';
import type { OrderRecord } from './orders/orderRecord.ts';
import { createQueue, type IdQueue } from './timers/idQueue.ts';
import { createTrailing, type TrailingStops } from './triggers/trailingStops.ts';

/** Everything the exchange knows. Only `apply` changes it. */
export interface EngineState {
  /** Of the last applied command; 0 before the first. */
  sequence: number;
  timeMs: TimeMs;
  /** Of the rules in force; see `upgradeEngine`. */
  engineVersion: number;
  /** Newest rules that this program goes on by; not part of the state proper. */
  readonly engineVersionMax: number;
  /** Market n is at n - 1; at most MARKETS_MAX. */
  readonly markets: MarketState[];
  /** Collateral asset n is at n - 1; USDC is none of them. */
  readonly collaterals: CollateralState[];
  /** Whose reports make prices, ascending by address; nobody = no price moves. */
  feeders: readonly PriceFeeder[];
  /** Account n is at n - 1; grows with each owner that deposits for the first time and each account opened by a transfer. */
  readonly accounts: AccountState[];
  /** Main accounts. */
  readonly accountByOwner: Map<Address, AccountState>;
  /** Ascending nonces already used, fewer than 2 * NONCE_WINDOW per signer; only the last NONCE_WINDOW count. */
  readonly noncesBySigner: Map<Address, number[]>;
  /** Open orders that are not in a book: for a trigger, or a TWAP. */
  readonly waiting: Map<OrderId, OrderRecord>;
  /** In all states; at most OPEN_ORDERS_PER_ACCOUNT_MAX per account, attached ones apart. */
  openOrders: number;
  /**
   * Waiting orders whose trigger was met, by the number of their turn; those of halted markets are set aside, and come
   * back to their turn. Only the order of the numbers means anything: a snapshot counts them anew.
   */
  readonly fired: IdQueue;
  readonly firedInHalted: IdQueue;
  nextFiring: number;
  /** No mark is renewed by time alone before this; not part of the state proper, 0 is always right. */
  nextMarkDueMs: TimeMs;
  /** No market on its way back from a halt goes on by time alone before this; as the one above. */
  nextResumeDueMs: TimeMs;
  /** Open gtt orders by expiry, dead-man switches by deadline, TWAP orders by their next slice. */
  readonly expiries: IdQueue;
  readonly deadlines: IdQueue;
  readonly slices: IdQueue;
  /** Holdings that were dropped, to be used again. */
  readonly freeHoldings: Holding[];
  /** Records of orders that are over: to be used again, and those of this command. */
  readonly freeRecords: OrderRecord[];
  readonly overRecords: OrderRecord[];
  nextOrderId: number;
  nextQueuePlace: number;
  nextTradeId: number;
  nextLiquidationId: number;
  nextAuctionId: number;
  nextCertificateId: number;
  nextDepositIndex: number;
  nextWithdrawalIndex: number;
  nextBatchIndex: number;
  /** Last sequence of the last sealed batch; 0 before the first. */
  sealedSequence: number;
  /** First withdrawal of the batch that is still open. */
  batchFirstWithdrawalIndex: number;
  /** Commands other than sealBatch since the last seal. */
  unsealedCommands: number;
  feesAtoms: bigint;
  /** USDC; each other asset counts its own. */
  depositedAtoms: bigint;
  withdrawnAtoms: bigint;
  /** Accounts whose margin must be looked at after the current command. */
  readonly suspects: Set<AccountId>;
  /** Accounts under maintenance whose prices are not fresh: nothing can be done for them until some price is. */
  readonly parked: Set<AccountId>;
  /** Accounts in liquidation. */
  readonly liquidating: Set<AccountId>;
  /** Accounts under maintenance by when their next turn is due and how weak they are; see `liquidation/turns.ts`. */
  readonly turns: IdQueue;
  /** Running auctions by id. */
  readonly auctions: Map<number, Auction>;
  /** Accounts that were warned, by when they are looked at again. */
  readonly warned: IdQueue;
  /** Flat accounts that owe USDC and still have other collateral, in the order in which they are tried again; see `convertCollateral`. */
  readonly debtors: Set<AccountId>;
  /** What changed since `takeDirty`; not part of the state proper. */
  readonly dirty: Dirty;
  /** Holdings to drop when the command ends, if still empty; always empty between commands. */
  readonly emptied: Holding[];
}

export interface MarketState {
  readonly spec: MarketSpec;
  tradingStatus: TradingStatus;
  readonly book: Book;
  /** What rests, by its slot in the book; stale where the book has none. */
  readonly resting: OrderRecord[];
  /** Waiting orders that fire once mark is at or above, and at or below (negated), their trigger. */
  readonly firesAbove: IdQueue;
  readonly firesBelow: IdQueue;
  readonly trailingSells: TrailingStops;
  readonly trailingBuys: TrailingStops;
  /** 0 until the first update. */
  indexTicks: PriceTicks;
  /** Publish time of the index. */
  indexTimeMs: TimeMs;
  /** 0 until the first index. */
  markTicks: PriceTicks;
  /** When the mark was last renewed. */
  markTimeMs: TimeMs;
  /** Average of book middle - index, in 1/1000 tick. */
  basisEmaMilli: number;
  /** Average of median(bid, ask, last) - index, in 1/1000 tick. */
  medianEmaMilli: number;
  /** Price of the last trade, 0 before the first. */
  lastTicks: PriceTicks;
  /** The reports that the index was agreed from, ascending by feeder. */
  reports: readonly PriceReport[];
  /** Agreed middle of perpetual futures elsewhere; 0 = not fed. */
  perpTicks: PriceTicks | 0;
  /** Best prices and last trade when the mark was last renewed; 0 = none. */
  markBidTicks: PriceTicks | 0;
  markAskTicks: PriceTicks | 0;
  markLastTicks: PriceTicks | 0;
  /** A price beyond the circuit band that waits to be believed, and since when; 0 = none. */
  jumpTicks: PriceTicks | 0;
  jumpSinceMs: TimeMs;
  /** Follows the mark slowly; what initial margin counts besides it. 0 until the first mark. */
  stableTicks: PriceTicks;
  stableTimeMs: TimeMs;
  /** Stage of the way back from a halt, from 1; 0 = none. See `prices/resumeStage.ts`. */
  resumeStage: number;
  /** When that stage began. */
  resumeSinceMs: TimeMs;
  /** Close-outs sent to the book in the second that began at `budgetSecondMs`. */
  budgetSecondMs: TimeMs;
  budgetUsedAtoms: QuoteAtoms;
  insuranceFundAtoms: QuoteAtoms;
  /** The account that takes over what nobody else takes; undefined until it is first funded. */
  backstop: AccountState | undefined;
  /** What was put into it, without what made up for losses; see `putIntoFund`. */
  backstopContributedAtoms: QuoteAtoms;
  /** When the backstop next tries to reduce what it took over. */
  backstopDueMs: TimeMs;
  /** Funding owed by one long lot since listing, in 1 / FUNDING_INDEX_SCALE atoms. */
  fundingIndex: number;
  /**
   * What one long lot has paid in funding, as `fundingIndex`, but without what it received; less the index it is what a short lot
   * has paid. Only the watch counts with it, see `healthPerLot`; not in the leaves.
   */
  fundingPaidByLongs: number;
  /** Rate of the last settled hour, in 10^-9. */
  fundingRatePpb: number;
  /** Premium samples of this hour. */
  premiumSumPpb: number;
  premiumSamples: number;
  /** Funding paid in minus funding paid out, rounding included; may be below 0 between payer and receiver. */
  fundingPoolAtoms: QuoteAtoms;
  /** Sum of all long positions, which is the sum of all short ones. */
  openInterestLots: SizeLots;
  /** Positions here, in no order: each knows its place. */
  readonly holders: Holding[];
  /** Accounts with a position by the health per lot at which it has lost its share, negated; see `watchAccount`. */
  readonly longsWatched: IdQueue;
  readonly shortsWatched: IdQueue;
  /** Accounts with risk-adding orders by the mark at which they have lost their share of free initial margin: upwards, and downwards negated. */
  readonly ordersWatchedUp: IdQueue;
  readonly ordersWatchedDown: IdQueue;
  /** What was last found sound; undefined = not looked at yet. Not in the leaves; see `publishable.ts`. */
  published: PublishedFunding | undefined;
}

export interface PublishedFunding {
  fundingIndex: number;
  indexTicks: PriceTicks;
  timeMs: TimeMs;
}

/** A collateral asset other than USDC. */
export interface CollateralState {
  readonly spec: CollateralSpec;
  /** 0 until the first update. */
  priceTicks: PriceTicks;
  priceTimeMs: TimeMs;
  reports: readonly PriceReport[];
  jumpTicks: PriceTicks | 0;
  jumpSinceMs: TimeMs;
  /** In the asset's atoms, over the whole exchange. */
  depositedAtoms: bigint;
  withdrawnAtoms: bigint;
  /** What the exchange itself bought from accounts that owed USDC. */
  treasuryAtoms: bigint;
  /** Accounts that hold it, by the price (negated) at which they have lost their share of health. */
  readonly holdersWatched: IdQueue;
}

/** What an account has of one collateral asset. */
export interface Balance {
  readonly collateral: CollateralState;
  amountAtoms: number;
  /** As of `Holding.watched`: the price in ticks at which its share is lost. */
  watched: boolean;
  watchedAt: number;
}

/** A close-out that the book did not take at the fillable price. At most one per account. */
export interface Auction {
  readonly auctionId: number;
  readonly account: AccountState;
  readonly market: MarketState;
  readonly startMs: TimeMs;
  /** Still to be closed. */
  remainingLots: SizeLots;
  /** As of the last step. */
  limitTicks: PriceTicks;
}

/** Leverage an account has set in a market. */
export interface LeverageSetting {
  readonly market: MarketState;
  readonly leverage: number;
}

export interface AccountState {
  readonly accountId: AccountId;
  readonly owner: Address;
  /** 0 = the owner's main account. */
  readonly subaccount: number;
  /** Itself for a main account. Keys and nonces are kept there. */
  readonly main: AccountState;
  /** Of a main account: its others, ascending by number. */
  readonly others: AccountState[];
  /** Isolated: the one market it trades in; undefined = all. */
  readonly isolatedIn: MarketState | undefined;
  /** The market whose backstop vault it is; undefined for a trader's. */
  backstopOf: MarketState | undefined;
  /**
   * May be below 0 while paper gains of open positions or other collateral cover it. Without a position it is below 0 only
   * until the exchange has bought as much of that collateral.
   */
  collateralAtoms: QuoteAtoms;
  /** Ascending by asset; none of 0. */
  readonly balances: Balance[];
  /** Ascending by market; none of 0. */
  leverages: readonly LeverageSetting[];
  /** May take auctions. */
  liquidator: boolean;
  /** 0, 75 or 90: the last margin call that still stands. */
  warnedPercent: 0 | 75 | 90;
  /** Key of its one entry in `warned`; 0 = it has none. */
  warnedDueMs: TimeMs;
  auction: Auction | undefined;
  /** No further step of a large close-out before this. */
  nextStepMs: TimeMs;
  /** Key under which it stands in `turns`; 0 = it does not. */
  turnKey: number;
  /** Ascending by market; only markets with a position or an open order. */
  readonly holdings: Holding[];
  /** Ascending by address; at most AGENTS_PER_ACCOUNT_MAX. */
  agents: Agent[];
  openOrders: number;
  /** 0 = not in liquidation. */
  liquidationId: number;
  /** When the dead-man switch goes off; 0 = never. */
  cancelAllAfterMs: TimeMs;
  /** Ascending by market. */
  protections: Protection[];
  /** Client order ids of open orders, and of as many closed ones as `closedNames` says; undefined before the first. */
  orderNames: Map<string, OrderId> | undefined;
  /** Those of the owner as a signer, once it has signed: the same list as in `noncesBySigner`. */
  ownNonces: number[] | undefined;
  /** Oldest first; at most CLIENT_ORDER_IDS_REMEMBERED. */
  readonly closedNames: ClosedName[];
}

export interface ClosedName {
  readonly clientOrderId: string;
  readonly orderId: OrderId;
}

/** Market-maker protection in one market: its bounds, and what the window that is under way has counted. */
export interface Protection {
  readonly market: MarketState;
  windowMs: TimeMs;
  quantityLots: SizeLots;
  deltaLots: SizeLots;
  fillCount: number;
  /** 0 = no window is under way. */
  windowStartMs: TimeMs;
  filledLots: SizeLots;
  netLots: SizeLots;
  fills: number;
  /** Fired and not reset. */
  frozen: boolean;
}

export interface Agent {
  readonly agent: Address;
  readonly agentName: string;
  /** 0 = until revoked. */
  readonly expiresAtMs: TimeMs;
}

/**
 * What one account has in one market. What margin needs of all of an account's holdings stands first: an order looks at
 * them all, and they are seldom in the processor's caches.
 */
export interface Holding {
  market: MarketState;
  /** Signed: long > 0. */
  sizeLots: SizeLots;
  /** Signed quote atoms paid for it. */
  entryNotionalAtoms: QuoteAtoms;
  /** Market's funding index when this position last settled. */
  fundingIndex: number;
  /** Sums over the resting orders that are not reduce-only, and the number of those that are. */
  restingBuyLots: SizeLots;
  restingSellLots: SizeLots;
  restingReduceOnly: number;
  /** No resting buy lies above, and no sell below; not always the tightest such price. */
  buysUpToTicks: PriceTicks;
  sellsDownToTicks: PriceTicks;
  /** Whether the market looks out for this position, and at which health per lot. */
  watched: boolean;
  watchedAt: number;
  /** The marks between which its orders cannot have used up their share of free initial margin; 0, 0 = not watched. */
  ordersWatchedFrom: PriceTicks;
  ordersWatchedTo: PriceTicks;
  /** What the account set in this market, kept here for speed; 0 = nothing. */
  leverage: number;
  account: AccountState;
  /** Orders in the book, in no order: each knows its place. */
  readonly resting: OrderRecord[];
  /** Orders that wait for a trigger, and TWAPs; ascending by id. */
  readonly waiting: OrderRecord[];
  /** Place among the market's holders; -1 without a position. */
  holderPlace: number;
}

/** An exchange before its first command. With a lower `engineVersionMax` it is that of an older program. */
export function createState(engineVersionMax: number = ENGINE_VERSION_MAX): EngineState {
  return {
    sequence: 0,
    timeMs: 0,
    engineVersion: ENGINE_VERSION_FIRST,
    engineVersionMax,
    markets: [],
    collaterals: [],
    feeders: [],
    accounts: [],
    accountByOwner: new Map(),
    noncesBySigner: new Map(),
    waiting: new Map(),
    openOrders: 0,
    fired: createQueue(),
    firedInHalted: createQueue(),
    nextFiring: 1,
    nextMarkDueMs: 0,
    nextResumeDueMs: 0,
    expiries: createQueue(),
    deadlines: createQueue(),
    slices: createQueue(),
    freeHoldings: [],
    freeRecords: [],
    overRecords: [],
    nextOrderId: 1,
    nextQueuePlace: 1,
    nextTradeId: 1,
    nextLiquidationId: 1,
    nextAuctionId: 1,
    nextCertificateId: 1,
    nextDepositIndex: 0,
    nextWithdrawalIndex: 0,
    nextBatchIndex: 0,
    sealedSequence: 0,
    batchFirstWithdrawalIndex: 0,
    unsealedCommands: 0,
    feesAtoms: 0n,
    depositedAtoms: 0n,
    withdrawnAtoms: 0n,
    suspects: new Set(),
    parked: new Set(),
    liquidating: new Set(),
    turns: createQueue(),
    auctions: new Map(),
    warned: createQueue(),
    debtors: new Set(),
    dirty: createDirty(),
    emptied: [],
  };
}

export function createMarket(spec: MarketSpec): MarketState {
  return {
    spec,
    tradingStatus: 'open',
    book: new Book(spec.maxPriceTicks),
    resting: [],
    firesAbove: createQueue(),
    firesBelow: createQueue(),
    trailingSells: createTrailing(),
    trailingBuys: createTrailing(),
    indexTicks: 0,
    indexTimeMs: 0,
    markTicks: 0,
    markTimeMs: 0,
    basisEmaMilli: 0,
    medianEmaMilli: 0,
    lastTicks: 0,
    reports: [],
    perpTicks: 0,
    markBidTicks: 0,
    markAskTicks: 0,
    markLastTicks: 0,
    jumpTicks: 0,
    jumpSinceMs: 0,
    stableTicks: 0,
    stableTimeMs: 0,
    resumeStage: 0,
    resumeSinceMs: 0,
    budgetSecondMs: 0,
    budgetUsedAtoms: 0,
    insuranceFundAtoms: 0,
    backstop: undefined,
    backstopContributedAtoms: 0,
    backstopDueMs: 0,
    fundingIndex: 0,
    fundingPaidByLongs: 0,
    fundingRatePpb: 0,
    premiumSumPpb: 0,
    premiumSamples: 0,
    fundingPoolAtoms: 0,
    openInterestLots: 0,
    holders: [],
    longsWatched: createQueue(),
    shortsWatched: createQueue(),
    ordersWatchedUp: createQueue(),
    ordersWatchedDown: createQueue(),
    published: undefined,
  };
}

export function createCollateral(spec: CollateralSpec): CollateralState {
  return {
    spec,
    priceTicks: 0,
    priceTimeMs: 0,
    reports: [],
    jumpTicks: 0,
    jumpSinceMs: 0,
    depositedAtoms: 0n,
    withdrawnAtoms: 0n,
    treasuryAtoms: 0n,
    holdersWatched: createQueue(),
  };
}

/** The owner's account of that number; undefined before it was opened. */
export function findAccount(state: EngineState, owner: Address, subaccount: number): AccountState | undefined {
  const main = state.accountByOwner.get(owner);
  return subaccount === 0 ? main : main?.others.find((other) => other.subaccount === subaccount);
}

/** Undefined when nobody listed it: a customer may name any number. */
export function findMarket(state: EngineState, marketId: MarketId): MarketState | undefined {
  return state.markets[marketId - 1];
}

/** An account id that the engine itself wrote down. */
export function accountOf(state: EngineState, accountId: AccountId): AccountState {
  const account = state.accounts[accountId - 1];
  assert(account !== undefined, 'no such account', accountId);
  return account;
}
