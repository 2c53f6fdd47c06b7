/**
 * What the gateway takes and gives: signed orders a second end to end over each way in (signature, sequencer, journal with
 * fdatasync, engine, and back), the part of its processor time that signatures are, and deliveries of one book to many
 * subscribers. The load has its own process; a bare server gets the same in the same run, as the yardstick.
 *
 *   npm run -s bench:gateway -- [--accounts 16] [--orders 1000] [--windows 1,16,64] [--subscribers 1000,10000] [--seconds 5] [--json]
 *
 * A window is how many orders each account keeps unanswered.
 */
import { addressOfKey } from '@keel/signing';
import type { Hex } from '@keel/types';
import { startChild } from '../../e2e/childProcess.ts';
import { waitFor } from '../../e2e/waitFor.ts';
import { CHAIN_ID, SETTLEMENT, startDoor } from '../../gateway/startDoor.ts';
import { readOptions } from '../../readOptions.ts';
import { measureFeeds } from './measureFeeds.ts';
import { measureOrders } from './measureOrders.ts';
import { printFeeds, printOrders } from './print.ts';

const values = readOptions('bench:gateway', {
  accounts: { type: 'string', default: '16' },
  orders: { type: 'string', default: '1000' },
  windows: { type: 'string', default: '1,16,64' },
  subscribers: { type: 'string', default: '1000,10000' },
  seconds: { type: 'string', default: '5' },
  json: { type: 'boolean', default: false },
});
const numbers = (text: string): number[] => text.split(',').filter(Boolean).map(Number);
const keys = Array.from(
  { length: Number(values.accounts) },
  (_item, at): Hex => `0x${String(at + 1).padStart(64, '0')}`,
);
const subscribers = numbers(values.subscribers);
const note = (text: string): void => void process.stderr.write(`${text}\n`);

const door = await startDoor({
  gateway: {
    KEEL_RATE_PER_MINUTE: '10000000',
    KEEL_WS_MESSAGES_PER_SECOND: '100000',
    KEEL_WS_CLIENTS: String(Math.max(2_000, ...subscribers.map((count) => count + 100))),
    KEEL_WS_CLIENTS_PER_ADDRESS: '100000',
    KEEL_LOG_LEVEL: 'warn',
  },
});
const bare = startChild('bare', process.execPath, [new URL('bareServer.ts', import.meta.url).pathname], {});
const price = setInterval(() => void door.price(1, 600_000), 1_000);
try {
  await door.price(1, 600_000);
  for (const key of keys) await door.deposit(addressOfKey(key), 1_000_000_000_000);
  const bareUrl = `http://127.0.0.1:${await waitFor('the bare server', () => bare.output().trim() || undefined)}`;
  const venue = { url: door.url, bareUrl, chainId: CHAIN_ID, settlement: SETTLEMENT, keys, note };
  const orders = await measureOrders(venue, { ordersPerKey: Number(values.orders), windows: numbers(values.windows) });
  const feeds = await measureFeeds(venue, { subscribers, seconds: Number(values.seconds) });
  if (values.json) {
    const commitPolicy = 'fdatasync before every acknowledgement, grouped';
    process.stdout.write(`${JSON.stringify({ node: process.version, commitPolicy, orders, feeds })}\n`);
  } else process.stdout.write(`${printOrders(orders)}\n${printFeeds(feeds)}`);
} finally {
  clearInterval(price);
  await bare.stop();
  await door.stop();
}
