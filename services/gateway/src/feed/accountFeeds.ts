import type { FillDoc, Publication, ReadModel } from '@keel/redis';
import { type AccountId, toAccountId } from '@keel/types';
import { formatFill } from '../format/formatAccount.ts';
import type { MarketDirectory } from '../marketDirectory.ts';
import { readAccountAnswer } from '../routes/accountRoutes.ts';
import { toApiError } from '../toApiError.ts';
import type { AccountAnswer, FillAnswer } from '../wire/answers.ts';
import { encodeFrame, Topic } from './topic.ts';

/** An account that changes all the time is read this often; what happened between is in the next frame. */
const READ_INTERVAL_MS = 100;
/** After a failed read; the read model may be away. */
const RETRY_MS = 500;

/** One followed address. A frame is the whole account, and the fills since the frame before. */
interface AccountFeed {
  readonly topic: Topic;
  readonly accountId: AccountId;
  answer: AccountAnswer;
  timeMs: number;
  /** Fills not in a frame yet; bounded by what one account can trade between two reads. */
  fills: FillDoc[];
  /** A read is due when the one under way, or the pause after it, ends. */
  due: 'snapshot' | 'update' | undefined;
  busy: boolean;
}

/** The addresses that somebody follows; each is read from the read model after a flush that changed it. */
export class AccountFeeds {
  readonly #readModel: ReadModel;
  readonly #markets: MarketDirectory;
  readonly #byAddress = new Map<string, AccountFeed>();
  #timeMs = 0;

  constructor(readModel: ReadModel, markets: MarketDirectory) {
    this.#readModel = readModel;
    this.#markets = markets;
  }

  /**
   * Calls `join` with the topic once the account is read. A topic without subscribers may be forgotten any time, so whoever
   * wants it adds itself within `join`. Throws ACCOUNT_UNKNOWN or ReadModelUnavailable.
   */
  async subscribe(address: string, join: (topic: Topic) => void): Promise<void> {
    const answer = await readAccountAnswer(this.#readModel, address);
    const feed = this.#byAddress.get(address) ?? this.#open(address, answer);
    if (answer.sequence > feed.answer.sequence) feed.answer = answer;
    join(feed.topic);
  }

  apply({ head, touchedAccounts, fills }: Publication): void {
    this.#timeMs = head.timeMs;
    if (this.#byAddress.size === 0) return;
    const touched = new Set(touchedAccounts);
    for (const feed of this.#followed()) {
      if (!touched.has(feed.accountId)) continue;
      for (const fill of fills) if (fill.accountId === feed.accountId) feed.fills.push(fill);
      this.#refresh(feed, 'update');
    }
  }

  /** The chain broke: everybody starts from a snapshot. */
  resync(timeMs: number): void {
    this.#timeMs = timeMs;
    for (const feed of this.#followed()) {
      feed.fills = [];
      this.#refresh(feed, 'snapshot');
    }
  }

  /** Those with subscribers; the others are forgotten on the way. */
  *#followed(): Iterable<AccountFeed> {
    for (const [address, feed] of this.#byAddress) {
      if (feed.topic.size > 0) yield feed;
      else this.#byAddress.delete(address);
    }
  }

  #open(address: string, answer: AccountAnswer): AccountFeed {
    const channel = { channel: 'account', account: address } as const;
    const topic = new Topic(channel, () =>
      encodeFrame(
        channel,
        { type: 'snapshot', seq: feed.answer.sequence, ts: feed.timeMs },
        withFills(feed.answer, []),
      ),
    );
    const accountId = toAccountId(Number(answer.accountId));
    const feed: AccountFeed = {
      topic,
      accountId,
      answer,
      timeMs: this.#timeMs,
      fills: [],
      due: undefined,
      busy: false,
    };
    this.#byAddress.set(address, feed);
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
      this.#publish(feed, type, await readAccountAnswer(this.#readModel, feed.topic.channel.account as string));
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

  #publish(feed: AccountFeed, type: 'snapshot' | 'update', answer: AccountAnswer): void {
    const fills = feed.fills.filter((fill) => fill.sequence <= answer.sequence);
    feed.fills = feed.fills.filter((fill) => fill.sequence > answer.sequence);
    feed.answer = answer;
    feed.timeMs = this.#timeMs;
    const position = { type, seq: answer.sequence, ts: feed.timeMs };
    const answers = fills.map((fill) => formatFill(fill, this.#markets.spec(fill.marketId)));
    feed.topic.publish(encodeFrame(feed.topic.channel, position, withFills(answer, answers)));
  }
}

function withFills(answer: AccountAnswer, fills: readonly FillAnswer[]): object {
  return { ...answer, fills };
}
