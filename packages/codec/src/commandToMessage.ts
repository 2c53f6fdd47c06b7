import type {
  Command as CommandMessage,
  PlaceOrder as PlaceOrderMessage,
  PlaceScale as PlaceScaleMessage,
  PlaceTwap as PlaceTwapMessage,
  SetMarketMakerProtection as SetMarketMakerProtectionMessage,
} from '@keel/proto/command';
import {
  AGENT_NAME_CHARACTERS_MAX,
  CLIENT_ORDER_ID_CHARACTERS_MAX,
  type Command,
  type CreditDeposit,
  type PlaceOrder,
  type PlaceScale,
  type PlaceTwap,
  type SetMarketMakerProtection,
} from '@keel/types';
import { authorizationToMessage } from './authorizationMessage.ts';
import { addressToBytes, HASH_BYTES, hexToBytes } from './bytes.ts';
import { collateralSpecToMessage } from './collateralSpecMessage.ts';
import { ORDER_GROUPING_NUMBERS, SAFETY_FUND_NUMBERS, SIDE_NUMBERS, TRADING_STATUS_NUMBERS } from './enums.ts';
import { toUint32, toUint64 } from './integers.ts';
import { toItems } from './itemLists.ts';
import { marketSpecToMessage } from './marketSpecMessage.ts';
import {
  amendmentFieldsToMessage,
  nameFieldsToMessage,
  orderAmendmentToMessage,
  orderNameToMessage,
} from './orderNameMessage.ts';
import { orderRequestToMessage, orderTermsToMessage } from './orderTermsMessage.ts';
import { feedersToMessages, reportsToMessages } from './priceMessages.ts';
import { toText } from './text.ts';

/** The wire message of a command. A value that the wire cannot hold is a fault of ours. */
export function commandToMessage(command: Command): CommandMessage {
  return { $typeName: 'keel.v1.Command', kind: commandKind(command) };
}

