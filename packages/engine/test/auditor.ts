import {
  type AccountId,
  type CollateralSpec,
  type Event,
  type MarketSpec,
  type OrderFilled,
  rejectName,
  toMarketId,
} from '@keel/types';
import { expect } from 'vitest';
import {
  backstopOwner,
  type EngineState,
  listAccounts,
  listCollaterals,
  listMarkets,
  readExchange,
} from '../src/index.ts';
import { OrderAuditor } from './orderAuditor.ts';

interface AuditedPosition {
  size: bigint;
  entry: bigint;
  fundingIndex: bigint;
}
interface AuditedAccount {
  readonly owner: string;
  readonly subaccount: number;
  collateral: bigint;
  /** Other collateral by asset. */
  readonly balances: Map<number, bigint>;
  readonly positions: Map<number, AuditedPosition>;
  inLiquidation: boolean;
}
interface AuditedMarket {
  readonly spec: MarketSpec;
  insurance: bigint;
  mark: bigint;
  fundingIndex: bigint;
  indexTimeMs: number;
}

interface AuditedAsset {
  readonly spec: CollateralSpec;
  price: bigint;
  priceTimeMs: number;
  treasury: bigint;
}

const PPM = 1_000_000n;

/**
 * Keeps its own books from the events alone, in plain lists and bigint, and says no when the engine's differ. It shares
 * no arithmetic with the engine. What becomes of orders is followed by an `OrderAuditor`.
 */
export class Auditor {
  readonly accounts = new Map<number, AuditedAccount>();
  readonly markets = new Map<number, AuditedMarket>();
  /** How often each thing happened: kinds of events, and what the auditors met in them. */
  readonly seen = new Map<string, number>();
  readonly #assets = new Map<number, AuditedAsset>();
  #fees = 0n;
  #lateAccounts = new Set<number>();
  #closeOutFills: OrderFilled[] = [];
  readonly #orders = new OrderAuditor({
    specOf: (marketId) => this.#market(marketId).spec,
    markOf: (marketId) => Number(this.#market(marketId).mark),
    sizeOf: (accountId, marketId) => Number(this.#position(accountId, marketId).size),
    isInLiquidation: (accountId) => this.#account(accountId).inLiquidation,
    count: (name) => this.#count(name),
  });

  /** Follows one command's events, then compares everything with the engine's state. */
  audit(state: EngineState, events: readonly Event[]): void {
    this.#orders.begin(state.timeMs);
    for (const event of events) {
      this.#count(event.kind);
      if ('code' in event && event.code !== 0) this.#count(`${event.kind} ${rejectName(event.code)}`);
      // The money of a fill moves after both sides were looked at; of all else, before orders go with it.
      if (event.kind === 'orderFilled') this.#orders.fill(event);
      this.#follow(event);
      if (event.kind !== 'orderFilled') this.#orders.follow(event);
    }
    expect(this.#closeOutFills, 'fills of a close-out without its order').toEqual([]);
    this.#orders.end(state);
    this.#compare(state);
    this.#noneForgotten(state);
  }

  #count(name: string): void {
    this.seen.set(name, (this.seen.get(name) ?? 0) + 1);
  }

