import { readFileSync } from 'node:fs';
import { toAssetId } from '@keel/types';
import { describe, expect, test } from 'vitest';
import { settlementVectors } from '../script/settlementVectors.ts';
import { withdrawalPayload } from '../src/index.ts';

const committed = new URL('../../contracts/test/vectors/settlement.json', import.meta.url);

describe('vectors shared with the contract', () => {
  test('the committed file is what the code says today; `npm run vectors` writes it', () => {
    expect(JSON.parse(readFileSync(committed, 'utf8'))).toEqual(settlementVectors());
  });

  test('exactly the unchanged proofs are valid', () => {
    for (const { name, valid, siblings } of settlementVectors().proofs) {
      const unchanged =
        name.endsWith(': as it is') ||
        (name.endsWith(': no siblings') && name.startsWith('list of 1,')) ||
        (name.endsWith(': siblings turned round') && siblings.join() === siblings.toReversed().join());
      expect(valid, name).toBe(unchanged);
    }
  });
});

describe('withdrawalPayload', () => {
  const withdrawal = { withdrawalIndex: 258, recipient: `0x${'ab'.repeat(20)}`, amountAtoms: 3 } as const;

  test('is index, recipient, asset and amount, packed: 8 + 20 + 2 + 8 bytes', () => {
    const bytes = withdrawalPayload({ ...withdrawal, assetId: toAssetId(0x0105) });
    expect(Buffer.from(bytes).toString('hex')).toBe(
      `${'0000000000000102'}${'ab'.repeat(20)}${'0105'}${'0000000000000003'}`,
    );
  });

  test.each([-1, 0.5, 65_536, Number.NaN])('asset id %s is a fault of ours', (value) => {
    expect(() => withdrawalPayload({ ...withdrawal, assetId: toAssetId(value) })).toThrow('not an unsigned number');
  });
});
