import {
  type Address,
  type AttachedOrders,
  assert,
  assertSafeInteger,
  type Certificate,
  type CertifiedBalance,
  type CertifiedMarket,
  type CertifiedPosition,
  type CloseOutStage,
  type CollateralSpec,
  type DeleverageRank,
  type DeleverageRule,
  type Event,
  type MarginFigures,
  type MarketSpec,
  type OrderAccepted,
  type OrderCloseReason,
  type OrderFilled,
  type PriceReport,
  type SafetyFund,
  type SelfTradePrevention,
  type Side,
  type TimeInForce,
  type TradingStatus,
  type Trigger,
  type TriggerKind,
} from '@keel/types';

/**
 * The canonical bytes of events: one byte for the kind, then the fields in the order of `event.ts`. Integers are 8 bytes,
 * little-endian, two's complement; reject codes 2; words of a list, percents and truth 1; an address 20; texts and lists
 * stand behind their length in one byte, and what may be absent behind one byte that says so. So no event's bytes begin
 * another's, and two logs are the same events if and only if they are the same bytes.
 */
export interface EventBytes {
  bytes: Uint8Array;
  view: DataView;
  length: number;
}

/** More than the longest event has, or the longest item of a list in one: each asks for room anew. */
const EVENT_BYTES_MAX = 2_048;
const FIRST_BYTES = 64 * 1_024;
/** Exact: a power of two only moves the point. */
const HIGH_WORD = 2 ** -32;

/** Numbers of the kinds; frozen, as are those of the words below: never reuse or renumber one. */
const KIND: Readonly<Record<Event['kind'], number>> = {
  marketListed: 1,
  accountOpened: 2,
  depositCredited: 3,
  commandRejected: 4,
  agentApproved: 5,
  agentRevoked: 6,
  orderAccepted: 7,
  orderFilled: 8,
  orderRested: 9,
  orderClosed: 10,
  indexPriceUpdated: 11,
  markPriceUpdated: 12,
  fundingRateSettled: 13,
  fundingPaid: 14,
  liquidationStarted: 15,
  positionCloseOut: 16,
  insurancePaid: 17,
  positionDeleveraged: 18,
  liquidationEnded: 19,
  withdrawalRequested: 20,
  batchSealed: 21,
  orderDuplicated: 22,
  orderReplenished: 23,
  orderWaiting: 24,
  orderTriggered: 25,
  orderAmended: 26,
  twapStarted: 27,
  twapSlice: 28,
  batchItem: 29,
  cancelAllAfterSet: 30,
  cancelAllAfterFired: 31,
  marketMakerProtectionSet: 32,
  marketMakerProtectionFired: 33,
  marketMakerProtectionReset: 34,
  tradingStatusChanged: 35,
  collateralListed: 36,
  transferred: 37,
  safetyFunded: 38,
  collateralConverted: 39,
  leverageSet: 40,
  liquidatorRegistered: 41,
  priceFeedersSet: 42,
  collateralPriceUpdated: 43,
  priceBandTripped: 44,
  priceBandReleased: 45,
  marketResuming: 46,
  marginCall: 47,
  preLiquidation: 48,
  closeOutCertified: 49,
  auctionStarted: 50,
  auctionStepped: 51,
  auctionEnded: 52,
};
const TIME_IN_FORCE: Readonly<Record<TimeInForce, number>> = {
  gtc: 1,
  ioc: 2,
  postOnly: 3,
  gtt: 4,
  fok: 5,
  postOnlySlide: 6,
};
const SELF_TRADE: Readonly<Record<SelfTradePrevention, number>> = {
  expireMaker: 1,
  expireTaker: 2,
  expireBoth: 3,
  decrement: 4,
};
const CLOSE_REASON: Readonly<Record<OrderCloseReason, number>> = {
  filled: 1,
  cancelledByOwner: 2,
  immediateRemainder: 3,
  selfTrade: 4,
  reduceOnlyNothingLeft: 5,
  marginInsufficient: 6,
  liquidation: 7,
  openInterestLimit: 8,
  expired: 9,
  replaced: 10,
  linkedOrder: 11,
  cancelAllAfter: 12,
  marketMakerProtection: 13,
  triggerRefused: 14,
  twapEnded: 15,
  preLiquidation: 16,
};
const TRIGGER_KIND: Readonly<Record<TriggerKind, number>> = { stop: 1, takeProfit: 2, trailingStop: 3 };
const TRADING_STATUS: Readonly<Record<TradingStatus, number>> = { open: 1, postOnly: 2, cancelOnly: 3, halted: 4 };
const PROTECTION_CAUSE = { quantity: 1, delta: 2, count: 3 } as const;
const SAFETY_FUND: Readonly<Record<SafetyFund, number>> = { insurance: 1, backstop: 2 };
const DELEVERAGE_RULE: Readonly<Record<DeleverageRule, number>> = {
  waterFilling: 1,
  profitLeverage: 2,
  profitNotional: 3,
};
const CLOSE_OUT_STAGE: Readonly<Record<CloseOutStage, number>> = { book: 1, auction: 2, backstop: 3, deleverage: 4 };
const RESUME_STAGE = { awaitingPrice: 1, cancelOnly: 2, postOnly: 3, grace: 4, done: 5 } as const;
const AUCTION_END = { filled: 1, healthy: 2, timeOver: 3, backstopDue: 4 } as const;

