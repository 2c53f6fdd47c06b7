import { assert, isolatedMarket } from '@keel/types';
import { balanceOf } from './accounts/balance.ts';
import { findHolding, isEmpty, leverageIn } from './holdings.ts';
import { solvencyOf } from './margin/accountFigures.ts';
import { owes } from './margin/convertCollateral.ts';
import type { OrderRecord } from './orders/orderRecord.ts';
import { assertPublishable } from './publishable.ts';
import {
  type AccountState,
  type CollateralState,
  type EngineState,
  findAccount,
  type Holding,
  type MarketState,
} from './state.ts';
import type { IdQueue } from './timers/idQueue.ts';
import { listFired } from './triggers/firedQueue.ts';

/** Cheap checks after every command: they look at figures, never at all accounts or orders. */
export function assertAfterCommand(state: EngineState): void {
  assertPublishable(state);
  assert(state.feesAtoms >= 0n, 'fees below 0');
}

/**
 * The whole truth, for sealed batches and tests: money is conserved to the atom, positions of a market cancel out, and
 * every index agrees with what it indexes.
 * @throws AssertionError naming the first thing that does not hold.
 */
export function assertInvariants(state: EngineState): void {
  assertAfterCommand(state);
  assert(state.emptied.length === 0, 'empty holdings were not dropped');
  const queues = { turns: entriesOf(state.turns), warned: entriesOf(state.warned) };
  let heldAtoms = state.feesAtoms;
  let orders = 0;
  let auctions = 0;
  for (const [place, account] of state.accounts.entries()) {
    assert(account.accountId === place + 1, `account ${account.accountId} at place ${place}`);
    assertOwner(state, account);
    heldAtoms += assertAccount(state, account);
    assertWaits(state, account, queues);
    orders += account.openOrders;
    if (account.auction !== undefined) auctions += 1;
  }
  assert(state.warned.ids.length === queues.warned.size, 'an account stands twice among the warned');
  assert(orders === state.openOrders, `${orders} open orders in accounts, ${state.openOrders} in all`);
  assert(auctions === state.auctions.size, `${auctions} auctions of accounts, ${state.auctions.size} in all`);
  let queued = 0;
  for (const market of state.markets) {
    heldAtoms += BigInt(market.fundingPoolAtoms) + BigInt(market.insuranceFundAtoms);
    queued += assertBook(state, market);
    assertPositionsCancel(state, market);
    const vault = market.backstop;
    assert(vault === undefined || vault.backstopOf === market, `market ${market.spec.marketId} has another's vault`);
  }
  const outside = state.waiting.size;
  assert(
    queued + outside === state.openOrders,
    `${queued} orders in books, ${outside} outside, ${state.openOrders} in all`,
  );
  assert(state.overRecords.length === 0, 'records of closed orders were not freed');
  const owedAtoms = state.depositedAtoms - state.withdrawnAtoms;
  assert(heldAtoms === owedAtoms, `money is not conserved: ${heldAtoms} held, ${owedAtoms} owed`);
  for (const collateral of state.collaterals) assertAsset(state, collateral);
}

/** What is in the accounts and what the exchange bought is what came in and did not go out. */
function assertAsset(state: EngineState, collateral: CollateralState): void {
  const { spec, treasuryAtoms, depositedAtoms, withdrawnAtoms } = collateral;
  let heldAtoms = treasuryAtoms;
  for (const account of state.accounts) heldAtoms += BigInt(balanceOf(account, collateral));
  const owedAtoms = depositedAtoms - withdrawnAtoms;
  assert(treasuryAtoms >= 0n, `treasury of asset ${spec.assetId} below 0`);
  assert(heldAtoms === owedAtoms, `asset ${spec.assetId} is not conserved: ${heldAtoms} held, ${owedAtoms} owed`);
  assert(owedAtoms <= BigInt(spec.maxDepositedAtoms), `more of asset ${spec.assetId} than it may be`);
}

/** The account is found by owner and number, and is what its number says. */
function assertOwner(state: EngineState, account: AccountState): void {
  const { accountId, owner, subaccount, main, others, isolatedIn, backstopOf } = account;
  const isMain = subaccount === 0;
  assert(isMain === (main === account) && main.subaccount === 0, `account ${accountId} has another's main account`);
  assert(state.accountByOwner.get(owner) === main, `account ${accountId} is not its owner's`);
  assert(findAccount(state, owner, subaccount) === account, `account ${accountId} is not found by its number`);
  assert(
    (isolatedIn?.spec.marketId ?? 0) === isolatedMarket(subaccount),
    `account ${accountId} isolates another market`,
  );
  assert(backstopOf === undefined || backstopOf.backstop === account, `account ${accountId} is no vault`);
  assert(isMain || others.length === 0, `account ${accountId} has accounts of its own`);
  assert(isMain || account.agents.length === 0, `account ${accountId} has agents of its own`);
  for (let place = 1; place < others.length; place += 1) {
    assert(others[place - 1]!.subaccount < others[place]!.subaccount, `accounts of ${accountId} out of order`);
  }
}

