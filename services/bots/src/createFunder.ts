import { keelSettlementAbi } from '@keel/contracts/abi/KeelSettlement.ts';
import { testUsdcAbi } from '@keel/contracts/abi/TestUsdc.ts';
import type { Address, Hex } from '@keel/types';
import { createPublicClient, createWalletClient, defineChain, http, maxUint256 } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';

/** What the test token is asked for at once, so that most deposits are one transaction: 10^9 USDC. */
const MINT_ATOMS = 10n ** 15n;

export interface FunderOptions {
  readonly l1Url: string;
  readonly chainId: number;
  readonly settlement: Address;
  readonly usdc: Address;
  /** Pays gas and owns the minted test USDC. */
  readonly privateKey: Hex;
}

export interface Funder {
  /** Puts test USDC on an account of the exchange; resolves when the transaction is in a block. Throws viem errors. */
  deposit(account: Address, amountAtoms: number): Promise<Hex>;
}

/**
 * Deposits from one key, one after the other: two transactions at once would ask for the same L1 nonce. Mints and
 * approves when needed.
 */
export function createFunder(options: FunderOptions): Funder {
  const chain = defineChain({
    id: options.chainId,
    name: 'L1',
    nativeCurrency: { name: 'Ether', symbol: 'ETH', decimals: 18 },
    rpcUrls: { default: { http: [options.l1Url] } },
  });
  const account = privateKeyToAccount(options.privateKey);
  const settings = { chain, transport: http(options.l1Url), pollingInterval: 250 };
  const wallet = createWalletClient({ account, ...settings });
  const reader = createPublicClient(settings);
  const token = { address: options.usdc, abi: testUsdcAbi } as const;

  const inBlock = async (hash: Hex): Promise<Hex> => {
    const receipt = await reader.waitForTransactionReceipt({ hash, timeout: 30_000 });
    if (receipt.status !== 'success') throw new Error(`L1 transaction ${hash} was reverted`);
    return hash;
  };

  const deposit = async (beneficiary: Address, amountAtoms: bigint): Promise<Hex> => {
    const balance = await reader.readContract({ ...token, functionName: 'balanceOf', args: [account.address] });
    if (balance < amountAtoms)
      await inBlock(
        await wallet.writeContract({ ...token, functionName: 'mint', args: [account.address, MINT_ATOMS] }),
      );
    const spender = options.settlement;
    const allowed = await reader.readContract({
      ...token,
      functionName: 'allowance',
      args: [account.address, spender],
    });
    if (allowed < amountAtoms)
      await inBlock(await wallet.writeContract({ ...token, functionName: 'approve', args: [spender, maxUint256] }));
    const call = { address: spender, abi: keelSettlementAbi, functionName: 'depositFor' } as const;
    return inBlock(await wallet.writeContract({ ...call, args: [beneficiary, amountAtoms] }));
  };

  let queue: Promise<unknown> = Promise.resolve();
  return {
    deposit: (beneficiary, amountAtoms) => {
      const mine = queue.then(() => deposit(beneficiary, BigInt(amountAtoms)));
      // The next in line does not care how this one went; its caller does.
      queue = mine.catch(() => undefined);
      return mine;
    },
  };
}
