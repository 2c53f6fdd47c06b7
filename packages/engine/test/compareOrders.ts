import type { MarketId } from '@keel/types';
import { expect } from 'vitest';
import { type EngineState, listOrders, readBook } from '../src/index.ts';
import { type AuditedOrders, slicesDue } from './auditedOrders.ts';

/** Says no when the engine's open orders, their places in the queue or the levels of a book are not the auditor's. */
export function compareOrders(state: EngineState, orders: AuditedOrders, marketIds: readonly MarketId[]): void {
  const own = orders.all().sort((a, b) => a.id - b.id);
  const engine = [...listOrders(state)];
  const ownRows = own.map((o) => {
    const slices = o.twap && slicesDue(o, state.timeMs);
    return [o.id, o.state, o.price, o.remaining, o.shown, o.traded, o.linked, slices].join();
  });
  const engineRows = engine.map((o) => {
    const traded = o.sizeLots - o.remainingLots;
    const { orderId, state: where, priceTicks, remainingLots, shownLots, linkedOrderId, twap } = o;
    return [orderId, where, priceTicks, remainingLots, shownLots, traded, linkedOrderId, twap?.slicesDone].join();
  });
  // The comparison that explains itself is dear.
  if (ownRows.join(' ') !== engineRows.join(' ')) expect(engineRows).toEqual(ownRows);
  const ownPlaces = own.filter((o) => o.place !== 0 && o.state === 'resting').sort((a, b) => a.place - b.place);
  const places = engine.filter((o) => o.queuePlace !== 0).sort((a, b) => a.queuePlace - b.queuePlace);
  const [ownQueue, queue] = [ownPlaces.map((o) => o.id), places.map((o) => o.orderId as number)];
  if (ownQueue.join() !== queue.join()) expect(queue, 'the order of the queue').toEqual(ownQueue);
  for (const marketId of marketIds) compareBook(state, orders, marketId);
}

function compareBook(state: EngineState, orders: AuditedOrders, marketId: MarketId): void {
  const { bids, asks } = readBook(state, marketId);
  for (const [side, levels] of [
    ['buy', bids],
    ['sell', asks],
  ] as const) {
    const shown = new Map<number, number>();
    for (const o of orders.resting(marketId, side)) shown.set(o.price, (shown.get(o.price) ?? 0) + o.shown);
    const own = [...shown].sort(([a], [b]) => (side === 'buy' ? b - a : a - b));
    const engine = levels.map(({ priceTicks, lots }) => [priceTicks, lots]);
    if (own.join(' ') !== engine.join(' ')) expect(engine, `levels of market ${marketId}`).toEqual(own);
  }
}
