import type {
  Address,
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
  };
  /** USDC traded since the exchange began. */
  readonly volume: string;
  readonly insuranceFund: string;
  readonly markets: readonly { readonly symbol: string; readonly openInterest: string; readonly mark: string | null }[];
  readonly lastBatch: Batch | null;
}

export interface Market {
  readonly symbol: string;
  readonly baseAsset: string;
  readonly tickSize: string;
  readonly lotSize: string;
  readonly minNotional: string;
  readonly maxLeverage: string;
  /** Parts of notional, for example `0.04`. */
  readonly initialMargin: string;
  readonly maintenanceMargin: string;
  readonly makerFee: string;
  readonly takerFee: string;
  /** Null until the first index price. */
  readonly index: string | null;
  readonly mark: string | null;
  /** Null until the first trade. */
  readonly last: string | null;
  /** Of the last settled hour; positive = longs paid. */
  readonly fundingRate: string;
  readonly nextFundingTime: number;
  readonly openInterest: string;
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
  readonly liquidationPrice: string | null;
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

export interface Account {
  readonly sequence: number;
  readonly address: Address;
  readonly accountId: string;
  readonly collateral: string;
  readonly equity: string;
  readonly initialMargin: string;
  readonly maintenanceMargin: string;
  readonly withdrawable: string;
  readonly positions: readonly Position[];
  readonly openOrders: readonly OpenOrder[];
  readonly agents: readonly Agent[];
  readonly inLiquidation: boolean;
  /** When the dead-man switch takes the account's orders; 0 = never. */
  readonly cancelAllAfter: number;
  readonly protections: readonly Protection[];
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
}

export interface Withdrawal {
  readonly withdrawalIndex: number;
  readonly recipient: Address;
  readonly amount: string;
  /** The same in 10^-6 USDC, as the contract takes it. */
  readonly amountAtoms: string;
  readonly batchIndex: number;
  /** Place among the withdrawals of its batch, and how many these are. */
  readonly position: number;
  readonly count: number;
  readonly siblings: readonly Hex[];
  readonly status: 'sealed' | 'claimable' | 'paid';
  readonly l1TxHash: Hex | null;
}

/** One step of a liquidation; what a step does not have is null. */
export interface Liquidation {
  readonly liquidationId: string;
  readonly stage:
    | 'liquidationStarted'
    | 'positionCloseOut'
    | 'insurancePaid'
    | 'positionDeleveraged'
    | 'liquidationEnded';
  readonly account: Address;
  /** The deleveraged account. */
  readonly counterparty: Address | null;
  readonly market: string | null;
  readonly side: Side | null;
  readonly size: string | null;
  readonly filledSize: string | null;
  /** Average price of what a close-out filled, or bankruptcy price of a deleveraging. */
  readonly price: string | null;
  /** Worst price that a close-out was allowed to take, and the mark price that led to it. */
  readonly limitPrice: string | null;
  readonly mark: string | null;
  readonly equity: string | null;
  readonly maintenanceMargin: string | null;
  /** Fee of a close-out, or what the insurance fund paid. */
  readonly amount: string | null;
  readonly time: number;
  readonly sequence: number;
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

export type Channel =
  | { readonly channel: 'book' | 'trades'; readonly market: string }
  | { readonly channel: 'account'; readonly account: Address }
  | { readonly channel: 'markets' | 'liquidations' | 'batches' | 'status' };

export interface Frame {
  readonly channel: Channel['channel'];
  readonly market?: string;
  readonly account?: Address;
  readonly type: 'snapshot' | 'update';
  /** Sequence that this frame brings its channel to. */
  readonly seq: number;
  /** `seq` of the frame before, where frames form a chain (book). */
  readonly prevSeq?: number;
  readonly ts: number;
  readonly data: unknown;
}

/** Changed levels; size `0` = gone. A snapshot holds every level. */
export interface BookChange {
  readonly bids: readonly BookLevel[];
  readonly asks: readonly BookLevel[];
}
