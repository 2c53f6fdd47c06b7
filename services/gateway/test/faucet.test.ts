import { createLogger } from '@keel/runtime';
import type { Address } from '@keel/types';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadConfig } from '../src/config.ts';
import type { ApiError } from '../src/errors.ts';
import { createFaucet, type FaucetOptions } from '../src/faucet/createFaucet.ts';
import { type Anvil, anvilKey, startAnvil } from './startAnvil.ts';
import { type Exchange, startExchange } from './startExchange.ts';

const ANN: Address = `0x${'a1'.repeat(20)}`;
const BOB: Address = `0x${'b0'.repeat(20)}`;
const log = createLogger({ service: 'faucet-test', level: 'silent' });

let anvil: Anvil;
beforeAll(async () => {
  anvil = await startAnvil();
});
afterAll(() => anvil.stop());

const faucetOf = (changes: Partial<FaucetOptions> = {}) =>
  createFaucet({
    l1Url: anvil.url,
    settlement: anvil.settlement,
    usdc: anvil.usdc,
    privateKey: anvilKey(4),
    log,
    ...changes,
  });
const refusal = (asked: Promise<unknown>): Promise<Pick<ApiError, 'code' | 'details'> | undefined> =>
  asked.then(
    () => undefined,
    (fault: ApiError) => ({ code: fault.code, details: fault.details }),
  );

test('over HTTP: deposits on a real chain, once a minute an address, and says what is wrong', async () => {
  const faucet = { privateKey: anvilKey(4), l1Url: anvil.url };
  const exchange: Exchange = await startExchange({ faucet, settlement: anvil.settlement, usdc: anvil.usdc });
  try {
    // As wallets spell it: with capitals.
    const given = await exchange.post('/v1/faucet', { address: ANN.replace('a1', 'A1') });
    expect(given).toMatchObject({ status: 200, body: { address: ANN, asset: 'USDC', amount: '10000' } });
    expect(await anvil.deposits()).toEqual([
      { account: ANN, amountAtoms: 10_000_000_000n, txHash: given.body.l1TxHash },
    ]);
    const again = await exchange.post('/v1/faucet', { address: ANN });
    expect(again.status).toBe(429);
    expect(again.text).toContain('FAUCET_TOO_SOON');
    for (const [body, code] of [
      [{ address: '0x12' }, 'BAD_REQUEST'],
      [{ address: `0x${'0'.repeat(40)}` }, 'BAD_REQUEST'],
      [{}, 'BAD_REQUEST'],
      [{ address: BOB, amount: '1000000' }, 'UNKNOWN_FIELD'],
    ] as const) {
      const answer = await exchange.post('/v1/faucet', body);
      expect(answer.status).toBe(400);
      expect(answer.text).toContain(code);
    }
    expect(await anvil.deposits()).toHaveLength(1);
  } finally {
    await exchange.stop();
  }
});

test('a gateway without the key gives nothing', async () => {
  const exchange = await startExchange();
  try {
    const answer = await exchange.post('/v1/faucet', { address: ANN });
    expect(answer.status).toBe(404);
    expect(answer.text).toContain('FAUCET_OFF');
  } finally {
    await exchange.stop();
  }
});

test('twenty at once are served one after the other, each once; a minute later again', async () => {
  let now = 1_000_000;
  const faucet = faucetOf({ nowMs: () => now, privateKey: anvilKey(5) });
  const before = (await anvil.deposits()).length;
  const people = Array.from({ length: 20 }, (_, at): Address => `0x${(at + 1).toString(16).padStart(40, '0')}`);
  const hashes = await Promise.all(people.map((address) => faucet.give(address)));
  const made = (await anvil.deposits()).slice(before);
  expect(made.map(({ account }) => account)).toEqual(people);
  expect(made.map(({ txHash }) => txHash)).toEqual(hashes);
  now += 59_999;
  expect(await refusal(faucet.give(people[0]!))).toEqual({ code: 'FAUCET_TOO_SOON', details: { retryAfterMs: 1 } });
  now += 1;
  await faucet.give(people[0]!);
  expect((await anvil.deposits()).length).toBe(before + 21);
});

test('who asks twice while the first is on its way gets it once; a crowd is told to come back', async () => {
  const faucet = faucetOf({ privateKey: anvilKey(6) });
  const before = (await anvil.deposits()).length;
  const people = Array.from({ length: 40 }, (_, at): Address => `0x${(at + 100).toString(16).padStart(40, '0')}`);
  const codes = await Promise.all([BOB, BOB, ...people].map(async (who) => (await refusal(faucet.give(who)))?.code));
  expect(codes[0]).toBeUndefined();
  expect(codes[1]).toBe('FAUCET_TOO_SOON');
  // 32 wait at most: Bob and 31 others.
  expect(codes.filter((code) => code === undefined)).toHaveLength(32);
  expect(codes.filter((code) => code === 'FAUCET_BUSY')).toHaveLength(9);
  expect((await anvil.deposits()).length).toBe(before + 32);
});

test('an L1 that is away, and a contract that is not there, are said, and do not cost the minute', async () => {
  const away = faucetOf({ l1Url: 'http://127.0.0.1:1' });
  expect((await refusal(away.give(ANN)))?.code).toBe('FAUCET_FAILED');
  expect((await refusal(away.give(ANN)))?.code).toBe('FAUCET_FAILED');
  const wrong = faucetOf({ usdc: ANN });
  expect(await refusal(wrong.give(BOB))).toMatchObject({
    code: 'FAUCET_FAILED',
    details: { fault: expect.stringContaining('balanceOf') },
  });
});

const usual = { KEEL_INTAKE_TOKEN: 'ab'.repeat(20), KEEL_SETTLEMENT_ADDRESS: ANN, KEEL_USDC_ADDRESS: BOB };

test.each<[string, Record<string, string>, RegExp | undefined]>([
  ['no key', { KEEL_L1_URL: 'http://127.0.0.1:1' }, undefined],
  ['a key of another chain', { KEEL_FAUCET_PRIVATE_KEY: anvilKey(4), KEEL_CHAIN_ID: '1' }, /for chain 31337 only/],
  ['a key without an L1', { KEEL_FAUCET_PRIVATE_KEY: anvilKey(4) }, /needs KEEL_L1_URL/],
  ['a key that is none', { KEEL_FAUCET_PRIVATE_KEY: '0x12' }, /KEEL_FAUCET_PRIVATE_KEY/],
])('settings: %s', (_name, env, refused) => {
  const load = () => loadConfig({ ...usual, ...env });
  if (refused === undefined) expect(load().faucet).toBeUndefined();
  else expect(load).toThrow(refused);
});
