import type {
  AccountId,
  Address,
  AssetId,
  Certificate,
  CollateralSpec,
  Event,
  Hex,
  MarketId,
  MarketSpec,
  OpenOrder,
  OrderCloseReason,
  OrderId,
  PriceFeeder,
  PriceReport,
  PriceTicks,
  QuoteAtoms,
  RejectCode,
  Sequence,
  Side,
  SizeLots,
  TimeMs,
  TradingStatus,
} from '@keel/types';

/**
 * What the read model holds. Every document is a JSON text in one hash field, list entry or stream entry. Amounts are
 * integers in units (ticks, lots, atoms), never decimals: the gateway writes the decimals.
 */

/** The one sequence number that everything else of the read model is at. */
export interface HeadDoc {
  /** Last command whose effects are in the read model. */
  readonly sequence: Sequence;
  readonly timeMs: TimeMs;
  /** State root of the last sealed batch; zeros before the first. */
  readonly stateRoot: Hex;
  /** -1 before the first. */
  readonly batchIndex: number;
}

/** A head as it is read: `generation` changes with every rebuild, so that readers know that a chain broke. */
export interface ReadHead extends HeadDoc {
  readonly generation: string;
}

export interface MarketDoc {
  readonly spec: MarketSpec;
  /** What may be done in it just now; the operator sets it. */
  readonly tradingStatus: TradingStatus;
  /** 0 before the first index price. */
  readonly indexTicks: PriceTicks;
  readonly indexTimeMs: TimeMs;
  /** 0 before the first index price. */
  readonly markTicks: PriceTicks;
  /** Follows the mark slowly; what initial margin counts besides it. 0 until the first mark. */
  readonly stableTicks: PriceTicks;
  /** Agreed middle of perpetual futures elsewhere; 0 = not fed. */
  readonly perpTicks: PriceTicks | 0;
  /** A price beyond the circuit band that waits to be believed, and since when; 0 = none. */
  readonly jumpTicks: PriceTicks | 0;
  readonly jumpSinceMs: TimeMs;
  /** Stage of the way back from a halt, from 1 (see RESUME_STAGES); 0 = none. */
  readonly resumeStage: number;
  readonly resumeSinceMs: TimeMs;
  /** Price of the latest fill; 0 before the first. */
  readonly lastTicks: PriceTicks;
  /** In 10^-6 quote atoms per lot; see `fundingOwedAtoms`. */
  readonly fundingIndex: number;
  /** Rate of the last settled hour in 10^-9; positive = longs paid shorts. */
  readonly fundingRatePpb: number;
  readonly nextFundingMs: TimeMs;
  /** Sum of long positions. */
  readonly openInterestLots: SizeLots;
  readonly insuranceFundAtoms: QuoteAtoms;
  /** Null until the vault is first funded. */
  readonly backstop: BackstopDoc | null;
  readonly deleverage: DeleverageDoc;
  readonly tradeCount: number;
  /** Quote atoms traded since listing, as an integer text because a sum may leave the safe integers. */
  readonly volumeAtoms: string;
}

/** Stages of the way back from a halt, at their number less one. */
export const RESUME_STAGES = ['awaitingPrice', 'cancelOnly', 'postOnly', 'grace'] as const;

/** A market's vault, which takes what nobody else takes. */
export interface BackstopDoc {
  readonly accountId: AccountId;
  /** What was put into it; its loss is this less its equity. */
  readonly contributedAtoms: QuoteAtoms;
  readonly equityAtoms: QuoteAtoms;
  /** Signed: long > 0. */
  readonly sizeLots: SizeLots;
}

/** How far up the queue for auto-deleverage the positions of each side stand, from a sample taken now and then. */
export interface DeleverageDoc {
  /** Sequenced time of the sample; 0 = none yet. */
  readonly sampledMs: TimeMs;
  readonly longs: DeleverageSide;
  readonly shorts: DeleverageSide;
}

export interface DeleverageSide {
  /** Positions looked at. */
  readonly sampled: number;
  /** Scores (see `deleverageScore`) at which the second, third, fourth and fifth quintile begin; integer texts. */
  readonly quintiles: readonly string[];
}

