import { Agent, request } from 'node:http';
import { WebSocket } from 'ws';
import { createLatency } from './latency.ts';
import type { OrderPlan, OrderResult } from './loadPlan.ts';
import { signOrders } from './signFrames.ts';

/** Asks with one body and says how it was answered: undefined, or a code. */
type Ask = (body: string, id: number) => Promise<string | undefined>;
interface Line {
  readonly ask: Ask;
  readonly close: () => void;
}

/** Everything is signed before the clock starts: what is measured is the exchange, not who trades there. */
export function prepareOrders(plan: OrderPlan): (target: 'exchange' | 'bare') => Promise<OrderResult> {
  const { chainId, settlement } = plan;
  const bodies = plan.keys.map((key, account) =>
    signOrders({ chainId, settlement, key }, plan.ordersPerKey, account).map((body) => JSON.stringify(body)),
  );
  return (target) => drive(plan, plan.urls[target], bodies);
}

async function drive(plan: OrderPlan, url: string, bodies: readonly string[][]): Promise<OrderResult> {
  const open = plan.path === 'rest' ? openRest : openSocket;
  const lines = await Promise.all(bodies.map(() => open(url, plan.window)));
  const latency = createLatency();
  const refused: Record<string, number> = {};
  const begin = performance.now();
  await Promise.all(
    lines.map(async ({ ask }, account) => {
      const mine = bodies[account] ?? [];
      let next = 0;
      const worker = async (): Promise<void> => {
        for (let id = next++; id < mine.length; id = next++) {
          const sentMs = performance.now();
          const code = await ask(mine[id] ?? '', id);
          latency.record(performance.now() - sentMs);
          if (code !== undefined) refused[code] = (refused[code] ?? 0) + 1;
        }
      };
      await Promise.all(Array.from({ length: plan.window }, worker));
    }),
  );
  const seconds = (performance.now() - begin) / 1_000;
  for (const { close } of lines) close();
  const orders = plan.keys.length * plan.ordersPerKey;
  return { orders, refused, seconds, perSecond: Math.round(orders / seconds), ackMs: latency.read() };
}

/** One connection an account, answers told apart by id. */
async function openSocket(url: string): Promise<Line> {
  const socket = new WebSocket(url, { perMessageDeflate: false });
  const waiting = new Map<number, (code: string | undefined) => void>();
  await new Promise<void>((resolve, reject) => {
    socket.once('open', () => resolve());
    socket.once('error', reject);
  });
  socket.on('message', (data: Buffer) => {
    const { id, error } = JSON.parse(data.toString()) as { id: number; error?: { code: string } };
    waiting.get(id)?.(error?.code);
    waiting.delete(id);
  });
  socket.on('close', (code) => {
    for (const answer of waiting.values()) answer(`closed ${code}`);
  });
  return {
    ask: (body, id) =>
      new Promise((resolve) => {
        waiting.set(id, resolve);
        socket.send(`{"id":${id},"method":"order.place","params":${body}}`);
      }),
    close: () => socket.terminate(),
  };
}

/** HTTP answers in order, so an account has a connection for each order that it keeps unanswered. */
async function openRest(url: string, window: number): Promise<Line> {
  const agent = new Agent({ keepAlive: true, maxSockets: window });
  const ask: Ask = (body) =>
    new Promise((resolve, reject) => {
      const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
      const asked = request(`${url}/v1/orders`, { method: 'POST', agent, headers }, (answer) => {
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.on('end', () => {
          const { code } = JSON.parse(Buffer.concat(chunks).toString()) as { code?: string };
          resolve(answer.statusCode === 200 ? undefined : (code ?? String(answer.statusCode)));
        });
      });
      asked.on('error', reject);
      asked.end(body);
    });
  return { ask, close: () => agent.destroy() };
}
