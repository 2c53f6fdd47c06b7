/**
 * Load process of bench:gateway: prepares what its argument asks for, says so, and runs it once for each line that it
 * hears. Its work is not counted as the exchange's.
 */
import { createInterface } from 'node:readline';
import { prepareFeed } from './feedLoad.ts';
import type { FeedPlan, OrderPlan } from './loadPlan.ts';
import { prepareOrders } from './orderLoad.ts';

const plan = JSON.parse(process.argv[2] ?? '') as OrderPlan | FeedPlan;
const run: (line: string) => Promise<object> =
  plan.kind === 'feed'
    ? await prepareFeed(plan)
    : (
        (prepared) => (line: string) =>
          prepared(line === 'bare' ? 'bare' : 'exchange')
      )(prepareOrders(plan));
const say = (what: object): void => void process.stdout.write(`${JSON.stringify(what)}\n`);
say({ ready: true });
for await (const line of createInterface({ input: process.stdin })) {
  if (line === 'end') break;
  say(await run(line));
}
process.exit(0);
