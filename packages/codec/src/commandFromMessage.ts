import type {
  Command as CommandMessage,
  CreditDeposit as CreditDepositMessage,
  PlaceScale as PlaceScaleMessage,
  PlaceTwap as PlaceTwapMessage,
  SetMarketMakerProtection as SetMarketMakerProtectionMessage,
} from '@keel/proto/command';
import {
  AGENT_NAME_CHARACTERS_MAX,
  CLIENT_ORDER_ID_CHARACTERS_MAX,
  type Command,
  type CreditDeposit,
  type PlaceScale,
  type PlaceTwap,
  type SetMarketMakerProtection,
  toAssetId,
  toMarketId,
} from '@keel/types';
import { authorizationFromMessage } from './authorizationMessage.ts';
import { bytesToAddress, bytesToHex, HASH_BYTES } from './bytes.ts';
import { CodecError } from './codecError.ts';
import { collateralSpecFromMessage, fromAssetIdOrZero } from './collateralSpecMessage.ts';
import { fromOrderGrouping, fromSafetyFund, fromSide, fromTradingStatus } from './enums.ts';
import { fromPositive, fromUint64 } from './integers.ts';
import { fromItems } from './itemLists.ts';
import { marketSpecFromMessage } from './marketSpecMessage.ts';
import { known } from './message.ts';
import { amendmentFieldsFromMessage, nameFieldsFromMessage } from './orderNameMessage.ts';
import { orderTermsFromMessage } from './orderTermsMessage.ts';
import { feedersFromMessages, reportsFromMessages } from './priceMessages.ts';
import { fromText } from './text.ts';

