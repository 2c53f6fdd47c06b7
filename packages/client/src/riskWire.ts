import type { Address, Certificate, CloseOutStage, DeleverageRule, Hex, Side } from '@keel/types';

/** What the gateway sends of prices, margin calls and liquidations; written as in wire.ts. */

/** Best first; only `fresh` adds risk, lets money out and liquidates. */
export type PriceQuality = 'fresh' | 'stale5' | 'stale30' | 'outOfBand' | 'noQuorum';

/** An asset that counts as collateral beside USDC. */
export interface Collateral {
  readonly symbol: string;
  readonly decimals: number;
  /** USDC per unit; null before the first. */
  readonly price: string | null;
  readonly priceQuality: PriceQuality;
  readonly priceTime: number;
  /** Part of its value that does not count. */
  readonly haircut: string;
  /** Units that the exchange takes, has, and bought from accounts that owed USDC. */
  readonly maxDeposited: string;
  readonly deposited: string;
  readonly treasury: string;
}

/** Who said what of a price: EIP-712 `PriceReport`s of this feed, from which each feeder can be recovered. */
export interface PriceReports {
  readonly sequence: number;
  readonly feed: string;
  readonly price: string | null;
  readonly time: number;
  readonly quorum: number;
  readonly feeders: readonly { readonly feeder: Address; readonly weight: number }[];
  readonly reports: readonly {
    readonly feeder: Address;
    readonly price: string;
    readonly perpPrice: string;
    readonly publishTime: number;
    readonly reportSequence: number;
    readonly signature: Hex;
  }[];
}

/** What an account is told before it comes to a liquidation. */
export interface MarginEvent {
  readonly kind: 'marginCall' | 'preLiquidation';
  /** Of maintenance margin to equity: 75 or 90; 0 = back below 70. */
  readonly levelPercent: number | null;
  readonly equity: string;
  readonly maintenanceMargin: string | null;
  readonly initialMargin: string | null;
  /** USDC that bring it below 70 %, */
  readonly shortage: string | null;
  /** and an order that does. */
  readonly suggestedOrder: {
    readonly market: string;
    readonly side: Side;
    readonly size: string;
    readonly reduceOnly: boolean;
  } | null;
  /** Risk-adding orders that a pre-liquidation closed. */
  readonly closedOrders: number | null;
  readonly time: number;
  readonly sequence: number;
}

/** One step of a liquidation; what a step does not have is null. */
export interface Liquidation {
  readonly liquidationId: string;
  readonly stage:
    | 'liquidationStarted'
    | 'auctionStarted'
    | 'positionCloseOut'
    | 'insurancePaid'
    | 'positionDeleveraged'
    | 'liquidationEnded';
  readonly account: Address;
  readonly subaccount: number;
  /** The deleveraged account, the liquidator or the backstop vault. */
  readonly counterparty: Address | null;
  readonly counterpartySubaccount: number | null;
  /** Where a forced trade found its other side. */
  readonly closeOutStage: CloseOutStage | null;
  readonly auctionId: number | null;
  /** Of a step that traded. */
  readonly certificateId: number | null;
  readonly market: string | null;
  readonly side: Side | null;
  readonly size: string | null;
  readonly filledSize: string | null;
  /** Average price of what a close-out filled, or bankruptcy price of a deleveraging. */
  readonly price: string | null;
  /** Worst price that a close-out was allowed to take, and the mark price that led to it. */
  readonly limitPrice: string | null;
  /** Where the price of an auction ends. */
  readonly zeroPrice: string | null;
  readonly mark: string | null;
  readonly equity: string | null;
  readonly maintenanceMargin: string | null;
  /** Fee of a close-out, or what the insurance fund paid. */
  readonly amount: string | null;
  /** Receipt of a deleveraged account: every input of its place, as of the moment before. */
  readonly rank: {
    readonly rule: DeleverageRule;
    readonly place: number;
    readonly candidates: number;
    /** In 10^-9. */
    readonly score: string;
    readonly level: string;
    readonly size: string;
    readonly hedgedSize: string;
    readonly notional: string;
    readonly equity: string;
    readonly unrealisedPnl: string;
    readonly neededSize: string;
  } | null;
  readonly time: number;
  readonly sequence: number;
}

/** A running close-out auction. */
export interface Auction {
  readonly auctionId: number;
  readonly liquidationId: string;
  readonly account: Address;
  readonly subaccount: number;
  readonly market: string;
  /** Of the close-out, */
  readonly side: Side;
  /** and of whoever takes it. */
  readonly takerSide: Side;
  readonly size: string;
  readonly remainingSize: string;
  /** As of the last step, a second ago at most; it walks from fillable to zero price, which both move with mark. */
  readonly limitPrice: string;
  readonly fillablePrice: string;
  readonly zeroPrice: string;
  readonly mark: string;
  readonly startTime: number;
  readonly endsAt: number;
}

export interface EndedAuction {
  readonly auctionId: number;
  readonly market: string;
  readonly reason: 'filled' | 'healthy' | 'timeOver' | 'backstopDue';
  readonly remainingSize: string;
}

/** `data` of the auctions channel. A snapshot has all that run. */
export interface AuctionChange {
  readonly auctions: readonly Auction[];
  readonly ended: readonly EndedAuction[];
}

/** The record of one forced trade, which can be recomputed by itself: written to a file, it is what `keelctl` verifies. */
export interface CertificateFile {
  readonly domain: { readonly chainId: number; readonly verifyingContract: Address };
  readonly certificate: Certificate;
  /** The same for people; nothing follows from it. */
  readonly readable: Readonly<Record<string, string | null>>;
}
