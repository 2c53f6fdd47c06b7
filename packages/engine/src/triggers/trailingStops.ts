import type { OrderId, PriceTicks } from '@keel/types';
import type { OrderRecord } from '../orders/orderRecord.ts';
import type { EngineState, MarketState } from '../state.ts';
import { addToQueue, createQueue, dropFirst, firstId, firstKey, type IdQueue } from '../timers/idQueue.ts';

/**
 * Waiting trailing stops of one side of a market. Those that have seen the same best mark stand together: when the mark
 * passes it, all of them have the new one, and nobody has to touch each. Marks count as the side likes them: a sell's as
 * they are, a buy's negated, so that the higher is the better.
 *
 * Who came later has seen no better mark than who came before. So the groups stand in a row of falling best marks, and an
 * order joins or opens the last. Orders that are over stay until they come first, or until half of all are.
 */
export interface TrailingStops {
  readonly groups: TrailingGroup[];
  entries: number;
}

interface TrailingGroup {
  best: number;
  /** By distance, the closest first. */
  readonly byTrail: IdQueue;
}

export function createTrailing(): TrailingStops {
  return { groups: [], entries: 0 };
}

/** Lets a trailing stop that has seen `bestTicks` at best follow the mark. Nobody here may have seen worse. */
export function addTrailing(state: EngineState, order: OrderRecord, bestTicks: PriceTicks): void {
  const { side, orderId, trigger, holding } = order;
  const stops = side === 'sell' ? holding.market.trailingSells : holding.market.trailingBuys;
  const best = side === 'sell' ? bestTicks : -bestTicks;
  if (stops.entries > 2 * state.waiting.size + 64) sweep(state, stops);
  if (stops.groups.at(-1)?.best !== best) stops.groups.push({ best, byTrail: createQueue() });
  addToQueue(stops.groups.at(-1)!.byTrail, trigger!.trailTicks, orderId);
  stops.entries += 1;
}

/** Moves the best marks to the market's new mark, and takes out the orders that it has fallen far enough behind. */
export function takeTrailing(state: EngineState, market: MarketState, met: OrderRecord[]): void {
  raiseBest(state, market.trailingSells, market.markTicks);
  raiseBest(state, market.trailingBuys, -market.markTicks);
  takeBehind(state, market.trailingSells, market.markTicks, met);
  takeBehind(state, market.trailingBuys, -market.markTicks, met);
}

export interface FollowingStop {
  readonly orderId: OrderId;
  /** Best mark it has seen. */
  readonly bestTicks: PriceTicks;
}

/** Every trailing stop that still follows its market's mark, by id. */
export function listTrailing(state: EngineState): FollowingStop[] {
  const all: FollowingStop[] = [];
  for (const { trailingSells, trailingBuys } of state.markets) {
    for (const { best, byTrail } of [...trailingSells.groups, ...trailingBuys.groups]) {
      for (const id of byTrail.ids) {
        const orderId = id as OrderId;
        if (state.waiting.has(orderId)) all.push({ orderId, bestTicks: Math.abs(best) });
      }
    }
  }
  return all.sort((a, b) => a.orderId - b.orderId);
}

function raiseBest(state: EngineState, stops: TrailingStops, mark: number): void {
  const { groups } = stops;
  let passed: IdQueue | undefined;
  while (groups.length > 0 && groups.at(-1)!.best <= mark) {
    const { byTrail } = groups.pop()!;
    passed = passed === undefined ? byTrail : merge(state, stops, passed, byTrail);
  }
  if (passed !== undefined) groups.push({ best: mark, byTrail: passed });
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
  const { groups } = stops;
  let kept = 0;
  for (const group of groups) {
    const { best, byTrail } = group;
    while (firstKey(byTrail) <= best - mark) {
      const order = state.waiting.get(firstId(byTrail) as OrderId);
      dropFirst(byTrail);
      stops.entries -= 1;
      if (order !== undefined) met.push(order);
    }
    if (byTrail.ids.length === 0) continue;
    groups[kept] = group;
    kept += 1;
  }
  groups.length = kept;
}

/** Drops the entries of orders that are over, once they may be more than half: so each costs a fixed part of a sweep. */
function sweep(state: EngineState, stops: TrailingStops): void {
  const { groups } = stops;
  let kept = 0;
  stops.entries = 0;
  for (const { best, byTrail } of groups) {
    const left = createQueue();
    for (const [place, id] of byTrail.ids.entries()) {
      if (state.waiting.has(id as OrderId)) addToQueue(left, byTrail.keys[place]!, id);
    }
    if (left.ids.length === 0) continue;
    groups[kept] = { best, byTrail: left };
    kept += 1;
    stops.entries += left.ids.length;
  }
  groups.length = kept;
}
