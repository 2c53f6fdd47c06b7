import { keelSettlementAbi } from '@keel/contracts/abi/KeelSettlement.ts';
import { testUsdcAbi } from '@keel/contracts/abi/TestUsdc.ts';
import { type Address, createPublicClient, createWalletClient, type Hex, http } from 'viem';
import { mnemonicToAccount } from 'viem/accounts';
import { foundry } from 'viem/chains';
import { DevnetFault } from '../launcher/devnetFault.ts';
import { PUBLIC_MNEMONIC } from '../launcher/l1.ts';

/** Key of the public phrase that pays for people; operator and bots have others, so that nobody waits for a nonce. */
const PEOPLE_INDEX = 2;

export interface Withdrawal {
  readonly withdrawalIndex: number;
  readonly recipient: Address;
  readonly assetId: number;
  readonly amountAtoms: bigint;
  readonly batchIndex: number;
  readonly position: number;
  readonly siblings: readonly Hex[];
}

/** An asset of the devnet's contract. Amounts are in counted atoms, 10^-decimals of a unit. */
export interface DevnetAsset {
  readonly assetId: number;
  /** For example `WETH`. */
  readonly symbol: string;
  readonly token: Address;
  readonly decimals: number;
  /** The token's own smallest parts in one counted atom. */
  readonly scale: bigint;
  readonly minDepositAtoms: bigint;
  readonly maxDepositAtoms: bigint;
}

/** A devnet's L1 as a person without tools uses it. */
export interface DevnetWallet {
  /** The contract's asset of this symbol. Throws DevnetFault with those there are. */
  asset(symbol: string): Promise<DevnetAsset>;
  assetAt(assetId: number): Promise<DevnetAsset>;
  /** Mints so much of the test token and deposits it for the account; resolves once the transaction is in a block. */
  deposit(account: Address, asset: DevnetAsset, amountAtoms: bigint): Promise<Hex>;
  /** Has the contract pay a withdrawal to its recipient, or undefined when it has been paid already. */
  claim(withdrawal: Withdrawal): Promise<Hex | undefined>;
}

/**
 * The wallet of the devnet whose gateway is at `gatewayUrl`; `addressIndex` says which key of the public phrase pays. Throws
 * DevnetFault when either end is away or is no devnet.
 */
export async function openWallet(
  gatewayUrl: string,
  l1Url: string,
  addressIndex: number = PEOPLE_INDEX,
): Promise<DevnetWallet> {
  const { network } = await readJsonFrom<{ network: { chainId: number; settlement: Address } }>(
    `${gatewayUrl}/v1/status`,
  );
  if (network.chainId !== foundry.id) {
    throw new DevnetFault(`${gatewayUrl} is on chain ${network.chainId}; only a devnet has test tokens to give away.`);
  }
  const account = mnemonicToAccount(PUBLIC_MNEMONIC, { addressIndex });
  const settings = { chain: foundry, transport: http(l1Url), pollingInterval: 100 };
  const wallet = createWalletClient({ account, ...settings });
  const reader = createPublicClient(settings);
  await reader.getChainId().catch(() => {
    throw new DevnetFault(`No L1 answers at ${l1Url}; name another with --l1.`);
  });
  const settlement = { address: network.settlement, abi: keelSettlementAbi } as const;
  const inBlock = async (hash: Hex): Promise<Hex> => {
    const receipt = await reader.waitForTransactionReceipt({ hash, timeout: 30_000 });
    if (receipt.status !== 'success') throw new DevnetFault(`L1 transaction ${hash} was reverted.`);
    return hash;
  };
  const assetAt = async (assetId: number): Promise<DevnetAsset> => {
    const asset = await reader.readContract({ ...settlement, functionName: 'assetAt', args: [assetId] });
    const { token, decimals, scaleDecimals, minDepositAtoms, maxDepositAtoms } = asset;
    const name = await reader.readContract({ address: token, abi: testUsdcAbi, functionName: 'symbol' });
    // The devnet's token of USDC is called tUSDC.
    const symbol = name.replace(/^t/, '');
    return { assetId, symbol, token, decimals, scale: 10n ** BigInt(scaleDecimals), minDepositAtoms, maxDepositAtoms };
  };
  return {
    async asset(symbol) {
      const count = await reader.readContract({ ...settlement, functionName: 'assetCount' });
      const assets = await Promise.all(Array.from({ length: count }, (_, assetId) => assetAt(assetId)));
      const found = assets.find((asset) => asset.symbol === symbol);
      if (found !== undefined) return found;
      const known = assets.map((asset) => asset.symbol).join(', ');
      throw new DevnetFault(`There is no asset ${symbol}; this devnet has ${known}.`);
    },
    assetAt,
    async deposit(beneficiary, { assetId, token, scale }, amountAtoms) {
      const amount = amountAtoms * scale;
      // The test tokens have the same functions.
      const contract = { address: token, abi: testUsdcAbi } as const;
      await inBlock(await wallet.writeContract({ ...contract, functionName: 'mint', args: [account.address, amount] }));
      const allow = { ...contract, functionName: 'approve', args: [settlement.address, amount] } as const;
      await inBlock(await wallet.writeContract(allow));
      const put = { ...settlement, functionName: 'depositAsset', args: [assetId, beneficiary, amountAtoms] } as const;
      return inBlock(await wallet.writeContract(put));
    },
    async claim({ batchIndex, withdrawalIndex, recipient, assetId, amountAtoms, position, siblings }) {
      const index = BigInt(withdrawalIndex);
      if (await reader.readContract({ ...settlement, functionName: 'isWithdrawn', args: [index] })) return undefined;
      const args = [BigInt(batchIndex), index, recipient, assetId, amountAtoms, BigInt(position), siblings] as const;
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
  const { code = '', detail = 'no reason given' } = (await answer.json().catch(() => ({}))) as {
    readonly code?: string;
    readonly detail?: string;
  };
  throw new DevnetFault(`${url} answered ${answer.status} ${code}: ${detail}.`);
}