/** Checks one account and returns its money: collateral - entries. */
function assertAccount(state: EngineState, account: AccountState): bigint {
  const { accountId, collateralAtoms, holdings, isolatedIn } = account;
  assert(Number.isSafeInteger(collateralAtoms), `collateral of account ${accountId} is ${collateralAtoms}`);
  assert(account.liquidationId > 0 === state.liquidating.has(accountId), `account ${accountId} liquidating or not`);
  let money = BigInt(collateralAtoms);
  let orders = 0;
  let previousMarket = 0;
  for (const holding of holdings) {
    const { marketId } = holding.market.spec;
    assert(marketId > previousMarket, `holdings of account ${accountId} out of order`);
    assert(!isEmpty(holding), `account ${accountId} keeps an empty holding`);
    assert(holding.sizeLots !== 0 || holding.entryNotionalAtoms === 0, `account ${accountId} paid for no position`);
    assert(isolatedIn === undefined || isolatedIn === holding.market, `account ${accountId} left its market`);
    assert(holding.leverage === leverageIn(account, holding.market), `account ${accountId} set another leverage`);
    previousMarket = marketId;
    money -= BigInt(holding.entryNotionalAtoms);
    orders += assertOrders(state, holding);
  }
  assert(orders === account.openOrders, `account ${accountId} has ${orders} orders, counts ${account.openOrders}`);
  const { equityAtoms, maintenanceAtoms } = solvencyOf(account);
  const known = account.liquidationId !== 0 || state.suspects.has(accountId) || state.parked.has(accountId);
  // A flat debtor has nothing to close, and must be among the debtors: see below.
  const isDue = known || account.turnKey !== 0 || account.backstopOf !== undefined || owes(account);
  assert(equityAtoms >= maintenanceAtoms || isDue, `account ${accountId} is under maintenance and nobody knows`);
  const mayOwe = state.debtors.has(accountId) || !owes(account);
  assert(mayOwe, `flat account ${accountId} owes ${-collateralAtoms}`);
  assert(account.liquidationId === 0 || orders === 0, `account ${accountId} has orders in liquidation`);
  assert(account.backstopOf === undefined || orders === 0, `vault ${accountId} has orders`);
  assertLists(account);
  return money;
}

/** Balances and leverages: in order, and none of nothing. */
function assertLists({ accountId, balances, leverages }: AccountState): void {
  let previous = 0;
  for (const { collateral, amountAtoms } of balances) {
    assert(collateral.spec.assetId > previous, `balances of account ${accountId} out of order`);
    assert(Number.isSafeInteger(amountAtoms) && amountAtoms > 0, `account ${accountId} has ${amountAtoms} of an asset`);
    previous = collateral.spec.assetId;
  }
  previous = 0;
  for (const { market, leverage } of leverages) {
    assert(market.spec.marketId > previous, `leverages of account ${accountId} out of order`);
    assert(Number.isSafeInteger(leverage) && leverage > 0, `account ${accountId} set leverage ${leverage}`);
    previous = market.spec.marketId;
  }
}

interface Queues {
  readonly turns: ReadonlySet<string>;
  readonly warned: ReadonlySet<string>;
}

function entriesOf({ keys, ids }: IdQueue): Set<string> {
  return new Set(keys.map((key, place) => `${key}:${ids[place]}`));
}

/** Whoever waits for a turn, an auction step or the end of a margin call stands where that is looked up. */
function assertWaits(state: EngineState, account: AccountState, queues: Queues): void {
  const { accountId, turnKey, auction, warnedPercent, warnedDueMs, liquidationId } = account;
  assert(turnKey === 0 || queues.turns.has(`${turnKey}:${accountId}`), `account ${accountId} waits for no turn`);
  const isCalled = warnedDueMs === 0 || queues.warned.has(`${warnedDueMs}:${accountId}`);
  assert(isCalled, `account ${accountId} is not looked at again`);
  const isRemembered = warnedPercent === 0 || liquidationId !== 0 || warnedDueMs !== 0 || state.suspects.has(accountId);
  assert(isRemembered, `account ${accountId} was warned and is forgotten`);
  if (auction === undefined) return;
  const { auctionId, market, remainingLots } = auction;
  assert(state.auctions.get(auctionId) === auction && auction.account === account, `auction ${auctionId} is another's`);
  assert(auctionId < state.nextAuctionId && liquidationId !== 0, `auction ${auctionId} without a liquidation`);
  const heldLots = Math.abs(findHolding(account, market)?.sizeLots ?? 0);
  assert(remainingLots > 0 && remainingLots <= heldLots, `auction ${auctionId} sells ${remainingLots} of ${heldLots}`);
}

