import type { AccountId, Address, MarketId, OrderId, PriceTicks, Side, SizeLots } from '@keel/types';
import type {
  AccountDoc,
  CandleDoc,
  ExchangeDoc,
  FillDoc,
  HeadDoc,
  LiquidationDoc,
  MarketDoc,
  OrderDoc,
  TradeDoc,
} from './documents.ts';

/** A price level after the flush. */
export interface LevelDoc {
  readonly marketId: MarketId;
  readonly side: Side;
  readonly priceTicks: PriceTicks;
  /** All that rests there; 0 = the level is gone. */
  readonly sizeLots: SizeLots;
}

export interface ClosedOrder {
  readonly accountId: AccountId;
  readonly orderId: OrderId;
}

export interface RevokedAgent {
  readonly accountId: AccountId;
  readonly agent: Address;
}

/** What has happened, oldest first. Lists keep their newest entries only; see the limits in keys.ts. */
export interface HistoryDocs {
  readonly trades: readonly TradeDoc[];
  readonly fills: readonly FillDoc[];
  readonly liquidations: readonly LiquidationDoc[];
}

/**
 * All that one flush changes: the read model at `prevSequence` becomes the read model at `head.sequence`. Documents are
 * whole (not patches) and say how things are after the flush, so a flush may cover any number of commands.
 */
export interface StateDiff extends HistoryDocs {
  readonly head: HeadDoc;
  readonly markets: readonly MarketDoc[];
  readonly levels: readonly LevelDoc[];
  readonly accounts: readonly AccountDoc[];
  /** Agents that are in no account any more; approved ones are read from the account documents. */
  readonly revokedAgents: readonly RevokedAgent[];
  /** Orders that are open now, new or changed, */
  readonly orders: readonly OrderDoc[];
  /** and those that were open at the last flush, or came since, and are over. */
  readonly closedOrders: readonly ClosedOrder[];
  /** Candles that changed, as they are now. */
  readonly candles: readonly CandleDoc[];
  /** Undefined = unchanged. */
  readonly exchange?: ExchangeDoc | undefined;
}

/**
 * The whole read model at `head.sequence`. What is not in it is gone afterwards, but for history: entries of a lower
 * sequence that Redis still holds are kept, and of `history` only what is newer than these is added.
 */
export interface FullReadModel {
  readonly head: HeadDoc;
  readonly markets: readonly MarketDoc[];
  /** Every level that has lots. */
  readonly levels: readonly LevelDoc[];
  readonly accounts: readonly AccountDoc[];
  readonly orders: readonly OrderDoc[];
  readonly exchange: ExchangeDoc;
  readonly history: HistoryDocs;
  readonly candles: readonly CandleDoc[];
}

/** A diff that changes nothing but the head; a flush starts from it. */
export function emptyStateDiff(head: HeadDoc): StateDiff {
  return {
    head,
    markets: [],
    levels: [],
    accounts: [],
    revokedAgents: [],
    orders: [],
    closedOrders: [],
    candles: [],
    trades: [],
    fills: [],
    liquidations: [],
  };
}

/**
 * One entry of the event stream: what followers need of one flush. Entries form a chain by `prevSequence`. Accounts and
 * orders are only named: whoever watches one reads it, and nobody watches them all.
 */
export interface Publication extends HistoryDocs {
  readonly generation: string;
  readonly prevSequence: number;
  readonly head: HeadDoc;
  readonly markets: readonly MarketDoc[];
  readonly levels: readonly LevelDoc[];
  readonly exchange?: ExchangeDoc | undefined;
  /** Accounts whose document changed, with their owners. */
  readonly owners: readonly (readonly [AccountId, Address])[];
  /** Accounts that changed in any way: document, open orders, fills. Each once. */
  readonly touchedAccounts: readonly AccountId[];
}

/** What followers are told of a flush. */
export function publicationOf(diff: StateDiff, generation: string, prevSequence: number): Publication {
  const { head, markets, levels, trades, fills, liquidations, exchange, accounts } = diff;
  const touched = [accounts, diff.orders, diff.closedOrders, fills].flatMap((docs) =>
    docs.map(({ accountId }) => accountId),
  );
  return {
    generation,
    prevSequence,
    head,
    markets,
    levels,
    trades,
    fills,
    liquidations,
    exchange,
    owners: accounts.map(({ accountId, owner }) => [accountId, owner] as const),
    touchedAccounts: [...new Set(touched)],
  };
}
