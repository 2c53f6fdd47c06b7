import type { AccountId, MarketId, OrderId } from './ids.ts';
import type { PriceTicks, SizeLots, TimeMs } from './units.ts';

export type Side = 'buy' | 'sell';
export type OrderType = 'limit' | 'market';
/**
 * What becomes of lots that do not trade at once. gtc: rest. gtt: rest until a time. ioc: dropped. fok: the order is
 * refused unless all of it trades. postOnly: refused if any would trade. postOnlySlide: moved to the best price at
 * which none would.
 */
export type TimeInForce = 'gtc' | 'gtt' | 'ioc' | 'fok' | 'postOnly' | 'postOnlySlide';
/**
 * What goes when an order meets one of its own owner: the resting one, the incoming one, both, or as many lots of
 * both as the smaller has left.
 */
export type SelfTradePrevention = 'expireMaker' | 'expireTaker' | 'expireBoth' | 'decrement';
/** What counts as its own: orders of the same account, or of any account of the same owner. */
export type SelfTradeScope = 'account' | 'owner';
/**
 * stop: a buy fires when mark >= trigger, a sell when mark <= trigger. takeProfit: the other way round. trailingStop: a
 * stop whose trigger follows the best mark since it was placed at a fixed distance.
 */
export type TriggerKind = 'stop' | 'takeProfit' | 'trailingStop';

export interface Trigger {
  readonly kind: TriggerKind;
  /** Mark price that fires the order. 0 for a trailing stop. */
  readonly triggerTicks: PriceTicks;
  /** Distance of a trailing stop from the best mark. 0 for the others. */
  readonly trailTicks: PriceTicks;
}

/**
 * Reduce-only orders of the opposite side that come to life with an order's fills, each over as many lots as have
 * filled; when one of the two fires or trades, the other goes. A trigger of 0 = none; a limit of 0 = market.
 */
export interface AttachedOrders {
  readonly takeProfitTicks: PriceTicks;
  readonly takeProfitLimitTicks: PriceTicks;
  readonly stopLossTicks: PriceTicks;
  readonly stopLossLimitTicks: PriceTicks;
}

/** An order as a trader asks for it. */
export interface OrderRequest {
  readonly marketId: MarketId;
  readonly side: Side;
  readonly orderType: OrderType;
  /** Of a market order: ioc or fok; gtc counts as ioc. */
  readonly timeInForce: TimeInForce;
  /** Worst price. A market order may leave it 0: then mark +- the market's slippage cap. */
  readonly priceTicks: PriceTicks;
  readonly sizeLots: SizeLots;
  /** May only make a position smaller. */
  readonly reduceOnly: boolean;
  /** The client's own name for it, at most 36 characters; empty = none. A repeat is answered with the first order. */
  readonly clientOrderId: string;
  /** gtt: a resting order goes once sequenced time reaches this. 0 for all others. */
  readonly expiresAtMs: TimeMs;
  /** Iceberg: lots shown at a time, worth at least the smallest order and a hundredth of the size; 0 = all. */
  readonly displayLots: SizeLots;
  readonly selfTrade: SelfTradePrevention;
  readonly selfTradeScope: SelfTradeScope;
  /** Undefined: works at once. */
  readonly trigger: Trigger | undefined;
  readonly attached: AttachedOrders | undefined;
}

/** resting: in the book. waiting: for its trigger. twap: traded by the engine in slices. */
export type OpenOrderState = 'resting' | 'waiting' | 'twap';

/** How far a TWAP order is. */
export interface TwapProgress {
  readonly startMs: TimeMs;
  readonly durationMs: TimeMs;
  /** Slices it is cut into, the first at startMs, the last at startMs + durationMs. */
  readonly slices: number;
  /** Slices whose time has come. */
  readonly slicesDone: number;
}

/** An order that has been accepted and is not over. */
export interface OpenOrder {
  readonly orderId: OrderId;
  readonly accountId: AccountId;
  readonly marketId: MarketId;
  readonly state: OpenOrderState;
  readonly side: Side;
  readonly orderType: OrderType;
  readonly timeInForce: TimeInForce;
  /** Limit; of a waiting market order its own worst price or 0. */
  readonly priceTicks: PriceTicks;
  /** Size when it was accepted or last amended, what has traded included. */
  readonly sizeLots: SizeLots;
  /** What is still open, hidden lots included; > 0. */
  readonly remainingLots: SizeLots;
  /** Of these, lots that the book shows; 0 unless resting. */
  readonly shownLots: SizeLots;
  readonly displayLots: SizeLots;
  readonly reduceOnly: boolean;
  readonly clientOrderId: string;
  readonly expiresAtMs: TimeMs;
  readonly selfTrade: SelfTradePrevention;
  readonly selfTradeScope: SelfTradeScope;
  readonly trigger: Trigger | undefined;
  readonly attached: AttachedOrders | undefined;
  /** Place in time priority over the whole exchange: at one price the lower trades first. 0 unless resting. */
  readonly queuePlace: number;
  /** The order that goes when this one fires or trades; 0 = none. */
  readonly linkedOrderId: OrderId | 0;
  /** The order it is attached to; 0 = none. */
  readonly parentOrderId: OrderId | 0;
  readonly twap: TwapProgress | undefined;
}
