import type { OrderDoc } from '@keel/redis';
import {
  type Hex,
  type MarketSpec,
  mulDivCeil,
  mulDivFloor,
  PPM,
  type PriceTicks,
  type TimeInForce,
} from '@keel/types';
import { formatAveragePrice } from '../../format/formatAveragePrice.ts';
import { formatPrice, formatSize } from '../../format/formatMarket.ts';
import { cloidOf, type SideLetter, sideLetter } from './parts.ts';

export interface OpenOrderAnswer {
  readonly coin: string;
  readonly side: SideLetter;
  readonly limitPx: string;
  /** What is still to trade. */
  readonly sz: string;
  readonly oid: number;
  readonly timestamp: number;
  readonly origSz: string;
  readonly cloid?: Hex;
  readonly reduceOnly?: true;
  /** What has traded did so at this price on average. Beyond what clients were promised; those that look for it find it. */
  readonly avgPx?: string;
}

export type TimeInForceAnswer = 'Gtc' | 'Ioc' | 'Alo' | 'FrontendMarket' | null;
export type OrderTypeAnswer =
  | 'Market'
  | 'Limit'
  | 'Stop Market'
  | 'Stop Limit'
  | 'Take Profit Market'
  | 'Take Profit Limit';

/** An order with what a page shows of it. */
export interface FrontendOrder extends Omit<OpenOrderAnswer, 'cloid' | 'reduceOnly'> {
  readonly triggerCondition: string;
  readonly isTrigger: boolean;
  readonly triggerPx: string;
  readonly children: readonly FrontendOrder[];
  readonly isPositionTpsl: boolean;
  readonly reduceOnly: boolean;
  readonly orderType: OrderTypeAnswer;
  readonly tif: TimeInForceAnswer;
  readonly cloid: Hex | null;
}

/** What is written of an order, open or over. */
export type WrittenOrder = Pick<
  OrderDoc,
  | 'orderId'
  | 'side'
  | 'orderType'
  | 'timeInForce'
  | 'priceTicks'
  | 'sizeLots'
  | 'remainingLots'
  | 'filledLots'
  | 'filledAtoms'
  | 'reduceOnly'
  | 'clientOrderId'
  | 'trigger'
  | 'placedMs'
>;

export function writeOpenOrder(order: WrittenOrder, spec: MarketSpec): OpenOrderAnswer {
  const cloid = cloidOf(order.clientOrderId);
  const average = formatAveragePrice(order.filledAtoms, order.filledLots, spec);
  return {
    coin: spec.baseAsset,
    side: sideLetter(order.side),
    limitPx: formatPrice(limitTicks(order, spec), spec),
    sz: formatSize(order.remainingLots, spec),
    oid: order.orderId,
    timestamp: order.placedMs,
    origSz: formatSize(order.sizeLots, spec),
    ...(cloid === undefined ? {} : { cloid }),
    ...(order.reduceOnly ? { reduceOnly: true } : {}),
    ...(average === null ? {} : { avgPx: average }),
  };
}

export function writeFrontendOrder(order: WrittenOrder, spec: MarketSpec): FrontendOrder {
  const { cloid = null, ...open } = writeOpenOrder(order, spec);
  const { trigger } = order;
  return {
    ...open,
    triggerCondition: trigger === undefined ? 'N/A' : conditionOf(order, trigger, spec),
    isTrigger: trigger !== undefined,
    triggerPx: formatPrice(trigger?.triggerTicks ?? 0, spec),
    children: [],
    isPositionTpsl: false,
    reduceOnly: order.reduceOnly,
    orderType: typeOf(order),
    tif: trigger === undefined ? timeInForceOf(order) : null,
    cloid,
  };
}

type Trigger = NonNullable<OrderDoc['trigger']>;

/** A stop that buys and a take-profit that sells fire when mark is above. */
function conditionOf({ side }: WrittenOrder, { kind, triggerTicks }: Trigger, spec: MarketSpec): string {
  const above = (kind === 'takeProfit') === (side === 'sell');
  return `Price ${above ? 'above' : 'below'} ${formatPrice(triggerTicks, spec)}`;
}

function typeOf({ orderType, trigger }: WrittenOrder): OrderTypeAnswer {
  const suffix = orderType === 'market' ? 'Market' : 'Limit';
  if (trigger === undefined) return suffix;
  return trigger.kind === 'takeProfit' ? `Take Profit ${suffix}` : `Stop ${suffix}`;
}

const TIMES_IN_FORCE: Readonly<Record<TimeInForce, TimeInForceAnswer>> = {
  gtc: 'Gtc',
  gtt: 'Gtc',
  ioc: 'Ioc',
  fok: 'Ioc',
  postOnly: 'Alo',
  postOnlySlide: 'Alo',
};

const timeInForceOf = ({ orderType, timeInForce }: WrittenOrder): TimeInForceAnswer =>
  orderType === 'market' ? 'FrontendMarket' : TIMES_IN_FORCE[timeInForce];

/** Of a waiting market order without a worst price: the one it would have if mark were at its trigger. */
function limitTicks({ side, priceTicks, trigger }: WrittenOrder, spec: MarketSpec): PriceTicks {
  if (priceTicks !== 0 || trigger === undefined) return priceTicks;
  const slippage = spec.marketSlippagePpm;
  return side === 'buy'
    ? Math.min(spec.maxPriceTicks, mulDivFloor(trigger.triggerTicks, PPM + slippage, PPM))
    : Math.max(1, mulDivCeil(trigger.triggerTicks, PPM - slippage, PPM));
}
