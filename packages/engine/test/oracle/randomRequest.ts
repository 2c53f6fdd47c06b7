import type { AttachedOrders, OrderName, OrderRequest, Side, TimeInForce, Trigger } from '@keel/types';
import { toMarketId, toOrderId } from '@keel/types';
import type { Dice } from './dice.ts';
import { findMarket, type Model, type ModelAccount, ordersOfAccount, otherSide, positionOf } from './model.ts';

/** Few prices around the mark, so that orders meet; sizes of which several make a position limit. */
const TICKS_AROUND = 6;
/** Of the test markets. */
const ATOMS_PER_TICK_LOT = 1_000;

/** An order as one of the traders might ask for it; now and then one that makes no sense. */
export function randomRequest(dice: Dice, model: Model, account: ModelAccount): OrderRequest {
  const marketId = toMarketId(dice.chance(99) ? dice.between(1, 2) : 7);
  const mark = findMarket(model, marketId)?.markTicks || 1_000;
  const held = marketId === 7 ? 0 : positionOf(model, account.accountId, marketId).sizeLots;
  const reduceOnly = dice.chance(held === 0 ? 4 : 22);
  const closing: Side = held > 0 ? 'sell' : 'buy';
  // Everybody leans to one side, so that positions grow until the price turns against them.
  const leaning: Side = account.accountId % 2 === 1 ? 'buy' : 'sell';
  const opening = dice.chance(40) ? leaning : dice.pick<Side>(['buy', 'sell']);
  const side = reduceOnly && dice.chance(85) ? closing : opening;
  const market = dice.chance(14);
  const timeInForce = market ? marketTimeInForce(dice) : limitTimeInForce(dice);
  const priceTicks = market && dice.chance(80) ? 0 : limitNear(dice, mark, side);
  const sizeLots = dice.chance(14) ? largestSize(account, mark) : randomSize(dice);
  const trigger = dice.chance(17) ? randomTrigger(dice, mark) : undefined;
  const plain = trigger === undefined && !reduceOnly;
  const attached = dice.chance(plain ? 20 : 2) ? randomAttached(dice, priceTicks || mark, side) : undefined;
  const rests = !market && timeInForce !== 'ioc' && timeInForce !== 'fok';
  const iceberg = dice.chance(rests ? 22 : 2);
  return {
    marketId,
    side,
    orderType: market ? 'market' : 'limit',
    timeInForce,
    priceTicks,
    sizeLots,
    reduceOnly,
    clientOrderId: dice.chance(30) ? randomName(dice, model, account) : '',
    expiresAtMs: randomExpiry(dice, model.timeMs, timeInForce),
    displayLots: iceberg ? randomDisplay(dice, sizeLots) : 0,
    selfTrade: dice.weighed({ expireMaker: 35, expireTaker: 20, expireBoth: 20, decrement: 25 }),
    selfTradeScope: dice.pick(['account', 'owner']),
    trigger,
    attached,
  };
}

function limitTimeInForce(dice: Dice): TimeInForce {
  return dice.weighed({ gtc: 50, gtt: 14, ioc: 8, fok: 10, postOnly: 8, postOnlySlide: 10 });
}

function marketTimeInForce(dice: Dice): TimeInForce {
  return dice.weighed({ gtc: 30, ioc: 40, fok: 26, gtt: 1, postOnly: 2, postOnlySlide: 1 });
}

function limitNear(dice: Dice, mark: number, side: Side): number {
  if (dice.chance(2)) return dice.pick([0, -1, 2_000_000, 1.5]);
  if (dice.chance(3)) return mark + dice.pick([-1, 1]) * dice.between(15, 60);
  // A little more often on the side where it rests, so that there are books.
  const away = side === 'buy' ? -1 : 1;
  return Math.max(1, mark + away * dice.between(-TICKS_AROUND, TICKS_AROUND + 3));
}

/** About as much as the account's money can carry. */
function largestSize({ collateralAtoms }: ModelAccount, mark: number): number {
  return Math.min(300, Math.max(10, Math.floor((collateralAtoms * 9) / (mark * ATOMS_PER_TICK_LOT))));
}

export function randomSize(dice: Dice): number {
  if (dice.chance(2)) return dice.pick([0, -5, 2.5, 1_000_000, 301]);
  if (dice.chance(4)) return dice.between(1, 9);
  if (dice.chance(8)) return dice.between(100, 300);
  return dice.between(10, 60);
}

/** Ten lots at 1,000 are worth just enough to be shown. */
function randomDisplay(dice: Dice, sizeLots: number): number {
  if (dice.chance(30)) return 10;
  const lowest = dice.chance(92) ? 10 : 1;
  return dice.between(lowest, Math.max(lowest, Math.min(sizeLots, 30))) + (dice.chance(4) ? 300 : 0);
}

function randomExpiry(dice: Dice, timeMs: number, timeInForce: TimeInForce): number {
  if (timeInForce !== 'gtt') return dice.chance(99) ? 0 : timeMs + 5;
  if (dice.chance(4)) return timeMs - dice.between(0, 1);
  // Many end in the same moment.
  return dice.chance(50) ? timeMs + dice.between(1, 4_000) : (Math.floor(timeMs / 2_000) + dice.between(1, 2)) * 2_000;
}

function randomTrigger(dice: Dice, mark: number): Trigger {
  if (dice.chance(2))
    return { kind: dice.pick(['stop', 'takeProfit', 'trailingStop']), triggerTicks: 0, trailTicks: 0 };
  if (dice.chance(30)) return { kind: 'trailingStop', triggerTicks: 0, trailTicks: dice.between(1, 12) };
  return {
    kind: dice.pick(['stop', 'takeProfit']),
    triggerTicks: mark + dice.pick([-1, 1]) * dice.between(0, 10),
    trailTicks: 0,
  };
}

