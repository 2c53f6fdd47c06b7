import type { AccountId, Address, MarketId, OrderId, Sequence } from './ids.ts';
import type { MarketSpec } from './market.ts';
import type { OrderType, Side, TimeInForce } from './order.ts';
import type { RejectCode } from './rejectCode.ts';
import type { PriceTicks, QuoteAtoms, SizeLots, TimeMs } from './units.ts';

/** Why an order left the book (or never came to rest). */
export type OrderCloseReason =
  | 'filled'
  | 'cancelledByOwner'
  /** What an ioc or market order could not trade at once. */
  | 'immediateRemainder'
  /** The owner's own order met it: the resting one goes. */
  | 'selfTrade'
  /** A reduce-only order that no longer had a position to reduce. */
  | 'reduceOnlyNothingLeft'
  /** Its fill would have left the owner below initial margin. */
  | 'marginInsufficient'
  /** The account is being liquidated. */
  | 'liquidation';

/** Fee and account of each side; `liquidation` marks a fill of a close-out (the account closed is the taker). */
export interface OrderFilled {
  readonly kind: 'orderFilled';
  /** From 1 over the whole exchange. */
  readonly tradeId: number;
  readonly marketId: MarketId;
  readonly priceTicks: PriceTicks;
  readonly sizeLots: SizeLots;
  readonly takerSide: Side;
  readonly makerOrderId: OrderId;
  readonly takerOrderId: OrderId;
  readonly makerAccountId: AccountId;
  readonly takerAccountId: AccountId;
  readonly makerFeeAtoms: QuoteAtoms;
  readonly takerFeeAtoms: QuoteAtoms;
  readonly makerRealisedPnlAtoms: QuoteAtoms;
  readonly takerRealisedPnlAtoms: QuoteAtoms;
  readonly makerRemainingLots: SizeLots;
  readonly liquidation: boolean;
}

