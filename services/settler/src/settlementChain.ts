import { keelSettlementAbi } from '@keel/contracts/abi/KeelSettlement.ts';
import { type Address, type AssetId, type Hex, toAssetId } from '@keel/types';
import { createPublicClient, type GetLogsReturnType, http, type PublicClient } from 'viem';
import type { L1Config } from './config.ts';
import type { Health } from './health.ts';

/** An answer that takes longer counts as a failed call. */
const CALL_TIMEOUT_MS = 10_000;

/** Where the contract is at the newest block. */
export interface L1Tip {
  readonly headBlock: number;
  readonly headHash: Hex;
  /** Blocks up to here have the required confirmations; -1 before any has. */
  readonly confirmedBlock: number;
  /** Blocks up to here cannot be undone, as far as L1 says; -1 before any. */
  readonly finalisedBlock: number;
  readonly batchCount: number;
  /** Hash of batch `batchCount - 1`; zeros before the first. */
  readonly lastBatchHash: Hex;
  /** Deposits made, confirmed or not. */
  readonly depositCount: number;
}

interface EventPlace {
  readonly blockNumber: number;
  readonly txHash: Hex;
}
export interface DepositSeen extends EventPlace {
  readonly kind: 'deposit';
  readonly depositIndex: number;
  readonly account: Address;
  /** 0 = USDC; the amount is in the asset's counted atoms. */
  readonly assetId: AssetId | 0;
  readonly amountAtoms: number;
}
export interface BatchSeen extends EventPlace {
  readonly kind: 'batch';
  readonly batchIndex: number;
  readonly batchHash: Hex;
}
export interface WithdrawalSeen extends EventPlace {
  readonly kind: 'withdrawal';
  readonly withdrawalIndex: number;
  readonly batchIndex: number;
}
export type L1Event = DepositSeen | BatchSeen | WithdrawalSeen;

/** Reads the contract. Every method rejects when L1 is away; nothing is remembered between calls. */
export class SettlementChain {
  readonly client: PublicClient;
  readonly #config: L1Config;
  readonly #health: Health;

  constructor(config: L1Config, health: Health) {
    this.#config = config;
    this.#health = health;
    this.client = createPublicClient({ transport: http(config.url, { timeout: CALL_TIMEOUT_MS, retryCount: 0 }) });
  }

  /** All of one block, so that count and hash belong together. */
  tip(): Promise<L1Tip> {
    return this.#health.watch('L1', async () => {
      const [latest, finalised] = await Promise.all([
        this.client.getBlock({ blockTag: 'latest' }),
        this.client.getBlock({ blockTag: 'finalized' }),
      ]);
      const at = { blockNumber: latest.number };
      const contract = { address: this.#config.settlement, abi: keelSettlementAbi } as const;
      const [batchCount, lastBatchHash, depositCount] = await Promise.all([
        this.client.readContract({ ...contract, functionName: 'batchCount', ...at }),
        this.client.readContract({ ...contract, functionName: 'lastBatchHash', ...at }),
        this.client.readContract({ ...contract, functionName: 'depositCount', ...at }),
      ]);
      const headBlock = Number(latest.number);
      return {
        headBlock,
        headHash: latest.hash,
        confirmedBlock: headBlock - this.#config.confirmations + 1,
        finalisedBlock: Number(finalised.number),
        batchCount: Number(batchCount),
        lastBatchHash,
        depositCount: Number(depositCount),
      };
    });
  }

  /** Hash that the contract keeps of a batch below its batchCount. */
  batchHashAt(batchIndex: number): Promise<Hex> {
    return this.#health.watch('L1', async () => {
      const batch = await this.client.readContract({
        address: this.#config.settlement,
        abi: keelSettlementAbi,
        functionName: 'batchAt',
        args: [BigInt(batchIndex)],
      });
      return batch.batchHash;
    });
  }

  /** The contract's events of these blocks, both included, in order. */
  events(fromBlock: number, toBlock: number): Promise<L1Event[]> {
    return this.#health.watch('L1', async () => {
      const logs = await this.client.getLogs({
        address: this.#config.settlement,
        events: WATCHED_EVENTS,
        fromBlock: BigInt(fromBlock),
        toBlock: BigInt(toBlock),
        strict: true,
      });
      return logs.map(eventOfLog);
    });
  }
}

const WATCHED_EVENTS = keelSettlementAbi.filter(
  (entry): entry is Extract<typeof entry, { readonly name: 'Deposited' | 'BatchSubmitted' | 'Withdrawn' }> =>
    entry.type === 'event' && ['Deposited', 'BatchSubmitted', 'Withdrawn'].includes(entry.name),
);

type WatchedLog = GetLogsReturnType<undefined, typeof WATCHED_EVENTS, true, bigint, bigint>[number];

function eventOfLog(log: WatchedLog): L1Event {
  const place: EventPlace = { blockNumber: Number(log.blockNumber), txHash: log.transactionHash };
  switch (log.eventName) {
    case 'Deposited':
      return {
        kind: 'deposit',
        ...place,
        depositIndex: Number(log.args.depositIndex),
        account: log.args.account.toLowerCase() as Address,
        assetId: log.args.assetId === 0 ? 0 : toAssetId(log.args.assetId),
        amountAtoms: Number(log.args.amountAtoms),
      };
    case 'BatchSubmitted':
      return { kind: 'batch', ...place, batchIndex: Number(log.args.batchIndex), batchHash: log.args.batchHash };
    case 'Withdrawn':
      return {
        kind: 'withdrawal',
        ...place,
        withdrawalIndex: Number(log.args.withdrawalIndex),
        batchIndex: Number(log.args.batchIndex),
      };
  }
}