function assertOrders(state: EngineState, holding: Holding): number {
  let buyLots = 0;
  let sellLots = 0;
  let reduceOnly = 0;
  for (const [place, order] of holding.resting.entries()) {
    const { orderId, slot, side, remainingLots } = order;
    assert(order.place === place, `order ${orderId} thinks it is elsewhere`);
    assert(order.state === 'resting' && holding.market.resting[slot] === order, `order ${orderId} misplaced`);
    if (order.reduceOnly) {
      const reducible = side === 'sell' ? holding.sizeLots : -holding.sizeLots;
      assert(remainingLots <= reducible, `order ${orderId} would increase a position`);
      reduceOnly += 1;
    } else if (side === 'buy') {
      buyLots += remainingLots;
      assert(order.priceTicks <= holding.buysUpToTicks, `order ${orderId} buys above its account's bound`);
    } else {
      sellLots += remainingLots;
      assert(order.priceTicks >= holding.sellsDownToTicks, `order ${orderId} sells below its account's bound`);
    }
  }
  assert(buyLots === holding.restingBuyLots && sellLots === holding.restingSellLots, 'resting lots of a holding');
  assert(reduceOnly === holding.restingReduceOnly, 'resting reduce-only orders of a holding');
  const fired = holding.waiting.length === 0 ? [] : listFired(state);
  for (const order of holding.waiting) {
    const waits = order.state === 'waiting' || order.state === 'twap';
    assert(waits && state.waiting.get(order.orderId) === order, `order ${order.orderId} waits nowhere`);
    assert(order.fired === fired.includes(order.orderId), `order ${order.orderId} fired into nothing`);
  }
  assertList(
    state,
    holding,
    [...holding.resting].sort((a, b) => a.orderId - b.orderId),
  );
  assertList(state, holding, holding.waiting);
  return holding.resting.length + holding.waiting.length;
}

/** What holds for every open order of a holding: ids ascend, sizes are possible, names are known. */
function assertList(state: EngineState, holding: Holding, orders: readonly OrderRecord[]): void {
  let previousId = 0;
  for (const { orderId, holding: own, remainingLots, sizeLots, clientOrderId } of orders) {
    assert(own === holding, `order ${orderId} is another holding's`);
    assert(orderId > previousId && orderId < state.nextOrderId, `order ${orderId} out of order`);
    assert(remainingLots > 0 && remainingLots <= sizeLots, `order ${orderId} is empty`);
    const { orderNames } = holding.account;
    assert(clientOrderId === '' || orderNames?.get(clientOrderId) === orderId, `order ${orderId} lost its name`);
    previousId = orderId;
  }
}

/** Checks the queues of a market and returns how many orders stand in them. */
function assertBook(state: EngineState, market: MarketState): number {
  const { book, spec } = market;
  const { bestBid, bestAsk } = book;
  const name = `book of market ${spec.marketId}`;
  assert(bestBid === 0 || bestAsk === 0 || bestBid < bestAsk, `${name} is crossed: ${bestBid} / ${bestAsk}`);
  let orders = 0;
  let previousTicks = 0;
  for (let ticks = book.levelAbove(0); ticks !== 0; ticks = book.levelAbove(ticks)) {
    assert(
      ticks <= bestBid || (ticks >= bestAsk && bestAsk !== 0),
      `${name} has a level at ${ticks} inside its spread`,
    );
    assert(previousTicks !== bestBid || ticks === bestAsk, `${name} has a better ask than ${bestAsk}`);
    previousTicks = ticks;
    orders += assertLevel(state, market, ticks);
  }
  assert(orders === book.count, `${name} counts ${book.count} orders, has ${orders}`);
  return orders;
}

function assertLevel(state: EngineState, { book, resting, spec }: MarketState, ticks: number): number {
  let lots = 0;
  let orders = 0;
  let previousPlace = 0;
  for (let slot = book.headAt(ticks); slot !== 0; slot = book.nextInQueue(slot)) {
    const order = resting[slot];
    assert(
      order?.state === 'resting' && order.slot === slot,
      `slot ${slot} of market ${spec.marketId} is not an order's`,
    );
    const { orderId, queuePlace, remainingLots } = order;
    assert(order.priceTicks === ticks && book.find(orderId) === slot, `order ${orderId} off its level`);
    assert((order.side === 'buy') === ticks <= book.bestBid, `order ${orderId} on the wrong side`);
    assert(queuePlace > previousPlace && queuePlace < state.nextQueuePlace, `order ${orderId} jumped the queue`);
    assert(
      book.lotsOf(slot) + book.hiddenOf(slot) === remainingLots,
      `order ${orderId} counts other lots than the book`,
    );
    previousPlace = queuePlace;
    lots += book.lotsOf(slot);
    orders += 1;
  }
  assert(lots === book.lotsAt(ticks) && orders === book.countAt(ticks), `level ${ticks} of market ${spec.marketId}`);
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
      assert(
        market.holders[holding.holderPlace] === holding,
        `holders of market ${marketId} miss ${account.accountId}`,
      );
      holders += 1;
    }
  }
  assert(sum === 0, `positions of market ${marketId} sum to ${sum}`);
  assert(long === market.openInterestLots, `open interest of market ${marketId} is ${long}`);
  assert(holders === market.holders.length, `market ${marketId} counts ${market.holders.length} holders`);
}
