import type { Address, AssetId, Hex, MarketId, Sequence } from './ids.ts';
import type { PriceFeeder } from './price.ts';
import type { Ppm, PriceTicks, QuoteAtoms, TimeMs } from './units.ts';

/** One payment that a batch promises; the contract pays each index once. */
export interface SealedWithdrawal {
  /** From 0 over the whole exchange. */
  readonly withdrawalIndex: number;
  readonly recipient: Address;
  /** 0 = USDC; the amount is in the asset's atoms. */
  readonly assetId: AssetId | 0;
  readonly amountAtoms: QuoteAtoms;
}

/** All that the settler needs to put a batch on L1. Batches cover every command, in order, without gaps. */
export interface SealedBatch {
  /** From 0. */
  readonly batchIndex: number;
  readonly firstSequence: Sequence;
  /** The sequence of the sealing command itself. */
  readonly lastSequence: Sequence;
  /** Time of the sealing command. */
  readonly timeMs: TimeMs;
  /** 32 bytes: the state after `lastSequence`. */
  readonly stateRoot: Hex;
  /** 32 bytes each: the journal record hash of every command from `firstSequence` to `lastSequence`. */
  readonly commandHashes: readonly Hex[];
  /** In order of index, from `firstWithdrawalIndex` (incl.) to `nextWithdrawalIndex` (excl.). */
  readonly withdrawals: readonly SealedWithdrawal[];
  /** Deposits below this index are credited. */
  readonly nextDepositIndex: number;
  readonly firstWithdrawalIndex: number;
  readonly nextWithdrawalIndex: number;
}

/** What a feeder must know of a market to move its index without being refused. */
export interface MarketStatus {
  readonly marketId: MarketId;
  readonly symbol: string;
  readonly priceDecimals: number;
  readonly maxPriceTicks: PriceTicks;
  readonly indexJumpPpm: Ppm;
  /** 0 before the first index price. */
  readonly indexTicks: PriceTicks;
}

/** The same of a collateral asset. */
export interface CollateralStatus {
  readonly assetId: AssetId;
  readonly symbol: string;
  readonly decimals: number;
  readonly priceDecimals: number;
  readonly maxPriceTicks: PriceTicks;
  readonly priceJumpPpm: Ppm;
  /** 0 before the first price. */
  readonly priceTicks: PriceTicks;
}

/** Where the sequencer is, as of the last applied command. */
export interface SequencerStatus {
  /** Last applied command; 0 before the first. */
  readonly sequence: Sequence;
  readonly timeMs: TimeMs;
  /** 32 bytes: the root of the last sealed batch, zeros before the first. */
  readonly stateRoot: Hex;
  /** -1 before the first. */
  readonly lastBatchIndex: number;
  readonly nextDepositIndex: number;
  readonly nextWithdrawalIndex: number;
  readonly accounts: number;
  readonly openOrders: number;
  /** In order of market id. */
  readonly markets: readonly MarketStatus[];
  /** In order of asset id. */
  readonly collaterals: readonly CollateralStatus[];
  /** Whose price reports count, ascending by address. */
  readonly feeders: readonly PriceFeeder[];
}
