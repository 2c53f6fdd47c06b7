import { setTimeout as sleep } from 'node:timers/promises';
import { keelSettlementAbi } from '@keel/contracts/abi/KeelSettlement.ts';
import { testUsdcAbi } from '@keel/contracts/abi/TestUsdc.ts';
import { testWethAbi } from '@keel/contracts/abi/TestWeth.ts';
import { type OwnRedis, startRedis } from '@keel/test-servers';
import { type Address, type CollateralStatus, toAssetId } from '@keel/types';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Bookkeeper } from './bookkeeper.ts';
import { ALICE, type Anvil, startAnvil } from './startAnvil.ts';
import { batchDocs, startIntake, startWhole, until, withdrawalDocs } from './startParts.ts';

const alice = ALICE.address.toLowerCase() as Address;
const bob: Address = `0x${'b0'.repeat(20)}`;
const WETH: CollateralStatus = {
  assetId: toAssetId(1),
  symbol: 'WETH',
  decimals: 8,
  priceDecimals: 2,
  maxPriceTicks: 10_000_000,
  priceJumpPpm: 200_000,
  priceTicks: 0,
};

describe('the settler between a sequencer, L1 and Redis', { timeout: 60_000 }, () => {
  let anvil: Anvil;
  let redis: OwnRedis;
  beforeAll(async () => {
    [anvil, redis] = await Promise.all([startAnvil(), startRedis()]);
  }, 60_000);
  afterAll(async () => {
    await Promise.all([anvil.stop(), redis.stop()]);
  });

  test('money goes in, a batch goes up, money comes out with the published proof', async () => {
    const bookkeeper = new Bookkeeper();
    const intake = await startIntake(bookkeeper);
    const { settler, faults, metrics } = await startWhole({ anvil, redisUrl: redis.url, intakePort: intake.port });

    await anvil.deposit(50_000_000);
    await anvil.deposit(7_000_000);
    await until(() => bookkeeper.deposits.length === 2);
    expect(bookkeeper.deposits).toEqual([
      { owner: alice, assetId: 0, amountAtoms: 50_000_000 },
      { owner: alice, assetId: 0, amountAtoms: 7_000_000 },
    ]);

    bookkeeper.withdraw(bob, 3_000_000);
    bookkeeper.withdraw(alice, 2_000_000);
    bookkeeper.withdraw(bob, 1_000_000);
    await until(async () => (await withdrawalDocs(redis, bob)).some(({ status }) => status === 'claimable'));
    const [first] = await withdrawalDocs(redis, bob);
    expect(first).toMatchObject({ withdrawalIndex: 0, amountAtoms: 3_000_000, position: 0, count: 3 });

    const { batchIndex, withdrawalIndex, recipient, amountAtoms, position, siblings } = first!;
    const hash = await anvil.client.writeContract({
      address: anvil.settlement,
      abi: keelSettlementAbi,
      account: ALICE,
      functionName: 'withdraw',
      args: [
        BigInt(batchIndex),
        BigInt(withdrawalIndex),
        recipient,
        0,
        BigInt(amountAtoms),
        BigInt(position),
        siblings,
      ],
    });
    await anvil.client.waitForTransactionReceipt({ hash });
    const balance = { address: anvil.usdc, abi: testUsdcAbi, functionName: 'balanceOf', args: [bob] } as const;
    expect(await anvil.client.readContract(balance)).toBe(3_000_000n);
    await until(async () => (await withdrawalDocs(redis, bob))[0]?.status === 'paid');
    expect(await withdrawalDocs(redis, bob)).toMatchObject([
      { withdrawalIndex: 0, status: 'paid', l1TxHash: hash },
      { withdrawalIndex: 2, status: 'claimable', l1TxHash: null },
    ]);

    const [batch] = await batchDocs(redis);
    const contract = { address: anvil.settlement, abi: keelSettlementAbi } as const;
    const onL1 = await anvil.client.readContract({ ...contract, functionName: 'batchAt', args: [0n] });
    expect(batch).toMatchObject({ batchIndex: 0, batchHash: onL1.batchHash, firstSequence: 1, status: 'committed' });
    expect(settler.reasons()).toEqual([]);
    expect(faults).toEqual([]);
    await until(async () => /keel_settler_batches_submitted_total\{[^}]*\} [1-9]/.test(await metrics.text()));
    expect(await metrics.text()).toMatch(/keel_settler_next_deposit_index\{[^}]*\} 2/);
    await intake.close();
  });

  test('WETH goes in once the sequencer lists it, holding up what came after, and out with its own proof', async () => {
    const bookkeeper = new Bookkeeper();
    const [anvil, redis] = await Promise.all([startAnvil(), startRedis()]);
    const intake = await startIntake(bookkeeper);
    const { settler, faults } = await startWhole({ anvil, redisUrl: redis.url, intakePort: intake.port });

    await anvil.deposit(5_000_000);
    await anvil.deposit(250_000_000, 1);
    await anvil.deposit(6_000_000);
    await until(() => bookkeeper.deposits.length === 1 && settler.reasons().length > 0);
    expect(settler.reasons()).toEqual(['deposit 1 is of asset 1, which the sequencer has not listed']);
    const commands = bookkeeper.status().sequence;
    await sleep(300);
    expect(bookkeeper.status().sequence - commands, 'nothing is tried in vain, batches apart').toBeLessThanOrEqual(1);

    bookkeeper.collaterals.push(WETH);
    await until(() => bookkeeper.deposits.length === 3);
    expect(bookkeeper.deposits).toEqual([
      { owner: alice, assetId: 0, amountAtoms: 5_000_000 },
      { owner: alice, assetId: 1, amountAtoms: 250_000_000 },
      { owner: alice, assetId: 0, amountAtoms: 6_000_000 },
    ]);
    await until(() => settler.reasons().length === 0);

    bookkeeper.withdraw(bob, 3_000_000);
    bookkeeper.withdraw(bob, 100_000_001, toAssetId(1));
    await until(async () => (await withdrawalDocs(redis, bob))[1]?.status === 'claimable');
    const [, second] = await withdrawalDocs(redis, bob);
    const { batchIndex, withdrawalIndex, recipient, assetId, amountAtoms, position, siblings } = second!;
    expect({ assetId, amountAtoms }).toEqual({ assetId: 1, amountAtoms: 100_000_001 });
    const hash = await anvil.client.writeContract({
      address: anvil.settlement,
      abi: keelSettlementAbi,
      account: ALICE,
      functionName: 'withdraw',
      args: [
        BigInt(batchIndex),
        BigInt(withdrawalIndex),
        recipient,
        assetId,
        BigInt(amountAtoms),
        BigInt(position),
        siblings,
      ],
    });
    await anvil.client.waitForTransactionReceipt({ hash });
    const balance = { address: anvil.weth, abi: testWethAbi, functionName: 'balanceOf', args: [bob] } as const;
    expect(await anvil.client.readContract(balance)).toBe(1_000_000_010_000_000_000n);
    await until(async () => (await withdrawalDocs(redis, bob))[1]?.status === 'paid');
    expect(faults).toEqual([]);
    await intake.close();
    await Promise.all([anvil.stop(), redis.stop()]);
  });

  test('L1 becoming final makes its batches final, and the next settler does not publish them again', async () => {
    const bookkeeper = new Bookkeeper();
    const [anvil, redis] = await Promise.all([startAnvil(), startRedis()]);
    const intake = await startIntake(bookkeeper);
    const { stop } = await startWhole({ anvil, redisUrl: redis.url, intakePort: intake.port });
    bookkeeper.trade();
    await until(async () => (await batchDocs(redis))[0]?.status === 'committed');
    await anvil.client.mine({ blocks: 80 });
    await until(async () => (await batchDocs(redis))[0]?.status === 'finalised');
    await stop();

    bookkeeper.trade();
    await bookkeeper.submit('settler', { kind: 'sealBatch' });
    bookkeeper.batchesAskedFor.length = 0;
    const second = await startWhole({ anvil, redisUrl: redis.url, intakePort: intake.port, batchSeconds: 3_600 });
    await until(async () => (await batchDocs(redis))[1]?.status === 'committed');
    expect(new Set(bookkeeper.batchesAskedFor)).toEqual(new Set([1]));
    expect(second.faults).toEqual([]);
    await second.stop();
    await intake.close();
    await Promise.all([anvil.stop(), redis.stop()]);
  });

  test('a start block after the first deposit stops the process instead of leaving the deposit out', async () => {
    const bookkeeper = new Bookkeeper();
    // As many batches as the contract has from the test before, so that the deposits are all that is wrong.
    const sealed = await anvil.client.readContract({
      address: anvil.settlement,
      abi: keelSettlementAbi,
      functionName: 'batchCount',
    });
    for (let index = 0n; index < sealed; index++) {
      bookkeeper.trade();
      await bookkeeper.submit('settler', { kind: 'sealBatch' });
    }
    const intake = await startIntake(bookkeeper);
    const late = { startBlock: Number(await anvil.client.getBlockNumber()) };
    const { faults } = await startWhole({ anvil, redisUrl: redis.url, intakePort: intake.port, l1: late });
    await until(() => faults.length > 0);
    expect(faults.map(String).join()).toMatch(
      /2 deposits from index 0 on are not in L1's blocks from \d+ on: correct KEEL_L1_START_BLOCK/,
    );
    await intake.close();
  });

  test('a sequencer that lost its batches stops the process', async () => {
    const intake = await startIntake(new Bookkeeper());
    const { faults } = await startWhole({ anvil, redisUrl: redis.url, intakePort: intake.port, batchSeconds: 3_600 });
    await until(() => faults.length > 0);
    expect(String(faults[0])).toMatch(/L1 has \d+ batches, the sequencer only sealed 0/);
    await intake.close();
  });
});
