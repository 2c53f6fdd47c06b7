import type { Event as EventMessage } from '@keel/proto/event';
import {
  AGENT_NAME_CHARACTERS_MAX,
  CLIENT_ORDER_ID_CHARACTERS_MAX,
  type Event,
  toAccountId,
  toAssetId,
  toMarketId,
  toOrderId,
  toSequence,
} from '@keel/types';
import { bytesToAddress } from './bytes.ts';
import { CodecError } from './codecError.ts';
import { collateralSpecFromMessage, fromAssetIdOrZero } from './collateralSpecMessage.ts';
import {
  fromOrderCloseReason,
  fromProtectionCause,
  fromRejectCode,
  fromRejectCodeOrZero,
  fromResumeStage,
  fromSafetyFund,
  fromSide,
  fromTradingStatus,
} from './enums.ts';
import { fromPositiveUint64, fromSint64, fromUint64 } from './integers.ts';
import {
  auctionEndedFromMessage,
  auctionStartedFromMessage,
  auctionSteppedFromMessage,
  closeOutCertifiedFromMessage,
  insurancePaidFromMessage,
  liquidationEndedFromMessage,
  liquidationStartedFromMessage,
  marginCallFromMessage,
  positionCloseOutFromMessage,
  positionDeleveragedFromMessage,
  preLiquidationFromMessage,
} from './liquidationEventMessages.ts';
import { marketSpecFromMessage } from './marketSpecMessage.ts';
import { known } from './message.ts';
import { orderTermsFromMessage } from './orderTermsMessage.ts';
import { feedersFromMessages } from './priceMessages.ts';
import { fromText } from './text.ts';

