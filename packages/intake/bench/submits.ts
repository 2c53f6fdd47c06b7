import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { type PlaceOrder, toMarketId } from '@keel/types';
import { IntakeClient } from '../src/index.ts';

/** Placed orders through a server in a process of its own, with replies of two events, some of them in flight. */
const ORDERS = 100_000;
const IN_FLIGHT = 500;
const TOKEN = 'b'.repeat(64);

const order: PlaceOrder = {
  kind: 'placeOrder',
  auth: {
    owner: `0x${'11'.repeat(20)}`,
    signer: `0x${'22'.repeat(20)}`,
    subaccount: 0,
    nonce: 1_700_000_000_000,
    expiresAfterMs: 1_700_000_060_000,
    signature: `0x${'33'.repeat(65)}`,
  },
  marketId: toMarketId(1),
  side: 'buy',
  orderType: 'limit',
  timeInForce: 'gtc',
  priceTicks: 221_965,
  sizeLots: 150_000,
  reduceOnly: false,
  clientOrderId: 'maker-7-000123',
  expiresAtMs: 0,
  displayLots: 0,
  selfTrade: 'expireMaker',
  selfTradeScope: 'account',
  trigger: undefined,
  attached: undefined,
};

async function submitAll(client: IntakeClient, orders: number): Promise<number[]> {
  const latenciesMs: number[] = [];
  let left = orders;
  const lane = async () => {
    while (left-- > 0) {
      const start = performance.now();
      await client.submit(order);
      latenciesMs.push(performance.now() - start);
    }
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, lane));
  return latenciesMs.sort((a, b) => a - b);
}

const child = spawn(process.execPath, [join(import.meta.dirname, 'server.ts'), TOKEN], {
  stdio: ['ignore', 'pipe', 'inherit'],
});
const [line] = (await once(child.stdout, 'data')) as [Buffer];
const client = new IntakeClient({ url: `ws://127.0.0.1:${Number(line)}`, token: TOKEN, role: 'gateway' });
await client.ready();
await submitAll(client, ORDERS / 10);
const start = performance.now();
const latenciesMs = await submitAll(client, ORDERS);
const seconds = (performance.now() - start) / 1000;
const quantile = (part: number) => latenciesMs[Math.floor(latenciesMs.length * part)]?.toFixed(2);
process.stdout.write(
  `${Math.round(ORDERS / seconds).toLocaleString('en-US')} submits/s with ${IN_FLIGHT} in flight, ` +
    `p50 ${quantile(0.5)} ms, p99 ${quantile(0.99)} ms\n`,
);
await client.close();
child.kill();
