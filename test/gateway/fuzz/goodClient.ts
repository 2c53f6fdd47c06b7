/**
 * A client that does nothing wrong, beside those that do nothing right: rests an order, reads its account and cancels, again and
 * again until its standard input ends. Prints one JSON line with what took how long.
 */
import { KeelClient, KeelError } from '@keel/client';
import type { Hex } from '@keel/types';

export interface GoodClientResult {
  readonly rounds: number;
  /** Milliseconds from asking to the answer, of every request. */
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
  /** Refusals by their code: a busy machine has no fresh price now and then. */
  readonly refused: Readonly<Record<string, number>>;
  /** What was no answer. */
  readonly faults: readonly string[];
}

const PAUSE_MS = 50;
const [url = '', privateKey = ''] = process.argv.slice(2);
const client = new KeelClient({ url, privateKey: privateKey as Hex, timeoutMs: 30_000 });
const tookMs: number[] = [];
const faults: string[] = [];
const refused: Record<string, number> = {};
let goesOn = true;
let rounds = 0;
process.stdin.on('end', () => {
  goesOn = false;
});
process.stdin.resume();

async function timed<Answer>(request: Promise<Answer>): Promise<Answer> {
  const begin = performance.now();
  const answer = await request;
  tookMs.push(performance.now() - begin);
  return answer;
}

while (goesOn) {
  try {
    const order = { market: 'ETH-USD', side: 'buy', size: '0.1', price: '2900', timeInForce: 'postOnly' } as const;
    const { orderId } = await timed(client.placeOrder(order, { over: 'ws' }));
    await timed(client.account());
    await timed(client.cancelOrder(orderId, { over: 'ws' }));
    rounds += 1;
  } catch (fault) {
    // Of codes that the client makes itself there is no number.
    if (fault instanceof KeelError && fault.number !== undefined) refused[fault.code] = (refused[fault.code] ?? 0) + 1;
    else faults.push(String(fault));
  }
  await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
}
client.close();
const sorted = tookMs.toSorted((a, b) => a - b);
const at = (part: number): number => Math.round(sorted[Math.ceil(sorted.length * part) - 1] ?? Number.NaN);
const result: GoodClientResult = {
  rounds,
  p50: at(0.5),
  p99: at(0.99),
  max: at(1),
  refused,
  faults: faults.slice(0, 5),
};
process.stdout.write(`${JSON.stringify(result)}\n`, () => process.exit(0));