/** Room for events; set `length` to 0 to use it again, it keeps its memory. */
export function createEventBytes(): EventBytes {
  const bytes = new Uint8Array(FIRST_BYTES);
  return { bytes, view: new DataView(bytes.buffer), length: 0 };
}

/** Appends the canonical bytes of one event. Allocates only when the room has to grow. */
export function writeEvent(into: EventBytes, event: Event): void {
  reserve(into);
  writeByte(into, KIND[event.kind]);
  // What happens most stands first.
  switch (event.kind) {
    case 'orderAccepted':
      writeAccepted(into, event);
      break;
    case 'orderRested':
      writeInteger(into, event.orderId);
      writeInteger(into, event.remainingLots);
      break;
    case 'orderClosed':
      writeInteger(into, event.orderId);
      writeInteger(into, event.accountId);
      writeInteger(into, event.marketId);
      writeByte(into, CLOSE_REASON[event.reason]);
      writeInteger(into, event.remainingLots);
      writeCode(into, event.code);
      break;
    case 'orderFilled':
      writeFilled(into, event);
      break;
    case 'indexPriceUpdated':
      writeInteger(into, event.marketId);
      writeInteger(into, event.indexTicks);
      writeInteger(into, event.publishTimeMs);
      writeInteger(into, event.countedReports);
      writeInteger(into, event.droppedReports);
      break;
    case 'markPriceUpdated':
      writeInteger(into, event.marketId);
      writeInteger(into, event.markTicks);
      break;
    case 'fundingPaid':
      writeInteger(into, event.accountId);
      writeInteger(into, event.marketId);
      writeInteger(into, event.amountAtoms);
      break;
    case 'commandRejected':
      writeCode(into, event.code);
      writeInteger(into, event.accountId);
      break;
    case 'orderReplenished':
      writeInteger(into, event.orderId);
      writeInteger(into, event.shownLots);
      break;
    case 'orderAmended':
      writeInteger(into, event.orderId);
      writeInteger(into, event.accountId);
      writeInteger(into, event.marketId);
      writeText(into, event.clientOrderId);
      writeInteger(into, event.priceTicks);
      writeInteger(into, event.sizeLots);
      writeInteger(into, event.remainingLots);
      writeTruth(into, event.keptPlace);
      break;
    case 'batchItem':
      writeInteger(into, event.item);
      writeInteger(into, event.orderId);
      writeCode(into, event.code);
      break;
    case 'orderWaiting':
      writeInteger(into, event.orderId);
      writeInteger(into, event.triggerTicks);
      break;
    case 'orderTriggered':
      writeInteger(into, event.orderId);
      writeInteger(into, event.markTicks);
      break;
    case 'orderDuplicated':
      writeInteger(into, event.orderId);
      writeInteger(into, event.accountId);
      writeText(into, event.clientOrderId);
      break;
    case 'twapStarted':
      writeInteger(into, event.orderId);
      writeInteger(into, event.durationMs);
      writeInteger(into, event.slices);
      break;
    case 'twapSlice':
      writeInteger(into, event.orderId);
      writeInteger(into, event.slice);
      writeInteger(into, event.sizeLots);
      writeInteger(into, event.filledLots);
      writeCode(into, event.code);
      break;
    case 'cancelAllAfterSet':
      writeInteger(into, event.accountId);
      writeInteger(into, event.deadlineMs);
      break;
    case 'cancelAllAfterFired':
      writeInteger(into, event.accountId);
      break;
    case 'marketMakerProtectionSet':
      writeInteger(into, event.accountId);
      writeInteger(into, event.marketId);
      writeInteger(into, event.windowMs);
      writeInteger(into, event.quantityLots);
      writeInteger(into, event.deltaLots);
      writeInteger(into, event.fillCount);
      break;
    case 'marketMakerProtectionFired':
      writeInteger(into, event.accountId);
      writeInteger(into, event.marketId);
      writeByte(into, PROTECTION_CAUSE[event.cause]);
      break;
    case 'marketMakerProtectionReset':
      writeInteger(into, event.accountId);
      writeInteger(into, event.marketId);
      break;
    case 'tradingStatusChanged':
      writeInteger(into, event.marketId);
      writeByte(into, TRADING_STATUS[event.status]);
      break;
    case 'fundingRateSettled':
      writeInteger(into, event.marketId);
      writeInteger(into, event.ratePpb);
      writeInteger(into, event.fundingIndex);
      break;
    case 'liquidationStarted':
      writeInteger(into, event.liquidationId);
      writeInteger(into, event.accountId);
      writeInteger(into, event.equityAtoms);
      writeInteger(into, event.maintenanceMarginAtoms);
      writeInteger(into, event.initialMarginAtoms);
      break;
    case 'positionCloseOut':
      writeInteger(into, event.liquidationId);
      writeByte(into, CLOSE_OUT_STAGE[event.stage]);
      writeInteger(into, event.auctionId);
      writeInteger(into, event.accountId);
      writeInteger(into, event.marketId);
      writeSide(into, event.side);
      writeInteger(into, event.sizeLots);
      writeInteger(into, event.filledLots);
      writeInteger(into, event.quoteAtoms);
      writeInteger(into, event.limitTicks);
      writeInteger(into, event.markTicks);
      writeInteger(into, event.equityAtoms);
      writeInteger(into, event.maintenanceMarginAtoms);
      writeInteger(into, event.feeAtoms);
      writeInteger(into, event.counterpartyId);
      writeInteger(into, event.counterpartyPnlAtoms);
      break;
    case 'closeOutCertified':
      writeCertificate(into, event.certificate);
      break;
    case 'marginCall':
      writeInteger(into, event.accountId);
      writeByte(into, event.levelPercent);
      writeInteger(into, event.equityAtoms);
      writeInteger(into, event.maintenanceMarginAtoms);
      writeInteger(into, event.shortageAtoms);
      writeInteger(into, event.marketId);
      writeSide(into, event.side);
      writeInteger(into, event.sizeLots);
      break;
    case 'preLiquidation':
      writeInteger(into, event.accountId);
      writeInteger(into, event.equityAtoms);
      writeInteger(into, event.initialMarginAtoms);
      writeInteger(into, event.closedOrders);
      break;
    case 'auctionStarted':
      writeInteger(into, event.auctionId);
      writeInteger(into, event.liquidationId);
      writeInteger(into, event.accountId);
      writeInteger(into, event.marketId);
      writeSide(into, event.side);
      writeInteger(into, event.sizeLots);
      writeInteger(into, event.fillableTicks);
      writeInteger(into, event.zeroTicks);
      writeInteger(into, event.endsAtMs);
      break;
    case 'auctionStepped':
      writeInteger(into, event.auctionId);
      writeInteger(into, event.limitTicks);
      writeInteger(into, event.remainingLots);
      break;
    case 'auctionEnded':
      writeInteger(into, event.auctionId);
      writeByte(into, AUCTION_END[event.reason]);
      writeInteger(into, event.remainingLots);
      break;
    case 'insurancePaid':
      writeInteger(into, event.liquidationId);
      writeInteger(into, event.marketId);
      writeInteger(into, event.accountId);
      writeInteger(into, event.amountAtoms);
      writeInteger(into, event.insuranceFundAtoms);
      break;
    case 'positionDeleveraged':
      writeInteger(into, event.liquidationId);
      writeInteger(into, event.marketId);
      writeInteger(into, event.bankruptAccountId);
      writeInteger(into, event.deleveragedAccountId);
      writeInteger(into, event.sizeLots);
      writeInteger(into, event.quoteAtoms);
      writeInteger(into, event.priceTicks);
      writeInteger(into, event.realisedPnlAtoms);
      writeRank(into, event.rank);
      break;
    case 'liquidationEnded':
      writeInteger(into, event.liquidationId);
      writeInteger(into, event.accountId);
      writeInteger(into, event.equityAtoms);
      writeInteger(into, event.maintenanceMarginAtoms);
      break;
    case 'marketListed':
      writeSpec(into, event.spec);
      break;
    case 'collateralListed':
      writeCollateral(into, event.spec);
      break;
    case 'accountOpened':
      writeInteger(into, event.accountId);
      writeAddress(into, event.owner);
      writeInteger(into, event.subaccount);
      break;
    case 'depositCredited':
      writeInteger(into, event.depositIndex);
      writeInteger(into, event.accountId);
      writeInteger(into, event.assetId);
      writeInteger(into, event.amountAtoms);
      break;
    case 'transferred':
      writeInteger(into, event.fromAccountId);
      writeInteger(into, event.toAccountId);
      writeInteger(into, event.assetId);
      writeInteger(into, event.amountAtoms);
      break;
    case 'safetyFunded':
      writeInteger(into, event.marketId);
      writeByte(into, SAFETY_FUND[event.fund]);
      writeInteger(into, event.accountId);
      writeInteger(into, event.amountAtoms);
      writeInteger(into, event.balanceAtoms);
      break;
    case 'collateralConverted':
      writeInteger(into, event.accountId);
      writeInteger(into, event.assetId);
      writeInteger(into, event.amountAtoms);
      writeInteger(into, event.valueAtoms);
      break;
    case 'leverageSet':
      writeInteger(into, event.accountId);
      writeInteger(into, event.marketId);
      writeInteger(into, event.leverage);
      break;
    case 'liquidatorRegistered':
      writeInteger(into, event.accountId);
      writeTruth(into, event.active);
      break;
    case 'priceFeedersSet':
      writeByte(into, event.feeders.length);
      for (const { feeder, weight } of event.feeders) {
        writeAddress(into, feeder);
        writeInteger(into, weight);
      }
      break;
    case 'collateralPriceUpdated':
      writeInteger(into, event.assetId);
      writeInteger(into, event.priceTicks);
      writeInteger(into, event.publishTimeMs);
      break;
    case 'priceBandTripped':
      writeInteger(into, event.marketId);
      writeInteger(into, event.assetId);
      writeInteger(into, event.fromTicks);
      writeInteger(into, event.reportedTicks);
      break;
    case 'priceBandReleased':
      writeInteger(into, event.marketId);
      writeInteger(into, event.assetId);
      writeInteger(into, event.priceTicks);
      break;
    case 'marketResuming':
      writeInteger(into, event.marketId);
      writeByte(into, RESUME_STAGE[event.stage]);
      writeInteger(into, event.untilMs);
      break;
    case 'agentApproved':
      writeInteger(into, event.accountId);
      writeAddress(into, event.agent);
      writeText(into, event.agentName);
      writeInteger(into, event.expiresAtMs);
      break;
    case 'agentRevoked':
      writeInteger(into, event.accountId);
      writeAddress(into, event.agent);
      break;
    case 'withdrawalRequested':
      writeInteger(into, event.withdrawalIndex);
      writeInteger(into, event.accountId);
      writeAddress(into, event.recipient);
      writeInteger(into, event.assetId);
      writeInteger(into, event.amountAtoms);
      break;
    case 'batchSealed':
      writeInteger(into, event.batchIndex);
      writeInteger(into, event.firstSequence);
      writeInteger(into, event.lastSequence);
      writeInteger(into, event.nextDepositIndex);
      writeInteger(into, event.firstWithdrawalIndex);
      writeInteger(into, event.nextWithdrawalIndex);
      break;
  }
}

