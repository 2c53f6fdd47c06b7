import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { IntakeOutcomeUnknown, IntakeOverloaded, IntakePaused, IntakeUnavailable } from '@keel/intake';
import { type Event, REJECT_CODES } from '@keel/types';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { ERROR_CODES, ERRORS, type ErrorCode } from '../src/errors.ts';
import { BOOK_INTERVALS_MS, BOOK_LEVELS } from '../src/wire/channels.ts';
import { openSocket } from './openSocket.ts';
import { KEY, OWNER } from './readModelOf.ts';
import { GUARD, signed, signedOrder } from './signedOrder.ts';
import { type Answer, type Exchange, startExchange, until } from './startExchange.ts';

/**
 * Every code of the door itself, each brought about from outside and read from the answer. The engine's are brought about
 * in test/gateway, by the engine.
 */
let exchange: Exchange;
/** Lets little in, and has a faucet whose L1 does not answer. */
let narrow: Exchange;
const deafL1 = createServer(() => undefined);

beforeAll(async () => {
  deafL1.listen(0, '127.0.0.1');
  await once(deafL1, 'listening');
  const l1Url = `http://127.0.0.1:${(deafL1.address() as AddressInfo).port}`;
  exchange = await startExchange();
  narrow = await startExchange({ ordersInDoor: 2, ratePerMinute: 500, faucet: { privateKey: KEY, l1Url } });
});
afterAll(async () => {
  await exchange.stop();
  await narrow.stop();
  deafL1.closeAllConnections();
  deafL1.close();
});
beforeEach(() => {
  exchange.onCommand = () => [];
});

const cancelAll = (nonce = 5) =>
  signed({ primaryType: 'CancelAllOrders', account: OWNER, subaccount: 0, market: '', nonce, expiresAfter: 0 });
const withdraw = (amount: string, recipient: `0x${string}` = OWNER) =>
  exchange.post('/v1/withdrawals', signed({ primaryType: 'Withdraw', ...GUARD, recipient, asset: 'USDC', amount }));
const order = (changes: object = {}) => exchange.post('/v1/orders', signedOrder(changes));
const addressOf = (number: number) => `0x${(number + 1).toString(16).padStart(40, '0')}`;
/** Says one after the other; the last goes on. */
const saying = (...says: readonly (Error | readonly Event[])[]) => {
  let at = 0;
  exchange.onCommand = () => {
    const said = says[Math.min(at++, says.length - 1)]!;
    if (said instanceof Error) throw said;
    return said;
  };
  return exchange.post('/v1/orders/cancel-all', cancelAll());
};

type Told = Pick<Answer['body'], 'code' | 'number'>;
const told = async (answer: Promise<Answer>): Promise<Told & { status: number }> => {
  const { status, body } = await answer;
  return { code: body.code, number: body.number, status };
};

