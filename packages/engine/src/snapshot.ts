import {
  assert,
  divFloor,
  type Hex,
  isolatedMarket,
  NONCE_WINDOW,
  type OpenOrderState,
  type OrderId,
  type PriceReport,
  type SizeLots,
  toAccountId,
  toAssetId,
  toMarketId,
  toOrderId,
} from '@keel/types';
import { changeBalance, findCollateral } from './accounts/balance.ts';
import { createAccount } from './accounts/createAccount.ts';
import { addAccount } from './accounts/openAccount.ts';
import { enterBook } from './book/restOrder.ts';
import {
  assertAtEnd,
  type ByteReader,
  createReader,
  readAddress,
  readInt,
  readList,
  readSum,
  readText,
  readU8,
} from './byteReader.ts';
import { type ByteWriter, createWriter, writeAddress, writeInt, writeText, writeU8, written } from './byteWriter.ts';
import { takeDirty } from './dirty.ts';
import { ENGINE_VERSION_FIRST, ENGINE_VERSION_MAX, EngineVersionUnknown } from './engineVersion.ts';
import { openHolding } from './holdings.ts';
import { assertInvariants } from './invariants.ts';
import {
  ACCOUNT_NUMBERS,
  ATTACHED_NUMBERS,
  AUCTION_NUMBERS,
  COLLATERAL_NUMBERS,
  COLLATERAL_SPEC_NUMBERS,
  COLLATERAL_SUMS,
  DELEVERAGE_RULES,
  GLOBAL_NUMBERS,
  GLOBAL_SUMS,
  MARKET_NUMBERS,
  ORDER_NUMBERS,
  ORDER_WORDS,
  PROTECTION_NUMBERS,
  REPORT_NUMBERS,
  SPEC_NUMBERS,
  TIER_NUMBERS,
  TRADING_STATUSES,
  TRIGGER_KINDS,
  TRIGGER_NUMBERS,
  WARNED_PERCENTS,
  writeAccount,
  writeGlobals,
  writeMarket,
  writeOrder,
} from './leaves.ts';
import { addHolder } from './margin/changePosition.ts';
import { openOrdersOf } from './orders/findOrder.ts';
import { rememberName } from './orders/orderNames.ts';
import { createRecord, type OrderRecord, type RecordTerms } from './orders/orderRecord.ts';
import {
  type AccountState,
  type Agent,
  accountOf,
  createCollateral,
  createMarket,
  createState,
  type EngineState,
  findMarket,
  type MarketState,
  type Protection,
} from './state.ts';
import { addToQueue, type IdQueue } from './timers/idQueue.ts';
import { watchSlice } from './timers/watchSlice.ts';
import { listFired, queueFired } from './triggers/firedQueue.ts';
import { addTrailing, listTrailing } from './triggers/trailingStops.ts';
import { joinWaiting, watchMark } from './triggers/waitForTrigger.ts';

/** Changes with the layout of the bytes below: under the first rules of the engine nothing says which they are, */
const SNAPSHOT_VERSION = 3;
/** and an older program, which could not go on by later ones, does not read them as its own. */
const LATER_RULES_SNAPSHOT_VERSION = 4;

/** The whole state in canonical bytes: equal states give equal bytes. What `takeDirty` still holds is not part of it. */
export function writeSnapshot(state: EngineState): Uint8Array {
  const writer = createWriter();
  writeInt(writer, snapshotVersionOf(state));
  writeGlobals(writer, state);
  writeInt(writer, state.markets.length);
  for (const market of state.markets) writeMarket(writer, market);
  writeInt(writer, state.accounts.length);
  for (const account of state.accounts) writeAccount(writer, account);
  const orders = openOrdersOf(state);
  writeInt(writer, orders.length);
  for (const order of orders) writeOrder(writer, order);
  const fired = listFired(state);
  writeInt(writer, fired.length);
  for (const orderId of fired) writeInt(writer, orderId);
  const trailing = listTrailing(state);
  writeInt(writer, trailing.length);
  for (const { orderId, bestTicks } of trailing) {
    writeInt(writer, orderId);
    writeInt(writer, bestTicks);
  }
  for (const account of state.accounts) writeClosedNames(writer, account);
  const signers = [...state.noncesBySigner.keys()].sort();
  writeInt(writer, signers.length);
  for (const signer of signers) {
    const nonces = state.noncesBySigner.get(signer)!.slice(-NONCE_WINDOW);
    writeAddress(writer, signer);
    writeInt(writer, nonces.length);
    for (const nonce of nonces) writeInt(writer, nonce);
  }
  for (const account of state.accounts) writeWatch(writer, account);
  writeIds(writer, [...state.suspects].sort(ascending));
  writeIds(writer, [...state.parked].sort(ascending));
  writeIds(writer, [...state.debtors]);
  writeQueue(writer, state.turns);
  writeQueue(writer, state.warned);
  for (const { published, fundingIndex } of state.markets) writeInt(writer, published?.fundingIndex ?? fundingIndex);
  for (const { fundingPaidByLongs } of state.markets) writeInt(writer, fundingPaidByLongs);
  return written(writer);
}

