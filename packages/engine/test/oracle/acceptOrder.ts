import type { OrderAccepted } from '@keel/types';
import type { Model, ModelOrder } from './model.ts';

/** Writes the order down under the id that was taken for it, with its definite terms. */
export function acceptOrder(model: Model, accepted: Omit<OrderAccepted, 'kind'>): ModelOrder {
  model.events.push({ kind: 'orderAccepted', ...accepted });
  const order: ModelOrder = {
    ...accepted,
    state: 'pending',
    remainingLots: accepted.sizeLots,
    shownLots: 0,
    queuePlace: 0,
    twap: undefined,
    tradedLots: 0,
    decrementedLots: 0,
    bestTicks: 0,
    children: [],
  };
  model.orders.push(order);
  return order;
}