function randomAttached(dice: Dice, reference: number, side: Side): AttachedOrders {
  const profit = side === 'buy' ? 1 : -1;
  if (dice.chance(4)) return unfitAttached(dice, reference, profit);
  if (dice.chance(4)) return farAttached(dice, reference, profit);
  const takeProfitTicks = dice.chance(80) ? reference + profit * dice.between(1, 10) : 0;
  const stopLossTicks = dice.chance(80) ? reference - profit * dice.between(1, 10) : 0;
  return {
    takeProfitTicks,
    takeProfitLimitTicks: dice.chance(takeProfitTicks === 0 ? 2 : 35) ? reference + profit * dice.between(-2, 10) : 0,
    stopLossTicks,
    stopLossLimitTicks: dice.chance(stopLossTicks === 0 ? 2 : 25) ? reference - profit * dice.between(0, 14) : 0,
  };
}

/** A limit at the edge of the band around its trigger: the traders' markets have one of 3 %. */
function farAttached(dice: Dice, reference: number, profit: number): AttachedOrders {
  const far = dice.pick([-1, 1]) * dice.between(28, 33);
  const [takeProfitTicks, stopLossTicks] = [reference + profit, reference - profit];
  return dice.chance(50)
    ? { ...NO_TRIGGERS, takeProfitTicks, takeProfitLimitTicks: takeProfitTicks + far }
    : { ...NO_TRIGGERS, stopLossTicks, stopLossLimitTicks: stopLossTicks + far };
}

/** A profit or a loss that would be none, a limit without its trigger, or a figure that is no price. */
function unfitAttached(dice: Dice, reference: number, profit: number): AttachedOrders {
  const fit = { ...NO_TRIGGERS, takeProfitTicks: reference + profit, stopLossTicks: reference - profit };
  return dice.pick<AttachedOrders>([
    { ...fit, takeProfitTicks: reference },
    { ...fit, stopLossTicks: reference },
    { ...fit, takeProfitTicks: reference - profit },
    { ...fit, takeProfitTicks: 0, takeProfitLimitTicks: reference },
    { ...fit, stopLossTicks: 0, stopLossLimitTicks: reference },
    { ...fit, takeProfitLimitTicks: dice.pick([-1, 1.5, 1_000_001]) },
    { ...fit, stopLossLimitTicks: dice.pick([-1, 1.5, 1_000_001]) },
    { ...fit, [profit > 0 ? 'takeProfitTicks' : 'stopLossTicks']: dice.pick([1_000_001, reference + 0.5]) },
    NO_TRIGGERS,
  ]);
}

/** Mostly a new name, else one that the account has or had. */
export function randomName(dice: Dice, model: Model, account: ModelAccount): string {
  if (dice.chance(3)) return dice.pick(['é', 'x'.repeat(37), '\n']);
  const open = ordersOfAccount(model, account.accountId).map((order) => order.clientOrderId);
  const used = [...account.closedNames.map((closed) => closed.clientOrderId), ...open].filter((name) => name !== '');
  return used.length > 0 && dice.chance(18) ? dice.pick(used) : `n${dice.between(1, 1_000_000)}`;
}

/** Mostly an open order of the account, by id or by name; else somebody else's, or none at all. */
export function randomOrderName(dice: Dice, model: Model, account: ModelAccount): OrderName {
  const own = ordersOfAccount(model, account.accountId);
  if (dice.chance(own.length === 0 ? 50 : 4)) {
    return { orderId: toOrderId(dice.between(0, model.nextOrderId + 2)), clientOrderId: '' };
  }
  const { orderId, clientOrderId } = own.length === 0 ? { orderId: 0 as const, clientOrderId: 'gone' } : dice.pick(own);
  return clientOrderId !== '' && dice.chance(50) ? { orderId: 0, clientOrderId } : { orderId, clientOrderId: '' };
}

/** Two orders around a position, or around the mark. */
export function randomPair(dice: Dice, model: Model, account: ModelAccount): OrderRequest[] {
  const one = { ...randomRequest(dice, model, account), attached: undefined };
  const two = { ...randomRequest(dice, model, account), attached: undefined };
  if (dice.chance(6)) return dice.pick([[one], [one, two, two], [one, { ...two, attached: NO_TRIGGERS }]]);
  const restful = (request: OrderRequest): OrderRequest =>
    request.trigger !== undefined || dice.chance(4)
      ? request
      : {
          ...request,
          orderType: 'limit',
          timeInForce: request.timeInForce === 'ioc' || request.timeInForce === 'fok' ? 'gtc' : request.timeInForce,
          priceTicks: request.priceTicks || 1_000,
        };
  const marketId = dice.chance(97) ? one.marketId : two.marketId;
  const { sizeLots: held } = positionOf(model, account.accountId, toMarketId(marketId === 7 ? 1 : marketId));
  if (held !== 0 && dice.chance(40)) {
    const side: Side = held > 0 ? 'sell' : 'buy';
    const around = { marketId: one.marketId, side, sizeLots: Math.min(300, Math.abs(held) + dice.between(0, 20)) };
    return [restful({ ...one, ...around }), restful({ ...two, ...around, reduceOnly: dice.chance(70) })];
  }
  const side = dice.chance(50) ? one.side : otherSide(one.side);
  return [restful(one), restful({ ...two, marketId, side })];
}

const NO_TRIGGERS: AttachedOrders = {
  takeProfitTicks: 0,
  takeProfitLimitTicks: 0,
  stopLossTicks: 0,
  stopLossLimitTicks: 0,
};
