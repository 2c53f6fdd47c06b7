import type { FaultKind } from './faults.ts';
import type { World } from './world.ts';

/** What is changed, and the faults under which it shows soonest. */
export interface Mutation {
  readonly change: (world: World) => void;
  readonly kinds: readonly FaultKind[];
}

/** Appends are on their way for long when something happens to their leader. */
function beLate(world: World): void {
  for (const { name } of world.machines) Object.assign(world.storeLink(name).mood, { late: 0.5, lateMs: 900 });
}

/**
 * Things that a real store, disk, clock or Redis does not do, or that Keel must never be built without. With each of
 * them runs go wrong, and the checker must say so: a checker that finds nothing here finds nothing anywhere.
 */
export const MUTATIONS = {
  /** One transaction in fifty is answered as done and is not. */
  storeForgets: {
    change: ({ store }) => {
      store.lies.forgets = 0.02;
    },
    kinds: ['kill'],
  },
  /** Appends are not fenced by the leader key. */
  leaderIsNotChecked: {
    change: (world) => {
      world.store.lies.leaderConditionHolds = true;
      beLate(world);
    },
    kinds: ['kill'],
  },
  /** A height that is taken can be taken again. */
  heightIsNotChecked: {
    change: ({ store }) => {
      store.lies.overwrites = true;
    },
    kinds: ['storeSlow', 'storeLossy'],
  },
  /** Each node's monotonic clock stands still, so that a lease is trusted that is long over. */
  leaseIsNotChecked: {
    change: (world) => {
      const { machines, scheduler } = world;
      beLate(world);
      const standStill = (): void => {
        for (const { clock } of machines) clock.monotonicOffsetMs -= 50;
        scheduler.worldAfter(50, standStill);
      };
      standStill();
    },
    kinds: ['stopped'],
  },
  /** Every disk says that it has synced and has not. */
  disksLie: {
    change: ({ machines }) => {
      for (const { disk } of machines) disk.mood.lies = true;
    },
    kinds: ['blackout'],
  },
  /** Redis takes writes of leaders that are none any more. */
  redisIsNotFenced: {
    change: ({ redis }) => {
      redis.fenced = false;
    },
    kinds: ['redisAway', 'handOver'],
  },
} as const satisfies Record<string, Mutation>;

export type MutationName = keyof typeof MUTATIONS;
