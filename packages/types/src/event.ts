import type { Certificate, CloseOutStage, DeleverageRank } from './certificate.ts';
import type { CollateralSpec } from './collateral.ts';
import type { AccountId, Address, AssetId, MarketId, OrderId, Sequence } from './ids.ts';
import type { MarketSpec, SafetyFund, TradingStatus } from './market.ts';
import type {
  AttachedOrders,
  OrderType,
  SelfTradePrevention,
  SelfTradeScope,
  Side,
  TimeInForce,
  Trigger,
} from './order.ts';
import type { PriceFeeder } from './price.ts';
import type { RejectCode } from './rejectCode.ts';
import type { PriceTicks, QuoteAtoms, SizeLots, TimeMs } from './units.ts';

/** Why an order is over. */
export type OrderCloseReason =
  | 'filled'
  | 'cancelledByOwner'
  /** What an ioc, fok or market order could not trade at once. */
  | 'immediateRemainder'
  /** It met an order of its own owner, and its self-trade rule or the other's arrival ended it. */
  | 'selfTrade'
  /** A reduce-only order that no longer had a position to reduce. */
  | 'reduceOnlyNothingLeft'
  /** Its fill would have pushed the owner towards bankruptcy. */
  | 'marginInsufficient'
  /** Its fill would have carried open interest beyond the market's limit. */
  | 'openInterestLimit'
  /** The account is being liquidated. */
  | 'liquidation'
  /** It could have added risk, and equity no longer covered initial margin. */
  | 'preLiquidation'
  /** Its time was over. */
  | 'expired'
  /** Another order took its place. */
  | 'replaced'
  /** The order it was linked with fired, traded or went. */
  | 'linkedOrder'
  | 'cancelAllAfter'
  | 'marketMakerProtection'
  /** It fired, and `code` says why it was refused then. */
  | 'triggerRefused'
  /** The last slice of a TWAP order is over. */
  | 'twapEnded';

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

/** An order got its id. Its definite terms: limit of a market order, cut size of a reduce-only one, slid price. */
export interface OrderAccepted {
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
  readonly expiresAtMs: TimeMs;
  readonly displayLots: SizeLots;
  readonly selfTrade: SelfTradePrevention;
  readonly selfTradeScope: SelfTradeScope;
  readonly trigger: Trigger | undefined;
  readonly attached: AttachedOrders | undefined;
  readonly linkedOrderId: OrderId | 0;
  readonly parentOrderId: OrderId | 0;
}

