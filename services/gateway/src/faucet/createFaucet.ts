import { keelSettlementAbi } from '@keel/contracts/abi/KeelSettlement.ts';
import { testUsdcAbi } from '@keel/contracts/abi/TestUsdc.ts';
import type { Logger } from '@keel/runtime';
import type { Address, Hex } from '@keel/types';
import { createPublicClient, createWalletClient, http, maxUint256 } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { foundry } from 'viem/chains';
import { ApiError } from '../errors.ts';
import { FAUCET_ATOMS, FAUCET_EVERY_MS, type Faucet } from './faucet.ts';

/** Minted at once, so that most gifts are one transaction: 10^9 test USDC. */
const MINT_ATOMS = 10n ** 15n;
/** Gifts are made one after the other, because two at once would ask for one L1 nonce; more than these need not wait. */
const WAITING_MAX = 32;
/** Addresses remembered as served within the last minute. */
const SERVED_MAX = 10_000;
const BLOCK_WAIT_MS = 20_000;

export interface FaucetOptions {
  readonly l1Url: string;
  readonly settlement: Address;
  readonly usdc: Address;
  /** Pays the gas. Nobody else sends transactions with this key, else both would ask for one nonce. */
  readonly privateKey: Hex;
  readonly log: Pick<Logger, 'warn'>;
  readonly nowMs?: () => number;
}

/** Gives test USDC of a private chain away, through the deposit function of the contract that everybody uses. */
export function createFaucet({ l1Url, settlement, usdc, privateKey, log, nowMs = Date.now }: FaucetOptions): Faucet {
  const account = privateKeyToAccount(privateKey);
  const settings = { chain: foundry, transport: http(l1Url, { retryCount: 1, timeout: 5_000 }), pollingInterval: 100 };
  const wallet = createWalletClient({ account, ...settings });
  const reader = createPublicClient(settings);
  const token = { address: usdc, abi: testUsdcAbi } as const;

  const inBlock = async (hash: Hex): Promise<Hex> => {
    const receipt = await reader.waitForTransactionReceipt({ hash, timeout: BLOCK_WAIT_MS });
    if (receipt.status !== 'success') throw new Error(`L1 transaction ${hash} was reverted`);
    return hash;
  };
  const deposit = async (address: Address): Promise<Hex> => {
    const amount = BigInt(FAUCET_ATOMS);
    const own = { ...token, functionName: 'balanceOf', args: [account.address] } as const;
    if ((await reader.readContract(own)) < amount) {
      const mint = { ...token, functionName: 'mint', args: [account.address, MINT_ATOMS] } as const;
      await inBlock(await wallet.writeContract(mint));
    }
    const allowed = { ...token, functionName: 'allowance', args: [account.address, settlement] } as const;
    if ((await reader.readContract(allowed)) < amount) {
      const approve = { ...token, functionName: 'approve', args: [settlement, maxUint256] } as const;
      await inBlock(await wallet.writeContract(approve));
    }
    const put = { address: settlement, abi: keelSettlementAbi, functionName: 'depositFor' } as const;
    return inBlock(await wallet.writeContract({ ...put, args: [address, amount] }));
  };

  /** When an address was served, oldest first. */
  const served = new Map<Address, number>();
  let waiting = 0;
  let queue: Promise<unknown> = Promise.resolve();

  const forgetOld = (now: number): void => {
    for (const [address, servedMs] of served) {
      if (now - servedMs < FAUCET_EVERY_MS) return;
      served.delete(address);
    }
  };

  return {
    give: async (address) => {
      const now = nowMs();
      forgetOld(now);
      const servedMs = served.get(address);
      if (servedMs !== undefined)
        throw new ApiError('FAUCET_TOO_SOON', { retryAfterMs: servedMs + FAUCET_EVERY_MS - now });
      if (waiting >= WAITING_MAX || served.size >= SERVED_MAX) throw new ApiError('FAUCET_BUSY', { waiting });
      served.set(address, now);
      waiting += 1;
      const mine = queue.then(() => deposit(address));
      // The next in line does not care how this one went; its asker does.
      queue = mine.catch(() => undefined);
      try {
        return await mine;
      } catch (fault) {
        // It may ask again at once. Where only the receipt was late it then has the money twice, which costs nobody anything.
        served.delete(address);
        log.warn({ err: fault, address }, 'the faucet gave nothing');
        throw new ApiError('FAUCET_FAILED', { fault: firstLine(fault) }, { cause: fault });
      } finally {
        waiting -= 1;
      }
    },
  };
}

/** Of viem's faults the first line says what happened; the others are the whole call. */
function firstLine(fault: unknown): string {
  const [line = ''] = (fault instanceof Error ? fault.message : String(fault)).split('\n');
  return line.slice(0, 200);
}
