import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Health } from '../src/health.ts';
import { L1History } from '../src/l1History.ts';
import { SettlementChain } from '../src/settlementChain.ts';
import { type Anvil, startAnvil } from './startAnvil.ts';
import { l1Config, log } from './startParts.ts';

describe('L1History', { timeout: 60_000 }, () => {
  let anvil: Anvil;
  beforeAll(async () => {
    anvil = await startAnvil();
  }, 60_000);
  afterAll(async () => {
    await anvil.stop();
  });

  function amounts(history: L1History): number[] {
    return history.deposits.map(({ amountAtoms }) => amountAtoms);
  }

  test('what L1 takes back is forgotten, what it puts there instead is read', async () => {
    const config = l1Config(anvil);
    const chain = new SettlementChain(config, new Health(log, () => undefined));
    const history = new L1History(chain, config);
    const look = async (): Promise<number[]> => {
      await history.readTo(await chain.tip());
      return amounts(history);
    };
    await anvil.deposit(1_000_000);
    await anvil.client.mine({ blocks: 80 });
    expect(await look()).toEqual([1_000_000]);

    const before = await anvil.client.snapshot();
    await anvil.deposit(2_000_000);
    await anvil.deposit(3_000_000);
    expect(await look()).toEqual([1_000_000, 2_000_000, 3_000_000]);

    await anvil.client.revert({ id: before });
    await anvil.deposit(4_000_000);
    expect(await look()).toEqual([1_000_000, 4_000_000]);
    expect(await look()).toEqual([1_000_000, 4_000_000]);

    history.dropDepositsBelow(1);
    expect(await look()).toEqual([4_000_000]);
    history.startAgain();
    expect(await look()).toEqual([1_000_000, 4_000_000]);
  });
});