function writeAccepted(into: EventBytes, event: OrderAccepted): void {
  writeInteger(into, event.orderId);
  writeInteger(into, event.accountId);
  writeInteger(into, event.marketId);
  writeSide(into, event.side);
  writeByte(into, event.orderType === 'limit' ? 1 : 2);
  writeByte(into, TIME_IN_FORCE[event.timeInForce]);
  writeInteger(into, event.priceTicks);
  writeInteger(into, event.sizeLots);
  writeTruth(into, event.reduceOnly);
  writeText(into, event.clientOrderId);
  writeInteger(into, event.expiresAtMs);
  writeInteger(into, event.displayLots);
  writeByte(into, SELF_TRADE[event.selfTrade]);
  writeByte(into, event.selfTradeScope === 'account' ? 1 : 2);
  writeTrigger(into, event.trigger);
  writeAttached(into, event.attached);
  writeInteger(into, event.linkedOrderId);
  writeInteger(into, event.parentOrderId);
}

function writeFilled(into: EventBytes, event: OrderFilled): void {
  writeInteger(into, event.tradeId);
  writeInteger(into, event.marketId);
  writeInteger(into, event.priceTicks);
  writeInteger(into, event.sizeLots);
  writeSide(into, event.takerSide);
  writeInteger(into, event.makerOrderId);
  writeInteger(into, event.takerOrderId);
  writeInteger(into, event.makerAccountId);
  writeInteger(into, event.takerAccountId);
  writeInteger(into, event.makerFeeAtoms);
  writeInteger(into, event.takerFeeAtoms);
  writeInteger(into, event.makerRealisedPnlAtoms);
  writeInteger(into, event.takerRealisedPnlAtoms);
  writeInteger(into, event.makerRemainingLots);
  writeTruth(into, event.liquidation);
}

