import { expect, it } from 'vitest';
import * as codec from '../src/index.ts';

it('exports these names and no others', () => {
  expect(Object.keys(codec).sort()).toEqual([
    'COMMAND_BYTES_MAX',
    'CodecError',
    'decodeClientFrame',
    'decodeCommand',
    'decodeEventBlock',
    'decodeSequencedCommand',
    'decodeServerFrame',
    'encodeClientFrame',
    'encodeCommand',
    'encodeEventBlock',
    'encodeSequencedCommand',
    'encodeServerFrame',
  ]);
});
