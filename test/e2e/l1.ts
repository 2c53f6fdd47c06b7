import { keelSettlementAbi, keelSettlementBytecode } from '@keel/contracts/abi/KeelSettlement.ts';
import { testUsdcAbi, testUsdcBytecode } from '@keel/contracts/abi/TestUsdc.ts';
import { type Address, createPublicClient, createWalletClient, type Hex, http } from 'viem';
import { mnemonicToAccount } from 'viem/accounts';
import { foundry } from 'viem/chains';

/** The published development mnemonic that anvil funds; worth nothing anywhere else. */
const DEV_MNEMONIC = 'test test test test test test test test test test test junk';

export const operatorAccount = mnemonicToAccount(DEV_MNEMONIC, { addressIndex: 0 });
export const funderAccount = mnemonicToAccount(DEV_MNEMONIC, { addressIndex: 1 });

/** A chain with both contracts on it, and what a person does there: mint test money, deposit, claim. */
export interface L1 {
  readonly url: string;
  readonly settlement: Address;
  readonly usdc: Address;
  readonly publicClient: ReturnType<typeof createPublicClient>;
  deposit(account: Address, amountAtoms: bigint): Promise<void>;
  claim(proof: WithdrawalClaim): Promise<Hex>;
  usdcBalance(account: Address): Promise<bigint>;
}

export interface WithdrawalClaim {
  readonly batchIndex: bigint;
  readonly withdrawalIndex: bigint;
  readonly recipient: Address;
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
  return {
    url,
    settlement,
    usdc,
    publicClient,
    async deposit(account, amountAtoms) {
      const to = { account: funderAccount, chain: foundry };
      await settled(
        await funder.writeContract({
          ...to,
          address: usdc,
          abi: testUsdcAbi,
          functionName: 'mint',
          args: [funderAccount.address, amountAtoms],
        }),
      );
      await settled(
        await funder.writeContract({
          ...to,
          address: usdc,
          abi: testUsdcAbi,
          functionName: 'approve',
          args: [settlement, amountAtoms],
        }),
      );
      await settled(
        await funder.writeContract({
          ...to,
          address: settlement,
          abi: keelSettlementAbi,
          functionName: 'depositFor',
          args: [account, amountAtoms],
        }),
      );
    },
    async claim(proof) {
      // Anybody may claim for the recipient; the funder does, so that a withdrawer needs no gas in the test.
      const hash = await funder.writeContract({
        address: settlement,
        abi: keelSettlementAbi,
        functionName: 'withdraw',
        args: [
          proof.batchIndex,
          proof.withdrawalIndex,
          proof.recipient,
          proof.amountAtoms,
          proof.position,
          proof.siblings,
        ],
      });
      await settled(hash);
      return hash;
    },
    async usdcBalance(account) {
      return publicClient.readContract({ address: usdc, abi: testUsdcAbi, functionName: 'balanceOf', args: [account] });
    },
  };
}
