import type { OrderId, PriceTicks } from '@keel/types';
import type { OrderRecord } from '../orders/orderRecord.ts';
import type { EngineState, MarketState } from '../state.ts';
import { addToQueue, createQueue, dropFirst, firstId, firstKey, type IdQueue } from '../timers/idQueue.ts';

/**
 * Waiting trailing stops of one side of a market. Those that have seen the same best mark stand together: when the mark
 * passes it, all of them have the new one, and nobody has to touch each. Marks count as the side likes them: a sell's as
 * they are, a buy's negated, so that the higher is the better.
 *
 * Who came later has seen no better mark than who came before, so the groups stand in a row of falling best marks, and
 * an order joins or opens the last. Orders that are over stay until they come first, or until half of all are over.
 */
export interface TrailingStops {
  /** Best mark of each group. */
  readonly bests: number[];
  /** Orders of each group by their distance. */
  readonly groups: IdQueue[];
  entries: number;
}

export function createTrailing(): TrailingStops {
  return { bests: [], groups: [], entries: 0 };
}

/** Lets a trailing stop that has seen `bestTicks` at best follow the mark. Nobody here may have seen worse. */
export function addTrailing(state: EngineState, order: OrderRecord, bestTicks: PriceTicks): void {
  const stops = stopsOf(order);
  const best = order.side === 'sell' ? bestTicks : -bestTicks;
  if (stops.entries > 2 * state.waiting.size + 64) sweep(state, stops);
  const { bests, groups } = stops;
  if (bests.at(-1) !== best) {
    bests.push(best);
    groups.push(createQueue());
  }
  addToQueue(groups.at(-1)!, order.trigger!.trailTicks, order.orderId);
  stops.entries += 1;
}

/** Moves the best marks to the market's new mark, or takes out the orders that it has fallen behind far enough. */
export function takeTrailing(state: EngineState, market: MarketState, met: OrderRecord[]): void {
  raiseBest(state, market.trailingSells, market.markTicks);
  raiseBest(state, market.trailingBuys, -market.markTicks);
  takeBehind(state, market.trailingSells, market.markTicks, met);
  takeBehind(state, market.trailingBuys, -market.markTicks, met);
}

/** Every trailing stop that still follows its market's mark, with the best it has seen, by id. */
export function listTrailing(state: EngineState): { orderId: OrderId; bestTicks: PriceTicks }[] {
  const all: { orderId: OrderId; bestTicks: PriceTicks }[] = [];
  for (const market of state.markets) {
    for (const stops of [market.trailingSells, market.trailingBuys]) {
      for (const [place, { ids }] of stops.groups.entries()) {
        const bestTicks = Math.abs(stops.bests[place]!);
        for (const id of ids) if (state.waiting.has(id as OrderId)) all.push({ orderId: id as OrderId, bestTicks });
      }
    }
  }
  return all.sort((a, b) => a.orderId - b.orderId);
}

function stopsOf({ holding, side }: OrderRecord): TrailingStops {
  return side === 'sell' ? holding.market.trailingSells : holding.market.trailingBuys;
}

function raiseBest(state: EngineState, stops: TrailingStops, mark: number): void {
  const { bests, groups } = stops;
  let passed: IdQueue | undefined;
  while (bests.length > 0 && bests.at(-1)! <= mark) {
    bests.pop();
    const group = groups.pop()!;
    passed = passed === undefined ? group : merge(state, stops, passed, group);
  }
  if (passed === undefined) return;
  bests.push(mark);
  groups.push(passed);
}

/** The smaller goes into the larger: so an order moves only as often as its group doubles. */
function merge(state: EngineState, stops: TrailingStops, a: IdQueue, b: IdQueue): IdQueue {
  const [small, large] = a.ids.length < b.ids.length ? [a, b] : [b, a];
  for (const [place, id] of small.ids.entries()) {
    if (state.waiting.has(id as OrderId)) addToQueue(large, small.keys[place]!, id);
    else stops.entries -= 1;
  }
  return large;
}

/** Looks at each group once; there are no more of them than marks since the best one. */
function takeBehind(state: EngineState, stops: TrailingStops, mark: number, met: OrderRecord[]): void {
  const { bests, groups } = stops;
  let kept = 0;
  for (const [place, group] of groups.entries()) {
    const best = bests[place]!;
    while (firstKey(group) <= best - mark) {
      const order = state.waiting.get(firstId(group) as OrderId);
      dropFirst(group);
      stops.entries -= 1;
      if (order !== undefined) met.push(order);
    }
    if (group.ids.length === 0) continue;
    bests[kept] = best;
    groups[kept] = group;
    kept += 1;
  }
  bests.length = kept;
  groups.length = kept;
}

/** Drops the entries of orders that are over, once they may be more than half: so each costs a fixed part of a sweep. */
function sweep(state: EngineState, stops: TrailingStops): void {
  const { bests, groups } = stops;
  let keptGroups = 0;
  stops.entries = 0;
  for (const [place, { keys, ids }] of groups.entries()) {
    const left = createQueue();
    for (const [entry, id] of ids.entries()) if (state.waiting.has(id as OrderId)) addToQueue(left, keys[entry]!, id);
    if (left.ids.length === 0) continue;
    bests[keptGroups] = bests[place]!;
    groups[keptGroups] = left;
    keptGroups += 1;
    stops.entries += left.ids.length;
  }
  bests.length = keptGroups;
  groups.length = keptGroups;
}
