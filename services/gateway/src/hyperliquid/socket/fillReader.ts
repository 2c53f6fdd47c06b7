import {
  accountsOfLiquidation,
  type FillDoc,
  LIQUIDATIONS_PER_ACCOUNT_MAX,
  type Publication,
  type ReadModel,
} from '@keel/redis';
import { type AccountId, divFloorBig, type MarketId, type SizeLots } from '@keel/types';
import type { LiveFeed } from '../../feed/liveFeed.ts';
import type { MarketDirectory } from '../../marketDirectory.ts';
import { cloidOf } from '../format/parts.ts';
import { startPositions } from '../format/startPositions.ts';
import { writeFill } from '../format/writeFill.ts';
import type { Happening, History } from './happeningStream.ts';
import { HISTORY_SHOWN } from './limits.ts';
import type { User } from './user.ts';

export interface FillSources {
  readonly feed: LiveFeed;
  readonly readModel: ReadModel;
  readonly markets: MarketDirectory;
}

/** A user's fills, each with the position that it found. */
export class FillReader {
  readonly #user: User;
  readonly #sources: FillSources;
  /** What an order took from several others in one command is one fill at the average price. */
  readonly #aggregate: boolean;
  /** The position in each market as of `#sequence`. */
  readonly #held = new Map<MarketId, SizeLots>();
  #sequence = -1;

  constructor(user: User, sources: FillSources, aggregate: boolean) {
    this.#user = user;
    this.#sources = sources;
    this.#aggregate = aggregate;
  }

  /** The newest HISTORY_SHOWN. Throws ReadModelUnavailable. */
  async read(): Promise<History> {
    const { readModel } = this.#sources;
    const address = { address: this.#user.address, subaccount: 0 };
    const { account, head } = await this.#user.read();
    const positions = account?.positions ?? [];
    const { fills } = await readModel.fills(address, HISTORY_SHOWN);
    const { liquidations } = await readModel.accountLiquidations(address, LIQUIDATIONS_PER_ACCOUNT_MAX);
    const { orders } = await readModel.orderHistory(address, HISTORY_SHOWN);
    this.#held.clear();
    for (const { marketId, sizeLots } of positions) this.#held.set(marketId, sizeLots);
    this.#sequence = head.sequence;
    if (account === undefined) return { sequence: head.sequence, happenings: [] };
    // What came between the reads is told with its flush.
    const isKnown = ({ sequence }: { readonly sequence: number }): boolean => sequence <= head.sequence;
    const newestFirst = fills.filter(isKnown);
    const starts = startPositions(account.accountId, positions, newestFirst, liquidations.filter(isKnown));
    const names = new Map(orders.map(({ order }) => [order.orderId, order.clientOrderId]));
    return { sequence: head.sequence, happenings: this.#write(newestFirst.toReversed(), starts.toReversed(), names) };
  }

  /** Those of one flush, oldest first. */
  pick(publication: Publication): Happening[] {
    const { head, orderUpdates } = publication;
    const { accountId } = this.#user;
    if (head.sequence <= this.#sequence || !this.#user.isTouchedBy(publication) || accountId === undefined) return [];
    this.#sequence = head.sequence;
    const fills = publication.fills.filter((fill) => fill.accountId === accountId);
    const names = new Map(orderUpdates.map(({ order }) => [order.orderId, order.clientOrderId]));
    return this.#write(fills, this.#move(accountId, fills, publication), names);
  }

  /** Brings `#held` to the end of the flush; the answer is the position before each fill. */
  #move(accountId: AccountId, fills: readonly FillDoc[], { liquidations }: Publication): SizeLots[] {
    const steps = liquidations.filter((doc) => accountsOfLiquidation(doc).includes(accountId));
    const inBook = fills.map(({ marketId }) => marketId);
    const outside = steps.flatMap(({ event }) => ('marketId' in event ? [event.marketId] : []));
    const marketIds = [...new Set([...inBook, ...outside])];
    // As if nothing were held at the end: a fill of nothing, older than all, then finds what the flush took away.
    const oldest = marketIds.map((marketId) => ({ marketId, side: 'buy', sizeLots: 0, sequence: -1 }) as const);
    const newestFirst = [...fills.toReversed(), ...oldest] as readonly FillDoc[];
    const relative = startPositions(accountId, [], newestFirst, steps.toReversed());
    const starts = relative.slice(0, fills.length).reverse();
    const ends = new Map(
      marketIds.map((marketId, at) => [marketId, (this.#held.get(marketId) ?? 0) - (relative[fills.length + at] ?? 0)]),
    );
    for (const [marketId, lots] of ends) this.#held.set(marketId, lots);
    return fills.map(({ marketId }, at) => (ends.get(marketId) ?? 0) + (starts[at] ?? 0));
  }

  #write(
    fills: readonly FillDoc[],
    starts: readonly SizeLots[],
    names: ReadonlyMap<FillDoc['orderId'], string>,
  ): Happening[] {
    const { markets, feed } = this.#sources;
    const pieces = fills.map((fill, at) => ({ fill, startLots: starts[at] ?? 0 }));
    return (this.#aggregate ? aggregated(pieces) : pieces).map(({ fill, startLots }) => {
      const cloid = cloidOf(names.get(fill.orderId) ?? '');
      const user = feed.nameOf(fill.accountId)?.owner ?? this.#user.address;
      const data = writeFill(fill, markets.spec(fill.marketId), { startLots, cloid, user });
      return { sequence: fill.sequence, data };
    });
  }
}

interface Piece {
  readonly fill: FillDoc;
  readonly startLots: SizeLots;
}

/** The average price is rounded down to a tick. */
function aggregated(pieces: readonly Piece[]): Piece[] {
  const runs: Piece[][] = [];
  for (const piece of pieces) {
    const run = runs.at(-1);
    const before = run?.at(-1)?.fill;
    const { sequence, orderId, role } = piece.fill;
    if (role === 'taker' && before?.sequence === sequence && before.orderId === orderId) run?.push(piece);
    else runs.push([piece]);
  }
  return runs.flatMap((run) => {
    const [first] = run;
    if (first === undefined) return [];
    const sum = (of: (fill: FillDoc) => number): number => run.reduce((total, { fill }) => total + of(fill), 0);
    const sizeLots = sum((fill) => fill.sizeLots);
    const tickLots = run.reduce((total, { fill }) => total + BigInt(fill.priceTicks) * BigInt(fill.sizeLots), 0n);
    const fill = {
      ...first.fill,
      sizeLots,
      priceTicks: Number(divFloorBig(tickLots, BigInt(sizeLots))),
      feeAtoms: sum((each) => each.feeAtoms),
      realisedPnlAtoms: sum((each) => each.realisedPnlAtoms),
    };
    return [{ fill, startLots: first.startLots }];
  });
}
