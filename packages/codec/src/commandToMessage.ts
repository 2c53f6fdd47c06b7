import type { Command as CommandMessage, PlaceOrder as PlaceOrderMessage } from '@keel/proto/command';
import {
  AGENT_NAME_CHARACTERS_MAX,
  CLIENT_ORDER_ID_CHARACTERS_MAX,
  type Command,
  type CreditDeposit,
  type PlaceOrder,
} from '@keel/types';
import { authorizationToMessage } from './authorizationMessage.ts';
import { addressToBytes, HASH_BYTES, hexToBytes } from './bytes.ts';
import { ORDER_TYPE_NUMBERS, SIDE_NUMBERS, TIME_IN_FORCE_NUMBERS } from './enums.ts';
import { toUint32, toUint64 } from './integers.ts';
import { marketSpecToMessage } from './marketSpecMessage.ts';
import { toText } from './text.ts';

/** The wire message of a command. A value that the wire cannot hold is a fault of ours. */
export function commandToMessage(command: Command): CommandMessage {
  return { $typeName: 'keel.v1.Command', kind: commandKind(command) };
}

function commandKind(command: Command): CommandMessage['kind'] {
  switch (command.kind) {
    case 'placeOrder':
      return { case: 'placeOrder', value: placeOrder(command) };
    case 'cancelOrder':
      return {
        case: 'cancelOrder',
        value: {
          $typeName: 'keel.v1.CancelOrder',
          auth: authorizationToMessage(command.auth),
          orderId: toUint64(command.orderId, 'orderId'),
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
    case 'updateIndexPrice':
      return {
        case: 'updateIndexPrice',
        value: {
          $typeName: 'keel.v1.UpdateIndexPrice',
          marketId: toUint32(command.marketId, 'marketId'),
          priceTicks: toUint64(command.priceTicks, 'priceTicks'),
          publishTimeMs: toUint64(command.publishTimeMs, 'publishTimeMs'),
        },
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
          amountAtoms: toUint64(command.amountAtoms, 'amountAtoms'),
        },
      };
    case 'listMarket':
      return {
        case: 'listMarket',
        value: { $typeName: 'keel.v1.ListMarket', spec: marketSpecToMessage(command.spec) },
      };
    case 'sealBatch':
      return { case: 'sealBatch', value: { $typeName: 'keel.v1.SealBatch' } };
  }
}

function placeOrder(command: PlaceOrder): PlaceOrderMessage {
  return {
    $typeName: 'keel.v1.PlaceOrder',
    auth: authorizationToMessage(command.auth),
    marketId: toUint32(command.marketId, 'marketId'),
    side: SIDE_NUMBERS[command.side],
    orderType: ORDER_TYPE_NUMBERS[command.orderType],
    timeInForce: TIME_IN_FORCE_NUMBERS[command.timeInForce],
    priceTicks: toUint64(command.priceTicks, 'priceTicks'),
    sizeLots: toUint64(command.sizeLots, 'sizeLots'),
    reduceOnly: command.reduceOnly,
    clientOrderId: toText(command.clientOrderId, CLIENT_ORDER_ID_CHARACTERS_MAX, 'clientOrderId'),
  };
}

function creditDeposit(command: CreditDeposit) {
  return {
    $typeName: 'keel.v1.CreditDeposit',
    depositIndex: toUint64(command.depositIndex, 'depositIndex'),
    owner: addressToBytes(command.owner, 'owner'),
    amountAtoms: toUint64(command.amountAtoms, 'amountAtoms'),
    l1BlockNumber: toUint64(command.l1BlockNumber, 'l1BlockNumber'),
    l1TxHash: hexToBytes(command.l1TxHash, HASH_BYTES, 'l1TxHash'),
  } as const;
}
