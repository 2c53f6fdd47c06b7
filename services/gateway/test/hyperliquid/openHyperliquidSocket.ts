import { once } from 'node:events';
import { WebSocket } from 'ws';
import { until } from '../startExchange.ts';

/** What a client of Hyperliquid's protocol hears; its fields are checked by the tests that look at them. */
export interface HyperliquidFrame {
  readonly channel: string;
  readonly data: unknown;
  readonly seq?: number;
}

/** A client that keeps everything it heard. */
export interface HyperliquidClient {
  readonly socket: WebSocket;
  readonly heard: HyperliquidFrame[];
  closed: { code: number; reason: string } | undefined;
  send(frame: unknown): void;
  /** Sends a subscription and waits until it is echoed. */
  subscribe(subscription: object): Promise<void>;
  /** Waits for so many frames of a channel; their data. */
  data(channel: string, count: number): Promise<unknown[]>;
  /** Sends a post and waits for the response of its answer. */
  post(id: number, request: unknown): Promise<unknown>;
}

export async function openHyperliquidSocket(port: number): Promise<HyperliquidClient> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/ws`);
  const client: HyperliquidClient = {
    socket,
    heard: [],
    closed: undefined,
    send: (frame) => socket.send(typeof frame === 'string' ? frame : JSON.stringify(frame)),
    subscribe: async (subscription) => {
      const echoes = client.heard.filter(({ channel }) => channel === 'subscriptionResponse').length;
      client.send({ method: 'subscribe', subscription });
      await client.data('subscriptionResponse', echoes + 1);
    },
    data: async (channel, count) => {
      const ofChannel = () => client.heard.filter((frame) => frame.channel === channel);
      await until(() => ofChannel().length >= count);
      return ofChannel().map(({ data }) => data);
    },
    post: async (id, request) => {
      client.send({ method: 'post', id, request });
      const isAnswer = ({ channel, data }: HyperliquidFrame) =>
        channel === 'post' && (data as { readonly id: number }).id === id;
      await until(() => client.heard.some(isAnswer));
      const answer = client.heard.find(isAnswer) as HyperliquidFrame;
      return (answer.data as { readonly response: unknown }).response;
    },
  };
  socket.on('message', (data) => client.heard.push(JSON.parse(String(data)) as HyperliquidFrame));
  socket.on('close', (code, reason) => {
    client.closed = { code, reason: String(reason) };
  });
  await once(socket, 'open');
  return client;
}
