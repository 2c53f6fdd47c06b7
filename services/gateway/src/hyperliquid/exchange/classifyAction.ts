import type { HyperliquidAction, WireOrder } from '@keel/hyperliquid';
import { type Classified, REQUEST_CLASSES, type RequestClass } from '../../admission/requestClass.ts';

/** What an action is to the exchange under load, as `classify` has it of a request in our own words. */
export function classifyAction(action: HyperliquidAction): Classified {
  switch (action.type) {
    case 'cancel':
    case 'cancelByCloid':
      return { requestClass: 'cancel', items: Math.max(1, action.cancels.length) };
    case 'scheduleCancel':
    case 'noop':
      return { requestClass: 'cancel', items: 1 };
    case 'order':
      return { requestClass: leastUrgent(action.orders.map(classOfOrder)), items: Math.max(1, action.orders.length) };
    case 'modify':
      return { requestClass: classOfModified(action.order), items: 1 };
    case 'batchModify':
      return {
        requestClass: leastUrgent(action.modifies.map(({ order }) => classOfModified(order))),
        items: Math.max(1, action.modifies.length),
      };
    default:
      return { requestClass: 'open', items: 1 };
  }
}

function classOfOrder({ reduceOnly, terms }: WireOrder): RequestClass {
  if (reduceOnly) return 'reduce';
  return terms.kind === 'limit' && terms.tif === 'Alo' ? 'change' : 'open';
}

const classOfModified = ({ reduceOnly }: WireOrder): RequestClass => (reduceOnly ? 'reduce' : 'change');

function leastUrgent(classes: readonly RequestClass[]): RequestClass {
  return REQUEST_CLASSES[Math.max(...classes.map((one) => REQUEST_CLASSES.indexOf(one)))] ?? 'open';
}
