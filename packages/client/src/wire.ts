import type {
  Address,
  DeleverageRule,
  Hex,
  OpenOrderState,
  OrderCloseReason,
  OrderType,
  SelfTradePrevention,
  SelfTradeScope,
  Side,
  TimeInForce,
  TradingStatus,
  TriggerKind,
} from '@keel/types';
import type { Liquidation, MarginEvent, PriceQuality } from './riskWire.ts';

/**
 * What the gateway sends. Prices, sizes and money are canonical decimal texts (USD, base units, USDC); `time`s are
 * milliseconds since 1970; `sequence` is the place in the exchange's log that the answer is at; null = there is none.
 */

/** price, size */
export type BookLevel = readonly [price: string, size: string];

export interface Status {
  readonly sequence: number;
  readonly timeMs: number;
  readonly network: { readonly chainId: number; readonly settlement: Address; readonly usdc: Address };
  readonly counters: {
    readonly accounts: number;
    readonly openOrders: number;
    readonly orders: number;
    readonly trades: number;
    readonly liquidations: number;
    readonly certificates: number;
  };
  /** USDC traded since the exchange began. */
  readonly volume: string;
  readonly insuranceFund: string;
  readonly markets: readonly {
    readonly symbol: string;
    readonly openInterest: string;
    readonly mark: string | null;
    readonly priceQuality: PriceQuality;
    readonly tradingStatus: TradingStatus;
  }[];
  readonly lastBatch: Batch | null;
}

export interface Market {
  readonly symbol: string;
  /** 128 + 256 n + marketId is the subaccount of account n that is isolated in this market. */
  readonly marketId: number;
  readonly baseAsset: string;
  readonly tickSize: string;
  readonly lotSize: string;
  readonly minNotional: string;
  readonly maxLeverage: string;
  /** Parts of notional, for example `0.04`. */
  readonly initialMargin: string;
  readonly maintenanceMargin: string;
  /** Rates of that part of notional which lies above the floor. */
  readonly marginTiers: readonly {
    readonly floorNotional: string;
    readonly initialMargin: string;
    readonly maintenanceMargin: string;
  }[];
  /** Initial margin rises to 100 % while open interest, in USDC, goes from lower to upper. */
  readonly openInterestScaling: { readonly lower: string; readonly upper: string } | null;
  /** Largest part of open interest that one owner may hold, once it is above the floor in base units. */
  readonly concentration: { readonly part: string; readonly floor: string } | null;
  readonly makerFee: string;
  readonly takerFee: string;
  /** Null until the first index price. */
  readonly index: string | null;
  readonly mark: string | null;
  /** Of the oldest report behind the index; 0 = none agreed. */
  readonly indexTime: number;
  readonly priceQuality: PriceQuality;
  /** A price beyond the circuit band that waits to be believed. */
  readonly jumpPrice: string | null;
  /** Follows mark slowly; initial margin counts the worse of the two. */
  readonly stablePrice: string | null;
  /** Null until the first trade. */
  readonly last: string | null;
  /** Of the last settled hour; positive = longs paid. */
  readonly fundingRate: string;
  readonly nextFundingTime: number;
  readonly openInterest: string;
  readonly insuranceFund: string;
  /** Vault that takes what nobody else takes; null until it is first funded. */
  readonly backstop: {
    readonly contributed: string;
    readonly equity: string;
    readonly loss: string;
    readonly lossCap: string;
    /** Signed: long > 0. */
    readonly size: string;
  } | null;
  readonly deleverageRule: DeleverageRule;
  /** Stage of the way back from a halt; nobody is liquidated before it is over. */
  readonly resume: {
    readonly stage: 'awaitingPrice' | 'cancelOnly' | 'postOnly' | 'grace';
    readonly since: number;
  } | null;
  /** USDC traded since listing, and in how many trades. */
  readonly volume: string;
  readonly trades: number;
  /** noPrice and stalePrice: only orders that reduce risk are taken. */
  readonly status: 'open' | 'noPrice' | 'stalePrice';
  /** What the operator allows in it just now. */
  readonly tradingStatus: TradingStatus;
  /** A limit may lie no further from mark, as a part of it, for example `0.1`. */
  readonly priceBand: string;
  /** Open interest that no order may raise further, in base units. */
  readonly maxOpenInterest: string;
}

