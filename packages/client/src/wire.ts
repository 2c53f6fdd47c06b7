import type {
  Address,
  DeleverageRule,
  Hex,
  OpenOrderState,
  OrderType,
  SelfTradePrevention,
  SelfTradeScope,
  Side,
  TimeInForce,
  TradingStatus,
  TriggerKind,
} from '@keel/types';
import type { PriceQuality } from './riskWire.ts';

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
    readonly certificates: number;
  };
  /** USDC traded since the exchange began. */
  readonly volume: string;
  readonly insuranceFund: string;
  readonly markets: readonly {
    readonly symbol: string;
    readonly openInterest: string;
    readonly mark: string | null;
    readonly priceQuality: PriceQuality;
    readonly tradingStatus: TradingStatus;
  }[];
  readonly lastBatch: Batch | null;
}

export interface Market {
  readonly symbol: string;
  /** 128 + 256 n + marketId is the subaccount of account n that is isolated in this market. */
  readonly marketId: number;
  readonly baseAsset: string;
  readonly tickSize: string;
  readonly lotSize: string;
  readonly minNotional: string;
  readonly maxLeverage: string;
  /** Parts of notional, for example `0.04`. */
  readonly initialMargin: string;
  readonly maintenanceMargin: string;
  /** Rates of that part of notional which lies above the floor. */
  readonly marginTiers: readonly {
    readonly floorNotional: string;
    readonly initialMargin: string;
    readonly maintenanceMargin: string;
  }[];
  /** Initial margin rises to 100 % while open interest, in USDC, goes from lower to upper. */
  readonly openInterestScaling: { readonly lower: string; readonly upper: string } | null;
  /** Largest part of open interest that one owner may hold, once it is above the floor in base units. */
  readonly concentration: { readonly part: string; readonly floor: string } | null;
  readonly makerFee: string;
  readonly takerFee: string;
  /** Null until the first index price. */
  readonly index: string | null;
  readonly mark: string | null;
  /** Of the oldest report behind the index; 0 = none agreed. */
  readonly indexTime: number;
  readonly priceQuality: PriceQuality;
  /** A price beyond the circuit band that waits to be believed. */
  readonly jumpPrice: string | null;
  /** Follows mark slowly; initial margin counts the worse of the two. */
  readonly stablePrice: string | null;
  /** Null until the first trade. */
  readonly last: string | null;
  /** Of the last settled hour; positive = longs paid. */
  readonly fundingRate: string;
  readonly nextFundingTime: number;
  readonly openInterest: string;
  readonly insuranceFund: string;
  /** Vault that takes what nobody else takes; null until it is first funded. */
  readonly backstop: {
    readonly contributed: string;
    readonly equity: string;
    readonly loss: string;
    readonly lossCap: string;
    /** Signed: long > 0. */
    readonly size: string;
  } | null;
  readonly deleverageRule: DeleverageRule;
  /** Stage of the way back from a halt; nobody is liquidated before it is over. */
  readonly resume: {
    readonly stage: 'awaitingPrice' | 'cancelOnly' | 'postOnly' | 'grace';
    readonly since: number;
  } | null;
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

export type CandleInterval = '1m' | '5m' | '15m' | '1h' | '4h' | '1d';

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
  /** As set by the account; null = as much as the market allows. */
  readonly leverage: number | null;
  readonly liquidationPrice: string | null;
  /** 1 to 5: 5 = among the fifth of its side that auto-deleverage takes first; null = not sampled yet. */
  readonly deleverageQuintile: number | null;
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

/** Collateral other than USDC. */
export interface Balance {
  readonly asset: string;
  readonly amount: string;
  /** USDC that it counts, haircut taken off. */
  readonly value: string;
  readonly withdrawable: string;
}

export interface Account {
  readonly sequence: number;
  readonly address: Address;
  /** 0 = the owner's main account. */
  readonly subaccount: number;
  /** The one market it trades in; null = all. */
  readonly isolatedMarket: string | null;
  readonly accountId: string;
  readonly collateral: string;
  readonly balances: readonly Balance[];
  readonly equity: string;
  readonly initialMargin: string;
  readonly maintenanceMargin: string;
  readonly withdrawable: string;
  readonly positions: readonly Position[];
  readonly openOrders: readonly OpenOrder[];
  readonly agents: readonly Agent[];
  /** Percent of maintenance margin to equity that was passed and still stands. */
  readonly marginCall: 75 | 90 | null;
  readonly inLiquidation: boolean;
  /** Its running close-out auction. */
  readonly auctionId: number | null;
  /** May take auctions. */
  readonly liquidator: boolean;
  readonly leverages: readonly { readonly market: string; readonly leverage: number }[];
  /** When the dead-man switch takes the account's orders; 0 = never. */
  readonly cancelAllAfter: number;
  readonly protections: readonly Protection[];
}

/** One of an owner's accounts at a glance. */
export interface AccountSummary {
  readonly subaccount: number;
  readonly isolatedMarket: string | null;
  readonly accountId: string;
  readonly collateral: string;
  readonly equity: string;
  readonly maintenanceMargin: string;
  /** How many. */
  readonly positions: number;
  readonly inLiquidation: boolean;
  readonly liquidator: boolean;
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
  /** `before` of the next page; see `KeelClient.page`. */
  readonly next: number | null;
}

export interface Withdrawal {
  readonly withdrawalIndex: number;
  readonly recipient: Address;
  readonly asset: string;
  readonly amount: string;
  /** 0 = USDC; and the amount in 10^-decimals of the asset, as the contract takes them. */
  readonly assetId: number;
  readonly amountAtoms: string;
  readonly batchIndex: number;
  /** Place among the withdrawals of its batch, and how many these are. */
  readonly position: number;
  readonly count: number;
  readonly siblings: readonly Hex[];
  readonly status: 'sealed' | 'claimable' | 'paid';
  readonly l1TxHash: Hex | null;
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
