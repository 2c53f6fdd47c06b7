import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { type Account, KeelClient, KeelError } from '@keel/client';
import { decodeSequencedCommand, encodeSequencedCommand } from '@keel/codec';
import { keelSettlementAbi } from '@keel/contracts/abi/KeelSettlement.ts';
import { openJournal } from '@keel/journal';
import { type Address, type Hex, type SequencedCommand, toMarketId } from '@keel/types';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Exchange, startExchange } from './exchange.ts';
import { waitFor } from './waitFor.ts';

const BTC = toMarketId(1);
const USDC = 1_000_000n;
const KEELCTL = new URL('../../services/keelctl/src/main.ts', import.meta.url).pathname;
const verify = (...args: string[]) =>
  promisify(execFile)(process.execPath, [KEELCTL, 'replay', '--verify-roots', ...args]);
/** Throw-away keys; they own nothing but what this test mints. */
const key = (digit: string): Hex => `0x${digit.repeat(64)}`;

describe('from a deposit on L1 to a withdrawal on L1', () => {
  let exchange: Exchange;
  let maker: KeelClient;
  let long: KeelClient;
  let saver: KeelClient;

  beforeAll(async () => {
    exchange = await startExchange();
    const client = (digit: string) => new KeelClient({ url: exchange.gatewayUrl, privateKey: key(digit) });
    maker = client('1');
    long = client('2');
    saver = client('3');
  });
  afterAll(async () => {
    for (const client of [maker, long, saver]) client?.close();
    await exchange?.stop();
  });

  const index = (usd: number) => exchange.price(BTC, usd * 10);
  const accountOf = (client: KeelClient, holds: (account: Account) => boolean): Promise<Account> =>
    waitFor('the account to show it', async () => {
      const account = await client.account();
      return holds(account) ? account : undefined;
    });

  test('deposits on L1 become collateral', async () => {
    await exchange.l1.deposit(maker.address, 1_000_000n * USDC);
    await exchange.l1.deposit(long.address, 1_000n * USDC);
    await exchange.l1.deposit(saver.address, 5_000n * USDC);
    expect((await accountOf(maker, () => true)).collateral).toBe('1000000');
    expect((await accountOf(long, () => true)).collateral).toBe('1000');
    expect((await accountOf(saver, () => true)).collateral).toBe('5000');
  });

  test('signed orders match, over REST and over WebSocket', async () => {
    await index(60_000);
    const resting = await maker.placeOrder({
      market: 'BTC-USD',
      side: 'sell',
      price: '60000',
      size: '1',
      timeInForce: 'postOnly',
    });
    expect(resting.state).toBe('resting');
    const bought = await long.placeOrder(
      { market: 'BTC-USD', side: 'buy', price: '60000', size: '0.4', timeInForce: 'ioc' },
      { over: 'ws' },
    );
    expect(bought).toMatchObject({ durability: 'acked', state: 'filled', filledSize: '0.4', averagePrice: '60000' });
    // 0.4 BTC at 60,000 is 24,000 USDC; the taker fee of 4 basis points is 9.6.
    const account = await accountOf(long, (seen) => seen.positions.length === 1);
    expect(account.collateral).toBe('990.4');
    expect(account.positions[0]).toMatchObject({ market: 'BTC-USD', size: '0.4', entryPrice: '60000' });
  });

  test('an order beyond the margin is refused with the reason', async () => {
    const refused = await long
      .placeOrder({ market: 'BTC-USD', side: 'buy', price: '60000', size: '0.4', timeInForce: 'ioc' })
      .catch((fault: unknown) => fault);
    expect(refused).toBeInstanceOf(KeelError);
    expect((refused as KeelError).code).toBe('INSUFFICIENT_MARGIN');
  });

  test('the price falls and the long is closed out on the book', async () => {
    await maker.cancelAll();
    await maker.placeOrder({ market: 'BTC-USD', side: 'buy', price: '58480', size: '2', timeInForce: 'postOnly' });
    await maker.placeOrder({ market: 'BTC-USD', side: 'sell', price: '58520', size: '2', timeInForce: 'postOnly' });
    await index(58_500);
    const closed = await accountOf(long, (seen) => Number(seen.positions[0]?.size ?? 0) < 0.4);
    expect(Number(closed.equity)).toBeGreaterThanOrEqual(Number(closed.maintenanceMargin));
    const liquidations = await long.liquidations();
    expect(liquidations.some((entry) => entry.account === long.address)).toBe(true);
    const trades = await long.trades('BTC-USD');
    expect(trades[0]).toMatchObject({ price: '58480', takerSide: 'sell', liquidation: true });
  });

  test('the batch with it stands on L1, hash for hash', async () => {
    const { sequence } = await long.status();
    const batch = await waitFor('the batch on L1', async () => {
      const batches = await long.batches();
      return batches.find((seen) => seen.lastSequence >= sequence && ['committed', 'finalised'].includes(seen.status));
    });
    const onL1 = await exchange.l1.publicClient.readContract({
      address: exchange.l1.settlement,
      abi: keelSettlementAbi,
      functionName: 'batchAt',
      args: [BigInt(batch.batchIndex)],
    });
    expect(onL1.batchHash).toBe(batch.batchHash);
    expect(onL1.withdrawalsRoot).toBe(batch.withdrawalsRoot);
  });

  test('a withdrawal is paid on L1 by its proof, once', async () => {
    await saver.withdraw({ amount: '1234.56' });
    expect((await accountOf(saver, (seen) => seen.collateral !== '5000')).collateral).toBe('3765.44');
    const proof = await waitFor('the proof', async () =>
      (await saver.withdrawals()).find((seen) => seen.status === 'claimable'),
    );
    const claim = {
      batchIndex: BigInt(proof.batchIndex),
      withdrawalIndex: BigInt(proof.withdrawalIndex),
      recipient: proof.recipient,
      amountAtoms: 1_234_560_000n,
      position: BigInt(proof.position),
      siblings: proof.siblings,
    };
    await exchange.l1.claim(claim);
    expect(await exchange.l1.usdcBalance(saver.address as Address)).toBe(1_234_560_000n);
    await expect(exchange.l1.claim(claim)).rejects.toThrow(/SettlementAlreadyWithdrawn/);
    await expect(exchange.l1.claim({ ...claim, amountAtoms: claim.amountAtoms + 1n })).rejects.toThrow();
  });

  test('kill -9 in the middle of orders: nothing acknowledged is lost, nothing is doubled', async () => {
    await index(58_500);
    const acknowledged = new Set<string>();
    const unknown: { nonce: number; price: string }[] = [];
    let killed = false;
    const place = async (client: KeelClient, price: string, nonce: number): Promise<void> => {
      try {
        const order = { market: 'BTC-USD', side: 'buy', price, size: '0.001', timeInForce: 'postOnly' } as const;
        acknowledged.add((await client.placeOrder(order, { over: 'ws', nonce })).orderId);
      } catch (fault) {
        if (!(fault instanceof KeelError) || !fault.retryable) throw fault;
        unknown.push({ nonce, price });
      }
    };
    const stream = async (): Promise<void> => {
      for (let step = 0; step < 150; step += 1) {
        await place(saver, String(50_000 + step), saver.nextNonce());
        if (acknowledged.size >= 40 && !killed) {
          killed = true;
          void exchange.child('sequencer').stop('SIGKILL');
        }
        if (killed && unknown.length > 0) return;
      }
    };
    await stream();
    expect(killed).toBe(true);
    await sleep(200);
    await exchange.restart('sequencer');
    // The same nonce again: taken now, or refused because it was taken before the crash. Never twice.
    for (const { nonce, price } of unknown) {
      await waitFor('an answer after the restart', async () => {
        try {
          const order = { market: 'BTC-USD', side: 'buy', price, size: '0.001', timeInForce: 'postOnly' } as const;
          acknowledged.add((await saver.placeOrder(order, { nonce })).orderId);
        } catch (fault) {
          if (!(fault instanceof KeelError) || fault.code !== 'NONCE_ALREADY_USED') throw fault;
        }
        return true;
      });
    }
    const account = await accountOf(saver, (seen) => seen.openOrders.length >= acknowledged.size);
    const open = new Set(account.openOrders.map((order) => order.orderId));
    for (const orderId of acknowledged) expect(open).toContain(orderId);
    const prices = account.openOrders.map((order) => order.price);
    expect(new Set(prices).size).toBe(prices.length);
  });

  describe('the journal, replayed from its first command', () => {
    let folder: string;
    beforeAll(() => {
      folder = mkdtempSync(join(tmpdir(), 'keel-journals-'));
    });
    afterAll(() => rmSync(folder, { recursive: true, force: true }));

    const againstL1 = () => ['--l1', exchange.l1.url, '--settlement', exchange.l1.settlement];

    /** Another journal: that of the exchange with every command passed through `change`, up to one that it drops. */
    async function rewritten(change: (sequenced: SequencedCommand) => SequencedCommand | undefined): Promise<string> {
      const dataDir = mkdtempSync(join(folder, 'journal-'));
      const original = await openJournal(exchange.dataDir);
      const other = await openJournal(dataDir);
      try {
        for (const { sequence, payload } of original.read(1)) {
          const changed = change(decodeSequencedCommand(payload));
          if (changed === undefined) break;
          other.append(sequence, encodeSequencedCommand(changed));
        }
      } finally {
        await Promise.all([original.close(), other.close()]);
      }
      return dataDir;
    }

    test('is verified as a copy while the sequencer runs', async () => {
      const { stdout, stderr } = await verify('--data', exchange.dataDir, ...againstL1());
      expect(stderr).toContain('the sequencer is running: verifying a copy');
      expect(stdout).toMatch(/^(\d+) of \1 batches on L1 are those of this journal/m);
    });

    test('gives every batch its root again, and the hash that it has on L1', async () => {
      await exchange.child('sequencer').stop();
      const { stdout } = await verify('--data', exchange.dataDir, '--json', ...againstL1());
      const verified = JSON.parse(stdout) as {
        batches: number;
        batchFilesCompared: number;
        snapshot?: object;
        batchesOnL1: number;
      };
      expect(verified.batches).toBeGreaterThan(1);
      expect(verified.batchFilesCompared).toBe(verified.batches);
      // A clean stop leaves a snapshot; it led to the same root, or this would have failed.
      expect(verified.snapshot).toBeDefined();
      const onL1 = await exchange.l1.publicClient.readContract({
        address: exchange.l1.settlement,
        abi: keelSettlementAbi,
        functionName: 'batchCount',
      });
      expect(verified.batchesOnL1).toBe(Number(onL1));
      expect(onL1).toBeGreaterThan(1n);
    });

    test('is told from one in which a deposit was larger, though that is sound in itself', async () => {
      const dataDir = await rewritten((sequenced) => {
        const { command } = sequenced;
        if (command.kind !== 'creditDeposit' || command.owner !== saver.address.toLowerCase()) return sequenced;
        return { ...sequenced, command: { ...command, amountAtoms: command.amountAtoms + 1 } };
      });
      expect((await verify('--data', dataDir)).stdout).toMatch(/^\d+ commands replayed/);
      await expect(verify('--data', dataDir, ...againstL1())).rejects.toMatchObject({
        code: 1,
        stderr: expect.stringMatching(/batch \d+ on L1 is not that of this journal: commands \d+ to \d+ give/),
      });
    });

    test('is told from one that ends earlier than L1', async () => {
      let sealed = false;
      const dataDir = await rewritten((sequenced) => {
        if (sealed) return undefined;
        sealed = sequenced.command.kind === 'sealBatch';
        return sequenced;
      });
      await expect(verify('--data', dataDir, ...againstL1())).rejects.toMatchObject({
        code: 1,
        stderr: expect.stringMatching(/ends at command \d+, before batch 1 was sealed, but L1 has \d+ batches/),
      });
    });
  });
});
