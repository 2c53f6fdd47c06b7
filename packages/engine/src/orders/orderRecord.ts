import {
  type AttachedOrders,
  assert,
  type OpenOrderState,
  type OrderId,
  type OrderType,
  type PriceTicks,
  type SelfTradePrevention,
  type SelfTradeScope,
  type Side,
  type SizeLots,
  type TimeInForce,
  type TimeMs,
  type Trigger,
  toOrderId,
} from '@keel/types';
import type { EngineState, Holding } from '../state.ts';

/** incoming: on its way through the book. over: it has closed, and its record is used again after this command. */
export type RecordState = OpenOrderState | 'incoming' | 'over';

/**
 * One accepted order, from acceptance until it is over. Records are used again, so that an order costs no allocation;
 * nothing may keep one beyond the command in which its order closes.
 */
export interface OrderRecord {
  orderId: OrderId;
  holding: Holding;
  state: RecordState;
  /** While resting: its slot in the book, its place among its holding's, and in time priority below; else 0. */
  slot: number;
  place: number;
  side: Side;
  /** What is still open, hidden lots included. */
  remainingLots: SizeLots;
  sizeLots: SizeLots;
  /** Limit; of a waiting market order its own worst price or 0. */
  priceTicks: PriceTicks;
  reduceOnly: boolean;
  linkedOrderId: OrderId | 0;
  parentOrderId: OrderId | 0;
  clientOrderId: string;
  expiresAtMs: TimeMs;
  queuePlace: number;
  orderType: OrderType;
  timeInForce: TimeInForce;
  selfTrade: SelfTradePrevention;
  selfTradeScope: SelfTradeScope;
  displayLots: SizeLots;
  trigger: Trigger | undefined;
  attached: AttachedOrders | undefined;
  /** Attached orders that came to life; 0 = none so far, or over. */
  takeProfitId: OrderId | 0;
  stopLossId: OrderId | 0;
  /** While waiting: mark that fires it, and whether that has happened. */
  firesAtTicks: PriceTicks;
  fired: boolean;
  /** TWAP: schedule and slices whose time has come. */
  twapStartMs: TimeMs;
  twapDurationMs: TimeMs;
  twapSlices: number;
  twapSlicesDone: number;
}

/** What an order is from the start; the rest of its record begins empty. */
export type RecordTerms = Pick<
  OrderRecord,
  | 'holding'
  | 'side'
  | 'orderType'
  | 'timeInForce'
  | 'priceTicks'
  | 'sizeLots'
  | 'displayLots'
  | 'reduceOnly'
  | 'clientOrderId'
  | 'expiresAtMs'
  | 'selfTrade'
  | 'selfTradeScope'
  | 'trigger'
  | 'attached'
>;

/** A record for a new order, with the next order id. */
export function takeRecord(state: EngineState, terms: RecordTerms): OrderRecord {
  const orderId = toOrderId(state.nextOrderId);
  state.nextOrderId += 1;
  const record = state.freeRecords.pop();
  return record === undefined ? createRecord(orderId, terms) : resetRecord(record, orderId, terms);
}

/** Whether its time is over, though it may not have been cleared away yet. */
export function isExpired({ timeMs }: EngineState, { expiresAtMs }: OrderRecord): boolean {
  return expiresAtMs !== 0 && expiresAtMs <= timeMs;
}

/** Marks the order as over; its record is free for another when the command ends. */
export function giveUpRecord(state: EngineState, record: OrderRecord): void {
  assert(record.state !== 'over', 'an order that is over twice', record.orderId);
  record.state = 'over';
  state.overRecords.push(record);
}

/** At the end of a command: nothing may look at the records of orders that closed in it any more. */
export function freeOverRecords(state: EngineState): void {
  for (const record of state.overRecords) state.freeRecords.push(record);
  state.overRecords.length = 0;
}

/** A record of its own: for what a snapshot held. */
export function createRecord(orderId: OrderId, terms: RecordTerms): OrderRecord {
  return {
    orderId,
    holding: terms.holding,
    state: 'incoming',
    slot: 0,
    place: 0,
    side: terms.side,
    remainingLots: terms.sizeLots,
    sizeLots: terms.sizeLots,
    priceTicks: terms.priceTicks,
    reduceOnly: terms.reduceOnly,
    linkedOrderId: 0,
    parentOrderId: 0,
    clientOrderId: terms.clientOrderId,
    expiresAtMs: terms.expiresAtMs,
    queuePlace: 0,
    orderType: terms.orderType,
    timeInForce: terms.timeInForce,
    selfTrade: terms.selfTrade,
    selfTradeScope: terms.selfTradeScope,
    displayLots: terms.displayLots,
    trigger: terms.trigger,
    attached: terms.attached,
    takeProfitId: 0,
    stopLossId: 0,
    firesAtTicks: 0,
    fired: false,
    twapStartMs: 0,
    twapDurationMs: 0,
    twapSlices: 0,
    twapSlicesDone: 0,
  };
}

function resetRecord(record: OrderRecord, orderId: OrderId, terms: RecordTerms): OrderRecord {
  record.orderId = orderId;
  record.holding = terms.holding;
  record.state = 'incoming';
  record.slot = 0;
  record.place = 0;
  record.side = terms.side;
  record.remainingLots = terms.sizeLots;
  record.sizeLots = terms.sizeLots;
  record.priceTicks = terms.priceTicks;
  record.reduceOnly = terms.reduceOnly;
  record.linkedOrderId = 0;
  record.parentOrderId = 0;
  record.clientOrderId = terms.clientOrderId;
  record.expiresAtMs = terms.expiresAtMs;
  record.queuePlace = 0;
  record.orderType = terms.orderType;
  record.timeInForce = terms.timeInForce;
  record.selfTrade = terms.selfTrade;
  record.selfTradeScope = terms.selfTradeScope;
  record.displayLots = terms.displayLots;
  record.trigger = terms.trigger;
  record.attached = terms.attached;
  record.takeProfitId = 0;
  record.stopLossId = 0;
  record.firesAtTicks = 0;
  record.fired = false;
  record.twapStartMs = 0;
  record.twapDurationMs = 0;
  record.twapSlices = 0;
  record.twapSlicesDone = 0;
  return record;
}
