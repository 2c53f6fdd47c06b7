import type { AccountId, Address, MarketId, OrderId, PriceTicks, Side, SizeLots } from '@keel/types';
import { accountsOfLiquidation } from './accountsOfLiquidation.ts';
import type {
  AccountDoc,
  ApprovalsDoc,
  AuctionDoc,
  BookOrderDoc,
  CandleDoc,
  CertificateDoc,
  CollateralDoc,
  EndedAuction,
  ExchangeDoc,
  FillDoc,
  FundingPaymentDoc,
  FundingRateDoc,
  HeadDoc,
  LedgerDoc,
  LiquidationDoc,
  MarginEventDoc,
  MarketDoc,
  OrderDoc,
  OrderUpdateDoc,
  PriceDoc,
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

/** What has happened, oldest first. Lists keep their newest entries only; see the limits in keys.ts. */
export interface HistoryDocs {
  readonly trades: readonly TradeDoc[];
  readonly fills: readonly FillDoc[];
  readonly liquidations: readonly LiquidationDoc[];
  readonly marginEvents: readonly MarginEventDoc[];
  readonly certificates: readonly CertificateDoc[];
  /** The last of each order; only those that are over are kept. */
  readonly orderUpdates: readonly OrderUpdateDoc[];
  readonly fundingPayments: readonly FundingPaymentDoc[];
  readonly fundingRates: readonly FundingRateDoc[];
  readonly ledger: readonly LedgerDoc[];
}

/** Nothing happened. */
export const NO_HISTORY: HistoryDocs = {
  trades: [],
  fills: [],
  liquidations: [],
  marginEvents: [],
  certificates: [],
  orderUpdates: [],
  fundingPayments: [],
  fundingRates: [],
  ledger: [],
};

/**
 * All that one flush changes: the read model at `prevSequence` becomes the read model at `head.sequence`. Documents are
 * whole (not patches) and say how things are after the flush, so a flush may cover any number of commands.
 */
export interface StateDiff extends HistoryDocs {
  readonly head: HeadDoc;
  readonly markets: readonly MarketDoc[];
  readonly levels: readonly LevelDoc[];
  readonly accounts: readonly AccountDoc[];
  /** Agents that were approved, approved anew or revoked, with all their approvals as they are now. */
  readonly approvals: readonly ApprovalsDoc[];
  /** Orders that are open now, new or changed, */
  readonly orders: readonly OrderDoc[];
  /** and those that were open at the last flush, or came since, and are over. */
  readonly closedOrders: readonly ClosedOrder[];
  /** Orders of books that came, changed or went; those that went first, then by place in the queue. */
  readonly bookOrders: readonly BookOrderDoc[];
  /** Candles that changed, as they are now. */
  readonly candles: readonly CandleDoc[];
  /** Auctions that run and are new or have changed, */
  readonly auctions: readonly AuctionDoc[];
  /** and those that are over. */
  readonly endedAuctions: readonly EndedAuction[];
  readonly collaterals: readonly CollateralDoc[];
  /** Prices that were agreed anew. */
  readonly prices: readonly PriceDoc[];
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
  readonly approvals: readonly ApprovalsDoc[];
  readonly orders: readonly OrderDoc[];
  /** Every order that rests. */
  readonly bookOrders: readonly BookOrderDoc[];
  readonly exchange: ExchangeDoc;
  readonly history: HistoryDocs;
  readonly candles: readonly CandleDoc[];
  readonly auctions: readonly AuctionDoc[];
  readonly collaterals: readonly CollateralDoc[];
  readonly prices: readonly PriceDoc[];
}

/** A diff that changes nothing but the head; a flush starts from it. */
export function emptyStateDiff(head: HeadDoc): StateDiff {
  return {
    head,
    markets: [],
    levels: [],
    accounts: [],
    approvals: [],
    orders: [],
    closedOrders: [],
    bookOrders: [],
    candles: [],
    auctions: [],
    endedAuctions: [],
    collaterals: [],
    prices: [],
    ...NO_HISTORY,
  };
}

/**
 * One entry of the event stream: what followers need of one flush. Entries form a chain by `prevSequence`. Accounts are only
 * named: whoever watches one reads it, and nobody watches them all. `orderUpdates` has one of each order that changed.
 */
export interface Publication extends HistoryDocs {
  readonly generation: string;
  readonly prevSequence: number;
  readonly head: HeadDoc;
  readonly markets: readonly MarketDoc[];
  readonly levels: readonly LevelDoc[];
  readonly bookOrders: readonly BookOrderDoc[];
  readonly candles: readonly CandleDoc[];
  readonly auctions: readonly AuctionDoc[];
  readonly endedAuctions: readonly EndedAuction[];
  readonly collaterals: readonly CollateralDoc[];
  readonly exchange?: ExchangeDoc | undefined;
  /** Accounts whose document changed, with their owners and numbers. */
  readonly names: readonly (readonly [AccountId, Address, number])[];
  /** Accounts that changed in any way: document, open orders, fills, what they were told. Each once. */
  readonly touchedAccounts: readonly AccountId[];
}

/** What followers are told of a flush. */
export function publicationOf(diff: StateDiff, generation: string, prevSequence: number): Publication {
  const { head, markets, levels, trades, fills, liquidations, marginEvents, certificates, exchange, accounts } = diff;
  const { auctions, endedAuctions, collaterals, bookOrders, candles } = diff;
  const { orderUpdates, fundingPayments, fundingRates, ledger } = diff;
  const told = marginEvents.map(({ event }) => event);
  const changed: (readonly { readonly accountId: AccountId }[])[] = [accounts, diff.orders, diff.closedOrders];
  changed.push(fills, told, orderUpdates, fundingPayments, ledger);
  const touched = changed.flatMap((docs) => docs.map(({ accountId }) => accountId));
  touched.push(...liquidations.flatMap(accountsOfLiquidation));
  return {
    generation,
    prevSequence,
    head,
    markets,
    levels,
    bookOrders,
    candles,
    trades,
    fills,
    liquidations,
    marginEvents,
    certificates,
    orderUpdates,
    fundingPayments,
    fundingRates,
    ledger,
    auctions,
    endedAuctions,
    collaterals,
    exchange,
    names: accounts.map(({ accountId, owner, subaccount }) => [accountId, owner, subaccount] as const),
    touchedAccounts: [...new Set(touched)],
  };
}
