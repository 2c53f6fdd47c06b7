import { keelSettlementAbi } from '@keel/contracts/abi/KeelSettlement.ts';
import { StartupFault } from '@keel/runtime';
import type { BatchHeader } from '@keel/state-tree';
import type { Address, Hex } from '@keel/types';
import { BaseError, ContractFunctionRevertedError, encodeFunctionData, keccak256 } from 'viem';
import { type PrivateKeyAccount, privateKeyToAccount } from 'viem/accounts';
import type { L1Config } from './config.ts';
import type { Health } from './health.ts';
import type { SettlementChain } from './settlementChain.ts';
import { BatchRefused } from './settlementFault.ts';

/** A signed transaction and the nonce that it uses up. */
export interface SentBatch {
  readonly txHash: Hex;
  readonly nonce: number;
}

interface Fees {
  readonly maxFeePerGas: bigint;
  readonly maxPriorityFeePerGas: bigint;
}

/**
 * The operator's key and its nonces. A transaction always takes the first nonce that is not mined yet. So whatever was
 * sent before and is still waiting, also by a process that died, competes for the same nonce: at most one of them is
 * mined, and sending again can never submit a batch twice.
 */
export class OperatorAccount {
  readonly #config: L1Config;
  readonly #chain: SettlementChain;
  readonly #health: Health;
  readonly #account: PrivateKeyAccount;
  /** Of the last transaction: the next one with the same nonce must pay at least a tenth more to replace it. */
  #last: (SentBatch & Fees) | undefined;

  constructor(config: L1Config, chain: SettlementChain, health: Health) {
    this.#config = config;
    this.#chain = chain;
    this.#health = health;
    this.#account = privateKeyToAccount(config.operatorKey);
  }

  get address(): Address {
    return this.#account.address.toLowerCase() as Address;
  }

  /** In wei. */
  balance(): Promise<bigint> {
    return this.#health.watch('L1', () => this.#chain.client.getBalance({ address: this.#account.address }));
  }

