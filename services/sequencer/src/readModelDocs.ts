import {
  type AccountView,
  type CollateralView,
  type EngineState,
  listAccounts,
  listCollaterals,
  listMarkets,
  listOrders,
  type MarketView,
  readAccount,
  readAccountIdOf,
  readBook,
  readCollateral,
  readExchange,
  readLevel,
  readMarket,
  readOrder,
} from '@keel/engine';
import {
  type AccountDoc,
  type BookOrderDoc,
  type CollateralDoc,
  type ExchangeDoc,
  emptyStateDiff,
  type FullReadModel,
  type HeadDoc,
  type LevelDoc,
  type MarketDoc,
  type OrderDoc,
  type OrderUpdateDoc,
  type PriceDoc,
  type StateDiff,
} from '@keel/redis';
import { type Changes, candleDocOf, type Exchange, type History, marketHistory, orderDocOf } from '@keel/replica';
import { type AccountId, assert, type MarketId, type OpenOrder, type SizeLots, toSequence } from '@keel/types';
import { DeleverageLights } from './deleverageLights.ts';

/** Funding is settled at every full hour of sequenced time. */
const FUNDING_MS = 3_600_000;

/** Where nobody samples, nobody has a place in the queue. */
const NO_LIGHTS = new DeleverageLights();

/** What `changes` names, as it is now: the diff that brings the read model to the exchange's present sequence. */
export function stateDiffOf(exchange: Exchange, changes: Changes, lights = NO_LIGHTS): StateDiff {
  const { state, history } = exchange;
  const { docs } = changes;
  const markets = new Set(changes.markets);
  for (const { marketId } of docs.trades) markets.add(marketId);
  const head = headDoc(exchange);
  const orders: OrderDoc[] = [];
  for (const orderId of changes.orders) {
    const order = readOrder(state, orderId);
    if (order !== undefined) orders.push(orderDoc(order, history));
  }
  return {
    ...emptyStateDiff(head),
    markets: [...markets].map((marketId) => marketDoc(present(readMarket(state, marketId)), exchange, lights)),
    levels: [...changes.levels.values()].map(({ marketId, side, priceTicks }) => ({
      marketId,
      side,
      priceTicks,
      sizeLots: readLevel(state, marketId, side, priceTicks),
    })),
    accounts: [...changes.accounts].map((accountId) => accountDoc(present(readAccount(state, accountId)), exchange)),
    approvals: [...docs.agents].map((agent) => ({ agent, approvals: history.approvals.of(agent) })),
    orders,
    closedOrders: [...docs.closedOrders].map(([orderId, accountId]) => ({ orderId, accountId })),
    bookOrders: [...docs.leftBook.map(goneOrder), ...bookOrdersOf(orders)],
    orderUpdates: [...docs.orderUpdates, ...orders.map((order) => openUpdate(order, head))],
    fundingPayments: docs.fundingPayments,
    fundingRates: docs.fundingRates,
    ledger: docs.ledger,
    candles: [...docs.candles].map(candleDocOf),
    trades: docs.trades,
    fills: docs.fills,
    liquidations: docs.liquidations,
    marginEvents: docs.marginEvents,
    certificates: docs.certificates,
    auctions: [...docs.auctions.values()],
    endedAuctions: docs.endedAuctions,
    collaterals: docs.collateralsChanged ? [...listCollaterals(state)].map(collateralDoc) : [],
    prices: [
      ...[...docs.pricedMarkets].map((marketId) => marketPriceDoc(present(readMarket(state, marketId)))),
      ...[...docs.pricedAssets].map((assetId) => collateralPriceDoc(present(readCollateral(state, assetId)))),
    ],
    exchange: exchangeDoc(state, history),
  };
}

/** The whole read model, for a Redis that was emptied or has lost a write. */
export function fullReadModelOf(exchange: Exchange, lights = NO_LIGHTS): FullReadModel {
  const { state, history } = exchange;
  const levels: LevelDoc[] = [];
  const markets = [...listMarkets(state)];
  for (const { spec } of markets) {
    const { marketId } = spec;
    const book = readBook(state, marketId);
    for (const { priceTicks, lots } of book.bids) levels.push({ marketId, side: 'buy', priceTicks, sizeLots: lots });
    for (const { priceTicks, lots } of book.asks) levels.push({ marketId, side: 'sell', priceTicks, sizeLots: lots });
  }
  const histories = [...history.markets.values()];
  const orders = [...listOrders(state)].map((order) => orderDoc(order, history));
  return {
    head: headDoc(exchange),
    markets: markets.map((market) => marketDoc(market, exchange, lights)),
    levels,
    accounts: [...listAccounts(state)].map((account) => accountDoc(account, exchange)),
    approvals: history.approvals.list(),
    orders,
    bookOrders: bookOrdersOf(orders),
    exchange: exchangeDoc(state, history),
    history: {
      trades: histories.flatMap((market) => market.trades.list()),
      fills: history.fills.list(),
      liquidations: history.liquidations.list(),
      marginEvents: history.marginEvents.list(),
      certificates: history.certificates.list(),
      orderUpdates: history.closedOrders.list(),
      fundingPayments: history.fundingPayments.list(),
      fundingRates: histories.flatMap((market) => market.fundingRates.list()),
      ledger: history.ledger.list(),
    },
    candles: histories.flatMap((market) => market.candles.list()),
    auctions: [...history.auctions.values()],
    collaterals: [...listCollaterals(state)].map(collateralDoc),
    prices: [...markets.map(marketPriceDoc), ...[...listCollaterals(state)].map(collateralPriceDoc)],
  };
}