  #follow(event: Event): void {
    switch (event.kind) {
      case 'marketListed':
        this.markets.set(event.spec.marketId, {
          spec: event.spec,
          insurance: 0n,
          mark: 0n,
          fundingIndex: 0n,
          indexTimeMs: 0,
        });
        return;
      case 'collateralListed':
        this.#assets.set(event.spec.assetId, { spec: event.spec, price: 0n, priceTimeMs: 0, treasury: 0n });
        return;
      case 'collateralPriceUpdated':
        this.#asset(event.assetId).price = BigInt(event.priceTicks);
        this.#asset(event.assetId).priceTimeMs = event.publishTimeMs;
        return;
      case 'accountOpened': {
        const { owner, subaccount } = event;
        const opened = { owner, subaccount, collateral: 0n, balances: new Map(), positions: new Map() };
        this.accounts.set(event.accountId, { ...opened, inLiquidation: false });
        return;
      }
      case 'depositCredited':
        this.#pay(event.accountId, event.assetId, BigInt(event.amountAtoms));
        return;
      case 'withdrawalRequested':
        this.#takeOut(event.accountId, event.assetId, event.amountAtoms);
        return;
      case 'transferred':
        expect(this.#account(event.fromAccountId).owner).toBe(this.#account(event.toAccountId).owner);
        expect(event.fromAccountId).not.toBe(event.toAccountId);
        this.#takeOut(event.fromAccountId, event.assetId, event.amountAtoms);
        this.#pay(event.toAccountId, event.assetId, BigInt(event.amountAtoms));
        return;
      case 'safetyFunded':
        this.#fundSafety(event);
        return;
      case 'collateralConverted':
        this.#convert(event);
        return;
      case 'indexPriceUpdated':
        this.#market(event.marketId).indexTimeMs = event.publishTimeMs;
        return;
      case 'markPriceUpdated':
        this.#market(event.marketId).mark = BigInt(event.markTicks);
        return;
      case 'fundingRateSettled':
        this.#market(event.marketId).fundingIndex = BigInt(event.fundingIndex);
        if (this.#orders.statusOf(event.marketId) === 'halted') expect(event.ratePpb, 'funding in a halt').toBe(0);
        return;
      case 'fundingPaid':
        this.#account(event.accountId).collateral -= BigInt(event.amountAtoms);
        this.#position(event.accountId, event.marketId).fundingIndex = this.#market(event.marketId).fundingIndex;
        return;
      case 'orderFilled':
        this.#fill(event);
        return;
      case 'liquidationStarted':
        expect(BigInt(event.equityAtoms)).toBe(this.#equity(event.accountId));
        expect(BigInt(event.maintenanceMarginAtoms)).toBe(this.#maintenance(event.accountId));
        expect(event.equityAtoms < event.maintenanceMarginAtoms).toBe(true);
        this.#account(event.accountId).inLiquidation = true;
        return;
      case 'positionCloseOut':
        this.#closeOut(event);
        return;
      case 'insurancePaid':
        this.#account(event.accountId).collateral += BigInt(event.amountAtoms);
        this.#market(event.marketId).insurance -= BigInt(event.amountAtoms);
        expect(BigInt(event.insuranceFundAtoms)).toBe(this.#market(event.marketId).insurance);
        return;
      case 'positionDeleveraged': {
        const { marketId, bankruptAccountId, deleveragedAccountId, quoteAtoms, realisedPnlAtoms } = event;
        const bankrupt = this.#position(bankruptAccountId, marketId);
        const sold = bankrupt.size > 0n ? BigInt(event.sizeLots) : -BigInt(event.sizeLots);
        const opposing = this.#position(deleveragedAccountId, marketId);
        expect(opposing.size > 0n).toBe(sold < 0n);
        this.#trade(bankruptAccountId, marketId, -sold, BigInt(quoteAtoms));
        expect(this.#trade(deleveragedAccountId, marketId, sold, -BigInt(quoteAtoms))).toBe(BigInt(realisedPnlAtoms));
        expect(this.#equity(deleveragedAccountId) >= 0n, 'deleveraged into bankruptcy').toBe(true);
        return;
      }
      case 'liquidationEnded':
        expect(BigInt(event.equityAtoms)).toBe(this.#equity(event.accountId));
        expect(this.#equity(event.accountId) >= this.#maintenance(event.accountId)).toBe(true);
        if (event.equityAtoms === 0) this.#count('liquidation ended at zero');
        this.#account(event.accountId).inLiquidation = false;
        return;
      default:
        return;
    }
  }

  /** A fill costs what the market says, opens no more than it may, and makes no maker bankrupt. */
  #fill(event: OrderFilled): void {
    const { spec } = this.#market(event.marketId);
    const openBefore = this.#openInterest(event.marketId);
    if (event.liquidation) {
      this.#closeOutFills.push(event);
      expect(this.#account(event.takerAccountId).inLiquidation).toBe(true);
    }
    const lots = BigInt(event.sizeLots);
    const notional = BigInt(event.priceTicks) * lots * BigInt(spec.atomsPerTickLot);
    const takerLots = event.takerSide === 'buy' ? lots : -lots;
    const takerCash = event.takerSide === 'buy' ? -notional : notional;
    const maker$ = this.#trade(event.makerAccountId, event.marketId, -takerLots, -takerCash);
    const taker$ = this.#trade(event.takerAccountId, event.marketId, takerLots, takerCash);
    expect([maker$, taker$]).toEqual([BigInt(event.makerRealisedPnlAtoms), BigInt(event.takerRealisedPnlAtoms)]);
    expect(BigInt(event.makerFeeAtoms)).toBe(ceil(notional * BigInt(spec.makerFeePpm), PPM));
    const takerFee = event.liquidation ? 0n : ceil(notional * BigInt(spec.takerFeePpm), PPM);
    expect(BigInt(event.takerFeeAtoms)).toBe(takerFee);
    this.#account(event.makerAccountId).collateral -= BigInt(event.makerFeeAtoms);
    this.#account(event.takerAccountId).collateral -= takerFee;
    this.#fees += BigInt(event.makerFeeAtoms) + takerFee;
    expect(this.#equity(event.makerAccountId) >= 0n, 'a fill made its maker bankrupt').toBe(true);
    const open = this.#openInterest(event.marketId);
    if (open > openBefore && !event.liquidation) {
      expect(open <= BigInt(spec.maxOpenInterestLots), 'open interest beyond its limit').toBe(true);
    }
  }

  #openInterest(marketId: number): bigint {
    let sum = 0n;
    for (const { positions } of this.accounts.values()) {
      const size = positions.get(marketId)?.size ?? 0n;
      if (size > 0n) sum += size;
    }
    return sum;
  }

  #closeOut(event: Extract<Event, { kind: 'positionCloseOut' }>): void {
    let filled = 0;
    let notional = 0n;
    for (const fill of this.#closeOutFills.splice(0)) {
      const { priceTicks } = fill;
      expect(event.side === 'sell' ? priceTicks >= event.limitTicks : priceTicks <= event.limitTicks).toBe(true);
      expect(fill.takerAccountId).toBe(event.accountId);
      filled += fill.sizeLots;
      notional += BigInt(fill.priceTicks * fill.sizeLots * this.#market(event.marketId).spec.atomsPerTickLot);
    }
    expect(filled).toBe(event.filledLots);
    expect(BigInt(event.quoteAtoms)).toBe(event.side === 'sell' ? notional : -notional);
    expect(BigInt(event.feeAtoms) * PPM <= notional * BigInt(this.#market(event.marketId).spec.liquidationFeePpm)).toBe(
      true,
    );
    this.#account(event.accountId).collateral -= BigInt(event.feeAtoms);
    this.#market(event.marketId).insurance += BigInt(event.feeAtoms);
    // Filled at or above the zero price and paid for out of the surplus: the ratio of EQ to MMR never falls.
    if (event.equityAtoms >= 0) {
      const after = this.#equity(event.accountId) * BigInt(event.maintenanceMarginAtoms);
      const before = BigInt(event.equityAtoms) * this.#maintenance(event.accountId);
      // One atom of rounding in the requirement of each market.
      expect(after + BigInt(event.maintenanceMarginAtoms) >= before, 'a close-out worsened its account').toBe(true);
    }
  }

  /** Average-cost bookkeeping, written a second time. Returns the profit realised. */
  #trade(accountId: number, marketId: number, lots: bigint, cash: bigint): bigint {
    const account = this.#account(accountId);
    const position = this.#position(accountId, marketId);
    const owed = ceil(position.size * (this.#market(marketId).fundingIndex - position.fundingIndex), PPM);
    expect(owed, 'funding is settled before the position changes').toBe(0n);
    let realised = 0n;
    const opposite = position.size !== 0n && position.size > 0n !== lots > 0n;
    if (!opposite) {
      position.entry -= cash;
    } else if (abs(lots) <= abs(position.size)) {
      const part = floor(position.entry * abs(lots), abs(position.size));
      realised = cash - part;
      position.entry -= part;
    } else {
      const closingCash = floor(cash * abs(position.size), abs(lots));
      realised = closingCash - position.entry;
      position.entry = closingCash - cash;
    }
    account.collateral += realised;
    position.size += lots;
    position.fundingIndex = this.#market(marketId).fundingIndex;
    return realised;
  }

  #compare(state: EngineState): void {
    const engine = [...listAccounts(state)].map((account) => ({
      accountId: account.accountId,
      owner: account.owner,
      subaccount: account.subaccount,
      collateral: BigInt(account.collateralAtoms),
      balances: account.balances.map(({ assetId, amountAtoms }) => [assetId, BigInt(amountAtoms)]),
      inLiquidation: account.inLiquidation,
      positions: account.positions.map((p) => [p.marketId, BigInt(p.sizeLots), BigInt(p.entryNotionalAtoms)]),
    }));
    const own = [...this.accounts].map(([accountId, account]) => ({
      accountId,
      owner: account.owner,
      subaccount: account.subaccount,
      collateral: account.collateral,
      balances: [...account.balances].filter(([, amount]) => amount !== 0n).sort(([a], [b]) => a - b),
      inLiquidation: account.inLiquidation,
      positions: [...account.positions]
        .filter(([, position]) => position.size !== 0n)
        .sort(([a], [b]) => a - b)
        .map(([marketId, position]) => [marketId, position.size, position.entry]),
    }));
    expect(engine).toEqual(own);
    expect(readExchange(state).feesAtoms).toBe(this.#fees);
    for (const { spec, openInterestLots, tradingStatus, markTicks, insuranceFundAtoms } of listMarkets(state)) {
      const { marketId } = spec;
      const { mark, insurance } = this.#market(marketId);
      const own = [this.#openInterest(marketId), this.#orders.statusOf(marketId), mark, insurance];
      expect([BigInt(openInterestLots), tradingStatus, BigInt(markTicks), BigInt(insuranceFundAtoms)]).toEqual(own);
    }
    for (const { spec, priceTicks, treasuryAtoms } of listCollaterals(state)) {
      const { price, treasury } = this.#asset(spec.assetId);
      expect([BigInt(priceTicks), treasuryAtoms]).toEqual([price, treasury]);
    }
  }

  /** Whoever was under maintenance at fresh prices after one command is in liquidation after the next. */
  #noneForgotten(state: EngineState): void {
    const late = new Set<number>();
    for (const [accountId, account] of this.accounts) {
      // A flat one that owes has nothing to close; it waits until fees reach its debt.
      if ([...account.positions.values()].every(({ size }) => size === 0n)) continue;
      const fresh = [...account.positions].every(([marketId, { size }]) => {
        const { indexTimeMs, spec } = this.#market(marketId);
        if (size !== 0n && this.#orders.statusOf(marketId) === 'halted') return false;
        return size === 0n || state.timeMs - indexTimeMs <= spec.indexStaleMs;
      });
      const counted = [...account.balances].every(([assetId, amount]) => {
        const { priceTimeMs, spec } = this.#asset(assetId);
        return amount === 0n || state.timeMs - priceTimeMs <= spec.priceStaleMs;
      });
      if (!counted) continue;
      if (account.inLiquidation || !fresh || this.#equity(accountId) >= this.#maintenance(accountId)) continue;
      expect(this.#lateAccounts.has(accountId), `account ${accountId} should be in liquidation`).toBe(false);
      late.add(accountId);
    }
    this.#lateAccounts = late;
  }

  #equity(accountId: number): bigint {
    const { collateral, balances, positions } = this.#account(accountId);
    let equity = collateral;
    for (const [assetId, amount] of balances) equity += this.#value(assetId, amount);
    for (const [marketId, { size, entry, fundingIndex }] of positions) {
      const market = this.#market(marketId);
      const owed = ceil(size * (market.fundingIndex - fundingIndex), PPM);
      equity += size * market.mark * BigInt(market.spec.atomsPerTickLot) - entry - owed;
    }
    return equity;
  }

  #maintenance(accountId: number): bigint {
    let sum = 0n;
    for (const [marketId, { size }] of this.#account(accountId).positions) {
      const { spec, mark } = this.#market(marketId);
      sum += ceil(abs(size) * mark * BigInt(spec.atomsPerTickLot) * BigInt(spec.maintenanceMarginPpm), PPM);
    }
    return sum;
  }

  #notional(accountId: number): bigint {
    let sum = 0n;
    for (const [marketId, { size }] of this.#account(accountId).positions) {
      const { spec, mark } = this.#market(marketId);
      sum += abs(size) * mark * BigInt(spec.atomsPerTickLot);
    }
    return sum;
  }

  #pay(accountId: number, assetId: number, amount: bigint): void {
    const account = this.#account(accountId);
    if (assetId === 0) account.collateral += amount;
    else account.balances.set(assetId, (account.balances.get(assetId) ?? 0n) + amount);
  }

  /** Nobody gives away what it does not have, or what its positions need: what is left covers them by a wide margin. */
  #takeOut(accountId: number, assetId: number, amountAtoms: number): void {
    this.#pay(accountId, assetId, BigInt(-amountAtoms));
    const { collateral, balances } = this.#account(accountId);
    expect(collateral >= 0n && (balances.get(assetId) ?? 0n) >= 0n, 'more was taken out than there was').toBe(true);
    expect(this.#equity(accountId) * 10n >= this.#notional(accountId)).toBe(true);
  }

  #fundSafety(event: Extract<Event, { kind: 'safetyFunded' }>): void {
    const { marketId, fund, accountId, amountAtoms, balanceAtoms } = event;
    if (accountId === 0) this.#fees -= BigInt(amountAtoms);
    else this.#takeOut(accountId, 0, amountAtoms);
    expect(this.#fees >= 0n).toBe(true);
    const vault = [...this.accounts.values()].find(({ owner }) => owner === backstopOwner(toMarketId(marketId)));
    if (fund === 'insurance') this.#market(marketId).insurance += BigInt(amountAtoms);
    else vault!.collateral += BigInt(amountAtoms);
    expect(BigInt(balanceAtoms)).toBe(fund === 'insurance' ? this.#market(marketId).insurance : vault!.collateral);
  }

  /** A flat account paid a debt with an asset, at what it counted: no atom more than the debt or the fees ask for. */
  #convert({ accountId, assetId, amountAtoms, valueAtoms }: Extract<Event, { kind: 'collateralConverted' }>): void {
    const account = this.#account(accountId);
    const before = this.#equity(accountId);
    const debt = -account.collateral;
    const held = account.balances.get(assetId) ?? 0n;
    const worth = (atoms: bigint) => this.#value(assetId, held) - this.#value(assetId, held - atoms);
    expect([...account.positions.values()].every(({ size }) => size === 0n)).toBe(true);
    expect(debt > 0n && amountAtoms > 0 && valueAtoms >= 0).toBe(true);
    this.#pay(accountId, assetId, BigInt(-amountAtoms));
    account.collateral += BigInt(valueAtoms);
    this.#fees -= BigInt(valueAtoms);
    this.#asset(assetId).treasury += BigInt(amountAtoms);
    const left = account.balances.get(assetId) ?? 0n;
    expect(this.#fees >= 0n && left >= 0n).toBe(true);
    if (before < 0n) {
      // All of it counts less than the debt: it goes whole, and ends the debt with the last asset.
      expect(left, 'collateral was left to somebody who could not pay').toBe(0n);
      if ([...account.balances.values()].every((amount) => amount === 0n)) expect(account.collateral).toBe(0n);
      this.#count('debt paid in vain');
      return;
    }
    expect(worth(BigInt(amountAtoms) - 1n) < debt, 'more was bought than pays the debt').toBe(true);
    expect(this.#equity(accountId), 'a conversion changed equity').toBe(before);
    const paid = account.collateral >= 0n || left === 0n;
    // The fees did not reach for one atom more, rounding apart.
    expect(paid || this.#fees <= worth(BigInt(amountAtoms) + 1n) - BigInt(valueAtoms) + 1n).toBe(true);
    this.#count(paid ? 'debt paid with collateral' : 'debt paid in part');
  }

  /** floor(amount * price * (1 - haircut)), from the units that the spec names. */
  #value(assetId: number, amount: bigint): bigint {
    const { spec, price } = this.#asset(assetId);
    const counted = amount * price * BigInt(1_000_000 - spec.haircutPpm);
    return floor(counted, 10n ** BigInt(spec.decimals + spec.priceDecimals));
  }

  #asset(assetId: number): AuditedAsset {
    return this.#assets.get(assetId)!;
  }

  #account(accountId: number | AccountId): AuditedAccount {
    return this.accounts.get(accountId)!;
  }

  #position(accountId: number, marketId: number): AuditedPosition {
    const { positions } = this.#account(accountId);
    const found = positions.get(marketId);
    if (found !== undefined) return found;
    const position = { size: 0n, entry: 0n, fundingIndex: this.#market(marketId).fundingIndex };
    positions.set(marketId, position);
    return position;
  }

  #market(marketId: number): AuditedMarket {
    return this.markets.get(marketId)!;
  }
}

function abs(value: bigint): bigint {
  return value < 0n ? -value : value;
}

function floor(a: bigint, b: bigint): bigint {
  return a >= 0n ? a / b : -((-a + b - 1n) / b);
}

function ceil(a: bigint, b: bigint): bigint {
  return -floor(-a, b);
}
