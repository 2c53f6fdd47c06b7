import { emptyNode } from './emptyNode.ts';
import { frozenLeader } from './frozenLeader.ts';
import { handOver } from './handOver.ts';
import { killLeader } from './killLeader.ts';
import { rollingRestart } from './rollingRestart.ts';
import type { Row } from './row.ts';
import { storeMembers } from './storeMembers.ts';

/** The table, in order. */
export const ROWS: readonly Row[] = [killLeader, storeMembers, handOver, frozenLeader, rollingRestart, emptyNode];