/**
 * The state that `writeSnapshot` wrote: it goes on with the same events. Nothing in it is dirty.
 * @throws EngineVersionUnknown when rules are in force that are newer than `engineVersionMax`.
 * @throws AssertionError when the bytes are no snapshot of this version, or its state does not hold together.
 */
export function readSnapshot(bytes: Uint8Array, engineVersionMax: number = ENGINE_VERSION_MAX): EngineState {
  const reader = createReader(bytes);
  const version = readInt(reader);
  const known = version === SNAPSHOT_VERSION || version === LATER_RULES_SNAPSHOT_VERSION;
  assert(known, `snapshot version ${version}, not ${SNAPSHOT_VERSION} or ${LATER_RULES_SNAPSHOT_VERSION}`);
  const state = createState(engineVersionMax);
  for (const name of GLOBAL_NUMBERS) state[name] = readInt(reader);
  for (const name of GLOBAL_SUMS) state[name] = readSum(reader);
  state.feeders = readList(reader, (from) => ({ feeder: readAddress(from), weight: readInt(from) }));
  readList(reader, (from) => readCollateralInto(state, from));
  if (version === LATER_RULES_SNAPSHOT_VERSION) readEngineVersion(state, reader);
  readList(reader, (from) => readMarketInto(state, from));
  readList(reader, (from) => readAccountInto(state, from));
  restoreOrders(
    state,
    readList(reader, (from) => readOrder(state, from)),
  );
  for (const orderId of readList(reader, readInt)) restoreFired(state, toOrderId(orderId));
  readList(reader, (from) => readTrailing(state, from));
  for (const account of state.accounts) readClosedNames(account, reader);
  readList(reader, (from) => readNoncesInto(state, from));
  for (const account of state.accounts) readWatch(account, reader);
  // Balances came in as if they were deposited.
  state.suspects.clear();
  for (const ids of [state.suspects, state.parked, state.debtors]) {
    for (const accountId of readList(reader, readInt)) ids.add(toAccountId(accountId));
  }
  readQueueInto(state.turns, reader);
  readQueueInto(state.warned, reader);
  for (const [place, accountId] of state.warned.ids.entries()) {
    accountOf(state, toAccountId(accountId)).warnedDueMs = state.warned.keys[place]!;
  }
  for (const market of state.markets) readPublished(state, market, reader);
  for (const market of state.markets) market.fundingPaidByLongs = readInt(reader);
  assertAtEnd(reader);
  state.emptied.length = 0;
  takeDirty(state);
  assertInvariants(state);
  return state;
}

function snapshotVersionOf({ engineVersion }: EngineState): number {
  return engineVersion === ENGINE_VERSION_FIRST ? SNAPSHOT_VERSION : LATER_RULES_SNAPSHOT_VERSION;
}

function readEngineVersion(state: EngineState, reader: ByteReader): void {
  state.engineVersion = readInt(reader);
  if (state.engineVersion <= state.engineVersionMax) return;
  throw new EngineVersionUnknown(
    `the snapshot of command ${state.sequence} is by version ${state.engineVersion} of the engine's rules, ` +
      `this program knows ${state.engineVersionMax}: upgrade this node`,
  );
}

