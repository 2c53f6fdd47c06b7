import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { keelSettlementAbi, keelSettlementBytecode } from '@keel/contracts/abi/KeelSettlement.ts';
import { testUsdcAbi, testUsdcBytecode } from '@keel/contracts/abi/TestUsdc.ts';
import { testWethAbi, testWethBytecode } from '@keel/contracts/abi/TestWeth.ts';
import { endWithFile, freePort } from '@keel/test-servers';
import type { Address, Hex } from '@keel/types';
import { type Abi, createTestClient, http, publicActions, walletActions } from 'viem';
import { mnemonicToAccount } from 'viem/accounts';
import { anvil as anvilChain } from 'viem/chains';

/** anvil's public test words: accounts 0 and 1 are rich on every anvil, and on nothing else. */
const WORDS = 'test test test test test test test test test test test junk';
export const OPERATOR = mnemonicToAccount(WORDS, { addressIndex: 0 });
export const ALICE = mnemonicToAccount(WORDS, { addressIndex: 1 });
export const OPERATOR_KEY: Hex = `0x${Buffer.from(OPERATOR.getHdKey().privateKey!).toString('hex')}`;

/** An L1 of this test's own with the contracts deployed, on a free loopback port. */
export async function startAnvil() {
  const directory = await mkdtemp(join(tmpdir(), 'keel-anvil-'));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const stateFile = join(directory, 'state.json');
  let server = spawnAnvil(port, stateFile);
  const client = createTestClient({ mode: 'anvil', chain: anvilChain, transport: http(url), pollingInterval: 50 })
    .extend(publicActions)
    .extend(walletActions);
  const answers = async (): Promise<void> => {
    while (!(await client.getChainId().then(Boolean, () => false))) await sleep(20);
  };
  await answers();

  const deploy = async (abi: Abi, bytecode: Hex, args: readonly unknown[]): Promise<Address> => {
    const hash = await client.deployContract({ account: OPERATOR, abi, bytecode, args });
    const { contractAddress } = await client.waitForTransactionReceipt({ hash });
    return contractAddress!.toLowerCase() as Address;
  };
  const usdc = await deploy(testUsdcAbi, testUsdcBytecode, []);
  const settlement = await deploy(keelSettlementAbi, keelSettlementBytecode, [usdc, OPERATOR.address]);
  const weth = await deploy(testWethAbi, testWethBytecode, []);
  const settlementContract = { address: settlement, abi: keelSettlementAbi } as const;
  const addWeth = { ...settlementContract, account: OPERATOR, functionName: 'addAsset' } as const;
  await client.writeContract({ ...addWeth, args: [weth, 8, 1n, 10n ** 15n] });
  const usdcContract = { address: usdc, abi: testUsdcAbi, account: ALICE } as const;
  await client.writeContract({ ...usdcContract, functionName: 'mint', args: [ALICE.address, 10n ** 12n] });
  await client.writeContract({ ...usdcContract, functionName: 'approve', args: [settlement, 10n ** 12n] });
  const wethContract = { address: weth, abi: testWethAbi, account: ALICE } as const;
  await client.writeContract({ ...wethContract, functionName: 'mint', args: [ALICE.address, 10n ** 21n] });
  const last = await client.writeContract({
    ...wethContract,
    functionName: 'approve',
    args: [settlement, 10n ** 21n],
  });
  const { blockNumber: setUpBlock } = await client.waitForTransactionReceipt({ hash: last });

  return {
    url,
    client,
    usdc,
    /** Asset 1, of 18 decimals of which 8 are counted. */
    weth,
    settlement,
    /** The last block of the set-up. */
    setUpBlock,
    /** Alice deposits for herself; resolves with the transaction's hash when it is mined. */
    deposit: async (amountAtoms: number, assetId = 0): Promise<Hex> => {
      const call = { ...settlementContract, account: ALICE } as const;
      const amount = BigInt(amountAtoms);
      const hash =
        assetId === 0
          ? await client.writeContract({ ...call, functionName: 'deposit', args: [amount] })
          : await client.writeContract({
              ...call,
              functionName: 'depositAsset',
              args: [assetId, ALICE.address, amount],
            });
      await client.waitForTransactionReceipt({ hash });
      return hash;
    },
    /** Ends it as an orderly stop would, its state on disk. */
    halt: async (): Promise<void> => {
      const gone = once(server, 'exit');
      server.kill('SIGTERM');
      await gone;
    },
    resume: async (): Promise<void> => {
      server = spawnAnvil(port, stateFile);
      await answers();
    },
    stop: async (): Promise<void> => {
      if (server.exitCode === null && server.signalCode === null) {
        const gone = once(server, 'exit');
        server.kill('SIGKILL');
        await gone;
      }
      await rm(directory, { recursive: true, force: true });
    },
  };
}

export type Anvil = Awaited<ReturnType<typeof startAnvil>>;

function spawnAnvil(port: number, stateFile: string): ChildProcess {
  const args = ['--port', String(port), '--chain-id', '31337', '--mnemonic', WORDS, '--state', stateFile, '--silent'];
  const server = spawn(anvilPath(), args, { stdio: 'ignore' });
  endWithFile(server);
  server.on('error', (fault) => {
    throw new Error(`anvil cannot be started: ${fault.message}`);
  });
  return server;
}

/** The binary itself, not the script that the package puts in front: a signal must reach it. */
function anvilPath(): string {
  const front = createRequire(import.meta.url).resolve('@foundry-rs/anvil/package.json');
  const machine = `${process.platform}-${process.arch === 'x64' ? 'amd64' : process.arch}`;
  return createRequire(front).resolve(`@foundry-rs/anvil-${machine}/bin/anvil`);
}