export interface Book {
  readonly sequence: number;
  readonly market: string;
  /** Best first. */
  readonly bids: readonly BookLevel[];
  readonly asks: readonly BookLevel[];
}

export interface Trade {
  readonly tradeId: string;
  readonly price: string;
  readonly size: string;
  readonly takerSide: Side;
  readonly time: number;
  /** The taker was a close-out. */
  readonly liquidation: boolean;
}

export interface Candle {
  /** Start of the interval. */
  readonly time: number;
  readonly open: string;
  readonly high: string;
  readonly low: string;
  readonly close: string;
  readonly volume: string;
  readonly trades: number;
}

export interface Position {
  readonly market: string;
  /** Signed: long > 0. */
  readonly size: string;
  readonly entryPrice: string;
  readonly mark: string;
  readonly unrealisedPnl: string;
  readonly notional: string;
  readonly maintenanceMargin: string;
  /** As set by the account; null = as much as the market allows. */
  readonly leverage: number | null;
  readonly liquidationPrice: string | null;
  /** 1 to 5: 5 = among the fifth of its side that auto-deleverage takes first; null = not sampled yet. */
  readonly deleverageQuintile: number | null;
}

export interface OpenOrder {
  readonly orderId: string;
  readonly clientOrderId: string;
  readonly market: string;
  /** resting: in the book. waiting: for its trigger. twap: traded by the exchange in slices. */
  readonly state: OpenOrderState;
  readonly side: Side;
  readonly orderType: OrderType;
  readonly timeInForce: TimeInForce;
  /** Null: a market order that takes its limit from the mark price of the moment. */
  readonly price: string | null;
  /** When it was accepted or last amended, what has traded included. */
  readonly size: string;
  /** What is still open, hidden part included; */
  readonly remainingSize: string;
  /** and what of it the book shows. */
  readonly shownSize: string;
  /** Iceberg: shown at a time; null = all. */
  readonly displaySize: string | null;
  readonly reduceOnly: boolean;
  /** 0 = until it is cancelled. */
  readonly expiresAt: number;
  readonly selfTrade: SelfTradePrevention;
  readonly selfTradeScope: SelfTradeScope;
  /** Also of an order that has fired. */
  readonly triggerKind: TriggerKind | null;
  /** Mark price that fires it; null of a trailing stop, which follows the mark. */
  readonly triggerPrice: string | null;
  /** Distance of a trailing stop from the best mark price. */
  readonly trail: string | null;
  /** What it brings to life as it fills: mark prices that fire it, and limits, null = market. */
  readonly takeProfitTrigger: string | null;
  readonly takeProfitPrice: string | null;
  readonly stopLossTrigger: string | null;
  readonly stopLossPrice: string | null;
  /** The order that goes when this one fires, trades or goes. */
  readonly linkedOrderId: string | null;
  /** The order it is attached to. */
  readonly parentOrderId: string | null;
  readonly twap: TwapProgress | null;
  readonly time: number;
}

export interface TwapProgress {
  readonly startTime: number;
  readonly durationMs: number;
  readonly slices: number;
  /** Slices whose time has come. */
  readonly slicesDone: number;
}

/** A market-maker protection as it stands; a bound of 0 is none. */
export interface Protection {
  readonly market: string;
  readonly windowMs: number;
  readonly quantity: string;
  readonly delta: string;
  readonly fillCount: number;
  /** A bound was passed: new orders that are not reduce-only are refused until the reset. */
  readonly frozen: boolean;
}

export interface Agent {
  readonly agent: Address;
  readonly agentName: string;
  /** 0 = until revoked. */
  readonly expiresAt: number;
}

/** Collateral other than USDC. */
export interface Balance {
  readonly asset: string;
  readonly amount: string;
  /** USDC that it counts, haircut taken off. */
  readonly value: string;
  readonly withdrawable: string;
}

