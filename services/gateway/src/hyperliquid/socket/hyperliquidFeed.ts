import type { Publication, ReadModel } from '@keel/redis';
import type { Logger } from '@keel/runtime';
import type { Address, MarketId } from '@keel/types';
import type { AssetDirectory } from '../../assetDirectory.ts';
import type { FeedWatcher } from '../../feed/feedWatcher.ts';
import type { LiveFeed } from '../../feed/liveFeed.ts';
import type { MarketDirectory } from '../../marketDirectory.ts';
import type { MarketFigures } from '../info/marketFigures.ts';
import { specOfCoin } from '../info/marketTypes.ts';
import { CLIENT_INTERVALS, type ClientInterval } from '../info/readCandles.ts';
import { HappeningStream, type HappeningStreamParts } from './happeningStream.ts';
import { REREAD_MS, UNKNOWN_USERS_PER_LOOK } from './limits.ts';
import * as market from './marketStreams.ts';
import { keyOf, type Subscription } from './parseSubscription.ts';
import { ReadStream, type ReadStreamParts } from './readStream.ts';
import { StateStream } from './stateStream.ts';
import type { Stream } from './stream.ts';
import { User } from './user.ts';
import * as ofUser from './userStreams.ts';

export interface HyperliquidFeedParts {
  readonly feed: LiveFeed;
  readonly readModel: ReadModel;
  readonly markets: MarketDirectory;
  readonly assets: AssetDirectory;
  readonly figures: MarketFigures;
  readonly log: Logger;
}

/** The channels that are followed, made from what the live feed hears. One stream serves everybody who follows the same. */
export class HyperliquidFeed implements FeedWatcher {
  readonly #parts: HyperliquidFeedParts;
  readonly #streams = new Map<string, Stream>();
  /** Those of the streams, with the number of them. */
  readonly #users = new Map<Address, { readonly user: User; streams: number }>();
  /** Whom each of them is of. */
  readonly #userOf = new WeakMap<Stream, User>();
  readonly #lookout: NodeJS.Timeout;

  constructor(parts: HyperliquidFeedParts) {
    this.#parts = parts;
    this.#lookout = setInterval(() => void this.#lookForUsers(), REREAD_MS).unref();
    parts.feed.watch(this);
  }

  /** The stream of what a client wants to follow, for it to be added to at once; a text says why there is none. */
  open(subscription: Subscription): Stream | string {
    const key = keyOf(subscription);
    const open = this.#streams.get(key);
    if (open !== undefined) return open;
    const stream = this.#create(subscription);
    if (typeof stream !== 'string') this.#streams.set(key, stream);
    return stream;
  }

