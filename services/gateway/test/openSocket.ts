import { once } from 'node:events';
import { WebSocket } from 'ws';
import { until } from './startExchange.ts';

/** A client that keeps everything it heard. */
export interface TestSocket {
  readonly socket: WebSocket;
  // biome-ignore lint/suspicious/noExplicitAny: frames of every channel, looked into by tests
  readonly heard: any[];
  send(frame: unknown): void;
  /** Sends a request and waits for its answer. */
  // biome-ignore lint/suspicious/noExplicitAny: as above
  ask(method: string, params?: object): Promise<any>;
  // biome-ignore lint/suspicious/noExplicitAny: as above
  frames(channel: string): any[];
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
      const answer = () => client.heard.find((message) => message.id === id);
      await until(() => answer() !== undefined);
      return answer();
    },
    frames: (channel) => client.heard.filter((message) => message.channel === channel),
  };
  socket.on('message', (data) => client.heard.push(JSON.parse(String(data))));
  socket.on('close', (code, reason) => {
    client.closed = { code, reason: String(reason) };
  });
  await once(socket, 'open');
  return client;
}
