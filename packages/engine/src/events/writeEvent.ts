import type { AttachedOrders, Event, OrderAccepted, OrderFilled, Trigger } from '@keel/types';
import {
  type EventBytes,
  reserve,
  writeAddress,
  writeByte,
  writeCode,
  writeInteger,
  writeSide,
  writeText,
  writeTruth,
} from './eventBytes.ts';
import {
  AUCTION_END,
  CLOSE_OUT_STAGE,
  CLOSE_REASON,
  KIND,
  PROTECTION_CAUSE,
  RESUME_STAGE,
  SAFETY_FUND,
  SELF_TRADE,
  TIME_IN_FORCE,
  TRADING_STATUS,
  TRIGGER_KIND,
} from './eventWords.ts';
import { writeCertificate, writeRank } from './writeCertificate.ts';
import { writeCollateral, writeSpec } from './writeSpec.ts';

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
    case 'engineUpgraded':
      writeInteger(into, event.engineVersion);
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
