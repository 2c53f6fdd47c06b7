import type {
  Command as CommandMessage,
  CreditDeposit as CreditDepositMessage,
  PlaceOrder as PlaceOrderMessage,
} from '@keel/proto/command';
import {
  AGENT_NAME_CHARACTERS_MAX,
  CLIENT_ORDER_ID_CHARACTERS_MAX,
  type Command,
  type CreditDeposit,
  type PlaceOrder,
  toMarketId,
  toOrderId,
} from '@keel/types';
import { authorizationFromMessage } from './authorizationMessage.ts';
import { bytesToAddress, bytesToHex, HASH_BYTES } from './bytes.ts';
import { CodecError } from './codecError.ts';
import { fromOrderType, fromSide, fromTimeInForce } from './enums.ts';
import { fromUint64 } from './integers.ts';
import { marketSpecFromMessage } from './marketSpecMessage.ts';
import { known } from './message.ts';
import { fromText } from './text.ts';

/** The command of a wire message, every part checked. Throws CodecError. */
export function commandFromMessage(message: CommandMessage | undefined): Command {
  const { kind } = known(message, 'command');
  switch (kind.case) {
    case 'placeOrder':
      return placeOrder(known(kind.value, 'placeOrder'));
    case 'cancelOrder': {
      const { auth, orderId } = known(kind.value, 'cancelOrder');
      return {
        kind: 'cancelOrder',
        auth: authorizationFromMessage(auth),
        orderId: toOrderId(fromUint64(orderId, 'orderId')),
      };
    }
    case 'cancelAllOrders': {
      const { auth, marketId } = known(kind.value, 'cancelAllOrders');
      return { kind: 'cancelAllOrders', auth: authorizationFromMessage(auth), marketId: toMarketId(marketId) };
    }
    case 'updateIndexPrice': {
      const { marketId, priceTicks, publishTimeMs } = known(kind.value, 'updateIndexPrice');
      return {
        kind: 'updateIndexPrice',
        marketId: toMarketId(marketId),
        priceTicks: fromUint64(priceTicks, 'priceTicks'),
        publishTimeMs: fromUint64(publishTimeMs, 'publishTimeMs'),
      };
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
      const { auth, recipient, amountAtoms } = known(kind.value, 'withdraw');
      return {
        kind: 'withdraw',
        auth: authorizationFromMessage(auth),
        recipient: bytesToAddress(recipient, 'recipient'),
        amountAtoms: fromUint64(amountAtoms, 'amountAtoms'),
      };
    }
    case 'listMarket':
      return { kind: 'listMarket', spec: marketSpecFromMessage(known(kind.value, 'listMarket').spec) };
    case 'sealBatch':
      known(kind.value, 'sealBatch');
      return { kind: 'sealBatch' };
    case undefined:
      throw new CodecError('MISSING_FIELD', 'command.kind', 'is required');
  }
}

function placeOrder(order: PlaceOrderMessage): PlaceOrder {
  return {
    kind: 'placeOrder',
    auth: authorizationFromMessage(order.auth),
    marketId: toMarketId(order.marketId),
    side: fromSide(order.side, 'side'),
    orderType: fromOrderType(order.orderType, 'orderType'),
    timeInForce: fromTimeInForce(order.timeInForce, 'timeInForce'),
    priceTicks: fromUint64(order.priceTicks, 'priceTicks'),
    sizeLots: fromUint64(order.sizeLots, 'sizeLots'),
    reduceOnly: order.reduceOnly,
    clientOrderId: fromText(order.clientOrderId, CLIENT_ORDER_ID_CHARACTERS_MAX, 'clientOrderId'),
  };
}

function creditDeposit(deposit: CreditDepositMessage): CreditDeposit {
  return {
    kind: 'creditDeposit',
    depositIndex: fromUint64(deposit.depositIndex, 'depositIndex'),
    owner: bytesToAddress(deposit.owner, 'owner'),
    amountAtoms: fromUint64(deposit.amountAtoms, 'amountAtoms'),
    l1BlockNumber: fromUint64(deposit.l1BlockNumber, 'l1BlockNumber'),
    l1TxHash: bytesToHex(deposit.l1TxHash, HASH_BYTES, 'l1TxHash'),
  };
}
