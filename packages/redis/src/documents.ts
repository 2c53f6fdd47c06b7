import type {
  AccountId,
  Address,
  Event,
  Hex,
  MarketId,
  MarketSpec,
  OpenOrder,
  OrderId,
  PriceTicks,
  QuoteAtoms,
  Sequence,
  Side,
  SizeLots,
  TimeMs,
  TradingStatus,
} from '@keel/types';

/**
 * What the read model holds. Every document is a JSON text in one hash field, list entry or stream entry. Amounts are
 * integers in units (ticks, lots, atoms), never decimals: the gateway writes the decimals.
 */

/** The one sequence number that everything else of the read model is at. */
export interface HeadDoc {
  /** Last command whose effects are in the read model. */
  readonly sequence: Sequence;
  readonly timeMs: TimeMs;
  /** State root of the last sealed batch; zeros before the first. */
  readonly stateRoot: Hex;
  /** -1 before the first. */
  readonly batchIndex: number;
}

/** A head as it is read: `generation` changes with every rebuild, so that readers know that a chain broke. */
export interface ReadHead extends HeadDoc {
  readonly generation: string;
}

export interface MarketDoc {
  readonly spec: MarketSpec;
  /** What may be done in it just now; the operator sets it. */
  readonly tradingStatus: TradingStatus;
  /** 0 before the first index price. */
  readonly indexTicks: PriceTicks;
  readonly indexTimeMs: TimeMs;
  /** 0 before the first index price. */
  readonly markTicks: PriceTicks;
  /** Price of the latest fill; 0 before the first. */
  readonly lastTicks: PriceTicks;
  /** In 10^-6 quote atoms per lot; see `fundingOwedAtoms`. */
  readonly fundingIndex: number;
  /** Rate of the last settled hour in 10^-9; positive = longs paid shorts. */
  readonly fundingRatePpb: number;
  readonly nextFundingMs: TimeMs;
  /** Sum of long positions. */
  readonly openInterestLots: SizeLots;
  readonly tradeCount: number;
  /** Quote atoms traded since listing, as an integer text because a sum may leave the safe integers. */
  readonly volumeAtoms: string;
}

export interface PositionDoc {
  readonly marketId: MarketId;
  /** Signed: long > 0. Never 0: a closed position is absent. */
  readonly sizeLots: SizeLots;
  /** Signed quote atoms paid for it: long > 0. */
  readonly entryNotionalAtoms: QuoteAtoms;
  /** Funding index when the position last settled funding. */
  readonly fundingIndex: number;
}

export interface AgentDoc {
  readonly agent: Address;
  readonly agentName: string;
  /** 0 = until revoked. */
  readonly expiresAtMs: TimeMs;
}

/** A market-maker protection as it stands; bounds of 0 = none. */
export interface ProtectionDoc {
  readonly marketId: MarketId;
  readonly windowMs: TimeMs;
  readonly quantityLots: SizeLots;
  readonly deltaLots: SizeLots;
  readonly fillCount: number;
  /** A bound was passed: new orders that are not reduce-only are refused here until the owner resets it. */
  readonly frozen: boolean;
}

export interface AccountDoc {
  readonly accountId: AccountId;
  readonly owner: Address;
  readonly collateralAtoms: QuoteAtoms;
  readonly positions: readonly PositionDoc[];
  readonly agents: readonly AgentDoc[];
  readonly inLiquidation: boolean;
  /** When the dead-man switch takes the account's orders; 0 = there is none. */
  readonly cancelAllAfterMs: TimeMs;
  readonly protections: readonly ProtectionDoc[];
}

/** An open order: in the book, waiting for its trigger, or traded in slices. What is undefined in it is absent here. */
export interface OrderDoc extends OpenOrder {
  /** Time of the command that placed it. */
  readonly placedMs: TimeMs;
}