function writeSpec(into: EventBytes, spec: MarketSpec): void {
  writeInteger(into, spec.marketId);
  writeText(into, spec.symbol);
  writeText(into, spec.baseAsset);
  writeInteger(into, spec.priceDecimals);
  writeInteger(into, spec.sizeDecimals);
  writeInteger(into, spec.atomsPerTickLot);
  writeInteger(into, spec.maxPriceTicks);
  writeInteger(into, spec.maxOrderLots);
  writeInteger(into, spec.maxPositionLots);
  writeInteger(into, spec.maxOpenInterestLots);
  writeInteger(into, spec.minOrderNotionalAtoms);
  writeInteger(into, spec.initialMarginPpm);
  writeInteger(into, spec.maintenanceMarginPpm);
  writeTiers(into, spec.marginTiers);
  writeInteger(into, spec.openInterestLowerAtoms);
  writeInteger(into, spec.openInterestUpperAtoms);
  writeInteger(into, spec.concentrationPpm);
  writeInteger(into, spec.concentrationFloorLots);
  writeInteger(into, spec.stablePriceMovePpm);
  writeInteger(into, spec.makerFeePpm);
  writeInteger(into, spec.takerFeePpm);
  writeInteger(into, spec.marketSlippagePpm);
  writeInteger(into, spec.priceBandPpm);
  writeInteger(into, spec.markBandPpm);
  writeInteger(into, spec.indexJumpPpm);
  writeInteger(into, spec.indexStaleMs);
  writeInteger(into, spec.resumeGraceMs);
  writeInteger(into, spec.liquidationFeePpm);
  writeInteger(into, spec.liquidationBudgetAtoms);
  writeInteger(into, spec.backstopLossCapAtoms);
  writeByte(into, DELEVERAGE_RULE[spec.deleverageRule]);
  writeInteger(into, spec.impactNotionalAtoms);
  writeInteger(into, spec.fundingInterestPpb);
  writeInteger(into, spec.fundingCapPpb);
}

