import { type KeelDomain, QUOTE_ASSET } from '@keel/signing';
import type { Address, SafetyFund } from '@keel/types';
import type {
  Budget,
  Explainable,
  Explanation,
  FaucetGift,
  MarketBestPrices,
  MarketBookOrders,
  OrderState,
} from './answerWire.ts';
import { type CertificatesOf, certificateQuery } from './certificateQuery.ts';
import type { Listener, Subscription } from './channelSet.ts';
import type { Channel, ConnectionLimits, Ticker } from './channelWire.ts';
import type { BatchOptions, KeelClientOptions, RestSubmitOptions, SubmitOptions } from './clientOptions.ts';
import type {
  Acknowledged,
  AmendedOrder,
  AmendedOutcome,
  BatchOutcome,
  CancelledBatch,
  CancelledOrders,
  DeadManSwitch,
  FundedSafety,
  PlacedOrder,
  PlacedOutcome,
  ReplacedOrder,
  RequestedWithdrawal,
  TakenAuction,
  Transferred,
} from './commandWire.ts';
import { type AuctionListener, followAuctions } from './followAuctions.ts';
import { type BookListener, followBook } from './followBook.ts';
import { clientError } from './keelError.ts';
import { type ArmedCancel, type KeepCancelOptions, keepArmed } from './keepArmed.ts';
import {
  type ListOwner,
  type Lists,
  type NamedOwner,
  type Page,
  type PageOptions,
  readEach,
  readPage,
} from './lists.ts';
import type { Amendment, MarketMakerProtection, NewOrder, NewScale, NewTwap, OrderRef } from './orders.ts';
import { amendmentTerms, orderName, orderTerms } from './orderTerms.ts';
import { type RestOptions, restGet, restPost } from './restTransport.ts';
import type { Auction, CertificateFile, Collateral, Liquidation, MarginEvent, PriceReports } from './riskWire.ts';
import { SignedRequests } from './signedRequests.ts';
import { signerOf } from './signer.ts';
import { KeelSocket } from './socket.ts';
import type {
  Account,
  AccountSummary,
  Batch,
  Book,
  Candle,
  CandleInterval,
  Fills,
  Market,
  Status,
  Trade,
  Withdrawal,
} from './wire.ts';

/** A cancel that waits for its connection to end is signed for so much later: half of what the exchange takes. */
const ARMED_AHEAD_MS = 12 * 3_600_000;

/**
 * The exchange as a trader sees it. Every method throws KeelError; an order is acknowledged when its promise resolves.
 * One client per key: it hands out that key's nonces.
 */
export class KeelClient {
  readonly #rest: RestOptions;
  readonly #socket: KeelSocket;
  readonly #signed: SignedRequests;
  readonly #account: Address | undefined;
  /** The number of the account that this client acts for; 0 = the main one. */
  readonly subaccount: number;