/** The funding index as it was last published, beside the one in force: whoever resets one of them is found out here. */
function readPublished({ timeMs }: EngineState, market: MarketState, reader: ByteReader): void {
  market.published = { fundingIndex: readInt(reader), indexTicks: market.indexTicks, timeMs };
}

function readMarketInto(state: EngineState, reader: ByteReader): void {
  const marketId = toMarketId(readInt(reader));
  const symbol = readText(reader);
  const baseAsset = readText(reader);
  const numbers = readNumbers(SPEC_NUMBERS, reader);
  const deleverageRule = DELEVERAGE_RULES[readU8(reader) - 1]!;
  const marginTiers = readList(reader, (from) => readNumbers(TIER_NUMBERS, from));
  const market = createMarket({ marketId, symbol, baseAsset, ...numbers, deleverageRule, marginTiers });
  market.tradingStatus = TRADING_STATUSES[readU8(reader) - 1]!;
  for (const name of MARKET_NUMBERS) market[name] = readInt(reader);
  market.reports = readList(reader, readReport);
  state.markets.push(market);
}

function readCollateralInto(state: EngineState, reader: ByteReader): void {
  const assetId = toAssetId(readInt(reader));
  const symbol = readText(reader);
  const collateral = createCollateral({ assetId, symbol, ...readNumbers(COLLATERAL_SPEC_NUMBERS, reader) });
  for (const name of COLLATERAL_NUMBERS) collateral[name] = readInt(reader);
  for (const name of COLLATERAL_SUMS) collateral[name] = readSum(reader);
  collateral.reports = readList(reader, readReport);
  state.collaterals.push(collateral);
}

function readReport(reader: ByteReader): PriceReport {
  const feeder = readAddress(reader);
  return { feeder, ...readNumbers(REPORT_NUMBERS, reader), signature: readText(reader) as Hex };
}

function readAccountInto(state: EngineState, reader: ByteReader): void {
  const account = readOrigin(state, reader);
  const { accountId } = account;
  for (const name of ACCOUNT_NUMBERS) account[name] = readInt(reader);
  account.warnedPercent = WARNED_PERCENTS[readU8(reader) - 1]!;
  account.liquidator = readU8(reader) === 1;
  readList(reader, (from) => readBalanceInto(state, account, from));
  account.leverages = readList(reader, (from) => ({ market: marketFrom(state, from), leverage: readInt(from) }));
  if (readU8(reader) === 1) readAuctionInto(state, account, reader);
  account.agents = readList(reader, readAgent);
  if (account.liquidationId !== 0) state.liquidating.add(accountId);
  readList(reader, (from) => {
    const market = marketFrom(state, from);
    const holding = openHolding(state, account, market);
    holding.sizeLots = readInt(from);
    holding.entryNotionalAtoms = readInt(from);
    holding.fundingIndex = readInt(from);
    addHolder(market, holding);
  });
  account.cancelAllAfterMs = readInt(reader);
  if (account.cancelAllAfterMs !== 0) addToQueue(state.deadlines, account.cancelAllAfterMs, accountId);
  account.protections = readList(reader, (from) => readProtection(state, from));
}

/** Whose account it is. Main accounts come before the owner's others. */
function readOrigin(state: EngineState, reader: ByteReader): AccountState {
  const accountId = toAccountId(readInt(reader));
  const owner = readAddress(reader);
  const subaccount = readInt(reader);
  const backstopMarket = readInt(reader);
  const isolatedIn = findMarket(state, toMarketId(isolatedMarket(subaccount)));
  const backstopOf = findMarket(state, toMarketId(backstopMarket));
  const main = subaccount === 0 ? undefined : state.accountByOwner.get(owner);
  assert(subaccount === 0 || main !== undefined, 'an account without a main one', accountId);
  const account = createAccount({ accountId, owner, subaccount, main, isolatedIn, backstopOf });
  addAccount(state, account);
  if (backstopOf !== undefined) backstopOf.backstop = account;
  return account;
}

function readBalanceInto(state: EngineState, account: AccountState, reader: ByteReader): void {
  const collateral = findCollateral(state, toAssetId(readInt(reader)));
  assert(collateral !== undefined, 'a balance of no asset, account', account.accountId);
  changeBalance(state, account, collateral, readInt(reader));
}

