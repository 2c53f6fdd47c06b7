import type { World } from './world.ts';

/**
 * Things that a real store, disk, clock or Redis does not do, or that Keel must never be built without. With each of
 * them runs go wrong, and the checker must say so: a checker that finds nothing here finds nothing anywhere.
 */
export const MUTATIONS = {
  /** One transaction in fifty is answered as done and is not. */
  storeForgets: (world: World) => {
    world.store.lies.forgets = 0.02;
  },
  /** Appends are not fenced by the leader key. */
  leaderIsNotChecked: (world: World) => {
    world.store.lies.leaderConditionHolds = true;
  },
  /** A height that is taken can be taken again. */
  heightIsNotChecked: (world: World) => {
    world.store.lies.overwrites = true;
  },
  /** Each node's monotonic clock stands still for seconds, so that a lease is trusted that is long over. */
  leaseIsNotChecked: (world: World) => {
    const back = (): void => {
      for (const { clock } of world.machines) clock.monotonicOffsetMs -= 250;
      world.scheduler.worldAfter(250, back);
    };
    back();
  },
  /** Every disk says that it has synced and has not. */
  disksLie: (world: World) => {
    for (const { disk } of world.machines) disk.mood.lies = true;
  },
  /** Redis takes writes of leaders that are none any more. */
  redisIsNotFenced: (world: World) => {
    world.redis.fenced = false;
  },
} as const;

export type Mutation = keyof typeof MUTATIONS;
