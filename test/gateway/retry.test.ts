import { KeelClient, KeelError } from '@keel/client';
import { addressOfKey } from '@keel/signing';
import type { Hex } from '@keel/types';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { waitFor } from '../e2e/waitFor.ts';
import { type Door, startDoor } from './startDoor.ts';
import { Tap } from './tap.ts';

const ANN_KEY: Hex = `0x${'a1'.repeat(32)}`;
const ANN = addressOfKey(ANN_KEY);

const tap = new Tap();
let door: Door;
let ann: KeelClient;
beforeAll(async () => {
  door = await startDoor({ through: (port) => tap.open(port) });
  await door.deposit(ANN, 10_000_000_000);
  ann = new KeelClient({ url: door.url, privateKey: ANN_KEY, timeoutMs: 30_000 });
}, 60_000);
afterAll(async () => {
  ann.close();
  await door.stop();
  tap.close();
});

interface SequencerStatus {
  readonly sequence: number;
  readonly openOrders: number;
}

async function status(): Promise<SequencerStatus> {
  const response = await fetch(`http://127.0.0.1:${door.env.KEEL_ADMIN_PORT}/status`);
  return (await response.json()) as SequencerStatus;
}

/** The sequencer takes the request and dies before its answer gets through; then it comes back. */
async function loseTheAnswer<Answer>(
  ask: () => Promise<Answer>,
  taken: (now: SequencerStatus, before: SequencerStatus) => boolean,
): Promise<Answer> {
  const before = await status();
  tap.deaf = true;
  const answer = ask();
  answer.catch(() => undefined);
  await waitFor('the request in the log', async () => (taken(await status(), before) ? true : undefined));
  await door.child('sequencer').stop('SIGKILL');
  tap.deaf = false;
  await door.startSequencer();
  return answer;
}

for (const over of ['rest', 'ws'] as const) {
  test(`an order whose answer dies with the sequencer is answered with what it did, over ${over}`, {
    timeout: 60_000,
  }, async () => {
    await door.price(1, 600_000);
    const clientOrderId = `lost-${over}`;
    const order = { market: 'BTC-USD', side: 'buy', size: '0.01', price: '59000', clientOrderId } as const;
    const answer = await loseTheAnswer(
      () => ann.placeOrder(order, { over }),
      (now, before) => now.openOrders > before.openOrders,
    );
    expect(answer).toMatchObject({
      durability: 'acked',
      repeated: true,
      state: 'resting',
      clientOrderId,
      duplicate: false,
    });
    const orders = await waitFor('the order in the read model', async () => {
      const { openOrders } = await ann.account();
      return openOrders.some((open) => open.orderId === answer.orderId) ? openOrders : undefined;
    });
    expect(orders.filter((open) => open.clientOrderId === clientOrderId)).toHaveLength(1);
  });
}

test('a refusal that was lost is told as it was', { timeout: 60_000 }, async () => {
  // It leaves no trace in the figures; time goes on by a command a second, and it is long there after three of them.
  const fault = await loseTheAnswer(
    () => ann.cancelOrder('999999999').catch((caught: unknown) => caught),
    (now, before) => now.sequence > before.sequence + 3,
  );
  expect(fault).toBeInstanceOf(KeelError);
  expect(fault).toMatchObject({ code: 'ORDER_UNKNOWN', retryable: false, details: { repeated: true } });
});

test('a request that meets no sequencer waits for it, and is done once', { timeout: 60_000 }, async () => {
  await door.child('sequencer').stop('SIGKILL');
  const waiting = ann.cancelAll();
  await door.startSequencer();
  expect(await waiting).toMatchObject({ durability: 'acked', repeated: false });
});
