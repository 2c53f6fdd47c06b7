import type { Event } from '@keel/types';
import { type BookedAccount, type BookedMarket, type Books, perLot } from './books.ts';
import { abs, ceilDiv, floorDiv, maintenanceOf } from './figures.ts';

type Deleveraged = Extract<Event, { kind: 'positionDeleveraged' }>;

const SCALE = 1_000_000_000n;
/** Positions that one command may deleverage; the rest of a deleveraging comes with the next ones. */
const MOST_A_COMMAND = 256;

/** An opposing position as it stood when the deleveraging of one account began. */
interface Opponent {
  readonly account: BookedAccount;
  readonly size: bigint;
  readonly equity: bigint;
  /** Lots that its owner's other accounts hold against it. */
  readonly hedged: bigint;
  readonly score: bigint;
  /** By this command already: sides are ranked once a command, and a rank that rose since is not asked for. */
  readonly changed: boolean;
  taken: bigint;
}

/** All that one account gave up in a row. */
interface Group {
  readonly market: BookedMarket;
  readonly bankrupt: number;
  readonly needed: bigint;
  readonly opponents: Map<number, Opponent>;
  readonly levels: Set<string>;
  taken: bigint;
  /** Signed quote of one lot, as the closed account receives it, in 10^-9 atoms: the worst for those who stand against it. */
  quotePerLot: bigint;
  hedgesTouched: boolean;
  spares: boolean;
}

/**
 * Judges auto-deleveraging: no more than is needed, by the market's rule, hedges spared as long as others can give, nobody
 * made bankrupt, and receipts that say what the books say.
 */
export class DeleverageJudge {
  readonly #books: Books;
  /** Hedged lots by market and side, as of the first deleveraging of the command there. */
  readonly #hedges = new Map<string, Map<number, bigint>>();
  readonly #settled = new Map<string, bigint>();
  readonly #count: (name: string) => void;
  #group: Group | undefined;
  /** Positions deleveraged by this command so far. */
  #deleveraged = 0;

  constructor(books: Books, count: (name: string) => void) {
    this.#books = books;
    this.#count = count;
  }

  begin(): void {
    this.#hedges.clear();
    this.#settled.clear();
    this.#group = undefined;
    this.#deleveraged = 0;
  }

  end(): void {
    this.#close();
  }

