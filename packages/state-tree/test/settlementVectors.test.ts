import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { settlementVectors } from '../script/settlementVectors.ts';

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
