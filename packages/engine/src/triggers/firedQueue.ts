import type { OrderId } from '@keel/types';
import type { OrderRecord } from '../orders/orderRecord.ts';
import { triggersWait } from '../prices/resumeStage.ts';
import type { EngineState } from '../state.ts';
import { addToQueue, createQueue, dropFirst, firstId, type IdQueue } from '../timers/idQueue.ts';

/**
 * The trigger of a waiting order was met: its turn comes after all those that were met before. Its leaf stays as it is,
 * so that a mark which meets very many costs little; that it was met follows from the marks in the log.
 */
export function queueFired(state: EngineState, order: OrderRecord): void {
  order.fired = true;
  addToQueue(queueOf(state, order), state.nextFiring, order.orderId);
  state.nextFiring += 1;
}

/** Takes the order out whose turn it is; undefined when none is left. Those of markets in a halt, and on the way back from one, have no turn. */
export function takeFired(state: EngineState): OrderRecord | undefined {
  const { fired, waiting } = state;
  while (fired.ids.length > 0) {
    const order = waiting.get(firstId(fired) as OrderId);
    dropFirst(fired);
    // One that was cancelled since is gone.
    if (order !== undefined) return order;
  }
  return undefined;
}

/** After a market's triggers began or ceased to wait: each fired order goes where it now belongs, and keeps its turn. */
export function sortFired(state: EngineState): void {
  const all = createQueue();
  move(state.fired, all);
  move(state.firedInHalted, all);
  for (const [place, id] of all.ids.entries()) {
    const order = state.waiting.get(id as OrderId);
    if (order !== undefined) addToQueue(queueOf(state, order), all.keys[place]!, id);
  }
}

/** All fired orders that were not carried out yet, those that wait for the end of a halt too, in the order of their turns. */
export function listFired(state: EngineState): OrderId[] {
  const turns: { turn: number; orderId: OrderId }[] = [];
  for (const queue of [state.fired, state.firedInHalted]) {
    for (const [place, id] of queue.ids.entries()) {
      if (state.waiting.has(id as OrderId)) turns.push({ turn: queue.keys[place]!, orderId: id as OrderId });
    }
  }
  return turns.sort((a, b) => a.turn - b.turn).map(({ orderId }) => orderId);
}

function queueOf(state: EngineState, { holding }: OrderRecord): IdQueue {
  return triggersWait(holding.market) ? state.firedInHalted : state.fired;
}

function move(from: IdQueue, to: IdQueue): void {
  for (const [place, id] of from.ids.entries()) {
    to.ids.push(id);
    to.keys.push(from.keys[place]!);
  }
  from.ids.length = 0;
  from.keys.length = 0;
}