/** The number of items of a list stands before them, in one byte. */
function writeTiers(into: EventBytes, tiers: MarketSpec['marginTiers']): void {
  writeByte(into, tiers.length);
  for (const tier of tiers) {
    writeInteger(into, tier.floorNotionalAtoms);
    writeInteger(into, tier.initialMarginPpm);
    writeInteger(into, tier.maintenanceMarginPpm);
  }
}

function writeCollateral(into: EventBytes, spec: CollateralSpec): void {
  writeInteger(into, spec.assetId);
  writeText(into, spec.symbol);
  writeInteger(into, spec.decimals);
  writeInteger(into, spec.priceDecimals);
  writeInteger(into, spec.maxPriceTicks);
  writeInteger(into, spec.haircutPpm);
  writeInteger(into, spec.maxDepositedAtoms);
  writeInteger(into, spec.priceJumpPpm);
  writeInteger(into, spec.priceStaleMs);
}

function writeCertificate(into: EventBytes, certificate: Certificate): void {
  writeInteger(into, certificate.certificateId);
  writeInteger(into, certificate.sequence);
  writeInteger(into, certificate.timeMs);
  writeByte(into, CLOSE_OUT_STAGE[certificate.stage]);
  writeInteger(into, certificate.liquidationId);
  writeInteger(into, certificate.auctionId);
  writeInteger(into, certificate.accountId);
  writeAddress(into, certificate.owner);
  writeInteger(into, certificate.subaccount);
  writeInteger(into, certificate.marketId);
  writeSide(into, certificate.side);
  writeInteger(into, certificate.sizeLots);
  writeInteger(into, certificate.filledLots);
  writeInteger(into, certificate.quoteAtoms);
  writeInteger(into, certificate.feeAtoms);
  writeInteger(into, certificate.insuranceAtoms);
  writeInteger(into, certificate.insuranceFundAtoms);
  writeInteger(into, certificate.limitTicks);
  writeInteger(into, certificate.fillableTicks);
  writeInteger(into, certificate.zeroTicks);
  writeInteger(into, certificate.zeroQuoteAtoms);
  writeInteger(into, certificate.elapsedMs);
  writeInteger(into, certificate.counterpartyId);
  writeInteger(into, certificate.collateralAtoms);
  writeByte(into, certificate.balances.length);
  for (const balance of certificate.balances) writeBalance(into, balance);
  writeByte(into, certificate.positions.length);
  for (const position of certificate.positions) writePosition(into, position);
  writeByte(into, certificate.markets.length);
  for (const market of certificate.markets) writeCertifiedMarket(into, market);
  writeFigures(into, certificate.before);
  writeFigures(into, certificate.after);
  writeTruth(into, certificate.rank !== undefined);
  if (certificate.rank !== undefined) writeRank(into, certificate.rank);
}

