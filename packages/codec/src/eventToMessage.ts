import type { Event as EventMessage } from '@keel/proto/event';
import { AGENT_NAME_CHARACTERS_MAX, CLIENT_ORDER_ID_CHARACTERS_MAX, type Event } from '@keel/types';
import { addressToBytes } from './bytes.ts';
import { collateralSpecToMessage } from './collateralSpecMessage.ts';
import {
  ORDER_CLOSE_REASON_NUMBERS,
  PROTECTION_CAUSE_NUMBERS,
  RESUME_STAGE_NUMBERS,
  SAFETY_FUND_NUMBERS,
  SIDE_NUMBERS,
  TRADING_STATUS_NUMBERS,
} from './enums.ts';
import { toSint64, toUint32, toUint64 } from './integers.ts';
import {
  auctionEndedToMessage,
  auctionStartedToMessage,
  auctionSteppedToMessage,
  closeOutCertifiedToMessage,
  insurancePaidToMessage,
  liquidationEndedToMessage,
  liquidationStartedToMessage,
  marginCallToMessage,
  positionCloseOutToMessage,
  positionDeleveragedToMessage,
  preLiquidationToMessage,
} from './liquidationEventMessages.ts';
import { marketSpecToMessage } from './marketSpecMessage.ts';
import { orderTermsToMessage } from './orderTermsMessage.ts';
import { feedersToMessages } from './priceMessages.ts';
import { toText } from './text.ts';

type EventMessageKind = EventMessage['kind'];

/** The wire message of an event. A value that the wire cannot hold is a fault of ours. */
export function eventToMessage(event: Event): EventMessage {
  return { $typeName: 'keel.v1.Event', kind: eventKind(event) };
}

