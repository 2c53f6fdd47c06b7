import { Agent, request } from 'node:http';
import { DOOR_PROTOBUF, decodeDoorMessage, encodeDoorRequest } from '@keel/codec/door';
import { WebSocket } from 'ws';
import { createLatency } from './latency.ts';
import type { OrderPath, OrderPlan, OrderResult } from './loadPlan.ts';
import { signOrders } from './signFrames.ts';

/** Asks with one message and says how it was answered: undefined, or a code. */
type Ask = (message: string | Uint8Array, id: number) => Promise<string | undefined>;
interface Line {
  readonly ask: Ask;
  readonly close: () => void;
}

/** Everything is signed and written before the clock starts: what is measured is the exchange, not who trades there. */
export function prepareOrders(plan: OrderPlan): (target: 'exchange' | 'bare') => Promise<OrderResult> {
  const { chainId, settlement } = plan;
  const bodies = plan.keys.map((key, account) =>
    signOrders({ chainId, settlement, key }, plan.ordersPerKey, account).map((body, id) =>
      MESSAGES[plan.path](body, id),
    ),
  );
  return (target) => drive(plan, plan.urls[target], bodies);
}

const MESSAGES: Readonly<Record<OrderPath, (body: object, id: number) => string | Uint8Array>> = {
  websocketJson: (params, id) => JSON.stringify({ id, method: 'order.place', params }),
  websocketBinary: (params, id) => encodeDoorRequest({ id, method: 'order.place', params }),
  rest: (body) => JSON.stringify(body),
};

async function drive(plan: OrderPlan, url: string, bodies: readonly (string | Uint8Array)[][]): Promise<OrderResult> {
  const { path, window } = plan;
  const open = () => (path === 'rest' ? openRest(url, window) : openSocket(url, path === 'websocketBinary'));
  const lines = await Promise.all(bodies.map(open));
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
async function openSocket(url: string, binary: boolean): Promise<Line> {
  const socket = new WebSocket(url, binary ? [DOOR_PROTOBUF] : [], { perMessageDeflate: false });
  const waiting = new Map<number, (code: string | undefined) => void>();
  await new Promise<void>((resolve, reject) => {
    socket.once('open', () => resolve());
    socket.once('error', reject);
  });
  socket.on('message', (data: Buffer) => {
    const message = binary ? decodeDoorMessage(data) : (JSON.parse(data.toString()) as object);
    const { id, error } = message as { id: number; error?: { code: string } };
    waiting.get(id)?.(error?.code);
    waiting.delete(id);
  });
  socket.on('close', (code) => {
    for (const answer of waiting.values()) answer(`closed ${code}`);
  });
  return {
    ask: (message, id) =>
      new Promise((resolve) => {
        waiting.set(id, resolve);
        socket.send(message);
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
