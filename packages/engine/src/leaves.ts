import { type AccountId, assert, type MarketId, type MarketSpec, type OrderId, type RestingOrder } from '@keel/types';
import {
  type ByteWriter,
  createWriter,
  writeAddress,
  writeInt,
  writeSum,
  writeText,
  writeU8,
  written,
} from './byteWriter.ts';
import { type AccountState, type Agent, accountOf, type EngineState, findMarket, type MarketState } from './state.ts';

/** Canonical bytes of one account: money, positions, agents. Its orders have leaves of their own. */
export function accountLeaf(state: EngineState, accountId: AccountId): Uint8Array {
  const writer = createWriter();
  writeAccount(writer, accountOf(state, accountId));
  return written(writer);
}

/** Canonical bytes of one market: spec, prices, funding. */
export function marketLeaf(state: EngineState, marketId: MarketId): Uint8Array {
  const market = findMarket(state, marketId);
  assert(market !== undefined, `no market ${marketId}`);
  const writer = createWriter();
  writeMarket(writer, market);
  return written(writer);
}

/** Canonical bytes of a resting order; undefined once it is gone. */
export function orderLeaf(state: EngineState, orderId: OrderId): Uint8Array | undefined {
  const order = state.orders.get(orderId);
  if (order === undefined) return undefined;
  const writer = createWriter();
  writeOrder(writer, order);
  return written(writer);
}

/** Canonical bytes of everything that belongs to no single account, order or market. Changes with every command. */
export function globalsLeaf(state: EngineState): Uint8Array {
  const writer = createWriter();
  writeGlobals(writer, state);
  return written(writer);
}

export function writeAccount(writer: ByteWriter, account: AccountState): void {
  writeInt(writer, account.accountId);
  writeAddress(writer, account.owner);
  writeInt(writer, account.collateralAtoms);
  writeInt(writer, account.liquidationId);
  writeInt(writer, account.closeOutRound);
  writeInt(writer, account.agents.length);
  for (const agent of account.agents) writeAgent(writer, agent);
  const positions = account.holdings.filter((holding) => holding.sizeLots !== 0);
  writeInt(writer, positions.length);
  for (const position of positions) {
    writeInt(writer, position.market.spec.marketId);
    writeInt(writer, position.sizeLots);
    writeInt(writer, position.entryNotionalAtoms);
    writeInt(writer, position.fundingIndex);
  }
}

function writeAgent(writer: ByteWriter, { agent, agentName, expiresAtMs }: Agent): void {
  writeAddress(writer, agent);
  writeText(writer, agentName);
  writeInt(writer, expiresAtMs);
}

export function writeOrder(writer: ByteWriter, order: RestingOrder): void {
  writeInt(writer, order.orderId);
  writeInt(writer, order.accountId);
  writeInt(writer, order.marketId);
  writeU8(writer, order.side === 'buy' ? 1 : 2);
  writeInt(writer, order.priceTicks);
  writeInt(writer, order.sizeLots);
  writeInt(writer, order.remainingLots);
  writeU8(writer, order.reduceOnly ? 1 : 0);
  writeText(writer, order.clientOrderId);
}

/** The whole numbers of a spec in the order they are written. */
export const SPEC_NUMBERS = [
  'priceDecimals',
  'sizeDecimals',
  'atomsPerTickLot',
  'maxPriceTicks',
  'maxOrderLots',
  'maxPositionLots',
  'minOrderNotionalAtoms',
  'initialMarginPpm',
  'maintenanceMarginPpm',
  'makerFeePpm',
  'takerFeePpm',
  'marketSlippagePpm',
  'markBandPpm',
  'indexJumpPpm',
  'indexStaleMs',
  'liquidationFeePpm',
  'impactNotionalAtoms',
  'fundingInterestPpb',
  'fundingCapPpb',
] as const satisfies readonly (keyof MarketSpec)[];

/** The figures of a market in the order they are written. */
export const MARKET_NUMBERS = [
  'indexTicks',
  'indexTimeMs',
  'markTicks',
  'markTimeMs',
  'basisEmaMilli',
  'medianEmaMilli',
  'lastTicks',
  'fundingIndex',
  'fundingRatePpb',
  'premiumSumPpb',
  'premiumSamples',
  'fundingPoolAtoms',
  'openInterestLots',
] as const satisfies readonly (keyof MarketState)[];

export function writeMarket(writer: ByteWriter, market: MarketState): void {
  const { spec } = market;
  writeInt(writer, spec.marketId);
  writeText(writer, spec.symbol);
  writeText(writer, spec.baseAsset);
  for (const name of SPEC_NUMBERS) writeInt(writer, spec[name]);
  for (const name of MARKET_NUMBERS) writeInt(writer, market[name]);
}

/** The counters of the exchange in the order they are written. */
export const GLOBAL_NUMBERS = [
  'sequence',
  'timeMs',
  'nextOrderId',
  'nextTradeId',
  'nextLiquidationId',
  'nextDepositIndex',
  'nextWithdrawalIndex',
  'nextBatchIndex',
  'sealedSequence',
  'batchFirstWithdrawalIndex',
  'unsealedCommands',
  'insuranceFundAtoms',
  'closeOutRound',
] as const satisfies readonly (keyof EngineState)[];

/** The sums of the exchange in the order they are written. */
export const GLOBAL_SUMS = [
  'feesAtoms',
  'depositedAtoms',
  'withdrawnAtoms',
] as const satisfies readonly (keyof EngineState)[];

export function writeGlobals(writer: ByteWriter, state: EngineState): void {
  for (const name of GLOBAL_NUMBERS) writeInt(writer, state[name]);
  for (const name of GLOBAL_SUMS) writeSum(writer, state[name]);
}
