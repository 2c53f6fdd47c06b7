import { checkNow } from './checkNow.ts';
import { closeLinked, closeOrder, shrinkOrder } from './closeOrder.ts';
import { workOrder } from './matchOrder.ts';
import { findOrder, found, type Model, type ModelOrder, marketOf } from './model.ts';

/** Orders that are carried out per step; the rest of the queue comes with the next. */
const FIRED_PER_STEP_MAX = 64;

/** Carries out queued orders, first come first served; those of a halted market stay where they are. */
export function fireTriggers(model: Model): void {
  for (let fired = 0; fired < FIRED_PER_STEP_MAX; fired += 1) {
    const orderId = model.fireQueue.find((queued) => {
      const { marketId } = found(findOrder(model, queued), `queued order ${queued}`);
      return marketOf(model, marketId).status !== 'halted';
    });
    if (orderId === undefined) return;
    model.fireQueue = model.fireQueue.filter((queued) => queued !== orderId);
    fireOrder(model, found(findOrder(model, orderId), `order ${orderId}`));
  }
}

function fireOrder(model: Model, order: ModelOrder): void {
  const { markTicks } = marketOf(model, order.marketId);
  model.events.push({ kind: 'orderTriggered', orderId: order.orderId, markTicks });
  closeLinked(model, order);
  const checked = checkNow(
    model,
    { ...order, sizeLots: order.remainingLots, waits: false, countsAsOpen: false },
    order,
  );
  if ('code' in checked) {
    closeOrder(model, order, 'triggerRefused', checked.code);
    return;
  }
  order.timeInForce = checked.terms.timeInForce;
  order.priceTicks = checked.terms.priceTicks;
  shrinkOrder(order, order.remainingLots - checked.terms.sizeLots);
  workOrder(model, order);
}