/** A public fill. */
export interface TradeDoc {
  readonly tradeId: number;
  readonly marketId: MarketId;
  readonly priceTicks: PriceTicks;
  readonly sizeLots: SizeLots;
  readonly takerSide: Side;
  readonly timeMs: TimeMs;
  readonly sequence: Sequence;
  /** The taker was a close-out. */
  readonly liquidation: boolean;
}

/** One side of a trade, for its account only. */
export interface FillDoc {
  readonly tradeId: number;
  readonly accountId: AccountId;
  readonly orderId: OrderId;
  readonly marketId: MarketId;
  readonly side: Side;
  readonly role: 'maker' | 'taker';
  readonly priceTicks: PriceTicks;
  readonly sizeLots: SizeLots;
  /** Negative = rebate. */
  readonly feeAtoms: QuoteAtoms;
  readonly realisedPnlAtoms: QuoteAtoms;
  readonly timeMs: TimeMs;
  readonly sequence: Sequence;
  readonly liquidation: boolean;
}

/** The events that make up a liquidation, as they happened. */
export type LiquidationEvent = Extract<
  Event,
  {
    readonly kind:
      | 'liquidationStarted'
      | 'positionCloseOut'
      | 'insurancePaid'
      | 'positionDeleveraged'
      | 'liquidationEnded';
  }
>;

export interface LiquidationDoc {
  readonly sequence: Sequence;
  readonly timeMs: TimeMs;
  readonly event: LiquidationEvent;
}

export type CandleInterval = '1m';

/** Trades of one interval; an interval without a trade has no candle. */
export interface CandleDoc {
  readonly marketId: MarketId;
  readonly interval: CandleInterval;
  readonly openTimeMs: TimeMs;
  readonly openTicks: PriceTicks;
  readonly highTicks: PriceTicks;
  readonly lowTicks: PriceTicks;
  readonly closeTicks: PriceTicks;
  readonly volumeLots: SizeLots;
  readonly trades: number;
}

/** Counters over the whole exchange since its first command. */
export interface ExchangeDoc {
  readonly accounts: number;
  readonly openOrders: number;
  readonly ordersTotal: number;
  readonly tradesTotal: number;
  readonly liquidationsTotal: number;
  /** Integer texts: sums over the whole exchange may leave the safe integers. */
  readonly volumeAtoms: string;
  readonly insuranceFundAtoms: string;
}

/** sealed: has its root · submitted: transaction sent · committed: k confirmations · finalised: L1 says final. */
export type BatchStatus = 'sealed' | 'submitted' | 'committed' | 'finalised';

/** A batch header as the contract hashes it, and how far it is. Written by the settler. */
export interface BatchDoc {
  /** From 0. */
  readonly batchIndex: number;
  readonly prevBatchHash: Hex;
  readonly batchHash: Hex;
  readonly firstSequence: Sequence;
  readonly lastSequence: Sequence;
  readonly timeMs: TimeMs;
  readonly stateRoot: Hex;
  readonly commandsRoot: Hex;
  readonly withdrawalsRoot: Hex;
  readonly withdrawalCount: number;
  readonly nextDepositIndex: number;
  readonly nextWithdrawalIndex: number;
  readonly status: BatchStatus;
  readonly l1TxHash: Hex | null;
  readonly l1BlockNumber: number | null;
}

/** sealed: in a batch · claimable: the batch is on L1 · paid: the contract has paid it. */
export type WithdrawalStatus = 'sealed' | 'claimable' | 'paid';

/** A withdrawal with all that a claim on L1 needs. Written by the settler. */
export interface WithdrawalDoc {
  /** From 0 over the whole exchange. */
  readonly withdrawalIndex: number;
  readonly recipient: Address;
  readonly amountAtoms: QuoteAtoms;
  readonly batchIndex: number;
  /** Place among the withdrawals of its batch, and how many these are. */
  readonly position: number;
  readonly count: number;
  readonly siblings: readonly Hex[];
  readonly status: WithdrawalStatus;
  readonly l1TxHash: Hex | null;
}