/** The command of a wire message, every part checked. Throws CodecError. */
export function commandFromMessage(message: CommandMessage | undefined): Command {
  const { kind } = known(message, 'command');
  switch (kind.case) {
    case 'placeOrder': {
      const message = known(kind.value, 'placeOrder');
      return { ...orderTermsFromMessage(message), kind: 'placeOrder', auth: authorizationFromMessage(message.auth) };
    }
    case 'placeOrders': {
      const { auth, orders, grouping } = known(kind.value, 'placeOrders');
      return {
        kind: 'placeOrders',
        auth: authorizationFromMessage(auth),
        orders: fromItems(orders, orderTermsFromMessage, 'orders'),
        grouping: fromOrderGrouping(grouping, 'grouping'),
      };
    }
    case 'placeScale':
      return placeScale(known(kind.value, 'placeScale'));
    case 'placeTwap':
      return placeTwap(known(kind.value, 'placeTwap'));
    case 'amendOrder': {
      const message = known(kind.value, 'amendOrder');
      return {
        ...amendmentFieldsFromMessage(message),
        kind: 'amendOrder',
        auth: authorizationFromMessage(message.auth),
      };
    }
    case 'amendOrders': {
      const { auth, amendments } = known(kind.value, 'amendOrders');
      return {
        kind: 'amendOrders',
        auth: authorizationFromMessage(auth),
        amendments: fromItems(amendments, amendmentFieldsFromMessage, 'amendments'),
      };
    }
    case 'replaceOrder': {
      const { auth, replaced, order } = known(kind.value, 'replaceOrder');
      return {
        kind: 'replaceOrder',
        auth: authorizationFromMessage(auth),
        replaced: nameFieldsFromMessage(known(replaced, 'replaced')),
        order: orderTermsFromMessage(known(order, 'order')),
      };
    }
    case 'cancelOrder': {
      const message = known(kind.value, 'cancelOrder');
      return { ...nameFieldsFromMessage(message), kind: 'cancelOrder', auth: authorizationFromMessage(message.auth) };
    }
    case 'cancelOrders': {
      const { auth, orders } = known(kind.value, 'cancelOrders');
      return {
        kind: 'cancelOrders',
        auth: authorizationFromMessage(auth),
        orders: fromItems(orders, nameFieldsFromMessage, 'orders'),
      };
    }
    case 'cancelAllOrders': {
      const { auth, marketId } = known(kind.value, 'cancelAllOrders');
      return { kind: 'cancelAllOrders', auth: authorizationFromMessage(auth), marketId: toMarketId(marketId) };
    }
    case 'cancelAllAfter': {
      const { auth, timeoutMs } = known(kind.value, 'cancelAllAfter');
      return {
        kind: 'cancelAllAfter',
        auth: authorizationFromMessage(auth),
        timeoutMs: fromUint64(timeoutMs, 'timeoutMs'),
      };
    }
    case 'setMarketMakerProtection':
      return setMarketMakerProtection(known(kind.value, 'setMarketMakerProtection'));
    case 'resetMarketMakerProtection': {
      const { auth, marketId } = known(kind.value, 'resetMarketMakerProtection');
      return {
        kind: 'resetMarketMakerProtection',
        auth: authorizationFromMessage(auth),
        marketId: toMarketId(marketId),
      };
    }
    case 'setTradingStatus': {
      const { marketId, status } = known(kind.value, 'setTradingStatus');
      return {
        kind: 'setTradingStatus',
        marketId: toMarketId(marketId),
        status: fromTradingStatus(status, 'status'),
      };
    }
    case 'updateIndexPrice': {
      const { marketId, reports } = known(kind.value, 'updateIndexPrice');
      return { kind: 'updateIndexPrice', marketId: toMarketId(marketId), reports: reportsFromMessages(reports) };
    }
    case 'updateCollateralPrice': {
      const { assetId, reports } = known(kind.value, 'updateCollateralPrice');
      return { kind: 'updateCollateralPrice', assetId: toAssetId(assetId), reports: reportsFromMessages(reports) };
    }
    case 'setPriceFeeders': {
      const { feeders } = known(kind.value, 'setPriceFeeders');
      return { kind: 'setPriceFeeders', feeders: feedersFromMessages(feeders) };
    }
    case 'advanceTime':
      known(kind.value, 'advanceTime');
      return { kind: 'advanceTime' };
    case 'creditDeposit':
      return creditDeposit(known(kind.value, 'creditDeposit'));
    case 'approveAgent': {
      const value = known(kind.value, 'approveAgent');
      return {
        kind: 'approveAgent',
        auth: authorizationFromMessage(value.auth),
        agent: bytesToAddress(value.agent, 'agent'),
        agentName: fromText(value.agentName, AGENT_NAME_CHARACTERS_MAX, 'agentName'),
        agentExpiresAtMs: fromUint64(value.agentExpiresAtMs, 'agentExpiresAtMs'),
      };
    }
    case 'revokeAgent': {
      const { auth, agent } = known(kind.value, 'revokeAgent');
      return { kind: 'revokeAgent', auth: authorizationFromMessage(auth), agent: bytesToAddress(agent, 'agent') };
    }
    case 'withdraw': {
      const { auth, recipient, assetId, amountAtoms } = known(kind.value, 'withdraw');
      return {
        kind: 'withdraw',
        auth: authorizationFromMessage(auth),
        recipient: bytesToAddress(recipient, 'recipient'),
        assetId: fromAssetIdOrZero(assetId),
        amountAtoms: fromUint64(amountAtoms, 'amountAtoms'),
      };
    }
    case 'transfer': {
      const { auth, toSubaccount, assetId, amountAtoms } = known(kind.value, 'transfer');
      return {
        kind: 'transfer',
        auth: authorizationFromMessage(auth),
        toSubaccount: fromUint64(toSubaccount, 'toSubaccount'),
        assetId: fromAssetIdOrZero(assetId),
        amountAtoms: fromUint64(amountAtoms, 'amountAtoms'),
      };
    }
    case 'setLeverage': {
      const { auth, marketId, leverage } = known(kind.value, 'setLeverage');
      return {
        kind: 'setLeverage',
        auth: authorizationFromMessage(auth),
        marketId: toMarketId(marketId),
        leverage: fromUint64(leverage, 'leverage'),
      };
    }
    case 'fundSafety': {
      const { auth, marketId, fund, amountAtoms } = known(kind.value, 'fundSafety');
      return {
        kind: 'fundSafety',
        auth: authorizationFromMessage(auth),
        marketId: toMarketId(marketId),
        fund: fromSafetyFund(fund, 'fund'),
        amountAtoms: fromUint64(amountAtoms, 'amountAtoms'),
      };
    }
    case 'allocateFees': {
      const { marketId, fund, amountAtoms } = known(kind.value, 'allocateFees');
      return {
        kind: 'allocateFees',
        marketId: toMarketId(marketId),
        fund: fromSafetyFund(fund, 'fund'),
        amountAtoms: fromUint64(amountAtoms, 'amountAtoms'),
      };
    }
    case 'upgradeEngine': {
      const { engineVersion } = known(kind.value, 'upgradeEngine');
      return { kind: 'upgradeEngine', engineVersion };
    }
    case 'registerLiquidator': {
      const { auth, active } = known(kind.value, 'registerLiquidator');
      return { kind: 'registerLiquidator', auth: authorizationFromMessage(auth), active };
    }
    case 'takeAuction': {
      const { auth, auctionId, marketId, sizeLots, limitTicks } = known(kind.value, 'takeAuction');
      return {
        kind: 'takeAuction',
        auth: authorizationFromMessage(auth),
        auctionId: fromUint64(auctionId, 'auctionId'),
        marketId: toMarketId(marketId),
        sizeLots: fromUint64(sizeLots, 'sizeLots'),
        limitTicks: fromUint64(limitTicks, 'limitTicks'),
      };
    }
    case 'listMarket':
      return { kind: 'listMarket', spec: marketSpecFromMessage(known(kind.value, 'listMarket').spec) };
    case 'listCollateral':
      return { kind: 'listCollateral', spec: collateralSpecFromMessage(known(kind.value, 'listCollateral').spec) };
    case 'sealBatch':
      known(kind.value, 'sealBatch');
      return { kind: 'sealBatch' };
    case undefined:
      throw new CodecError('MISSING_FIELD', 'command.kind', 'is required');
  }
}