function eventKind(event: Event): EventMessageKind {
  switch (event.kind) {
    case 'marketListed':
      return {
        case: 'marketListed',
        value: { $typeName: 'keel.v1.MarketListed', spec: marketSpecToMessage(event.spec) },
      };
    case 'collateralListed':
      return {
        case: 'collateralListed',
        value: {
          $typeName: 'keel.v1.CollateralListed',
          spec: collateralSpecToMessage(event.spec),
        },
      };
    case 'accountOpened':
      return {
        case: 'accountOpened',
        value: {
          $typeName: 'keel.v1.AccountOpened',
          accountId: toUint32(event.accountId, 'accountId'),
          owner: addressToBytes(event.owner, 'owner'),
          subaccount: toUint32(event.subaccount, 'subaccount'),
        },
      };
    case 'depositCredited':
      return {
        case: 'depositCredited',
        value: {
          $typeName: 'keel.v1.DepositCredited',
          depositIndex: toUint64(event.depositIndex, 'depositIndex'),
          accountId: toUint32(event.accountId, 'accountId'),
          assetId: toUint32(event.assetId, 'assetId'),
          amountAtoms: toUint64(event.amountAtoms, 'amountAtoms'),
        },
      };
    case 'transferred':
      return {
        case: 'transferred',
        value: {
          $typeName: 'keel.v1.Transferred',
          fromAccountId: toUint32(event.fromAccountId, 'fromAccountId'),
          toAccountId: toUint32(event.toAccountId, 'toAccountId'),
          assetId: toUint32(event.assetId, 'assetId'),
          amountAtoms: toUint64(event.amountAtoms, 'amountAtoms'),
        },
      };
    case 'safetyFunded':
      return {
        case: 'safetyFunded',
        value: {
          $typeName: 'keel.v1.SafetyFunded',
          marketId: toUint32(event.marketId, 'marketId'),
          fund: SAFETY_FUND_NUMBERS[event.fund],
          accountId: toUint32(event.accountId, 'accountId'),
          amountAtoms: toUint64(event.amountAtoms, 'amountAtoms'),
          balanceAtoms: toSint64(event.balanceAtoms, 'balanceAtoms'),
        },
      };
    case 'collateralConverted':
      return {
        case: 'collateralConverted',
        value: {
          $typeName: 'keel.v1.CollateralConverted',
          accountId: toUint32(event.accountId, 'accountId'),
          assetId: toUint32(event.assetId, 'assetId'),
          amountAtoms: toUint64(event.amountAtoms, 'amountAtoms'),
          valueAtoms: toUint64(event.valueAtoms, 'valueAtoms'),
        },
      };
    case 'leverageSet':
      return {
        case: 'leverageSet',
        value: {
          $typeName: 'keel.v1.LeverageSet',
          accountId: toUint32(event.accountId, 'accountId'),
          marketId: toUint32(event.marketId, 'marketId'),
          leverage: toUint64(event.leverage, 'leverage'),
        },
      };
    case 'liquidatorRegistered':
      return {
        case: 'liquidatorRegistered',
        value: {
          $typeName: 'keel.v1.LiquidatorRegistered',
          accountId: toUint32(event.accountId, 'accountId'),
          active: event.active,
        },
      };
    case 'priceFeedersSet':
      return {
        case: 'priceFeedersSet',
        value: {
          $typeName: 'keel.v1.PriceFeedersSet',
          feeders: feedersToMessages(event.feeders),
        },
      };
    case 'engineUpgraded':
      return {
        case: 'engineUpgraded',
        value: {
          $typeName: 'keel.v1.EngineUpgraded',
          engineVersion: toUint32(event.engineVersion, 'engineVersion'),
        },
      };
    case 'commandRejected':
      return {
        case: 'commandRejected',
        value: {
          $typeName: 'keel.v1.CommandRejected',
          code: event.code,
          accountId: toUint32(event.accountId, 'accountId'),
        },
      };
    case 'agentApproved':
      return {
        case: 'agentApproved',
        value: {
          $typeName: 'keel.v1.AgentApproved',
          accountId: toUint32(event.accountId, 'accountId'),
          agent: addressToBytes(event.agent, 'agent'),
          agentName: toText(event.agentName, AGENT_NAME_CHARACTERS_MAX, 'agentName'),
          expiresAtMs: toUint64(event.expiresAtMs, 'expiresAtMs'),
        },
      };
    case 'agentRevoked':
      return {
        case: 'agentRevoked',
        value: {
          $typeName: 'keel.v1.AgentRevoked',
          accountId: toUint32(event.accountId, 'accountId'),
          agent: addressToBytes(event.agent, 'agent'),
        },
      };
    case 'orderAccepted':
      return {
        case: 'orderAccepted',
        value: {
          ...orderTermsToMessage(event),
          $typeName: 'keel.v1.OrderAccepted',
          orderId: toUint64(event.orderId, 'orderId'),
          accountId: toUint32(event.accountId, 'accountId'),
          linkedOrderId: toUint64(event.linkedOrderId, 'linkedOrderId'),
          parentOrderId: toUint64(event.parentOrderId, 'parentOrderId'),
        },
      };
    case 'orderDuplicated':
      return {
        case: 'orderDuplicated',
        value: {
          $typeName: 'keel.v1.OrderDuplicated',
          orderId: toUint64(event.orderId, 'orderId'),
          accountId: toUint32(event.accountId, 'accountId'),
          clientOrderId: toText(event.clientOrderId, CLIENT_ORDER_ID_CHARACTERS_MAX, 'clientOrderId'),
        },
      };
    case 'orderFilled':
      return {
        case: 'orderFilled',
        value: {
          $typeName: 'keel.v1.OrderFilled',
          tradeId: toUint64(event.tradeId, 'tradeId'),
          marketId: toUint32(event.marketId, 'marketId'),
          priceTicks: toUint64(event.priceTicks, 'priceTicks'),
          sizeLots: toUint64(event.sizeLots, 'sizeLots'),
          takerSide: SIDE_NUMBERS[event.takerSide],
          makerOrderId: toUint64(event.makerOrderId, 'makerOrderId'),
          takerOrderId: toUint64(event.takerOrderId, 'takerOrderId'),
          makerAccountId: toUint32(event.makerAccountId, 'makerAccountId'),
          takerAccountId: toUint32(event.takerAccountId, 'takerAccountId'),
          makerFeeAtoms: toSint64(event.makerFeeAtoms, 'makerFeeAtoms'),
          takerFeeAtoms: toSint64(event.takerFeeAtoms, 'takerFeeAtoms'),
          makerRealisedPnlAtoms: toSint64(event.makerRealisedPnlAtoms, 'makerRealisedPnlAtoms'),
          takerRealisedPnlAtoms: toSint64(event.takerRealisedPnlAtoms, 'takerRealisedPnlAtoms'),
          makerRemainingLots: toUint64(event.makerRemainingLots, 'makerRemainingLots'),
          liquidation: event.liquidation,
        },
      };
    case 'orderRested':
      return {
        case: 'orderRested',
        value: {
          $typeName: 'keel.v1.OrderRested',
          orderId: toUint64(event.orderId, 'orderId'),
          remainingLots: toUint64(event.remainingLots, 'remainingLots'),
        },
      };
    case 'orderReplenished':
      return {
        case: 'orderReplenished',
        value: {
          $typeName: 'keel.v1.OrderReplenished',
          orderId: toUint64(event.orderId, 'orderId'),
          shownLots: toUint64(event.shownLots, 'shownLots'),
        },
      };
    case 'orderWaiting':
      return {
        case: 'orderWaiting',
        value: {
          $typeName: 'keel.v1.OrderWaiting',
          orderId: toUint64(event.orderId, 'orderId'),
          triggerTicks: toUint64(event.triggerTicks, 'triggerTicks'),
        },
      };
    case 'orderTriggered':
      return {
        case: 'orderTriggered',
        value: {
          $typeName: 'keel.v1.OrderTriggered',
          orderId: toUint64(event.orderId, 'orderId'),
          markTicks: toUint64(event.markTicks, 'markTicks'),
        },
      };
    case 'orderAmended':
      return {
        case: 'orderAmended',
        value: {
          $typeName: 'keel.v1.OrderAmended',
          orderId: toUint64(event.orderId, 'orderId'),
          accountId: toUint32(event.accountId, 'accountId'),
          marketId: toUint32(event.marketId, 'marketId'),
          clientOrderId: toText(event.clientOrderId, CLIENT_ORDER_ID_CHARACTERS_MAX, 'clientOrderId'),
          priceTicks: toUint64(event.priceTicks, 'priceTicks'),
          sizeLots: toUint64(event.sizeLots, 'sizeLots'),
          remainingLots: toUint64(event.remainingLots, 'remainingLots'),
          keptPlace: event.keptPlace,
        },
      };
    case 'orderClosed':
      return {
        case: 'orderClosed',
        value: {
          $typeName: 'keel.v1.OrderClosed',
          orderId: toUint64(event.orderId, 'orderId'),
          accountId: toUint32(event.accountId, 'accountId'),
          marketId: toUint32(event.marketId, 'marketId'),
          reason: ORDER_CLOSE_REASON_NUMBERS[event.reason],
          remainingLots: toUint64(event.remainingLots, 'remainingLots'),
          code: event.code,
        },
      };
    case 'twapStarted':
      return {
        case: 'twapStarted',
        value: {
          $typeName: 'keel.v1.TwapStarted',
          orderId: toUint64(event.orderId, 'orderId'),
          durationMs: toUint64(event.durationMs, 'durationMs'),
          slices: toUint64(event.slices, 'slices'),
        },
      };
    case 'twapSlice':
      return {
        case: 'twapSlice',
        value: {
          $typeName: 'keel.v1.TwapSlice',
          orderId: toUint64(event.orderId, 'orderId'),
          slice: toUint64(event.slice, 'slice'),
          sizeLots: toUint64(event.sizeLots, 'sizeLots'),
          filledLots: toUint64(event.filledLots, 'filledLots'),
          code: event.code,
        },
      };
    case 'batchItem':
      return {
        case: 'batchItem',
        value: {
          $typeName: 'keel.v1.BatchItem',
          item: toUint32(event.item, 'item'),
          orderId: toUint64(event.orderId, 'orderId'),
          code: event.code,
        },
      };
    case 'cancelAllAfterSet':
      return {
        case: 'cancelAllAfterSet',
        value: {
          $typeName: 'keel.v1.CancelAllAfterSet',
          accountId: toUint32(event.accountId, 'accountId'),
          deadlineMs: toUint64(event.deadlineMs, 'deadlineMs'),
        },
      };
    case 'cancelAllAfterFired':
      return {
        case: 'cancelAllAfterFired',
        value: { $typeName: 'keel.v1.CancelAllAfterFired', accountId: toUint32(event.accountId, 'accountId') },
      };
    case 'marketMakerProtectionSet':
      return {
        case: 'marketMakerProtectionSet',
        value: {
          $typeName: 'keel.v1.MarketMakerProtectionSet',
          accountId: toUint32(event.accountId, 'accountId'),
          marketId: toUint32(event.marketId, 'marketId'),
          windowMs: toUint64(event.windowMs, 'windowMs'),
          quantityLots: toUint64(event.quantityLots, 'quantityLots'),
          deltaLots: toUint64(event.deltaLots, 'deltaLots'),
          fillCount: toUint64(event.fillCount, 'fillCount'),
        },
      };
    case 'marketMakerProtectionFired':
      return {
        case: 'marketMakerProtectionFired',
        value: {
          $typeName: 'keel.v1.MarketMakerProtectionFired',
          accountId: toUint32(event.accountId, 'accountId'),
          marketId: toUint32(event.marketId, 'marketId'),
          cause: PROTECTION_CAUSE_NUMBERS[event.cause],
        },
      };
    case 'marketMakerProtectionReset':
      return {
        case: 'marketMakerProtectionReset',
        value: {
          $typeName: 'keel.v1.MarketMakerProtectionReset',
          accountId: toUint32(event.accountId, 'accountId'),
          marketId: toUint32(event.marketId, 'marketId'),
        },
      };
    case 'tradingStatusChanged':
      return {
        case: 'tradingStatusChanged',
        value: {
          $typeName: 'keel.v1.TradingStatusChanged',
          marketId: toUint32(event.marketId, 'marketId'),
          status: TRADING_STATUS_NUMBERS[event.status],
        },
      };
    case 'indexPriceUpdated':
      return {
        case: 'indexPriceUpdated',
        value: {
          $typeName: 'keel.v1.IndexPriceUpdated',
          marketId: toUint32(event.marketId, 'marketId'),
          indexTicks: toUint64(event.indexTicks, 'indexTicks'),
          publishTimeMs: toUint64(event.publishTimeMs, 'publishTimeMs'),
          countedReports: toUint32(event.countedReports, 'countedReports'),
          droppedReports: toUint32(event.droppedReports, 'droppedReports'),
        },
      };
    case 'collateralPriceUpdated':
      return {
        case: 'collateralPriceUpdated',
        value: {
          $typeName: 'keel.v1.CollateralPriceUpdated',
          assetId: toUint32(event.assetId, 'assetId'),
          priceTicks: toUint64(event.priceTicks, 'priceTicks'),
          publishTimeMs: toUint64(event.publishTimeMs, 'publishTimeMs'),
        },
      };
    case 'priceBandTripped':
      return {
        case: 'priceBandTripped',
        value: {
          $typeName: 'keel.v1.PriceBandTripped',
          marketId: toUint32(event.marketId, 'marketId'),
          assetId: toUint32(event.assetId, 'assetId'),
          fromTicks: toUint64(event.fromTicks, 'fromTicks'),
          reportedTicks: toUint64(event.reportedTicks, 'reportedTicks'),
        },
      };
    case 'priceBandReleased':
      return {
        case: 'priceBandReleased',
        value: {
          $typeName: 'keel.v1.PriceBandReleased',
          marketId: toUint32(event.marketId, 'marketId'),
          assetId: toUint32(event.assetId, 'assetId'),
          priceTicks: toUint64(event.priceTicks, 'priceTicks'),
        },
      };
    case 'marketResuming':
      return {
        case: 'marketResuming',
        value: {
          $typeName: 'keel.v1.MarketResuming',
          marketId: toUint32(event.marketId, 'marketId'),
          stage: RESUME_STAGE_NUMBERS[event.stage],
          untilMs: toUint64(event.untilMs, 'untilMs'),
        },
      };
    case 'markPriceUpdated':
      return {
        case: 'markPriceUpdated',
        value: {
          $typeName: 'keel.v1.MarkPriceUpdated',
          marketId: toUint32(event.marketId, 'marketId'),
          markTicks: toUint64(event.markTicks, 'markTicks'),
        },
      };
    case 'fundingRateSettled':
      return {
        case: 'fundingRateSettled',
        value: {
          $typeName: 'keel.v1.FundingRateSettled',
          marketId: toUint32(event.marketId, 'marketId'),
          ratePpb: toSint64(event.ratePpb, 'ratePpb'),
          fundingIndex: toSint64(event.fundingIndex, 'fundingIndex'),
        },
      };
    case 'fundingPaid':
      return {
        case: 'fundingPaid',
        value: {
          $typeName: 'keel.v1.FundingPaid',
          accountId: toUint32(event.accountId, 'accountId'),
          marketId: toUint32(event.marketId, 'marketId'),
          amountAtoms: toSint64(event.amountAtoms, 'amountAtoms'),
        },
      };
    case 'marginCall':
      return { case: 'marginCall', value: marginCallToMessage(event) };
    case 'preLiquidation':
      return { case: 'preLiquidation', value: preLiquidationToMessage(event) };
    case 'liquidationStarted':
      return { case: 'liquidationStarted', value: liquidationStartedToMessage(event) };
    case 'positionCloseOut':
      return { case: 'positionCloseOut', value: positionCloseOutToMessage(event) };
    case 'auctionStarted':
      return { case: 'auctionStarted', value: auctionStartedToMessage(event) };
    case 'auctionStepped':
      return { case: 'auctionStepped', value: auctionSteppedToMessage(event) };
    case 'auctionEnded':
      return { case: 'auctionEnded', value: auctionEndedToMessage(event) };
    case 'closeOutCertified':
      return { case: 'closeOutCertified', value: closeOutCertifiedToMessage(event) };
    case 'insurancePaid':
      return { case: 'insurancePaid', value: insurancePaidToMessage(event) };
    case 'positionDeleveraged':
      return { case: 'positionDeleveraged', value: positionDeleveragedToMessage(event) };
    case 'liquidationEnded':
      return { case: 'liquidationEnded', value: liquidationEndedToMessage(event) };
    case 'withdrawalRequested':
      return {
        case: 'withdrawalRequested',
        value: {
          $typeName: 'keel.v1.WithdrawalRequested',
          withdrawalIndex: toUint64(event.withdrawalIndex, 'withdrawalIndex'),
          accountId: toUint32(event.accountId, 'accountId'),
          recipient: addressToBytes(event.recipient, 'recipient'),
          assetId: toUint32(event.assetId, 'assetId'),
          amountAtoms: toUint64(event.amountAtoms, 'amountAtoms'),
        },
      };
    case 'batchSealed':
      return {
        case: 'batchSealed',
        value: {
          $typeName: 'keel.v1.BatchSealed',
          batchIndex: toUint64(event.batchIndex, 'batchIndex'),
          firstSequence: toUint64(event.firstSequence, 'firstSequence'),
          lastSequence: toUint64(event.lastSequence, 'lastSequence'),
          nextDepositIndex: toUint64(event.nextDepositIndex, 'nextDepositIndex'),
          firstWithdrawalIndex: toUint64(event.firstWithdrawalIndex, 'firstWithdrawalIndex'),
          nextWithdrawalIndex: toUint64(event.nextWithdrawalIndex, 'nextWithdrawalIndex'),
        },
      };
  }
}
