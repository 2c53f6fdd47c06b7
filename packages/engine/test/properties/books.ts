import type { CollateralSpec, Event, MarketSpec, TimeMs, TradingStatus } from '@keel/types';
import { abs, ceilDiv, collateralValue, type Figures, floorDiv, initialOf, maintenanceOf } from './figures.ts';

export interface BookedPosition {
  size: bigint;
  entry: bigint;
  fundingIndex: bigint;
}

export interface BookedAccount {
  readonly accountId: number;
  readonly owner: string;
  readonly subaccount: number;
  collateral: bigint;
  readonly balances: Map<number, bigint>;
  /** None of size 0. */
  readonly positions: Map<number, BookedPosition>;
  readonly leverages: Map<number, number>;
  /** 0 = not in liquidation. */
  liquidationId: number;
  /** The last margin call that was told and not taken back. */
  called: number;
  /** 0 = a trader's. */
  vaultOf: number;
}

export interface BookedMarket {
  readonly spec: MarketSpec;
  /** Everybody with a position. */
  readonly holders: Set<number>;
  /** Sum of all sizes, which is 0, and of the long ones. */
  net: bigint;
  long: bigint;
  insurance: bigint;
  pool: bigint;
  mark: bigint;
  index: bigint;
  indexTimeMs: TimeMs;
  /** A price beyond the band waits to be believed. */
  tripped: boolean;
  status: TradingStatus;
  resuming: boolean;
  fundingIndex: bigint;
  vault: BookedAccount | undefined;
  contributed: bigint;
}

export interface BookedAsset {
  readonly spec: CollateralSpec;
  price: bigint;
  priceTimeMs: TimeMs;
  tripped: boolean;
  treasury: bigint;
  held: bigint;
  /** Deposited less withdrawn. */
  owed: bigint;
}

const SCALE = 1_000_000n;

/**
 * The judge's own books of a whole exchange, in bigint, kept from what it tells and from nothing else: money, positions,
 * prices and what they are good for. Shares no arithmetic with the engine.
 */
export class Books {
  timeMs: TimeMs = 0;
  readonly accounts: BookedAccount[] = [];
  readonly markets: BookedMarket[] = [];
  readonly assets: BookedAsset[] = [];
  fees = 0n;
  /** USDC that came in and did not go out, and what all parts of the exchange hold of it: always the same. */
  owed = 0n;
  held = 0n;
  /** Accounts and markets that the command has changed, and whether it moved a price. */
  readonly touched = new Set<BookedAccount>();
  readonly touchedMarkets = new Set<BookedMarket>();
  pricesMoved = false;
  #hasFeeders = false;
  #engineVersion = 1;
  /** The stage that was just told, so that the status that follows belongs to it. */
  #staged = 0;

  begin(timeMs: TimeMs): void {
    this.timeMs = timeMs;
    this.touched.clear();
    this.touchedMarkets.clear();
    this.pricesMoved = false;
    this.#staged = 0;
  }

  account(accountId: number): BookedAccount {
    const account = this.accounts[accountId - 1];
    if (account === undefined) throw new Error(`nobody told of account ${accountId}`);
    return account;
  }

  market(marketId: number): BookedMarket {
    const market = this.markets[marketId - 1];
    if (market === undefined) throw new Error(`nobody told of market ${marketId}`);
    return market;
  }