function writeBalance(into: EventBytes, balance: CertifiedBalance): void {
  reserve(into);
  writeInteger(into, balance.assetId);
  writeText(into, balance.symbol);
  writeInteger(into, balance.amountAtoms);
  writeInteger(into, balance.decimals);
  writeInteger(into, balance.priceDecimals);
  writeInteger(into, balance.haircutPpm);
  writeInteger(into, balance.priceTicks);
  writeReports(into, balance.reports);
}

function writePosition(into: EventBytes, position: CertifiedPosition): void {
  reserve(into);
  writeInteger(into, position.marketId);
  writeInteger(into, position.sizeLots);
  writeInteger(into, position.entryNotionalAtoms);
  writeInteger(into, position.fundingIndex);
  writeInteger(into, position.leverage);
}

function writeCertifiedMarket(into: EventBytes, market: CertifiedMarket): void {
  reserve(into);
  writeInteger(into, market.marketId);
  writeText(into, market.symbol);
  writeInteger(into, market.priceDecimals);
  writeInteger(into, market.sizeDecimals);
  writeInteger(into, market.atomsPerTickLot);
  writeInteger(into, market.maxPriceTicks);
  writeInteger(into, market.initialMarginPpm);
  writeInteger(into, market.maintenanceMarginPpm);
  writeTiers(into, market.marginTiers);
  writeInteger(into, market.openInterestLowerAtoms);
  writeInteger(into, market.openInterestUpperAtoms);
  writeInteger(into, market.marketSlippagePpm);
  writeInteger(into, market.markBandPpm);
  writeInteger(into, market.liquidationFeePpm);
  writeByte(into, DELEVERAGE_RULE[market.deleverageRule]);
  writeInteger(into, market.openInterestLots);
  writeInteger(into, market.fundingIndex);
  writeInteger(into, market.markTicks);
  writeInteger(into, market.stableTicks);
  writeInteger(into, market.mark.indexTicks);
  writeInteger(into, market.mark.basisEmaMilli);
  writeInteger(into, market.mark.medianEmaMilli);
  writeInteger(into, market.mark.bidTicks);
  writeInteger(into, market.mark.askTicks);
  writeInteger(into, market.mark.lastTicks);
  writeInteger(into, market.mark.perpTicks);
  writeInteger(into, market.indexTimeMs);
  writeReports(into, market.reports);
}

