import {
  type AccountId,
  type AttachedOrders,
  assert,
  type CollateralSpec,
  type DeleverageRule,
  type MarginTier,
  type MarketId,
  type MarketSpec,
  type OrderId,
  type PriceReport,
  type TradingStatus,
  type Trigger,
  type TriggerKind,
} from '@keel/types';
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
import { ENGINE_VERSION_FIRST } from './engineVersion.ts';
import { findOpenOrder } from './orders/findOrder.ts';
import type { OrderRecord } from './orders/orderRecord.ts';
import {
  type AccountState,
  type Agent,
  type Auction,
  accountOf,
  type CollateralState,
  type EngineState,
  findMarket,
  type MarketState,
  type Protection,
} from './state.ts';

// Reused by every leaf: `written` copies out of it. A new one for each costs more than what is written.
const leafWriter = createWriter();

function emptyWriter(): ByteWriter {
  leafWriter.length = 0;
  return leafWriter;
}

/** Canonical bytes of one account: money, positions, its liquidation, agents. Its orders have leaves of their own. */
export function accountLeaf(state: EngineState, accountId: AccountId): Uint8Array {
  const writer = emptyWriter();
  writeAccount(writer, accountOf(state, accountId));
  return written(writer);
}

/** Canonical bytes of one market: spec, prices and who reported them, funds, funding. */
export function marketLeaf(state: EngineState, marketId: MarketId): Uint8Array {
  const market = findMarket(state, marketId);
  assert(market !== undefined, `no market ${marketId}`);
  const writer = emptyWriter();
  writeMarket(writer, market);
  return written(writer);
}

/** Canonical bytes of an open order, resting or waiting; undefined once it is gone. */
export function orderLeaf(state: EngineState, orderId: OrderId): Uint8Array | undefined {
  const order = findOpenOrder(state, orderId);
  if (order === undefined) return undefined;
  const writer = emptyWriter();
  writeOrder(writer, order);
  return written(writer);
}

/** Canonical bytes of everything that belongs to no single account, order or market. Changes with every command. */
export function globalsLeaf(state: EngineState): Uint8Array {
  const writer = emptyWriter();
  writeGlobals(writer, state);
  return written(writer);
}

export function writeAccount(writer: ByteWriter, account: AccountState): void {
  writeInt(writer, account.accountId);
  writeAddress(writer, account.owner);
  writeInt(writer, account.subaccount);
  writeInt(writer, account.backstopOf === undefined ? 0 : account.backstopOf.spec.marketId);
  for (const name of ACCOUNT_NUMBERS) writeInt(writer, account[name]);
  writeU8(writer, WARNED_PERCENTS.indexOf(account.warnedPercent) + 1);
  writeU8(writer, account.liquidator ? 1 : 0);
  writeInt(writer, account.balances.length);
  for (const { collateral, amountAtoms } of account.balances) {
    writeInt(writer, collateral.spec.assetId);
    writeInt(writer, amountAtoms);
  }
  writeInt(writer, account.leverages.length);
  for (const { market, leverage } of account.leverages) {
    writeInt(writer, market.spec.marketId);
    writeInt(writer, leverage);
  }
  writeAuction(writer, account.auction);
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
  writeInt(writer, account.cancelAllAfterMs);
  writeInt(writer, account.protections.length);
  for (const protection of account.protections) writeProtection(writer, protection);
}

/** The figures of an account in the order they are written. */
export const ACCOUNT_NUMBERS = [
  'collateralAtoms',
  'liquidationId',
  'nextStepMs',
  'turnKey',
] as const satisfies readonly (keyof AccountState)[];

export const WARNED_PERCENTS: readonly AccountState['warnedPercent'][] = [0, 75, 90];

function writeAuction(writer: ByteWriter, auction: Auction | undefined): void {
  writeU8(writer, auction === undefined ? 0 : 1);
  if (auction === undefined) return;
  writeInt(writer, auction.market.spec.marketId);
  for (const name of AUCTION_NUMBERS) writeInt(writer, auction[name]);
}

/** The figures of an auction in the order they are written. */
export const AUCTION_NUMBERS = [
  'auctionId',
  'startMs',
  'remainingLots',
  'limitTicks',
] as const satisfies readonly (keyof Auction)[];

function writeProtection(writer: ByteWriter, protection: Protection): void {
  writeInt(writer, protection.market.spec.marketId);
  for (const name of PROTECTION_NUMBERS) writeInt(writer, protection[name]);
  writeU8(writer, protection.frozen ? 1 : 0);
}

