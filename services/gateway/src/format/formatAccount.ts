import {
  type AccountDoc,
  type AgentDoc,
  type At,
  type CollateralDoc,
  deleverageQuintile,
  deleverageScore,
  type FillDoc,
  type MarketDoc,
  type OrderDoc,
  type WithdrawalDoc,
} from '@keel/redis';
import {
  type Address,
  type AssetId,
  accountMargin,
  assert,
  collateralAtomsWorth,
  collateralValueAtoms,
  entryPriceTicks,
  equityAtoms,
  formatDecimal,
  freeAtoms,
  isolatedMarket,
  liquidationPriceTicks,
  type MarginBalance,
  type MarginPosition,
  type MarketId,
  type MarketSpec,
  maintenanceMarginAtoms,
  notionalAtoms,
  type QuoteAtoms,
  type TwapProgress,
  toMarketId,
  unrealisedAtoms,
  withdrawableAtoms,
} from '@keel/types';
import type { Asset } from '../assetDirectory.ts';
import type {
  AccountAnswer,
  AccountsAnswer,
  FillAnswer,
  OpenOrderAnswer,
  PositionAnswer,
  ProtectionAnswer,
  WithdrawalAnswer,
} from '../wire/answers.ts';
import { formatPrice, formatPriceOrNull, formatQuote, formatSize } from './formatMarket.ts';

/** An account with what its margin depends on, all of one sequence. */
export interface AccountFacts {
  readonly account: AccountDoc;
  /** Of the owner. */
  readonly agents: readonly AgentDoc[];
  readonly orders: readonly OrderDoc[];
  readonly markets: readonly MarketDoc[];
  readonly collaterals: readonly CollateralDoc[];
}

export type Markets = ReadonlyMap<MarketId, MarketDoc>;
/** A position with the market's own spec, which knows how its figures are written. */
export type HeldPosition = MarginPosition & { readonly spec: MarketSpec };
/** What the margin arithmetic takes. */
export interface Held {
  readonly collateralAtoms: QuoteAtoms;
  readonly positions: readonly HeldPosition[];
  readonly balances: readonly (MarginBalance & { readonly spec: CollateralDoc['spec'] })[];
}

/** The figures the engine decides by, computed by the same functions from the documents of one sequence. */
export function formatAccount(facts: At<AccountFacts>): AccountAnswer {
  const { account, agents, orders, head } = facts;
  const marketById = new Map(facts.markets.map((market) => [market.spec.marketId, market]));
  const held = heldBy(account, orders, marketById, facts.collaterals);
  const { collateralAtoms, positions, balances } = held;
  const margin = accountMargin(collateralAtoms, positions, balances);
  return {
    sequence: head.sequence,
    address: account.owner,
    subaccount: account.subaccount,
    isolatedMarket: isolatedSymbol(account, marketById),
    accountId: String(account.accountId),
    collateral: formatQuote(collateralAtoms),
    balances: formatBalances(held),
    equity: formatQuote(margin.equityAtoms),
    initialMargin: formatQuote(margin.initialMarginAtoms),
    maintenanceMargin: formatQuote(margin.maintenanceMarginAtoms),
    withdrawable: formatQuote(withdrawableAtoms(collateralAtoms, positions, balances)),
    marginCall: account.warnedPercent === 0 ? null : account.warnedPercent,
    inLiquidation: account.inLiquidation,
    auctionId: account.auctionId === 0 ? null : account.auctionId,
    liquidator: account.liquidator,
    leverages: account.leverages.map(({ marketId, leverage }) => ({
      market: known(marketById, marketId).spec.symbol,
      leverage,
    })),
    positions: positions
      .filter((position) => position.sizeLots !== 0)
      .map((position) => formatPosition(held, position, margin.equityAtoms, known(marketById, position.spec.marketId))),
    openOrders: orders.map((order) => formatOpenOrder(order, known(marketById, order.marketId).spec)),
    agents: agents.map(({ agent, agentName, expiresAtMs }) => ({ agent, agentName, expiresAt: expiresAtMs })),
    cancelAllAfter: account.cancelAllAfterMs,
    protections: account.protections.map((protection) =>
      formatProtection(protection, known(marketById, protection.marketId).spec),
    ),
  };
}