function commandKind(command: Command): CommandMessage['kind'] {
  switch (command.kind) {
    case 'placeOrder':
      return { case: 'placeOrder', value: placeOrder(command) };
    case 'placeOrders':
      return {
        case: 'placeOrders',
        value: {
          $typeName: 'keel.v1.PlaceOrders',
          auth: authorizationToMessage(command.auth),
          orders: toItems(command.orders, orderRequestToMessage, 'orders'),
          grouping: ORDER_GROUPING_NUMBERS[command.grouping],
        },
      };
    case 'placeScale':
      return { case: 'placeScale', value: placeScale(command) };
    case 'placeTwap':
      return { case: 'placeTwap', value: placeTwap(command) };
    case 'amendOrder':
      return {
        case: 'amendOrder',
        value: {
          ...amendmentFieldsToMessage(command),
          $typeName: 'keel.v1.AmendOrder',
          auth: authorizationToMessage(command.auth),
        },
      };
    case 'amendOrders':
      return {
        case: 'amendOrders',
        value: {
          $typeName: 'keel.v1.AmendOrders',
          auth: authorizationToMessage(command.auth),
          amendments: toItems(command.amendments, orderAmendmentToMessage, 'amendments'),
        },
      };
    case 'replaceOrder':
      return {
        case: 'replaceOrder',
        value: {
          $typeName: 'keel.v1.ReplaceOrder',
          auth: authorizationToMessage(command.auth),
          replaced: orderNameToMessage(command.replaced),
          order: orderRequestToMessage(command.order),
        },
      };
    case 'cancelOrder':
      return {
        case: 'cancelOrder',
        value: {
          ...nameFieldsToMessage(command),
          $typeName: 'keel.v1.CancelOrder',
          auth: authorizationToMessage(command.auth),
        },
      };
    case 'cancelOrders':
      return {
        case: 'cancelOrders',
        value: {
          $typeName: 'keel.v1.CancelOrders',
          auth: authorizationToMessage(command.auth),
          orders: toItems(command.orders, orderNameToMessage, 'orders'),
        },
      };
    case 'cancelAllOrders':
      return {
        case: 'cancelAllOrders',
        value: {
          $typeName: 'keel.v1.CancelAllOrders',
          auth: authorizationToMessage(command.auth),
          marketId: toUint32(command.marketId, 'marketId'),
        },
      };
    case 'cancelAllAfter':
      return {
        case: 'cancelAllAfter',
        value: {
          $typeName: 'keel.v1.CancelAllAfter',
          auth: authorizationToMessage(command.auth),
          timeoutMs: toUint64(command.timeoutMs, 'timeoutMs'),
        },
      };
    case 'setMarketMakerProtection':
      return { case: 'setMarketMakerProtection', value: setMarketMakerProtection(command) };
    case 'resetMarketMakerProtection':
      return {
        case: 'resetMarketMakerProtection',
        value: {
          $typeName: 'keel.v1.ResetMarketMakerProtection',
          auth: authorizationToMessage(command.auth),
          marketId: toUint32(command.marketId, 'marketId'),
        },
      };
    case 'setTradingStatus':
      return {
        case: 'setTradingStatus',
        value: {
          $typeName: 'keel.v1.SetTradingStatus',
          marketId: toUint32(command.marketId, 'marketId'),
          status: TRADING_STATUS_NUMBERS[command.status],
        },
      };
    case 'updateIndexPrice':
      return {
        case: 'updateIndexPrice',
        value: {
          $typeName: 'keel.v1.UpdateIndexPrice',
          marketId: toUint32(command.marketId, 'marketId'),
          reports: reportsToMessages(command.reports),
        },
      };
    case 'updateCollateralPrice':
      return {
        case: 'updateCollateralPrice',
        value: {
          $typeName: 'keel.v1.UpdateCollateralPrice',
          assetId: toUint32(command.assetId, 'assetId'),
          reports: reportsToMessages(command.reports),
        },
      };
    case 'setPriceFeeders':
      return {
        case: 'setPriceFeeders',
        value: { $typeName: 'keel.v1.SetPriceFeeders', feeders: feedersToMessages(command.feeders) },
      };
    case 'advanceTime':
      return { case: 'advanceTime', value: { $typeName: 'keel.v1.AdvanceTime' } };
    case 'creditDeposit':
      return { case: 'creditDeposit', value: creditDeposit(command) };
    case 'approveAgent':
      return {
        case: 'approveAgent',
        value: {
          $typeName: 'keel.v1.ApproveAgent',
          auth: authorizationToMessage(command.auth),
          agent: addressToBytes(command.agent, 'agent'),
          agentName: toText(command.agentName, AGENT_NAME_CHARACTERS_MAX, 'agentName'),
          agentExpiresAtMs: toUint64(command.agentExpiresAtMs, 'agentExpiresAtMs'),
        },
      };
    case 'revokeAgent':
      return {
        case: 'revokeAgent',
        value: {
          $typeName: 'keel.v1.RevokeAgent',
          auth: authorizationToMessage(command.auth),
          agent: addressToBytes(command.agent, 'agent'),
        },
      };
    case 'withdraw':
      return {
        case: 'withdraw',
        value: {
          $typeName: 'keel.v1.Withdraw',
          auth: authorizationToMessage(command.auth),
          recipient: addressToBytes(command.recipient, 'recipient'),
          assetId: toUint32(command.assetId, 'assetId'),
          amountAtoms: toUint64(command.amountAtoms, 'amountAtoms'),
        },
      };
    case 'transfer':
      return {
        case: 'transfer',
        value: {
          $typeName: 'keel.v1.Transfer',
          auth: authorizationToMessage(command.auth),
          toSubaccount: toUint64(command.toSubaccount, 'toSubaccount'),
          assetId: toUint32(command.assetId, 'assetId'),
          amountAtoms: toUint64(command.amountAtoms, 'amountAtoms'),
        },
      };
    case 'setLeverage':
      return {
        case: 'setLeverage',
        value: {
          $typeName: 'keel.v1.SetLeverage',
          auth: authorizationToMessage(command.auth),
          marketId: toUint32(command.marketId, 'marketId'),
          leverage: toUint64(command.leverage, 'leverage'),
        },
      };
    case 'fundSafety':
      return {
        case: 'fundSafety',
        value: {
          $typeName: 'keel.v1.FundSafety',
          auth: authorizationToMessage(command.auth),
          marketId: toUint32(command.marketId, 'marketId'),
          fund: SAFETY_FUND_NUMBERS[command.fund],
          amountAtoms: toUint64(command.amountAtoms, 'amountAtoms'),
        },
      };
    case 'allocateFees':
      return {
        case: 'allocateFees',
        value: {
          $typeName: 'keel.v1.AllocateFees',
          marketId: toUint32(command.marketId, 'marketId'),
          fund: SAFETY_FUND_NUMBERS[command.fund],
          amountAtoms: toUint64(command.amountAtoms, 'amountAtoms'),
        },
      };
    case 'upgradeEngine':
      return {
        case: 'upgradeEngine',
        value: {
          $typeName: 'keel.v1.UpgradeEngine',
          engineVersion: toUint32(command.engineVersion, 'engineVersion'),
        },
      };
    case 'registerLiquidator':
      return {
        case: 'registerLiquidator',
        value: {
          $typeName: 'keel.v1.RegisterLiquidator',
          auth: authorizationToMessage(command.auth),
          active: command.active,
        },
      };
    case 'takeAuction':
      return {
        case: 'takeAuction',
        value: {
          $typeName: 'keel.v1.TakeAuction',
          auth: authorizationToMessage(command.auth),
          auctionId: toUint64(command.auctionId, 'auctionId'),
          marketId: toUint32(command.marketId, 'marketId'),
          sizeLots: toUint64(command.sizeLots, 'sizeLots'),
          limitTicks: toUint64(command.limitTicks, 'limitTicks'),
        },
      };
    case 'listMarket':
      return {
        case: 'listMarket',
        value: { $typeName: 'keel.v1.ListMarket', spec: marketSpecToMessage(command.spec) },
      };
    case 'listCollateral':
      return {
        case: 'listCollateral',
        value: { $typeName: 'keel.v1.ListCollateral', spec: collateralSpecToMessage(command.spec) },
      };
    case 'sealBatch':
      return { case: 'sealBatch', value: { $typeName: 'keel.v1.SealBatch' } };
  }
}

