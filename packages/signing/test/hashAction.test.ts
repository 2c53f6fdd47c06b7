import type { Hex } from '@keel/types';
import fc from 'fast-check';
import { hashTypedData, recoverTypedDataAddress } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { describe, expect, test } from 'vitest';
import { addressOfKey, hashAction, keelDomain, signAction, typedDataOf } from '../src/index.ts';
import { ACTIONS, action, domain, privateKey } from './actions.ts';

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

test('a known order has a known hash: the types are frozen', () => {
  const keel = keelDomain(31337, '0x5fbdb2315678afecb367f032d93f642f64180aa3');
  const order = {
    primaryType: 'PlaceOrder',
    account: '0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266',
    market: 'BTC-USD',
    side: 'buy',
    orderType: 'limit',
    timeInForce: 'gtc',
    price: '22196.5',
    size: '0.5',
    reduceOnly: false,
    clientOrderId: '',
    nonce: 1_700_000_000_000,
    expiresAfter: 0,
  } as const;
  expect(toHex(hashAction(keel, order))).toMatchInlineSnapshot(
    `"0x42102a1ce79d69ca4c1cc6464c8e10fafe152f35fb1ebbd828481750a7ae6da0"`,
  );
});

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
