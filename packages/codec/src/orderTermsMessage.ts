import type {
  AttachedOrders as AttachedOrdersMessage,
  OrderRequest as OrderRequestMessage,
  Trigger as TriggerMessage,
} from '@keel/proto/order';
import {
  type AttachedOrders,
  CLIENT_ORDER_ID_CHARACTERS_MAX,
  type OrderRequest,
  type Trigger,
  toMarketId,
} from '@keel/types';
import {
  fromOrderType,
  fromSelfTrade,
  fromSelfTradeScope,
  fromSide,
  fromTimeInForce,
  fromTriggerKind,
  ORDER_TYPE_NUMBERS,
  SELF_TRADE_NUMBERS,
  SELF_TRADE_SCOPE_NUMBERS,
  SIDE_NUMBERS,
  TIME_IN_FORCE_NUMBERS,
  TRIGGER_KIND_NUMBERS,
} from './enums.ts';
import { fromUint64, toUint32, toUint64 } from './integers.ts';
import { known } from './message.ts';
import { fromText, toText } from './text.ts';

/**
 * The fields that a placed order, an order inside another command and an accepted order have in common. Who adds to them
 * spreads them first: V8 then copies them in one step, which is 15 % of decoding an order.
 */
type OrderTermsMessage = Omit<OrderRequestMessage, '$typeName' | '$unknown'>;

export function orderTermsToMessage(order: OrderRequest): OrderTermsMessage {
  return {
    marketId: toUint32(order.marketId, 'marketId'),
    side: SIDE_NUMBERS[order.side],
    orderType: ORDER_TYPE_NUMBERS[order.orderType],
    timeInForce: TIME_IN_FORCE_NUMBERS[order.timeInForce],
    priceTicks: toUint64(order.priceTicks, 'priceTicks'),
    sizeLots: toUint64(order.sizeLots, 'sizeLots'),
    reduceOnly: order.reduceOnly,
    clientOrderId: toText(order.clientOrderId, CLIENT_ORDER_ID_CHARACTERS_MAX, 'clientOrderId'),
    expiresAtMs: toUint64(order.expiresAtMs, 'expiresAtMs'),
    displayLots: toUint64(order.displayLots, 'displayLots'),
    selfTrade: SELF_TRADE_NUMBERS[order.selfTrade],
    selfTradeScope: SELF_TRADE_SCOPE_NUMBERS[order.selfTradeScope],
    trigger: order.trigger && triggerToMessage(order.trigger),
    attached: order.attached && attachedToMessage(order.attached),
  };
}

export function orderRequestToMessage(order: OrderRequest): OrderRequestMessage {
  return { ...orderTermsToMessage(order), $typeName: 'keel.v1.OrderRequest' };
}

/** Throws CodecError; whether the terms fit each other or the market is the engine's decision. */
export function orderTermsFromMessage(order: OrderTermsMessage): OrderRequest {
  return {
    marketId: toMarketId(order.marketId),
    side: fromSide(order.side, 'side'),
    orderType: fromOrderType(order.orderType, 'orderType'),
    timeInForce: fromTimeInForce(order.timeInForce, 'timeInForce'),
    priceTicks: fromUint64(order.priceTicks, 'priceTicks'),
    sizeLots: fromUint64(order.sizeLots, 'sizeLots'),
    reduceOnly: order.reduceOnly,
    clientOrderId: fromText(order.clientOrderId, CLIENT_ORDER_ID_CHARACTERS_MAX, 'clientOrderId'),
    expiresAtMs: fromUint64(order.expiresAtMs, 'expiresAtMs'),
    displayLots: fromUint64(order.displayLots, 'displayLots'),
    selfTrade: fromSelfTrade(order.selfTrade, 'selfTrade'),
    selfTradeScope: fromSelfTradeScope(order.selfTradeScope, 'selfTradeScope'),
    trigger: order.trigger && triggerFromMessage(order.trigger),
    attached: order.attached && attachedFromMessage(order.attached),
  };
}

function triggerToMessage(trigger: Trigger): TriggerMessage {
  return {
    $typeName: 'keel.v1.Trigger',
    kind: TRIGGER_KIND_NUMBERS[trigger.kind],
    triggerTicks: toUint64(trigger.triggerTicks, 'trigger.triggerTicks'),
    trailTicks: toUint64(trigger.trailTicks, 'trigger.trailTicks'),
  };
}

function triggerFromMessage(message: TriggerMessage): Trigger {
  const trigger = known(message, 'trigger');
  return {
    kind: fromTriggerKind(trigger.kind, 'trigger.kind'),
    triggerTicks: fromUint64(trigger.triggerTicks, 'trigger.triggerTicks'),
    trailTicks: fromUint64(trigger.trailTicks, 'trigger.trailTicks'),
  };
}

function attachedToMessage(attached: AttachedOrders): AttachedOrdersMessage {
  return {
    $typeName: 'keel.v1.AttachedOrders',
    takeProfitTicks: toUint64(attached.takeProfitTicks, 'attached.takeProfitTicks'),
    takeProfitLimitTicks: toUint64(attached.takeProfitLimitTicks, 'attached.takeProfitLimitTicks'),
    stopLossTicks: toUint64(attached.stopLossTicks, 'attached.stopLossTicks'),
    stopLossLimitTicks: toUint64(attached.stopLossLimitTicks, 'attached.stopLossLimitTicks'),
  };
}

function attachedFromMessage(message: AttachedOrdersMessage): AttachedOrders {
  const attached = known(message, 'attached');
  return {
    takeProfitTicks: fromUint64(attached.takeProfitTicks, 'attached.takeProfitTicks'),
    takeProfitLimitTicks: fromUint64(attached.takeProfitLimitTicks, 'attached.takeProfitLimitTicks'),
    stopLossTicks: fromUint64(attached.stopLossTicks, 'attached.stopLossTicks'),
    stopLossLimitTicks: fromUint64(attached.stopLossLimitTicks, 'attached.stopLossLimitTicks'),
  };
}
