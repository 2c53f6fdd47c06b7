import { setTimeout as sleep } from 'node:timers/promises';
import {
  type AccountName,
  accountsOfLiquidation,
  type BatchDoc,
  type EventListener,
  type ExchangeDoc,
  type HeadDoc,
  type LiquidationDoc,
  type MarketDoc,
  type Publication,
  type ReadHead,
  type ReadModel,
  ReadModelUnavailable,
  type SettlementEvent,
} from '@keel/redis';
import { type AccountId, type Address, assert, type MarketId } from '@keel/types';
import type { AssetDirectory } from '../assetDirectory.ts';
import { ApiError } from '../errors.ts';
import { formatAuction, formatEndedAuction } from '../format/formatAuction.ts';
import { formatCertificate } from '../format/formatCertificate.ts';
import { formatBatch, formatLiquidation, formatStatus, formatTrade, type Network } from '../format/formatExchange.ts';
import { formatMarket } from '../format/formatMarket.ts';
import type { GatewayMetrics } from '../gatewayMetrics.ts';
import type { MarketDirectory } from '../marketDirectory.ts';
import type { BatchAnswer } from '../wire/answers.ts';
import type { CertificateAnswer } from '../wire/certificates.ts';
import type { SubscriptionParams } from '../wire/channels.ts';
import type { LiquidationAnswer } from '../wire/riskAnswers.ts';
import { AccountFeeds, type Join } from './accountFeeds.ts';
import { AuctionFeed } from './auctionFeed.ts';
import type { BookFeed } from './bookFeed.ts';
import type { DemandFeed } from './demandFeed.ts';
import type { FeedWatcher } from './feedWatcher.ts';
import { Frame } from './frame.ts';
import { MarketFeeds, TRADES_KEPT } from './marketFeeds.ts';
import { NewestFeed } from './newestFeed.ts';
import { Topic } from './topic.ts';

/** Entries in the snapshot of a list channel. */
const LIQUIDATIONS_KEPT = 100;
const BATCHES_KEPT = 50;
/** Some KiB each. */
const CERTIFICATES_KEPT = 20;
const AUCTIONS_SHOWN = 1_000;
/** Of a market's ticker; */
const TICKER_MS = 100;
/** whole markets and the status change with every trade, and people and graphs need them this often. */
const MARKETS_MS = 250;
/** After a failed read of the snapshots. */
const RETRY_MS = 200;
/** Flushes that wait while snapshots are read; more, and the snapshots are read again. */
const WAITING_MAX = 10_000;

export interface LiveFeedParts {
  readonly readModel: ReadModel;
  readonly markets: MarketDirectory;
  readonly assets: AssetDirectory;
  readonly network: Network;
  readonly metrics: GatewayMetrics;
}

/**
 * Turns the event stream into the channels of the WebSocket. After each resync every channel is read from the read model
 * at some sequence, flushes up to that sequence are skipped and later ones applied, so nothing is missing or doubled.
 */
