import {
  type AttachedOrders,
  type MarketSpec,
  mulExact,
  type OrderRequest,
  PPM,
  type PriceTicks,
  parseDecimal,
  type SizeLots,
  type TimeInForce,
  type Trigger,
} from '@keel/types';
import type { Tif, TriggerTerms, WireOrder } from './action.ts';

/** Why one item of an action cannot become part of a command, while the others do. */
export type ItemFault =
  | 'PRICE_OFF_TICK'
  | 'PRICE_OUT_OF_RANGE'
  | 'SIZE_OFF_LOT'
  | 'SIZE_OUT_OF_RANGE'
  | 'SIZE_ZERO'
  /** It names an order that is not there, or is over. */
  | 'ORDER_UNKNOWN'
  /** Of a batch that changes several orders: it changes more than price and size. */
  | 'AMENDS_OTHER_TERMS'
  /** One of a pair: the other one has a fault. */
  | 'PAIR_REFUSED';

const TIMES_IN_FORCE: Readonly<Record<Tif, TimeInForce>> = {
  Gtc: 'gtc',
  Ioc: 'ioc',
  Alo: 'postOnly',
  FrontendMarket: 'ioc',
};

/**
 * One order as a trader of this exchange asks for it. Its own orders make way for it, as they do where these clients come from.
 */
export function translateOrder(order: WireOrder, spec: MarketSpec): OrderRequest | ItemFault {
  const { terms } = order;
  const priceTicks = ticksOf(order.price, spec);
  if (typeof priceTicks === 'string') return priceTicks;
  const sizeLots = lotsOf(order.size, spec);
  if (typeof sizeLots === 'string') return sizeLots;
  const trigger = terms.kind === 'trigger' ? triggerOf(terms, spec) : undefined;
  if (typeof trigger === 'string') return trigger;
  const isMarket = terms.kind === 'trigger' && terms.isMarket;
  return {
    marketId: spec.marketId,
    side: order.buys ? 'buy' : 'sell',
    orderType: isMarket ? 'market' : 'limit',
    timeInForce: terms.kind === 'limit' ? TIMES_IN_FORCE[terms.tif] : isMarket ? 'ioc' : 'gtc',
    priceTicks: isMarket && trigger !== undefined ? worstTicks(order.buys, priceTicks, trigger, spec) : priceTicks,
    sizeLots,
    reduceOnly: order.reduceOnly,
    clientOrderId: order.cloid,
    expiresAtMs: 0,
    displayLots: 0,
    selfTrade: 'expireMaker',
    selfTradeScope: 'account',
    trigger,
    attached: undefined,
  };
}

/** Reduce-only triggers in the form in which they hang on another order. `tp` and `sl` are of that order's market. */
export function attachOrders(
  tp: WireOrder | undefined,
  sl: WireOrder | undefined,
  spec: MarketSpec,
): AttachedOrders | ItemFault {
  const takeProfit = attachedTicks(tp, spec);
  if (typeof takeProfit === 'string') return takeProfit;
  const stopLoss = attachedTicks(sl, spec);
  if (typeof stopLoss === 'string') return stopLoss;
  return {
    takeProfitTicks: takeProfit.triggerTicks,
    takeProfitLimitTicks: takeProfit.limitTicks,
    stopLossTicks: stopLoss.triggerTicks,
    stopLossLimitTicks: stopLoss.limitTicks,
  };
}

function attachedTicks(order: WireOrder | undefined, spec: MarketSpec) {
  if (order === undefined || order.terms.kind !== 'trigger') return { triggerTicks: 0, limitTicks: 0 };
  const triggerTicks = ticksOf(order.terms.triggerPrice, spec);
  if (typeof triggerTicks === 'string') return triggerTicks;
  if (order.terms.isMarket) return { triggerTicks, limitTicks: 0 };
  const limitTicks = ticksOf(order.price, spec);
  return typeof limitTicks === 'string' ? limitTicks : { triggerTicks, limitTicks };
}

function triggerOf({ tpsl, triggerPrice }: TriggerTerms, spec: MarketSpec): Trigger | ItemFault {
  const triggerTicks = ticksOf(triggerPrice, spec);
  if (typeof triggerTicks === 'string') return triggerTicks;
  return { kind: tpsl === 'sl' ? 'stop' : 'takeProfit', triggerTicks, trailTicks: 0 };
}

/**
 * Clients give a market order that waits a worst price far away. Where it is further than the market's band lets it be, the
 * market's own slippage cap stands in, which is nearer; a price on the other side is a bound that was meant, and stays.
 */
function worstTicks(buys: boolean, priceTicks: PriceTicks, { triggerTicks }: Trigger, spec: MarketSpec): PriceTicks {
  const beyondTicks = buys ? priceTicks - triggerTicks : triggerTicks - priceTicks;
  return mulExact(beyondTicks, PPM) > mulExact(triggerTicks, spec.priceBandPpm) ? 0 : priceTicks;
}

/** A price of 0 is none. */
export function ticksOf(price: string, { priceDecimals, maxPriceTicks }: MarketSpec): PriceTicks | ItemFault {
  const ticks = parseDecimal(price, priceDecimals);
  if (ticks === 'offGrid') return 'PRICE_OFF_TICK';
  return typeof ticks === 'string' || ticks === 0 || ticks > maxPriceTicks ? 'PRICE_OUT_OF_RANGE' : ticks;
}

export function lotsOf(size: string, { sizeDecimals, maxOrderLots }: MarketSpec): SizeLots | ItemFault {
  const lots = parseDecimal(size, sizeDecimals);
  if (lots === 'offGrid') return 'SIZE_OFF_LOT';
  if (typeof lots === 'string' || lots > maxOrderLots) return 'SIZE_OUT_OF_RANGE';
  return lots === 0 ? 'SIZE_ZERO' : lots;
}
