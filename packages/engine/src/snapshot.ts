import {
  type AccountId,
  type Address,
  assert,
  type MarketSpec,
  NONCE_WINDOW,
  type OpenOrderState,
  type OrderId,
  type SizeLots,
  toAccountId,
  toMarketId,
  toOrderId,
} from '@keel/types';
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
import { type ByteWriter, createWriter, writeAddress, writeInt, writeText, written } from './byteWriter.ts';
import { takeDirty } from './dirty.ts';
import { assertInvariants } from './invariants.ts';
import {
  ATTACHED_NUMBERS,
  GLOBAL_NUMBERS,
  GLOBAL_SUMS,
  MARKET_NUMBERS,
  ORDER_NUMBERS,
  ORDER_WORDS,
  PROTECTION_NUMBERS,
  SPEC_NUMBERS,
  TRADING_STATUSES,
  TRIGGER_KINDS,
  TRIGGER_NUMBERS,
  writeAccount,
  writeGlobals,
  writeMarket,
  writeOrder,
} from './leaves.ts';
import { isUnderMargined } from './liquidation/closeOutAccount.ts';
import { watchAccount } from './liquidation/watchAccount.ts';
import { solvencyOf } from './margin/accountFigures.ts';
import { addHolder } from './margin/changePosition.ts';
import { openOrdersOf } from './orders/findOrder.ts';
import { rememberName } from './orders/orderNames.ts';
import { createRecord, type OrderRecord, type RecordTerms } from './orders/orderRecord.ts';
import {
  type AccountState,
  type Agent,
  accountOf,
  createAccount,
  createMarket,
  createState,
  type EngineState,
  findMarket,
  openHolding,
  type Protection,
} from './state.ts';
import { addToQueue } from './timers/idQueue.ts';
import { watchSlice } from './timers/watchSlice.ts';
import { listFired, queueFired } from './triggers/firedQueue.ts';
import { addTrailing, listTrailing } from './triggers/trailingStops.ts';
import { joinWaiting, watchMark } from './triggers/waitForTrigger.ts';

/** Changes with the layout of the bytes below. */
const SNAPSHOT_VERSION = 2;

/** The whole state in canonical bytes: equal states give equal bytes. What `takeDirty` still holds is not part of it. */
export function writeSnapshot(state: EngineState): Uint8Array {
  const writer = createWriter();
  writeInt(writer, SNAPSHOT_VERSION);
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
  // Who is parked is a suspect again after a restart, and parked again by the first look.
  const suspects = [...new Set([...state.suspects, ...state.parked])].sort((a, b) => a - b);
  writeInt(writer, suspects.length);
  for (const accountId of suspects) writeInt(writer, accountId);
  return written(writer);
}

/**
 * The state that `writeSnapshot` wrote: it goes on with the same events. Nothing in it is dirty.
 * @throws AssertionError when the bytes are no snapshot of this version, or its state does not hold together.
 */
export function readSnapshot(bytes: Uint8Array): EngineState {
  const reader = createReader(bytes);
  const version = readInt(reader);
  assert(version === SNAPSHOT_VERSION, `snapshot version ${version}, not ${SNAPSHOT_VERSION}`);
  const state = createState();
  for (const name of GLOBAL_NUMBERS) state[name] = readInt(reader);
  for (const name of GLOBAL_SUMS) state[name] = readSum(reader);
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
  for (const accountId of readList(reader, readInt)) state.suspects.add(toAccountId(accountId));
  assertAtEnd(reader);
  for (const account of state.accounts) restoreWatch(state, account);
  state.emptied.length = 0;
  takeDirty(state);
  assertInvariants(state);
  return state;
}

function readMarketInto(state: EngineState, reader: ByteReader): void {
  const marketId = toMarketId(readInt(reader));
  const symbol = readText(reader);
  const baseAsset = readText(reader);
  const numbers = Object.fromEntries(SPEC_NUMBERS.map((name) => [name, readInt(reader)]));
  const spec = { marketId, symbol, baseAsset, ...numbers } as unknown as MarketSpec;
  const market = createMarket(spec);
  market.tradingStatus = TRADING_STATUSES[readU8(reader) - 1]!;
  for (const name of MARKET_NUMBERS) market[name] = readInt(reader);
  state.markets.push(market);
}

function readAccountInto(state: EngineState, reader: ByteReader): void {
  const accountId: AccountId = toAccountId(readInt(reader));
  const owner: Address = readAddress(reader);
  const account = createAccount(accountId, owner);
  account.collateralAtoms = readInt(reader);
  account.liquidationId = readInt(reader);
  account.closeOutRound = readInt(reader);
  account.agents = readList(reader, readAgent);
  if (account.liquidationId !== 0) state.liquidating.add(accountId);
  state.accounts.push(account);
  state.accountByOwner.set(owner, account);
  readList(reader, (from) => {
    const market = findMarket(state, toMarketId(readInt(from)));
    assert(market !== undefined, `account ${accountId} has a position in no market`);
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

function readProtection(state: EngineState, reader: ByteReader): Protection {
  const market = findMarket(state, toMarketId(readInt(reader)));
  assert(market !== undefined, 'a protection in no market');
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

/** Those under maintenance are suspects, or in liquidation and looked at with every mark. */
function restoreWatch(state: EngineState, account: AccountState): void {
  const solvency = solvencyOf(account);
  if (!isUnderMargined(solvency)) watchAccount(state, account, solvency);
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
