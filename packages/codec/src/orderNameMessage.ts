import type { OrderAmendment as OrderAmendmentMessage, OrderName as OrderNameMessage } from '@keel/proto/order';
import {
  CLIENT_ORDER_ID_CHARACTERS_MAX,
  type OrderAmendment,
  type OrderName,
  toMarketId,
  toOrderId,
} from '@keel/types';
import { fromUint64, toUint32, toUint64 } from './integers.ts';
import { fromText, toText } from './text.ts';

/** Commands about one order have these fields themselves, batches of them in a message of its own. */
type NameFields = Omit<OrderNameMessage, '$typeName' | '$unknown'>;
type AmendmentFields = Omit<OrderAmendmentMessage, '$typeName' | '$unknown'>;

export function nameFieldsToMessage(name: OrderName): NameFields {
  return {
    orderId: toUint64(name.orderId, 'orderId'),
    clientOrderId: toText(name.clientOrderId, CLIENT_ORDER_ID_CHARACTERS_MAX, 'clientOrderId'),
  };
}

/** Throws CodecError; whether there is such an order is the engine's decision. */
export function nameFieldsFromMessage(message: NameFields): OrderName {
  return {
    orderId: toOrderId(fromUint64(message.orderId, 'orderId')),
    clientOrderId: fromText(message.clientOrderId, CLIENT_ORDER_ID_CHARACTERS_MAX, 'clientOrderId'),
  };
}

export function amendmentFieldsToMessage(amendment: OrderAmendment): AmendmentFields {
  return {
    ...nameFieldsToMessage(amendment),
    marketId: toUint32(amendment.marketId, 'marketId'),
    priceTicks: toUint64(amendment.priceTicks, 'priceTicks'),
    sizeLots: toUint64(amendment.sizeLots, 'sizeLots'),
  };
}

/** Throws CodecError. */
export function amendmentFieldsFromMessage(message: AmendmentFields): OrderAmendment {
  return {
    ...nameFieldsFromMessage(message),
    marketId: toMarketId(message.marketId),
    priceTicks: fromUint64(message.priceTicks, 'priceTicks'),
    sizeLots: fromUint64(message.sizeLots, 'sizeLots'),
  };
}

export function orderNameToMessage(name: OrderName): OrderNameMessage {
  return { ...nameFieldsToMessage(name), $typeName: 'keel.v1.OrderName' };
}

export function orderAmendmentToMessage(amendment: OrderAmendment): OrderAmendmentMessage {
  return { ...amendmentFieldsToMessage(amendment), $typeName: 'keel.v1.OrderAmendment' };
}
