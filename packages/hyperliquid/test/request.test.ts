import { describe, expect, it } from 'vitest';
import { parseRequest, Unreadable } from '../src/index.ts';

const R = `0x${'1'.repeat(64)}`;
const body = { action: { type: 'noop' }, nonce: 5, signature: { r: R, s: '0x2', v: 28 } };

describe('a request', () => {
  it('is read as far as its signature goes; null is no value', () => {
    const read = {
      action: { type: 'noop' },
      type: 'noop',
      nonce: 5,
      signature: `0x${'1'.repeat(64)}${'2'.padStart(64, '0')}1c`,
      vaultAddress: undefined,
      expiresAfter: undefined,
    };
    expect(parseRequest(body)).toEqual(read);
    expect(parseRequest({ ...body, vaultAddress: null, expiresAfter: null, isFrontend: true })).toEqual(read);
    const guarded = parseRequest({ ...body, vaultAddress: `0x${'AB'.repeat(20)}`, expiresAfter: 9 });
    expect(guarded).toEqual({ ...read, vaultAddress: `0x${'ab'.repeat(20)}`, expiresAfter: 9 });
  });

  it.each([
    [27, '1b'],
    [28, '1c'],
    [0, '1b'],
    [1, '1c'],
  ])('v %s is spelled %s', (v, spelled) => {
    expect(parseRequest({ ...body, signature: { r: R, s: R, v } }).signature.slice(-2)).toBe(spelled);
  });

  it.each<[string, unknown, string]>([
    ['no object', 5, 'request is not an object'],
    ['null', null, 'request is not an object'],
    ['a list', [], 'request is not an object'],
    ['without an action', { ...body, action: undefined }, 'action is not an object'],
    ['an action without a type', { ...body, action: {} }, 'action.type is not a text'],
    ['without a nonce', { ...body, nonce: undefined }, 'nonce is not a whole number from 0 to 2^53 - 1'],
    ['a nonce with a fraction', { ...body, nonce: 0.5 }, 'nonce is not a whole number from 0 to 2^53 - 1'],
    ['a signature in one piece', { ...body, signature: R }, 'signature is not an object'],
    ['without v', { ...body, signature: { r: R, s: R } }, 'signature.v is missing'],
    ['another v', { ...body, signature: { r: R, s: R, v: 29 } }, 'signature.v is none of 27, 28'],
    [
      'r of 33 bytes',
      { ...body, signature: { r: `${R}11`, s: R, v: 27 } },
      'signature.r is not 0x and at most 32 bytes of hex',
    ],
    [
      's of nothing',
      { ...body, signature: { r: R, s: '0x', v: 27 } },
      'signature.s is not 0x and at most 32 bytes of hex',
    ],
    ['a vault that is no address', { ...body, vaultAddress: 'me' }, 'vaultAddress is not an address'],
    ['an expiry of text', { ...body, expiresAfter: '9' }, 'expiresAfter is not a whole number from 0 to 2^53 - 1'],
  ])('%s is none', (_what, wrong, message) => {
    expect(() => parseRequest(wrong)).toThrow(new Unreadable(message));
  });
});