/** From what is cheap to what breaks something. */
const PRODUCED: Readonly<Partial<Record<ErrorCode, () => Promise<Told>>>> = {
  BAD_JSON: () => told(exchange.post('/v1/orders', '{"market":')),
  BAD_REQUEST: () => told(exchange.post('/v1/orders', { ...signedOrder(), side: 'long' })),
  UNKNOWN_FIELD: () => told(exchange.post('/v1/orders', { ...signedOrder(), leverage: 20 })),
  NOT_A_DECIMAL: () => told(order({ price: '1e5' })),
  NOT_CANONICAL_DECIMAL: () => told(order({ price: '060000' })),
  PRICE_OFF_TICK: () => told(order({ price: '60000.55' })),
  SIZE_OFF_LOT: () => told(order({ size: '0.000001' })),
  AMOUNT_OFF_GRID: () => told(withdraw('1.0000001')),
  AMOUNT_OUT_OF_RANGE: () => told(withdraw('0')),
  RECIPIENT_CANNOT_BE_PAID: () => told(withdraw('5', `0x${'0'.repeat(40)}`)),
  BAD_SIGNATURE: () => told(exchange.post('/v1/orders', { ...signedOrder(), signature: '0x' })),
  NOT_FOUND: () => told(exchange.get('/v1/nothing')),
  CERTIFICATE_UNKNOWN: () => told(exchange.get('/v1/certificates/9')),
  METHOD_NOT_FOUND: async () => socketError(async (client) => (await client.ask('steal')).error),
  PAYLOAD_TOO_LARGE: () => told(order({ price: '9'.repeat(70_000) })),
  TOO_MANY_SUBSCRIPTIONS: () =>
    socketError(async (client) => {
      for (const levels of BOOK_LEVELS) {
        for (const intervalMs of BOOK_INTERVALS_MS) {
          for (const grouping of ['0.1', '0.2']) {
            const params = { channel: 'book', market: 'BTC-USD', levels, intervalMs, grouping };
            const { error } = await client.ask('subscribe', params);
            if (error !== undefined) return error;
          }
        }
      }
      return undefined;
    }),
  // An answer of the sequencer that is none: no withdrawal is among what a withdrawal did.
  INTERNAL: () => told(withdraw('5')),
  SEQUENCER_UNAVAILABLE: () => told(saying(new IntakeUnavailable('x'))),
  SEQUENCER_OVERLOADED: () => told(saying(new IntakeOverloaded('x'))),
  PAUSED: () => told(saying(new IntakePaused('x'))),
  OUTCOME_UNKNOWN: () => told(saying(new IntakeOutcomeUnknown('x'))),
  ALREADY_SEQUENCED: () => {
    const used = { kind: 'commandRejected', code: REJECT_CODES.NONCE_ALREADY_USED, accountId: 0 } as const;
    return told(saying(new IntakeOutcomeUnknown('x'), [used]));
  },
  IDEMPOTENCY_KEY_REUSED: async () => {
    const key = { 'idempotency-key': 'k' };
    await exchange.post('/v1/orders/cancel-all', cancelAll(1), key);
    return told(exchange.post('/v1/orders/cancel-all', cancelAll(2), key));
  },
  BUDGET_EXHAUSTED: () =>
    socketError(async (client) => {
      const body = signedOrder();
      const refused = { kind: 'commandRejected', code: REJECT_CODES.MARKET_HALTED, accountId: 0 } as const;
      exchange.onCommand = () => [refused];
      // Some are given back while this takes its time.
      for (let asked = 0; asked < 20_000; asked += 100) {
        const answers = await Promise.all(Array.from({ length: 100 }, () => client.ask('order.place', body)));
        client.heard.length = 0;
        const end = answers.find(({ error }) => error?.code === 'BUDGET_EXHAUSTED');
        if (end !== undefined) return end.error;
      }
      return undefined;
    }),
  GATEWAY_OVERLOADED: async () => {
    let letGo = (_: readonly Event[]): void => undefined;
    narrow.onCommand = () => new Promise((resolve) => (letGo = resolve));
    const held = narrow.post('/v1/orders', signedOrder());
    await until(() => narrow.commands.length === 1);
    const shed = await told(narrow.post('/v1/orders', signedOrder()));
    letGo([{ kind: 'commandRejected', code: REJECT_CODES.MARKET_HALTED, accountId: 0 }]);
    await held;
    return shed;
  },
  FAUCET_OFF: () => told(exchange.post('/v1/faucet', { address: OWNER })),
  FAUCET_TOO_SOON: () => firstOf('FAUCET_TOO_SOON', [addressOf(0), addressOf(0)]),
  FAUCET_BUSY: () =>
    firstOf(
      'FAUCET_BUSY',
      Array.from({ length: 40 }, (_, at) => addressOf(at + 1)),
    ),
  FAUCET_FAILED: () => {
    deafL1.closeAllConnections();
    deafL1.close();
    return firstOf('FAUCET_FAILED', [addressOf(99)]);
  },
  RATE_LIMITED: async () => {
    let answer = await narrow.get('/v1/time');
    while (answer.status === 200) answer = await narrow.get('/v1/time');
    return told(Promise.resolve(answer));
  },
  READ_MODEL_UNAVAILABLE: async () => {
    await exchange.killRedis();
    await until(async () => (await exchange.get('/v1/markets')).status !== 200);
    return told(exchange.get('/v1/markets'));
  },
};

/** Asks for all of these at once, and again as long as none is answered so. */
async function firstOf(code: ErrorCode, addresses: readonly string[]): Promise<Told> {
  for (;;) {
    const asked = addresses.map(async (address) => {
      const answer = await told(narrow.post('/v1/faucet', { address }));
      if (answer.code !== code) throw new Error(answer.code);
      return answer;
    });
    const found = await Promise.any(asked).catch(() => undefined);
    if (found !== undefined) return found;
    await sleep(50);
  }
}

async function socketError(
  ask: (client: Awaited<ReturnType<typeof openSocket>>) => Promise<{ readonly code: string } | undefined>,
): Promise<Told> {
  const client = await openSocket(exchange.port);
  const error = await ask(client);
  client.socket.close();
  return error as Told;
}

test('the table has every code of the door', () => {
  expect(Object.keys(PRODUCED).toSorted()).toEqual(ERROR_CODES.filter((code) => !(code in REJECT_CODES)).toSorted());
});

test.each(Object.entries(PRODUCED))(
  '%s',
  async (code, produce) => {
    const { number, status } = ERRORS[code as ErrorCode];
    const answer: Told & { readonly status?: number } = await produce();
    expect(answer).toMatchObject({ code, number });
    if (answer.status !== undefined) expect(answer.status).toBe(status);
  },
  120_000,
);
