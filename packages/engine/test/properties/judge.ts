import { type Certificate, checkCertificate, type Event, rejectName, type SequencedCommand } from '@keel/types';
import { assertInvariants, type EngineState } from '../../src/index.ts';
import type { BookedAccount, BookedMarket, Books } from './books.ts';
import { DeleverageJudge } from './deleverageJudge.ts';
import { abs, certifiedFigures, certifiedZeroQuote, type Figures } from './figures.ts';
import { MarginCallJudge, reaches } from './marginCallJudge.ts';
import { initialWithOrders } from './orderMargin.ts';

/** Accounts that may be closed out with one command, and how long after its last turn an account has the next. */
const TURNS_PER_COMMAND = 16;
const NEXT_TURN_MS = 1_000;
/** So many liquidations that begin at once leave others waiting: everybody is looked at. */
const MANY = 6;
const SHADES = 1_024;
/** What follows the first look at everybody whom a price has moved. */
const TRADES: ReadonlySet<Event['kind']> = new Set([
  ...(['fundingPaid', 'liquidationStarted', 'orderFilled', 'marginCall', 'positionDeleveraged'] as const),
  'positionCloseOut',
]);
const PPM = 1_000_000n;

/** An account as it stood before a forced trade. */
interface Before extends Figures {
  readonly account: BookedAccount;
}

/** Somebody weak, and since how many commands nobody has done anything about it. */
interface Waiting {
  readonly key: number;
  commands: number;
}

/**
 * Judges a whole exchange after every command by books of its own: what was closed, at what price, in whose favour, and
 * what was left undone. Cheap things every time; everybody is looked at now and then, see `lookAtAll`.
 */
export class Judge {
  readonly books: Books;
  /** How often each thing was seen. */
  readonly seen = new Map<string, number>();
  readonly #state: EngineState;
  readonly #deleverages: DeleverageJudge;
  readonly #calls: MarginCallJudge;
  readonly #waiting = new Map<number, Waiting>();
  #before: Before | undefined;
  #command: SequencedCommand | undefined;