  /** Anything else than the next of the same deleveraging ends it. Ranks count the funding that is settled just before. */
  pass(event: Event): void {
    if (event.kind === 'fundingPaid') {
      this.#settled.set(`${event.marketId} ${event.accountId}`, BigInt(event.amountAtoms));
    } else if (event.kind !== 'positionDeleveraged') {
      this.#settled.clear();
    }
    if (this.#group === undefined) return;
    const { kind } = event;
    if (kind === 'closeOutCertified' || kind === 'fundingPaid' || kind === 'orderClosed' || kind === 'orderRested')
      return;
    const same = kind === 'positionDeleveraged' && event.bankruptAccountId === this.#group.bankrupt;
    if (!same || event.marketId !== this.#group.market.spec.marketId) this.#close();
  }

  before(event: Deleveraged): void {
    const { rank, sizeLots } = event;
    const books = this.#books;
    this.#deleveraged += 1;
    const group = this.#group ?? this.#open(event);
    this.#group = group;
    const { market } = group;
    const opponent = books.account(event.deleveragedAccountId);
    const position = opponent.positions.get(event.marketId);
    const size = abs(position?.size ?? 0n);
    const known = group.opponents.get(opponent.accountId);
    if (position === undefined || known === undefined) throw new Error('deleveraged somebody on no or the same side');
    const equity = books.equity(opponent);
    const profit = this.#profitOf(market, opponent);
    const hedge = this.#hedgesOf(market, position.size > 0n).get(opponent.accountId) ?? 0n;
    const hedged = hedge < size ? hedge : size;
    const expected = {
      ...{ sizeLots: position.size, entryNotionalAtoms: position.entry, equityAtoms: equity },
      notionalAtoms: size * perLot(market),
      unrealisedAtoms: profit,
    };
    for (const [name, value] of Object.entries(expected)) {
      const told = rank[name as keyof typeof expected];
      if (BigInt(told) !== value) throw new Error(`receipt: ${name} ${told}, by the books ${value}`);
    }
    const toldHedge = BigInt(rank.hedgedLots);
    if (toldHedge !== 0n && toldHedge !== hedged)
      throw new Error(`receipt: ${toldHedge} hedged, by the books ${hedged}`);
    if (BigInt(sizeLots) > size - toldHedge) throw new Error('deleveraged beyond what may be taken');
    if (BigInt(sizeLots) > size - hedged) group.hedgesTouched = true;
    if (toldHedge > 0n) this.#count('hedge spared');
    if (toldHedge > 0n || hedged === 0n) group.spares &&= true;
    else group.spares = false;
    const score = scoreOf(market, position.size, position.entry, equity, size - toldHedge, profit);
    if (rank.score !== score.toString()) throw new Error(`receipt: score ${rank.score}, by the books ${score}`);
    group.levels.add(rank.level);
    const quote = ceilDiv(BigInt(event.quoteAtoms) * SCALE, BigInt(sizeLots));
    if (group.taken === 0n || quote > group.quotePerLot) group.quotePerLot = quote;
    known.taken += BigInt(sizeLots);
    group.taken += BigInt(sizeLots);
    if (group.taken > group.needed) throw new Error(`deleveraged ${group.taken} of ${group.needed} lots needed`);
  }

  after(event: Deleveraged): void {
    const equity = this.#books.equity(this.#books.account(event.deleveragedAccountId));
    if (equity < 0n) throw new Error(`deleveraging left account ${event.deleveragedAccountId} with ${equity}`);
  }

  #open({ marketId, bankruptAccountId, rank }: Deleveraged): Group {
    const books = this.#books;
    const market = books.market(marketId);
    const long = books.account(bankruptAccountId).positions.get(marketId)!.size > 0n;
    const whole = abs(books.account(bankruptAccountId).positions.get(marketId)!.size);
    if (BigInt(rank.neededLots) > whole) throw new Error(`${rank.neededLots} lots are needed of ${whole}`);
    const hedges = this.#hedgesOf(market, !long);
    const opponents = new Map<number, Opponent>();
    for (const accountId of market.holders) {
      const account = books.account(accountId);
      const position = account.positions.get(marketId)!;
      if (position.size > 0n === long) continue;
      const size = abs(position.size);
      const equity = books.equity(account);
      const hedge = hedges.get(accountId) ?? 0n;
      const profit = this.#profitOf(market, account);
      const hedged = hedge < size ? hedge : size;
      const score = equity <= 0n ? 0n : scoreOf(market, position.size, position.entry, equity, size, profit);
      const changed = books.touched.has(account);
      opponents.set(accountId, { account, size, equity, hedged, score, changed, taken: 0n });
    }
    if (opponents.size !== rank.candidates && hedges.size === 0) {
      // Ranked once a command: some may have gone since.
      if (opponents.size > rank.candidates) throw new Error(`${rank.candidates} candidates told of ${opponents.size}`);
    }
    return {
      ...{ market, bankrupt: bankruptAccountId, needed: BigInt(rank.neededLots), opponents, levels: new Set<string>() },
      ...{ taken: 0n, quotePerLot: 0n, hedgesTouched: false, spares: true },
    };
  }

  /** What closing at mark would bring beyond what was paid, funding counted. */
  #profitOf(market: BookedMarket, { accountId, positions }: BookedAccount): bigint {
    const { size, entry, fundingIndex } = positions.get(market.spec.marketId)!;
    const owed = ceilDiv(size * (market.fundingIndex - fundingIndex), 1_000_000n);
    return size * perLot(market) - entry - owed - (this.#settled.get(`${market.spec.marketId} ${accountId}`) ?? 0n);
  }

  #close(): void {
    const group = this.#group;
    this.#group = undefined;
    if (group === undefined) return;
    this.#count(`deleveraged by ${group.market.spec.deleverageRule}`);
    // Where tiers, or a gain of the price, make the account strong enough half-way, the rest stays.
    if (group.taken < group.needed && this.#isStrong(group)) {
      this.#count('deleveraging ended half-way');
      return;
    }
    if (group.market.spec.deleverageRule === 'waterFilling') this.#judgeLevels(group);
    else this.#judgeOrder(group);
  }

