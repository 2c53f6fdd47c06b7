import { type AccountId, type Address, assert, type MarketId, type OrderId } from '@keel/types';
import type { ChainableCommander, Redis } from 'ioredis';
import { connectRedis } from './connectRedis.ts';
import {
  decodeAll,
  decodeBookOrders,
  decodeCollaterals,
  decodeLevels,
  decodeMarkets,
  decodeSide,
} from './decodeReplies.ts';
import type {
  AccountDoc,
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
import { HeadGuard } from './headGuard.ts';
import type {
  AccountAddress,
  AccountName,
  AccountView,
  At,
  Book,
  CertificateFilter,
  OrderName,
  ReadModel,
} from './interfaces.ts';
import {
  accountLiquidationsKeyPrefix,
  accountsKey,
  agentsKey,
  auctionsKey,
  batchesKey,
  batchIndexKey,
  bookOrdersKey,
  CANDLES_PER_MARKET_MAX,
  CLOSED_ORDERS_PER_ACCOUNT_MAX,
  candleIndexKey,
  candlesKey,
  certificateIndexKeys,
  certificateName,
  certificatesKey,
  closedOrderName,
  closedOrdersKeyPrefix,
  collateralsKey,
  exchangeKey,
  FILLS_PER_ACCOUNT_MAX,
  FUNDING_PAYMENTS_PER_ACCOUNT_MAX,
  FUNDING_RATES_PER_MARKET_MAX,
  fillsKeyPrefix,
  fundingPaymentsKeyPrefix,
  fundingRatesKey,
  headKey,
  LEDGER_PER_ACCOUNT_MAX,
  LIQUIDATIONS_MAX,
  LIQUIDATIONS_PER_ACCOUNT_MAX,
  ledgerKeyPrefix,
  levelIndexKey,
  levelsKey,
  liquidationsKey,
  MARGIN_EVENTS_PER_ACCOUNT_MAX,
  marginEventsKeyPrefix,
  marketsKey,
  ordersKey,
  ordersKeyPrefix,
  ownersKey,
  pricesKey,
  subaccountsKeyPrefix,
  TRADES_PER_MARKET_MAX,
  tradesKey,
  withdrawalIndexKey,
  withdrawalsKey,
} from './keys.ts';
import { ReadModelUnavailable } from './redisFaults.ts';
import { loadScript, runScript, type ScriptName } from './script.ts';
import type { BatchDoc, WithdrawalDoc } from './settlementDocuments.ts';

/** Levels of one side in one answer. */
export const BOOK_DEPTH_MAX = 5_000;
/** Batches or withdrawals in one answer. */
export const SETTLEMENT_LIMIT_MAX = 1_000;
/** Certificates in one answer: about half a megabyte. */
export const CERTIFICATES_PER_ANSWER_MAX = 100;
/** A reader that waits longer than this is better told so. */
const READ_TIMEOUT_MS = 5_000;

type ReadScriptName = Exclude<ScriptName, 'claimHead' | 'dropHead' | 'writeStateDiff'>;

class RedisReadModel implements ReadModel {
  readonly #redis: Redis;
  readonly #guard = new HeadGuard();
  readonly #scripts = {
    readAccount: loadScript('readAccount'),
    readAccounts: loadScript('readAccounts'),
    readAccountList: loadScript('readAccountList'),
    readBook: loadScript('readBook'),
    readCertificates: loadScript('readCertificates'),
    readClosedOrders: loadScript('readClosedOrders'),
    readList: loadScript('readList'),
    readNewest: loadScript('readNewest'),
    readOrder: loadScript('readOrder'),
  };

  constructor(redis: Redis) {
    this.#redis = redis;
    redis.on('close', () => this.#guard.connectionLost());
  }

  get connected(): boolean {
    return this.#redis.status === 'ready';
  }

  async head(): Promise<ReadHead> {
    return this.#guard.accept(await this.#asked(() => this.#redis.hgetall(headKey)));
  }

  async markets(): Promise<
    At<{ markets: readonly MarketDoc[]; collaterals: readonly CollateralDoc[]; exchange: ExchangeDoc }>
  > {
    const [head, markets, collaterals, exchange] = await this.#together((multi) =>
      multi.hgetall(headKey).hvals(marketsKey).hvals(collateralsKey).get(exchangeKey),
    );
    return {
      head: this.#guard.accept(head),
      markets: decodeMarkets(markets),
      collaterals: decodeCollaterals(collaterals),
      exchange: JSON.parse(exchange as string) as ExchangeDoc,
    };
  }

  async price(feed: string): Promise<At<{ price: PriceDoc | undefined; exchange: ExchangeDoc }>> {
    const [head, price, exchange] = await this.#together((multi) =>
      multi.hgetall(headKey).hget(pricesKey, feed).get(exchangeKey),
    );
    return {
      head: this.#guard.accept(head),
      price: price === null ? undefined : (JSON.parse(price as string) as PriceDoc),
      exchange: JSON.parse(exchange as string) as ExchangeDoc,
    };
  }

  async book(marketId: MarketId, depth: number): Promise<At<Book>> {
    assert(depth >= 1 && depth <= BOOK_DEPTH_MAX, `depth ${depth}`);
    const sides = [levelsKey(marketId, 'buy'), levelIndexKey(marketId, 'buy')];
    sides.push(levelsKey(marketId, 'sell'), levelIndexKey(marketId, 'sell'));
    const answer = await this.#scripted('readBook', [headKey, ...sides], [depth]);
    const [head, bidTicks, bidLots, askTicks, askLots] = answer as [unknown, string[], string[], string[], string[]];
    return {
      head: this.#guard.accept(head),
      bids: decodeLevels(bidTicks, bidLots),
      asks: decodeLevels(askTicks, askLots),
    };
  }

  async wholeBook(marketId: MarketId): Promise<At<Book>> {
    const [head, bids, asks] = await this.#together((multi) =>
      multi.hgetall(headKey).hgetall(levelsKey(marketId, 'buy')).hgetall(levelsKey(marketId, 'sell')),
    );
    return {
      head: this.#guard.accept(head),
      bids: decodeSide(bids).sort(([left], [right]) => right - left),
      asks: decodeSide(asks).sort(([left], [right]) => left - right),
    };
  }

  async names(accountIds: readonly AccountId[]): Promise<ReadonlyMap<AccountId, AccountName>> {
    if (accountIds.length === 0) return new Map();
    const texts = await this.#asked(() => this.#redis.hmget(accountsKey, ...accountIds.map(String)));
    const accounts = decodeAll<AccountDoc>(texts.filter((text) => text !== null));
    return new Map(accounts.map(({ accountId, owner, subaccount }) => [accountId, { owner, subaccount }]));
  }

  account({ address, subaccount }: AccountAddress): Promise<At<AccountView>> {
    return this.#account(address, '', subaccount);
  }

  accountOfAgent(agent: Address): Promise<At<AccountView>> {
    return this.#account(agent, '', 0, true);
  }

  accountById(accountId: AccountId): Promise<At<AccountView>> {
    return this.#account('', accountId, 0);
  }

  async accounts(address: Address): ReturnType<ReadModel['accounts']> {
    const keys = [headKey, marketsKey, accountsKey, ownersKey, agentsKey, collateralsKey];
    const answer = await this.#scripted('readAccounts', keys, [address, subaccountsKeyPrefix]);
    const [head, markets, accounts, collaterals] = answer as unknown[];
    return {
      head: this.#guard.accept(head),
      accounts: decodeAll<AccountDoc>(accounts).sort((a, b) => a.subaccount - b.subaccount),
      markets: decodeMarkets(markets),
      collaterals: decodeCollaterals(collaterals),
    };
  }

  async order(accountId: AccountId, orderId: OrderId): Promise<OrderDoc | undefined> {
    const text = await this.#asked(() => this.#redis.hget(ordersKey(accountId), String(orderId)));
    return text === null ? undefined : (JSON.parse(text) as OrderDoc);
  }

  async orderState(
    { address, subaccount }: AccountAddress,
    name: OrderName,
  ): Promise<At<{ order: OrderUpdateDoc | undefined }>> {
    const byId = 'orderId' in name;
    const args = [
      address,
      subaccount,
      ordersKeyPrefix,
      closedOrdersKeyPrefix,
      subaccountsKeyPrefix,
      byId ? name.orderId : '',
      byId ? '' : JSON.stringify(name.clientOrderId),
      byId ? closedOrderName(name.orderId) : name.clientOrderId,
    ];
    const answer = await this.#scripted('readOrder', [headKey, ownersKey, agentsKey], args);
    const [reply, open, closed] = answer as [unknown, string, string];
    const head = this.#guard.accept(reply);
    if (open !== '') return { head, order: openUpdate(JSON.parse(open) as OrderDoc, head) };
    return { head, order: closed === '' ? undefined : (JSON.parse(closed) as OrderUpdateDoc) };
  }

  async orderHistory(
    { address, subaccount }: AccountAddress,
    limit: number,
    before?: number,
  ): Promise<At<{ orders: readonly OrderUpdateDoc[] }>> {
    assert(limit >= 1 && limit <= CLOSED_ORDERS_PER_ACCOUNT_MAX, `limit ${limit}`);
    const args = [address, subaccount, limit, closedOrdersKeyPrefix, subaccountsKeyPrefix, belowOf(before)];
    const answer = await this.#scripted('readClosedOrders', [headKey, ownersKey, agentsKey], args);
    const [head, orders] = answer as [unknown, unknown];
    return { head: this.#guard.accept(head), orders: decodeAll<OrderUpdateDoc>(orders) };
  }

  async bookOrders(marketId: MarketId): Promise<At<{ orders: readonly BookOrderDoc[] }>> {
    const [head, reply] = await this.#together((multi) => multi.hgetall(headKey).hgetall(bookOrdersKey(marketId)));
    return { head: this.#guard.accept(head), orders: decodeBookOrders(marketId, reply) };
  }

  async fundingPayments(
    account: AccountAddress,
    limit: number,
    before?: number,
  ): Promise<At<{ fundingPayments: readonly FundingPaymentDoc[] }>> {
    assert(limit >= 1 && limit <= FUNDING_PAYMENTS_PER_ACCOUNT_MAX, `limit ${limit}`);
    const page = await this.#accountList<FundingPaymentDoc>(fundingPaymentsKeyPrefix, account, limit, before);
    return { head: page.head, fundingPayments: page.documents };
  }

  async fundingRates(
    marketId: MarketId,
    limit: number,
    before?: number,
  ): Promise<At<{ fundingRates: readonly FundingRateDoc[] }>> {
    assert(limit >= 1 && limit <= FUNDING_RATES_PER_MARKET_MAX, `limit ${limit}`);
    const { head, documents } = await this.#list<FundingRateDoc>(fundingRatesKey(marketId), limit, before);
    return { head, fundingRates: documents };
  }

  async ledger(account: AccountAddress, limit: number, before?: number): Promise<At<{ ledger: readonly LedgerDoc[] }>> {
    assert(limit >= 1 && limit <= LEDGER_PER_ACCOUNT_MAX, `limit ${limit}`);
    const { head, documents } = await this.#accountList<LedgerDoc>(ledgerKeyPrefix, account, limit, before);
    return { head, ledger: documents };
  }

  async fills(account: AccountAddress, limit: number, before?: number): Promise<At<{ fills: readonly FillDoc[] }>> {
    assert(limit >= 1 && limit <= FILLS_PER_ACCOUNT_MAX, `limit ${limit}`);
    const { head, documents } = await this.#accountList<FillDoc>(fillsKeyPrefix, account, limit, before);
    return { head, fills: documents };
  }

  async trades(marketId: MarketId, limit: number, before?: number): Promise<At<{ trades: readonly TradeDoc[] }>> {
    assert(limit >= 1 && limit <= TRADES_PER_MARKET_MAX, `limit ${limit}`);
    const { head, documents } = await this.#list<TradeDoc>(tradesKey(marketId), limit, before);
    return { head, trades: documents };
  }

  async candles(
    marketId: MarketId,
    interval: CandleInterval,
    limit: number,
  ): Promise<At<{ candles: readonly CandleDoc[] }>> {
    assert(limit >= 1 && limit <= CANDLES_PER_MARKET_MAX, `limit ${limit}`);
    const keys = [headKey, candlesKey(marketId, interval), candleIndexKey(marketId, interval)];
    const [head, candles] = (await this.#scripted('readNewest', keys, [limit])) as [unknown, string[]];
    return { head: this.#guard.accept(head), candles: decodeAll<CandleDoc>(candles) };
  }

  async liquidations(limit: number, before?: number): Promise<At<{ liquidations: readonly LiquidationDoc[] }>> {
    assert(limit >= 1 && limit <= LIQUIDATIONS_MAX, `limit ${limit}`);
    const { head, documents } = await this.#list<LiquidationDoc>(liquidationsKey, limit, before);
    return { head, liquidations: documents };
  }

  async accountLiquidations(
    account: AccountAddress,
    limit: number,
    before?: number,
  ): Promise<At<{ liquidations: readonly LiquidationDoc[] }>> {
    assert(limit >= 1 && limit <= LIQUIDATIONS_PER_ACCOUNT_MAX, `limit ${limit}`);
    const page = await this.#accountList<LiquidationDoc>(accountLiquidationsKeyPrefix, account, limit, before);
    return { head: page.head, liquidations: page.documents };
  }

  async marginEvents(
    account: AccountAddress,
    limit: number,
    before?: number,
  ): Promise<At<{ marginEvents: readonly MarginEventDoc[] }>> {
    assert(limit >= 1 && limit <= MARGIN_EVENTS_PER_ACCOUNT_MAX, `limit ${limit}`);
    const page = await this.#accountList<MarginEventDoc>(marginEventsKeyPrefix, account, limit, before);
    return { head: page.head, marginEvents: page.documents };
  }

  async auctions(): Promise<At<{ auctions: readonly AuctionDoc[] }>> {
    const [head, auctions] = await this.#together((multi) => multi.hgetall(headKey).hvals(auctionsKey));
    const sorted = decodeAll<AuctionDoc>(auctions).sort((a, b) => a.auctionId - b.auctionId);
    return { head: this.#guard.accept(head), auctions: sorted };
  }

  async certificates(
    limit: number,
    filter?: CertificateFilter,
  ): Promise<At<{ certificates: readonly CertificateDoc[] }>> {
    assert(limit >= 1 && limit <= CERTIFICATES_PER_ANSWER_MAX, `limit ${limit}`);
    const [index, byLiquidation, byAccount, byCounterparty] = certificateIndexKeys as [string, string, string, string];
    if (filter === undefined) {
      const answer = await this.#scripted('readNewest', [headKey, certificatesKey, index], [limit]);
      const [head, certificates] = answer as [unknown, unknown];
      return { head: this.#guard.accept(head), certificates: decodeAll<CertificateDoc>(certificates).reverse() };
    }
    const answer =
      'liquidationId' in filter
        ? await this.#scripted(
            'readCertificates',
            [headKey, certificatesKey, byLiquidation, byLiquidation],
            [filter.liquidationId, limit],
          )
        : await this.#scripted(
            'readCertificates',
            [headKey, certificatesKey, byAccount, byCounterparty, ownersKey, agentsKey],
            ['', limit, filter.account.address, filter.account.subaccount, subaccountsKeyPrefix],
          );
    const [head, certificates] = answer as [unknown, unknown];
    return { head: this.#guard.accept(head), certificates: decodeAll<CertificateDoc>(certificates) };
  }

  async certificate(certificateId: number): Promise<At<{ certificate: CertificateDoc | undefined }>> {
    const [head, text] = await this.#together((multi) =>
      multi.hgetall(headKey).hget(certificatesKey, certificateName(certificateId)),
    );
    const certificate = text === null ? undefined : (JSON.parse(text as string) as CertificateDoc);
    return { head: this.#guard.accept(head), certificate };
  }

  async batches(limit: number): Promise<readonly BatchDoc[]> {
    assert(limit >= 1 && limit <= SETTLEMENT_LIMIT_MAX, `limit ${limit}`);
    const [, batches] = (await this.#scripted(
      'readNewest',
      [headKey, batchesKey, batchIndexKey],
      [limit],
    )) as unknown[];
    return decodeAll<BatchDoc>(batches).reverse();
  }

  async withdrawals(recipient: Address, limit: number): Promise<readonly WithdrawalDoc[]> {
    assert(limit >= 1 && limit <= SETTLEMENT_LIMIT_MAX, `limit ${limit}`);
    const keys = [headKey, withdrawalsKey(recipient), withdrawalIndexKey(recipient)];
    const [, withdrawals] = (await this.#scripted('readNewest', keys, [limit])) as unknown[];
    return decodeAll<WithdrawalDoc>(withdrawals).reverse();
  }

  async close(): Promise<void> {
    this.#redis.disconnect();
  }

  async #account(
    address: Address | '',
    accountId: AccountId | '',
    subaccount: number,
    asAgent = false,
  ): Promise<At<AccountView>> {
    const keys = [headKey, marketsKey, accountsKey, ownersKey, agentsKey, collateralsKey];
    const args = [address, accountId, subaccount, ordersKeyPrefix, subaccountsKeyPrefix, asAgent ? 1 : 0];
    const answer = await this.#scripted('readAccount', keys, args);
    const [head, markets, account, orders, main, collaterals] = answer as [
      unknown,
      unknown,
      string,
      string[],
      string,
      unknown,
    ];
    const read = account === '' ? undefined : (JSON.parse(account) as AccountDoc);
    return {
      head: this.#guard.accept(head),
      markets: decodeMarkets(markets),
      account: read,
      agents: main === '' ? (read?.agents ?? []) : (JSON.parse(main) as AccountDoc).agents,
      orders: decodeAll<OrderDoc>(orders).sort((a, b) => a.orderId - b.orderId),
      collaterals: decodeCollaterals(collaterals),
    };
  }

  async #accountList<Doc>(
    keyPrefix: string,
    { address, subaccount }: AccountAddress,
    limit: number,
    before: number | undefined,
  ): Promise<At<{ documents: Doc[] }>> {
    const keys = [headKey, ownersKey, agentsKey];
    const args = [address, subaccount, limit, keyPrefix, subaccountsKeyPrefix, belowOf(before)];
    const answer = await this.#scripted('readAccountList', keys, args);
    const [head, documents] = answer as [unknown, string[]];
    return { head: this.#guard.accept(head), documents: decodeAll<Doc>(documents) };
  }

  async #list<Doc>(key: string, limit: number, before: number | undefined): Promise<At<{ documents: Doc[] }>> {
    const [head, documents] = (await this.#scripted('readList', [headKey, key], [limit, belowOf(before)])) as unknown[];
    return { head: this.#guard.accept(head), documents: decodeAll<Doc>(documents) };
  }

  #scripted(name: ReadScriptName, keys: readonly string[], args: readonly (string | number)[]): Promise<unknown> {
    return this.#asked(() => runScript(this.#redis, this.#scripts[name], keys, args));
  }

  /** One transaction: nobody writes between its commands. */
  #together(build: (multi: ChainableCommander) => ChainableCommander): Promise<unknown[]> {
    return this.#asked(async () => {
      const results = await build(this.#redis.multi()).exec();
      assert(results !== null, 'a transaction without WATCH was discarded');
      return results.map(([fault, value]) => {
        if (fault !== null) throw fault;
        return value;
      });
    });
  }

  async #asked<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
    try {
      return await ask();
    } catch (fault) {
      throw new ReadModelUnavailable('Redis did not answer', { cause: fault });
    }
  }
}

/** The argument that says below which sequence a page begins; empty: at the newest. */
function belowOf(before: number | undefined): number | '' {
  if (before === undefined) return '';
  assert(Number.isSafeInteger(before) && before >= 0, `before ${before}`);
  return before;
}

function openUpdate(order: OrderDoc, { timeMs, sequence }: ReadHead): OrderUpdateDoc {
  const { accountId, firedMs } = order;
  const state = firedMs === 0 ? 'open' : 'triggered';
  return { accountId, order, state, closeReason: undefined, closeCode: 0, timeMs, sequence };
}

/** Throws `RedisUnreachable` if Redis cannot be reached now; later outages are answered by each read. */
export async function openReadModel(url: string): Promise<ReadModel> {
  const redis = await connectRedis(url, {
    name: 'keel-read-model',
    commandTimeoutMs: READ_TIMEOUT_MS,
    reconnect: true,
  });
  return new RedisReadModel(redis);
}