export class LiveFeed implements EventListener {
  readonly #parts: LiveFeedParts;
  readonly #marketFeeds = new Map<MarketId, MarketFeeds>();
  readonly #watchers = new Set<FeedWatcher>();
  readonly #accounts: AccountFeeds;
  readonly #liquidations = new NewestFeed<LiquidationAnswer>(
    { channel: 'liquidations' },
    'liquidations',
    LIQUIDATIONS_KEPT,
  );
  readonly #certificates = new NewestFeed<CertificateAnswer>(
    { channel: 'certificates' },
    'certificates',
    CERTIFICATES_KEPT,
  );
  readonly #auctions: AuctionFeed;
  readonly #marketsTopic = new Topic(
    { channel: 'markets' },
    () => this.#marketsFrame('snapshot', this.#parts.markets.all()),
    'state',
  );
  readonly #statusTopic = new Topic({ channel: 'status' }, () => this.#statusFrame('snapshot'), 'state');
  readonly #batchesTopic = new Topic(
    { channel: 'batches' },
    () => this.#batchesFrame('snapshot', this.#batches),
    'state',
  );
  /** Newest first. */
  #batches: BatchAnswer[] = [];
  #lastBatch: BatchDoc | undefined;
  #exchange: ExchangeDoc | undefined;
  #head: HeadDoc | undefined;
  /** Whose accounts are, from account documents; that never changes. Grows to the number of accounts. */
  readonly #names = new Map<AccountId, AccountName>();
  /** What came since the resync, while snapshots are read; undefined when live or without a chain. */
  #waiting: (() => void)[] | undefined;
  #live = false;
  /** Counts resyncs, so that the reads of an older one are dropped. */
  #resyncs = 0;
  readonly #changedMarkets = new Set<MarketId>();
  #statusChanged = false;
  #liquidationTail: Promise<void> = Promise.resolve();
  readonly #timers: readonly NodeJS.Timeout[];

  constructor(parts: LiveFeedParts) {
    this.#parts = parts;
    const { markets } = parts;
    this.#accounts = new AccountFeeds({ ...parts, names: this.#names });
    this.#auctions = new AuctionFeed(
      {
        running: (auction) => formatAuction(auction, this.#names, markets),
        ended: (auction) => formatEndedAuction(auction, markets),
      },
      AUCTIONS_SHOWN,
    );
    this.#timers = [
      setInterval(() => this.#tickTickers(), TICKER_MS).unref(),
      setInterval(() => this.#tick(), MARKETS_MS).unref(),
    ];
  }

  /** Snapshots are read and the chain holds. */
  get live(): boolean {
    return this.#live;
  }

  /** What the channels are at; 0 before the first snapshot. */
  get sequence(): number {
    return this.#head?.sequence ?? 0;
  }

  /** Time of that sequence. */
  get timeMs(): number {
    return this.#head?.timeMs ?? 0;
  }

  /** From now on; `onLoaded` comes at once when the feed is live. */
  watch(watcher: FeedWatcher): void {
    this.#watchers.add(watcher);
    if (this.#live && this.#head !== undefined) watcher.onLoaded(this.#head);
  }

  /** The book as the channels have it; undefined before the market was read. */
  bookOf(marketId: MarketId): BookFeed | undefined {
    return this.#marketFeeds.get(marketId)?.book;
  }

  /** As far as the feed has heard. */
  nameOf(accountId: AccountId): AccountName | undefined {
    return this.#names.get(accountId);
  }

  close(): void {
    for (const timer of this.#timers) clearInterval(timer);
    this.#resyncs += 1;
    this.#live = false;
  }

  /**
   * Calls `join` with the channel's topic and the frames to begin with, once what has to be read is read; whoever adds itself
   * within `join` misses nothing. Throws ApiError or ReadModelUnavailable.
   */
  async subscribe(params: SubscriptionParams, join: Join): Promise<void> {
    if (!this.#live) throw new ApiError('READ_MODEL_UNAVAILABLE');
    const { channel, account, subaccount = 0, fromSeq } = params;
    if (channel === 'account')
      return this.#accounts.subscribe({ address: account?.toLowerCase() as Address, subaccount }, fromSeq, join);
    const demand = this.#demandFeedOf(params);
    await demand?.ready();
    // The chain may have broken meanwhile.
    if (!this.#live) throw new ApiError('READ_MODEL_UNAVAILABLE');
    const topic = demand?.topic ?? this.#topicOf(params);
    join(topic, topic.since(fromSeq));
  }

  /** Of a channel that is read when it is asked for. */
  #demandFeedOf({
    channel,
    market = '',
    interval = '1m',
  }: SubscriptionParams): Pick<DemandFeed<never>, 'ready' | 'topic'> | undefined {
    if (channel === 'bookOrders') return this.#feedsOf(market).orders;
    return channel === 'candles' ? this.#feedsOf(market).candles(interval) : undefined;
  }

  #topicOf(params: SubscriptionParams): Topic {
    const { channel, market = '' } = params;
    switch (channel) {
      case 'book':
        return this.#feedsOf(market).book.topicOf(params);
      case 'bbo':
        return this.#feedsOf(market).book.bboTopic;
      case 'ticker':
        return this.#feedsOf(market).ticker.topic;
      case 'trades':
        return this.#feedsOf(market).trades.topic;
      case 'markets':
        return this.#marketsTopic;
      case 'liquidations':
        return this.#liquidations.topic;
      case 'auctions':
        return this.#auctions.topic;
      case 'certificates':
        return this.#certificates.topic;
      case 'batches':
        return this.#batchesTopic;
      default:
        return this.#statusTopic;
    }
  }

  #feedsOf(symbol: string): MarketFeeds {
    const feeds = this.#marketFeeds.get(this.#parts.markets.bySymbol(symbol, '/market').spec.marketId);
    assert(feeds !== undefined, `no feed of ${symbol}`);
    return feeds;
  }

  onUnavailable(): void {
    this.#live = false;
    this.#waiting = undefined;
  }

  onResync(head: ReadHead): void {
    this.#resyncs += 1;
    this.#parts.metrics.feedResyncs.inc();
    this.#live = false;
    this.#waiting = [];
    this.#head = head;
    void this.#load(this.#resyncs);
  }

  onPublication(publication: Publication): void {
    if (this.#live) this.#apply(publication);
    else this.#waiting?.push(() => this.#apply(publication));
    // A read that takes so long is read again from a later head, which needs none of these.
    if ((this.#waiting?.length ?? 0) > WAITING_MAX) this.onResync(this.#head as ReadHead);
  }

  onSettlement(event: SettlementEvent): void {
    if (event.kind !== 'batch') return;
    if (this.#live) this.#applyBatch(event.batch);
    else this.#waiting?.push(() => this.#applyBatch(event.batch));
  }

  #applyBatch(batch: BatchDoc): void {
    if (batch.batchIndex >= (this.#lastBatch?.batchIndex ?? 0)) this.#lastBatch = batch;
    this.#statusChanged = true;
    const answer = formatBatch(batch);
    const others = this.#batches.filter((held) => held.batchIndex !== answer.batchIndex);
    this.#batches = [answer, ...others].sort((a, b) => b.batchIndex - a.batchIndex).slice(0, BATCHES_KEPT);
    this.#batchesTopic.publish(() => this.#batchesFrame('update', [answer]));
  }

  /** Reads all snapshots until it succeeds or a later resync takes over; then everybody gets a fresh one. */
  async #load(resync: number): Promise<void> {
    while (resync === this.#resyncs) {
      try {
        if (!(await this.#readSnapshots(resync))) return;
        break;
      } catch (fault) {
        if (!(fault instanceof ReadModelUnavailable)) throw fault;
        await sleep(RETRY_MS);
      }
    }
    if (resync !== this.#resyncs) return;
    const waiting = this.#waiting ?? [];
    this.#waiting = undefined;
    this.#live = true;
    this.#publishSnapshots();
    if (this.#head !== undefined) for (const watcher of this.#watchers) watcher.onLoaded(this.#head);
    for (const apply of waiting) apply();
  }

  /** False when a later resync has begun: then nothing was changed. */
  async #readSnapshots(resync: number): Promise<boolean> {
    const { readModel, markets: directory } = this.#parts;
    const [{ markets, collaterals, exchange }, liquidations, batches] = await Promise.all([
      readModel.markets(),
      readModel.liquidations(LIQUIDATIONS_KEPT),
      readModel.batches(BATCHES_KEPT),
    ]);
    const auctions = await readModel.auctions();
    const certificates = await readModel.certificates(CERTIFICATES_KEPT);
    const named = [
      ...liquidations.liquidations.flatMap(accountsOfLiquidation),
      ...auctions.auctions.map(({ accountId }) => accountId),
    ];
    const names = await readModel.names([...new Set(named)]);
    const perMarket = await Promise.all(
      markets.map(async ({ spec }) => ({
        spec,
        book: await readModel.wholeBook(spec.marketId),
        trades: await readModel.trades(spec.marketId, TRADES_KEPT),
      })),
    );
    if (resync !== this.#resyncs) return false;
    for (const market of markets) directory.put(market);
    for (const collateral of collaterals) this.#parts.assets.put(collateral);
    for (const [accountId, name] of names) this.#names.set(accountId, name);
    for (const { spec, book, trades } of perMarket) {
      const feeds = this.#feedsOfMarket(directory.byId(spec.marketId));
      const shown = trades.trades.map((trade) => formatTrade(trade, spec));
      feeds.load(book, trades.head, shown);
    }
    const rows = liquidations.liquidations.map((doc) => formatLiquidation(doc, this.#names, directory));
    this.#liquidations.load(liquidations.head, rows);
    this.#auctions.load(auctions);
    this.#certificates.load(
      certificates.head,
      certificates.certificates.map((doc) => formatCertificate(doc, directory, this.#parts.network)),
    );
    this.#exchange = exchange;
    this.#batches = batches.map(formatBatch);
    this.#lastBatch = batches[0];
    return true;
  }

  #publishSnapshots(): void {
    for (const feeds of this.#marketFeeds.values()) feeds.publishSnapshots();
    const lists = [this.#liquidations.topic, this.#certificates.topic, this.#auctions.topic];
    for (const topic of [this.#marketsTopic, this.#statusTopic, this.#batchesTopic, ...lists]) topic.publishSnapshot();
    this.#accounts.resync(this.sequence, this.timeMs);
  }

  #apply(publication: Publication): void {
    const { head, exchange } = publication;
    const { markets } = this.#parts;
    this.#head = head;
    for (const [accountId, owner, subaccount] of publication.names) this.#names.set(accountId, { owner, subaccount });
    for (const collateral of publication.collaterals) this.#parts.assets.put(collateral);
    for (const market of publication.markets) {
      markets.put(market);
      this.#feedsOfMarket(market);
      this.#changedMarkets.add(market.spec.marketId);
    }
    for (const feeds of this.#marketFeeds.values()) feeds.apply(publication);
    if (exchange !== undefined) this.#exchange = exchange;
    this.#statusChanged = true;
    if (publication.liquidations.length > 0) this.#applyLiquidations(publication.liquidations, head);
    this.#certificates.apply(
      publication.certificates.map((doc) => formatCertificate(doc, markets, this.#parts.network)),
      head,
    );
    this.#auctions.apply(publication.auctions, publication.endedAuctions, head);
    this.#accounts.apply(publication);
    for (const watcher of this.#watchers) watcher.onApplied(publication);
  }

  /** Owners are nearly always known from the same flush; where not, they are read, and the order is kept meanwhile. */
  #applyLiquidations(docs: readonly LiquidationDoc[], head: HeadDoc): void {
    const { readModel, markets } = this.#parts;
    this.#liquidationTail = this.#liquidationTail.then(async () => {
      const missing = docs.flatMap(accountsOfLiquidation).filter((accountId) => !this.#names.has(accountId));
      const read = missing.length === 0 ? new Map() : await readModel.names(missing).catch(() => new Map());
      for (const [accountId, name] of read) this.#names.set(accountId, name);
      this.#liquidations.apply(
        docs.map((doc) => formatLiquidation(doc, this.#names, markets)),
        head,
      );
    });
  }

  #feedsOfMarket({ spec }: MarketDoc): MarketFeeds {
    const known = this.#marketFeeds.get(spec.marketId);
    if (known !== undefined) return known;
    const { readModel, markets } = this.#parts;
    const position = () => ({ seq: this.sequence, timeMs: this.timeMs });
    const feeds = new MarketFeeds(spec, { readModel, markets, position });
    this.#marketFeeds.set(spec.marketId, feeds);
    return feeds;
  }

  #tickTickers(): void {
    if (this.#live) for (const { ticker } of this.#marketFeeds.values()) ticker.tick();
  }

  #tick(): void {
    if (!this.#live) return;
    if (this.#changedMarkets.size > 0) {
      const changed = [...this.#changedMarkets].map((marketId) => this.#parts.markets.byId(marketId));
      this.#marketsTopic.publish(() => this.#marketsFrame('update', changed));
    }
    this.#changedMarkets.clear();
    if (this.#statusChanged) this.#statusTopic.publish(() => this.#statusFrame('update'));
    this.#statusChanged = false;
  }

  #position(type: 'snapshot' | 'update') {
    return { type, seq: this.sequence, ts: this.timeMs };
  }

  #marketsFrame(type: 'snapshot' | 'update', markets: readonly MarketDoc[]): Frame {
    const data = { markets: markets.map((market) => formatMarket(market, this.timeMs)) };
    return new Frame({ channel: 'markets' }, this.#position(type), data);
  }

  #statusFrame(type: 'snapshot' | 'update'): Frame {
    assert(this.#head !== undefined && this.#exchange !== undefined, 'status of a feed that is not loaded');
    const { markets, network } = this.#parts;
    const data = formatStatus(this.#head, this.#exchange, markets.all(), this.#lastBatch, network);
    return new Frame({ channel: 'status' }, this.#position(type), data);
  }

  #batchesFrame(type: 'snapshot' | 'update', batches: readonly BatchAnswer[]): Frame {
    return new Frame({ channel: 'batches' }, this.#position(type), { batches });
  }
}