export interface Account {
  readonly sequence: number;
  readonly address: Address;
  /** 0 = the owner's main account. */
  readonly subaccount: number;
  /** The one market it trades in; null = all. */
  readonly isolatedMarket: string | null;
  readonly accountId: string;
  readonly collateral: string;
  readonly balances: readonly Balance[];
  readonly equity: string;
  readonly initialMargin: string;
  readonly maintenanceMargin: string;
  readonly withdrawable: string;
  readonly positions: readonly Position[];
  readonly openOrders: readonly OpenOrder[];
  readonly agents: readonly Agent[];
  /** Percent of maintenance margin to equity that was passed and still stands. */
  readonly marginCall: 75 | 90 | null;
  readonly inLiquidation: boolean;
  /** Its running close-out auction. */
  readonly auctionId: number | null;
  /** May take auctions. */
  readonly liquidator: boolean;
  readonly leverages: readonly { readonly market: string; readonly leverage: number }[];
  /** When the dead-man switch takes the account's orders; 0 = never. */
  readonly cancelAllAfter: number;
  readonly protections: readonly Protection[];
}

/** One of an owner's accounts at a glance. */
export interface AccountSummary {
  readonly subaccount: number;
  readonly isolatedMarket: string | null;
  readonly accountId: string;
  readonly collateral: string;
  readonly equity: string;
  readonly maintenanceMargin: string;
  /** How many. */
  readonly positions: number;
  readonly inLiquidation: boolean;
  readonly liquidator: boolean;
}

export interface Fill {
  readonly tradeId: string;
  readonly orderId: string;
  readonly market: string;
  readonly side: Side;
  readonly role: 'maker' | 'taker';
  readonly price: string;
  readonly size: string;
  /** Negative = rebate. */
  readonly fee: string;
  readonly realisedPnl: string;
  readonly time: number;
  readonly liquidation: boolean;
}

/** An account's fills, newest first, complete up to `sequence` as far back as they are kept. */
export interface Fills {
  readonly sequence: number;
  readonly address: Address;
  readonly fills: readonly Fill[];
  /** `before` of the next page; see `KeelClient.page`. */
  readonly next: number | null;
}

export interface Withdrawal {
  readonly withdrawalIndex: number;
  readonly recipient: Address;
  readonly asset: string;
  readonly amount: string;
  /** 0 = USDC; and the amount in 10^-decimals of the asset, as the contract takes them. */
  readonly assetId: number;
  readonly amountAtoms: string;
  readonly batchIndex: number;
  /** Place among the withdrawals of its batch, and how many these are. */
  readonly position: number;
  readonly count: number;
  readonly siblings: readonly Hex[];
  readonly status: 'sealed' | 'claimable' | 'paid';
  readonly l1TxHash: Hex | null;
}

export interface Batch {
  readonly batchIndex: number;
  readonly firstSequence: number;
  readonly lastSequence: number;
  readonly stateRoot: Hex;
  readonly commandsRoot: Hex;
  readonly withdrawalsRoot: Hex;
  readonly withdrawalCount: number;
  readonly prevBatchHash: Hex;
  readonly batchHash: Hex;
  readonly status: 'sealed' | 'submitted' | 'committed' | 'finalised';
  readonly l1TxHash: Hex | null;
  readonly l1BlockNumber: number | null;
  readonly time: number;
}

/** The command is in the log and on stable storage; what that word promises is in the gateway's README. */
export interface Acknowledged {
  readonly status: 'acked';
  readonly durability: 'acked';
  /** An earlier try of this request was sequenced, and this is what it did then; nothing was done twice. */
  readonly repeated: boolean;
  /** Place of the command in the log, */
  readonly sequence: number;
  /** and its time. */
  readonly timeMs: number;
}

/** What a command traded for one order. */
interface Traded {
  readonly filledSize: string;
  readonly averagePrice: string | null;
  /** Still open, or never traded. */
  readonly remainingSize: string;
  readonly fills: readonly OrderFill[];
}

