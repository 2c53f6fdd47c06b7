import type { AccountAddress, Publication, ReadModel } from '@keel/redis';
import { type AccountId, toAccountId } from '@keel/types';
import type { AssetDirectory } from '../assetDirectory.ts';
import { ApiError } from '../errors.ts';
import type { AccountNames } from '../format/accountNames.ts';
import { formatFill } from '../format/formatAccount.ts';
import {
  formatDeposits,
  formatFundingPayment,
  formatOrderUpdate,
  formatWithdrawalRequests,
} from '../format/formatAccountEvents.ts';
import { formatLiquidation } from '../format/formatExchange.ts';
import { formatMarginEvent } from '../format/formatMarginEvent.ts';
import type { MarketDirectory } from '../marketDirectory.ts';
import { readAccountAnswer } from '../routes/accountRoutes.ts';
import { toApiError } from '../toApiError.ts';
import type { AccountAnswer } from '../wire/answers.ts';
import { Frame } from './frame.ts';
import { type Happened, NOTHING, partOf, readHappened, withFlush } from './happened.ts';
import { Topic } from './topic.ts';

/** An account that changes all the time is read this often; what happened between is in the next frame. */
const READ_INTERVAL_MS = 100;
/** After a failed read; the read model may be away. */
const RETRY_MS = 500;

/** How long a frame or a returning client waits for the event stream to come to where the read model is. */
const CATCH_UP_MS = 2_000;

/** One followed account. A frame is the whole account, and what happened to it since the frame before. */
interface AccountFeed {
  readonly topic: Topic;
  readonly address: AccountAddress;
  readonly accountId: AccountId;
  /** What was heard up to this is not in `happened`. */
  openedSeq: number;
  /** Subscriptions that are read for. */
  joining: number;
  answer: AccountAnswer;
  timeMs: number;
  /** What is not in a frame yet; bounded by what can happen to one account between two reads. */
  happened: Happened;
  /** A read is due when the one under way, or the pause after it, ends. */
  due: 'snapshot' | 'update' | undefined;
  busy: boolean;
}

/** Begins a subscription: with these frames, or with a snapshot. */
export type Join = (topic: Topic, missed: readonly Frame[] | undefined) => void;

export interface AccountFeedParts {
  readonly readModel: ReadModel;
  readonly markets: MarketDirectory;
  readonly assets: AssetDirectory;
  /** As far as the feed has heard; the other side of a liquidation may be missing. */
  readonly names: AccountNames;
}

/** The accounts that somebody follows; each is read from the read model after a flush that changed it. */
export class AccountFeeds {
  readonly #parts: AccountFeedParts;
  /** By address and number. */
  readonly #byAddress = new Map<string, AccountFeed>();
  #timeMs = 0;
  /** Last flush that was heard of, */
  #sequence = 0;
  /** and who waits for a later one. */
  #waiting: (() => void)[] = [];

  constructor(parts: AccountFeedParts) {
    this.#parts = parts;
  }

  /**
   * Calls `join` with the topic once the account is read. A topic without subscribers may be forgotten any time, so whoever
   * wants it adds itself within `join`. With `fromSeq` it begins with a snapshot that lists what happened since, where the read
   * model keeps all of it. Throws ACCOUNT_UNKNOWN or ReadModelUnavailable.
   */
  async subscribe(address: AccountAddress, fromSeq: number | undefined, join: Join): Promise<void> {
    const { readModel } = this.#parts;
    const first = await readAccountAnswer(readModel, address);
    const feed = this.#byAddress.get(keyOf(address)) ?? this.#open(address, first);
    feed.joining += 1;
    try {
      for (let answer = first; ; answer = await readAccountAnswer(readModel, address)) {
        // What was heard before the feed was there is in no frame of it, so it has to be in the answer.
        if (answer.sequence < feed.openedSeq) continue;
        const since = fromSeq === undefined ? undefined : await this.#readSince(address, fromSeq, answer.sequence);
        if (since === undefined) {
          if (answer.sequence > feed.answer.sequence) feed.answer = answer;
          return join(feed.topic, undefined);
        }
        // What the others were told meanwhile is not in these lists, so they are read again;
        if (feed.answer.sequence > answer.sequence) continue;
        // and what is in them is told to the others now, so that the next frame says nothing twice.
        this.#publish(feed, 'update', answer);
        return join(feed.topic, [this.#frame(feed, 'snapshot', answer, since)]);
      }
    } finally {
      feed.joining -= 1;
    }
  }

  /** Undefined where the lists do not reach back so far, or the client is ahead of this read model. */
  async #readSince(address: AccountAddress, fromSeq: number, toSeq: number): Promise<Happened | undefined> {
    if (fromSeq > toSeq) return undefined;
    const happened = await readHappened(this.#parts.readModel, address, fromSeq, toSeq);
    // A flush that is read and not heard of yet would be told twice.
    if (happened !== undefined) await this.#heardOf(toSeq);
    return happened;
  }

  async #heardOf(sequence: number): Promise<void> {
    const endMs = performance.now() + CATCH_UP_MS;
    while (this.#sequence < sequence) {
      const leftMs = endMs - performance.now();
      if (leftMs <= 0) throw new ApiError('READ_MODEL_UNAVAILABLE');
      await new Promise<void>((resolve) => {
        this.#waiting.push(resolve);
        setTimeout(resolve, leftMs).unref();
      });
    }
  }

  #hear(sequence: number, timeMs: number): void {
    this.#sequence = sequence;
    this.#timeMs = timeMs;
    for (const resolve of this.#waiting) resolve();
    this.#waiting = [];
  }

  apply(publication: Publication): void {
    const { head, touchedAccounts } = publication;
    if (this.#byAddress.size > 0) {
      const touched = new Set(touchedAccounts);
      for (const feed of this.#followed()) {
        if (!touched.has(feed.accountId)) continue;
        feed.happened = withFlush(feed.happened, publication, feed.accountId);
        this.#refresh(feed, 'update');
      }
    }
    this.#hear(head.sequence, head.timeMs);
  }

  /** The chain broke: everybody starts from a snapshot. */
  resync(sequence: number, timeMs: number): void {
    this.#hear(sequence, timeMs);
    for (const feed of this.#followed()) {
      feed.happened = NOTHING;
      feed.openedSeq = 0;
      this.#refresh(feed, 'snapshot');
    }
  }

  /** Those with subscribers, or with some to come; the others are forgotten on the way. */
  *#followed(): Iterable<AccountFeed> {
    for (const [key, feed] of this.#byAddress) {
      if (feed.topic.size + feed.joining > 0) yield feed;
      else this.#byAddress.delete(key);
    }
  }