export type Event =
  | { readonly kind: 'marketListed'; readonly spec: MarketSpec }
  | { readonly kind: 'collateralListed'; readonly spec: CollateralSpec }
  | {
      readonly kind: 'accountOpened';
      readonly accountId: AccountId;
      readonly owner: Address;
      readonly subaccount: number;
    }
  | {
      readonly kind: 'depositCredited';
      readonly depositIndex: number;
      readonly accountId: AccountId;
      /** 0 = USDC; the amount is in the asset's atoms. */
      readonly assetId: AssetId | 0;
      readonly amountAtoms: QuoteAtoms;
    }
  | {
      readonly kind: 'transferred';
      readonly fromAccountId: AccountId;
      readonly toAccountId: AccountId;
      readonly assetId: AssetId | 0;
      readonly amountAtoms: QuoteAtoms;
    }
  /** `accountId` 0: out of the trading fees. `balanceAtoms`: what the fund holds now (of the vault, its collateral). */
  | {
      readonly kind: 'safetyFunded';
      readonly marketId: MarketId;
      readonly fund: SafetyFund;
      readonly accountId: AccountId | 0;
      readonly amountAtoms: QuoteAtoms;
      readonly balanceAtoms: QuoteAtoms;
    }
  /** A flat account owed USDC and had other collateral: the exchange bought as much of it as pays the debt, at its counted value. */
  | {
      readonly kind: 'collateralConverted';
      readonly accountId: AccountId;
      readonly assetId: AssetId;
      readonly amountAtoms: number;
      readonly valueAtoms: QuoteAtoms;
    }
  | {
      readonly kind: 'leverageSet';
      readonly accountId: AccountId;
      readonly marketId: MarketId;
      readonly leverage: number;
    }
  | { readonly kind: 'liquidatorRegistered'; readonly accountId: AccountId; readonly active: boolean }
  | { readonly kind: 'priceFeedersSet'; readonly feeders: readonly PriceFeeder[] }
  /** From the next command on the engine's rules are those of this version. */
  | { readonly kind: 'engineUpgraded'; readonly engineVersion: number }
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
  | OrderAccepted
  /** The client order id was used before: `orderId` is the first order of that name, open or over. Nothing changed. */
  | {
      readonly kind: 'orderDuplicated';
      readonly orderId: OrderId;
      readonly accountId: AccountId;
      readonly clientOrderId: string;
    }
  | OrderFilled
  /**
   * What is left of an accepted order now rests in the book. Comes again, with fewer lots and the same place in the
   * queue, when a reduce-only order shrinks with the position it may reduce or a self-trade takes lots off it.
   */
  | { readonly kind: 'orderRested'; readonly orderId: OrderId; readonly remainingLots: SizeLots }
  /** The hidden part of an iceberg order shows again, behind all others of its price. */
  | { readonly kind: 'orderReplenished'; readonly orderId: OrderId; readonly shownLots: SizeLots }
  /** An accepted order waits for its trigger. */
  | { readonly kind: 'orderWaiting'; readonly orderId: OrderId; readonly triggerTicks: PriceTicks }
  /** A waiting order fired and now works as if it had just been placed. */
  | { readonly kind: 'orderTriggered'; readonly orderId: OrderId; readonly markTicks: PriceTicks }
  /** New terms of an open order. `keptPlace`: it did not lose its place in the queue. */
  | {
      readonly kind: 'orderAmended';
      readonly orderId: OrderId;
      readonly accountId: AccountId;
      readonly marketId: MarketId;
      /** Empty = none, as that of every attached order. */
      readonly clientOrderId: string;
      readonly priceTicks: PriceTicks;
      readonly sizeLots: SizeLots;
      readonly remainingLots: SizeLots;
      readonly keptPlace: boolean;
    }
  /** The order is over; `remainingLots` never traded. `code` is 0 but for `triggerRefused`. */
  | {
      readonly kind: 'orderClosed';
      readonly orderId: OrderId;
      readonly accountId: AccountId;
      readonly marketId: MarketId;
      readonly reason: OrderCloseReason;
      readonly remainingLots: SizeLots;
      readonly code: RejectCode | 0;
    }
  /** An accepted TWAP order begins. */
  | { readonly kind: 'twapStarted'; readonly orderId: OrderId; readonly durationMs: TimeMs; readonly slices: number }
  /** One slice of a TWAP order, after its fills. `code` says why nothing was tried; 0 = it was. */
  | {
      readonly kind: 'twapSlice';
      readonly orderId: OrderId;
      /** From 1. */
      readonly slice: number;
      readonly sizeLots: SizeLots;
      readonly filledLots: SizeLots;
      readonly code: RejectCode | 0;
    }
  /** The outcome of one item of a batch, after its events. `item` counts from 0; `code` 0 = carried out. */
  | {
      readonly kind: 'batchItem';
      readonly item: number;
      readonly orderId: OrderId | 0;
      readonly code: RejectCode | 0;
    }
  /** `deadlineMs` 0 = no dead-man switch any more. */
  | { readonly kind: 'cancelAllAfterSet'; readonly accountId: AccountId; readonly deadlineMs: TimeMs }
  /** The dead-man switch went off; the orders it took follow. */
  | { readonly kind: 'cancelAllAfterFired'; readonly accountId: AccountId }
  | {
      readonly kind: 'marketMakerProtectionSet';
      readonly accountId: AccountId;
      readonly marketId: MarketId;
      readonly windowMs: TimeMs;
      readonly quantityLots: SizeLots;
      readonly deltaLots: SizeLots;
      readonly fillCount: number;
    }
  /** A bound was passed; the account's orders there follow, and new ones are refused until the reset. */
  | {
      readonly kind: 'marketMakerProtectionFired';
      readonly accountId: AccountId;
      readonly marketId: MarketId;
      readonly cause: 'quantity' | 'delta' | 'count';
    }
  | { readonly kind: 'marketMakerProtectionReset'; readonly accountId: AccountId; readonly marketId: MarketId }
  | { readonly kind: 'tradingStatusChanged'; readonly marketId: MarketId; readonly status: TradingStatus }
  | {
      readonly kind: 'indexPriceUpdated';
      readonly marketId: MarketId;
      readonly indexTicks: PriceTicks;
      /** A quorum of the reports that counted is at least so new. */
      readonly publishTimeMs: TimeMs;
      /** Reports that counted, and those that did not. */
      readonly countedReports: number;
      readonly droppedReports: number;
    }
  | {
      readonly kind: 'collateralPriceUpdated';
      readonly assetId: AssetId;
      readonly priceTicks: PriceTicks;
      readonly publishTimeMs: TimeMs;
    }
  /** The feeders agree on a price beyond the circuit band: it stands beside the old one, which adds no risk and liquidates nobody. */
  | {
      readonly kind: 'priceBandTripped';
      /** One of the two is 0. */
      readonly marketId: MarketId | 0;
      readonly assetId: AssetId | 0;
      readonly fromTicks: PriceTicks;
      readonly reportedTicks: PriceTicks;
    }
  /** The price is back inside the band, or the new level has stood long enough. */
  | {
      readonly kind: 'priceBandReleased';
      readonly marketId: MarketId | 0;
      readonly assetId: AssetId | 0;
      readonly priceTicks: PriceTicks;
    }
  /** The next stage of the way back from a halt; the status follows as `tradingStatusChanged`. */
  | {
      readonly kind: 'marketResuming';
      readonly marketId: MarketId;
      readonly stage: 'awaitingPrice' | 'cancelOnly' | 'postOnly' | 'grace' | 'done';
      /** When the stage ends at the earliest; 0 = when the price is there, or it is over. */
      readonly untilMs: TimeMs;
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
  /**
   * MMR / EQ passed 75 % or 90 %; 0 = it came back below 70 %. `shortageAtoms` brings it there; so does the suggested
   * order at mark, fees apart (`marketId` 0 = none does).
   */
  | {
      readonly kind: 'marginCall';
      readonly accountId: AccountId;
      readonly levelPercent: 0 | 75 | 90;
      readonly equityAtoms: QuoteAtoms;
      readonly maintenanceMarginAtoms: QuoteAtoms;
      readonly shortageAtoms: QuoteAtoms;
      readonly marketId: MarketId | 0;
      readonly side: Side;
      readonly sizeLots: SizeLots;
    }
  /** Equity fell below initial margin: as many risk-adding orders as restore it went, before this event. */
  | {
      readonly kind: 'preLiquidation';
      readonly accountId: AccountId;
      readonly equityAtoms: QuoteAtoms;
      /** With all orders that were there. */
      readonly initialMarginAtoms: QuoteAtoms;
      readonly closedOrders: number;
    }
  | {
      readonly kind: 'liquidationStarted';
      readonly liquidationId: number;
      readonly accountId: AccountId;
      readonly equityAtoms: QuoteAtoms;
      readonly maintenanceMarginAtoms: QuoteAtoms;
      readonly initialMarginAtoms: QuoteAtoms;
    }
  /**
   * One step of a liquidation that traded. At stages `book` and `auction` without a counterparty its fills are
   * `orderFilled` events before this one; with one, the position went to that account at `quoteAtoms`, outside the book.
   */
  | {
      readonly kind: 'positionCloseOut';
      readonly liquidationId: number;
      readonly stage: CloseOutStage;
      /** 0 = not out of an auction. */
      readonly auctionId: number;
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
      /** Liquidator, backstop or deleveraged account; 0 = orders of the book. */
      readonly counterpartyId: AccountId | 0;
      /** What the counterparty gained or lost on the part of its own position that this closed. */
      readonly counterpartyPnlAtoms: QuoteAtoms;
    }
  /** The record of the step just told, for anybody to recompute. */
  | { readonly kind: 'closeOutCertified'; readonly certificate: Certificate }
  /** The book did not take a close-out at the fillable price: its price walks to the zero price. */
  | {
      readonly kind: 'auctionStarted';
      readonly auctionId: number;
      readonly liquidationId: number;
      readonly accountId: AccountId;
      readonly marketId: MarketId;
      readonly side: Side;
      readonly sizeLots: SizeLots;
      /** As of now; both move with the mark. */
      readonly fillableTicks: PriceTicks;
      readonly zeroTicks: PriceTicks;
      readonly endsAtMs: TimeMs;
    }
  /** A running auction's price moved, or lots went. */
  | {
      readonly kind: 'auctionStepped';
      readonly auctionId: number;
      readonly limitTicks: PriceTicks;
      readonly remainingLots: SizeLots;
    }
  | {
      readonly kind: 'auctionEnded';
      readonly auctionId: number;
      readonly reason: 'filled' | 'healthy' | 'timeOver' | 'backstopDue';
      readonly remainingLots: SizeLots;
    }
  /** The market's insurance fund covered what the account could not. */
  | {
      readonly kind: 'insurancePaid';
      readonly liquidationId: number;
      readonly marketId: MarketId;
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
      readonly rank: DeleverageRank;
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
      /** 0 = USDC; the amount is in the asset's atoms. */
      readonly assetId: AssetId | 0;
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