export type Event =
  | { readonly kind: 'marketListed'; readonly spec: MarketSpec }
  | { readonly kind: 'accountOpened'; readonly accountId: AccountId; readonly owner: Address }
  | {
      readonly kind: 'depositCredited';
      readonly depositIndex: number;
      readonly accountId: AccountId;
      readonly amountAtoms: QuoteAtoms;
    }
  /** The command changed nothing but, when it was signed and its nonce good, the signer's nonces. */
  | { readonly kind: 'commandRejected'; readonly code: RejectCode; readonly accountId: AccountId | 0 }
  | {
      readonly kind: 'agentApproved';
      readonly accountId: AccountId;
      readonly agent: Address;
      readonly agentName: string;
      readonly expiresAtMs: TimeMs;
    }
  | { readonly kind: 'agentRevoked'; readonly accountId: AccountId; readonly agent: Address }
  | {
      readonly kind: 'orderAccepted';
      readonly orderId: OrderId;
      readonly accountId: AccountId;
      readonly marketId: MarketId;
      readonly side: Side;
      readonly orderType: OrderType;
      readonly timeInForce: TimeInForce;
      readonly priceTicks: PriceTicks;
      readonly sizeLots: SizeLots;
      readonly reduceOnly: boolean;
      readonly clientOrderId: string;
    }
  | OrderFilled
  /**
   * What is left of an accepted order now rests in the book. Comes again, with fewer lots and the same place in the
   * queue, when a reduce-only order shrinks with the position it may reduce.
   */
  | { readonly kind: 'orderRested'; readonly orderId: OrderId; readonly remainingLots: SizeLots }
  /** The order is over; `remainingLots` never traded. */
  | {
      readonly kind: 'orderClosed';
      readonly orderId: OrderId;
      readonly accountId: AccountId;
      readonly marketId: MarketId;
      readonly reason: OrderCloseReason;
      readonly remainingLots: SizeLots;
    }
  | {
      readonly kind: 'indexPriceUpdated';
      readonly marketId: MarketId;
      readonly indexTicks: PriceTicks;
      readonly publishTimeMs: TimeMs;
    }
  | { readonly kind: 'markPriceUpdated'; readonly marketId: MarketId; readonly markTicks: PriceTicks }
  | {
      readonly kind: 'fundingRateSettled';
      readonly marketId: MarketId;
      /** Rate of this hour, in 10^-9; positive = longs pay shorts. */
      readonly ratePpb: number;
      /** Funding index after it (see `fundingOwedAtoms`). */
      readonly fundingIndex: number;
    }
  /** One account's funding moved into its collateral; positive = it paid. */
  | {
      readonly kind: 'fundingPaid';
      readonly accountId: AccountId;
      readonly marketId: MarketId;
      readonly amountAtoms: QuoteAtoms;
    }
  | {
      readonly kind: 'liquidationStarted';
      readonly liquidationId: number;
      readonly accountId: AccountId;
      readonly equityAtoms: QuoteAtoms;
      readonly maintenanceMarginAtoms: QuoteAtoms;
      readonly initialMarginAtoms: QuoteAtoms;
    }
  /** One close-out order of a liquidation, after it met the book. Its fills are `orderFilled` events before this one. */
  | {
      readonly kind: 'positionCloseOut';
      readonly liquidationId: number;
      readonly accountId: AccountId;
      readonly marketId: MarketId;
      /** Side of the close-out order: a long is closed by `sell`. */
      readonly side: Side;
      readonly sizeLots: SizeLots;
      readonly filledLots: SizeLots;
      /** Signed quote atoms that the account received (+) or paid (-) for what traded, before the fee. */
      readonly quoteAtoms: QuoteAtoms;
      /** Worst price it was allowed to take. */
      readonly limitTicks: PriceTicks;
      readonly markTicks: PriceTicks;
      /** Account equity and requirement that led to this order. */
      readonly equityAtoms: QuoteAtoms;
      readonly maintenanceMarginAtoms: QuoteAtoms;
      /** Paid to the insurance fund. */
      readonly feeAtoms: QuoteAtoms;
    }
  /** The insurance fund covered what the account could not. */
  | {
      readonly kind: 'insurancePaid';
      readonly liquidationId: number;
      readonly accountId: AccountId;
      readonly amountAtoms: QuoteAtoms;
      readonly insuranceFundAtoms: QuoteAtoms;
    }
  /** An opposing position was reduced against the bankrupt one, outside the book. */
  | {
      readonly kind: 'positionDeleveraged';
      readonly liquidationId: number;
      readonly marketId: MarketId;
      readonly bankruptAccountId: AccountId;
      readonly deleveragedAccountId: AccountId;
      readonly sizeLots: SizeLots;
      /** Signed quote atoms that the deleveraged account pays (+) or receives (-). */
      readonly quoteAtoms: QuoteAtoms;
      /** Whole ticks of the bankruptcy price, for people to read; `quoteAtoms` is exact. */
      readonly priceTicks: PriceTicks;
      readonly realisedPnlAtoms: QuoteAtoms;
    }
  | {
      readonly kind: 'liquidationEnded';
      readonly liquidationId: number;
      readonly accountId: AccountId;
      readonly equityAtoms: QuoteAtoms;
      readonly maintenanceMarginAtoms: QuoteAtoms;
    }
  | {
      readonly kind: 'withdrawalRequested';
      /** From 0 over the whole exchange; the contract pays each index once. */
      readonly withdrawalIndex: number;
      readonly accountId: AccountId;
      readonly recipient: Address;
      readonly amountAtoms: QuoteAtoms;
    }
  | {
      readonly kind: 'batchSealed';
      /** From 0. */
      readonly batchIndex: number;
      readonly firstSequence: Sequence;
      /** The sequence of the sealing command itself. */
      readonly lastSequence: Sequence;
      /** Deposits credited up to here: the next deposit index. */
      readonly nextDepositIndex: number;
      /** Withdrawals of this batch have indexes firstWithdrawalIndex (incl.) to nextWithdrawalIndex (excl.). */
      readonly firstWithdrawalIndex: number;
      readonly nextWithdrawalIndex: number;
    };

export type EventKind = Event['kind'];

/** All that one command did, in order. */
export interface EventBlock {
  readonly sequence: Sequence;
  readonly timeMs: TimeMs;
  readonly events: readonly Event[];
}
