import type { CollateralSpec } from './collateral.ts';
import type { Address, AssetId, Hex, MarketId, OrderId, Sequence } from './ids.ts';
import type { MarketSpec, SafetyFund, TradingStatus } from './market.ts';
import type { OrderRequest, Side } from './order.ts';
import type { PriceFeeder, PriceReport } from './price.ts';
import type { Ppm, PriceTicks, QuoteAtoms, SizeLots, TimeMs } from './units.ts';

/** Who asked. The gateway has recovered `signer` from `signature`; the engine decides whether it may act for `owner`. */
export interface Authorization {
  /** The account's address. */
  readonly owner: Address;
  /** Which of the owner's accounts: 0 = the main one; see `SUBACCOUNTS_MAX` and `isolatedSubaccount`. */
  readonly subaccount: number;
  /** The owner or one of its agents. */
  readonly signer: Address;
  /** Milliseconds by convention; unused, and above the smallest of the signer's last NONCE_WINDOW nonces. */
  readonly nonce: number;
  /** The command is refused when it is sequenced after this time; 0 = no limit. */
  readonly expiresAfterMs: TimeMs;
  /** 65 bytes r, s, v over the EIP-712 hash; kept in the log so that anybody can check it. */
  readonly signature: Hex;
  /** What was signed, where that was no text of our own domain. No rule of the exchange looks at it. */
  readonly hyperliquid?: HyperliquidEvidence;
}

/** An action of Hyperliquid's API as it was signed: with the rest of an Authorization anybody can check that it says the command. */
export interface HyperliquidEvidence {
  /** The MessagePack bytes that were hashed, at most HYPERLIQUID_ACTION_BYTES_MAX. */
  readonly action: Hex;
  /** Which of Hyperliquid's networks it was signed for: a = mainnet, b = testnet. */
  readonly source: HyperliquidSource;
}
export type HyperliquidSource = 'a' | 'b';

export interface ListMarket {
  readonly kind: 'listMarket';
  readonly spec: MarketSpec;
}
/** A token other than USDC that counts as collateral from now on. Ids are given in order, so `spec.assetId` must be the next. */
export interface ListCollateral {
  readonly kind: 'listCollateral';
  readonly spec: CollateralSpec;
}
/**
 * A deposit seen on L1 with the required confirmations, for the owner's main account. Indexes are the contract's, from 0,
 * without gaps, over all assets.
 */