/** The figures of a market-maker protection in the order they are written. */
export const PROTECTION_NUMBERS = [
  'windowMs',
  'quantityLots',
  'deltaLots',
  'fillCount',
  'windowStartMs',
  'filledLots',
  'netLots',
  'fills',
] as const satisfies readonly (keyof Protection)[];

function writeAgent(writer: ByteWriter, { agent, agentName, expiresAtMs }: Agent): void {
  writeAddress(writer, agent);
  writeText(writer, agentName);
  writeInt(writer, expiresAtMs);
}

export function writeOrder(writer: ByteWriter, order: OrderRecord): void {
  const { account, market } = order.holding;
  writeInt(writer, order.orderId);
  writeInt(writer, account.accountId);
  writeInt(writer, market.spec.marketId);
  for (const [name, words] of ORDER_WORDS) writeU8(writer, words.indexOf(order[name]) + 1);
  for (const name of ORDER_NUMBERS) writeInt(writer, order[name]);
  writeInt(writer, order.slot === 0 ? 0 : market.book.lotsOf(order.slot));
  writeU8(writer, order.reduceOnly ? 1 : 0);
  writeText(writer, order.clientOrderId);
  const { trigger, attached } = order;
  writeU8(writer, trigger === undefined ? 0 : TRIGGER_KINDS.indexOf(trigger.kind) + 1);
  if (trigger !== undefined) for (const name of TRIGGER_NUMBERS) writeInt(writer, trigger[name]);
  writeU8(writer, attached === undefined ? 0 : 1);
  if (attached !== undefined) for (const name of ATTACHED_NUMBERS) writeInt(writer, attached[name]);
}

type WordField = 'state' | 'side' | 'orderType' | 'timeInForce' | 'selfTrade' | 'selfTradeScope';

/** The fields of an order that are one of a few words, and these words: a byte is the place of the word, from 1. */
export const ORDER_WORDS: readonly (readonly [WordField, readonly string[]])[] = [
  ['state', ['resting', 'waiting', 'twap']],
  ['side', ['buy', 'sell']],
  ['orderType', ['limit', 'market']],
  ['timeInForce', ['gtc', 'gtt', 'ioc', 'fok', 'postOnly', 'postOnlySlide']],
  ['selfTrade', ['expireMaker', 'expireTaker', 'expireBoth', 'decrement']],
  ['selfTradeScope', ['account', 'owner']],
];

export const TRIGGER_KINDS: readonly TriggerKind[] = ['stop', 'takeProfit', 'trailingStop'];

/** The figures of an order in the order they are written. */
export const ORDER_NUMBERS = [
  'priceTicks',
  'sizeLots',
  'remainingLots',
  'displayLots',
  'expiresAtMs',
  'queuePlace',
  'linkedOrderId',
  'parentOrderId',
  'takeProfitId',
  'stopLossId',
  'firesAtTicks',
  'twapStartMs',
  'twapDurationMs',
  'twapSlices',
  'twapSlicesDone',
] as const satisfies readonly (keyof OrderRecord)[];

export const TRIGGER_NUMBERS = ['triggerTicks', 'trailTicks'] as const satisfies readonly (keyof Trigger)[];

export const ATTACHED_NUMBERS = [
  'takeProfitTicks',
  'takeProfitLimitTicks',
  'stopLossTicks',
  'stopLossLimitTicks',
] as const satisfies readonly (keyof AttachedOrders)[];

/** The whole numbers of a spec in the order they are written. */
export const SPEC_NUMBERS = [
  'priceDecimals',
  'sizeDecimals',
  'atomsPerTickLot',
  'maxPriceTicks',
  'maxOrderLots',
  'maxPositionLots',
  'maxOpenInterestLots',
  'minOrderNotionalAtoms',
  'initialMarginPpm',
  'maintenanceMarginPpm',
  'openInterestLowerAtoms',
  'openInterestUpperAtoms',
  'concentrationPpm',
  'concentrationFloorLots',
  'stablePriceMovePpm',
  'makerFeePpm',
  'takerFeePpm',
  'marketSlippagePpm',
  'priceBandPpm',
  'markBandPpm',
  'indexJumpPpm',
  'indexStaleMs',
  'resumeGraceMs',
  'liquidationFeePpm',
  'liquidationBudgetAtoms',
  'backstopLossCapAtoms',
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
  'perpTicks',
  'markBidTicks',
  'markAskTicks',
  'markLastTicks',
  'jumpTicks',
  'jumpSinceMs',
  'stableTicks',
  'stableTimeMs',
  'resumeStage',
  'resumeSinceMs',
  'budgetSecondMs',
  'budgetUsedAtoms',
  'insuranceFundAtoms',
  'backstopContributedAtoms',
  'backstopDueMs',
  'fundingIndex',
  'fundingRatePpb',
  'premiumSumPpb',
  'premiumSamples',
  'fundingPoolAtoms',
  'openInterestLots',
] as const satisfies readonly (keyof MarketState)[];