  /** Whether the market's price is good for closing somebody out. */
  permits({ spec, index, indexTimeMs, tripped, status, resuming }: BookedMarket): boolean {
    if (!this.#hasFeeders || index === 0n || indexTimeMs === 0 || tripped) return false;
    return status !== 'halted' && !resuming && this.timeMs - indexTimeMs <= spec.indexStaleMs;
  }

  permitsAccount({ positions, balances }: BookedAccount): boolean {
    for (const marketId of positions.keys()) if (!this.permits(this.market(marketId))) return false;
    for (const [assetId, amount] of balances) if (amount !== 0n && !this.permitsAsset(assetId)) return false;
    return true;
  }

  /** Whether somebody may be closed out or called: from version 2 of the rules on, less than 10 USDC of old prices do not count. */
  mayActOn(account: BookedAccount): boolean {
    if (this.#engineVersion < 2 || !this.#hasFeeders) return this.permitsAccount(account);
    for (const marketId of account.positions.keys()) if (!this.permits(this.market(marketId))) return false;
    let old = 0n;
    for (const [assetId, amount] of account.balances) {
      if (amount === 0n || this.permitsAsset(assetId)) continue;
      const { spec, price, priceTimeMs, tripped } = this.assets[assetId - 1]!;
      if (price === 0n || priceTimeMs === 0 || tripped) return false;
      old += collateralValue(spec, price, amount);
    }
    return old < 10_000_000n;
  }

  permitsAsset(assetId: number): boolean {
    const { spec, price, priceTimeMs, tripped } = this.assets[assetId - 1]!;
    if (!this.#hasFeeders || price === 0n || priceTimeMs === 0 || tripped) return false;
    return this.timeMs - priceTimeMs <= spec.priceStaleMs;
  }

  equity(account: BookedAccount): bigint {
    let equity = account.collateral;
    for (const [assetId, amount] of account.balances) {
      const { spec, price } = this.assets[assetId - 1]!;
      if (amount !== 0n) equity += collateralValue(spec, price, amount);
    }
    for (const [marketId, { size, entry, fundingIndex }] of account.positions) {
      const market = this.market(marketId);
      equity += size * perLot(market) - entry;
      if (market.fundingIndex !== fundingIndex) equity -= ceilDiv(size * (market.fundingIndex - fundingIndex), SCALE);
    }
    return equity;
  }

  maintenance({ positions }: BookedAccount): bigint {
    let sum = 0n;
    for (const [marketId, { size }] of positions) {
      const market = this.market(marketId);
      sum += maintenanceOf(market.spec, abs(size) * perLot(market));
    }
    return sum;
  }

  /** Of positions alone, without orders. */
  figures(account: BookedAccount): Figures {
    let initial = 0n;
    for (const [marketId, { size }] of account.positions) {
      const market = this.market(marketId);
      initial += this.initialIn(account, market, abs(size));
    }
    return { equity: this.equity(account), maintenance: this.maintenance(account), initial };
  }

  /** Initial margin at mark of so many lots in the market. */
  initialIn({ leverages }: BookedAccount, market: BookedMarket, lots: bigint): bigint {
    const leverage = leverages.get(market.spec.marketId) ?? 0;
    return initialOf(market.spec, market.long * perLot(market), leverage, lots * perLot(market));
  }

  follow(event: Event): void {
    if (event.kind !== 'tradingStatusChanged') this.#staged = event.kind === 'marketResuming' ? event.marketId : 0;
    switch (event.kind) {
      case 'marketListed':
        this.markets.push(emptyMarket(event.spec));
        return;
      case 'collateralListed':
        this.assets.push({
          ...{ spec: event.spec, price: 0n, priceTimeMs: 0, tripped: false },
          ...{ treasury: 0n, held: 0n, owed: 0n },
        });
        return;
      case 'accountOpened':
        this.#open(event);
        return;
      case 'engineUpgraded':
        this.#engineVersion = event.engineVersion;
        return;
      case 'priceFeedersSet':
        this.#hasFeeders = event.feeders.length > 0;
        for (const market of this.markets) market.indexTimeMs = 0;
        for (const asset of this.assets) asset.priceTimeMs = 0;
        return;
      case 'indexPriceUpdated': {
        const market = this.market(event.marketId);
        market.index = BigInt(event.indexTicks);
        market.indexTimeMs = event.publishTimeMs;
        this.touchedMarkets.add(market);
        return;
      }
      case 'collateralPriceUpdated': {
        const asset = this.assets[event.assetId - 1]!;
        asset.price = BigInt(event.priceTicks);
        asset.priceTimeMs = event.publishTimeMs;
        this.pricesMoved = true;
        return;
      }
      case 'priceBandTripped':
      case 'priceBandReleased': {
        const banded = event.marketId === 0 ? this.assets[event.assetId - 1]! : this.market(event.marketId);
        banded.tripped = event.kind === 'priceBandTripped';
        return;
      }
      case 'marketResuming':
        this.market(event.marketId).resuming = event.stage !== 'done';
        return;
      case 'tradingStatusChanged': {
        const market = this.market(event.marketId);
        market.status = event.status;
        // Told by the operator, not by a stage: the stages are over.
        if (this.#staged !== event.marketId) market.resuming = false;
        this.#staged = 0;
        return;
      }
      case 'markPriceUpdated': {
        const market = this.market(event.marketId);
        market.mark = BigInt(event.markTicks);
        this.touchedMarkets.add(market);
        this.pricesMoved = true;
        return;
      }
      case 'fundingRateSettled': {
        const market = this.market(event.marketId);
        market.fundingIndex = BigInt(event.fundingIndex);
        this.touchedMarkets.add(market);
        this.pricesMoved = true;
        return;
      }
      default:
        this.#followMoney(event);
    }
  }

  #followMoney(event: Event): void {
    switch (event.kind) {
      case 'depositCredited':
        this.#comeIn(event.accountId, event.assetId, BigInt(event.amountAtoms));
        return;
      case 'withdrawalRequested':
        this.#comeIn(event.accountId, event.assetId, -BigInt(event.amountAtoms));
        return;
      case 'transferred':
        this.#pay(event.fromAccountId, event.assetId, -BigInt(event.amountAtoms));
        this.#pay(event.toAccountId, event.assetId, BigInt(event.amountAtoms));
        return;
      case 'safetyFunded':
        this.#fund(event);
        return;
      case 'collateralConverted':
        this.#pay(event.accountId, event.assetId, -BigInt(event.amountAtoms));
        this.assets[event.assetId - 1]!.treasury += BigInt(event.amountAtoms);
        this.assets[event.assetId - 1]!.held += BigInt(event.amountAtoms);
        this.#pay(event.accountId, 0, BigInt(event.valueAtoms));
        this.#addFees(-BigInt(event.valueAtoms));
        return;
      case 'leverageSet':
        this.account(event.accountId).leverages.set(event.marketId, event.leverage);
        return;
      case 'fundingPaid': {
        const market = this.market(event.marketId);
        this.#pay(event.accountId, 0, -BigInt(event.amountAtoms));
        this.#addTo(market, 'pool', BigInt(event.amountAtoms));
        this.account(event.accountId).positions.get(event.marketId)!.fundingIndex = market.fundingIndex;
        return;
      }
      case 'orderFilled':
        this.#fill(event);
        return;
      case 'marginCall':
        this.account(event.accountId).called = event.levelPercent;
        return;
      case 'liquidationStarted':
        this.account(event.accountId).liquidationId = event.liquidationId;
        return;
      case 'liquidationEnded':
        this.account(event.accountId).liquidationId = 0;
        return;
      case 'positionCloseOut':
        if (event.counterpartyId !== 0) this.#handOver(event, event.counterpartyId);
        this.#pay(event.accountId, 0, -BigInt(event.feeAtoms));
        this.#addTo(this.market(event.marketId), 'insurance', BigInt(event.feeAtoms));
        return;
      case 'insurancePaid':
        this.#pay(event.accountId, 0, BigInt(event.amountAtoms));
        this.#addTo(this.market(event.marketId), 'insurance', -BigInt(event.amountAtoms));
        return;
      case 'positionDeleveraged': {
        const market = this.market(event.marketId);
        const bankrupt = this.account(event.bankruptAccountId);
        const long = bankrupt.positions.get(event.marketId)!.size > 0n;
        const delta = long ? -BigInt(event.sizeLots) : BigInt(event.sizeLots);
        this.#trade(bankrupt, market, delta, BigInt(event.quoteAtoms));
        const other = this.account(event.deleveragedAccountId);
        this.#same(
          this.#trade(other, market, -delta, -BigInt(event.quoteAtoms)),
          event.realisedPnlAtoms,
          'deleveraged',
        );
        return;
      }
      default:
        return;
    }
  }

  #open({ accountId, owner, subaccount }: Extract<Event, { kind: 'accountOpened' }>): void {
    const vault = /^0xb50{34}/.test(owner) ? this.market(Number.parseInt(owner.slice(-4), 16)) : undefined;
    const account: BookedAccount = {
      ...{ accountId, owner, subaccount, collateral: 0n, balances: new Map(), positions: new Map() },
      ...{ leverages: new Map(), liquidationId: 0, called: 0, vaultOf: vault?.spec.marketId ?? 0 },
    };
    if (vault !== undefined) vault.vault = account;
    if (this.accounts.push(account) !== accountId) throw new Error(`account ${accountId} is not the next`);
    this.touched.add(account);
  }

  #fund({ marketId, fund, accountId, amountAtoms, balanceAtoms }: Extract<Event, { kind: 'safetyFunded' }>): void {
    const market = this.market(marketId);
    const amount = BigInt(amountAtoms);
    if (accountId === 0) this.#addFees(-amount);
    else this.#pay(accountId, 0, -amount);
    if (fund === 'insurance') {
      this.#addTo(market, 'insurance', amount);
      this.#same(market.insurance, balanceAtoms, 'the insurance fund');
    } else {
      // What a vault without a position lost is made up for first.
      const lost = market.vault!.positions.has(marketId) ? 0n : market.contributed - this.equity(market.vault!);
      market.contributed += lost <= 0n ? amount : lost < amount ? amount - lost : 0n;
      this.#pay(market.vault!.accountId, 0, amount);
      this.#same(market.vault!.collateral, balanceAtoms, 'the vault');
    }
  }

