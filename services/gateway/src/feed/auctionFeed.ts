import type { At, AuctionDoc, EndedAuction, HeadDoc } from '@keel/redis';
import type { AuctionAnswer, EndedAuctionAnswer } from '../wire/riskAnswers.ts';
import { Frame } from './frame.ts';
import { Topic } from './topic.ts';

/** How the feed writes what it holds; an auction's account and mark are others' to know. */
export interface AuctionFormats {
  readonly running: (auction: AuctionDoc) => AuctionAnswer;
  readonly ended: (auction: EndedAuction) => EndedAuctionAnswer;
}

/** The running close-out auctions, kept from a snapshot of the read model and the flushes after it. */
export class AuctionFeed {
  readonly topic: Topic;
  readonly #formats: AuctionFormats;
  readonly #shown: number;
  #running = new Map<number, AuctionDoc>();
  #seq = 0;
  #timeMs = 0;

  /** A snapshot has at most `shown`, the oldest. */
  constructor(formats: AuctionFormats, shown: number) {
    this.#formats = formats;
    this.#shown = shown;
    this.topic = new Topic({ channel: 'auctions' }, () => this.#snapshot(), 'chain');
  }

  load({ head, auctions }: At<{ auctions: readonly AuctionDoc[] }>): void {
    this.#running = new Map(auctions.map((auction) => [auction.auctionId, auction]));
    this.#seq = head.sequence;
    this.#timeMs = head.timeMs;
  }

  /** Applies one flush; one that the loaded snapshot already holds changes nothing. */
  apply(auctions: readonly AuctionDoc[], ended: readonly EndedAuction[], head: HeadDoc): void {
    if (head.sequence <= this.#seq || auctions.length + ended.length === 0) return;
    for (const auction of auctions) this.#running.set(auction.auctionId, auction);
    for (const { auctionId } of ended) this.#running.delete(auctionId);
    const position = { type: 'update', seq: head.sequence, prevSeq: this.#seq, ts: head.timeMs } as const;
    this.#seq = head.sequence;
    this.#timeMs = head.timeMs;
    this.topic.publish(() => {
      const data = { auctions: auctions.map(this.#formats.running), ended: ended.map(this.#formats.ended) };
      return new Frame(this.topic.channel, position, data);
    });
  }

  #snapshot(): Frame {
    const auctions = [...this.#running.values()].slice(0, this.#shown).map(this.#formats.running);
    const position = { type: 'snapshot', seq: this.#seq, ts: this.#timeMs } as const;
    return new Frame(this.topic.channel, position, { auctions, ended: [] });
  }
}
