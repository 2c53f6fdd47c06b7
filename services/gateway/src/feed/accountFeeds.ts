import {
  type AccountAddress,
  accountsOfLiquidation,
  type FillDoc,
  type LiquidationDoc,
  type MarginEventDoc,
  type Publication,
  type ReadModel,
} from '@keel/redis';
import { type AccountId, toAccountId } from '@keel/types';
import type { AccountNames } from '../format/accountNames.ts';
import { formatFill } from '../format/formatAccount.ts';
import { formatLiquidation } from '../format/formatExchange.ts';
import { formatMarginEvent } from '../format/formatMarginEvent.ts';
import type { MarketDirectory } from '../marketDirectory.ts';
import { readAccountAnswer } from '../routes/accountRoutes.ts';
import { toApiError } from '../toApiError.ts';
import type { AccountAnswer } from '../wire/answers.ts';
import { encodeFrame, Topic } from './topic.ts';

/** An account that changes all the time is read this often; what happened between is in the next frame. */
const READ_INTERVAL_MS = 100;
/** After a failed read; the read model may be away. */
const RETRY_MS = 500;

/** What happened to an account and is not in a frame yet; bounded by what can happen to one account between two reads. */
interface Happened {
  readonly fills: readonly FillDoc[];
  readonly marginEvents: readonly MarginEventDoc[];
  readonly liquidations: readonly LiquidationDoc[];
}
const NOTHING: Happened = { fills: [], marginEvents: [], liquidations: [] };

/** One followed account. A frame is the whole account, and what happened to it since the frame before. */
interface AccountFeed {
  readonly topic: Topic;
  readonly address: AccountAddress;
  readonly accountId: AccountId;
  answer: AccountAnswer;
  timeMs: number;
  happened: Happened;
  /** A read is due when the one under way, or the pause after it, ends. */
  due: 'snapshot' | 'update' | undefined;
  busy: boolean;
}

/** The accounts that somebody follows; each is read from the read model after a flush that changed it. */
export class AccountFeeds {
  readonly #readModel: ReadModel;
  readonly #markets: MarketDirectory;
  /** As far as the feed has heard; the other side of a liquidation may be missing. */
  readonly #names: AccountNames;
  /** By address and number. */
  readonly #byAddress = new Map<string, AccountFeed>();
  #timeMs = 0;

  constructor(readModel: ReadModel, markets: MarketDirectory, names: AccountNames) {
    this.#readModel = readModel;
    this.#markets = markets;
    this.#names = names;
  }

  /**
   * Calls `join` with the topic once the account is read. A topic without subscribers may be forgotten any time, so whoever
   * wants it adds itself within `join`. Throws ACCOUNT_UNKNOWN or ReadModelUnavailable.
   */
  async subscribe(address: AccountAddress, join: (topic: Topic) => void): Promise<void> {
    const answer = await readAccountAnswer(this.#readModel, address);
    const feed = this.#byAddress.get(keyOf(address)) ?? this.#open(address, answer);
    if (answer.sequence > feed.answer.sequence) feed.answer = answer;
    join(feed.topic);
  }

  apply({ head, touchedAccounts, fills, marginEvents, liquidations }: Publication): void {
    this.#timeMs = head.timeMs;
    if (this.#byAddress.size === 0) return;
    const touched = new Set(touchedAccounts);
    for (const feed of this.#followed()) {
      if (!touched.has(feed.accountId)) continue;
      const { accountId, happened } = feed;
      feed.happened = {
        fills: [...happened.fills, ...fills.filter((fill) => fill.accountId === accountId)],
        marginEvents: [...happened.marginEvents, ...marginEvents.filter(({ event }) => event.accountId === accountId)],
        liquidations: [
          ...happened.liquidations,
          ...liquidations.filter((doc) => accountsOfLiquidation(doc).includes(accountId)),
        ],
      };
      this.#refresh(feed, 'update');
    }
  }

  /** The chain broke: everybody starts from a snapshot. */
  resync(timeMs: number): void {
    this.#timeMs = timeMs;
    for (const feed of this.#followed()) {
      feed.happened = NOTHING;
      this.#refresh(feed, 'snapshot');
    }
  }

  /** Those with subscribers; the others are forgotten on the way. */
  *#followed(): Iterable<AccountFeed> {
    for (const [key, feed] of this.#byAddress) {
      if (feed.topic.size > 0) yield feed;
      else this.#byAddress.delete(key);
    }
  }

  #open(asked: AccountAddress, answer: AccountAnswer): AccountFeed {
    const { address, subaccount } = asked;
    const channel = { channel: 'account', account: address, ...(subaccount === 0 ? {} : { subaccount }) } as const;
    const topic = new Topic(channel, () =>
      encodeFrame(
        channel,
        { type: 'snapshot', seq: feed.answer.sequence, ts: feed.timeMs },
        this.#dataOf(feed.answer, NOTHING),
      ),
    );
    const accountId = toAccountId(Number(answer.accountId));
    const feed: AccountFeed = {
      topic,
      address: asked,
      accountId,
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
      this.#publish(feed, type, await readAccountAnswer(this.#readModel, feed.address));
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
    const happened = partOf(feed.happened, (sequence) => sequence <= answer.sequence);
    feed.happened = partOf(feed.happened, (sequence) => sequence > answer.sequence);
    feed.answer = answer;
    feed.timeMs = this.#timeMs;
    const position = { type, seq: answer.sequence, ts: feed.timeMs };
    feed.topic.publish(encodeFrame(feed.topic.channel, position, this.#dataOf(answer, happened)));
  }

  #dataOf(answer: AccountAnswer, { fills, marginEvents, liquidations }: Happened): object {
    return {
      ...answer,
      fills: fills.map((fill) => formatFill(fill, this.#markets.spec(fill.marketId))),
      marginEvents: marginEvents.map((doc) => formatMarginEvent(doc, this.#markets)),
      liquidations: liquidations.map((doc) => formatLiquidation(doc, this.#names, this.#markets)),
    };
  }
}

function keyOf({ address, subaccount }: AccountAddress): string {
  return `${address} ${subaccount}`;
}

function partOf({ fills, marginEvents, liquidations }: Happened, takes: (sequence: number) => boolean): Happened {
  return {
    fills: fills.filter(({ sequence }) => takes(sequence)),
    marginEvents: marginEvents.filter(({ sequence }) => takes(sequence)),
    liquidations: liquidations.filter(({ sequence }) => takes(sequence)),
  };
}
