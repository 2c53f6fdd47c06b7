import type { Hex } from '@keel/types';
import fc from 'fast-check';
import { hashTypedData, recoverTypedDataAddress } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { describe, expect, test } from 'vitest';
import {
  addressOfKey,
  hashAction,
  keelDomain,
  type SignableAction,
  signAction,
  type TypedData,
  typedDataOf,
} from '../src/index.ts';
import { ACTIONS, action, domain, privateKey } from './actions.ts';
import { SAMPLE_ACTIONS } from './sampleActions.ts';

type ViemTypedData = Parameters<typeof hashTypedData>[0];
const toHex = (bytes: Uint8Array): Hex => `0x${Buffer.from(bytes).toString('hex')}`;

describe('the hash of an action is the one viem computes from its typed data', () => {
  test.each(Object.entries(ACTIONS))('%s', (_, arbitrary) => {
    fc.assert(
      fc.property(domain, arbitrary, (keel, signable) => {
        const expected = hashTypedData(typedDataOf(keel, signable) as unknown as ViemTypedData);
        expect(toHex(hashAction(keel, signable))).toBe(expected);
      }),
      { numRuns: 60 },
    );
  });
});

test('known actions have known hashes: the types are frozen', () => {
  const keel = keelDomain(31337, '0x5fbdb2315678afecb367f032d93f642f64180aa3');
  const hashes = SAMPLE_ACTIONS.map((sample) => `${sample.primaryType} ${toHex(hashAction(keel, sample))}`);
  expect(new Set(SAMPLE_ACTIONS.map((sample) => sample.primaryType))).toEqual(new Set(Object.keys(ACTIONS)));
  expect(hashes).toMatchInlineSnapshot(`
    [
      "PlaceOrder 0xc28ee5ff95ffa8fee343f781caf1ad087585815bfd05da6a8bc1de19cfdc8238",
      "PlaceOrder 0x0520445834a9d53453851f84dbe61fd5d7fee1dad00c66837d9b98eb9a176a0e",
      "PlaceOrders 0x5ccd07edca660d0e7a9fcc31d62226bdbee2eb564372d1be2ba2bbe58d6d5288",
      "PlaceOrders 0x9858ed4b63c8aec68d747d5d2236bd6f5e852c79f8ddf3d292ecb10b1ceb4612",
      "PlaceScale 0x892ae5c5bd762d4eb3c61b2ffc330599685d04a27f546cd4753a1b6af9ed2e6b",
      "PlaceTwap 0x481bf90651b96162801ae7445053b8f11b790d6e64f2fec2a2771147eb3533c0",
      "AmendOrder 0x225a17378af859596e6c316a63e7a0fb0809eb4311e2534ed24988fc288466ba",
      "AmendOrders 0x8e33c8e50d939a384333eec8c84fe9201ea7ca0fb054c41babac750187e28163",
      "ReplaceOrder 0x805a6f80a5670beb1fa59a3db6850555f4706c4cfd1a1d570424d29a004d3a1e",
      "CancelOrder 0x8a047e4e173f0ad3b230e9a99247803334b3b5e01d4030235c3a4f75b541d743",
      "CancelOrder 0x758cd742c84f9f522d3fbd6251a952e2b37a9cc9d98b3bbf19b0275b5239fef7",
      "CancelOrders 0xb0608254d817d4131ffa2e97eea5d5f38f14b1d0ff165eaa7af8b25c31d1f1c2",
      "CancelAllOrders 0x22e2009c51bd3293793bd1feafbc5e3b46d1ba697ecfbad458e2b3ad56cd32a2",
      "CancelAllOrders 0x69cd866e9a4050e3d0e215b01e68f503662f85e18b437d8494c2bee27f3e4d0b",
      "CancelAllAfter 0x848c99b3121519ec4475d11ab236172cf50818c90515e8b9178ff3a3393dda77",
      "SetMarketMakerProtection 0xdafb7777f9998f4d9f8a58abeadd96282f8ede7ef78c193d938866597b5b871f",
      "ResetMarketMakerProtection 0x6bfe3672edd7888c796a641455f131080f10e829f190150ba5f180d4c5f79b0d",
      "ApproveAgent 0x730d75d59b13d8821dfe049df2897e4e993c94f7121344d1eff17f9f6ab63689",
      "RevokeAgent 0x3683b171767a954f1448bde259db2250c1996d86df21f7b9e76b7ba1ec63b2c3",
      "Withdraw 0x90c200a80fee1c6f867c47361184bee80f26fd8145d56d024321998af497ce66",
      "Transfer 0x2e1d4cc74b10ca8f1a54bbb054f3ba13f5e6549c38eb55408c792769729bf87b",
      "SetLeverage 0x6be21151780aab33f1cab2489582ece05637f52893c687da2c623c0e20d9621b",
      "FundSafety 0x3da9c8503f24b691a6ee5c340e41fc6526270c47899e10f2c1025589dc998b7f",
      "RegisterLiquidator 0x7a5779a2f68399ae90998f1310876377bf47338c8f6545b4470943a38439f8b6",
      "TakeAuction 0x0f151991abc87d9de32a34a97fa6b7175806c6786d1d4cff7e242ea0c6472de8",
    ]
  `);
});

