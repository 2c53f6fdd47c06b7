import { IntakeUnavailable, type Outcome } from '@keel/intake';
import type { SignableAction } from '@keel/signing';
import { type Address, type SignedCommand, toSequence } from '@keel/types';
import { describe, expect, test } from 'vitest';
import { Admission } from '../src/admission/admission.ts';
import { Budgets } from '../src/admission/budgets.ts';
import { classify, type RequestClass } from '../src/admission/requestClass.ts';
import { SubmitQueue } from '../src/admission/submitQueue.ts';
import { ApiError } from '../src/errors.ts';
import { GOOD_ORDER, GUARD } from './signedOrder.ts';

const order = GOOD_ORDER;
const reduceOnly = { ...order, reduceOnly: true };
const postOnly = { ...order, timeInForce: 'postOnly' } as const;
const name = { orderId: '5', clientOrderId: '' };
const amendment = { ...name, market: 'BTC-USD', price: '1', size: '1' };
const scale = { fromPrice: '1', toPrice: '2', orderCount: 20, skewPpm: 1_000_000 };
const twap = { market: 'BTC-USD', side: 'buy', size: '1', clientOrderId: '', durationMs: 60_000, slices: 2 } as const;

const CLASSES: readonly (readonly [what: string, action: SignableAction, requestClass: RequestClass, items: number])[] =
  [
    ['a cancel', { primaryType: 'CancelOrder', ...GUARD, ...name }, 'cancel', 1],
    ['a batch of cancels', { primaryType: 'CancelOrders', ...GUARD, orders: [name, name] }, 'cancel', 2],
    ['cancel-all', { primaryType: 'CancelAllOrders', ...GUARD, market: '' }, 'cancel', 1],
    ['the dead-man switch', { primaryType: 'CancelAllAfter', ...GUARD, timeoutMs: 0 }, 'cancel', 1],
    ['an agent revoked', { primaryType: 'RevokeAgent', ...GUARD, agent: GUARD.account }, 'cancel', 1],
    ['a reduce-only order', { primaryType: 'PlaceOrder', ...GUARD, ...reduceOnly }, 'reduce', 1],
    ['reduce-only ones', { primaryType: 'PlaceOrders', ...GUARD, orders: [reduceOnly], grouping: 'none' }, 'reduce', 1],
    ['a reduce-only TWAP', { primaryType: 'PlaceTwap', ...GUARD, ...twap, reduceOnly: true }, 'reduce', 1],
    [
      'replaced by a reduce-only',
      { primaryType: 'ReplaceOrder', ...GUARD, replaced: name, order: reduceOnly },
      'reduce',
      1,
    ],
    ['a post-only order', { primaryType: 'PlaceOrder', ...GUARD, ...postOnly }, 'change', 1],
    ['one that slides', { primaryType: 'PlaceOrder', ...GUARD, ...order, timeInForce: 'postOnlySlide' }, 'change', 1],
    ['a replacement', { primaryType: 'ReplaceOrder', ...GUARD, replaced: name, order }, 'change', 1],
    ['an amendment', { primaryType: 'AmendOrder', ...GUARD, ...amendment }, 'change', 1],
    ['amendments', { primaryType: 'AmendOrders', ...GUARD, amendments: [amendment, amendment] }, 'change', 2],
    [
      'quotes and a reduce-only',
      { primaryType: 'PlaceOrders', ...GUARD, orders: [postOnly, reduceOnly], grouping: 'none' },
      'change',
      2,
    ],
    ['an order', { primaryType: 'PlaceOrder', ...GUARD, ...order }, 'open', 1],
    [
      'one among reduce-only ones',
      { primaryType: 'PlaceOrders', ...GUARD, orders: [reduceOnly, order], grouping: 'none' },
      'open',
      2,
    ],
    ['a scale', { primaryType: 'PlaceScale', ...GUARD, order, ...scale }, 'open', 20],
  ];
test.each(CLASSES)('%s', (_what, action, requestClass, items) => {
  expect(classify(action)).toEqual({ requestClass, items });
});