export interface CreditDeposit {
  readonly kind: 'creditDeposit';
  readonly depositIndex: number;
  readonly owner: Address;
  /** 0 = USDC. */
  readonly assetId: AssetId | 0;
  /** In the asset's own atoms. */
  readonly amountAtoms: QuoteAtoms;
  readonly l1BlockNumber: number;
  readonly l1TxHash: Hex;
}
/** What the feeders say of a market's price; the engine agrees on one from them. Whoever hands them over cannot change them. */
export interface UpdateIndexPrice {
  readonly kind: 'updateIndexPrice';
  readonly marketId: MarketId;
  /** Ascending by feeder, one each; at most PRICE_FEEDERS_MAX. */
  readonly reports: readonly PriceReport[];
}
/** The same for a collateral asset. */
export interface UpdateCollateralPrice {
  readonly kind: 'updateCollateralPrice';
  readonly assetId: AssetId;
  readonly reports: readonly PriceReport[];
}
/** Operator: whose reports count from now on, in place of all others. Ascending by address, at most PRICE_FEEDERS_MAX. */
export interface SetPriceFeeders {
  readonly kind: 'setPriceFeeders';
  readonly feeders: readonly PriceFeeder[];
}
/** Operator: the engine goes on by the rules of this version, from the next command on. One more than the version in force. */
export interface UpgradeEngine {
  readonly kind: 'upgradeEngine';
  readonly engineVersion: number;
}
/** Lets time pass when nothing else does: funding, stale prices, pending close-outs. */
export interface AdvanceTime {
  readonly kind: 'advanceTime';
}
export interface PlaceOrder extends OrderRequest {
  readonly kind: 'placeOrder';
  readonly auth: Authorization;
}
/** Up to BATCH_ITEMS_MAX orders, each accepted or refused by itself. */
export interface PlaceOrders {
  readonly kind: 'placeOrders';
  readonly auth: Authorization;
  readonly orders: readonly OrderRequest[];
  /** oneCancelsOther: exactly two orders of one market; when one fires, trades or goes, so does the other. */
  readonly grouping: OrderGrouping;
}
export type OrderGrouping = 'none' | 'oneCancelsOther';
/** Many limit orders from one price to another, evenly spaced. */
export interface PlaceScale {
  readonly kind: 'placeScale';
  readonly auth: Authorization;
  /** Without a price of its own, client order id, trigger or attached orders. Its size is that of all together. */
  readonly order: OrderRequest;
  readonly fromTicks: PriceTicks;
  readonly toTicks: PriceTicks;
  /** 2 to BATCH_ITEMS_MAX. */
  readonly orderCount: number;
  /** Size of the last order as a part of the first: 1_000_000 = all alike. Remainders of lots go to the last. */
  readonly skewPpm: Ppm;
}
/** One order traded in equal slices by the engine, each as an ioc order within the market's slippage cap. */
export interface PlaceTwap {
  readonly kind: 'placeTwap';
  readonly auth: Authorization;
  readonly marketId: MarketId;
  readonly side: Side;
  readonly sizeLots: SizeLots;
  readonly reduceOnly: boolean;
  readonly clientOrderId: string;
  readonly durationMs: TimeMs;
  readonly slices: number;
}
/** Names an open order by its id, or with id 0 by its client order id. */
export interface OrderName {
  readonly orderId: OrderId | 0;
  readonly clientOrderId: string;
}
/** New terms of an open order that keeps its id. Less size at the same price keeps its place; anything else loses it. */
export interface OrderAmendment extends OrderName {
  /** The order's own market, because the signed decimals are its ticks and lots; any other is an unknown order. */
  readonly marketId: MarketId;
  readonly priceTicks: PriceTicks;
  /** New whole size: what has traded already counts. */
  readonly sizeLots: SizeLots;
}
export interface AmendOrder extends OrderAmendment {
  readonly kind: 'amendOrder';
  readonly auth: Authorization;
}
export interface AmendOrders {
  readonly kind: 'amendOrders';
  readonly auth: Authorization;
  readonly amendments: readonly OrderAmendment[];
}
/** Cancels one order and places another, both or neither. */
export interface ReplaceOrder {
  readonly kind: 'replaceOrder';
  readonly auth: Authorization;
  readonly replaced: OrderName;
  readonly order: OrderRequest;
}
export interface CancelOrder extends OrderName {
  readonly kind: 'cancelOrder';
  readonly auth: Authorization;
}
export interface CancelOrders {
  readonly kind: 'cancelOrders';
  readonly auth: Authorization;
  readonly orders: readonly OrderName[];
}
export interface CancelAllOrders {
  readonly kind: 'cancelAllOrders';
  readonly auth: Authorization;
  /** 0 = every market. */
  readonly marketId: MarketId;
}
/** Dead-man switch: all orders but reduce-only ones that wait for a trigger go once this much time has passed. */
export interface CancelAllAfter {
  readonly kind: 'cancelAllAfter';
  readonly auth: Authorization;
  /** Counted from now; each call replaces the one before; 0 = never. */
  readonly timeoutMs: TimeMs;
}
/**
 * Market-maker protection of the account in one market. Fills of its resting orders are counted from the first one for
 * windowMs; when a bound is passed, its orders there go and new ones are refused until the reset. A bound of 0 = none;
 * windowMs 0 = no protection.
 */