  #isStrong({ bankrupt }: Group): boolean {
    const account = this.#books.account(bankrupt);
    return 3n * this.#books.equity(account) >= 2n * this.#books.maintenance(account);
  }

  /** Nobody able was left more than a lot above the level of those who gave; no hedge went while an able one had lots. */
  #judgeLevels(group: Group): void {
    if (group.taken < group.needed && this.#deleveraged === MOST_A_COMMAND) {
      this.#count('deleveraging goes on with the next command');
      return;
    }
    const lot = perLot(group.market);
    const given = [...group.opponents.values()].filter(({ taken }) => taken > 0n);
    const fair = group.levels.size === 1 && group.spares && !group.hedgesTouched;
    if (group.hedgesTouched) this.#count('hedge taken');
    if (!fair && !group.hedgesTouched) {
      this.#count('deleveraged in several passes');
      return;
    }
    for (const other of group.opponents.values()) {
      const left = (other.size - other.hedged - other.taken) * lot;
      if (left <= lot || other.equity <= 0n || other.changed || !this.#isAble(group, other)) continue;
      if (group.hedgesTouched) throw new Error(`a hedge went while account ${other.account.accountId} could give`);
      for (const { size, hedged, taken, equity, account } of given) {
        const down = (size - hedged - taken + 1n) * lot;
        if (down * other.equity >= (left - lot) * equity) continue;
        throw new Error(
          `account ${account.accountId} came further down than ${other.account.accountId}, who could give`,
        );
      }
    }
    if (given.length > 1) this.#count('levels met');
  }

  /** Whoever gave ranks no lower than anybody able who still has lots. */
  #judgeOrder(group: Group): void {
    let lowest: bigint | undefined;
    for (const { taken, score } of group.opponents.values()) {
      if (taken > 0n && (lowest === undefined || score < lowest)) lowest = score;
    }
    for (const other of group.opponents.values()) {
      if (other.size === other.taken || other.equity <= 0n || other.score <= (lowest ?? 0n)) continue;
      if (other.changed || !this.#isAble(group, other)) continue;
      throw new Error(`account ${other.account.accountId} ranks above one that gave, and has lots left`);
    }
    if (group.opponents.size > 1) this.#count('ranks kept');
  }

  /** Whether one lot more leaves the account healthy, or no worse off; two atoms of rounding against it. */
  #isAble({ market, quotePerLot }: Group, { account }: Opponent): boolean {
    const books = this.#books;
    const position = account.positions.get(market.spec.marketId);
    if (position === undefined || account.vaultOf !== 0) return false;
    const equity = books.equity(account);
    const maintenance = books.maintenance(account);
    const size = abs(position.size);
    const lot = perLot(market);
    // A short pays: what the closed long receives goes out of it, and its liability of a lot ends.
    const value = position.size > 0n ? -lot : lot;
    const after = equity + value - ceilDiv(quotePerLot, SCALE) - 2n;
    const needed = maintenance - maintenanceOf(market.spec, size * lot) + maintenanceOf(market.spec, (size - 1n) * lot);
    if (after >= needed) return true;
    return after >= 0n && equity >= 0n && needed <= maintenance && after * maintenance >= equity * needed;
  }

  /** By owner: what its accounts hold on the other side, shared by size among those on this one. */
  #hedgesOf(market: BookedMarket, long: boolean): Map<number, bigint> {
    const key = `${market.spec.marketId} ${long}`;
    const kept = this.#hedges.get(key);
    if (kept !== undefined) return kept;
    const own = new Map<string, bigint>();
    const against = new Map<string, bigint>();
    for (const accountId of market.holders) {
      const { owner, positions } = this.#books.account(accountId);
      const { size } = positions.get(market.spec.marketId)!;
      const sums = size > 0n === long ? own : against;
      sums.set(owner, (sums.get(owner) ?? 0n) + abs(size));
    }
    const hedges = new Map<number, bigint>();
    for (const accountId of market.holders) {
      const { owner, positions } = this.#books.account(accountId);
      const { size } = positions.get(market.spec.marketId)!;
      const [all, hedge] = [own.get(owner) ?? 0n, against.get(owner) ?? 0n];
      if (size > 0n !== long || hedge === 0n) continue;
      hedges.set(accountId, (abs(size) * (hedge < all ? hedge : all)) / all);
    }
    this.#hedges.set(key, hedges);
    return hedges;
  }
}

/** The rank by the market's rule, scaled by 10^9 and rounded down. */
function scoreOf(
  market: BookedMarket,
  size: bigint,
  entry: bigint,
  equity: bigint,
  takenLots: bigint,
  profit: bigint,
): bigint {
  const { deleverageRule } = market.spec;
  if (deleverageRule === 'waterFilling') return floorDiv(takenLots * perLot(market) * SCALE, equity);
  const value = abs(size) * perLot(market);
  const paid = entry === 0n ? 1n : abs(entry);
  if (deleverageRule === 'profitLeverage') {
    // Profit rate times leverage, or over it at a loss.
    return profit > 0n
      ? floorDiv(profit * value * SCALE, paid * equity)
      : floorDiv(profit * equity * SCALE, paid * value);
  }
  const ratio = size > 0n ? { above: value * value, below: paid } : { above: paid * value, below: value };
  return floorDiv(ratio.above * SCALE, ratio.below * equity);
}