/** Who said what of one price, as it was last agreed; apart from the market, because signatures are long. */
export interface PriceDoc {
  /** As it is signed: a market's symbol, or `collateral:` and an asset's. */
  readonly feed: string;
  readonly priceTicks: PriceTicks;
  /** Of the oldest report that counted. */
  readonly priceTimeMs: TimeMs;
  /** Ascending by feeder. */
  readonly reports: readonly PriceReport[];
}

/** A collateral asset other than USDC. */
export interface CollateralDoc {
  readonly spec: CollateralSpec;
  /** 0 before the first price. */
  readonly priceTicks: PriceTicks;
  readonly priceTimeMs: TimeMs;
  /** A price beyond its band that waits to be believed; 0 = none. */
  readonly jumpTicks: PriceTicks | 0;
  /** Over the whole exchange, in the asset's atoms, as integer texts. */
  readonly depositedAtoms: string;
  readonly withdrawnAtoms: string;
  /** What the exchange itself bought from accounts that owed USDC. */
  readonly treasuryAtoms: string;
}

export interface PositionDoc {
  readonly marketId: MarketId;
  /** Signed: long > 0. Never 0: a closed position is absent. */
  readonly sizeLots: SizeLots;
  /** Signed quote atoms paid for it: long > 0. */
  readonly entryNotionalAtoms: QuoteAtoms;
  /** Funding index when the position last settled funding. */
  readonly fundingIndex: number;
}

export interface AgentDoc {
  readonly agent: Address;
  readonly agentName: string;
  /** 0 = until revoked. */
  readonly expiresAtMs: TimeMs;
}

/** A market-maker protection as it stands; bounds of 0 = none. */
export interface ProtectionDoc {
  readonly marketId: MarketId;
  readonly windowMs: TimeMs;
  readonly quantityLots: SizeLots;
  readonly deltaLots: SizeLots;
  readonly fillCount: number;
  /** A bound was passed: new orders that are not reduce-only are refused here until the owner resets it. */
  readonly frozen: boolean;
}

/** What an account has of one collateral asset. */
export interface BalanceDoc {
  readonly assetId: AssetId;
  readonly amountAtoms: number;
}

/** Leverage that an account has set in a market. */
export interface LeverageDoc {
  readonly marketId: MarketId;
  readonly leverage: number;
}

export interface AccountDoc {
  readonly accountId: AccountId;
  readonly owner: Address;
  /** 0 = the owner's main account. */
  readonly subaccount: number;
  /** The owner's main account; its own id where it is that. */
  readonly mainAccountId: AccountId;
  /** The market whose backstop vault it is; 0 = a trader's account. */
  readonly backstopMarketId: MarketId | 0;
  /** USDC. */
  readonly collateralAtoms: QuoteAtoms;
  /** Other assets, ascending; none of 0. */
  readonly balances: readonly BalanceDoc[];
  /** Ascending by market; none of 0. */
  readonly leverages: readonly LeverageDoc[];
  /** May take auctions. */
  readonly liquidator: boolean;
  /** The last margin call that still stands; 0 = none. */
  readonly warnedPercent: 0 | 75 | 90;
  /** Its running close-out auction; 0 = none. */
  readonly auctionId: number;
  readonly positions: readonly PositionDoc[];
  /** Of a main account; they act for all accounts of the owner. */
  readonly agents: readonly AgentDoc[];
  readonly inLiquidation: boolean;
  /** When the dead-man switch takes the account's orders; 0 = there is none. */
  readonly cancelAllAfterMs: TimeMs;
  readonly protections: readonly ProtectionDoc[];
  /** USDC atoms that its fills of the book were worth since it was opened, as maker and as taker; an integer text. */
  readonly volumeAtoms: string;
}

/** Who an agent's address may lead to: every owner that approved it, the first approval first. */
export interface ApprovalsDoc {
  readonly agent: Address;
  /** Empty: nobody any more. Expired ones may be among them and lead nowhere. */
  readonly approvals: readonly ApprovalDoc[];
}

export interface ApprovalDoc {
  /** The owner's main account. */
  readonly accountId: AccountId;
  /** The last moment at which it stands; 0 = until revoked. */
  readonly expiresAtMs: TimeMs;
}

