import { emptyNode } from './emptyNode.ts';
import { handOver } from './handOver.ts';
import { killLeader } from './killLeader.ts';
import { rollingRestart } from './rollingRestart.ts';
import { storeMembers } from './storeMembers.ts';

const row = [killLeader, storeMembers, handOver, rollingRestart, emptyNode].find((r) => r.name === process.argv[2])!;
const result = await row.run({ count: Number(process.argv[3] ?? 3), progress: (d, o, w) => console.log(d, o, w) });
console.log(result);