/** All accounts of an owner at a glance, what open orders need apart. */
export function formatAccounts(
  facts: At<{
    readonly accounts: readonly AccountDoc[];
    readonly markets: readonly MarketDoc[];
    readonly collaterals: readonly CollateralDoc[];
  }>,
  owner: Address,
): AccountsAnswer {
  const marketById = new Map(facts.markets.map((market) => [market.spec.marketId, market]));
  return {
    sequence: facts.head.sequence,
    address: owner,
    accounts: facts.accounts.map((account) => {
      const { collateralAtoms, positions, balances } = heldBy(account, [], marketById, facts.collaterals);
      const maintenanceAtoms = positions.reduce((sum, position) => sum + maintenanceMarginAtoms(position), 0);
      return {
        subaccount: account.subaccount,
        isolatedMarket: isolatedSymbol(account, marketById),
        accountId: String(account.accountId),
        collateral: formatQuote(collateralAtoms),
        equity: formatQuote(equityAtoms(collateralAtoms, positions, balances)),
        maintenanceMargin: formatQuote(maintenanceAtoms),
        positions: positions.length,
        inLiquidation: account.inLiquidation,
        liquidator: account.liquidator,
      };
    }),
  };
}

function isolatedSymbol({ subaccount }: AccountDoc, marketById: Markets): string | null {
  const marketId = isolatedMarket(subaccount);
  return marketId === 0 ? null : known(marketById, toMarketId(marketId)).spec.symbol;
}

/** Every market in which the account has a position or an order in the book; those that wait need no margin yet. */
export function heldBy(
  account: AccountDoc,
  allOrders: readonly OrderDoc[],
  marketById: Markets,
  collaterals: readonly CollateralDoc[],
): Held {
  const orders = allOrders.filter((order) => order.state === 'resting');
  const held = new Map(account.positions.map((position) => [position.marketId, position]));
  const marketIds = new Set([...held.keys(), ...orders.map((order) => order.marketId)]);
  const positions = [...marketIds].map((marketId): HeldPosition => {
    const market = known(marketById, marketId);
    const position = held.get(marketId);
    return {
      spec: market.spec,
      markTicks: market.markTicks,
      stableTicks: market.stableTicks,
      openInterestLots: market.openInterestLots,
      sizeLots: position?.sizeLots ?? 0,
      entryNotionalAtoms: position?.entryNotionalAtoms ?? 0,
      positionFundingIndex: position?.fundingIndex ?? market.fundingIndex,
      marketFundingIndex: market.fundingIndex,
      leverage: leverageIn(account, marketId),
      openOrders: orders.filter((order) => order.marketId === marketId),
    };
  });
  const balances = account.balances.map(({ assetId, amountAtoms }) => {
    const { spec, priceTicks } = knownAsset(collaterals, assetId);
    return { spec, priceTicks, amountAtoms };
  });
  return { collateralAtoms: account.collateralAtoms, positions, balances };
}

function leverageIn({ leverages }: AccountDoc, marketId: MarketId): number {
  return leverages.find((setting) => setting.marketId === marketId)?.leverage ?? 0;
}

/**
 * Of an asset may leave what is not needed to keep what is free at 0 or above, and nothing while USDC is owed. It is refused
 * all the same while a price is not fresh.
 */
export function formatBalances({ collateralAtoms, positions, balances }: Held): AccountAnswer['balances'] {
  const free = freeAtoms(collateralAtoms, positions, balances);
  return balances.map(({ spec, priceTicks, amountAtoms }) => {
    const valueAtoms = collateralValueAtoms(spec, priceTicks, amountAtoms);
    const keptAtoms = collateralAtomsWorth(spec, priceTicks, Math.max(0, valueAtoms - free));
    const mayLeave = free >= 0 && collateralAtoms >= 0 && keptAtoms !== undefined;
    const leaving = mayLeave ? Math.max(0, amountAtoms - Number(keptAtoms)) : 0;
    return {
      asset: spec.symbol,
      amount: formatDecimal(amountAtoms, spec.decimals),
      value: formatQuote(valueAtoms),
      withdrawable: formatDecimal(leaving, spec.decimals),
    };
  });
}

function formatPosition(
  { collateralAtoms, positions, balances }: Held,
  position: HeldPosition,
  equity: QuoteAtoms,
  market: MarketDoc,
): PositionAnswer {
  const { spec, sizeLots, markTicks, leverage } = position;
  const liquidationTicks = liquidationPriceTicks(collateralAtoms, positions, spec.marketId, balances);
  const notional = notionalAtoms(spec, markTicks, Math.abs(sizeLots));
  return {
    market: spec.symbol,
    size: formatSize(sizeLots, spec),
    entryPrice: formatPrice(entryPriceTicks(spec, sizeLots, position.entryNotionalAtoms), spec),
    mark: formatPrice(markTicks, spec),
    notional: formatQuote(notional),
    unrealisedPnl: formatQuote(unrealisedAtoms(position)),
    maintenanceMargin: formatQuote(maintenanceMarginAtoms(position)),
    leverage: leverage === 0 ? null : leverage,
    liquidationPrice: liquidationTicks === undefined ? null : formatPrice(liquidationTicks, spec),
    deleverageQuintile: quintileOf(position, notional, equity, market),
  };
}

