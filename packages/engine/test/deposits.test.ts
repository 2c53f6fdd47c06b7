import { COLLATERAL_ATOMS_MAX } from '@keel/types';
import { expect, test } from 'vitest';
import { assertInvariants, readAccount, readAccountIdOf } from '../src/index.ts';
import { Exchange } from './exchange.ts';

test('what an account cannot hold goes straight back to its owner', () => {
  const exchange = new Exchange();
  exchange.deposit('ann', 999_999_999);
  const events = exchange.deposit('ann', 3);
  const accountId = readAccountIdOf(exchange.state, exchange.address('ann'))!;
  expect(events).toEqual([
    { kind: 'depositCredited', depositIndex: 1, accountId, assetId: 0, amountAtoms: 3_000_000 },
    {
      kind: 'withdrawalRequested',
      withdrawalIndex: 0,
      accountId,
      recipient: exchange.address('ann'),
      assetId: 0,
      amountAtoms: 2_000_000,
    },
  ]);
  expect(readAccount(exchange.state, accountId)?.collateralAtoms).toBe(COLLATERAL_ATOMS_MAX);
  assertInvariants(exchange.state);
  // The next deposit, of anybody, is not held up.
  expect(exchange.deposit('bob', 1)[1]).toMatchObject({ kind: 'depositCredited', depositIndex: 2 });
});