function readAuctionInto(state: EngineState, account: AccountState, reader: ByteReader): void {
  const market = marketFrom(state, reader);
  const auction = { account, market, ...readNumbers(AUCTION_NUMBERS, reader) };
  account.auction = auction;
  state.auctions.set(auction.auctionId, auction);
}

function marketFrom(state: EngineState, reader: ByteReader): MarketState {
  const market = findMarket(state, toMarketId(readInt(reader)));
  assert(market !== undefined, 'something of an account is in no market');
  return market;
}

function readProtection(state: EngineState, reader: ByteReader): Protection {
  const market = marketFrom(state, reader);
  return { market, ...readNumbers(PROTECTION_NUMBERS, reader), frozen: readU8(reader) === 1 };
}

function readAgent(reader: ByteReader): Agent {
  return { agent: readAddress(reader), agentName: readText(reader), expiresAtMs: readInt(reader) };
}

interface ReadOrder {
  readonly order: OrderRecord;
  readonly state: OpenOrderState;
  readonly shownLots: SizeLots;
}

function readOrder(state: EngineState, reader: ByteReader): ReadOrder {
  const orderId = toOrderId(readInt(reader));
  const account = accountOf(state, toAccountId(readInt(reader)));
  const market = findMarket(state, toMarketId(readInt(reader)));
  assert(market !== undefined, `order ${orderId} is in no market`);
  const words = Object.fromEntries(ORDER_WORDS.map(([name, all]) => [name, all[readU8(reader) - 1]]));
  const numbers = Object.fromEntries(ORDER_NUMBERS.map((name) => [name, readInt(reader)]));
  const shownLots = readInt(reader);
  const reduceOnly = readU8(reader) === 1;
  const clientOrderId = readText(reader);
  const kind = TRIGGER_KINDS[readU8(reader) - 1];
  const trigger = kind === undefined ? undefined : { kind, ...readNumbers(TRIGGER_NUMBERS, reader) };
  const attached = readU8(reader) === 0 ? undefined : readNumbers(ATTACHED_NUMBERS, reader);
  const { state: as, ...ofWords } = words;
  const holding = openHolding(state, account, market);
  const facts = { ...ofWords, ...numbers, holding, reduceOnly, clientOrderId, trigger, attached };
  // Of the shape that every other record has: two shapes would slow every look at an order down for good.
  const order = Object.assign(createRecord(orderId, facts as unknown as RecordTerms), facts);
  return { order: order as OrderRecord, state: as as OpenOrderState, shownLots };
}

function readNumbers<Name extends string>(names: readonly Name[], reader: ByteReader): Record<Name, number> {
  return Object.fromEntries(names.map((name) => [name, readInt(reader)])) as Record<Name, number>;
}

/** Queues of the book are built in the order of time priority; what the engine derives from orders is derived anew. */
function restoreOrders(state: EngineState, orders: readonly ReadOrder[]): void {
  const resting = orders.filter((read) => read.state === 'resting');
  for (const { order, shownLots } of resting.sort((a, b) => a.order.queuePlace - b.order.queuePlace)) {
    enterBook(state, order, shownLots);
  }
  for (const { order, state: as } of orders) {
    if (as === 'resting') continue;
    joinWaiting(state, order, as);
    if (as === 'twap') watchSlice(state, order);
    else if (order.trigger?.kind !== 'trailingStop') watchMark(state, order);
  }
  for (const { order } of orders) rememberName(order.holding.account, order);
}

/**
 * What the markets look out for is kept to the last figure: dealt anew, accounts would be looked at elsewhere, and a margin
 * call be taken back at another moment.
 */
function writeWatch(writer: ByteWriter, { holdings, balances }: AccountState): void {
  for (const holding of holdings) {
    writeU8(writer, holding.watched ? 1 : 0);
    if (holding.watched) writeWide(writer, holding.watchedAt);
    writeInt(writer, holding.ordersWatchedFrom);
    writeInt(writer, holding.ordersWatchedTo);
  }
  for (const balance of balances) {
    writeU8(writer, balance.watched ? 1 : 0);
    if (balance.watched) writeInt(writer, balance.watchedAt);
  }
}

