import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { setTimeout as sleep } from 'node:timers/promises';
import { keelSettlementAbi, keelSettlementBytecode } from '@keel/contracts/abi/KeelSettlement.ts';
import { testUsdcAbi, testUsdcBytecode } from '@keel/contracts/abi/TestUsdc.ts';
import { endWithFile, freePort } from '@keel/test-servers';
import type { Address, Hex } from '@keel/types';
import { type Abi, createPublicClient, createWalletClient, http, toHex } from 'viem';
import { mnemonicToAccount } from 'viem/accounts';
import { foundry } from 'viem/chains';

/** anvil's public test words: their accounts are rich on every anvil, and on nothing else. */
const WORDS = 'test test test test test test test test test test test junk';

export function anvilKey(addressIndex: number): Hex {
  return toHex(mnemonicToAccount(WORDS, { addressIndex }).getHdKey().privateKey!);
}

/** An L1 of this test's own with the contracts deployed, on a free loopback port. */
export interface Anvil {
  readonly url: string;
  readonly usdc: Address;
  readonly settlement: Address;
  /** All deposits so far, in order. */
  deposits(): Promise<readonly { readonly account: Address; readonly amountAtoms: bigint; readonly txHash: Hex }[]>;
  stop(): Promise<void>;
}

export async function startAnvil(): Promise<Anvil> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const args = ['--port', String(port), '--chain-id', String(foundry.id), '--mnemonic', WORDS, '--silent'];
  const server = spawn(anvilPath(), args, { stdio: 'ignore' });
  endWithFile(server);
  const settings = { chain: foundry, transport: http(url), pollingInterval: 50 };
  const reader = createPublicClient(settings);
  while (!(await reader.getChainId().then(Boolean, () => false))) await sleep(20);
  const account = mnemonicToAccount(WORDS);
  const wallet = createWalletClient({ account, ...settings });
  const deploy = async (abi: Abi, bytecode: Hex, given: readonly unknown[]): Promise<Address> => {
    const hash = await wallet.deployContract({ abi, bytecode, args: given });
    const { contractAddress } = await reader.waitForTransactionReceipt({ hash });
    return contractAddress!.toLowerCase() as Address;
  };
  const usdc = await deploy(testUsdcAbi, testUsdcBytecode, []);
  const settlement = await deploy(keelSettlementAbi, keelSettlementBytecode, [usdc, account.address]);
  return {
    url,
    usdc,
    settlement,
    deposits: async () => {
      const wanted = { address: settlement, abi: keelSettlementAbi, eventName: 'Deposited', fromBlock: 0n } as const;
      const events = await reader.getContractEvents(wanted);
      return events.map(({ args: { account, amountAtoms }, transactionHash }) => ({
        account: account!.toLowerCase() as Address,
        amountAtoms: amountAtoms!,
        txHash: transactionHash,
      }));
    },
    stop: () => end(server),
  };
}

async function end(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const gone = once(server, 'exit');
  server.kill('SIGKILL');
  await gone;
}

/** The binary itself, not the script that the package puts in front: a signal must reach it. */
function anvilPath(): string {
  const front = createRequire(import.meta.url).resolve('@foundry-rs/anvil/package.json');
  const machine = `${process.platform}-${process.arch === 'x64' ? 'amd64' : process.arch}`;
  return createRequire(front).resolve(`@foundry-rs/anvil-${machine}/bin/anvil`);
}