function writeReports(into: EventBytes, reports: readonly PriceReport[]): void {
  writeByte(into, reports.length);
  for (const report of reports) {
    reserve(into);
    writeAddress(into, report.feeder);
    writeInteger(into, report.priceTicks);
    writeInteger(into, report.perpTicks);
    writeInteger(into, report.publishTimeMs);
    writeInteger(into, report.reportSequence);
    writeText(into, report.signature);
  }
  // What follows a list has room as if it stood alone.
  reserve(into);
}

function writeFigures(into: EventBytes, figures: MarginFigures): void {
  writeInteger(into, figures.equityAtoms);
  writeInteger(into, figures.initialMarginAtoms);
  writeInteger(into, figures.maintenanceMarginAtoms);
}

function writeRank(into: EventBytes, rank: DeleverageRank): void {
  writeByte(into, DELEVERAGE_RULE[rank.rule]);
  writeInteger(into, rank.place);
  writeInteger(into, rank.candidates);
  writeInteger(into, rank.sizeLots);
  writeInteger(into, rank.entryNotionalAtoms);
  writeInteger(into, rank.unrealisedAtoms);
  writeInteger(into, rank.equityAtoms);
  writeInteger(into, rank.notionalAtoms);
  writeInteger(into, rank.hedgedLots);
  writeText(into, rank.score);
  writeText(into, rank.level);
  writeInteger(into, rank.neededLots);
}

function writeTrigger(into: EventBytes, trigger: Trigger | undefined): void {
  writeByte(into, trigger === undefined ? 0 : TRIGGER_KIND[trigger.kind]);
  if (trigger === undefined) return;
  writeInteger(into, trigger.triggerTicks);
  writeInteger(into, trigger.trailTicks);
}

function writeAttached(into: EventBytes, attached: AttachedOrders | undefined): void {
  writeTruth(into, attached !== undefined);
  if (attached === undefined) return;
  writeInteger(into, attached.takeProfitTicks);
  writeInteger(into, attached.takeProfitLimitTicks);
  writeInteger(into, attached.stopLossTicks);
  writeInteger(into, attached.stopLossLimitTicks);
}

/** Room for one event, or one item of a list in it. */
function reserve(into: EventBytes): void {
  if (into.length + EVENT_BYTES_MAX > into.bytes.length) grow(into);
}

function grow(into: EventBytes): void {
  const grown = new Uint8Array(into.bytes.length * 2);
  grown.set(into.bytes);
  into.bytes = grown;
  into.view = new DataView(grown.buffer);
}

function writeByte(into: EventBytes, value: number): void {
  into.bytes[into.length] = value;
  into.length += 1;
}

function writeTruth(into: EventBytes, value: boolean): void {
  writeByte(into, value ? 1 : 0);
}

function writeSide(into: EventBytes, side: Side): void {
  writeByte(into, side === 'buy' ? 1 : 2);
}

/** A reject code, or 0. */
function writeCode(into: EventBytes, code: number): void {
  into.view.setUint16(into.length, code, true);
  into.length += 2;
}

function writeInteger(into: EventBytes, value: number): void {
  const { view, length } = into;
  const low = value | 0;
  if (low === value) {
    view.setInt32(length, low, true);
    view.setInt32(length + 4, low >> 31, true);
  } else {
    assertSafeInteger(value, 'written value');
    view.setInt32(length, low, true);
    view.setInt32(length + 4, (value - (low >>> 0)) * HIGH_WORD, true);
  }
  into.length = length + 8;
}

/** Printable ASCII, at most 255 characters. */
function writeText(into: EventBytes, text: string): void {
  const { length } = text;
  assert(length <= 255, 'a text of an event is too long');
  writeByte(into, length);
  for (let at = 0; at < length; at += 1) {
    const code = text.charCodeAt(at);
    assert(code < 128, 'a text of an event is not plain');
    writeByte(into, code);
  }
}

/** The 20 bytes behind 0x and 40 lower-case digits. */
function writeAddress(into: EventBytes, address: Address): void {
  assert(address.length === 42, 'an address of an event has another length');
  for (let at = 2; at < 42; at += 2) writeByte(into, (digit(address, at) << 4) | digit(address, at + 1));
}

function digit(address: Address, at: number): number {
  const code = address.charCodeAt(at);
  const value = code < 58 ? code - 48 : code - 87;
  assert(value >= 0 && value < 16, 'an address of an event has another digit');
  return value;
}
