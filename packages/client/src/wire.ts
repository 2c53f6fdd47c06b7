import type { Address, Hex, OrderType, Side, TimeInForce } from '@keel/types';

/**
 * What the gateway sends. Prices, sizes and money are canonical decimal texts (USD, base units, USDC); `time`s are
 * milliseconds since 1970; `sequence` is the place in the exchange's log that the answer is at.
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
  readonly market: string;
  readonly side: Side;
  readonly price: string;
  readonly size: string;
  readonly remainingSize: string;
  readonly reduceOnly: boolean;
  readonly clientOrderId: string;
  readonly time: number;
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
  /** Place of the command in the log. */
  readonly sequence: number;
}

export interface PlacedOrder extends Acknowledged {
  readonly orderId: string;
  readonly clientOrderId: string;
  readonly filledSize: string;
  readonly averagePrice: string | null;
  readonly remainingSize: string;
  /** closed: over without being filled, for example the rest of an ioc. */
  readonly state: 'resting' | 'filled' | 'closed';
  readonly closeReason: string | null;
  readonly fills: readonly OrderFill[];
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
  /** Orders that this request closed. */
  readonly cancelledOrderIds: readonly string[];
}

export interface RequestedWithdrawal extends Acknowledged {
  /** From 0 over the whole exchange; the contract pays each once. */
  readonly withdrawalIndex: number;
}

/** An order as a trader thinks of it; `KeelClient.placeOrder` adds account, nonce and signature. */
export interface NewOrder {
  readonly market: string;
  readonly side: Side;
  /** Canonical decimal in base units. */
  readonly size: string;
  /** Worst price, canonical decimal. Left out, a market order trades up to the market's slippage cap. */
  readonly price?: string;
  /** Default: `limit` with a price, `market` without. */
  readonly orderType?: OrderType;
  /** Default: `gtc` for a limit order, `ioc` for a market order. */
  readonly timeInForce?: TimeInForce;
  readonly reduceOnly?: boolean;
  /** At most 36 characters. */
  readonly clientOrderId?: string;
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
