import fc from 'fast-check';
import { expect, it } from 'vitest';
import { crc32c } from '../src/index.ts';

/** The definition, a bit at a time. */
function slowCrc32c(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0x82f63b78 : 0);
  }
  return ~crc >>> 0;
}

const iscsi = (fill: (place: number) => number) => Uint8Array.from({ length: 32 }, (_, place) => fill(place));

it.each<[string, Uint8Array, number]>([
  ['nothing', new Uint8Array(), 0],
  ['the digits 1 to 9', Buffer.from('123456789'), 0xe3069283],
  ['32 zeros (RFC 3720)', iscsi(() => 0), 0x8a9136aa],
  ['32 ones (RFC 3720)', iscsi(() => 0xff), 0x62a8ab43],
  ['0 to 31 (RFC 3720)', iscsi((place) => place), 0x46dd794e],
  ['31 to 0 (RFC 3720)', iscsi((place) => 31 - place), 0x113fdb5c],
])('has the published value of %s', (_, bytes, expected) => {
  expect(crc32c(bytes)).toBe(expected);
});

it('agrees with the definition, whole, in a window and in two parts', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), fc.nat(100), fc.nat(100), (bytes, a, b) => {
      const [start, end] = [Math.min(a, b, bytes.length), Math.min(Math.max(a, b), bytes.length)];
      expect(crc32c(bytes)).toBe(slowCrc32c(bytes));
      expect(crc32c(bytes, start, end)).toBe(slowCrc32c(bytes.subarray(start, end)));
      expect(crc32c(bytes, end, bytes.length, crc32c(bytes, 0, end))).toBe(slowCrc32c(bytes));
    }),
  );
});