  #open(asked: AccountAddress, answer: AccountAnswer): AccountFeed {
    const { address, subaccount } = asked;
    const channel = { channel: 'account', account: address, ...(subaccount === 0 ? {} : { subaccount }) } as const;
    const topic = new Topic(channel, () => this.#frame(feed, 'snapshot', feed.answer, NOTHING), 'state');
    const accountId = toAccountId(Number(answer.accountId));
    const feed: AccountFeed = {
      topic,
      address: asked,
      accountId,
      openedSeq: this.#sequence,
      joining: 0,
      answer,
      timeMs: this.#timeMs,
      happened: NOTHING,
      due: undefined,
      busy: false,
    };
    this.#byAddress.set(keyOf(asked), feed);
    return feed;
  }

  #refresh(feed: AccountFeed, type: 'snapshot' | 'update'): void {
    if (feed.due !== 'snapshot') feed.due = type;
    if (!feed.busy) void this.#read(feed);
  }

  async #read(feed: AccountFeed): Promise<void> {
    feed.busy = true;
    const type = feed.due ?? 'update';
    feed.due = undefined;
    let pauseMs = READ_INTERVAL_MS;
    try {
      const answer = await readAccountAnswer(this.#parts.readModel, feed.address);
      // A frame's sequence promises that what happened up to it was told.
      await this.#heardOf(answer.sequence);
      this.#publish(feed, type, answer);
    } catch (fault) {
      if (toApiError(fault).code === 'INTERNAL') throw fault;
      feed.due = type;
      pauseMs = RETRY_MS;
    }
    setTimeout(() => {
      feed.busy = false;
      if (feed.due !== undefined && feed.topic.size > 0) void this.#read(feed);
    }, pauseMs).unref();
  }

  #publish(feed: AccountFeed, type: 'snapshot' | 'update', read: AccountAnswer): void {
    // A read that took long may be older than what a new subscriber brought.
    const answer = read.sequence >= feed.answer.sequence ? read : feed.answer;
    const happened = partOf(feed.happened, (sequence) => sequence <= answer.sequence);
    feed.happened = partOf(feed.happened, (sequence) => sequence > answer.sequence);
    feed.answer = answer;
    feed.timeMs = this.#timeMs;
    feed.topic.publish(() => this.#frame(feed, type, answer, happened));
  }

  #frame(feed: AccountFeed, type: 'snapshot' | 'update', answer: AccountAnswer, happened: Happened): Frame {
    const { markets, assets, names } = this.#parts;
    const { fills, orderUpdates, fundingPayments, ledger, marginEvents, liquidations } = happened;
    return new Frame(
      feed.topic.channel,
      { type, seq: answer.sequence, ts: feed.timeMs },
      {
        ...answer,
        fills: fills.map((fill) => formatFill(fill, markets.spec(fill.marketId))),
        orderUpdates: orderUpdates.map((doc) => formatOrderUpdate(doc, markets.spec(doc.order.marketId))),
        fundingPayments: fundingPayments.map((doc) => formatFundingPayment(doc, markets.spec(doc.marketId))),
        deposits: formatDeposits(ledger, assets),
        withdrawals: formatWithdrawalRequests(ledger, assets),
        marginEvents: marginEvents.map((doc) => formatMarginEvent(doc, markets)),
        liquidations: liquidations.map((doc) => formatLiquidation(doc, names, markets)),
      },
    );
  }
}

function keyOf({ address, subaccount }: AccountAddress): string {
  return `${address} ${subaccount}`;
}
