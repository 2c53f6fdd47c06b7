import type { AccountId, Address, MarketId, OrderId, PriceTicks, SizeLots } from '@keel/types';
import type {
  AccountDoc,
  AgentDoc,
  AuctionDoc,
  BookOrderDoc,
  CandleDoc,
  CandleInterval,
  CertificateDoc,
  CollateralDoc,
  ExchangeDoc,
  FillDoc,
  FundingPaymentDoc,
  FundingRateDoc,
  LedgerDoc,
  LiquidationDoc,
  MarginEventDoc,
  MarketDoc,
  OrderDoc,
  OrderUpdateDoc,
  PriceDoc,
  ReadHead,
  TradeDoc,
} from './documents.ts';
import type { BatchDoc, WithdrawalDoc } from './settlementDocuments.ts';
import type { FullReadModel, Publication, StateDiff } from './stateDiff.ts';

/**
 * rebuildNeeded: Redis was emptied, or is not where the last write left it. fenced: a writer of a higher epoch has the read
 * model, and this one never writes again. Either way nothing was changed.
 */
export type WriteOutcome = 'written' | 'rebuildNeeded' | 'fenced';
export type RebuildOutcome = 'written' | 'fenced';
/** Whether the read model is where this writer left it; the other two as in WriteOutcome. */
export type HeadState = 'held' | 'rebuildNeeded' | 'fenced';

/** The sequencer's hand on the read model; the only writer of everything but batches and withdrawals. */
export interface ReadModelWriter {
  /** 0: of an exchange of one node, fenced by nobody. */
  readonly epoch: number;
  /** The connection is up, and to a Redis that evicts nothing. False otherwise: writing then rejects at once. */
  readonly connected: boolean;
  /**
   * Writes one diff in one atomic step: documents, lists, event stream entry, head. Starts from where the last `write`
   * or `rebuild` ended; before the first rebuild of this process the answer is `rebuildNeeded`. Calls run one after the
   * other. Rejects when Redis is away or the outcome is unknown; the next write then answers `rebuildNeeded` if it was lost.
   */
  write(diff: StateDiff): Promise<WriteOutcome>;
  /**
   * Replaces the whole read model in one atomic step, under a new generation, and thereby takes it over from every writer of
   * a lower epoch. Rejects when Redis is away; readers then keep seeing the old one.
   */
  rebuild(full: FullReadModel): Promise<RebuildOutcome>;
  /** Looks, and changes nothing: for a time in which nothing happens and Redis may still be emptied. Rejects as `write`. */
  look(): Promise<HeadState>;
  /** Calls `listener` each time the connection comes up (again); a rebuild is due if a write says so. One listener. */
  onConnected(listener: () => void): void;
  /** Calls `listener` with one sentence when Redis is there and must not be used (may evict keys, refuses the password). */
  onRefused(listener: (sentence: string) => void): void;
  close(): Promise<void>;
}

/** The settler's hand: batches and withdrawals, which no rebuild touches. Every call is one atomic step. */
export interface SettlementWriter {
  putBatch(batch: BatchDoc, withdrawals: readonly WithdrawalDoc[]): Promise<void>;
  putWithdrawals(withdrawals: readonly WithdrawalDoc[]): Promise<void>;
  /**
   * How many batches Redis holds: less than were put when it lost some, and 0 when it lost any put of this writer (a replica
   * that was behind became the primary), however many it holds: a document may be an older one.
   */
  batchCount(): Promise<number>;
  batch(batchIndex: number): Promise<BatchDoc | undefined>;
  close(): Promise<void>;
}

/** Something read in one atomic step, with the head it belongs to. */
export type At<Facts> = Facts & { readonly head: ReadHead };

export interface Book {
  /** Best first. */
  readonly bids: readonly (readonly [PriceTicks, SizeLots])[];
  readonly asks: readonly (readonly [PriceTicks, SizeLots])[];
}

/** An account with all that its margin depends on, of one sequence number. */
export interface AccountView {
  readonly account: AccountDoc | undefined;
  /** Those of the owner, whichever of its accounts this is. */
  readonly agents: readonly AgentDoc[];
  readonly orders: readonly OrderDoc[];
  readonly markets: readonly MarketDoc[];
  readonly collaterals: readonly CollateralDoc[];
}

/**
 * One of an owner's accounts. An address names an owner, or an agent: then the owner whose approval came first of those that
 * stand, so that nobody catches another's agent by approving it later.
 */
export interface AccountAddress {
  readonly address: Address;
  /** 0 = the main account. */
  readonly subaccount: number;
}

/** Whose an account is. Never changes. */
export interface AccountName {
  readonly owner: Address;
  readonly subaccount: number;
}

/** Which certificates: those that close an account or have it as their other side, or those of one liquidation. */
export type CertificateFilter = { readonly account: AccountAddress } | { readonly liquidationId: number };

/** An order by its id, or by the client's own name for it (not empty): then the newest of that name. */
export type OrderName = { readonly orderId: OrderId } | { readonly clientOrderId: string };

/**
 * Readers reject with `ReadModelUnavailable` when Redis is away or emptied and not yet rebuilt. `limit` counts newest
 * entries and may not exceed the list's own bound. Lists are newest first.
 *
 * `before` leaves out that sequence and everything after it, for the next page: the sequence of the last entry of a page. A
 * page that was asked for with `before` is made of whole sequences, so that the next one misses nothing: it may be longer than
 * `limit` by what else the last command did. The first page is asked for with `before` Number.MAX_SAFE_INTEGER; without
 * `before` exactly `limit` entries come.
 */
