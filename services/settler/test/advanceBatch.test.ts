import { keelSettlementAbi } from '@keel/contracts/abi/KeelSettlement.ts';
import { batchHash, batchHeader, ZERO_HASH } from '@keel/state-tree';
import type { Hex, SealedBatch } from '@keel/types';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { type AdvanceBatchParts, advanceBatch } from '../src/advanceBatch.ts';
import type { L1Config } from '../src/config.ts';
import { Health } from '../src/health.ts';
import { OperatorAccount } from '../src/operatorAccount.ts';
import { SettlementChain } from '../src/settlementChain.ts';
import { Bookkeeper } from './bookkeeper.ts';
import { ALICE, type Anvil, startAnvil } from './startAnvil.ts';
import { hashOfByte, l1Config, log, until } from './startParts.ts';

const anvils: Anvil[] = [];
let anvil: Anvil;
beforeEach(async () => {
  anvil = await startAnvil();
  anvils.push(anvil);
}, 60_000);
afterAll(async () => {
  await Promise.all(anvils.map((one) => one.stop()));
});

/** One settler process, as far as a batch is concerned: its own nonces, its own memory of nothing. */
function oneProcess(
  sealedBatch: (index: number) => Promise<SealedBatch | undefined>,
  changes: Partial<L1Config> = {},
): AdvanceBatchParts & { readonly sent: Hex[]; readonly die: () => void } {
  const config = l1Config(anvil, changes);
  const health = new Health(log, () => undefined);
  const chain = new SettlementChain(config, health);
  const dying = new AbortController();
  const sent: Hex[] = [];
  return {
    config,
    chain,
    operator: new OperatorAccount(config, chain, health),
    sealedBatch,
    onSubmitted: (_index, txHash) => sent.push(txHash),
    log,
    stopSignal: dying.signal,
    sent,
    die: () => dying.abort(new Error('killed')),
  };
}

async function bookkeeperWith(batches: number): Promise<Bookkeeper> {
  const bookkeeper = new Bookkeeper();
  for (let index = 0; index < batches; index++) {
    bookkeeper.trade();
    await bookkeeper.submit('settler', { kind: 'sealBatch' });
  }
  return bookkeeper;
}

async function submittedEvents() {
  return await anvil.client.getContractEvents({
    address: anvil.settlement,
    abi: keelSettlementAbi,
    eventName: 'BatchSubmitted',
    fromBlock: 0n,
  });
}

async function operatorTransactions(): Promise<number> {
  const head = await anvil.client.getBlockNumber();
  let count = 0;
  for (let block = anvil.setUpBlock + 1n; block <= head; block++) {
    const { transactions } = await anvil.client.getBlock({ blockNumber: block, includeTransactions: true });
    count += transactions.filter(({ to }) => to?.toLowerCase() === anvil.settlement).length;
  }
  return count;
}