/** Of the queues only the entries that hold are needed: those that do not are passed over unseen. */
function readWatch({ accountId, holdings, balances }: AccountState, reader: ByteReader): void {
  for (const holding of holdings) {
    const { market } = holding;
    holding.watched = readU8(reader) === 1;
    if (holding.watched) {
      holding.watchedAt = readWide(reader);
      addToQueue(holding.sizeLots > 0 ? market.longsWatched : market.shortsWatched, -holding.watchedAt, accountId);
    }
    holding.ordersWatchedFrom = readInt(reader);
    holding.ordersWatchedTo = readInt(reader);
    if (holding.ordersWatchedTo === 0) continue;
    addToQueue(market.ordersWatchedUp, holding.ordersWatchedTo, accountId);
    if (holding.ordersWatchedFrom !== 0) addToQueue(market.ordersWatchedDown, -holding.ordersWatchedFrom, accountId);
  }
  for (const balance of balances) {
    balance.watched = readU8(reader) === 1;
    if (!balance.watched) continue;
    balance.watchedAt = readInt(reader);
    // Below every price: it cannot lose its share.
    if (balance.watchedAt >= 0) addToQueue(balance.collateral.holdersWatched, 0 - balance.watchedAt, accountId);
  }
}

const WIDE = 4_294_967_296;

/** A whole number that may leave the safe integers by a few bits, with zeros behind: health per lot. */
function writeWide(writer: ByteWriter, value: number): void {
  const high = divFloor(value, WIDE);
  writeInt(writer, high);
  writeInt(writer, value - high * WIDE);
}

function readWide(reader: ByteReader): number {
  return readInt(reader) * WIDE + readInt(reader);
}

function writeIds(writer: ByteWriter, ids: readonly number[]): void {
  writeInt(writer, ids.length);
  for (const id of ids) writeInt(writer, id);
}

function ascending(one: number, other: number): number {
  return one - other;
}

/** Every entry, in its order. Those that do not hold any more count too: how many are looked at with one command is bounded. */
function writeQueue(writer: ByteWriter, { keys, ids }: IdQueue): void {
  const places = [...keys.keys()].sort((a, b) => keys[a]! - keys[b]! || ids[a]! - ids[b]!);
  writeInt(writer, places.length);
  for (const place of places) {
    writeInt(writer, keys[place]!);
    writeInt(writer, ids[place]!);
  }
}

function readQueueInto(queue: IdQueue, reader: ByteReader): void {
  readList(reader, (from) => addToQueue(queue, readInt(from), readInt(from)));
}

/** Turns are only compared, so they may count anew. */
function restoreFired(state: EngineState, orderId: OrderId): void {
  const order = state.waiting.get(orderId);
  assert(order !== undefined, `order ${orderId} fired and does not wait`);
  queueFired(state, order);
}

/** Trailing stops come by id, so that nobody has seen a better mark than those before. */
function readTrailing(state: EngineState, reader: ByteReader): void {
  const orderId = toOrderId(readInt(reader));
  const order = state.waiting.get(orderId);
  assert(order !== undefined, `order ${orderId} follows the mark and does not wait`);
  addTrailing(state, order, readInt(reader));
}

function writeClosedNames(writer: ByteWriter, { closedNames }: AccountState): void {
  writeInt(writer, closedNames.length);
  for (const { clientOrderId, orderId } of closedNames) {
    writeText(writer, clientOrderId);
    writeInt(writer, orderId);
  }
}

/** Names of open orders are in place already, and stand above closed ones. */
function readClosedNames(account: AccountState, reader: ByteReader): void {
  const open = account.orderNames;
  account.orderNames = undefined;
  readList(reader, (from) => {
    const closed = { clientOrderId: readText(from), orderId: toOrderId(readInt(from)) };
    account.closedNames.push(closed);
    rememberName(account, closed);
  });
  for (const [clientOrderId, orderId] of open ?? []) rememberName(account, { clientOrderId, orderId });
}

function readNoncesInto(state: EngineState, reader: ByteReader): void {
  const signer = readAddress(reader);
  state.noncesBySigner.set(signer, readList(reader, readInt));
}