  onLoaded(): void {
    this.#forget();
    for (const stream of this.#streams.values()) stream.reload();
  }

  onApplied(publication: Publication): void {
    this.#forget();
    for (const stream of this.#streams.values()) stream.apply(publication);
  }

  close(): void {
    clearInterval(this.#lookout);
    for (const stream of this.#streams.values()) stream.close();
    this.#streams.clear();
    this.#users.clear();
  }

  /** Streams that nobody follows any more. */
  #forget(): void {
    for (const [key, stream] of this.#streams) {
      if (stream.size > 0) continue;
      stream.close();
      this.#streams.delete(key);
      const address = this.#userOf.get(stream)?.address;
      const held = address === undefined ? undefined : this.#users.get(address);
      if (held === undefined) continue;
      held.streams -= 1;
      if (held.streams === 0) this.#users.delete(held.user.address);
    }
  }

  /** An agent's address leads to an account once it is approved, and no flush says so. */
  async #lookForUsers(): Promise<void> {
    this.#forget();
    const unknown = [...this.#users.values()].filter(({ user }) => user.accountId === undefined);
    for (const held of unknown.slice(0, UNKNOWN_USERS_PER_LOOK)) {
      const { user } = held;
      // The others have their turn at the next look.
      this.#users.delete(user.address);
      this.#users.set(user.address, held);
      // A read model that is away is asked again then.
      await user.read().catch(() => undefined);
      if (user.accountId === undefined) continue;
      for (const stream of this.#streams.values()) if (this.#userOf.get(stream) === user) stream.reload();
    }
  }

  #hold(address: Address): User {
    const held = this.#users.get(address) ?? { user: new User(address, this.#parts.readModel), streams: 0 };
    held.streams += 1;
    this.#users.set(address, held);
    return held.user;
  }

  #create(subscription: Subscription): Stream | string {
    const { type, coin, user, interval } = subscription;
    const marketId = coin === '' ? undefined : specOfCoin(this.#parts.markets, coin)?.marketId;
    if (coin !== '' && marketId === undefined) return 'there is no such coin';
    if (type === 'candle' && !isClientInterval(interval)) return 'there is no such interval';
    if (user !== '') {
      const held = this.#hold(user);
      const stream = this.#ofUser(subscription, held, marketId);
      this.#userOf.set(stream, held);
      return stream;
    }
    return marketId === undefined ? this.#ofAll(subscription) : this.#ofMarket(subscription, marketId);
  }

  #ofAll({ type }: Subscription): Stream {
    const sources = this.#parts;
    switch (type) {
      case 'allMids':
        return new StateStream(market.allMids(sources));
      case 'assetCtxs':
        return this.#reading(market.contexts(sources, type, (ctxs) => ({ dex: '', ctxs })));
      case 'allDexsAssetCtxs':
        return this.#reading(market.contexts(sources, type, (ctxs) => ({ ctxs: [['', ctxs]] })));
      case 'fastAssetCtxs':
        return this.#reading(market.contexts(sources, type, market.writeFastContexts));
      default:
        // Nothing is traded against another here, and nothing is bet on.
        return new StateStream(market.constant(type, type === 'spotAssetCtxs' ? [] : { updates: [] }));
    }
  }

  #ofMarket({ type, interval, nSigFigs, mantissa }: Subscription, marketId: MarketId): Stream {
    const sources = this.#parts;
    switch (type) {
      case 'l2Book':
        return new StateStream(market.l2Book(sources, marketId, { nSigFigs, mantissa }));
      case 'bbo':
        return new StateStream(market.bbo(sources, marketId));
      case 'trades':
        return this.#happening(market.trades(sources, marketId));
      case 'candle':
        return this.#reading(market.candle(sources, marketId, interval as ClientInterval));
      default:
        return this.#reading(market.activeAssetCtx(sources, marketId));
    }
  }

  #ofUser({ type, aggregateByTime }: Subscription, user: User, marketId: MarketId | undefined): Stream {
    const sources = this.#parts;
    switch (type) {
      case 'orderUpdates':
        return this.#happening(ofUser.orderUpdates(user, sources));
      case 'userHistoricalOrders':
        return this.#happening(ofUser.userHistoricalOrders(user, sources));
      case 'userFills':
        return this.#happening(ofUser.userFills(user, sources, aggregateByTime));
      case 'userEvents':
        return this.#happening(ofUser.userEvents(user, sources));
      case 'userFundings':
        return this.#happening(ofUser.userFundings(user, sources));
      case 'userNonFundingLedgerUpdates':
        return this.#happening(ofUser.userNonFundingLedgerUpdates(user, sources));
      case 'clearinghouseState':
        return this.#reading(ofUser.clearinghouseState(user));
      case 'allDexsClearinghouseState':
        return this.#reading(ofUser.allDexsClearinghouseState(user));
      case 'openOrders':
        return this.#reading(ofUser.openOrders(user));
      case 'spotState':
        return this.#reading(ofUser.spotState(user));
      case 'webData2':
        return this.#reading(ofUser.webData2(user, sources));
      case 'webData3':
        return this.#reading(ofUser.webData3(user));
      case 'userTwapHistory':
        return this.#reading(ofUser.silent(user, type, { history: [], isSnapshot: true }));
      case 'userTwapSliceFills':
        return this.#reading(ofUser.silent(user, type, { twapSliceFills: [], isSnapshot: true }));
      case 'twapStates':
        return this.#reading(ofUser.silent(user, type, { dex: '', states: [] }));
      default:
        return this.#reading(
          marketId === undefined ? ofUser.silent(user, type) : ofUser.activeAssetData(user, marketId),
        );
    }
  }

  #reading(parts: Omit<ReadStreamParts, 'failed'>): Stream {
    return new ReadStream({ ...parts, failed: this.#failed });
  }

  #happening(parts: Omit<HappeningStreamParts, 'failed'>): Stream {
    return new HappeningStream({ ...parts, failed: this.#failed });
  }

  readonly #failed = (fault: unknown): void => {
    this.#parts.log.error({ err: fault }, 'a channel could not be read');
  };
}

function isClientInterval(interval: string): interval is ClientInterval {
  return (CLIENT_INTERVALS as readonly string[]).includes(interval);
}