function placeOrder(command: PlaceOrder): PlaceOrderMessage {
  return {
    ...orderTermsToMessage(command),
    $typeName: 'keel.v1.PlaceOrder',
    auth: authorizationToMessage(command.auth),
  };
}

function placeScale(command: PlaceScale): PlaceScaleMessage {
  return {
    $typeName: 'keel.v1.PlaceScale',
    auth: authorizationToMessage(command.auth),
    order: orderRequestToMessage(command.order),
    fromTicks: toUint64(command.fromTicks, 'fromTicks'),
    toTicks: toUint64(command.toTicks, 'toTicks'),
    orderCount: toUint64(command.orderCount, 'orderCount'),
    skewPpm: toUint64(command.skewPpm, 'skewPpm'),
  };
}

function placeTwap(command: PlaceTwap): PlaceTwapMessage {
  return {
    $typeName: 'keel.v1.PlaceTwap',
    auth: authorizationToMessage(command.auth),
    marketId: toUint32(command.marketId, 'marketId'),
    side: SIDE_NUMBERS[command.side],
    sizeLots: toUint64(command.sizeLots, 'sizeLots'),
    reduceOnly: command.reduceOnly,
    clientOrderId: toText(command.clientOrderId, CLIENT_ORDER_ID_CHARACTERS_MAX, 'clientOrderId'),
    durationMs: toUint64(command.durationMs, 'durationMs'),
    slices: toUint64(command.slices, 'slices'),
  };
}

function setMarketMakerProtection(command: SetMarketMakerProtection): SetMarketMakerProtectionMessage {
  return {
    $typeName: 'keel.v1.SetMarketMakerProtection',
    auth: authorizationToMessage(command.auth),
    marketId: toUint32(command.marketId, 'marketId'),
    windowMs: toUint64(command.windowMs, 'windowMs'),
    quantityLots: toUint64(command.quantityLots, 'quantityLots'),
    deltaLots: toUint64(command.deltaLots, 'deltaLots'),
    fillCount: toUint64(command.fillCount, 'fillCount'),
  };
}

function creditDeposit(command: CreditDeposit) {
  return {
    $typeName: 'keel.v1.CreditDeposit',
    depositIndex: toUint64(command.depositIndex, 'depositIndex'),
    owner: addressToBytes(command.owner, 'owner'),
    assetId: toUint32(command.assetId, 'assetId'),
    amountAtoms: toUint64(command.amountAtoms, 'amountAtoms'),
    l1BlockNumber: toUint64(command.l1BlockNumber, 'l1BlockNumber'),
    l1TxHash: hexToBytes(command.l1TxHash, HASH_BYTES, 'l1TxHash'),
  } as const;
}
