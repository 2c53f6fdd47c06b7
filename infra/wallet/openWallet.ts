import { keelSettlementAbi } from '@keel/contracts/abi/KeelSettlement.ts';
import { testUsdcAbi } from '@keel/contracts/abi/TestUsdc.ts';
import { type Address, createPublicClient, createWalletClient, type Hex, http } from 'viem';
import { mnemonicToAccount } from 'viem/accounts';
import { foundry } from 'viem/chains';
import { DevnetFault } from '../devnet/devnetFault.ts';
import { PUBLIC_MNEMONIC } from '../devnet/l1.ts';

/** Key of the public phrase that pays for people; operator and bots have others, so that nobody waits for a nonce. */
const PEOPLE_INDEX = 2;

export interface Withdrawal {
  readonly withdrawalIndex: number;
  readonly recipient: Address;
  readonly amountAtoms: bigint;
  readonly batchIndex: number;
  readonly position: number;
  readonly siblings: readonly Hex[];
}

/** A devnet's L1 as a person without tools uses it. */
export interface DevnetWallet {
  /** Mints test USDC and deposits it for the account; resolves with the transaction once it is in a block. */
  deposit(account: Address, amountAtoms: bigint): Promise<Hex>;
  /** Has the contract pay a withdrawal to its recipient, or undefined when it has been paid already. */
  claim(withdrawal: Withdrawal): Promise<Hex | undefined>;
}

/** The wallet of the devnet whose gateway is at `gatewayUrl`. Throws DevnetFault when either end is away or is no devnet. */
export async function openWallet(gatewayUrl: string, l1Url: string): Promise<DevnetWallet> {
  const { network } = await readJsonFrom<{ network: { chainId: number; settlement: Address; usdc: Address } }>(
    `${gatewayUrl}/v1/status`,
  );
  if (network.chainId !== foundry.id) {
    throw new DevnetFault(`${gatewayUrl} is on chain ${network.chainId}; only a devnet has test USDC to give away.`);
  }
  const account = mnemonicToAccount(PUBLIC_MNEMONIC, { addressIndex: PEOPLE_INDEX });
  const settings = { chain: foundry, transport: http(l1Url), pollingInterval: 100 };
  const wallet = createWalletClient({ account, ...settings });
  const reader = createPublicClient(settings);
  await reader.getChainId().catch(() => {
    throw new DevnetFault(`No L1 answers at ${l1Url}; name another with --l1.`);
  });
  const token = { address: network.usdc, abi: testUsdcAbi } as const;
  const settlement = { address: network.settlement, abi: keelSettlementAbi } as const;
  const inBlock = async (hash: Hex): Promise<Hex> => {
    const receipt = await reader.waitForTransactionReceipt({ hash, timeout: 30_000 });
    if (receipt.status !== 'success') throw new DevnetFault(`L1 transaction ${hash} was reverted.`);
    return hash;
  };
  return {
    async deposit(beneficiary, amountAtoms) {
      await inBlock(
        await wallet.writeContract({ ...token, functionName: 'mint', args: [account.address, amountAtoms] }),
      );
      const allow = { ...token, functionName: 'approve', args: [settlement.address, amountAtoms] } as const;
      await inBlock(await wallet.writeContract(allow));
      const put = { ...settlement, functionName: 'depositFor', args: [beneficiary, amountAtoms] } as const;
      return inBlock(await wallet.writeContract(put));
    },
    async claim({ batchIndex, withdrawalIndex, recipient, amountAtoms, position, siblings }) {
      const index = BigInt(withdrawalIndex);
      if (await reader.readContract({ ...settlement, functionName: 'isWithdrawn', args: [index] })) return undefined;
      const args = [BigInt(batchIndex), index, recipient, amountAtoms, BigInt(position), siblings] as const;
      return inBlock(await wallet.writeContract({ ...settlement, functionName: 'withdraw', args }));
    },
  };
}

/** A JSON answer of the gateway. Throws DevnetFault with what the gateway said when it refuses. */
export async function readJsonFrom<T>(url: string): Promise<T> {
  const answer = await fetch(url).catch(() => {
    throw new DevnetFault(
      `No gateway answers at ${new URL(url).origin}; start one with npm start, or name another with --url.`,
    );
  });
  if (answer.ok) return (await answer.json()) as T;
  const { error } = (await answer.json().catch(() => ({}))) as { error?: { code: string; message: string } };
  throw new DevnetFault(
    `${url} answered ${answer.status} ${error?.code ?? ''}: ${error?.message ?? 'no reason given'}.`,
  );
}
