import { killLeader } from './killLeader.ts';
const result = await killLeader.run({ count: Number(process.argv[2] ?? 3), progress: (d, o, w) => console.log(d, o, w) });
console.log(result);