/** The event of a wire message, every part checked. Throws CodecError. */
export function eventFromMessage(wire: EventMessage): Event {
  const { kind } = known(wire, 'event');
  switch (kind.case) {
    case 'marketListed': {
      const message = known(kind.value, 'marketListed');
      return { kind: 'marketListed', spec: marketSpecFromMessage(message.spec) };
    }
    case 'collateralListed': {
      const message = known(kind.value, 'collateralListed');
      return {
        kind: 'collateralListed',
        spec: collateralSpecFromMessage(message.spec),
      };
    }
    case 'accountOpened': {
      const message = known(kind.value, 'accountOpened');
      return {
        kind: 'accountOpened',
        accountId: toAccountId(message.accountId),
        owner: bytesToAddress(message.owner, 'owner'),
        subaccount: message.subaccount,
      };
    }
    case 'depositCredited': {
      const message = known(kind.value, 'depositCredited');
      return {
        kind: 'depositCredited',
        depositIndex: fromUint64(message.depositIndex, 'depositIndex'),
        accountId: toAccountId(message.accountId),
        assetId: fromAssetIdOrZero(message.assetId),
        amountAtoms: fromUint64(message.amountAtoms, 'amountAtoms'),
      };
    }
    case 'transferred': {
      const message = known(kind.value, 'transferred');
      return {
        kind: 'transferred',
        fromAccountId: toAccountId(message.fromAccountId),
        toAccountId: toAccountId(message.toAccountId),
        assetId: fromAssetIdOrZero(message.assetId),
        amountAtoms: fromUint64(message.amountAtoms, 'amountAtoms'),
      };
    }
    case 'safetyFunded': {
      const message = known(kind.value, 'safetyFunded');
      return {
        kind: 'safetyFunded',
        marketId: toMarketId(message.marketId),
        fund: fromSafetyFund(message.fund, 'fund'),
        accountId: message.accountId === 0 ? 0 : toAccountId(message.accountId),
        amountAtoms: fromUint64(message.amountAtoms, 'amountAtoms'),
        balanceAtoms: fromSint64(message.balanceAtoms, 'balanceAtoms'),
      };
    }
    case 'collateralConverted': {
      const message = known(kind.value, 'collateralConverted');
      return {
        kind: 'collateralConverted',
        accountId: toAccountId(message.accountId),
        assetId: toAssetId(message.assetId),
        amountAtoms: fromUint64(message.amountAtoms, 'amountAtoms'),
        valueAtoms: fromUint64(message.valueAtoms, 'valueAtoms'),
      };
    }
    case 'leverageSet': {
      const message = known(kind.value, 'leverageSet');
      return {
        kind: 'leverageSet',
        accountId: toAccountId(message.accountId),
        marketId: toMarketId(message.marketId),
        leverage: fromUint64(message.leverage, 'leverage'),
      };
    }
    case 'liquidatorRegistered': {
      const message = known(kind.value, 'liquidatorRegistered');
      return {
        kind: 'liquidatorRegistered',
        accountId: toAccountId(message.accountId),
        active: message.active,
      };
    }
    case 'priceFeedersSet': {
      const message = known(kind.value, 'priceFeedersSet');
      return {
        kind: 'priceFeedersSet',
        feeders: feedersFromMessages(message.feeders),
      };
    }
    case 'engineUpgraded': {
      const message = known(kind.value, 'engineUpgraded');
      return { kind: 'engineUpgraded', engineVersion: message.engineVersion };
    }
    case 'commandRejected': {
      const message = known(kind.value, 'commandRejected');
      return {
        kind: 'commandRejected',
        code: fromRejectCode(message.code, 'code'),
        accountId: message.accountId === 0 ? 0 : toAccountId(message.accountId),
      };
    }
    case 'agentApproved': {
      const message = known(kind.value, 'agentApproved');
      return {
        kind: 'agentApproved',
        accountId: toAccountId(message.accountId),
        agent: bytesToAddress(message.agent, 'agent'),
        agentName: fromText(message.agentName, AGENT_NAME_CHARACTERS_MAX, 'agentName'),
        expiresAtMs: fromUint64(message.expiresAtMs, 'expiresAtMs'),
      };
    }
    case 'agentRevoked': {
      const message = known(kind.value, 'agentRevoked');
      return {
        kind: 'agentRevoked',
        accountId: toAccountId(message.accountId),
        agent: bytesToAddress(message.agent, 'agent'),
      };
    }
    case 'orderAccepted': {
      const message = known(kind.value, 'orderAccepted');
      return {
        ...orderTermsFromMessage(message),
        kind: 'orderAccepted',
        orderId: toOrderId(fromUint64(message.orderId, 'orderId')),
        accountId: toAccountId(message.accountId),
        linkedOrderId: toOrderId(fromUint64(message.linkedOrderId, 'linkedOrderId')),
        parentOrderId: toOrderId(fromUint64(message.parentOrderId, 'parentOrderId')),
      };
    }
    case 'orderDuplicated': {
      const message = known(kind.value, 'orderDuplicated');
      return {
        kind: 'orderDuplicated',
        orderId: toOrderId(fromUint64(message.orderId, 'orderId')),
        accountId: toAccountId(message.accountId),
        clientOrderId: fromText(message.clientOrderId, CLIENT_ORDER_ID_CHARACTERS_MAX, 'clientOrderId'),
      };
    }
    case 'orderFilled': {
      const message = known(kind.value, 'orderFilled');
      return {
        kind: 'orderFilled',
        tradeId: fromUint64(message.tradeId, 'tradeId'),
        marketId: toMarketId(message.marketId),
        priceTicks: fromUint64(message.priceTicks, 'priceTicks'),
        sizeLots: fromUint64(message.sizeLots, 'sizeLots'),
        takerSide: fromSide(message.takerSide, 'takerSide'),
        makerOrderId: toOrderId(fromUint64(message.makerOrderId, 'makerOrderId')),
        takerOrderId: toOrderId(fromUint64(message.takerOrderId, 'takerOrderId')),
        makerAccountId: toAccountId(message.makerAccountId),
        takerAccountId: toAccountId(message.takerAccountId),
        makerFeeAtoms: fromSint64(message.makerFeeAtoms, 'makerFeeAtoms'),
        takerFeeAtoms: fromSint64(message.takerFeeAtoms, 'takerFeeAtoms'),
        makerRealisedPnlAtoms: fromSint64(message.makerRealisedPnlAtoms, 'makerRealisedPnlAtoms'),
        takerRealisedPnlAtoms: fromSint64(message.takerRealisedPnlAtoms, 'takerRealisedPnlAtoms'),
        makerRemainingLots: fromUint64(message.makerRemainingLots, 'makerRemainingLots'),
        liquidation: message.liquidation,
      };
    }
    case 'orderRested': {
      const message = known(kind.value, 'orderRested');
      return {
        kind: 'orderRested',
        orderId: toOrderId(fromUint64(message.orderId, 'orderId')),
        remainingLots: fromUint64(message.remainingLots, 'remainingLots'),
      };
    }
    case 'orderReplenished': {
      const message = known(kind.value, 'orderReplenished');
      return {
        kind: 'orderReplenished',
        orderId: toOrderId(fromUint64(message.orderId, 'orderId')),
        shownLots: fromUint64(message.shownLots, 'shownLots'),
      };
    }
    case 'orderWaiting': {
      const message = known(kind.value, 'orderWaiting');
      return {
        kind: 'orderWaiting',
        orderId: toOrderId(fromUint64(message.orderId, 'orderId')),
        triggerTicks: fromUint64(message.triggerTicks, 'triggerTicks'),
      };
    }
    case 'orderTriggered': {
      const message = known(kind.value, 'orderTriggered');
      return {
        kind: 'orderTriggered',
        orderId: toOrderId(fromUint64(message.orderId, 'orderId')),
        markTicks: fromUint64(message.markTicks, 'markTicks'),
      };
    }
    case 'orderAmended': {
      const message = known(kind.value, 'orderAmended');
      return {
        kind: 'orderAmended',
        orderId: toOrderId(fromUint64(message.orderId, 'orderId')),
        accountId: toAccountId(message.accountId),
        marketId: toMarketId(message.marketId),
        clientOrderId: fromText(message.clientOrderId, CLIENT_ORDER_ID_CHARACTERS_MAX, 'clientOrderId'),
        priceTicks: fromUint64(message.priceTicks, 'priceTicks'),
        sizeLots: fromUint64(message.sizeLots, 'sizeLots'),
        remainingLots: fromUint64(message.remainingLots, 'remainingLots'),
        keptPlace: message.keptPlace,
      };
    }
    case 'orderClosed': {
      const message = known(kind.value, 'orderClosed');
      return {
        kind: 'orderClosed',
        orderId: toOrderId(fromUint64(message.orderId, 'orderId')),
        accountId: toAccountId(message.accountId),
        marketId: toMarketId(message.marketId),
        reason: fromOrderCloseReason(message.reason, 'reason'),
        remainingLots: fromUint64(message.remainingLots, 'remainingLots'),
        code: fromRejectCodeOrZero(message.code, 'code'),
      };
    }
    case 'twapStarted': {
      const message = known(kind.value, 'twapStarted');
      return {
        kind: 'twapStarted',
        orderId: toOrderId(fromUint64(message.orderId, 'orderId')),
        durationMs: fromUint64(message.durationMs, 'durationMs'),
        slices: fromUint64(message.slices, 'slices'),
      };
    }
    case 'twapSlice': {
      const message = known(kind.value, 'twapSlice');
      return {
        kind: 'twapSlice',
        orderId: toOrderId(fromUint64(message.orderId, 'orderId')),
        slice: fromUint64(message.slice, 'slice'),
        sizeLots: fromUint64(message.sizeLots, 'sizeLots'),
        filledLots: fromUint64(message.filledLots, 'filledLots'),
        code: fromRejectCodeOrZero(message.code, 'code'),
      };
    }
    case 'batchItem': {
      const message = known(kind.value, 'batchItem');
      return {
        kind: 'batchItem',
        item: message.item,
        orderId: toOrderId(fromUint64(message.orderId, 'orderId')),
        code: fromRejectCodeOrZero(message.code, 'code'),
      };
    }
    case 'cancelAllAfterSet': {
      const message = known(kind.value, 'cancelAllAfterSet');
      return {
        kind: 'cancelAllAfterSet',
        accountId: toAccountId(message.accountId),
        deadlineMs: fromUint64(message.deadlineMs, 'deadlineMs'),
      };
    }
    case 'cancelAllAfterFired': {
      const message = known(kind.value, 'cancelAllAfterFired');
      return { kind: 'cancelAllAfterFired', accountId: toAccountId(message.accountId) };
    }
    case 'marketMakerProtectionSet': {
      const message = known(kind.value, 'marketMakerProtectionSet');
      return {
        kind: 'marketMakerProtectionSet',
        accountId: toAccountId(message.accountId),
        marketId: toMarketId(message.marketId),
        windowMs: fromUint64(message.windowMs, 'windowMs'),
        quantityLots: fromUint64(message.quantityLots, 'quantityLots'),
        deltaLots: fromUint64(message.deltaLots, 'deltaLots'),
        fillCount: fromUint64(message.fillCount, 'fillCount'),
      };
    }
    case 'marketMakerProtectionFired': {
      const message = known(kind.value, 'marketMakerProtectionFired');
      return {
        kind: 'marketMakerProtectionFired',
        accountId: toAccountId(message.accountId),
        marketId: toMarketId(message.marketId),
        cause: fromProtectionCause(message.cause, 'cause'),
      };
    }
    case 'marketMakerProtectionReset': {
      const message = known(kind.value, 'marketMakerProtectionReset');
      return {
        kind: 'marketMakerProtectionReset',
        accountId: toAccountId(message.accountId),
        marketId: toMarketId(message.marketId),
      };
    }
    case 'tradingStatusChanged': {
      const message = known(kind.value, 'tradingStatusChanged');
      return {
        kind: 'tradingStatusChanged',
        marketId: toMarketId(message.marketId),
        status: fromTradingStatus(message.status, 'status'),
      };
    }
    case 'indexPriceUpdated': {
      const message = known(kind.value, 'indexPriceUpdated');
      return {
        kind: 'indexPriceUpdated',
        marketId: toMarketId(message.marketId),
        indexTicks: fromUint64(message.indexTicks, 'indexTicks'),
        publishTimeMs: fromUint64(message.publishTimeMs, 'publishTimeMs'),
        countedReports: message.countedReports,
        droppedReports: message.droppedReports,
      };
    }
    case 'collateralPriceUpdated': {
      const message = known(kind.value, 'collateralPriceUpdated');
      return {
        kind: 'collateralPriceUpdated',
        assetId: toAssetId(message.assetId),
        priceTicks: fromUint64(message.priceTicks, 'priceTicks'),
        publishTimeMs: fromUint64(message.publishTimeMs, 'publishTimeMs'),
      };
    }
    case 'priceBandTripped': {
      const message = known(kind.value, 'priceBandTripped');
      return {
        kind: 'priceBandTripped',
        marketId: message.marketId === 0 ? 0 : toMarketId(message.marketId),
        assetId: fromAssetIdOrZero(message.assetId),
        fromTicks: fromUint64(message.fromTicks, 'fromTicks'),
        reportedTicks: fromUint64(message.reportedTicks, 'reportedTicks'),
      };
    }
    case 'priceBandReleased': {
      const message = known(kind.value, 'priceBandReleased');
      return {
        kind: 'priceBandReleased',
        marketId: message.marketId === 0 ? 0 : toMarketId(message.marketId),
        assetId: fromAssetIdOrZero(message.assetId),
        priceTicks: fromUint64(message.priceTicks, 'priceTicks'),
      };
    }
    case 'marketResuming': {
      const message = known(kind.value, 'marketResuming');
      return {
        kind: 'marketResuming',
        marketId: toMarketId(message.marketId),
        stage: fromResumeStage(message.stage, 'stage'),
        untilMs: fromUint64(message.untilMs, 'untilMs'),
      };
    }
    case 'markPriceUpdated': {
      const message = known(kind.value, 'markPriceUpdated');
      return {
        kind: 'markPriceUpdated',
        marketId: toMarketId(message.marketId),
        markTicks: fromUint64(message.markTicks, 'markTicks'),
      };
    }
    case 'fundingRateSettled': {
      const message = known(kind.value, 'fundingRateSettled');
      return {
        kind: 'fundingRateSettled',
        marketId: toMarketId(message.marketId),
        ratePpb: fromSint64(message.ratePpb, 'ratePpb'),
        fundingIndex: fromSint64(message.fundingIndex, 'fundingIndex'),
      };
    }
    case 'fundingPaid': {
      const message = known(kind.value, 'fundingPaid');
      return {
        kind: 'fundingPaid',
        accountId: toAccountId(message.accountId),
        marketId: toMarketId(message.marketId),
        amountAtoms: fromSint64(message.amountAtoms, 'amountAtoms'),
      };
    }
    case 'marginCall':
      return marginCallFromMessage(kind.value);
    case 'preLiquidation':
      return preLiquidationFromMessage(kind.value);
    case 'liquidationStarted':
      return liquidationStartedFromMessage(kind.value);
    case 'positionCloseOut':
      return positionCloseOutFromMessage(kind.value);
    case 'auctionStarted':
      return auctionStartedFromMessage(kind.value);
    case 'auctionStepped':
      return auctionSteppedFromMessage(kind.value);
    case 'auctionEnded':
      return auctionEndedFromMessage(kind.value);
    case 'closeOutCertified':
      return closeOutCertifiedFromMessage(kind.value);
    case 'insurancePaid':
      return insurancePaidFromMessage(kind.value);
    case 'positionDeleveraged':
      return positionDeleveragedFromMessage(kind.value);
    case 'liquidationEnded':
      return liquidationEndedFromMessage(kind.value);
    case 'withdrawalRequested': {
      const message = known(kind.value, 'withdrawalRequested');
      return {
        kind: 'withdrawalRequested',
        withdrawalIndex: fromUint64(message.withdrawalIndex, 'withdrawalIndex'),
        accountId: toAccountId(message.accountId),
        recipient: bytesToAddress(message.recipient, 'recipient'),
        assetId: fromAssetIdOrZero(message.assetId),
        amountAtoms: fromUint64(message.amountAtoms, 'amountAtoms'),
      };
    }
    case 'batchSealed': {
      const message = known(kind.value, 'batchSealed');
      return {
        kind: 'batchSealed',
        batchIndex: fromUint64(message.batchIndex, 'batchIndex'),
        firstSequence: toSequence(fromPositiveUint64(message.firstSequence, 'firstSequence')),
        lastSequence: toSequence(fromPositiveUint64(message.lastSequence, 'lastSequence')),
        nextDepositIndex: fromUint64(message.nextDepositIndex, 'nextDepositIndex'),
        firstWithdrawalIndex: fromUint64(message.firstWithdrawalIndex, 'firstWithdrawalIndex'),
        nextWithdrawalIndex: fromUint64(message.nextWithdrawalIndex, 'nextWithdrawalIndex'),
      };
    }
    case undefined:
      throw new CodecError('MISSING_FIELD', 'event.kind', 'is required');
  }
}
