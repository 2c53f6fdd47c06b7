import { recoverSigner } from '@keel/signing';
import type { Address, Hex } from '@keel/types';
import { createL1ActionHash, signL1Action, signUserSignedAction } from '@nktkas/hyperliquid/signing';
import { bytesToHex } from '@noble/hashes/utils.js';
import fc from 'fast-check';
import { hashTypedData } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { describe, expect, it } from 'vitest';
import {
  connectionIdOf,
  decodeAction,
  encodeAction,
  hashAction,
  hashRequest,
  hashUserSigned,
  parseRequest,
} from '../src/index.ts';

const SEED = 20_261_123;
const KEY: Hex = `0x${'4c'.repeat(32)}`;
const wallet = privateKeyToAccount(KEY);
const SIGNER = wallet.address.toLowerCase();
const hex = (bytes: Uint8Array): Hex => `0x${bytesToHex(bytes)}`;

const nonce = fc.oneof(fc.nat(300), fc.constantFrom(0, 2 ** 32 - 1, 2 ** 32, Number.MAX_SAFE_INTEGER), fc.maxSafeNat());
const address = fc.uint8Array({ minLength: 20, maxLength: 20 }).map((bytes): Address => `0x${bytesToHex(bytes)}`);
/** What JSON can hold and no client turns into anything else. A text of lone surrogates is none. */
const leaf = fc.oneof(
  nonce,
  fc.boolean(),
  fc.string({ unit: 'grapheme' }),
  fc.constant(null),
  fc.integer({ min: -(2 ** 31), max: -1 }),
);
/** A key that looks like a number would lose its place in any client, too. */
const key = fc
  .string({ unit: 'grapheme', maxLength: 40 })
  .filter((text) => !/^[0-9]+$/.test(text) && text !== '__proto__');
const value = fc.letrec((tie) => ({
  any: fc.oneof(
    { maxDepth: 3 },
    leaf,
    fc.array(tie('any'), { maxLength: 20 }),
    fc.dictionary(key, tie('any'), { maxKeys: 20 }),
  ),
})).any;
const action = fc.dictionary(key, value, { maxKeys: 20 });

describe(`hashes, held to those of @nktkas/hyperliquid and viem (seed ${SEED})`, () => {
  it('of any action, in the order of its keys', () => {
    const all = fc.record({
      action,
      nonce,
      vaultAddress: fc.option(address, { nil: undefined }),
      expiresAfter: fc.option(nonce, { nil: undefined }),
    });
    fc.assert(
      fc.property(all, ({ action: fields, ...guard }) => {
        const given = {
          action: fields,
          nonce: guard.nonce,
          ...(guard.vaultAddress && { vaultAddress: guard.vaultAddress }),
        };
        const judged = createL1ActionHash(
          guard.expiresAfter === undefined ? given : { ...given, expiresAfter: guard.expiresAfter },
        );
        expect(hex(connectionIdOf(encodeAction(fields), guard))).toBe(judged);
      }),
      { seed: SEED, numRuns: 400 },
    );
  });

  it('of the struct that names it, for both networks', () => {
    fc.assert(
      fc.property(action, nonce, fc.constantFrom('a' as const, 'b' as const), (fields, at, source) => {
        const bytes = encodeAction(fields);
        const judged = hashTypedData({
          domain: { name: 'Exchange', version: '1', chainId: 1_337, verifyingContract: `0x${'00'.repeat(20)}` },
          types: {
            Agent: [
              { name: 'source', type: 'string' },
              { name: 'connectionId', type: 'bytes32' },
            ],
          },
          primaryType: 'Agent',
          message: { source, connectionId: hex(connectionIdOf(bytes, { nonce: at })) },
        });
        expect(hex(hashAction(bytes, { nonce: at }, source))).toBe(judged);
      }),
      { seed: SEED, numRuns: 100 },
    );
  });

  const text = fc.string({ unit: 'grapheme', maxLength: 40 });
  const head = {
    signatureChainId: fc.nat({ max: 2 ** 31 }).map((id): Hex => `0x${id.toString(16)}`),
    hyperliquidChain: fc.constantFrom('Testnet', 'Mainnet'),
  };
  const USER_SIGNED = [
    ['approveAgent', 'ApproveAgent', { agentAddress: address, agentName: text, nonce }],
    ['approveBuilderFee', 'ApproveBuilderFee', { maxFeeRate: text, builder: address, nonce }],
    ['withdraw3', 'Withdraw', { destination: text, amount: text, time: nonce }],
    ['usdSend', 'UsdSend', { destination: text, amount: text, time: nonce }],
    ['spotSend', 'SpotSend', { destination: text, token: text, amount: text, time: nonce }],
    ['usdClassTransfer', 'UsdClassTransfer', { amount: text, toPerp: fc.boolean(), nonce }],
    [
      'sendAsset',
      'SendAsset',
      {
        destination: text,
        sourceDex: text,
        destinationDex: text,
        token: text,
        amount: text,
        fromSubAccount: text,
        nonce,
      },
    ],
    ['cDeposit', 'CDeposit', { wei: nonce, nonce }],
    ['cWithdraw', 'CWithdraw', { wei: nonce, nonce }],
    ['tokenDelegate', 'TokenDelegate', { validator: address, wei: nonce, isUndelegate: fc.boolean(), nonce }],
    ['userDexAbstraction', 'UserDexAbstraction', { user: address, enabled: fc.boolean(), nonce }],
    ['userSetAbstraction', 'UserSetAbstraction', { user: address, abstraction: text, nonce }],
  ] as const;

  it.each(USER_SIGNED)('of %s, field by field', (type, struct, fields) => {
    const all = fc.record({ ...head, ...fields } as Record<string, fc.Arbitrary<unknown>>);
    fc.assert(
      fc.property(all, ({ signatureChainId, ...message }) => {
        const judged = hashTypedData({
          domain: {
            name: 'HyperliquidSignTransaction',
            version: '1',
            chainId: Number(signatureChainId),
            verifyingContract: `0x${'00'.repeat(20)}`,
          },
          types: {
            [`HyperliquidTransaction:${struct}`]: ['hyperliquidChain', ...Object.keys(fields)].map((name) => ({
              name,
              type: typeOf(name),
            })),
          },
          primaryType: `HyperliquidTransaction:${struct}`,
          message,
        });
        expect(hex(hashUserSigned({ type, signatureChainId, ...message }))).toBe(judged);
      }),
      { seed: SEED, numRuns: 20 },
    );
  });

  it('and what @nktkas signs names its signer', async () => {
    const order = {
      type: 'order',
      orders: [{ a: 0, b: true, p: '95', s: '0.01', r: false, t: { limit: { tif: 'Gtc' } } }],
      grouping: 'na',
    };
    const signature = await signL1Action({ wallet, action: order, nonce: 5, isTestnet: true, expiresAfter: 2 ** 40 });
    const request = parseRequest({ action: order, nonce: 5, signature, vaultAddress: null, expiresAfter: 2 ** 40 });
    expect(recoverSigner(hashRequest(request, 'b'), request.signature)).toBe(SIGNER);
    expect(recoverSigner(hashRequest(request, 'a'), request.signature)).not.toBe(SIGNER);

    const send = {
      type: 'usdSend',
      signatureChainId: '0x66eee' as const,
      hyperliquidChain: 'Testnet',
      destination: SIGNER,
      amount: '1',
      time: 7,
    };
    const types = {
      'HyperliquidTransaction:UsdSend': ['hyperliquidChain', 'destination', 'amount', 'time'].map((name) => ({
        name,
        type: typeOf(name),
      })),
    };
    const sent = parseRequest({
      action: send,
      nonce: 7,
      signature: await signUserSignedAction({ wallet, action: send, types }),
    });
    expect(recoverSigner(hashRequest(sent, 'b'), sent.signature)).toBe(SIGNER);
  });
});