export const TRADING_STATUSES: readonly TradingStatus[] = ['open', 'postOnly', 'cancelOnly', 'halted'];

export function writeMarket(writer: ByteWriter, market: MarketState): void {
  const { spec } = market;
  writeInt(writer, spec.marketId);
  writeText(writer, spec.symbol);
  writeText(writer, spec.baseAsset);
  for (const name of SPEC_NUMBERS) writeInt(writer, spec[name]);
  writeU8(writer, DELEVERAGE_RULES.indexOf(spec.deleverageRule) + 1);
  writeInt(writer, spec.marginTiers.length);
  for (const tier of spec.marginTiers) for (const name of TIER_NUMBERS) writeInt(writer, tier[name]);
  writeU8(writer, TRADING_STATUSES.indexOf(market.tradingStatus) + 1);
  for (const name of MARKET_NUMBERS) writeInt(writer, market[name]);
  writeReports(writer, market.reports);
}

/** Everything of a collateral asset. It has no leaf of its own: the globals carry all of them. */
export function writeCollateral(writer: ByteWriter, collateral: CollateralState): void {
  writeInt(writer, collateral.spec.assetId);
  writeText(writer, collateral.spec.symbol);
  for (const name of COLLATERAL_SPEC_NUMBERS) writeInt(writer, collateral.spec[name]);
  for (const name of COLLATERAL_NUMBERS) writeInt(writer, collateral[name]);
  for (const name of COLLATERAL_SUMS) writeSum(writer, collateral[name]);
  writeReports(writer, collateral.reports);
}

/** The whole numbers of a collateral asset's spec in the order they are written. */
export const COLLATERAL_SPEC_NUMBERS = [
  'decimals',
  'priceDecimals',
  'maxPriceTicks',
  'haircutPpm',
  'maxDepositedAtoms',
  'priceJumpPpm',
  'priceStaleMs',
] as const satisfies readonly (keyof CollateralSpec)[];

/** Its figures, */
export const COLLATERAL_NUMBERS = [
  'priceTicks',
  'priceTimeMs',
  'jumpTicks',
  'jumpSinceMs',
] as const satisfies readonly (keyof CollateralState)[];

/** and its sums over the exchange. */
export const COLLATERAL_SUMS = [
  'depositedAtoms',
  'withdrawnAtoms',
  'treasuryAtoms',
] as const satisfies readonly (keyof CollateralState)[];

function writeReports(writer: ByteWriter, reports: readonly PriceReport[]): void {
  writeInt(writer, reports.length);
  for (const report of reports) {
    writeAddress(writer, report.feeder);
    for (const name of REPORT_NUMBERS) writeInt(writer, report[name]);
    writeText(writer, report.signature);
  }
}

/** The figures of a price report in the order they are written. */
export const REPORT_NUMBERS = [
  'priceTicks',
  'perpTicks',
  'publishTimeMs',
  'reportSequence',
] as const satisfies readonly (keyof PriceReport)[];

/** The figures of a margin tier in the order they are written. */
export const TIER_NUMBERS = [
  'floorNotionalAtoms',
  'initialMarginPpm',
  'maintenanceMarginPpm',
] as const satisfies readonly (keyof MarginTier)[];

export const DELEVERAGE_RULES: readonly DeleverageRule[] = ['waterFilling', 'profitLeverage', 'profitNotional'];

/** The counters of the exchange in the order they are written. */
export const GLOBAL_NUMBERS = [
  'sequence',
  'timeMs',
  'nextOrderId',
  'nextQueuePlace',
  'nextTradeId',
  'nextLiquidationId',
  'nextAuctionId',
  'nextCertificateId',
  'nextDepositIndex',
  'nextWithdrawalIndex',
  'nextBatchIndex',
  'sealedSequence',
  'batchFirstWithdrawalIndex',
  'unsealedCommands',
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
  writeInt(writer, state.feeders.length);
  for (const { feeder, weight } of state.feeders) {
    writeAddress(writer, feeder);
    writeInt(writer, weight);
  }
  writeInt(writer, state.collaterals.length);
  for (const collateral of state.collaterals) writeCollateral(writer, collateral);
  // Not under the first rules: roots and snapshots of then stay what they were.
  if (state.engineVersion > ENGINE_VERSION_FIRST) writeInt(writer, state.engineVersion);
}
