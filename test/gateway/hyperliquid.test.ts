import { KeelClient } from '@keel/client';
import { decodeSequencedCommand } from '@keel/codec';
import { apply, createState, listOrders } from '@keel/engine';
import { checkEvidence, encodeAction, hashAction } from '@keel/hyperliquid';
import { openJournal } from '@keel/journal';
import { addressOfKey } from '@keel/signing';
import type { Hex, MarketId, MarketSpec, OrderName } from '@keel/types';
import { bytesToHex } from 'viem';
import { sign } from 'viem/accounts';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { waitFor } from '../e2e/waitFor.ts';
import { type Door, startDoor } from './startDoor.ts';

/** Hyperliquid's words with the real engine behind them: ann makes the market natively, bob's agent signs as his bot does. */
const ANN_KEY: Hex = `0x${'c1'.repeat(32)}`;
const BOB_KEY: Hex = `0x${'c2'.repeat(32)}`;
const AGENT_KEY: Hex = `0x${'c3'.repeat(32)}`;
const USDC = 1_000_000;
const CLOIDS = [`0x${'0a'.repeat(16)}`, `0x${'0b'.repeat(16)}`, `0x${'0c'.repeat(16)}`] as const;

let door: Door;
let ann: KeelClient;
let bob: KeelClient;
let nonce = Date.now();

beforeAll(async () => {
  door = await startDoor();
  ann = new KeelClient({ url: door.url, privateKey: ANN_KEY });
  bob = new KeelClient({ url: door.url, privateKey: BOB_KEY });
  await door.deposit(ann.address, 1_000_000 * USDC);
  await door.deposit(bob.address, 2_000 * USDC);
  await door.price(1, 600_000);
  await bob.approveAgent({ agent: addressOfKey(AGENT_KEY), agentName: 'bot' });
  await waitFor('the agent', async () => ((await send({ type: 'noop' })).status === 'ok' ? true : undefined));
});
afterAll(async () => {
  ann?.close();
  bob?.close();
  await door?.stop();
});

interface Answer {
  readonly status: string;
  readonly response: unknown;
}

async function send(action: object, guard: { nonce?: number; expiresAfter?: number } = {}): Promise<Answer> {
  const { expiresAfter } = guard;
  nonce += 1;
  const at = guard.nonce ?? nonce;
  const hash = hashAction(encodeAction(action), { nonce: at, expiresAfter }, 'b');
  const { r, s, v } = await sign({ hash: bytesToHex(hash), privateKey: AGENT_KEY });
  const body = JSON.stringify({
    action,
    nonce: at,
    signature: { r, s, v: Number(v) },
    vaultAddress: null,
    expiresAfter,
  });
  return (await (await fetch(`${door.url}/exchange`, { method: 'POST', body })).json()) as Answer;
}

/** Statuses of the items of an action, which was carried out. */
async function statuses(action: object): Promise<unknown[]> {
  const { status, response } = await send(action);
  expect([status, response]).toEqual(['ok', { type: expect.any(String), data: { statuses: expect.any(Array) } }]);
  return (response as { data: { statuses: unknown[] } }).data.statuses;
}

const limit = (b: boolean, p: string, s: string, tif = 'Gtc', r = false) => ({
  a: 0,
  b,
  p,
  s,
  r,
  t: { limit: { tif } },
});
const trigger = (b: boolean, p: string, s: string, tpsl: string, triggerPx: string, isMarket = true) => ({
  ...limit(b, p, s, 'Gtc', true),
  t: { trigger: { isMarket, triggerPx, tpsl } },
});
const place = (...orders: object[]) => ({ type: 'order', orders, grouping: 'na' });
const resting = { resting: { oid: expect.any(Number) } };
const oidOf = (status: unknown): number => (status as { resting: { oid: number } }).resting.oid;
const GONE = { error: 'Order was never placed, already canceled, or filled.' };