  constructor(options: KeelClientOptions) {
    const { timeoutMs = 10_000, reconnect = { minMs: 250, maxMs: 10_000 }, heartbeatMs = 15_000 } = options;
    const url = options.url.replace(/\/+$/, '');
    const socketUrl = `${url.replace(/^http/, 'ws')}/v1/ws`;
    const binary = options.binary ?? false;
    this.#rest = { url, timeoutMs };
    this.#socket = new KeelSocket({ url: socketUrl, timeoutMs, reconnect, heartbeatMs, binary });
    const signer = signerOf(options);
    this.#account = (options.account ?? signer?.address)?.toLowerCase() as Address | undefined;
    this.subaccount = options.subaccount ?? 0;
    this.#signed = new SignedRequests(this.#rest, this.#socket, {
      signer,
      account: () => this.address,
      subaccount: this.subaccount,
      domain: options.domain,
    });
  }

  /** The account this client acts for; throws NO_SIGNER if it only reads. */
  get address(): Address {
    if (this.#account === undefined) throw clientError('NO_SIGNER', 'give privateKey, signer or account');
    return this.#account;
  }

  status(): Promise<Status> {
    return restGet(this.#rest, '/v1/status');
  }

  async markets(): Promise<readonly Market[]> {
    return (await restGet<{ markets: Market[] }>(this.#rest, '/v1/markets')).markets;
  }

  /** Assets that count as collateral beside USDC. */
  async collaterals(): Promise<readonly Collateral[]> {
    return (await restGet<{ collaterals: Collateral[] }>(this.#rest, '/v1/collaterals')).collaterals;
  }

  /** The signed reports behind a price; `feed` is a market's symbol, or `collateral:` and an asset's. */
  priceReports(feed: string): Promise<PriceReports> {
    return restGet(this.#rest, `/v1/prices/${encodeURIComponent(feed)}`);
  }

  /** The gateway's clock, by which nonces are judged. */
  async time(): Promise<number> {
    return (await restGet<{ timeMs: number }>(this.#rest, '/v1/time')).timeMs;
  }

  bbo(market: string): Promise<MarketBestPrices> {
    return restGet(this.#rest, `/v1/markets/${encodeURIComponent(market)}/bbo`);
  }

  /** Prices, funding and open interest. */
  ticker(market: string): Promise<Ticker & { readonly sequence: number }> {
    return restGet(this.#rest, `/v1/markets/${encodeURIComponent(market)}/ticker`);
  }

  /** Every resting order. */
  bookOrders(market: string): Promise<MarketBookOrders> {
    return restGet(this.#rest, `/v1/markets/${encodeURIComponent(market)}/book-orders`);
  }

  /** `depth` levels of each side, best first. */
  book(market: string, depth = 50): Promise<Book> {
    return restGet(this.#rest, `/v1/markets/${encodeURIComponent(market)}/book?depth=${depth}`);
  }

  /** Newest first. */
  async trades(market: string, limit = 100): Promise<readonly Trade[]> {
    const path = `/v1/markets/${encodeURIComponent(market)}/trades?limit=${limit}`;
    return (await restGet<{ trades: Trade[] }>(this.#rest, path)).trades;
  }

  /** Oldest first. */
  async candles(market: string, limit = 500, interval: CandleInterval = '1m'): Promise<readonly Candle[]> {
    const path = `/v1/markets/${encodeURIComponent(market)}/candles?interval=${interval}&limit=${limit}`;
    return (await restGet<{ candles: Candle[] }>(this.#rest, path)).candles;
  }

  /** Newest first: of everybody, or the steps that liquidated or deleveraged an account or had it as their other side. */
  async liquidations(limit = 100, account?: Address, subaccount = 0): Promise<readonly Liquidation[]> {
    const path = `/v1/liquidations?limit=${limit}${account === undefined ? '' : `&account=${account}&subaccount=${subaccount}`}`;
    return (await restGet<{ liquidations: Liquidation[] }>(this.#rest, path)).liquidations;
  }

  /** Close-out auctions that run, oldest first. */
  async auctions(limit = 100): Promise<readonly Auction[]> {
    return (await restGet<{ auctions: Auction[] }>(this.#rest, `/v1/auctions?limit=${limit}`)).auctions;
  }

  /** Newest first: of everybody, of one liquidation, or of an account that was closed out or was the other side. */
  async certificates(of?: CertificatesOf, limit = 20): Promise<readonly CertificateFile[]> {
    const path = `/v1/certificates?limit=${limit}${certificateQuery(of)}`;
    return (await restGet<{ certificates: CertificateFile[] }>(this.#rest, path)).certificates;
  }

  /** As it is verified. Throws CERTIFICATE_UNKNOWN for one that is not kept any more. */
  certificate(certificateId: number): Promise<CertificateFile> {
    return restGet(this.#rest, `/v1/certificates/${certificateId}`);
  }

  /** Newest first. */
  async batches(limit = 50): Promise<readonly Batch[]> {
    return (await restGet<{ batches: Batch[] }>(this.#rest, `/v1/batches?limit=${limit}`)).batches;
  }

  /** Collateral, margin, positions and open orders; default: the client's own account. */
  account(address: Address = this.address, subaccount = this.#numberOf(address)): Promise<Account> {
    return restGet(this.#rest, `/v1/accounts/${address}?subaccount=${subaccount}`);
  }

  /** All accounts of an owner, the main one first. */
  async accounts(address: Address = this.address): Promise<readonly AccountSummary[]> {
    const path = `/v1/accounts/${address}/subaccounts`;
    return (await restGet<{ accounts: AccountSummary[] }>(this.#rest, path)).accounts;
  }

  fills(address: Address = this.address, limit = 100, subaccount = this.#numberOf(address)): Promise<Fills> {
    return restGet(this.#rest, `/v1/accounts/${address}/fills?limit=${limit}&subaccount=${subaccount}`);
  }

  /** Margin calls and pre-liquidations, newest first. */
  async marginEvents(
    address: Address = this.address,
    limit = 100,
    subaccount = this.#numberOf(address),
  ): Promise<readonly MarginEvent[]> {
    const path = `/v1/accounts/${address}/margin-events?limit=${limit}&subaccount=${subaccount}`;
    return (await restGet<{ marginEvents: MarginEvent[] }>(this.#rest, path)).marginEvents;
  }

  /** With the proofs that a claim on L1 needs. */
  async withdrawals(address: Address = this.address): Promise<readonly Withdrawal[]> {
    const path = `/v1/accounts/${address}/withdrawals`;
    return (await restGet<{ withdrawals: Withdrawal[] }>(this.#rest, path)).withdrawals;
  }

  /** One order, as it is or as it ended; default: of the client's own account. Throws ORDER_UNKNOWN. */
  order(order: OrderRef, address: Address = this.address, subaccount = this.#numberOf(address)): Promise<OrderState> {
    const name: Record<string, string> = typeof order === 'string' ? { orderId: order } : { ...order };
    const query = new URLSearchParams({ ...name, subaccount: String(subaccount) });
    return restGet(this.#rest, `/v1/accounts/${address}/order?${query}`);
  }

  /** One page of a list, newest first. */
  page<List extends keyof Lists>(
    list: List,
    ...[options]: object extends ListOwner<List>
      ? [options?: ListOwner<List> & PageOptions]
      : [options: ListOwner<List> & PageOptions]
  ): Promise<Page<Lists[List]>> {
    return readPage(this.#rest, list, this.#ownerOf(list, options), options ?? {});
  }

  /** Each entry of a list, newest first, read a page at a time as far as it is asked for: `for await (const fill of client.each('fills'))`. */
  each<List extends keyof Lists>(
    list: List,
    ...[options]: object extends ListOwner<List>
      ? [options?: ListOwner<List> & PageOptions]
      : [options: ListOwner<List> & PageOptions]
  ): AsyncGenerator<Lists[List], void, void> {
    return readEach(this.#rest, list, this.#ownerOf(list, options), options ?? {});
  }

  /** How often the owner may still act through this gateway. */
  budget(address: Address = this.address): Promise<Budget> {
    return restGet(this.#rest, `/v1/accounts/${address}/budget`);
  }

  /** Test USDC, on a devnet only. Throws FAUCET_OFF elsewhere, FAUCET_TOO_SOON within a minute. */
  faucet(address: Address = this.address): Promise<FaucetGift> {
    return restPost(this.#rest, '/v1/faucet', { address });
  }

  /** What was hashed of a signed request, who signed it, and what may have gone wrong. Nothing of it is done. */
  explain(request: Explainable, expectedSigner?: Address): Promise<Explanation> {
    const body = expectedSigner === undefined ? request : { ...request, expectedSigner };
    return restPost(this.#rest, '/v1/debug/verify', body);
  }

  placeOrder(order: NewOrder, options: SubmitOptions = {}): Promise<PlacedOrder> {
    const route = { path: '/v1/orders', method: 'order.place' };
    return this.#signed.submit<PlacedOrder>(route, { primaryType: 'PlaceOrder', ...orderTerms(order) }, options);
  }

  /** Up to 50 orders under one signature. Resolves also when items were refused: look at each. */
  placeOrders(orders: readonly NewOrder[], options: BatchOptions = {}): Promise<BatchOutcome<PlacedOutcome>> {
    const { grouping = 'none', ...rest } = options;
    const route = { path: '/v1/orders/batch', method: 'order.placeBatch' };
    const action = { primaryType: 'PlaceOrders', orders: orders.map(orderTerms), grouping } as const;
    return this.#signed.submit<BatchOutcome<PlacedOutcome>>(route, action, rest);
  }

  /** Many limit orders from one price to another, one item each. */
  placeScale(scale: NewScale, options: SubmitOptions = {}): Promise<BatchOutcome<PlacedOutcome>> {
    const { fromPrice, toPrice, orderCount, skewPpm = 1_000_000, ...order } = scale;
    const route = { path: '/v1/orders/scale', method: 'order.placeScale' };
    const terms = orderTerms({ ...order, orderType: 'limit' });
    const action = { primaryType: 'PlaceScale', order: terms, fromPrice, toPrice, orderCount, skewPpm } as const;
    return this.#signed.submit<BatchOutcome<PlacedOutcome>>(route, action, options);
  }

  /** One order that the exchange trades in equal slices; its first slice is in the answer. */
  placeTwap(twap: NewTwap, options: SubmitOptions = {}): Promise<PlacedOrder> {
    const { market, side, size, durationMs, slices, reduceOnly = false, clientOrderId = '' } = twap;
    const route = { path: '/v1/orders/twap', method: 'order.placeTwap' };
    const terms = { market, side, size, reduceOnly, clientOrderId, durationMs, slices };
    return this.#signed.submit<PlacedOrder>(route, { primaryType: 'PlaceTwap', ...terms }, options);
  }

  /** New price and size of an open order, which keeps its id. */
  amendOrder(amendment: Amendment, options: SubmitOptions = {}): Promise<AmendedOrder> {
    const route = { path: '/v1/orders/amend', method: 'order.amend' };
    const action = { primaryType: 'AmendOrder', ...amendmentTerms(amendment) } as const;
    return this.#signed.submit<AmendedOrder>(route, action, options);
  }

  /** Up to 50 amendments under one signature. Resolves also when items were refused: look at each. */
  amendOrders(amendments: readonly Amendment[], options: SubmitOptions = {}): Promise<BatchOutcome<AmendedOutcome>> {
    const route = { path: '/v1/orders/amend-batch', method: 'order.amendBatch' };
    const action = { primaryType: 'AmendOrders', amendments: amendments.map(amendmentTerms) } as const;
    return this.#signed.submit<BatchOutcome<AmendedOutcome>>(route, action, options);
  }

  /** Cancels one order and places another, both or neither. */
  replaceOrder(replaced: OrderRef, order: NewOrder, options: SubmitOptions = {}): Promise<ReplacedOrder> {
    const route = { path: '/v1/orders/replace', method: 'order.replace' };
    const action = {
      primaryType: 'ReplaceOrder',
      replaced: orderName(replaced),
      order: orderTerms(order),
    } as const;
    return this.#signed.submit<ReplacedOrder>(route, action, options);
  }

  cancelOrder(order: OrderRef, options: SubmitOptions = {}): Promise<CancelledOrders> {
    const route = { path: '/v1/orders/cancel', method: 'order.cancel' };
    return this.#signed.submit<CancelledOrders>(route, { primaryType: 'CancelOrder', ...orderName(order) }, options);
  }

  /** Up to 50 orders under one signature. Resolves also when items were refused: look at each. */
  cancelOrders(orders: readonly OrderRef[], options: SubmitOptions = {}): Promise<CancelledBatch> {
    const route = { path: '/v1/orders/cancel-batch', method: 'order.cancelBatch' };
    const action = { primaryType: 'CancelOrders', orders: orders.map(orderName) } as const;
    return this.#signed.submit<CancelledBatch>(route, action, options);
  }

  /** Every open order of one market, or of all. */
  cancelAll(market = '', options: SubmitOptions = {}): Promise<CancelledOrders> {
    const route = { path: '/v1/orders/cancel-all', method: 'order.cancelAll' };
    return this.#signed.submit<CancelledOrders>(route, { primaryType: 'CancelAllOrders', market }, options);
  }

  /**
   * Dead-man switch: unless it is called again within `timeoutMs` (1 second to 24 hours), all orders go but reduce-only
   * ones that wait for a trigger. 0 = never.
   */
  cancelAllAfter(timeoutMs: number, options: SubmitOptions = {}): Promise<DeadManSwitch> {
    const route = { path: '/v1/orders/cancel-all-after', method: 'order.cancelAllAfter' };
    return this.#signed.submit<DeadManSwitch>(route, { primaryType: 'CancelAllAfter', timeoutMs }, options);
  }

  /** Bounds what may trade against the account's resting orders of one market in a window. */
  setMarketMakerProtection(protection: MarketMakerProtection, options: SubmitOptions = {}): Promise<Acknowledged> {
    const { market, windowMs, quantity = '0', delta = '0', fillCount = 0 } = protection;
    const route = { path: '/v1/market-maker-protection', method: 'protection.set' };
    const bounds = { market, windowMs, quantity, delta, fillCount };
    return this.#signed.submit(route, { primaryType: 'SetMarketMakerProtection', ...bounds }, options);
  }

  /** Takes orders again after the protection fired. */
  resetMarketMakerProtection(market: string, options: SubmitOptions = {}): Promise<Acknowledged> {
    const route = { path: '/v1/market-maker-protection/reset', method: 'protection.reset' };
    return this.#signed.submit(route, { primaryType: 'ResetMarketMakerProtection', market }, options);
  }

  /** Lets another key trade for all accounts of the owner, never withdraw. Must be signed by the owner itself. */
  approveAgent(
    agent: { readonly agent: Address; readonly agentName?: string; readonly agentExpiresAt?: number },
    options: RestSubmitOptions = {},
  ): Promise<Acknowledged> {
    const { agentName = '', agentExpiresAt = 0 } = agent;
    const action = { primaryType: 'ApproveAgent', agent: agent.agent, agentName, agentExpiresAt } as const;
    return this.#signed.submit({ path: '/v1/agents' }, action, { ...options, subaccount: 0 });
  }

  revokeAgent(agent: Address, options: RestSubmitOptions = {}): Promise<Acknowledged> {
    const action = { primaryType: 'RevokeAgent', agent } as const;
    return this.#signed.submit({ path: '/v1/agents/revoke' }, action, { ...options, subaccount: 0 });
  }

  /** Takes `amount` of USDC, or of `asset`, off the account; claimable on L1 once its batch is there. Signed by the owner itself. */
  withdraw(
    withdrawal: { readonly amount: string; readonly asset?: string; readonly recipient?: Address },
    options: RestSubmitOptions = {},
  ): Promise<RequestedWithdrawal> {
    const { amount, asset = QUOTE_ASSET, recipient = this.address } = withdrawal;
    const action = { primaryType: 'Withdraw', recipient, asset, amount } as const;
    return this.#signed.submit<RequestedWithdrawal>({ path: '/v1/withdrawals' }, action, options);
  }

  /** Moves collateral to another account of the owner, which is opened by it. Signed by the owner itself. */
  transfer(
    transfer: { readonly toSubaccount: number; readonly amount: string; readonly asset?: string },
    options: RestSubmitOptions = {},
  ): Promise<Transferred> {
    const { toSubaccount, amount, asset = QUOTE_ASSET } = transfer;
    const action = { primaryType: 'Transfer', toSubaccount, asset, amount } as const;
    return this.#signed.submit<Transferred>({ path: '/v1/transfers' }, action, options);
  }

  /** Initial margin in the market becomes at least 1 / leverage of notional; 0 = as much as the market allows. */
  setLeverage(market: string, leverage: number, options: SubmitOptions = {}): Promise<Acknowledged> {
    const route = { path: '/v1/leverage', method: 'leverage.set' };
    return this.#signed.submit(route, { primaryType: 'SetLeverage', market, leverage }, options);
  }

  /** Gives USDC to a market's insurance fund or backstop vault, for good. Signed by the owner itself. */
  fundSafety(
    gift: { readonly market: string; readonly fund: SafetyFund; readonly amount: string },
    options: RestSubmitOptions = {},
  ): Promise<FundedSafety> {
    const { market, fund, amount } = gift;
    const action = { primaryType: 'FundSafety', market, fund, amount } as const;
    return this.#signed.submit<FundedSafety>({ path: '/v1/safety-funds' }, action, options);
  }

  /** Whether the account may take close-out auctions from now on. */
  registerLiquidator(active: boolean, options: SubmitOptions = {}): Promise<Acknowledged> {
    const route = { path: '/v1/liquidators', method: 'liquidator.register' };
    return this.#signed.submit(route, { primaryType: 'RegisterLiquidator', active }, options);
  }

  /** Takes at most `size` of a running auction, at its price of the moment, if that is no worse than `price`; the book comes first. */
  takeAuction(
    taking: Pick<Auction, 'market' | 'auctionId'> & { readonly size: string; readonly price: string },
    options: SubmitOptions = {},
  ): Promise<TakenAuction> {
    const { market, auctionId, size, price } = taking;
    const route = { path: '/v1/auctions/take', method: 'auction.take' };
    return this.#signed.submit<TakenAuction>(
      route,
      { primaryType: 'TakeAuction', market, auctionId, size, price },
      options,
    );
  }

  /** The next unused nonce of this client's key. */
  nextNonce(): number {
    return this.#signed.nextNonce();
  }

  /** Frames of one channel, over as many connections as it takes. Each begins with a snapshot, unless the listener resumes. */
  subscribe(channel: Channel, listener: Listener | Listener['onFrame']): Subscription {
    return this.#socket.subscribe(channel, typeof listener === 'function' ? { onFrame: listener } : listener);
  }

  /** A market's book kept up to date, with gaps found and healed. */
  followBook(market: string, listener: BookListener | BookListener['onBook']): Subscription {
    return followBook(this.#socket, market, typeof listener === 'function' ? { onBook: listener } : listener);
  }

  /** The running close-out auctions, kept up to date. */
  followAuctions(listener: AuctionListener | AuctionListener['onAuctions']): Subscription {
    return followAuctions(this.#socket, typeof listener === 'function' ? { onAuctions: listener } : listener);
  }

  /**
   * Arms the connection that is open now, or opens one: when it ends in any way, the gateway hands over a cancel of all orders
   * (of one market or all) that is signed here. Once more replaces it; `keepCancelOnDisconnect` does so by itself.
   */
  async cancelOnDisconnect(market = '', options: Pick<SubmitOptions, 'subaccount'> = {}): Promise<ArmedCancel> {
    const nonce = this.nextNonce() + ARMED_AHEAD_MS;
    const { body } = await this.#signed.sign({ primaryType: 'CancelAllOrders', market }, { ...options, nonce });
    return (await this.#socket.request('session.cancelOnDisconnect', body)) as ArmedCancel;
  }

  /** Lets go of every cancel that the connection holds. */
  async disarmCancelOnDisconnect(): Promise<void> {
    await this.#socket.request('session.cancelOnDisconnect', null);
  }

  /**
   * Keeps a connection open and armed: after each reconnect, and long before the time of the signed nonce comes. `onArmed` after
   * each time; `onError` when it could not be armed, which is tried again unless the refusal is for good. Closing disarms.
   */
  keepCancelOnDisconnect(options: KeepCancelOptions = {}): Subscription {
    return keepArmed(this.#socket, () => this.cancelOnDisconnect(options.market, options), options);
  }

  /** What the open connection, or one that is opened, may do. */
  async connectionLimits(): Promise<ConnectionLimits> {
    return (await this.#socket.request('session.limits', {})) as ConnectionLimits;
  }

  /** What this client's signatures are bound to. */
  domain(): Promise<KeelDomain> {
    return this.#signed.domain();
  }

  /** Ends the connection and all subscriptions. */
  close(): void {
    this.#socket.close();
  }

  /** Whoever asks for its own address means the account it acts for; of others, the main one. */
  #numberOf(address: Address): number {
    return address.toLowerCase() === this.#account ? this.subaccount : 0;
  }

  #ownerOf(list: keyof Lists, options: NamedOwner = {}): NamedOwner {
    if (options.market !== undefined) return { market: options.market };
    const address = options.address ?? (list === 'liquidations' ? undefined : this.address);
    if (address === undefined) return {};
    return { address, subaccount: options.subaccount ?? this.#numberOf(address) };
  }
}
