import type { OrderType, SelfTradePrevention, SelfTradeScope, Side, TimeInForce } from '@keel/types';

/**
 * What a trader asks for, in as few words as it takes; the client adds account, nonce, signature and all that is left out.
 * Prices, sizes and distances are canonical decimal texts (USD, base units).
 */
export interface NewOrder {
  readonly market: string;
  readonly side: Side;
  readonly size: string;
  /** Worst price. Left out, a market order trades up to the market's slippage cap. */
  readonly price?: string;
  /** Default: `limit` with a price, `market` without. */
  readonly orderType?: OrderType;
  /** Default: `ioc` for a market order, `gtt` with `expiresAt`, else `gtc`. */
  readonly timeInForce?: TimeInForce;
  readonly reduceOnly?: boolean;
  /** At most 36 characters. A repeat places nothing and is answered with the first order. */
  readonly clientOrderId?: string;
  /** Of a gtt order: milliseconds since 1970 at which it goes. */
  readonly expiresAt?: number;
  /** Iceberg: shown at a time. Default: all. */
  readonly displaySize?: string;
  /** What goes when it meets an order of its own. Default `expireMaker`: the resting one. */
  readonly selfTrade?: SelfTradePrevention;
  /** Whose orders are its own. Default `account`. */
  readonly selfTradeScope?: SelfTradeScope;
  /** Waits until the mark price gets there. Default: works at once. */
  readonly trigger?: NewTrigger;
  /** Come to life with its fills, over as much as has filled; when one fires, the other goes. */
  readonly takeProfit?: Exit;
  readonly stopLoss?: Exit;
}

export type NewTrigger =
  | { readonly kind: 'stop' | 'takeProfit'; readonly price: string }
  /** `trail` is the distance from the best mark price since it was placed. */
  | { readonly kind: 'trailingStop'; readonly trail: string };

/** A reduce-only order attached to another. */
export interface Exit {
  /** Mark price that fires it. */
  readonly trigger: string;
  /** Its limit. Default: a market order. */
  readonly price?: string;
}

/** Limit orders evenly spaced from one price to another. */
export interface NewScale extends Omit<NewOrder, 'price' | 'orderType' | 'clientOrderId' | 'displaySize' | NotInScale> {
  /** Of all orders together. */
  readonly size: string;
  readonly fromPrice: string;
  readonly toPrice: string;
  /** 2 to 50. */
  readonly orderCount: number;
  /** Size of the last order as a part of the first, in 10^-6. Default 1 000 000: all alike. */
  readonly skewPpm?: number;
}
type NotInScale = 'trigger' | 'takeProfit' | 'stopLoss';

/** One order traded by the exchange in equal slices, each within the market's slippage cap. */
export interface NewTwap {
  readonly market: string;
  readonly side: Side;
  /** Of all slices together. */
  readonly size: string;
  /** From the first slice to the last: 10 seconds to 7 days. */
  readonly durationMs: number;
  /** At least 2, and at most one a second. */
  readonly slices: number;
  readonly reduceOnly?: boolean;
  readonly clientOrderId?: string;
}

/** An open order: its id, or the name that its owner gave it. */
export type OrderRef = string | { readonly clientOrderId: string };

/** New terms of an open order. The same price and no more size keep its place in the queue. */
export interface Amendment {
  readonly order: OrderRef;
  /** The order's own market. */
  readonly market: string;
  /** `0` for a market order that waits for its trigger. */
  readonly price: string;
  /** New whole size: what has traded counts. */
  readonly size: string;
}

/**
 * Of the account's resting orders in one market. Counted from a first fill for `windowMs`; when a bound is passed its orders
 * there go and new ones are refused until the reset. A bound that is left out is none.
 */
export interface MarketMakerProtection {
  readonly market: string;
  /** At most 24 hours; 0 = no protection. */
  readonly windowMs: number;
  /** Filled in the window. */
  readonly quantity?: string;
  /** |bought - sold| in the window. */
  readonly delta?: string;
  /** Fills in the window. */
  readonly fillCount?: number;
}
