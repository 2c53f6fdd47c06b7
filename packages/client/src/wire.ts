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
  readonly counters: { readonly orders: number; readonly trades: number; readonly liquidations: number };
  readonly insuranceFund: string;
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
  readonly fundingRate: string | null;
  readonly nextFundingTime: number;
  readonly openInterest: string;
  readonly status: string;
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
}

export interface Position {
  readonly market: string;
  /** Signed: long > 0. */
  readonly size: string;
  readonly entryPrice: string;
  readonly mark: string;
  readonly unrealisedPnl: string;
  readonly notional: string;
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
}

export interface Account {
  readonly sequence: number;
  readonly address: Address;
  readonly collateral: string;
  readonly equity: string;
  readonly initialMargin: string;
  readonly maintenanceMargin: string;
  readonly withdrawable: string;
  readonly positions: readonly Position[];
  readonly openOrders: readonly OpenOrder[];
  readonly inLiquidation: boolean;
}

export interface Fill {
  readonly tradeId: string;
  readonly orderId: string;
  readonly market: string;
  readonly side: Side;
  readonly price: string;
  readonly size: string;
  readonly fee: string;
  readonly realisedPnl: string;
  readonly time: number;
  readonly liquidation: boolean;
}

export interface Withdrawal {
  readonly withdrawalIndex: number;
  readonly recipient: Address;
  readonly amount: string;
  readonly batchIndex: number;
  readonly position: number;
  readonly siblings: readonly Hex[];
  readonly status: string;
}

export interface Liquidation {
  readonly liquidationId: string;
  readonly account: Address;
  readonly market: string | null;
  readonly side: Side | null;
  readonly size: string | null;
  readonly price: string | null;
  readonly stage: string;
  readonly time: number;
}

export interface Batch {
  readonly batchIndex: number;
  readonly firstSequence: number;
  readonly lastSequence: number;
  readonly stateRoot: Hex;
  readonly commandsRoot: Hex;
  readonly withdrawalsRoot: Hex;
  readonly batchHash: Hex;
  /** sealed, submitted, committed or finalised. */
  readonly status: string;
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
  readonly filledSize: string;
  readonly averagePrice: string | null;
  readonly remainingSize: string;
  /** closed: over without being filled, for example the rest of an ioc. */
  readonly state: 'resting' | 'filled' | 'closed';
  readonly fills: readonly { readonly price: string; readonly size: string }[];
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
