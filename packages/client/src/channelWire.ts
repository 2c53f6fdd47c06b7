import type { Address, OrderCloseReason, Side } from '@keel/types';
import type { Liquidation, MarginEvent } from './riskWire.ts';
import type { Account, BookLevel, CandleInterval, Fill, Market, OpenOrder } from './wire.ts';

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
