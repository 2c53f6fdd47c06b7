import {
  type AttachedOrders,
  type OrderRequest,
  type SelfTradePrevention,
  type TriggerKind,
  toMarketId,
} from '@keel/types';
import { PLAIN } from './plainOrder.ts';
import type { Step } from './randomStep.ts';

const RULES: readonly SelfTradePrevention[] = ['expireMaker', 'expireTaker', 'expireBoth', 'decrement'];

/** The order that a step asks for near the reference price; a twist of 0 asks for nothing special. */
export function orderOf(step: Step, referenceTicks: number, timeMs: number): OrderRequest {
  const { market, buys, flavour, offset, figure } = step;
  const spread = flavour < 15 ? 10_000 : 1_000;
  const nearTicks = Math.max(1, referenceTicks + Math.trunc((referenceTicks * offset) / spread));
  const plain: OrderRequest = {
    ...PLAIN,
    marketId: toMarketId(market),
    side: buys ? 'buy' : 'sell',
    orderType: flavour === 0 ? 'market' : 'limit',
    timeInForce: flavour < 3 ? 'ioc' : flavour === 3 ? 'postOnly' : 'gtc',
    priceTicks: flavour === 0 ? 0 : nearTicks,
    sizeLots: lotsOf(step),
    reduceOnly: flavour > 16 || flavour === 2,
    clientOrderId: figure % 3 === 1 ? `c${figure % 20}` : '',
    selfTrade: RULES[figure % 4]!,
    selfTradeScope: figure % 8 < 4 ? 'account' : 'owner',
  };
  return { ...plain, ...twistOf(step, plain, referenceTicks, nearTicks, timeMs) };
}

/** Lots of about the same worth in both markets. */
export function lotsOf({ market, size }: Pick<Step, 'market' | 'size'>): number {
  return market === 1 ? size * 8 : size * 150;
}

function twistOf(
  { twist, figure, buys }: Step,
  { sizeLots }: OrderRequest,
  referenceTicks: number,
  nearTicks: number,
  timeMs: number,
): Partial<OrderRequest> {
  const limit = { orderType: 'limit', timeInForce: 'gtc', priceTicks: nearTicks } as const;
  const iceberg = { ...limit, displayLots: Math.ceil(sizeLots / (2 + (figure % 8))) };
  const expiring = { ...limit, timeInForce: 'gtt', expiresAtMs: timeMs + 1 + figure * 5 } as const;
  const sliding = { ...limit, timeInForce: 'postOnlySlide' } as const;
  if (twist < 40) return {};
  if (twist < 46) return { timeInForce: 'fok' };
  if (twist < 54) return expiring;
  if (twist < 60) return sliding;
  if (twist < 70) return iceberg;
  // Some of the others are one of these too.
  const alsoBe: Partial<OrderRequest>[] = [iceberg, expiring, sliding, { timeInForce: 'fok' }];
  const also = alsoBe[figure % 10];
  // Up to 1 % from the price that is around.
  const distance = 1 + Math.trunc((referenceTicks * (figure % 50)) / 5_000);
  const rising = referenceTicks + distance;
  const falling = referenceTicks - distance;
  if (twist < 75) return { ...also, trigger: triggerAt('stop', buys ? rising : falling) };
  if (twist < 80) return { ...also, trigger: triggerAt('takeProfit', buys ? falling : rising) };
  if (twist < 86) return { ...also, trigger: { kind: 'trailingStop', triggerTicks: 0, trailTicks: distance } };
  return { ...also, reduceOnly: false, attached: attachedAround(nearTicks, buys ? distance : -distance, figure) };
}

function triggerAt(kind: TriggerKind, triggerTicks: number) {
  return { kind, triggerTicks: Math.max(1, triggerTicks), trailTicks: 0 };
}

/** Take-profit and stop-loss at `gainTicks` on either side of a price, or one of them. */
function attachedAround(priceTicks: number, gainTicks: number, figure: number): AttachedOrders {
  const takeProfitTicks = figure % 6 === 5 ? 0 : priceTicks + gainTicks;
  const stopLossTicks = figure % 6 === 4 ? 0 : Math.max(1, priceTicks - 2 * gainTicks);
  return {
    takeProfitTicks,
    takeProfitLimitTicks: figure % 5 === 0 ? takeProfitTicks : 0,
    stopLossTicks,
    stopLossLimitTicks: figure % 7 === 0 ? stopLossTicks : 0,
  };
}

/** Two orders of one market that may be linked: both can stay open, neither has attached ones, their names differ. */
export function pairOf(one: OrderRequest, other: OrderRequest, referenceTicks: number): OrderRequest[] {
  const [first, second] = [one, other].map((request): OrderRequest => {
    const open = { ...request, marketId: one.marketId, attached: undefined };
    const immediate = request.orderType === 'market' || request.timeInForce === 'ioc' || request.timeInForce === 'fok';
    if (request.trigger !== undefined || !immediate) return open;
    return { ...open, orderType: 'limit', timeInForce: 'gtc', priceTicks: request.priceTicks || referenceTicks };
  });
  return [first!, { ...second!, clientOrderId: '' }];
}