/** An open order: in the book, waiting for its trigger, or traded in slices. What is undefined in it is absent here. */
export interface OrderDoc extends OpenOrder {
  /** Time of the command that placed it. */
  readonly placedMs: TimeMs;
  /** When its trigger fired; 0 = it has none, or waits. */
  readonly firedMs: TimeMs;
  /** What has traded in its whole life, */
  readonly filledLots: SizeLots;
  /** and what that was worth: their quotient is the average price. */
  readonly filledAtoms: QuoteAtoms;
}

/**
 * open: resting, waiting for its trigger or traded in slices, partly filled or not. triggered: it fired and now rests.
 * filled: all of it traded. closed: over for any other reason, whatever of it had traded.
 */
export type OrderUpdateState = 'open' | 'triggered' | 'filled' | 'closed';

/** How an order stands after a flush; of one that is over, how it ended. A refused order has none. */
export interface OrderUpdateDoc {
  readonly accountId: AccountId;
  /**
   * With `filledLots` and `remainingLots` as they are now. Of an order that is over: its terms as it was last accepted or amended,
   * `state` what it last was (`resting` if it traded at once), `remainingLots` what never traded, `shownLots` and `queuePlace` 0,
   * `twap` undefined.
   */
  readonly order: OrderDoc;
  readonly state: OrderUpdateState;
  /** Undefined while it is open. */
  readonly closeReason: OrderCloseReason | undefined;
  /** Why it was refused when it fired (`triggerRefused`); else 0. */
  readonly closeCode: RejectCode | 0;
  /** Of the command that ended it; while it is open, of the head that it was read at. */
  readonly timeMs: TimeMs;
  readonly sequence: Sequence;
}

/**
 * An order of a book without its owner, as it is after a flush. Whoever keeps them by `orderId` and sorts those of one price by
 * `queuePlace` has the queue: an order that lost its place comes with a higher one.
 */
export interface BookOrderDoc {
  readonly marketId: MarketId;
  readonly orderId: OrderId;
  readonly side: Side;
  readonly priceTicks: PriceTicks;
  /** The part that the book shows; 0 = gone, which may be told of an order that was never seen. */
  readonly sizeLots: SizeLots;
  /** At one price the lower trades first; over the whole exchange. 0 of one that is gone. */
  readonly queuePlace: number;
}

/** Funding that moved into or out of one account's collateral: whenever its position changes, for all hours since the last. */
export interface FundingPaymentDoc {
  readonly accountId: AccountId;
  readonly marketId: MarketId;
  /** Signed size that it was owed on: long > 0. */
  readonly sizeLots: SizeLots;
  /** Positive: the account paid. */
  readonly amountAtoms: QuoteAtoms;
  /** Of the market when it was paid, */
  readonly fundingIndex: number;
  /** and the rate of its last settled hour in 10^-9; a payment of several hours has several. */
  readonly ratePpb: number;
  readonly timeMs: TimeMs;
  readonly sequence: Sequence;
}

/** A settled hour of a market. */
export interface FundingRateDoc {
  readonly marketId: MarketId;
  /** In 10^-9; positive = longs paid shorts. */
  readonly ratePpb: number;
  /** After it. */
  readonly fundingIndex: number;
  /** 0 before the first mark price. */
  readonly markTicks: PriceTicks;
  readonly timeMs: TimeMs;
  readonly sequence: Sequence;
}

/** What moved an account's money besides trading: deposits, withdrawals, transfers, gifts to a safety fund, conversions. */
export type LedgerEvent = Extract<
  Event,
  {
    readonly kind: 'depositCredited' | 'withdrawalRequested' | 'transferred' | 'safetyFunded' | 'collateralConverted';
  }
>;

/** One line of an account's ledger. A transfer is a line of both accounts. */
export interface LedgerDoc {
  readonly accountId: AccountId;
  readonly event: LedgerEvent;
  readonly timeMs: TimeMs;
  readonly sequence: Sequence;
}

/** A public fill. */
export interface TradeDoc {
  readonly tradeId: number;
  readonly marketId: MarketId;
  readonly priceTicks: PriceTicks;
  readonly sizeLots: SizeLots;
  readonly takerSide: Side;
  readonly timeMs: TimeMs;
  readonly sequence: Sequence;
  /** The taker was a close-out. */
  readonly liquidation: boolean;
}