/** How an order stands once the command that placed it is over. */
export interface PlacedOutcome extends Traded {
  readonly orderId: string;
  readonly clientOrderId: string;
  /** The client order id was used before: this names the first order of that name, and nothing was placed. */
  readonly duplicate: boolean;
  /** closed: over without being filled, for example the rest of an ioc. Null of a duplicate: ask for the account. */
  readonly state: OpenOrderState | 'filled' | 'closed' | null;
  /** Of an order that is over. */
  readonly closeReason: OrderCloseReason | null;
  /** Worst price it may trade at; null as long as there is none. */
  readonly price: string | null;
  /** Mark price that a waiting order waits for. */
  readonly triggerPrice: string | null;
  /** 0 = until it is cancelled. */
  readonly expiresAt: number;
  /** What the book shows of it. */
  readonly shownSize: string;
}

export interface PlacedOrder extends Acknowledged, PlacedOutcome {}

export interface ReplacedOrder extends PlacedOrder {
  /** Null of a duplicate, which replaces nothing. */
  readonly replacedOrderId: string | null;
}

/** How an order stands once its amendment is over. */
export interface AmendedOutcome extends Traded {
  readonly orderId: string;
  /** open: rests, or waits for its trigger. */
  readonly state: 'open' | 'filled' | 'closed';
  /** Of an order that is over. */
  readonly closeReason: OrderCloseReason | null;
  /** Null: a market order without one. */
  readonly price: string | null;
  readonly size: string;
  /** It did not lose its place in the queue. */
  readonly keptPlace: boolean;
}

export interface AmendedOrder extends Acknowledged, AmendedOutcome {}

/** One command with many items: each is carried out or refused by itself. */
export interface BatchOutcome<Item> extends Acknowledged {
  /** In the order of the request. */
  readonly items: readonly (Item | RefusedItem)[];
}

/** `'error' in item` tells it from an item that was carried out. */
export interface RefusedItem {
  readonly error: {
    readonly code: string;
    readonly message: string;
    readonly retryable: boolean;
    readonly details: Readonly<Record<string, unknown>>;
  };
}

/** One trade of an order as it came in; later ones arrive on the account's channel. */
export interface OrderFill {
  readonly tradeId: string;
  readonly price: string;
  readonly size: string;
  readonly fee: string;
  readonly realisedPnl: string;
}

export interface CancelledOrders extends Acknowledged {
  /** Orders that this request closed, linked and attached ones included. */
  readonly cancelledOrderIds: readonly string[];
}

export interface CancelledBatch extends BatchOutcome<{ readonly orderId: string }> {
  readonly cancelledOrderIds: readonly string[];
}

export interface DeadManSwitch extends Acknowledged {
  /** When the account's orders go unless it is set again; 0 = never. */
  readonly deadline: number;
}

export interface RequestedWithdrawal extends Acknowledged {
  /** From 0 over the whole exchange; the contract pays each once. */
  readonly withdrawalIndex: number;
}

export interface Transferred extends Acknowledged {
  /** Of the account that got it. */
  readonly accountId: string;
  /** It did not exist before. */
  readonly opened: boolean;
}

export interface FundedSafety extends Acknowledged {
  /** USDC in the fund; of the vault, its collateral. */
  readonly balance: string;
}

export interface TakenAuction extends Acknowledged {
  readonly auctionId: number;
  readonly takenSize: string;
  readonly averagePrice: string | null;
  /** The auction's price of that moment; null where the book, which comes first, left nothing to take. */
  readonly limitPrice: string | null;
  readonly realisedPnl: string;
  readonly remainingSize: string;
  readonly certificateId: number | null;
}

export type CandleInterval = '1m' | '5m' | '15m' | '1h' | '4h' | '1d';

/** A book in whole snapshots of its best levels. */
export interface BookView {
  /** 1, 5, 10, 20, 50, 100, 500 or 1000 of each side; default 20. */
  readonly levels?: number;
  /** Prices are put together in steps of so many USD: 1, 2 or 5 times a power of ten ticks. */
  readonly grouping?: string;
  /** 20, 50, 100, 250, 500, 1000, 5000, 10000 or 60000; default 100. */
  readonly intervalMs?: number;
}