  constructor(books: Books, state: EngineState) {
    this.books = books;
    this.#state = state;
    this.#deleverages = new DeleverageJudge(books, (name) => this.#count(name));
    this.#calls = new MarginCallJudge(books, {
      count: (name) => this.#count(name),
      same: (told, own, what) => this.#same(told, own, what),
      fail: (what) => this.#fail(what),
    });
  }

  /** Follows the events of one command and says no to whatever must not be. */
  judge(sequenced: SequencedCommand, events: readonly Event[]): void {
    const { books } = this;
    this.#command = sequenced;
    books.begin(sequenced.timeMs);
    this.#deleverages.begin();
    const preLiquidated: number[] = [];
    let started = 0;
    let moved = false;
    for (const event of events) {
      this.#count(event.kind);
      if ('code' in event && event.code !== 0) this.#count(`${event.kind} ${rejectName(event.code)}`);
      this.#deleverages.pass(event);
      // The engine looks at whom a price has moved before anything is closed, which may move them again.
      if (event.kind === 'markPriceUpdated') moved = true;
      if (moved && TRADES.has(event.kind)) {
        this.#calls.follow();
        moved = false;
      }
      this.#beforeEvent(event);
      books.follow(event);
      this.#afterEvent(event);
      if (event.kind === 'preLiquidation') preLiquidated.push(event.accountId);
      if (event.kind === 'liquidationStarted') started += 1;
    }
    this.#deleverages.end();
    if (this.#before !== undefined) this.#fail('a forced trade without a certificate');
    this.#judgeMoney();
    for (const market of books.touchedMarkets) this.#judgeMarket(market);
    if (books.pricesMoved) for (const market of books.markets) this.#judgeVault(market);
    for (const accountId of preLiquidated) this.#judgeRiskTaken(accountId);
    this.#calls.follow();
    this.#followWaiting();
    if (started >= MANY) this.lookAtAll();
  }

  /** Every account against the state and against every rule that holds between commands. */
  lookAtAll(): void {
    const { books } = this;
    this.#count('looked at all');
    for (const account of books.accounts) {
      this.#compare(account);
      if (account.vaultOf === 0) this.#lookAt(account);
    }
    for (const market of books.markets) this.#judgeMarket(market);
    for (const market of books.markets) this.#judgeVault(market);
  }

  /** The engine's own whole truth, besides. */
  askEngine(): void {
    assertInvariants(this.#state);
  }

  // Forced trades

  #beforeEvent(event: Event): void {
    switch (event.kind) {
      case 'orderFilled':
        if (event.liquidation) this.#keepBefore(event.takerAccountId);
        return;
      case 'positionCloseOut':
        this.#keepBefore(event.accountId);
        return;
      case 'positionDeleveraged':
        this.#keepBefore(event.bankruptAccountId);
        this.#deleverages.before(event);
        return;
      case 'marginCall':
        this.#calls.judge(event);
        return;
      default:
        return;
    }
  }

  /** Nobody is closed with EQ >= MMR, nor on a price that is not fresh: looked up the moment before. */
  #keepBefore(accountId: number): void {
    if (this.#before !== undefined) {
      if (this.#before.account.accountId !== accountId) this.#fail('two forced trades at once');
      return;
    }
    const { books } = this;
    const account = books.account(accountId);
    const figures = books.figures(account);
    this.#before = { account, ...figures };
    if (account.vaultOf !== 0) return;
    if (figures.equity >= figures.maintenance) this.#fail(`account ${accountId} was closed with EQ >= MMR`);
    if (account.liquidationId === 0) this.#fail(`account ${accountId} was closed outside a liquidation`);
    if (!books.mayActOn(account)) this.#fail(`account ${accountId} was closed on a price that is not fresh`);
  }

  #afterEvent(event: Event): void {
    switch (event.kind) {
      case 'liquidationStarted': {
        const account = this.books.account(event.accountId);
        const { equity, maintenance } = this.books.figures(account);
        if (equity >= maintenance) this.#fail(`a liquidation of account ${event.accountId} with EQ >= MMR began`);
        if (!this.books.mayActOn(account)) this.#fail(`a liquidation began on a price that is not fresh`);
        if (!this.books.permitsAccount(account)) this.#count('liquidated beside dust');
        this.#same(event.equityAtoms, equity, 'equity of a liquidation');
        this.#same(event.maintenanceMarginAtoms, maintenance, 'maintenance of a liquidation');
        return;
      }
      case 'liquidationEnded': {
        const account = this.books.account(event.accountId);
        const { equity, maintenance } = this.books.figures(account);
        // Flat, it may owe more than its other collateral counts: nothing is left to close.
        const owes = account.positions.size === 0 && account.balances.size > 0;
        if (equity < maintenance && !owes)
          this.#fail(`the liquidation of account ${event.accountId} ended with EQ < MMR`);
        this.#same(event.equityAtoms, equity, 'equity after a liquidation');
        if (equity === 0n) this.#count('ended at nothing');
        return;
      }
      case 'positionDeleveraged':
        this.#deleverages.after(event);
        return;
      case 'closeOutCertified':
        this.#judgeTrade(event.certificate);
        return;
      case 'markPriceUpdated':
        this.#judgeMark(this.books.market(event.marketId));
        return;
      case 'indexPriceUpdated': {
        const heads = event.countedReports;
        const feeders = this.#state.feeders.length;
        if (3 * heads <= 2 * feeders) this.#fail(`${heads} of ${feeders} made a price`);
        return;
      }
      case 'collateralConverted':
        if (!this.books.permitsAsset(event.assetId)) this.#fail('a debt was paid on a price that is not fresh');
        return;
      case 'preLiquidation':
        if (!this.books.mayActOn(this.books.account(event.accountId))) {
          this.#fail(`${event.kind} on a price that is not fresh`);
        }
        return;
      default:
        return;
    }
  }

  #judgeTrade(certificate: Certificate): void {
    const { stage, accountId } = certificate;
    this.#count(`stage ${stage}`);
    const before = this.#before;
    this.#before = undefined;
    if (before === undefined || before.account.accountId !== accountId) this.#fail('a certificate of no forced trade');
    else {
      const faults = checkCertificate(certificate);
      if (faults.length > 0) this.#fail(`certificate: ${faults.join('; ')}`, certificate);
      const own = certifiedFigures(certificate);
      const after = this.books.figures(before.account);
      this.#sameFigures(certificate.before, own, 'certified before', certificate);
      this.#sameFigures(certificate.before, before, 'before by the books', certificate);
      this.#sameFigures(certificate.after, after, 'after by the books', certificate);
      const zero = certifiedZeroQuote(certificate);
      if (before.account.vaultOf === 0) {
        this.#same(certificate.zeroQuoteAtoms, zero, 'zero quote', certificate);
        this.#judgePrice(certificate, before, after, zero);
      } else this.#count('vault deleveraged');
    }
  }

  /** At or better than the zero price no ratio falls; whole positions that go at it leave exactly nothing. */
  #judgePrice(certificate: Certificate, before: Before, after: Figures, zero: bigint): void {
    const received = BigInt(certificate.quoteAtoms) + BigInt(certificate.insuranceAtoms);
    const fee = BigInt(certificate.feeAtoms);
    if (received - fee < zero) this.#fail('a close-out below the zero price', certificate);
    // The atoms that the requirements are rounded up by are allowed for.
    const slack = BigInt(certificate.positions.length + 1) * (before.maintenance + abs(before.equity));
    // What a bankrupt with tiers lacks goes by lots, not by tiers.
    if (before.equity < 0n && this.#hasTiers(before.account)) {
      if (after.equity < before.equity) this.#fail('a close-out made a bankrupt poorer', certificate);
    } else if (after.equity * before.maintenance + slack < before.equity * after.maintenance) {
      this.#fail('a close-out lowered EQ / MMR', certificate);
    }
    if (before.equity >= 0n && after.equity < 0n) this.#fail('a close-out made a bankrupt', certificate);
    const notional = abs(BigInt(certificate.quoteAtoms));
    const { spec } = this.books.market(certificate.marketId);
    if (fee < 0n || fee * PPM > notional * BigInt(spec.liquidationFeePpm)) this.#fail('fee', certificate);
    if (certificate.insuranceAtoms > 0) this.#count('insured');
    if (certificate.stage === 'auction' && certificate.counterpartyId !== 0) this.#count('taken by a liquidator');
    const forced = certificate.stage === 'backstop' || certificate.stage === 'deleverage';
    if (!forced || after.maintenance > 0n) return;
    this.#count(before.equity < 0n ? 'bankrupt ended at nothing' : 'closed whole at the zero price');
    if (after.equity !== 0n) this.#fail(`closed whole, and ${after.equity} atoms are left`, certificate);
  }

  #hasTiers({ positions }: BookedAccount): boolean {
    return [...positions.keys()].some((id) => this.books.market(id).spec.marginTiers.length > 0);
  }

  // Money, markets, vaults

  #judgeMoney(): void {
    const { books } = this;
    const state = this.#state;
    if (books.held !== books.owed) this.#fail(`${books.held} atoms held, ${books.owed} owed`);
    if (state.feesAtoms !== books.fees || books.fees < 0n) this.#fail(`fees ${state.feesAtoms}, ${books.fees}`);
    if (state.depositedAtoms - state.withdrawnAtoms !== books.owed) this.#fail('deposits less withdrawals');
    for (const [place, asset] of books.assets.entries()) {
      if (asset.held !== asset.owed) this.#fail(`asset ${place + 1}: ${asset.held} held, ${asset.owed} owed`);
      if (asset.treasury < 0n) this.#fail(`treasury of asset ${place + 1} below 0`);
      if (state.collaterals[place]!.treasuryAtoms !== asset.treasury) this.#fail(`treasury of asset ${place + 1}`);
    }
    for (const account of books.touched) this.#compare(account);
  }

  #compare(account: BookedAccount): void {
    const own = this.#state.accounts[account.accountId - 1]!;
    const name = `account ${account.accountId}`;
    if (BigInt(own.collateralAtoms) !== account.collateral) {
      this.#fail(`${name} has ${own.collateralAtoms}, by the books ${account.collateral}`);
    }
    let positions = 0;
    for (const { market, sizeLots, entryNotionalAtoms } of own.holdings) {
      if (sizeLots === 0) continue;
      positions += 1;
      const booked = account.positions.get(market.spec.marketId);
      if (booked?.size !== BigInt(sizeLots) || booked.entry !== BigInt(entryNotionalAtoms)) {
        this.#fail(`${name} in market ${market.spec.marketId}: ${sizeLots} for ${entryNotionalAtoms}`);
      }
    }
    if (positions !== account.positions.size) this.#fail(`${name} has ${positions} positions`);
    if (own.balances.length !== account.balances.size) this.#fail(`${name} has ${own.balances.length} balances`);
    for (const { collateral, amountAtoms } of own.balances) {
      if (account.balances.get(collateral.spec.assetId) !== BigInt(amountAtoms)) this.#fail(`${name}: balance`);
    }
    if (own.liquidationId !== account.liquidationId) this.#fail(`${name} in liquidation ${own.liquidationId}`);
    if (account.collateral >= 0n || account.positions.size > 0) return;
    // A flat account owes only while other collateral stands behind it.
    if (account.balances.size === 0) this.#fail(`${name} is flat and owes ${-account.collateral}`);
  }

  #judgeMarket(market: BookedMarket): void {
    const own = this.#state.markets[market.spec.marketId - 1]!;
    const name = `market ${market.spec.marketId}`;
    if (market.net !== 0n) this.#fail(`${name}: sizes come to ${market.net}`);
    if (BigInt(own.openInterestLots) !== market.long) this.#fail(`${name}: open interest`);
    if (market.insurance < 0n || BigInt(own.insuranceFundAtoms) !== market.insurance) this.#fail(`${name}: insurance`);
    if (BigInt(own.fundingPoolAtoms) !== market.pool) this.#fail(`${name}: funding pool`);
    if (BigInt(own.markTicks) !== market.mark) this.#fail(`${name}: mark`);
    if (BigInt(own.backstopContributedAtoms) !== market.contributed) this.#fail(`${name}: contributed`);
    if (this.books.permits(market)) this.#judgeMark(market);
    this.#judgeVault(market);
  }

  #judgeMark({ spec, mark, index }: BookedMarket): void {
    if (abs(mark - index) * PPM <= index * BigInt(spec.markBandPpm)) return;
    this.#fail(`market ${spec.marketId}: mark ${mark} is outside the band round ${index}`);
  }

  /** A vault has never lost more than its cap, unless nobody stands against it who is worth anything. */
  #judgeVault(market: BookedMarket): void {
    const { vault, spec, contributed } = market;
    if (vault === undefined) return;
    const loss = contributed - this.books.equity(vault);
    const cap = BigInt(spec.backstopLossCapAtoms) < contributed ? BigInt(spec.backstopLossCapAtoms) : contributed;
    const held = vault.positions.get(spec.marketId);
    if (held !== undefined) this.#count('vault holds');
    if (loss <= cap) return;
    if (held !== undefined && !this.books.permits(market)) return;
    if (held !== undefined && !this.#hasWorthyOpponent(market, held.size)) return;
    this.#fail(`the vault of market ${spec.marketId} lost ${loss}, at most ${cap}, with ${held?.size ?? 0n} lots`);
  }

  #hasWorthyOpponent(market: BookedMarket, size: bigint): boolean {
    for (const accountId of market.holders) {
      const account = this.books.account(accountId);
      const against = account.positions.get(market.spec.marketId)!.size > 0n !== size > 0n;
      if (against && this.books.equity(account) > 0n) return true;
    }
    return false;
  }

  // What is left undone

  #lookAt(account: BookedAccount): void {
    const { books } = this;
    if (account.positions.size === 0) return;
    const equity = books.equity(account);
    const maintenance = books.maintenance(account);
    const own = this.#state.accounts[account.accountId - 1]!;
    const permitted = books.mayActOn(account);
    // Who is healthy again by a move of a price hears of it in its next turn.
    if (equity < maintenance || account.liquidationId !== 0) {
      if (!permitted) return;
      if (own.turnKey === 0) this.#fail(`account ${account.accountId} is weak and has no turn`);
      const dueMs = Math.floor(own.turnKey / SHADES);
      if (dueMs > books.timeMs + NEXT_TURN_MS) this.#fail(`account ${account.accountId} has its turn at ${dueMs}`);
      this.#wait(account, own.turnKey);
      return;
    }
    this.#waiting.delete(account.accountId);
    if (!permitted) return;
    const calledFor = reaches(equity, maintenance, 90n) ? 90 : reaches(equity, maintenance, 75n) ? 75 : 0;
    if (account.called < calledFor) {
      this.#fail(`account ${account.accountId} at ${calledFor} % was called at ${account.called} %`);
    }
    this.#judgeQuotes(account, equity);
  }

  /** Orders that are not covered go, where a mark has brought them there: the rest is found with the next look. */
  #judgeQuotes(account: BookedAccount, equity: bigint): void {
    const { books } = this;
    const { holdings } = this.#state.accounts[account.accountId - 1]!;
    if (account.balances.size > 0) return;
    for (const { market, restingBuyLots, restingSellLots, fundingIndex, sizeLots } of holdings) {
      const booked = books.market(market.spec.marketId);
      if (market.spec.openInterestUpperAtoms > 0 || !books.permits(booked)) return;
      if (sizeLots !== 0 && BigInt(fundingIndex) !== booked.fundingIndex) return;
      if (restingBuyLots + restingSellLots > 0) this.#count('quotes looked at');
    }
    const { all, without } = initialWithOrders(books, account, holdings);
    // Short of margin even without orders, it may have kept some that did not count then: the next look finds them.
    if (without <= equity && equity < all) {
      this.#fail(`account ${account.accountId} has EQ ${equity}, IMR ${all}, and orders that cost ${all - without}`);
    }
  }

  /** Weak on fresh prices: within its place in the queue / 16 commands its turn comes, and then each second. */
  #wait({ accountId }: BookedAccount, key: number): void {
    const known = this.#waiting.get(accountId);
    if (known === undefined || known.key !== key) this.#waiting.set(accountId, { key, commands: 0 });
  }

  #followWaiting(): void {
    for (const [accountId, waiting] of this.#waiting) {
      const { turnKey } = this.#state.accounts[accountId - 1]!;
      const account = this.books.account(accountId);
      if (turnKey !== waiting.key || account.positions.size === 0) {
        this.#waiting.delete(accountId);
        continue;
      }
      if (Math.floor(turnKey / SHADES) > this.books.timeMs) continue;
      waiting.commands += 1;
      const most = Math.ceil(this.#state.turns.ids.length / TURNS_PER_COMMAND) + 1;
      if (waiting.commands > 1) this.#count('waited for a turn');
      if (waiting.commands > most) {
        this.#fail(`account ${accountId} has waited ${waiting.commands} commands for its turn, at most ${most}`);
      }
    }
  }

  /** After a pre-liquidation equity covers initial margin, or no order is left that it could be lowered by. */
  #judgeRiskTaken(accountId: number): void {
    const account = this.books.account(accountId);
    if (account.liquidationId !== 0) return;
    const { holdings } = this.#state.accounts[accountId - 1]!;
    const { all, without } = initialWithOrders(this.books, account, holdings);
    const equity = this.books.equity(account);
    if (equity < all && without < all) {
      this.#fail(`account ${accountId} was pre-liquidated: EQ ${equity}, IMR ${all}, without orders ${without}`);
    }
  }

  // Words

  #count(name: string): void {
    this.seen.set(name, (this.seen.get(name) ?? 0) + 1);
  }

  #same(told: number, own: bigint, what: string, certificate?: Certificate): void {
    if (BigInt(told) !== own) this.#fail(`${what}: told ${told}, it is ${own}`, certificate);
  }

  #sameFigures(
    told: { equityAtoms: number; initialMarginAtoms: number; maintenanceMarginAtoms: number },
    own: Figures,
    what: string,
    certificate: Certificate,
  ): void {
    this.#same(told.equityAtoms, own.equity, `equity ${what}`, certificate);
    this.#same(told.maintenanceMarginAtoms, own.maintenance, `maintenance ${what}`, certificate);
    this.#same(told.initialMarginAtoms, own.initial, `initial margin ${what}`, certificate);
  }

  #fail(what: string, certificate?: Certificate): never {
    const { sequence, command } = this.#command ?? { sequence: 0, command: undefined };
    const told = certificate === undefined ? '' : `\n${JSON.stringify(certificate)}`;
    throw new Error(`after command ${sequence} (${command?.kind}): ${what}${told}`);
  }
}