function placeScale(scale: PlaceScaleMessage): PlaceScale {
  return {
    kind: 'placeScale',
    auth: authorizationFromMessage(scale.auth),
    order: orderTermsFromMessage(known(scale.order, 'order')),
    fromTicks: fromUint64(scale.fromTicks, 'fromTicks'),
    toTicks: fromUint64(scale.toTicks, 'toTicks'),
    orderCount: fromUint64(scale.orderCount, 'orderCount'),
    skewPpm: fromUint64(scale.skewPpm, 'skewPpm'),
  };
}

function placeTwap(twap: PlaceTwapMessage): PlaceTwap {
  return {
    kind: 'placeTwap',
    auth: authorizationFromMessage(twap.auth),
    marketId: toMarketId(twap.marketId),
    side: fromSide(twap.side, 'side'),
    sizeLots: fromUint64(twap.sizeLots, 'sizeLots'),
    reduceOnly: twap.reduceOnly,
    clientOrderId: fromText(twap.clientOrderId, CLIENT_ORDER_ID_CHARACTERS_MAX, 'clientOrderId'),
    durationMs: fromUint64(twap.durationMs, 'durationMs'),
    slices: fromUint64(twap.slices, 'slices'),
  };
}

function setMarketMakerProtection(protection: SetMarketMakerProtectionMessage): SetMarketMakerProtection {
  return {
    kind: 'setMarketMakerProtection',
    auth: authorizationFromMessage(protection.auth),
    marketId: toMarketId(protection.marketId),
    windowMs: fromUint64(protection.windowMs, 'windowMs'),
    quantityLots: fromUint64(protection.quantityLots, 'quantityLots'),
    deltaLots: fromUint64(protection.deltaLots, 'deltaLots'),
    fillCount: fromUint64(protection.fillCount, 'fillCount'),
  };
}

function creditDeposit(deposit: CreditDepositMessage): CreditDeposit {
  return {
    kind: 'creditDeposit',
    depositIndex: fromUint64(deposit.depositIndex, 'depositIndex'),
    owner: bytesToAddress(deposit.owner, 'owner'),
    assetId: fromAssetIdOrZero(deposit.assetId),
    // The contract takes no deposit of nothing, and the engine stops at one: it must not get into the log.
    amountAtoms: fromPositive(deposit.amountAtoms, 'amountAtoms'),
    l1BlockNumber: fromUint64(deposit.l1BlockNumber, 'l1BlockNumber'),
    l1TxHash: bytesToHex(deposit.l1TxHash, HASH_BYTES, 'l1TxHash'),
  };
}