  /** Transactions of this account that are mined; the next one's nonce. */
  minedNonce(): Promise<number> {
    return this.#health.watch('L1', () =>
      this.#chain.client.getTransactionCount({ address: this.#account.address, blockTag: 'latest' }),
    );
  }

  /** Whether the transaction is mined and was reverted. */
  async wasReverted(txHash: Hex): Promise<boolean> {
    const receipt = await this.#chain.client.getTransactionReceipt({ hash: txHash }).catch(() => undefined);
    return receipt?.status === 'reverted';
  }

  /**
   * Signs and sends one batch; `beforeSending` learns the transaction's hash first. Rejects with BatchRefused if L1
   * would revert it now.
   */
  async sendBatch(header: BatchHeader, beforeSending: (txHash: Hex) => void): Promise<SentBatch> {
    const nonce = await this.minedNonce();
    const { serialized, txHash, fees } = await this.#health.watch('L1', () => this.#sign(header, nonce));
    beforeSending(txHash);
    this.#last = { txHash, nonce, ...fees };
    await this.#health.watch('L1', () => this.#send(serialized));
    return { txHash, nonce };
  }

  /**
   * Checks once, at start, that this is the contract and the chain that were meant. Throws StartupFault.
   */
  async assertOperator(): Promise<void> {
    const { chainId, settlement, url } = this.#config;
    const actualId = await this.#chain.client.getChainId().catch(() => {
      throw new StartupFault(`L1 at ${hostOf(url)} cannot be reached: start it, or correct KEEL_L1_URL`);
    });
    if (actualId !== chainId)
      throw new StartupFault(
        `L1 at ${hostOf(url)} is chain ${actualId} and not ${chainId}: correct KEEL_L1_URL or KEEL_CHAIN_ID`,
      );
    const operator = await this.#chain.client
      .readContract({ address: settlement, abi: keelSettlementAbi, functionName: 'operator' })
      .catch(() => {
        throw new StartupFault(`there is no KeelSettlement at ${settlement}: correct KEEL_SETTLEMENT_ADDRESS`);
      });
    if (operator.toLowerCase() !== this.address)
      throw new StartupFault(
        `KEEL_OPERATOR_KEY is the key of ${this.address}, but the contract's operator is ${operator.toLowerCase()}`,
      );
  }

  async #sign(header: BatchHeader, nonce: number): Promise<{ serialized: Hex; txHash: Hex; fees: Fees }> {
    const { client } = this.#chain;
    const call = {
      address: this.#config.settlement,
      abi: keelSettlementAbi,
      functionName: 'submitBatch',
      args: [headerArgument(header)],
    } as const;
    const gas = await client
      .estimateContractGas({ ...call, account: this.#account.address, blockTag: 'latest' })
      .catch((fault: unknown) => Promise.reject(refusalOf(fault) ?? fault));
    const fees = this.#raised(await client.estimateFeesPerGas(), nonce);
    const serialized = await this.#account.signTransaction({
      type: 'eip1559',
      chainId: this.#config.chainId,
      to: this.#config.settlement,
      data: encodeFunctionData(call),
      // The estimate is exact for today's state; a fifth more covers a slot that is cold by then.
      gas: (gas * 6n) / 5n,
      nonce,
      ...fees,
    });
    return { serialized, txHash: keccak256(serialized), fees };
  }

  /** L1 answering that the nonce is taken is no failure: the caller watches the contract anyway. */
  async #send(serialized: Hex): Promise<void> {
    try {
      await this.#chain.client.sendRawTransaction({ serializedTransaction: serialized });
    } catch (fault) {
      if (!NONCE_IS_TAKEN.test(messageOf(fault))) throw fault;
    }
  }

  /** Fees that replace the last transaction, or the last one's own where more would be out of all proportion. */
  #raised(market: Fees, nonce: number): Fees {
    const last = this.#last;
    if (last?.nonce !== nonce) return market;
    const eighthMore = (fee: bigint): bigint => (fee * 9n) / 8n + 1n;
    const larger = (left: bigint, right: bigint): bigint => (left > right ? left : right);
    const maxFeePerGas = larger(market.maxFeePerGas, eighthMore(last.maxFeePerGas));
    const maxPriorityFeePerGas = larger(market.maxPriorityFeePerGas, eighthMore(last.maxPriorityFeePerGas));
    const withinReason =
      maxFeePerGas <= market.maxFeePerGas * MARKET_FEES_MAX &&
      maxPriorityFeePerGas <= market.maxPriorityFeePerGas * MARKET_FEES_MAX;
    if (withinReason) return { maxFeePerGas, maxPriorityFeePerGas };
    return { maxFeePerGas: last.maxFeePerGas, maxPriorityFeePerGas: last.maxPriorityFeePerGas };
  }
}

/**
 * Times the market's fee that a batch may offer. An eighth more every minute is a thousandfold in an hour, and the priority fee
 * is paid in full when the standstill ends.
 */
const MARKET_FEES_MAX = 10n;

/** The same or an earlier transaction with this nonce is waiting, or mined. */
const NONCE_IS_TAKEN = /already known|already imported|underpriced|nonce too low/i;

function headerArgument(header: BatchHeader) {
  return {
    ...header,
    batchIndex: BigInt(header.batchIndex),
    firstSequence: BigInt(header.firstSequence),
    lastSequence: BigInt(header.lastSequence),
    timeMs: BigInt(header.timeMs),
    withdrawalCount: BigInt(header.withdrawalCount),
    nextDepositIndex: BigInt(header.nextDepositIndex),
    nextWithdrawalIndex: BigInt(header.nextWithdrawalIndex),
  };
}

function refusalOf(fault: unknown): BatchRefused | undefined {
  if (!(fault instanceof BaseError)) return undefined;
  const revert = fault.walk((cause) => cause instanceof ContractFunctionRevertedError);
  if (!(revert instanceof ContractFunctionRevertedError)) return undefined;
  const { errorName, args } = revert.data ?? {};
  return new BatchRefused(errorName === undefined ? revert.shortMessage : `${errorName}(${(args ?? []).join(', ')})`);
}

function messageOf(fault: unknown): string {
  return fault instanceof BaseError ? `${fault.message} ${fault.details}` : String(fault);
}

/** Without what may be a key in its path or query. */
function hostOf(url: string): string {
  return new URL(url).host;
}
