import { assert } from '@keel/types';
import { bestTicks, bookSide } from './book/orderBook.ts';
import type { AccountState, BookOrder, EngineState, Holding, MarketState } from './state.ts';

/** Cheap checks after every command: they look at figures, never at all accounts or orders. */
export function assertAfterCommand(state: EngineState): void {
  assert(state.insuranceFundAtoms >= 0, 'insurance fund below 0');
  for (const market of state.markets) assertNotCrossed(market);
}

/**
 * The whole truth, for sealed batches and tests: money is conserved to the atom, positions of a market cancel out, and
 * every index agrees with what it indexes.
 * @throws AssertionError naming the first thing that does not hold.
 */
export function assertInvariants(state: EngineState): void {
  assertAfterCommand(state);
  assert(state.emptied.length === 0, 'empty holdings were not dropped');
  let heldAtoms = state.feesAtoms + BigInt(state.insuranceFundAtoms);
  let orders = 0;
  for (const [place, account] of state.accounts.entries()) {
    assert(account.accountId === place + 1, `account ${account.accountId} at place ${place}`);
    assert(state.accountByOwner.get(account.owner) === account, `account ${account.accountId} is not its owner's`);
    heldAtoms += assertAccount(state, account);
    orders += account.openOrders;
  }
  assert(orders === state.orders.size, `${orders} open orders in accounts, ${state.orders.size} in all`);
  let queued = 0;
  for (const market of state.markets) {
    heldAtoms += BigInt(market.fundingPoolAtoms);
    queued += assertBook(state, market);
    assertPositionsCancel(state, market);
  }
  assert(queued === state.orders.size, `${queued} orders in books, ${state.orders.size} in all`);
  const owedAtoms = state.depositedAtoms - state.withdrawnAtoms;
  assert(heldAtoms === owedAtoms, `money is not conserved: ${heldAtoms} held, ${owedAtoms} owed`);
}

/** Checks one account and returns its money: collateral - entries. */
function assertAccount(state: EngineState, account: AccountState): bigint {
  const { accountId, collateralAtoms, holdings } = account;
  assert(Number.isSafeInteger(collateralAtoms), `collateral of account ${accountId} is ${collateralAtoms}`);
  assert(account.liquidationId > 0 === state.liquidating.has(accountId), `account ${accountId} liquidating or not`);
  let money = BigInt(collateralAtoms);
  let orders = 0;
  let previousMarket = 0;
  for (const holding of holdings) {
    const { marketId } = holding.market.spec;
    assert(marketId > previousMarket, `holdings of account ${accountId} out of order`);
    assert(holding.sizeLots !== 0 || holding.orders.length > 0, `account ${accountId} keeps an empty holding`);
    assert(holding.sizeLots !== 0 || holding.entryNotionalAtoms === 0, `account ${accountId} paid for no position`);
    previousMarket = marketId;
    money -= BigInt(holding.entryNotionalAtoms);
    orders += assertOrders(state, holding);
  }
  assert(orders === account.openOrders, `account ${accountId} has ${orders} orders, counts ${account.openOrders}`);
  const flat = holdings.every((holding) => holding.sizeLots === 0);
  assert(!flat || collateralAtoms >= 0, `flat account ${accountId} owes ${-collateralAtoms}`);
  assert(account.liquidationId === 0 || orders === 0, `account ${accountId} has orders in liquidation`);
  return money;
}

function assertOrders(state: EngineState, holding: Holding): number {
  let previousId = 0;
  for (const order of holding.orders) {
    assert(order.holding === holding && state.orders.get(order.orderId) === order, `order ${order.orderId} misplaced`);
    assert(order.orderId > previousId && order.orderId < state.nextOrderId, `order ${order.orderId} out of order`);
    assert(order.remainingLots > 0 && order.remainingLots <= order.sizeLots, `order ${order.orderId} is empty`);
    const reducible = order.side === 'sell' ? holding.sizeLots : -holding.sizeLots;
    assert(!order.reduceOnly || order.remainingLots <= reducible, `order ${order.orderId} would increase a position`);
    previousId = order.orderId;
  }
  return holding.orders.length;
}

/** Checks both queues of a market and returns how many orders stand in them. */
function assertBook(state: EngineState, { book, spec }: MarketState): number {
  let orders = 0;
  for (const side of [book.bids, book.asks]) {
    let previousTicks: number | undefined;
    for (const level of side.levels) {
      const better = side.side === 'buy' ? 1 : -1;
      const sorted = previousTicks === undefined || (level.priceTicks - previousTicks) * better > 0;
      assert(sorted && level.head !== undefined, `level ${level.priceTicks} of market ${spec.marketId}`);
      previousTicks = level.priceTicks;
      let lots = 0;
      let previousId = 0;
      let order: BookOrder | undefined = level.head;
      while (order !== undefined) {
        assert(order.level === level && order.priceTicks === level.priceTicks, `order ${order.orderId} off its level`);
        assert(
          bookSide(book, order.side) === side && order.marketId === spec.marketId,
          `order ${order.orderId} strays`,
        );
        assert(order.orderId > previousId, `order ${order.orderId} jumped the queue`);
        assert(state.orders.get(order.orderId) === order, `order ${order.orderId} is unknown`);
        assert(order.next !== undefined || level.tail === order, `level ${level.priceTicks} has another tail`);
        previousId = order.orderId;
        lots += order.remainingLots;
        orders += 1;
        order = order.next;
      }
      assert(lots === level.totalLots, `level ${level.priceTicks} holds ${lots}, counts ${level.totalLots}`);
    }
  }
  return orders;
}

function assertPositionsCancel(state: EngineState, market: MarketState): void {
  const { marketId } = market.spec;
  let sum = 0;
  let long = 0;
  let holders = 0;
  for (const account of state.accounts) {
    for (const holding of account.holdings) {
      if (holding.market !== market || holding.sizeLots === 0) continue;
      sum += holding.sizeLots;
      long += Math.max(0, holding.sizeLots);
      assert(market.holders[holders] === account.accountId, `holders of market ${marketId} miss ${account.accountId}`);
      holders += 1;
    }
  }
  assert(sum === 0, `positions of market ${marketId} sum to ${sum}`);
  assert(long === market.openInterestLots, `open interest of market ${marketId} is ${long}`);
  assert(holders === market.holders.length, `market ${marketId} counts ${market.holders.length} holders`);
}

function assertNotCrossed({ book, spec }: MarketState): void {
  const bid = bestTicks(book.bids);
  const ask = bestTicks(book.asks);
  assert(bid === 0 || ask === 0 || bid < ask, `book of market ${spec.marketId} is crossed: ${bid} / ${ask}`);
}
