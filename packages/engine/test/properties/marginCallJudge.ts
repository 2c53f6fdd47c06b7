import type { Event } from '@keel/types';
import { type BookedAccount, type Books, perLot } from './books.ts';
import { abs, ceilDiv } from './figures.ts';

const PPM = 1_000_000n;

/** How a judge says what it has seen, and that something must not be. */
interface Words {
  readonly count: (name: string) => void;
  readonly same: (told: number, own: bigint, what: string) => void;
  readonly fail: (what: string) => never;
}

/** Judges margin calls by the books. */
export class MarginCallJudge {
  readonly #books: Books;
  readonly #words: Words;
  /** Accounts called at 90 % whose ratio has been below 85 % since: they may be called again. */
  readonly #armed = new Set<number>();
  readonly #at90 = new Set<number>();

  constructor(books: Books, words: Words) {
    this.#books = books;
    this.#words = words;
  }

  /** One call: to whom, when, at which figures, and whether what it suggests restores the account. */
  judge(event: Extract<Event, { kind: 'marginCall' }>): void {
    const books = this.#books;
    const { accountId, levelPercent, shortageAtoms } = event;
    const account = books.account(accountId);
    const equity = books.equity(account);
    const maintenance = books.maintenance(account);
    const name = `margin call ${levelPercent} of account ${accountId}`;
    this.#words.count(`marginCall ${levelPercent}`);
    this.#words.same(event.equityAtoms, equity, `${name}: equity`);
    this.#words.same(event.maintenanceMarginAtoms, maintenance, `${name}: maintenance`);
    if (account.vaultOf !== 0 || account.liquidationId !== 0) this.#words.fail(`${name}: to whom`);
    if (!books.mayActOn(account)) this.#words.fail(`${name} on a price that is not fresh`);
    if (levelPercent === 0) {
      if (account.called === 0 || reaches(equity, maintenance, 70n)) this.#words.fail(`${name}, at ${account.called}`);
      this.#at90.delete(accountId);
      this.#armed.delete(accountId);
      return;
    }
    const again = levelPercent === 90 && account.called === 90 && this.#armed.has(accountId);
    if (account.called >= levelPercent && !again)
      this.#words.fail(`${name}, which was called at ${account.called} before`);
    if (!reaches(equity, maintenance, BigInt(levelPercent))) this.#words.fail(`${name}: ${maintenance} of ${equity}`);
    if (levelPercent === 75 && reaches(equity, maintenance, 90n)) this.#words.fail(`${name}, although it is at 90 %`);
    if (again) this.#words.count('called again at 90');
    this.#armed.delete(accountId);
    if (levelPercent === 90) this.#at90.add(accountId);
    // What it asks for restores: less than 70 %, and an atom less would hardly.
    if (shortageAtoms <= 0 || reaches(equity + BigInt(shortageAtoms), maintenance, 70n))
      this.#words.fail(`${name}: shortage`);
    if (!reaches(equity + BigInt(shortageAtoms) - 2n, maintenance, 70n)) this.#words.fail(`${name}: too much shortage`);
    this.#judgeSuggestion(event, account, equity, maintenance);
  }

  #judgeSuggestion(
    { marketId, side, sizeLots }: Extract<Event, { kind: 'marginCall' }>,
    account: BookedAccount,
    equity: bigint,
    maintenance: bigint,
  ): void {
    if (marketId === 0) return;
    this.#words.count('order suggested');
    const market = this.#books.market(marketId);
    const size = account.positions.get(marketId)?.size ?? 0n;
    const lots = BigInt(sizeLots);
    if (size > 0n !== (side === 'sell') || lots <= 0n || lots > abs(size)) this.#words.fail('suggested order');
    const left = (closed: bigint) => {
      const fee = ceilDiv(closed * perLot(market) * BigInt(market.spec.takerFeePpm), PPM);
      const copy = { ...account, positions: new Map(account.positions) };
      copy.positions.set(marketId, { size: size > 0n ? size - closed : size + closed, entry: 0n, fundingIndex: 0n });
      return reaches(equity - fee, this.#books.maintenance(copy), 70n);
    };
    if (left(lots))
      this.#words.fail(`the suggested ${lots} of ${size} lots do not restore account ${account.accountId}`);
    if (lots > 1n && !left(lots - 2n > 0n ? lots - 2n : 0n)) {
      this.#words.fail(`fewer than the suggested ${lots} of ${size} lots restore account ${account.accountId}`);
    }
    if (maintenance === 0n) this.#words.fail('a call to an account that needs nothing');
  }

  /** Who is back below 85 % after a call at 90 % may be called again: looked at whenever something changed. */
  follow(): void {
    const books = this.#books;
    for (const accountId of this.#at90) {
      const account = books.account(accountId);
      if (account.called !== 90) this.#at90.delete(accountId);
      else if (books.pricesMoved || books.touched.has(account)) {
        if (!reaches(books.equity(account), books.maintenance(account), 85n)) this.#armed.add(accountId);
      }
    }
  }
}

/** Whether MMR is at least so many percent of EQ. */
export function reaches(equity: bigint, maintenance: bigint, percent: bigint): boolean {
  return maintenance > 0n && (equity <= 0n || maintenance * 100n >= equity * percent);
}
