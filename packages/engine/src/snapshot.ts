import { type AccountId, type Address, assert, type MarketSpec, toAccountId, toMarketId, toOrderId } from '@keel/types';
import { restOrder } from './book/restOrder.ts';
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
import { createWriter, writeAddress, writeInt, written } from './byteWriter.ts';
import { takeDirty } from './dirty.ts';
import { assertInvariants } from './invariants.ts';
import {
  GLOBAL_NUMBERS,
  GLOBAL_SUMS,
  MARKET_NUMBERS,
  SPEC_NUMBERS,
  writeAccount,
  writeGlobals,
  writeMarket,
  writeOrder,
} from './leaves.ts';
import {
  type Agent,
  accountOf,
  createAccount,
  createMarket,
  createState,
  type EngineState,
  findMarket,
  openHolding,
} from './state.ts';

/** Changes with the layout of the bytes below. */
const SNAPSHOT_VERSION = 1;

/** The whole state in canonical bytes: equal states give equal bytes. What `takeDirty` still holds is not part of it. */
export function writeSnapshot(state: EngineState): Uint8Array {
  const writer = createWriter();
  writeInt(writer, SNAPSHOT_VERSION);
  writeGlobals(writer, state);
  writeInt(writer, state.markets.length);
  for (const market of state.markets) writeMarket(writer, market);
  writeInt(writer, state.accounts.length);
  for (const account of state.accounts) writeAccount(writer, account);
  const orderIds = [...state.orders.keys()].sort((a, b) => a - b);
  writeInt(writer, orderIds.length);
  for (const orderId of orderIds) writeOrder(writer, state.orders.get(orderId)!);
  const signers = [...state.noncesBySigner.keys()].sort();
  writeInt(writer, signers.length);
  for (const signer of signers) {
    const nonces = state.noncesBySigner.get(signer)!;
    writeAddress(writer, signer);
    writeInt(writer, nonces.length);
    for (const nonce of nonces) writeInt(writer, nonce);
  }
  const suspects = [...state.suspects].sort((a, b) => a - b);
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
  readList(reader, (from) => readOrderInto(state, from));
  readList(reader, (from) => readNoncesInto(state, from));
  for (const accountId of readList(reader, readInt)) state.suspects.add(toAccountId(accountId));
  assertAtEnd(reader);
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
    // Accounts come in ascending order, and so do a market's holders.
    market.holders.push(accountId);
  });
}

function readAgent(reader: ByteReader): Agent {
  return { agent: readAddress(reader), agentName: readText(reader), expiresAtMs: readInt(reader) };
}

/** Orders come in the order of their ids, which is the order in which each queue was built. */
function readOrderInto(state: EngineState, reader: ByteReader): void {
  const orderId = toOrderId(readInt(reader));
  const account = accountOf(state, toAccountId(readInt(reader)));
  const market = findMarket(state, toMarketId(readInt(reader)));
  assert(market !== undefined, `order ${orderId} is in no market`);
  restOrder(state, openHolding(state, account, market), {
    orderId,
    side: readU8(reader) === 1 ? 'buy' : 'sell',
    priceTicks: readInt(reader),
    sizeLots: readInt(reader),
    remainingLots: readInt(reader),
    reduceOnly: readU8(reader) === 1,
    clientOrderId: readText(reader),
  });
}

function readNoncesInto(state: EngineState, reader: ByteReader): void {
  const signer = readAddress(reader);
  state.noncesBySigner.set(signer, readList(reader, readInt));
}