describe('advanceBatch', { timeout: 60_000 }, () => {
  test('batches go up in order, each with the hash that TypeScript computes', async () => {
    const bookkeeper = await bookkeeperWith(3);
    const process = oneProcess((index) => bookkeeper.batch(index));
    let prevHash: Hex = ZERO_HASH;
    for (const sealed of bookkeeper.batches) {
      await advanceBatch(sealed.batchIndex, process);
      prevHash = batchHash(batchHeader(sealed, prevHash));
      expect(await process.chain.batchHashAt(sealed.batchIndex)).toBe(prevHash);
    }
    await expect(advanceBatch(5, process)).rejects.toThrow('batch 5 waits for batch 3');
    await expect(advanceBatch(3, process)).rejects.toThrow('batch 3 is not sealed');
  });

  test('a job delivered again does nothing', async () => {
    const bookkeeper = await bookkeeperWith(1);
    const process = oneProcess((index) => bookkeeper.batch(index));
    await advanceBatch(0, process);
    await advanceBatch(0, process);
    await advanceBatch(
      0,
      oneProcess((index) => bookkeeper.batch(index)),
    );
    expect(process.sent).toHaveLength(1);
    expect(await submittedEvents()).toHaveLength(1);
  });

  test('a job delivered to two processes at once puts one batch on L1', async () => {
    const bookkeeper = await bookkeeperWith(1);
    await anvil.client.setAutomine(false);
    const processes = [1, 2].map(() => oneProcess((index) => bookkeeper.batch(index)));
    const jobs = processes.map((process) => advanceBatch(0, process));
    await until(() => processes.every(({ sent }) => sent.length === 1));
    await anvil.client.mine({ blocks: 1 });
    await Promise.all(jobs);
    expect(await submittedEvents()).toHaveLength(1);
    expect(await operatorTransactions()).toBe(1);
  });

  test('a process killed between sending and receipt: the next one sends over the same nonce', async () => {
    const bookkeeper = await bookkeeperWith(1);
    await anvil.client.setAutomine(false);
    const first = oneProcess((index) => bookkeeper.batch(index));
    const killed = advanceBatch(0, first);
    await until(async () => (await anvil.client.getTxpoolStatus()).pending === 1);
    first.die();
    await expect(killed).rejects.toThrow();

    const second = oneProcess((index) => bookkeeper.batch(index));
    const job = advanceBatch(0, second);
    await until(() => second.sent.length === 1);
    expect((await anvil.client.getTxpoolStatus()).pending).toBe(1);
    await anvil.client.mine({ blocks: 1 });
    await job;
    expect(await submittedEvents()).toHaveLength(1);
    expect(await operatorTransactions()).toBe(1);
  });

  test('a transaction that is not mined in time is replaced by one that pays more', async () => {
    const bookkeeper = await bookkeeperWith(1);
    await anvil.client.setAutomine(false);
    const process = oneProcess((index) => bookkeeper.batch(index), { resendMs: 100 });
    await expect(advanceBatch(0, process)).rejects.toThrow('batch 0 was not mined in 100 ms');
    await expect(advanceBatch(0, process)).rejects.toThrow('batch 0 was not mined in 100 ms');
    const [cheap, dear] = process.sent;
    expect(cheap).not.toBe(dear);
    await anvil.client.mine({ blocks: 1 });
    expect((await submittedEvents()).map(({ transactionHash }) => transactionHash)).toEqual([dear]);
    await advanceBatch(0, process);
    expect(process.sent).toHaveLength(2);
  });

  test('a chain that mines nothing for long does not drive the fee up for ever', async () => {
    const bookkeeper = await bookkeeperWith(1);
    await anvil.client.setAutomine(false);
    const process = oneProcess((index) => bookkeeper.batch(index), { resendMs: 10 });
    const feeOf = async (hash: Hex | undefined): Promise<bigint> =>
      (await anvil.client.getTransaction({ hash: hash ?? '0x' })).maxPriorityFeePerGas ?? 0n;
    await expect(advanceBatch(0, process)).rejects.toThrow('was not mined');
    const first = await feeOf(process.sent[0]);
    for (let tries = 0; tries < 30; tries += 1) await expect(advanceBatch(0, process)).rejects.toThrow('was not mined');
    const last = process.sent.at(-1);
    expect(await feeOf(last)).toBeGreaterThan(8n * first);
    expect(await feeOf(last)).toBeLessThanOrEqual(10n * first);
    expect(process.sent.at(-2)).toBe(last);
    await anvil.client.mine({ blocks: 1 });
    expect((await submittedEvents()).map(({ transactionHash }) => transactionHash)).toEqual([last]);
  });

  test('a block taken back by L1 puts the batch up again', async () => {
    const bookkeeper = await bookkeeperWith(2);
    const process = oneProcess((index) => bookkeeper.batch(index));
    const before = await anvil.client.snapshot();
    await advanceBatch(0, process);
    await advanceBatch(1, process);
    const hash = await process.chain.batchHashAt(1);
    await anvil.client.revert({ id: before });
    expect((await process.chain.tip()).batchCount).toBe(0);
    await advanceBatch(0, process);
    await advanceBatch(1, process);
    expect(await process.chain.batchHashAt(1)).toBe(hash);
  });

  test('a block taken back between looking and sending is tried again and stops nobody', async () => {
    const bookkeeper = await bookkeeperWith(2);
    const before = await anvil.client.snapshot();
    let takenBack = false;
    const process = oneProcess(async (index) => {
      if (index === 1 && !takenBack) {
        takenBack = true;
        await anvil.client.revert({ id: before });
      }
      return bookkeeper.batch(index);
    });
    await advanceBatch(0, process);
    await expect(advanceBatch(1, process)).rejects.toMatchObject({
      name: 'Error',
      message: 'L1 went back before batch 1 was sent',
    });
    await advanceBatch(0, process);
    await advanceBatch(1, process);
    expect(await submittedEvents()).toHaveLength(2);
  });

  test('another batch on L1 than the sequencer sealed stops the process', async () => {
    const bookkeeper = await bookkeeperWith(2);
    const process = oneProcess((index) => bookkeeper.batch(index));
    await advanceBatch(0, process);
    const forged = async (index: number): Promise<SealedBatch | undefined> => {
      const sealed = await bookkeeper.batch(index);
      return sealed === undefined ? undefined : { ...sealed, stateRoot: hashOfByte('66') };
    };
    await expect(advanceBatch(0, oneProcess(forged))).rejects.toMatchObject({
      name: 'SettlementFault',
      message: expect.stringMatching(
        /^L1 has another batch 0 \(0x[0-9a-f]{64}\) than the sequencer \(0x[0-9a-f]{64}\)$/,
      ),
    });
    await expect(
      advanceBatch(
        0,
        oneProcess(async () => undefined),
      ),
    ).rejects.toThrow('L1 has batch 0, which the sequencer never sealed');
  });

  test('a batch that L1 refuses stops the process and names the reason', async () => {
    const bookkeeper = await bookkeeperWith(1);
    const unpaid = async (index: number): Promise<SealedBatch | undefined> => {
      const sealed = await bookkeeper.batch(index);
      return sealed === undefined ? undefined : { ...sealed, nextDepositIndex: 4 };
    };
    await expect(advanceBatch(0, oneProcess(unpaid))).rejects.toMatchObject({
      name: 'SettlementFault',
      message: 'L1 refuses batch 0: SettlementWrongNextDeposit(4, 0, 0)',
    });
    expect(await operatorTransactions()).toBe(0);
  });

  test('a key that is not the operator is found out at the start', async () => {
    const wrong: Hex = `0x${Buffer.from(ALICE.getHdKey().privateKey!).toString('hex')}`;
    const { operator } = oneProcess(async () => undefined, { operatorKey: wrong });
    await expect(operator.assertOperator()).rejects.toThrow(/KEEL_OPERATOR_KEY is the key of 0x.*, but the contract's/);
    const { operator: lost } = oneProcess(async () => undefined, { settlement: `0x${'12'.repeat(20)}` });
    await expect(lost.assertOperator()).rejects.toThrow('there is no KeelSettlement at 0x1212');
    const { operator: elsewhere } = oneProcess(async () => undefined, { chainId: 1 });
    await expect(elsewhere.assertOperator()).rejects.toThrow(/is chain 31337 and not 1: correct KEEL_L1_URL/);
  });
});
