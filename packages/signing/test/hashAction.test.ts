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
      "PlaceOrder 0x29fdd014ce122890c10791bc0f4939d003f9a56dfe6388fc749b697a19f6196b",
      "PlaceOrder 0xc36af866907680a104bbb12d83fdc9a6b981b70e6793333799297d7910424566",
      "PlaceOrders 0x1ffefd53598a6fd79d3ce6ca72da6587661fd823a2b6eb17c4ed35d02d901871",
      "PlaceOrders 0x27201b30c8ba0954d1d653c99b1aefd32ddacfc53255b24c55d7fe13c92d6322",
      "PlaceScale 0x8bb58e60e4b89da7903594f5c9364cc0751bb49906b3d95b15e6aa7bd0a86222",
      "PlaceTwap 0x20497d3c1e85b4996243d756ba797ffc6dcffe3f3fe1760874718122ca0689ca",
      "AmendOrder 0x344351279fd29f91a430606b390a98164aabb3092c06d28c592a2be0ea9549d1",
      "AmendOrders 0xc1da9245634051cd6782a505b36b2a20fb0897ac79d27d692165c8799601b4f6",
      "ReplaceOrder 0x27822d6e8d1c07a3e5d274e57a9eb5a57bc99dfa14986cd52ed7cb46f4450896",
      "CancelOrder 0x2de9616d27814af56ec2094c6488f8ac64f10bb1d8f4a55c6c84eb4db6d13804",
      "CancelOrder 0x3985acc4a40af77c61497e22eb63df1adb07750668564b65be6c9ad295f11065",
      "CancelOrders 0x5d1a45757e71c2b354e5455a6acd0780f0274b83e571b1d90b83fb8404ebd469",
      "CancelAllOrders 0x829a02f895ae32251ec07e64d50c81254d1621d8d65ae3c7c2fe505a244aad47",
      "CancelAllOrders 0x2c6cb552c602b74e961ea52ba5683bc1797b024de2162fb5e6e38c01d509ee52",
      "CancelAllAfter 0x6ed27510270c5e66cb89d7f4348bed3d518f1599ca2e08b6e3129cc90abd7d82",
      "SetMarketMakerProtection 0xc0454f6670269e1e82822225c10d8dde089c2c06708f8199759393c6047f89f7",
      "ResetMarketMakerProtection 0x84560648bef9a8b1a82a82b6aaf8bc3813c5b1b7f06335ff99f2c5f94ed6e099",
      "ApproveAgent 0x213366f3b2e884446a349b709fe47ed6a76c53445705fbffcb78527af3220b4e",
      "RevokeAgent 0x082cd391eb100c7799f8fb4fe32d53a742997d4b8b5b3a1c86e9e84a425aa9cd",
      "Withdraw 0x9b1dbf0eb3a8063a7e2823b63c78d95eee94b6791f5e6536d2779d6bc50035df",
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
