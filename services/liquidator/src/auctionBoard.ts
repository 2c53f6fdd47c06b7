import type { Auction, EndedAuction } from '@keel/client';
import { reportAuction, type Tally } from './tally.ts';

/** What the bot knows and remembers of one auction. */
export interface AuctionRecord {
  auction: Auction;
  /** Lots that it has of it. */
  takenLots: number;
  takenSize: string;
  takenPrice: string | null;
  /** Why it was left when it was looked at last. */
  reason: string | undefined;
  /** Most that is still asked for: halved when margin did not cover more. */
  lotsMax: number;
  /** Of a take whose answer was lost: the same again is taken at most once. */
  openNonce: number | undefined;
  /** A take is on its way: what it brings is known only with its answer. */
  isAsked: boolean;
  /** How it ended; undefined while it runs. */
  endedAs: string | undefined;
}

/**
 * The running auctions and what became of those that ran. Fed by the channel, and by REST while that is away; what is not
 * named any more has ended.
 */
export class AuctionBoard {
  readonly #records = new Map<number, AuctionRecord>();
  readonly #tally: Tally;

  constructor(tally: Tally) {
    this.#tally = tally;
  }

  /** All that run, oldest first. */
  running(): readonly AuctionRecord[] {
    return [...this.#records.values()].filter(({ endedAs }) => endedAs === undefined);
  }

  /** All that run now, and how some ended. */
  update(running: Iterable<Auction>, ended: readonly EndedAuction[] = []): void {
    const here = new Set<number>();
    for (const auction of running) {
      here.add(auction.auctionId);
      const record = this.#records.get(auction.auctionId);
      if (record !== undefined) record.auction = auction;
      else this.#add(auction);
    }
    const reasons = new Map(ended.map(({ auctionId, reason }) => [auctionId, reason]));
    for (const [auctionId, record] of this.#records)
      if (!here.has(auctionId)) record.endedAs ??= reasons.get(auctionId) ?? 'overUnseen';
    this.settle();
  }

  /** Reports those that have ended and of which no answer is awaited. */
  settle(): void {
    for (const [auctionId, record] of this.#records) {
      if (record.endedAs === undefined || record.isAsked) continue;
      this.#records.delete(auctionId);
      this.#report(record, record.reason ?? record.endedAs);
    }
  }

  #add(auction: Auction): void {
    this.#tally.seen += 1;
    this.#records.set(auction.auctionId, {
      auction,
      takenLots: 0,
      takenSize: '0',
      takenPrice: null,
      reason: undefined,
      lotsMax: Number.MAX_SAFE_INTEGER,
      openNonce: undefined,
      isAsked: false,
      endedAs: undefined,
    });
  }

  #report({ auction, takenLots, takenSize, takenPrice }: AuctionRecord, reason: string): void {
    const { auctionId, market, takerSide: side, size } = auction;
    const skipped = takenLots > 0 ? null : reason;
    reportAuction(this.#tally, { auctionId, market, side, size, takenSize, price: takenPrice, skipped });
  }
}
