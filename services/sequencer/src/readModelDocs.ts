import {
  type AccountView,
  type EngineState,
  listAccounts,
  listMarkets,
  listOrders,
  type MarketView,
  readAccount,
  readBook,
  readExchange,
  readLevel,
  readMarket,
  readOrder,
} from '@keel/engine';
import {
  type AccountDoc,
  type ExchangeDoc,
  emptyStateDiff,
  type FullReadModel,
  type HeadDoc,
  type LevelDoc,
  type MarketDoc,
  type OrderDoc,
  type StateDiff,
} from '@keel/redis';
import { assert, type OpenOrder, toSequence } from '@keel/types';
import type { Changes } from './changes.ts';
import type { Exchange } from './exchange.ts';
import { type History, marketHistory } from './history.ts';

/** Funding is settled at every full hour of sequenced time. */
const FUNDING_MS = 3_600_000;

/** What `changes` names, as it is now: the diff that brings the read model to the exchange's present sequence. */
export function stateDiffOf(exchange: Exchange, changes: Changes): StateDiff {
  const { state, history } = exchange;
  const { docs } = changes;
  const markets = new Set(changes.markets);
  for (const { marketId } of docs.trades) markets.add(marketId);
  const orders: OrderDoc[] = [];
  for (const orderId of changes.orders) {
    const order = readOrder(state, orderId);
    if (order !== undefined) orders.push(orderDoc(order, history));
  }
  return {
    ...emptyStateDiff(headDoc(exchange)),
    markets: [...markets].map((marketId) => marketDoc(present(readMarket(state, marketId)), state, history)),
    levels: [...changes.levels.values()].map(({ marketId, side, priceTicks }) => ({
      marketId,
      side,
      priceTicks,
      sizeLots: readLevel(state, marketId, side, priceTicks),
    })),
    accounts: [...changes.accounts].map((accountId) => accountDoc(present(readAccount(state, accountId)))),
    revokedAgents: docs.revokedAgents,
    orders,
    closedOrders: [...docs.closedOrders].map(([orderId, accountId]) => ({ orderId, accountId })),
    candles: [...docs.candles.values()],
    trades: docs.trades,
    fills: docs.fills,
    liquidations: docs.liquidations,
    exchange: exchangeDoc(state, history),
  };
}

/** The whole read model, for a Redis that was emptied or has lost a write. */
export function fullReadModelOf(exchange: Exchange): FullReadModel {
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
  return {
    head: headDoc(exchange),
    markets: markets.map((market) => marketDoc(market, state, history)),
    levels,
    accounts: [...listAccounts(state)].map(accountDoc),
    orders: [...listOrders(state)].map((order) => orderDoc(order, history)),
    exchange: exchangeDoc(state, history),
    history: {
      trades: histories.flatMap((market) => market.trades.list()),
      fills: history.fills.list(),
      liquidations: history.liquidations.list(),
    },
    candles: histories.flatMap((market) => market.candles.list()),
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

function marketDoc(market: MarketView, state: EngineState, history: History): MarketDoc {
  const { timeMs } = state;
  const { tradeCount, volumeAtoms } = marketHistory(history, market.spec.marketId);
  return {
    ...market,
    nextFundingMs: timeMs - (timeMs % FUNDING_MS) + FUNDING_MS,
    tradeCount,
    volumeAtoms: String(volumeAtoms),
  };
}

function accountDoc(account: AccountView): AccountDoc {
  const { accountId, owner, collateralAtoms, positions, agents, inLiquidation, cancelAllAfterMs, protections } =
    account;
  return {
    accountId,
    owner,
    collateralAtoms,
    positions,
    agents,
    inLiquidation,
    cancelAllAfterMs,
    protections,
  };
}

function orderDoc(order: OpenOrder, history: History): OrderDoc {
  const facts = history.orders.get(order.orderId);
  assert(facts !== undefined, `order ${order.orderId} is open without an event that says so`);
  return { ...order, placedMs: facts.placedMs };
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
  };
}

function present<Item>(item: Item | undefined): Item {
  assert(item !== undefined, 'something that changed does not exist');
  return item;
}
