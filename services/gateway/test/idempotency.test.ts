import { IntakeOutcomeUnknown } from '@keel/intake';
import { REJECT_CODES, type RejectName } from '@keel/types';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { ApiError } from '../src/errors.ts';
import { REMEMBERED_BYTES_MAX, REMEMBERED_MAX, REMEMBERED_MS, RememberedAnswers } from '../src/rememberedAnswers.ts';
import { OWNER } from './readModelOf.ts';
import { signed } from './signedOrder.ts';
import { type Exchange, startExchange, until } from './startExchange.ts';

let exchange: Exchange;
beforeAll(async () => {
  exchange = await startExchange();
});
afterAll(() => exchange.stop());
beforeEach(() => {
  exchange.commands.length = 0;
  exchange.onCommand = () => [];
});

const cancelAll = (nonce: number) =>
  signed({ primaryType: 'CancelAllOrders', account: OWNER, subaccount: 0, market: '', nonce, expiresAfter: 0 });
const PATH = '/v1/orders/cancel-all';
const ask = (key: string, body: unknown, path = PATH) => exchange.post(path, body, { 'idempotency-key': key });
const refuses = (name: RejectName) => () =>
  [{ kind: 'commandRejected', code: REJECT_CODES[name], accountId: 0 }] as const;

describe('Idempotency-Key', () => {
  test('a repeat is answered with the first answer and says so; the log has it once', async () => {
    const first = await ask('a', cancelAll(1));
    const again = await ask('a', cancelAll(1));
    expect([first.status, first.headers.get('idempotency-replayed')]).toEqual([200, null]);
    expect([again.status, again.headers.get('idempotency-replayed')]).toEqual([200, 'true']);
    expect(again.text).toBe(first.text);
    expect(again.headers.get('x-seq')).toBe(first.headers.get('x-seq'));
    expect(again.headers.get('x-request-id')).not.toBe(first.headers.get('x-request-id'));
    expect(exchange.commands).toHaveLength(1);
  });

  test('the same key on another body, or on another path, is refused', async () => {
    await ask('b', cancelAll(2));
    const other = await ask('b', cancelAll(3));
    expect([other.status, other.body.code, other.body.number]).toEqual([422, 'IDEMPOTENCY_KEY_REUSED', 1030]);
    expect((await ask('b', cancelAll(2), '/v1/orders/cancel')).body.code).toBe('IDEMPOTENCY_KEY_REUSED');
    expect(exchange.commands).toHaveLength(1);
  });

  test("two at the same time are one; another account's key of the same name is its own", async () => {
    let answer: (events: []) => void = () => undefined;
    exchange.onCommand = () => new Promise((resolve) => (answer = resolve));
    const both = [ask('c', cancelAll(4)), ask('c', cancelAll(4))];
    await until(() => exchange.commands.length === 1);
    answer([]);
    const texts = await Promise.all(both.map(async (asked) => (await asked).text));
    expect(texts[0]).toBe(texts[1]);
    exchange.onCommand = () => [];
    const stranger = { ...cancelAll(4), account: `0x${'77'.repeat(20)}` };
    expect((await ask('c', stranger)).headers.get('idempotency-replayed')).toBeNull();
    expect(exchange.commands).toHaveLength(2);
  });

  test('a refusal by the engine is repeated under its sequence; one of a stranger takes nobody’s key', async () => {
    exchange.onCommand = refuses('MARKET_HALTED');
    const first = await ask('d', cancelAll(5));
    exchange.onCommand = () => [];
    const again = await ask('d', cancelAll(5));
    expect([again.body.code, again.body.details, again.headers.get('x-seq')]).toEqual([
      'MARKET_HALTED',
      first.body.details,
      String(first.body.details.sequence),
    ]);
    exchange.onCommand = refuses('SIGNER_NOT_AUTHORIZED');
    await ask('e', { ...cancelAll(6), signature: cancelAll(7).signature });
    exchange.onCommand = () => [];
    expect((await ask('e', cancelAll(6))).status).toBe(200);
  });

  test('what may be tried again is tried again', async () => {
    exchange.onCommand = () => {
      throw new IntakeOutcomeUnknown('x');
    };
    expect((await ask('f', cancelAll(8))).body.code).toBe('OUTCOME_UNKNOWN');
    exchange.onCommand = () => [];
    const again = await ask('f', cancelAll(8));
    expect([again.status, again.headers.get('idempotency-replayed')]).toEqual([200, null]);
  });

  test.each([['x'.repeat(129)], ['two words'], ['é']])('the key %s is refused', async (key) => {
    const answer = await ask(key, cancelAll(9));
    expect([answer.status, answer.body.code, answer.body.details.path]).toEqual([
      400,
      'BAD_REQUEST',
      '/idempotency-key',
    ]);
    expect(exchange.commands).toEqual([]);
  });
});

describe('answers are kept within bounds', () => {
  const request = (key: string) => ({ account: OWNER, key, path: PATH, body: {} });
  const answering = (answer: object) => () => Promise.resolve(answer);

  test('by number: the oldest goes', async () => {
    const kept = new RememberedAnswers(() => 0);
    for (let key = 0; key <= REMEMBERED_MAX; key += 1) await kept.once(request(String(key)), answering({ key }));
    expect(kept.size).toBe(REMEMBERED_MAX);
    expect((await kept.once(request('1'), answering({}))).replayed).toBe(true);
    expect((await kept.once(request('0'), answering({}))).replayed).toBe(false);
  });

  test('by bytes', async () => {
    const kept = new RememberedAnswers(() => 0);
    const answer = { text: 'x'.repeat(REMEMBERED_BYTES_MAX / 4) };
    for (const key of ['a', 'b', 'c', 'd', 'e']) await kept.once(request(key), answering(answer));
    expect(kept.size).toBe(3);
  });

  test('by time', async () => {
    let nowMs = 0;
    const kept = new RememberedAnswers(() => nowMs);
    await kept.once(request('a'), answering({}));
    nowMs = REMEMBERED_MS - 1;
    expect((await kept.once(request('a'), answering({}))).replayed).toBe(true);
    nowMs = REMEMBERED_MS;
    expect((await kept.once(request('a'), answering({}))).replayed).toBe(false);
  });

  test('what the door refused before the log is not kept', async () => {
    const kept = new RememberedAnswers(() => 0);
    const refusing = () => Promise.reject(new ApiError('BAD_SIGNATURE'));
    await kept.once(request('a'), refusing);
    expect(kept.size).toBe(0);
  });
});
