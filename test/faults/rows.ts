import { disks } from './disks.ts';
import { emptyNode } from './emptyNode.ts';
import { frozenLeader } from './frozenLeader.ts';
import { handOver } from './handOver.ts';
import { killLeader } from './killLeader.ts';
import { readModelLost } from './readModelLost.ts';
import { rollingRestart } from './rollingRestart.ts';
import { rollingUpgrade } from './rollingUpgrade.ts';
import type { Row } from './row.ts';
import { storeFull } from './storeFull.ts';
import { storeLost } from './storeLost.ts';
import { storeMembers } from './storeMembers.ts';

/** The table, in order. */
export const ROWS: readonly Row[] = [
  killLeader,
  storeMembers,
  handOver,
  readModelLost,
  frozenLeader,
  disks,
  storeFull,
  rollingRestart,
  rollingUpgrade,
  emptyNode,
  storeLost,
];
