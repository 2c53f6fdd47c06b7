import { expect, test } from 'vitest';
import * as engine from '../src/index.ts';

test('the one door of the package', () => {
  expect(Object.keys(engine).sort()).toEqual([
    'Book',
    'accountLeaf',
    'apply',
    'assertInvariants',
    'createEventBytes',
    'createState',
    'globalsLeaf',
    'listAccounts',
    'listMarkets',
    'listOrders',
    'marketLeaf',
    'orderLeaf',
    'readAccount',
    'readAccountIdOf',
    'readBook',
    'readExchange',
    'readLevel',
    'readMarginPositions',
    'readMarket',
    'readOpenOrderCount',
    'readOrder',
    'readSnapshot',
    'takeDirty',
    'writeEvent',
    'writeSnapshot',
  ]);
});
