import { toSequence } from '@keel/types';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decodeClientFrame,
  decodeCommand,
  decodeEventBlock,
  decodeSequencedCommand,
  decodeServerFrame,
  encodeClientFrame,
  encodeCommand,
  encodeEventBlock,
  encodeSequencedCommand,
  encodeServerFrame,
} from '../src/index.ts';
import { commandsByKind, sequencedCommand } from './commandArbitraries.ts';
import { eventBlock, eventsByKind } from './eventArbitraries.ts';
import { clientFrame, serverFrame } from './frameArbitraries.ts';

/** What comes back is what went in, and encoding it again gives the same bytes. */
function expectRoundTrip<Value>(
  values: fc.Arbitrary<Value>,
  encode: (value: Value) => Uint8Array,
  decode: (bytes: Uint8Array) => Value,
): void {
  fc.assert(
    fc.property(values, (value) => {
      const bytes = encode(value);
      const back = decode(bytes);
      expect(back).toEqual(value);
      expect(Buffer.from(encode(back)).equals(bytes)).toBe(true);
    }),
  );
}

describe('commands come back as they went', () => {
  it.each(Object.keys(commandsByKind) as (keyof typeof commandsByKind)[])('%s', (kind) => {
    expectRoundTrip(commandsByKind[kind], encodeCommand, decodeCommand as never);
  });

  it('with their place and time', () => {
    expectRoundTrip(sequencedCommand, encodeSequencedCommand, decodeSequencedCommand);
  });
});

describe('events come back as they went', () => {
  it.each(Object.keys(eventsByKind) as (keyof typeof eventsByKind)[])('%s', (kind) => {
    const blocks = eventsByKind[kind].map((event) => ({ sequence: toSequence(1), timeMs: 2, events: [event] }));
    expectRoundTrip(blocks, encodeEventBlock, decodeEventBlock as never);
  });

  it('in blocks, in order', () => {
    expectRoundTrip(eventBlock, encodeEventBlock, decodeEventBlock);
  });
});

describe('intake frames come back as they went', () => {
  it('to the server', () => {
    expectRoundTrip(clientFrame, encodeClientFrame, decodeClientFrame);
  });

  it('to the client', () => {
    expectRoundTrip(serverFrame, encodeServerFrame, decodeServerFrame);
  });
});
