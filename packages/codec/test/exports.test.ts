import { expect, it } from 'vitest';
import * as codec from '../src/index.ts';

it('exports these names and no others', () => {
  expect(Object.keys(codec).sort()).toEqual([
    'COMMAND_BYTES_MAX',
    'CodecError',
    'decodeClientFrame',
    'decodeClusterIdentity',
    'decodeCommand',
    'decodeEventBlock',
    'decodeHandOver',
    'decodeLeader',
    'decodeLogBlock',
    'decodeNodeReport',
    'decodePause',
    'decodeSequencedCommand',
    'decodeServerFrame',
    'decodeTerm',
    'encodeClientFrame',
    'encodeClusterIdentity',
    'encodeCommand',
    'encodeEventBlock',
    'encodeHandOver',
    'encodeLeader',
    'encodeLogBlock',
    'encodeNodeReport',
    'encodePause',
    'encodeSequencedCommand',
    'encodeServerFrame',
    'encodeTerm',
  ]);
});