function typeOf(name: string): string {
  if (['nonce', 'time', 'wei'].includes(name)) return 'uint64';
  if (['toPerp', 'enabled', 'isUndelegate'].includes(name)) return 'bool';
  return ['agentAddress', 'builder', 'validator', 'user'].includes(name) ? 'address' : 'string';
}

describe('MessagePack', () => {
  it.each([
    ['a count below 2^7', { n: 127 }, '81a16e7f'],
    ['below 2^8', { n: 255 }, '81a16eccff'],
    ['below 2^16', { n: 65_535 }, '81a16ecdffff'],
    ['below 2^32', { n: 2 ** 32 - 1 }, '81a16eceffffffff'],
    ['2^32 itself, in 8 bytes', { n: 2 ** 32 }, '81a16ecf0000000100000000'],
    ['a time in milliseconds', { time: 1_795_357_169_004 }, '81a474696d65cf000001a203a0556c'],
    ['the largest whole number', { n: Number.MAX_SAFE_INTEGER }, '81a16ecf001fffffffffffff'],
    ['null, true, false', { n: [null, true, false] }, '81a16e93c0c3c2'],
    ['a text that is not ASCII', { n: '€' }, '81a16ea3e282ac'],
    ['keys as they came', { b: 1, a: 2 }, '82a16201a16102'],
    ['a number that is not whole', { n: 0.5 }, '81a16ecb3fe0000000000000'],
  ])('%s', (_what, fields, bytes) => {
    expect(bytesToHex(encodeAction(fields))).toBe(bytes);
    expect(decodeAction(encodeAction(fields))).toEqual(fields);
  });

  it('keeps the order of keys both ways', () => {
    const text = '{"type":"order","orders":[{"t":{"trigger":{"triggerPx":"1","tpsl":"tp","isMarket":true}},"a":0}]}';
    expect(JSON.stringify(decodeAction(encodeAction(JSON.parse(text))))).toBe(text);
  });

  it.each([
    ['a count in more bytes than it needs', '81a16ecc01'],
    ['a key that stands twice', '82a16101a16102'],
    ['a list', '9101'],
    ['bytes behind it', '81a1610100'],
    ['half of it', '81a161'],
    ['nothing', ''],
    ['a number', '05'],
  ])('refuses %s', (_what, bytes) => {
    expect(() => decodeAction(Uint8Array.from(Buffer.from(bytes, 'hex')))).toThrow(/^action /);
  });

  it('refuses what is too long or too deep', () => {
    expect(() => encodeAction({ text: 'x'.repeat(32 * 1_024) })).toThrow('action has more than 32768 bytes');
    let deep: object = {};
    for (let depth = 0; depth < 40; depth += 1) deep = { deep };
    expect(() => encodeAction(deep)).toThrow(/^action cannot be written/);
  });
});
