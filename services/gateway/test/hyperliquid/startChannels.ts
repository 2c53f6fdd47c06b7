import { expect } from 'vitest';
import { type Exchange, startExchange, until } from '../startExchange.ts';
import { infoFlush } from './infoData.ts';
import { openHyperliquidSocket } from './openHyperliquidSocket.ts';

/** A gateway whose channels are at the flush that the tests of /info read. */
export async function startChannels(): Promise<Exchange> {
  const exchange = await startExchange();
  expect(await exchange.writer.write(infoFlush())).toBe('written');
  await until(async () => (await exchange.post('/info', { type: 'l2Book', coin: 'ETH' })).text !== 'null');
  await channelsAt(exchange, 2);
  return exchange;
}

/** Waits until the gateway's channels are at that flush. */
export async function channelsAt({ port }: Exchange, sequence: number): Promise<void> {
  await until(async () => {
    const client = await openHyperliquidSocket(port);
    await client.subscribe({ type: 'allMids' });
    await client.data('allMids', 1);
    client.socket.terminate();
    return client.heard.some(({ seq }) => seq === sequence);
  });
}

/** What /info answers. */
export async function askInfo(exchange: Exchange, body: object): Promise<unknown> {
  return JSON.parse((await exchange.post('/info', body)).text) as unknown;
}
