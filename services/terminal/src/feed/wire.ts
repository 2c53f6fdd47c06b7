/** What the gateway says, as the page reads it. Prices, sizes and money are decimal texts, times integer milliseconds. */

export type TradeSide = 'buy' | 'sell';

export interface MarketRow {
  readonly symbol: string;
  readonly baseAsset: string;
  readonly tickSize: string;
  readonly lotSize: string;
  readonly index: string | null;
  readonly mark: string | null;
  readonly last: string | null;
  readonly fundingRate: string;
  readonly nextFundingTime: number;
  readonly openInterest: string;
  /** Without a fresh index price only orders that reduce risk are taken. */
  readonly status: 'open' | 'noPrice' | 'stalePrice';
}

export interface TradeRow {
  readonly tradeId: string;
  readonly price: string;
  readonly size: string;
  readonly takerSide: TradeSide;
  readonly time: number;
  readonly liquidation: boolean;
}

export interface CandleRow {
  /** Start of its minute. */
  readonly time: number;
  readonly open: string;
  readonly high: string;
  readonly low: string;
  readonly close: string;
  readonly volume: string;
}

export type PriceLevel = readonly [price: string, size: string];

export interface BookData {
  readonly bids: readonly PriceLevel[];
  readonly asks: readonly PriceLevel[];
}

export type LiquidationStage =
  | 'liquidationStarted'
  | 'positionCloseOut'
  | 'insurancePaid'
  | 'positionDeleveraged'
  | 'liquidationEnded';

/** One step of a liquidation; what a step does not have is null. */
export interface LiquidationRow {
  readonly liquidationId: string;
  readonly stage: LiquidationStage;
  readonly account: string;
  /** The account that was deleveraged. */
  readonly counterparty: string | null;
  readonly market: string | null;
  readonly side: TradeSide | null;
  readonly size: string | null;
  readonly filledSize: string | null;
  /** Average price of what a close-out filled, or the bankruptcy price of a deleveraging. */
  readonly price: string | null;
  /** Worst price that a close-out was allowed to take, and the mark price that led to it. */
  readonly limitPrice: string | null;
  readonly mark: string | null;
  /** Fee of a close-out, or what the insurance fund paid. */
  readonly amount: string | null;
  readonly time: number;
}

export interface BatchRow {
  readonly batchIndex: number;
  readonly firstSequence: number;
  readonly lastSequence: number;
  readonly stateRoot: string;
  readonly status: 'sealed' | 'submitted' | 'committed' | 'finalised';
  readonly l1TxHash: string | null;
  readonly l1BlockNumber: number | null;
  readonly time: number;
}

export interface PositionRow {
  readonly market: string;
  /** Signed: long > 0. */
  readonly size: string;
  readonly entryPrice: string;
  readonly mark: string;
  readonly unrealisedPnl: string;
  readonly notional: string;
  readonly liquidationPrice: string | null;
}

export interface OpenOrderRow {
  readonly orderId: string;
  readonly market: string;
  readonly side: TradeSide;
  readonly price: string;
  readonly size: string;
  readonly remainingSize: string;
  readonly reduceOnly: boolean;
}

export interface FillRow {
  readonly tradeId: string;
  readonly market: string;
  readonly side: TradeSide;
  readonly price: string;
  readonly size: string;
  readonly fee: string;
  readonly realisedPnl: string;
  readonly time: number;
  readonly liquidation: boolean;
}

export interface AccountDocument {
  readonly sequence: number;
  readonly address: string;
  readonly collateral: string;
  readonly equity: string;
  readonly initialMargin: string;
  readonly maintenanceMargin: string;
  readonly withdrawable: string;
  readonly positions: readonly PositionRow[];
  readonly openOrders: readonly OpenOrderRow[];
  readonly inLiquidation: boolean;
}

export interface StatusDocument {
  readonly sequence: number;
  readonly timeMs: number;
  readonly network: { readonly chainId: number; readonly settlement: string };
  readonly counters: { readonly orders: number; readonly trades: number; readonly liquidations: number };
  readonly insuranceFund: string;
}

export type ChannelName = 'book' | 'trades' | 'markets' | 'account' | 'liquidations' | 'batches' | 'status';

export interface Subscription {
  readonly channel: ChannelName;
  readonly market?: string;
  readonly account?: string;
}

export interface Frame {
  readonly channel: ChannelName;
  readonly market?: string;
  readonly account?: string;
  readonly type: 'snapshot' | 'update';
  /** Engine sequence that the frame brings its channel to. */
  readonly seq: number;
  /** `seq` of the frame before in the same book. */
  readonly prevSeq?: number;
  readonly ts: number;
  readonly data: unknown;
}

export interface WireError {
  readonly code: string;
  readonly message: string;
}