/** One side of a trade, for its account only. */
export interface FillDoc {
  readonly tradeId: number;
  readonly accountId: AccountId;
  readonly orderId: OrderId;
  /** Empty = none. */
  readonly clientOrderId: string;
  readonly marketId: MarketId;
  readonly side: Side;
  readonly role: 'maker' | 'taker';
  readonly priceTicks: PriceTicks;
  readonly sizeLots: SizeLots;
  /** Signed position before it: long > 0. */
  readonly startLots: SizeLots;
  /** Negative = rebate. */
  readonly feeAtoms: QuoteAtoms;
  readonly realisedPnlAtoms: QuoteAtoms;
  readonly timeMs: TimeMs;
  readonly sequence: Sequence;
  readonly liquidation: boolean;
}

/** The events that make up a liquidation, as they happened. */
export type LiquidationEvent = Extract<
  Event,
  {
    readonly kind:
      | 'liquidationStarted'
      | 'auctionStarted'
      | 'positionCloseOut'
      | 'insurancePaid'
      | 'positionDeleveraged'
      | 'liquidationEnded';
  }
>;

export interface LiquidationDoc {
  readonly sequence: Sequence;
  readonly timeMs: TimeMs;
  readonly event: LiquidationEvent;
  /** Of a step that traded: its certificate; 0 = it has none. */
  readonly certificateId: number;
}

/** What an account is told before it comes to a liquidation. */
export type MarginEvent = Extract<Event, { readonly kind: 'marginCall' | 'preLiquidation' }>;

export interface MarginEventDoc {
  readonly sequence: Sequence;
  readonly timeMs: TimeMs;
  readonly event: MarginEvent;
}

/** The record of one forced trade, for anybody to recompute; its `sequence` and `timeMs` say when. */
export type CertificateDoc = Certificate;

/** A running close-out auction. */
export interface AuctionDoc {
  readonly auctionId: number;
  readonly liquidationId: number;
  readonly accountId: AccountId;
  readonly marketId: MarketId;
  /** Side of the close-out: a long is closed by `sell`, so whoever takes it buys. */
  readonly side: Side;
  /** When it began, and now. */
  readonly sizeLots: SizeLots;
  readonly remainingLots: SizeLots;
  /** Its price as of the last step; the ends between which it walks are those of its beginning. */
  readonly limitTicks: PriceTicks;
  readonly fillableTicks: PriceTicks;
  readonly zeroTicks: PriceTicks;
  readonly startMs: TimeMs;
  readonly endsAtMs: TimeMs;
}

export interface EndedAuction {
  readonly auctionId: number;
  readonly accountId: AccountId;
  readonly marketId: MarketId;
  readonly reason: Extract<Event, { readonly kind: 'auctionEnded' }>['reason'];
  readonly remainingLots: SizeLots;
}

/** Lengths of candles, shortest first; each begins at a whole multiple of itself since 1970 (a day at midnight UTC). */
export const CANDLE_INTERVALS = ['1m', '5m', '15m', '1h', '4h', '1d'] as const;
export type CandleInterval = (typeof CANDLE_INTERVALS)[number];

export const CANDLE_INTERVAL_MS: Readonly<Record<CandleInterval, number>> = {
  '1m': 60_000,
  '5m': 300_000,
  '15m': 900_000,
  '1h': 3_600_000,
  '4h': 14_400_000,
  '1d': 86_400_000,
};

/** Trades of one interval; an interval without a trade has no candle. */
export interface CandleDoc {
  readonly marketId: MarketId;
  readonly interval: CandleInterval;
  readonly openTimeMs: TimeMs;
  readonly openTicks: PriceTicks;
  readonly highTicks: PriceTicks;
  readonly lowTicks: PriceTicks;
  readonly closeTicks: PriceTicks;
  readonly volumeLots: SizeLots;
  /** What these lots were worth, an integer text; `0` for trades that an older program counted. */
  readonly volumeAtoms: string;
  readonly trades: number;
}

/** Counters over the whole exchange since its first command. */
export interface ExchangeDoc {
  readonly accounts: number;
  readonly openOrders: number;
  readonly ordersTotal: number;
  readonly tradesTotal: number;
  readonly liquidationsTotal: number;
  /** Integer texts: sums over the whole exchange may leave the safe integers. */
  readonly volumeAtoms: string;
  /** Of all markets together. */
  readonly insuranceFundAtoms: string;
  readonly certificatesTotal: number;
  /** Whose price reports count, ascending by address. */
  readonly feeders: readonly PriceFeeder[];
}