export interface ReadModel {
  readonly connected: boolean;
  head(): Promise<ReadHead>;
  markets(): Promise<
    At<{ markets: readonly MarketDoc[]; collaterals: readonly CollateralDoc[]; exchange: ExchangeDoc }>
  >;
  /** Who said what of a price; `feed` as in PriceDoc. Undefined before the first. */
  price(feed: string): Promise<At<{ price: PriceDoc | undefined; exchange: ExchangeDoc }>>;
  book(marketId: MarketId, depth: number): Promise<At<Book>>;
  /** Every level; for a reader that then follows the event stream. */
  wholeBook(marketId: MarketId): Promise<At<Book>>;
  /** An unknown id is absent. */
  names(accountIds: readonly AccountId[]): Promise<ReadonlyMap<AccountId, AccountName>>;
  /** `account` undefined if nobody has that address, or the owner no such sub-account. */
  account(account: AccountAddress): Promise<At<AccountView>>;
  /**
   * The main account of the owner who approved this agent first of those whose approval stands, whether or not the agent has
   * an account of its own: anybody may open one for it by a deposit. `account` undefined if it is nobody's agent.
   */
  accountOfAgent(agent: Address): Promise<At<AccountView>>;
  /** All accounts of an owner or agent, ascending by number; none if the address is neither. */
  accounts(address: Address): Promise<
    At<{
      accounts: readonly AccountDoc[];
      markets: readonly MarketDoc[];
      collaterals: readonly CollateralDoc[];
    }>
  >;
  accountById(accountId: AccountId): Promise<At<AccountView>>;
  order(accountId: AccountId, orderId: OrderId): Promise<OrderDoc | undefined>;
  /** An order as it is now or as it ended; undefined when it is neither open nor among those that are kept. */
  orderState(account: AccountAddress, name: OrderName): Promise<At<{ order: OrderUpdateDoc | undefined }>>;
  /** Orders that are over. */
  orderHistory(
    account: AccountAddress,
    limit: number,
    before?: number,
  ): Promise<At<{ orders: readonly OrderUpdateDoc[] }>>;
  /** Every resting order, bids then asks, best price first, in the order of the queue; for a reader that then follows. */
  bookOrders(marketId: MarketId): Promise<At<{ orders: readonly BookOrderDoc[] }>>;
  fundingPayments(
    account: AccountAddress,
    limit: number,
    before?: number,
  ): Promise<At<{ fundingPayments: readonly FundingPaymentDoc[] }>>;
  fundingRates(
    marketId: MarketId,
    limit: number,
    before?: number,
  ): Promise<At<{ fundingRates: readonly FundingRateDoc[] }>>;
  ledger(account: AccountAddress, limit: number, before?: number): Promise<At<{ ledger: readonly LedgerDoc[] }>>;
  fills(account: AccountAddress, limit: number, before?: number): Promise<At<{ fills: readonly FillDoc[] }>>;
  trades(marketId: MarketId, limit: number, before?: number): Promise<At<{ trades: readonly TradeDoc[] }>>;
  /** Oldest first. */
  candles(marketId: MarketId, interval: CandleInterval, limit: number): Promise<At<{ candles: readonly CandleDoc[] }>>;
  liquidations(limit: number, before?: number): Promise<At<{ liquidations: readonly LiquidationDoc[] }>>;
  /** Steps that liquidated the account, deleveraged it or had it as their other side; none if nobody has that address. */
  accountLiquidations(
    account: AccountAddress,
    limit: number,
    before?: number,
  ): Promise<At<{ liquidations: readonly LiquidationDoc[] }>>;
  marginEvents(
    account: AccountAddress,
    limit: number,
    before?: number,
  ): Promise<At<{ marginEvents: readonly MarginEventDoc[] }>>;
  /** Those that run, ascending by id. */
  auctions(): Promise<At<{ auctions: readonly AuctionDoc[] }>>;
  /** Newest first, of all or of those that `filter` names. At most CERTIFICATES_PER_ANSWER_MAX. */
  certificates(limit: number, filter?: CertificateFilter): Promise<At<{ certificates: readonly CertificateDoc[] }>>;
  /** Undefined when there is none of that id, or none any more. */
  certificate(certificateId: number): Promise<At<{ certificate: CertificateDoc | undefined }>>;
  /** Newest first; empty when the settler has written none. */
  batches(limit: number): Promise<readonly BatchDoc[]>;
  /** Newest first. */
  withdrawals(recipient: Address, limit: number): Promise<readonly WithdrawalDoc[]>;
  close(): Promise<void>;
}

export type SettlementEvent =
  | { readonly kind: 'batch'; readonly batch: BatchDoc }
  | { readonly kind: 'withdrawal'; readonly withdrawal: WithdrawalDoc };

export interface EventListener {
  /** One flush, in order and without gaps since the last `onResync`. */
  onPublication(publication: Publication): void;
  onSettlement(event: SettlementEvent): void;
  /** The chain broke (start, Redis back or emptied, reader too far behind): read snapshots again. */
  onResync(head: ReadHead): void;
  /** Redis is away; what was read stays true up to its sequence. */
  onUnavailable(): void;
}
