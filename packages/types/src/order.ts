import type { AccountId, MarketId, OrderId } from './ids.ts';
import type { PriceTicks, SizeLots } from './units.ts';

export type Side = 'buy' | 'sell';
export type OrderType = 'limit' | 'market';
/** gtc rests what does not trade; ioc drops it; postOnly is refused if it would trade. */
export type TimeInForce = 'gtc' | 'ioc' | 'postOnly';

/** An order that rests in the book. */
export interface RestingOrder {
  readonly orderId: OrderId;
  readonly accountId: AccountId;
  readonly marketId: MarketId;
  readonly side: Side;
  readonly priceTicks: PriceTicks;
  /** Size when it was accepted. */
  readonly sizeLots: SizeLots;
  /** What is still open, > 0 while it rests. */
  remainingLots: SizeLots;
  readonly reduceOnly: boolean;
  /** The client's own name for it, empty if none; at most 36 characters. */
  readonly clientOrderId: string;
}