describe('every field of an action is in its typed data, and so under its signature', () => {
  test.each(SAMPLE_ACTIONS.map((sample) => [sample.primaryType, sample] as const))('%s', (_, sample) => {
    const { types, primaryType, message } = typedDataOf(keelDomain(1, `0x${'1'.repeat(40)}`), sample);
    expectSpelledOut(types, primaryType, message);
  });
});

/** Fields of the type and of the value are the same ones, also in the structs inside. */
function expectSpelledOut(types: TypedData['types'], name: string, value: unknown): void {
  if (name.endsWith('[]')) {
    for (const item of value as readonly unknown[]) expectSpelledOut(types, name.slice(0, -2), item);
    return;
  }
  const fields = types[name];
  if (fields === undefined) return;
  const struct = value as Record<string, unknown>;
  expect(Object.keys(struct).sort()).toEqual(fields.map((field) => field.name).sort());
  for (const field of fields) expectSpelledOut(types, field.type, struct[field.name]);
}

test('a change of any one text, number or flag of an action changes its hash', () => {
  const keel = keelDomain(31337, '0x5fbdb2315678afecb367f032d93f642f64180aa3');
  for (const sample of SAMPLE_ACTIONS) {
    const { primaryType, ...message } = sample;
    const changed = changesOf(message).map((other) => ({ primaryType, ...(other as object) }) as SignableAction);
    const hashes = [sample, ...changed].map((each) => toHex(hashAction(keel, each)));
    expect(changed.length).toBeGreaterThanOrEqual(4);
    expect(new Set(hashes).size).toBe(hashes.length);
  }
});

/** The value with one leaf changed, once for each leaf. */
function changesOf(value: unknown): readonly unknown[] {
  if (typeof value === 'boolean') return [!value];
  if (typeof value === 'number') return [value + 1];
  if (typeof value === 'string') return [/^0x/.test(value) ? `0x${'9'.repeat(40)}` : `${value}x`];
  if (Array.isArray(value)) {
    const shorter = value.length > 0 ? [value.slice(0, -1)] : [];
    const inside = value.flatMap((item, at) => changesOf(item).map((other) => value.with(at, other)));
    return [...shorter, ...inside];
  }
  const struct = value as Record<string, unknown>;
  return Object.keys(struct).flatMap((name) => changesOf(struct[name]).map((other) => ({ ...struct, [name]: other })));
}

test('viem finds our signer, and signs as we do', async () => {
  await fc.assert(
    fc.asyncProperty(domain, action, privateKey, async (keel, signable, key) => {
      const signature = signAction(keel, signable, key);
      const typedData = typedDataOf(keel, signable) as unknown as ViemTypedData;
      const recovered = await recoverTypedDataAddress({ ...typedData, signature });
      expect(recovered.toLowerCase()).toBe(addressOfKey(key));
      expect(await privateKeyToAccount(key).signTypedData(typedData)).toBe(signature);
    }),
    { numRuns: 15 },
  );
});

test.each(['0x', '0x00', `0x${'0'.repeat(64)}`, `0x${'f'.repeat(64)}`])('%s is no private key', (key) => {
  expect(() => addressOfKey(key as Hex)).toThrow(TypeError);
});
