import { expect, test } from 'vitest';
import { Strangers } from '../src/admission/strangers.ts';
import { ApiError, type ErrorCode } from '../src/errors.ts';

function start(ratePerMinute = 60_000) {
  const time = { ms: 0 };
  const strangers = new Strangers(ratePerMinute, () => time.ms);
  /** What becomes of a request: the code of its refusal, or ok. */
  const ask = async (from: string | undefined, code?: ErrorCode) => {
    const run = () => (code === undefined ? Promise.resolve('ok') : Promise.reject(new ApiError(code)));
    return await strangers.guard(from, run).catch((fault: ApiError) => fault.code);
  };
  return { time, strangers, ask };
}

test.each(['BAD_SIGNATURE', 'ACCOUNT_UNKNOWN', 'SIGNER_NOT_AUTHORIZED', 'AGENT_EXPIRED'] as const)(
  '%s from one address 500 times: then nothing signed is taken from there, and one in 50 ms',
  async (code) => {
    const { time, ask } = start();
    for (let times = 0; times < 500; times += 1) expect(await ask('::1', code)).toBe(code);
    expect(await ask('::1')).toBe('RATE_LIMITED');
    expect([await ask('::2'), await ask(undefined)]).toEqual(['ok', 'ok']);
    time.ms = 49;
    expect(await ask('::1')).toBe('RATE_LIMITED');
    time.ms = 50;
    expect([await ask('::1'), await ask('::1', code), await ask('::1')]).toEqual(['ok', code, 'RATE_LIMITED']);
  },
);

test('whoever may act is never limited, whatever the refusal', async () => {
  const { strangers, ask } = start();
  for (let times = 0; times < 1_000; times += 1) await ask('::1', 'INSUFFICIENT_MARGIN');
  expect([await ask('::1'), strangers.size]).toEqual(['ok', 0]);
});

test('a refusal in the words of another surface counts, too', async () => {
  const { strangers } = start(1);
  const run = () => Promise.reject(new Error('User or API Wallet does not exist'));
  const isStrangers = (fault: unknown) => fault instanceof Error && fault.message.startsWith('User');
  for (let times = 0; times < 10; times += 1)
    await expect(strangers.guard('::1', run, isStrangers)).rejects.toThrow('User');
  await expect(strangers.guard('::1', run, isStrangers)).rejects.toMatchObject({ code: 'RATE_LIMITED' });
});

test('10,000 addresses are remembered; the one that sent none for longest begins anew', async () => {
  const { strangers, ask } = start(1);
  for (let times = 0; times < 10; times += 1) await ask('first', 'BAD_SIGNATURE');
  expect(await ask('first')).toBe('RATE_LIMITED');
  for (let number = 0; number < 10_000; number += 1) await ask(`::${number}`, 'BAD_SIGNATURE');
  expect([await ask('first'), strangers.size]).toEqual(['ok', 10_000]);
});
