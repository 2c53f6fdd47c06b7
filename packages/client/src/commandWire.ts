import type { OpenOrderState, OrderCloseReason } from '@keel/types';

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