export type Channel =
  | ({ readonly channel: 'book'; readonly market: string } & BookView)
  | { readonly channel: 'bookOrders' | 'bbo' | 'ticker' | 'trades'; readonly market: string }
  | { readonly channel: 'candles'; readonly market: string; readonly interval?: CandleInterval }
  | { readonly channel: 'account'; readonly account: Address; readonly subaccount?: number }
  | { readonly channel: 'markets' | 'auctions' | 'liquidations' | 'certificates' | 'batches' | 'status' };

export interface Frame {
  readonly channel: Channel['channel'];
  readonly market?: string;
  readonly interval?: CandleInterval;
  readonly levels?: number;
  readonly grouping?: string;
  readonly intervalMs?: number;
  readonly account?: Address;
  /** Left out of the main account's. */
  readonly subaccount?: number;
  readonly type: 'snapshot' | 'update';
  /** Sequence that this frame brings its channel to. */
  readonly seq: number;
  /** `seq` of the frame before, where frames form a chain. */
  readonly prevSeq?: number;
  /** A snapshot after frames that were left out because this client read too slowly. */
  readonly resync?: true;
  readonly ts: number;
  readonly data: unknown;
}

/** Changed levels; size `0` = gone. A snapshot holds every level. */
export interface BookChange {
  readonly bids: readonly BookLevel[];
  readonly asks: readonly BookLevel[];
  /** CRC-32 of the best 10 levels of each side after the frame. */
  readonly checksum?: number;
}

/** Orders of a book that came, changed or went; a snapshot holds every one, in the order of the queue. */
export interface BookOrderChange {
  readonly orders: readonly {
    readonly orderId: string;
    readonly side: Side;
    readonly price: string;
    /** `0` = gone. */
    readonly size: string;
    /** At one price the lower trades first. */
    readonly queuePlace: number;
  }[];
}

export interface BestPrices {
  readonly bid: BookLevel | null;
  readonly ask: BookLevel | null;
}

export interface Ticker
  extends BestPrices,
    Pick<
      Market,
      | 'mark'
      | 'index'
      | 'last'
      | 'fundingRate'
      | 'nextFundingTime'
      | 'openInterest'
      | 'volume'
      | 'status'
      | 'tradingStatus'
    > {
  readonly market: string;
}

/** How an order stands, or how it ended. */
export interface OrderUpdate {
  readonly order: OpenOrder;
  readonly state: 'open' | 'triggered' | 'filled' | 'closed';
  readonly closeReason: OrderCloseReason | null;
  readonly closeCode: string | null;
  readonly filledSize: string;
  readonly averagePrice: string | null;
  readonly remainingSize: string;
  readonly time: number;
  readonly sequence: number;
}

export interface FundingPayment {
  readonly market: string;
  /** Signed: long > 0. */
  readonly size: string;
  /** Positive: the account paid. */
  readonly amount: string;
  readonly fundingRate: string;
  readonly time: number;
  readonly sequence: number;
}

interface MovedCollateral {
  readonly asset: string;
  readonly amount: string;
  readonly time: number;
  readonly sequence: number;
}
export interface Deposit extends MovedCollateral {
  readonly depositIndex: number;
}
export interface WithdrawalRequest extends MovedCollateral {
  readonly withdrawalIndex: number;
  readonly recipient: Address;
}

/** Data of the `account` channel: the account, and what happened to it since the frame before, oldest first. */
export interface AccountChange extends Account {
  readonly fills: readonly Fill[];
  readonly orderUpdates: readonly OrderUpdate[];
  readonly fundingPayments: readonly FundingPayment[];
  readonly deposits: readonly Deposit[];
  readonly withdrawals: readonly WithdrawalRequest[];
  readonly marginEvents: readonly MarginEvent[];
  readonly liquidations: readonly Liquidation[];
}

/** What a connection may do, and what is left of it. */
export interface ConnectionLimits {
  readonly subscriptions: Limit;
  readonly messagesPerSecond: Limit;
  readonly inFlight: Limit;
  readonly connectionsPerAddress: Limit;
  readonly frameBytes: number;
  /** Unread bytes above which channels are left out until they are read, */
  readonly conflateBytes: number;
  /** and of answers, above which the connection is closed. */
  readonly unreadBytes: number;
  readonly pingMs: number;
}
interface Limit {
  readonly max: number;
  readonly left: number;
}
