import { expect, test } from 'vitest';
import * as stateTree from '../src/index.ts';

test('the package has one door, and this is what stands in it', () => {
  expect(Object.keys(stateTree).sort()).toEqual([
    'ACCOUNTS_DEPTH',
    'MARKETS_DEPTH',
    'ORDERS_DEPTH',
    'SparseTree',
    'ZERO_HASH',
    'batchHash',
    'batchHeader',
    'commandPayload',
    'settlementTree',
    'stateRoot',
    'verifySettlementProof',
    'verifySparseProof',
    'withdrawalPayload',
  ]);
});