function quintileOf(
  { sizeLots, entryNotionalAtoms }: MarginPosition,
  notional: QuoteAtoms,
  equity: QuoteAtoms,
  { spec, deleverage }: MarketDoc,
): number | null {
  const side = sizeLots > 0 ? deleverage.longs : deleverage.shorts;
  if (side.sampled === 0) return null;
  const score = deleverageScore(spec.deleverageRule, {
    sizeLots,
    notionalAtoms: notional,
    entryNotionalAtoms: Math.abs(entryNotionalAtoms),
    equityAtoms: equity,
  });
  return deleverageQuintile(score, side.quintiles);
}

export function formatOpenOrder(order: OrderDoc, spec: MarketSpec): OpenOrderAnswer {
  const { trigger, attached } = order;
  return {
    orderId: String(order.orderId),
    clientOrderId: order.clientOrderId,
    market: spec.symbol,
    state: order.state,
    side: order.side,
    orderType: order.orderType,
    timeInForce: order.timeInForce,
    price: formatPriceOrNull(order.priceTicks, spec),
    size: formatSize(order.sizeLots, spec),
    remainingSize: formatSize(order.remainingLots, spec),
    shownSize: formatSize(order.shownLots, spec),
    displaySize: order.displayLots === 0 ? null : formatSize(order.displayLots, spec),
    reduceOnly: order.reduceOnly,
    expiresAt: order.expiresAtMs,
    selfTrade: order.selfTrade,
    selfTradeScope: order.selfTradeScope,
    triggerKind: trigger?.kind ?? null,
    triggerPrice: formatPriceOrNull(trigger?.triggerTicks ?? 0, spec),
    trail: formatPriceOrNull(trigger?.trailTicks ?? 0, spec),
    takeProfitTrigger: formatPriceOrNull(attached?.takeProfitTicks ?? 0, spec),
    takeProfitPrice: formatPriceOrNull(attached?.takeProfitLimitTicks ?? 0, spec),
    stopLossTrigger: formatPriceOrNull(attached?.stopLossTicks ?? 0, spec),
    stopLossPrice: formatPriceOrNull(attached?.stopLossLimitTicks ?? 0, spec),
    linkedOrderId: idOrNull(order.linkedOrderId),
    parentOrderId: idOrNull(order.parentOrderId),
    twap: order.twap === undefined ? null : formatTwap(order.twap),
    time: order.placedMs,
  };
}

const idOrNull = (orderId: number): string | null => (orderId === 0 ? null : String(orderId));

function formatTwap({ startMs, durationMs, slices, slicesDone }: TwapProgress): OpenOrderAnswer['twap'] {
  return { startTime: startMs, durationMs, slices, slicesDone };
}

function formatProtection(protection: AccountDoc['protections'][number], spec: MarketSpec): ProtectionAnswer {
  const { windowMs, fillCount, frozen } = protection;
  return {
    market: spec.symbol,
    windowMs,
    quantity: formatSize(protection.quantityLots, spec),
    delta: formatSize(protection.deltaLots, spec),
    fillCount,
    frozen,
  };
}

export function formatFill(fill: FillDoc, spec: MarketSpec): FillAnswer {
  return {
    tradeId: String(fill.tradeId),
    orderId: String(fill.orderId),
    market: spec.symbol,
    side: fill.side,
    role: fill.role,
    price: formatPrice(fill.priceTicks, spec),
    size: formatSize(fill.sizeLots, spec),
    fee: formatQuote(fill.feeAtoms),
    realisedPnl: formatQuote(fill.realisedPnlAtoms),
    time: fill.timeMs,
    liquidation: fill.liquidation,
  };
}

export function formatWithdrawal(withdrawal: WithdrawalDoc, { symbol, decimals }: Asset): WithdrawalAnswer {
  const { amountAtoms, siblings, ...rest } = withdrawal;
  return {
    ...rest,
    asset: symbol,
    amount: formatDecimal(amountAtoms, decimals),
    amountAtoms: String(amountAtoms),
    siblings: [...siblings],
  };
}

function known(marketById: Markets, marketId: MarketId): MarketDoc {
  const market = marketById.get(marketId);
  assert(market !== undefined, `the read model has no market ${marketId}`);
  return market;
}

function knownAsset(collaterals: readonly CollateralDoc[], assetId: AssetId): CollateralDoc {
  const collateral = collaterals.find(({ spec }) => spec.assetId === assetId);
  assert(collateral !== undefined, `the read model has no collateral asset ${assetId}`);
  return collateral;
}
