import { writeFileSync } from 'node:fs';
import { keelSettlementAbi, keelSettlementBytecode } from '@keel/contracts/abi/KeelSettlement.ts';
import { testUsdcAbi, testUsdcBytecode } from '@keel/contracts/abi/TestUsdc.ts';
import { testWethAbi, testWethBytecode } from '@keel/contracts/abi/TestWeth.ts';
import { type Address, createPublicClient, createWalletClient, type Hex, http, toHex } from 'viem';
import { mnemonicToAccount } from 'viem/accounts';
import { foundry } from 'viem/chains';
import { type DataFolder, readJson } from './dataFolder.ts';
import { DevnetFault } from './devnetFault.ts';

/** The phrase that every anvil starts with, known to everybody: a key of it must never hold anything of worth. */
export const PUBLIC_MNEMONIC = 'test test test test test test test test test test test junk';

export interface Deployment {
  readonly settlement: Address;
  readonly usdc: Address;
  /** Asset 1 of the contract, counted in 8 of its 18 decimals. */
  readonly weth: Address;
}

/**
 * What the contract is told of WETH: the decimals that the exchange lists it with, and deposits from 0.001 to 10,000. It
 * is told before the exchange lists WETH, which is fine where nobody can deposit before both are done.
 */
const WETH_TERMS = [8, 100_000n, 1_000_000_000_000n] as const;

export const CHAIN_ID: number = foundry.id;

/** Whose key of the public phrase is whose. */
export const OPERATOR_INDEX = 0;
export const FUNDER_INDEX = 1;
export const FAUCET_INDEX = 4;

/** A private key of the public phrase. */
export function devnetKey(addressIndex: number): Hex {
  const key = mnemonicToAccount(PUBLIC_MNEMONIC, { addressIndex }).getHdKey().privateKey;
  if (key === null) throw new DevnetFault('The public phrase gave no key.');
  return toHex(key);
}

const reader = (url: string) => createPublicClient({ chain: foundry, transport: http(url), pollingInterval: 100 });

/** Undefined when the chain answers. */
export async function l1NotReady(url: string): Promise<string | undefined> {
  const chainId = await reader(url).getChainId();
  return chainId === foundry.id ? undefined : `it is chain ${chainId}, not ${foundry.id}`;
}

/** The contracts this devnet's chain has, deployed now if it has none. */
export async function deployContracts(
  url: string,
  folder: DataFolder,
  say: (line: string) => void,
): Promise<Deployment> {
  const known = readJson<Omit<Deployment, 'weth'> & Partial<Deployment>>(folder.deployment);
  if (known !== undefined) {
    if (known.weth === undefined) {
      throw new DevnetFault('This devnet was made by an older version of Keel; start with --fresh to begin anew.');
    }
    const code = await reader(url).getCode({ address: known.settlement });
    if (code !== undefined) return { ...known, weth: known.weth };
    throw new DevnetFault(
      `The chain of this devnet has lost its contracts while the journal still has its trades; start with --fresh to begin anew.`,
    );
  }
  say('deploying the contracts');
  const account = mnemonicToAccount(PUBLIC_MNEMONIC, { addressIndex: OPERATOR_INDEX });
  const wallet = createWalletClient({ account, chain: foundry, transport: http(url), pollingInterval: 100 });
  const mined = async (hash: Hex): Promise<Address> => {
    const receipt = await reader(url).waitForTransactionReceipt({ hash });
    if (!receipt.contractAddress) throw new DevnetFault(`Transaction ${hash} deployed no contract.`);
    return receipt.contractAddress;
  };
  const usdc = await mined(await wallet.deployContract({ abi: testUsdcAbi, bytecode: testUsdcBytecode }));
  const args = [usdc, account.address] as const;
  const settlement = await mined(
    await wallet.deployContract({ abi: keelSettlementAbi, bytecode: keelSettlementBytecode, args }),
  );
  const weth = await mined(await wallet.deployContract({ abi: testWethAbi, bytecode: testWethBytecode }));
  const contract = { address: settlement, abi: keelSettlementAbi } as const;
  const added = await wallet.writeContract({ ...contract, functionName: 'addAsset', args: [weth, ...WETH_TERMS] });
  const { status } = await reader(url).waitForTransactionReceipt({ hash: added });
  if (status !== 'success') throw new DevnetFault('The contract did not take WETH as an asset.');
  const deployment: Deployment = { settlement, usdc, weth };
  writeFileSync(folder.deployment, `${JSON.stringify(deployment, null, 2)}\n`);
  return deployment;
}

/**
 * A chain that was killed hard loses its last seconds, and with them deposits that the journal has already credited.
 * Batches are submitted again by the settler; a credited deposit that no longer exists cannot be mended.
 */
export async function assertChainHasDeposits(url: string, deployment: Deployment, credited: number): Promise<void> {
  const deposited = await reader(url).readContract({
    address: deployment.settlement,
    abi: keelSettlementAbi,
    functionName: 'depositCount',
  });
  if (Number(deposited) >= credited) return;
  throw new DevnetFault(
    `The chain of this devnet lost ${credited - Number(deposited)} deposits that were already credited (was anvil killed?); start with --fresh to begin anew.`,
  );
}
