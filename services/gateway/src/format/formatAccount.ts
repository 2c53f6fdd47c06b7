import type { AccountDoc, At, FillDoc, MarketDoc, OrderDoc, WithdrawalDoc } from '@keel/redis';
import {
  accountMargin,
  assert,
  entryPriceTicks,
  liquidationPriceTicks,
  type MarginPosition,
  type MarketId,
  type MarketSpec,
  maintenanceMarginAtoms,
  notionalAtoms,
  type TwapProgress,
  unrealisedAtoms,
  withdrawableAtoms,
} from '@keel/types';
import type {
  AccountAnswer,
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
  readonly orders: readonly OrderDoc[];
  readonly markets: readonly MarketDoc[];
}

/** The figures the engine decides by, computed by the same functions from the documents of one sequence. */
export function formatAccount(facts: At<AccountFacts>): AccountAnswer {
  const { account, orders, markets, head } = facts;
  const marketById = new Map(markets.map((market) => [market.spec.marketId, market]));
  const positions = marginPositionsOf(facts, marketById);
  const margin = accountMargin(account.collateralAtoms, positions);
  return {
    sequence: head.sequence,
    address: account.owner,
    accountId: String(account.accountId),
    collateral: formatQuote(account.collateralAtoms),
    equity: formatQuote(margin.equityAtoms),
    initialMargin: formatQuote(margin.initialMarginAtoms),
    maintenanceMargin: formatQuote(margin.maintenanceMarginAtoms),
    withdrawable: formatQuote(withdrawableAtoms(account.collateralAtoms, positions)),
    inLiquidation: account.inLiquidation,
    positions: positions
      .filter((position) => position.sizeLots !== 0)
      .map((position) => formatPosition(account.collateralAtoms, positions, position)),
    openOrders: orders.map((order) => formatOpenOrder(order, known(marketById, order.marketId).spec)),
    agents: account.agents.map(({ agent, agentName, expiresAtMs }) => ({ agent, agentName, expiresAt: expiresAtMs })),
    cancelAllAfter: account.cancelAllAfterMs,
    protections: account.protections.map((protection) =>
      formatProtection(protection, known(marketById, protection.marketId).spec),
    ),
  };
}

/** Every market in which the account has a position or an order in the book; those that wait need no margin yet. */
function marginPositionsOf(facts: AccountFacts, marketById: ReadonlyMap<MarketId, MarketDoc>): MarginPosition[] {
  const { account } = facts;
  const orders = facts.orders.filter((order) => order.state === 'resting');
  const held = new Map(account.positions.map((position) => [position.marketId, position]));
  const marketIds = new Set([...held.keys(), ...orders.map((order) => order.marketId)]);
  return [...marketIds].map((marketId) => {
    const market = known(marketById, marketId);
    const position = held.get(marketId);
    return {
      spec: market.spec,
      markTicks: market.markTicks,
      sizeLots: position?.sizeLots ?? 0,
      entryNotionalAtoms: position?.entryNotionalAtoms ?? 0,
      positionFundingIndex: position?.fundingIndex ?? market.fundingIndex,
      marketFundingIndex: market.fundingIndex,
      openOrders: orders.filter((order) => order.marketId === marketId),
    };
  });
}

function formatPosition(
  collateralAtoms: number,
  positions: readonly MarginPosition[],
  position: MarginPosition,
): PositionAnswer {
  const { spec, sizeLots, markTicks } = position;
  const liquidationTicks = liquidationPriceTicks(collateralAtoms, positions, spec.marketId);
  return {
    market: spec.symbol,
    size: formatSize(sizeLots, spec),
    entryPrice: formatPrice(entryPriceTicks(spec, sizeLots, position.entryNotionalAtoms), spec),
    mark: formatPrice(markTicks, spec),
    notional: formatQuote(notionalAtoms(spec, markTicks, Math.abs(sizeLots))),
    unrealisedPnl: formatQuote(unrealisedAtoms(position)),
    maintenanceMargin: formatQuote(maintenanceMarginAtoms(position)),
    liquidationPrice: liquidationTicks === undefined ? null : formatPrice(liquidationTicks, spec),
  };
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

export function formatWithdrawal(withdrawal: WithdrawalDoc): WithdrawalAnswer {
  const { amountAtoms, siblings, ...rest } = withdrawal;
  return { ...rest, amount: formatQuote(amountAtoms), amountAtoms: String(amountAtoms), siblings: [...siblings] };
}

function known(marketById: ReadonlyMap<MarketId, MarketDoc>, marketId: MarketId): MarketDoc {
  const market = marketById.get(marketId);
  assert(market !== undefined, `the read model has no market ${marketId}`);
  return market;
}
