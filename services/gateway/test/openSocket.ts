import { once } from 'node:events';
import { WebSocket } from 'ws';
import { until } from './startExchange.ts';

/** An answer or a frame; its fields are checked by the tests that look at them. */
export interface Heard {
  readonly id?: string | number | null;
  readonly error: { readonly code: string; readonly details: Record<string, unknown> } | undefined;
  readonly result: { readonly timeMs: number; readonly status: string };
  readonly channel?: string;
  readonly type: 'snapshot' | 'update';
  readonly seq: number;
  readonly prevSeq?: number;
  readonly ts: number;
  readonly data: {
    readonly bids: readonly (readonly [string, string])[];
    readonly markets: readonly unknown[];
    readonly liquidations: readonly unknown[];
    readonly batches: readonly unknown[];
    readonly counters: { readonly trades: number };
  };
}

/** A client that keeps everything it heard. */
export interface TestSocket {
  readonly socket: WebSocket;
  readonly heard: Heard[];
  send(frame: unknown): void;
  /** Sends a request and waits for its answer. */
  ask(method: string, params?: object): Promise<Heard>;
  frames(channel: string): Heard[];
  closed: { code: number; reason: string } | undefined;
}

export async function openSocket(port: number): Promise<TestSocket> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/v1/ws`);
  let nextId = 1_000;
  const client: TestSocket = {
    socket,
    heard: [],
    closed: undefined,
    send: (frame) => socket.send(typeof frame === 'string' ? frame : JSON.stringify(frame)),
    ask: async (method, params = {}) => {
      const id = nextId++;
      client.send({ id, method, params });
      let answer: Heard | undefined;
      await until(() => {
        answer = client.heard.find((message) => message.id === id);
        return answer !== undefined;
      });
      return answer as unknown as Heard;
    },
    frames: (channel) => client.heard.filter((message) => message.channel === channel),
  };
  socket.on('message', (data) => client.heard.push(JSON.parse(String(data)) as Heard));
  socket.on('close', (code, reason) => {
    client.closed = { code, reason: String(reason) };
  });
  await once(socket, 'open');
  return client;
}