export interface SetMarketMakerProtection {
  readonly kind: 'setMarketMakerProtection';
  readonly auth: Authorization;
  readonly marketId: MarketId;
  readonly windowMs: TimeMs;
  /** Lots filled. */
  readonly quantityLots: SizeLots;
  /** |lots bought - lots sold|. */
  readonly deltaLots: SizeLots;
  /** Number of fills. */
  readonly fillCount: number;
}
export interface ResetMarketMakerProtection {
  readonly kind: 'resetMarketMakerProtection';
  readonly auth: Authorization;
  readonly marketId: MarketId;
}
/** Operator: what may be done in a market from now on. */
export interface SetTradingStatus {
  readonly kind: 'setTradingStatus';
  readonly marketId: MarketId;
  readonly status: TradingStatus;
}
/** Signed by the owner itself: another key may trade for it, never withdraw. */
export interface ApproveAgent {
  readonly kind: 'approveAgent';
  readonly auth: Authorization;
  readonly agent: Address;
  readonly agentName: string;
  /** 0 = until revoked. */
  readonly agentExpiresAtMs: TimeMs;
}
export interface RevokeAgent {
  readonly kind: 'revokeAgent';
  readonly auth: Authorization;
  readonly agent: Address;
}
/** Signed by the owner itself. Claimable on L1 with a proof once its batch is there. */
export interface Withdraw {
  readonly kind: 'withdraw';
  readonly auth: Authorization;
  readonly recipient: Address;
  /** 0 = USDC. */
  readonly assetId: AssetId | 0;
  /** In the asset's own atoms. */
  readonly amountAtoms: QuoteAtoms;
}
/** Signed by the owner itself: moves collateral to another of its accounts, which is opened by it. */
export interface Transfer {
  readonly kind: 'transfer';
  readonly auth: Authorization;
  readonly toSubaccount: number;
  /** 0 = USDC. */
  readonly assetId: AssetId | 0;
  readonly amountAtoms: QuoteAtoms;
}
/** Leverage the account wants in a market: its initial margin there is at least 1 / leverage of notional. */
export interface SetLeverage {
  readonly kind: 'setLeverage';
  readonly auth: Authorization;
  readonly marketId: MarketId;
  /** A whole number from 1 to what the market allows; 0 = as much as the market allows. */
  readonly leverage: number;
}
/** Signed by the owner itself: gives collateral to a market's insurance fund or backstop vault, for good. */
export interface FundSafety {
  readonly kind: 'fundSafety';
  readonly auth: Authorization;
  readonly marketId: MarketId;
  readonly fund: SafetyFund;
  readonly amountAtoms: QuoteAtoms;
}
/** Operator: moves trading fees that the exchange has taken into a market's insurance fund or backstop vault. */
export interface AllocateFees {
  readonly kind: 'allocateFees';
  readonly marketId: MarketId;
  readonly fund: SafetyFund;
  readonly amountAtoms: QuoteAtoms;
}
/** Whether the account may take close-out auctions from now on. */
export interface RegisterLiquidator {
  readonly kind: 'registerLiquidator';
  readonly auth: Authorization;
  readonly active: boolean;
}
/** Takes lots of a running close-out auction at its price of this moment, after the book. */
export interface TakeAuction {
  readonly kind: 'takeAuction';
  readonly auth: Authorization;
  readonly auctionId: number;
  /** The auction's own market, because the signed decimals are its ticks and lots; any other is an unknown auction. */
  readonly marketId: MarketId;
  /** At most so many; what the book or others took before is not there any more. */
  readonly sizeLots: SizeLots;
  /** Worst price: nothing is taken when the auction's price is not at least as good for the liquidator. */
  readonly limitTicks: PriceTicks;
}
/** Proposed by the settler: the commands since the last batch become the next one. */
export interface SealBatch {
  readonly kind: 'sealBatch';
}

export type Command =
  | ListMarket
  | ListCollateral
  | CreditDeposit
  | UpdateIndexPrice
  | UpdateCollateralPrice
  | SetPriceFeeders
  | UpgradeEngine
  | AdvanceTime
  | PlaceOrder
  | PlaceOrders
  | PlaceScale
  | PlaceTwap
  | AmendOrder
  | AmendOrders
  | ReplaceOrder
  | CancelOrder
  | CancelOrders
  | CancelAllOrders
  | CancelAllAfter
  | SetMarketMakerProtection
  | ResetMarketMakerProtection
  | SetTradingStatus
  | ApproveAgent
  | RevokeAgent
  | Withdraw
  | Transfer
  | SetLeverage
  | FundSafety
  | AllocateFees
  | RegisterLiquidator
  | TakeAuction
  | SealBatch;

export type SignedCommand = Extract<Command, { readonly auth: Authorization }>;

/** A command with its place in the log and its time; all that the engine ever sees of the outside. */
export interface SequencedCommand {
  readonly sequence: Sequence;
  /** Never less than the time of the command before. */
  readonly timeMs: TimeMs;
  readonly command: Command;
}
