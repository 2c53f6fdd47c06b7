import { keelSettlementAbi, keelSettlementBytecode } from '@keel/contracts/abi/KeelSettlement.ts';
import { testUsdcAbi, testUsdcBytecode } from '@keel/contracts/abi/TestUsdc.ts';
import { testWethAbi, testWethBytecode } from '@keel/contracts/abi/TestWeth.ts';
import { type Address, createPublicClient, createWalletClient, type Hex, http } from 'viem';
import { mnemonicToAccount } from 'viem/accounts';
import { foundry } from 'viem/chains';

/** The published development mnemonic that anvil funds; worth nothing anywhere else. */
const DEV_MNEMONIC = 'test test test test test test test test test test test junk';

export const operatorAccount = mnemonicToAccount(DEV_MNEMONIC, { addressIndex: 0 });
export const funderAccount = mnemonicToAccount(DEV_MNEMONIC, { addressIndex: 1 });

/** A chain with the contracts on it, and what a person does there: mint test money, deposit, claim. */
export interface L1 {
  readonly url: string;
  readonly settlement: Address;
  readonly usdc: Address;
  /** Asset 1, of 18 decimals of which 8 are counted. */
  readonly weth: Address;
  readonly publicClient: ReturnType<typeof createPublicClient>;
  deposit(account: Address, amountAtoms: bigint): Promise<void>;
  /** In counted atoms, 10^-8 WETH. */
  depositWeth(account: Address, amountAtoms: bigint): Promise<void>;
  claim(proof: WithdrawalClaim): Promise<Hex>;
  usdcBalance(account: Address): Promise<bigint>;
  /** In the token's own smallest parts, 10^-18 WETH. */
  wethBalance(account: Address): Promise<bigint>;
}

export interface WithdrawalClaim {
  readonly batchIndex: bigint;
  readonly withdrawalIndex: bigint;
  readonly recipient: Address;
  /** USDC where there is none. */
  readonly assetId?: number;
  readonly amountAtoms: bigint;
  readonly position: bigint;
  readonly siblings: readonly Hex[];
}

export async function deployL1(url: string): Promise<L1> {
  const publicClient = createPublicClient({ chain: foundry, transport: http(url), pollingInterval: 100 });
  const wallet = (account: typeof operatorAccount) =>
    createWalletClient({ account, chain: foundry, transport: http(url), pollingInterval: 100 });
  const operator = wallet(operatorAccount);
  const funder = wallet(funderAccount);
  const settled = async (hash: Hex): Promise<Address | null | undefined> => {
    const receipt = await publicClient.waitForTransactionReceipt({ hash });
    if (receipt.status !== 'success') throw new Error(`transaction ${hash} was reverted`);
    return receipt.contractAddress;
  };
  const usdc = await settled(await operator.deployContract({ abi: testUsdcAbi, bytecode: testUsdcBytecode }));
  if (!usdc) throw new Error('no address for the test token');
  const settlement = await settled(
    await operator.deployContract({
      abi: keelSettlementAbi,
      bytecode: keelSettlementBytecode,
      args: [usdc, operatorAccount.address],
    }),
  );
  if (!settlement) throw new Error('no address for the settlement contract');
  const contract = { address: settlement, abi: keelSettlementAbi } as const;
  const weth = await settled(await operator.deployContract({ abi: testWethAbi, bytecode: testWethBytecode }));
  if (!weth) throw new Error('no address for the second test token');
  const terms = [8, 100_000n, 1_000_000_000_000n] as const;
  await settled(await operator.writeContract({ ...contract, functionName: 'addAsset', args: [weth, ...terms] }));

  /** Mints so much of a test token for the funder and lets the contract take it. Both tokens have the same functions. */
  const provide = async (address: Address, amount: bigint): Promise<void> => {
    const token = { address, abi: testUsdcAbi } as const;
    const mint = { ...token, functionName: 'mint', args: [funderAccount.address, amount] } as const;
    await settled(await funder.writeContract(mint));
    await settled(await funder.writeContract({ ...token, functionName: 'approve', args: [settlement, amount] }));
  };
  const balance = (address: Address, account: Address): Promise<bigint> =>
    publicClient.readContract({ address, abi: testUsdcAbi, functionName: 'balanceOf', args: [account] });
  return {
    url,
    settlement,
    usdc,
    weth,
    publicClient,
    async deposit(account, amountAtoms) {
      await provide(usdc, amountAtoms);
      const call = { ...contract, functionName: 'depositFor', args: [account, amountAtoms] } as const;
      await settled(await funder.writeContract(call));
    },
    async depositWeth(account, amountAtoms) {
      await provide(weth, amountAtoms * 10n ** 10n);
      const call = { ...contract, functionName: 'depositAsset', args: [1, account, amountAtoms] } as const;
      await settled(await funder.writeContract(call));
    },
    async claim(proof) {
      // Anybody may claim for the recipient; the funder does, so that a withdrawer needs no gas in the test.
      const hash = await funder.writeContract({
        ...contract,
        functionName: 'withdraw',
        args: [
          proof.batchIndex,
          proof.withdrawalIndex,
          proof.recipient,
          proof.assetId ?? 0,
          proof.amountAtoms,
          proof.position,
          proof.siblings,
        ],
      });
      await settled(hash);
      return hash;
    },
    usdcBalance: (account) => balance(usdc, account),
    wethBalance: (account) => balance(weth, account),
  };
}