  #fill(event: Extract<Event, { kind: 'orderFilled' }>): void {
    const market = this.market(event.marketId);
    const maker = this.account(event.makerAccountId);
    const taker = this.account(event.takerAccountId);
    const lots = BigInt(event.sizeLots);
    const notional = BigInt(event.priceTicks) * lots * BigInt(market.spec.atomsPerTickLot);
    const [delta, cash] = event.takerSide === 'buy' ? [lots, -notional] : [-lots, notional];
    this.#same(this.#trade(maker, market, -delta, -cash), event.makerRealisedPnlAtoms, 'the maker realised');
    this.#same(this.#trade(taker, market, delta, cash), event.takerRealisedPnlAtoms, 'the taker realised');
    const free = event.liquidation || taker.vaultOf !== 0;
    const makerFee = ceilDiv(notional * BigInt(market.spec.makerFeePpm), SCALE);
    const takerFee = free ? 0n : ceilDiv(notional * BigInt(market.spec.takerFeePpm), SCALE);
    this.#same(makerFee, event.makerFeeAtoms, 'the maker fee');
    this.#same(takerFee, event.takerFeeAtoms, 'the taker fee');
    this.#pay(event.makerAccountId, 0, -makerFee);
    this.#pay(event.takerAccountId, 0, -takerFee);
    this.#addFees(makerFee + takerFee);
  }

  #handOver(event: Extract<Event, { kind: 'positionCloseOut' }>, counterpartyId: number): void {
    const market = this.market(event.marketId);
    const delta = event.side === 'sell' ? -BigInt(event.filledLots) : BigInt(event.filledLots);
    const closed = this.account(event.accountId);
    const size = closed.positions.get(event.marketId)?.size ?? 0n;
    if (size > 0n === delta > 0n || abs(size) < abs(delta)) throw new Error('a close-out of more than there is');
    this.#trade(closed, market, delta, BigInt(event.quoteAtoms));
    const gained = this.#trade(this.account(counterpartyId), market, -delta, -BigInt(event.quoteAtoms));
    this.#same(gained, event.counterpartyPnlAtoms, 'the counterparty realised');
  }

  /** Average-cost bookkeeping. Returns what was realised. */
  #trade(account: BookedAccount, market: BookedMarket, delta: bigint, cash: bigint): bigint {
    const { marketId } = market.spec;
    let position = account.positions.get(marketId);
    if (position === undefined) {
      position = { size: 0n, entry: 0n, fundingIndex: market.fundingIndex };
      account.positions.set(marketId, position);
      market.holders.add(account.accountId);
    }
    const { size } = position;
    const entryBefore = position.entry;
    const owed = ceilDiv(size * (market.fundingIndex - position.fundingIndex), SCALE);
    if (owed !== 0n) throw new Error(`account ${account.accountId} traded before it settled funding of ${owed}`);
    position.fundingIndex = market.fundingIndex;
    let realised = 0n;
    if (size === 0n || size > 0n === delta > 0n) {
      position.entry -= cash;
    } else if (abs(delta) <= abs(size)) {
      const part = floorDiv(position.entry * abs(delta), abs(size));
      realised = cash - part;
      position.entry -= part;
    } else {
      const closing = floorDiv(cash * abs(size), abs(delta));
      realised = closing - position.entry;
      position.entry = closing - cash;
    }
    position.size += delta;
    account.collateral += realised;
    this.held += realised - (position.entry - entryBefore);
    market.net += delta;
    market.long += (position.size > 0n ? position.size : 0n) - (size > 0n ? size : 0n);
    if (position.size === 0n) {
      if (position.entry !== 0n) throw new Error(`account ${account.accountId} paid for nothing`);
      account.positions.delete(marketId);
      market.holders.delete(account.accountId);
    }
    this.touched.add(account);
    this.touchedMarkets.add(market);
    return realised;
  }

  #pay(accountId: number, assetId: number, amount: bigint): void {
    const account = this.account(accountId);
    this.touched.add(account);
    if (assetId === 0) {
      account.collateral += amount;
      this.held += amount;
      return;
    }
    const left = (account.balances.get(assetId) ?? 0n) + amount;
    if (left < 0n) throw new Error(`account ${accountId} gave more of asset ${assetId} than it had`);
    if (left === 0n) account.balances.delete(assetId);
    else account.balances.set(assetId, left);
    this.assets[assetId - 1]!.held += amount;
  }

  #comeIn(accountId: number, assetId: number, amount: bigint): void {
    this.#pay(accountId, assetId, amount);
    if (assetId === 0) this.owed += amount;
    else this.assets[assetId - 1]!.owed += amount;
  }

  #addFees(amount: bigint): void {
    this.fees += amount;
    this.held += amount;
  }

  #addTo(market: BookedMarket, fund: 'insurance' | 'pool', amount: bigint): void {
    market[fund] += amount;
    this.held += amount;
    this.touchedMarkets.add(market);
  }

  #same(own: bigint, told: number, what: string): void {
    if (own !== BigInt(told)) throw new Error(`${what}: ${own} by the books, told ${told}`);
  }
}

/** Quote atoms of one lot at mark. */
export function perLot({ mark, spec }: BookedMarket): bigint {
  return mark * BigInt(spec.atomsPerTickLot);
}

function emptyMarket(spec: MarketSpec): BookedMarket {
  return {
    ...{ spec, holders: new Set<number>(), net: 0n, long: 0n, insurance: 0n, pool: 0n, mark: 0n, index: 0n },
    ...{ indexTimeMs: 0, tripped: false, status: 'open' as const, resuming: false, fundingIndex: 0n },
    ...{ vault: undefined, contributed: 0n },
  };
}