function headDoc(exchange: Exchange): HeadDoc {
  const { sequence, timeMs } = readExchange(exchange.state);
  return {
    sequence: toSequence(sequence),
    timeMs,
    stateRoot: exchange.sealedRoot,
    batchIndex: exchange.lastBatchIndex,
  };
}

function marketDoc(market: MarketView, { state, history }: Exchange, lights: DeleverageLights): MarketDoc {
  const { timeMs } = state;
  // How old a price is depends on when one looks; its signed reports stand apart.
  const { quality: _, reports: __, openInterestAtoms: ___, ...figures } = market;
  const { backstopAccountId, backstopContributedAtoms, backstopEquityAtoms, ...doc } = figures;
  const { marketId } = market.spec;
  const { tradeCount, volumeAtoms } = marketHistory(history, marketId);
  return {
    ...doc,
    jumpSinceMs: present(state.markets[marketId - 1]).jumpSinceMs,
    backstop:
      backstopAccountId === 0
        ? null
        : {
            accountId: backstopAccountId,
            contributedAtoms: backstopContributedAtoms,
            equityAtoms: backstopEquityAtoms,
            sizeLots: positionOf(state, backstopAccountId, marketId),
          },
    deleverage: lights.of(marketId),
    nextFundingMs: timeMs - (timeMs % FUNDING_MS) + FUNDING_MS,
    tradeCount,
    volumeAtoms: String(volumeAtoms),
  };
}

function positionOf(state: EngineState, accountId: AccountId, marketId: MarketId): SizeLots {
  const positions = readAccount(state, accountId)?.positions ?? [];
  return positions.find((position) => position.marketId === marketId)?.sizeLots ?? 0;
}

function collateralDoc(collateral: CollateralView): CollateralDoc {
  const { spec, priceTicks, priceTimeMs, jumpTicks } = collateral;
  return {
    spec,
    priceTicks,
    priceTimeMs,
    jumpTicks,
    depositedAtoms: String(collateral.depositedAtoms),
    withdrawnAtoms: String(collateral.withdrawnAtoms),
    treasuryAtoms: String(collateral.treasuryAtoms),
  };
}

function marketPriceDoc({ spec, indexTicks, indexTimeMs, reports }: MarketView): PriceDoc {
  return { feed: spec.symbol, priceTicks: indexTicks, priceTimeMs: indexTimeMs, reports };
}

function collateralPriceDoc({ spec, priceTicks, priceTimeMs, reports }: CollateralView): PriceDoc {
  return { feed: `collateral:${spec.symbol}`, priceTicks, priceTimeMs, reports };
}

function accountDoc(account: AccountView, { state, history }: Exchange): AccountDoc {
  const { accountId, owner, subaccount, collateralAtoms, positions, leverages, agents, protections } = account;
  const { liquidator, warnedPercent, inLiquidation, auctionId, cancelAllAfterMs } = account;
  return {
    accountId,
    owner,
    subaccount,
    mainAccountId: subaccount === 0 ? accountId : present(readAccountIdOf(state, owner)),
    backstopMarketId: account.backstopMarketId,
    collateralAtoms,
    // What it counts moves with the price, which is the asset's document.
    balances: account.balances.map(({ assetId, amountAtoms }) => ({ assetId, amountAtoms })),
    positions,
    leverages,
    agents,
    liquidator,
    warnedPercent,
    inLiquidation,
    auctionId,
    cancelAllAfterMs,
    protections,
    volumeAtoms: String(history.volumes.get(accountId) ?? 0n),
  };
}

function orderDoc(order: OpenOrder, history: History): OrderDoc {
  const facts = history.orders.get(order.orderId);
  assert(facts !== undefined, `order ${order.orderId} is open without an event that says so`);
  return orderDocOf(order, facts);
}

function openUpdate(order: OrderDoc, { timeMs, sequence }: HeadDoc): OrderUpdateDoc {
  const { accountId, firedMs } = order;
  const state = firedMs === 0 ? 'open' : 'triggered';
  return { accountId, order, state, closeReason: undefined, closeCode: 0, timeMs, sequence };
}

/** Those that rest, without their owners, by their places in time. */
function bookOrdersOf(orders: readonly OrderDoc[]): BookOrderDoc[] {
  return orders
    .filter(({ state }) => state === 'resting')
    .map(({ marketId, orderId, side, priceTicks, shownLots, queuePlace }) => {
      return { marketId, orderId, side, priceTicks, sizeLots: shownLots, queuePlace };
    })
    .sort((one, other) => one.queuePlace - other.queuePlace);
}

function goneOrder({ order: { marketId, orderId, side, priceTicks } }: OrderUpdateDoc): BookOrderDoc {
  return { marketId, orderId, side, priceTicks, sizeLots: 0, queuePlace: 0 };
}

function exchangeDoc(state: EngineState, history: History): ExchangeDoc {
  const { accounts, openOrders, insuranceFundAtoms } = readExchange(state);
  let tradesTotal = 0;
  let volumeAtoms = 0n;
  for (const market of history.markets.values()) {
    tradesTotal += market.tradeCount;
    volumeAtoms += market.volumeAtoms;
  }
  return {
    accounts,
    openOrders,
    ordersTotal: history.ordersTotal,
    tradesTotal,
    liquidationsTotal: history.liquidationsTotal,
    volumeAtoms: String(volumeAtoms),
    insuranceFundAtoms: String(insuranceFundAtoms),
    certificatesTotal: history.certificatesTotal,
    feeders: state.feeders,
  };
}

function present<Item>(item: Item | undefined): Item {
  assert(item !== undefined, 'something that changed does not exist');
  return item;
}