/** A request that ends when it is told to. */
function request(): { readonly run: () => Promise<void>; end: () => void; began: boolean } {
  let end = (): void => undefined;
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  const made = {
    began: false,
    end: () => end(),
    run: () => {
      made.began = true;
      return ended;
    },
  };
  return made;
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('places in the door', () => {
  const open = (items = 1) => ({ requestClass: 'open', items }) as const;
  const cancel = (items = 1) => ({ requestClass: 'cancel', items }) as const;

  test('an order beyond the bound is refused with the time to wait, a quote and a cancel are not; one ends, one gets in', async () => {
    const shed: RequestClass[] = [];
    const admission = new Admission({ inDoorMax: 2, onShed: (one) => shed.push(one) });
    const first = request();
    const running = admission.pass(open(), first.run);
    void admission.pass(open(), request().run);
    const refused = await admission.pass(open(), request().run).catch((fault: unknown) => fault);
    expect(refused).toBeInstanceOf(ApiError);
    expect(refused).toMatchObject({ code: 'GATEWAY_OVERLOADED', details: { requestClass: 'open', retryAfterMs: 20 } });
    expect(shed).toEqual(['open']);
    const quote = request();
    void admission.pass({ requestClass: 'change', items: 1 }, quote.run);
    const urgent = request();
    void admission.pass(cancel(), urgent.run);
    expect([quote.began, urgent.began]).toEqual([true, true]);
    first.end();
    await running;
    const next = request();
    void admission.pass(open(), next.run);
    expect([next.began, admission.inDoor('open')]).toEqual([true, 2]);
  });

  test('a batch counts as its orders, and one above the whole bound gets in alone', async () => {
    const admission = new Admission({ inDoorMax: 10, onShed: () => undefined });
    const large = request();
    const running = admission.pass(open(50), large.run);
    await expect(admission.pass(open(), request().run)).rejects.toThrow(ApiError);
    large.end();
    await running;
    void admission.pass(open(9), request().run);
    await expect(admission.pass(open(2), request().run)).rejects.toThrow(ApiError);
  });

  test('one owner has half of the places, whatever its batches, and another still finds one', async () => {
    const shed: RequestClass[] = [];
    const admission = new Admission({ inDoorMax: 10, onShed: (one) => shed.push(one) });
    const ann: Address = `0x${'a1'.repeat(20)}`;
    const bob: Address = `0x${'b0'.repeat(20)}`;
    const held = request();
    const running = admission.share(ann, open(4), held.run);
    const more = await admission.share(ann, open(2), request().run).catch((fault: unknown) => fault);
    expect(more).toMatchObject({ code: 'GATEWAY_OVERLOADED', details: { requestClass: 'open', owner: ann } });
    const others = [request(), request(), request(), request()];
    void admission.share(ann, open(1), others[0]?.run ?? held.run);
    void admission.share(ann, { requestClass: 'change', items: 5 }, others[1]?.run ?? held.run);
    void admission.share(ann, cancel(50), others[2]?.run ?? held.run);
    void admission.share(bob, open(5), others[3]?.run ?? held.run);
    expect(others.map(({ began }) => began)).toEqual([true, true, true, true]);
    held.end();
    await running;
    const next = request();
    void admission.share(ann, open(4), next.run);
    expect([next.began, shed]).toEqual([true, ['open']]);
  });

  test('a request that fails leaves its place', async () => {
    const admission = new Admission({ inDoorMax: 1, onShed: () => undefined });
    await expect(admission.pass(open(), () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(admission.inDoor('open')).toBe(0);
  });

  test('cancels beyond their bound wait in their order, connections are read again one by one', async () => {
    const admission = new Admission({ inDoorMax: 1, onShed: () => expect.unreachable() });
    const all = Array.from({ length: 1_024 }, request);
    const running = all.map(({ run }) => admission.pass(cancel(), run));
    expect(admission.saturated).toBe(false);
    const late = [request(), request()];
    for (const { run } of late) void admission.pass(cancel(), run);
    const read: number[] = [];
    const third = request();
    // The first connection has a cancel in store, for which the second waits.
    admission.holdReading(() => {
      read.push(1);
      void admission.pass(cancel(), third.run);
    });
    admission.holdReading(() => read.push(2));
    expect([admission.saturated, admission.waiting('cancel'), late[0]?.began]).toEqual([true, 2, false]);
    all[0]?.end();
    await running[0];
    await turn();
    expect([late.map(({ began }) => began), read]).toEqual([[true, false], []]);
    all[1]?.end();
    await running[1];
    await turn();
    expect([late.map(({ began }) => began), read, third.began]).toEqual([[true, true], [1], false]);
    all[2]?.end();
    await running[2];
    await turn();
    expect([read, third.began, admission.saturated]).toEqual([[1, 2], true, false]);
  });

  test('a connection that is read again does not overtake its own request that waited', async () => {
    const admission = new Admission({ inDoorMax: 1, onShed: () => expect.unreachable() });
    const all = Array.from({ length: 512 }, request);
    const running = all.map(({ run }) => admission.pass(cancel(2), run));
    const began: string[] = [];
    const pass = (name: string) =>
      void admission.pass(cancel(), () => {
        began.push(name);
        return Promise.resolve();
      });
    pass('first');
    admission.holdReading(() => pass('second'));
    all[0]?.end();
    await running[0];
    await turn();
    expect(began).toEqual(['first', 'second']);
  });
});

describe('turns with the sequencer', () => {
  const command = (nonce: number): SignedCommand => ({ kind: 'cancelAllOrders', auth: { nonce } }) as SignedCommand;
  const outcome: Outcome = { submitted: { sequence: toSequence(1), timeMs: 1, events: [] }, retried: false };
  const soon = (): number => performance.now() + 10_000;

  test('it has a window of commands, a cancel goes beside it, and before orders that came earlier', async () => {
    const sent: number[] = [];
    const answers: (() => void)[] = [];
    const queue = new SubmitQueue({
      window: 2,
      submit: ({ auth }) => {
        sent.push(auth.nonce);
        return new Promise((resolve) => answers.push(() => resolve(outcome)));
      },
    });
    for (const nonce of [1, 2, 3]) void queue.submit(command(nonce), 'open', soon());
    void queue.submit(command(4), 'change', soon());
    void queue.submit(command(5), 'cancel', soon());
    expect([sent, queue.waiting('open'), queue.waiting('change')]).toEqual([[1, 2, 5], 1, 1]);
    for (const answer of answers.splice(0)) answer();
    await turn();
    expect(sent).toEqual([1, 2, 5, 4, 3]);
  });

  test('one whose turn comes after its deadline was never sent', async () => {
    const answers: (() => void)[] = [];
    const queue = new SubmitQueue({
      window: 1,
      submit: () => new Promise((resolve) => answers.push(() => resolve(outcome))),
    });
    void queue.submit(command(1), 'open', soon());
    const late = queue.submit(command(2), 'open', performance.now() - 1);
    answers[0]?.();
    await expect(late).rejects.toThrow(IntakeUnavailable);
    expect(answers).toHaveLength(1);
  });
});

describe('budgets', () => {
  const ANN: Address = `0x${'a1'.repeat(20)}`;
  const USDC = 1_000_000;
  let nowMs = 0;
  const fresh = (): Budgets => {
    nowMs = 0;
    return new Budgets(
      () => nowMs,
      () => undefined,
    );
  };
  const use = (budgets: Budgets, times: number): void => {
    for (let count = 0; count < times; count += 1) budgets.charge(ANN);
  };
  const refusal = (budgets: Budgets, requestClass: RequestClass): unknown => {
    try {
      budgets.refuse(ANN, requestClass);
      return undefined;
    } catch (fault) {
      return fault instanceof ApiError ? { code: fault.code, ...fault.details } : fault;
    }
  };

  /** What was used and traded, in USDC, the seconds after it, and what may be done then. */
  test.each([
    ['nobody acted yet', 0, 0, 0, 0, 10_000, 20_000],
    ['all used', 10_000, 0, 0, 10_000, 10_000, 20_000],
    ['ten a second come back', 10_000, 0, 60, 9_400, 10_000, 20_000],
    ['all of it in the end, no more', 10_000, 0, 5_000, 0, 10_000, 20_000],
    ['a USDC is an action', 10_000, 500, 0, 10_000, 10_500, 21_000],
    ['half of one is none', 10_000, 0.5, 0, 10_000, 10_000, 20_000],
    ['who has 10,000 left gets nothing back', 400, 500, 60, 400, 10_500, 21_000],
    ['cancels are 100,000 more at most', 5, 200_000, 0, 5, 210_000, 310_000],
  ])('%s', (_what, used, tradedUsdc, seconds, left, limit, urgentLimit) => {
    const budgets = fresh();
    use(budgets, used);
    budgets.addTraded(ANN, tradedUsdc * USDC);
    nowMs = seconds * 1_000;
    expect(budgets.read(ANN)).toEqual({ used: left, limit, urgentLimit, tradedUsdc: Math.floor(tradedUsdc) });
  });

  test('orders end at the limit, cancels and reduce-only ones at theirs; the time to wait is that of one action', () => {
    const budgets = fresh();
    use(budgets, 9_999);
    expect(refusal(budgets, 'open')).toBeUndefined();
    use(budgets, 1);
    const refused = { code: 'BUDGET_EXHAUSTED', used: 10_000, limit: 10_000, tradedUsdc: 0, retryAfterMs: 100 };
    expect([refusal(budgets, 'open'), refusal(budgets, 'change')]).toEqual([refused, refused]);
    expect([refusal(budgets, 'cancel'), refusal(budgets, 'reduce')]).toEqual([undefined, undefined]);
    nowMs = 100;
    expect(refusal(budgets, 'open')).toBeUndefined();
    use(budgets, 10_001);
    expect(refusal(budgets, 'cancel')).toMatchObject({ code: 'BUDGET_EXHAUSTED', limit: 20_000 });
    expect(refusal(budgets, 'open')).toMatchObject({ retryAfterMs: 1_000_100 });
  });

  test('the one that was quiet for longest is forgotten, and nobody else', () => {
    const budgets = fresh();
    const owner = (at: number): Address => `0x${at.toString(16).padStart(40, '0')}`;
    for (let at = 0; at < 100_000; at += 1) budgets.charge(owner(at));
    budgets.charge(owner(0));
    budgets.charge(ANN);
    expect(budgets.size).toBe(100_000);
    expect([0, 1, 2].map((at) => budgets.read(owner(at)).used)).toEqual([2, 0, 1]);
  });
});