/** Ann offers 1 BTC at 60,100. */
const offer = () => ann.placeOrder({ market: 'BTC-USD', side: 'sell', size: '1', price: '60100' });
const hasOrders = (count: number) =>
  waitFor(`${count} orders`, async () => {
    const body = JSON.stringify({ type: 'openOrders', user: addressOfKey(AGENT_KEY) });
    const orders = (await (await fetch(`${door.url}/info`, { method: 'POST', body })).json()) as unknown[];
    return orders.length === count ? true : undefined;
  });

describe('bob', () => {
  // Prices are good for five seconds.
  beforeEach(() => door.price(1, 600_000));
  afterEach(async () => {
    await bob.cancelAll();
  });

  test('has each order told, and what it was refused for', async () => {
    await offer();
    const told = await statuses(
      place(
        { ...limit(true, '59000', '0.1'), c: CLOIDS[0] },
        limit(true, '60200', '0.01', 'Alo'),
        limit(true, '60000', '0.01', 'Ioc'),
        limit(true, '60200', '0.05', 'Ioc'),
        limit(true, '60000', '0.01', 'Gtc', true),
        limit(true, '60000', '0.0001'),
        limit(true, '60000', '5'),
        limit(true, '60000.05', '0.01'),
        { ...limit(true, '58000', '0.1'), c: CLOIDS[0] },
      ),
    );
    expect(told).toEqual([
      { resting: { oid: expect.any(Number), cloid: CLOIDS[0] } },
      { error: expect.stringMatching(/^Post only order would have immediately matched,/) },
      { error: 'Order could not immediately match against any resting orders.' },
      { filled: { totalSz: '0.05', avgPx: '60100', oid: expect.any(Number) } },
      { error: 'Reduce only order would increase position.' },
      { error: 'Order must have minimum value of $10.' },
      { error: 'Insufficient margin to place order.' },
      { error: expect.stringMatching(/^Price must be divisible by tick size\. /) },
      { error: `Duplicate cloid: order ${oidOf(told[0])} has it.` },
    ]);
    expect(
      await statuses({ type: 'cancelByCloid', cancels: [0, 1].map((at) => ({ asset: 0, cloid: CLOIDS[at] })) }),
    ).toEqual(['success', GONE]);
  });

  test('changes one order into another, and several where they stand', async () => {
    const [first, second] = await statuses(place(limit(true, '59000', '0.01'), limit(true, '58000', '0.01')));
    const [moved] = await statuses({
      type: 'batchModify',
      modifies: [{ oid: oidOf(first), order: { ...limit(true, '59100', '0.02', 'Alo'), c: CLOIDS[1] } }],
    });
    expect(moved).toEqual({ resting: { oid: expect.any(Number), cloid: CLOIDS[1] } });
    expect(oidOf(moved)).not.toBe(oidOf(first));
    expect(await send({ type: 'modify', oid: oidOf(first), order: limit(true, '59000', '0.01') })).toEqual({
      status: 'err',
      response: GONE.error,
    });
    await hasOrders(2);
    const modifies = [
      { oid: CLOIDS[1], order: limit(true, '59200', '0.03', 'Alo') },
      { oid: oidOf(second), order: limit(true, '58100', '0.01') },
      { oid: oidOf(first), order: limit(true, '58100', '0.01') },
    ];
    expect(await statuses({ type: 'batchModify', modifies })).toEqual([
      { resting: { oid: oidOf(moved), cloid: CLOIDS[1] } },
      { resting: { oid: oidOf(second) } },
      GONE,
    ]);
    const cancels = [moved, second].map((status) => ({ a: 0, o: oidOf(status) }));
    expect(await statuses({ type: 'cancel', cancels })).toEqual(['success', 'success']);
  });

  test('hangs orders on one, and sets a pair for his position', async () => {
    const sl = trigger(false, '50000', '0.01', 'sl', '57000');
    const tp = trigger(false, '63000', '0.01', 'tp', '63000', false);
    const hung = await statuses({
      type: 'order',
      orders: [limit(true, '59000', '0.01'), tp, sl],
      grouping: 'normalTpsl',
    });
    expect(hung).toEqual([resting, 'waitingForFill', 'waitingForFill']);
    expect(await statuses({ type: 'order', orders: [tp, sl], grouping: 'positionTpsl' })).toEqual([
      'waitingForTrigger',
      'waitingForTrigger',
    ]);
    expect(await statuses(place(trigger(false, '50000', '0.01', 'sl', '61000')))).toEqual([
      { error: 'Invalid TP/SL price.' },
    ]);
    await hasOrders(3);
  });

  test('sets a leverage and a dead-man switch', async () => {
    const done = { status: 'ok', response: { type: 'default' } };
    expect(await send({ type: 'updateLeverage', asset: 0, isCross: true, leverage: 5 })).toEqual(done);
    expect(await send({ type: 'scheduleCancel', time: Date.now() + 3_600_000 })).toEqual(done);
    expect(await send({ type: 'scheduleCancel' })).toEqual(done);
  });

  test('uses a nonce up with noop, so that what was signed with it is void', async () => {
    nonce += 1;
    const at = nonce;
    expect(await send({ type: 'noop' }, { nonce: at })).toMatchObject({ status: 'ok' });
    expect(await send(place(limit(true, '59000', '0.01')), { nonce: at })).toEqual({
      status: 'err',
      response: 'Invalid nonce: duplicate nonce.',
    });
    expect(await send({ type: 'noop' }, { nonce: 5 })).toMatchObject({
      response: expect.stringMatching(/^Invalid nonce: too low/),
    });
    expect(await send({ type: 'noop' }, { expiresAfter: 5 })).toMatchObject({
      response: expect.stringMatching(/^Action expired/),
    });
  });

  test('revokes his agent, who is nobody at once', async () => {
    await bob.revokeAgent(addressOfKey(AGENT_KEY));
    for (let times = 0; times < 2; times += 1)
      expect(await send(place(limit(true, '59000', '0.01')))).toEqual({
        status: 'err',
        response: expect.stringMatching(new RegExp(`^User or API Wallet ${addressOfKey(AGENT_KEY)} does not exist`)),
      });
  });
});

test('whoever has the log can check every command that came so', async () => {
  await door.child('sequencer').stop();
  const state = createState();
  const specs = new Map<MarketId, MarketSpec>();
  const verdicts = new Map<string, number>();
  const journal = await openJournal(door.env.KEEL_DATA_DIR as string);
  for (const { payload } of journal.read(1)) {
    const sequenced = decodeSequencedCommand(payload);
    if (sequenced.command.kind === 'listMarket') specs.set(sequenced.command.spec.marketId, sequenced.command.spec);
    // As it was just before the command.
    const open = [...listOrders(state)];
    const filledLotsOf = ({ orderId, clientOrderId }: OrderName): number => {
      const order = open.find((one) => (orderId === 0 ? one.clientOrderId === clientOrderId : one.orderId === orderId));
      return order === undefined ? 0 : order.sizeLots - order.remainingLots;
    };
    const verdict = checkEvidence(sequenced, { specOf: (marketId) => specs.get(marketId), filledLotsOf });
    const key = verdict === 'none' ? 'none' : `${sequenced.command.kind} ${verdict}`;
    verdicts.set(key, (verdicts.get(key) ?? 0) + 1);
    apply(state, sequenced);
  }
  await journal.close();
  verdicts.delete('none');
  const kinds = [...verdicts.keys()].sort();
  expect(kinds).toEqual(
    ['amendOrders', 'cancelAllAfter', 'cancelOrders', 'placeOrders', 'replaceOrder', 'setLeverage'].map(
      (kind) => `${kind} holds`,
    ),
  );
});
