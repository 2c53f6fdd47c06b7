import type { Hex } from '@keel/types';
import { GROUPINGS, type Grouping, type HyperliquidAction, TIFS, type WireModify, type WireOrder } from './action.ts';
import {
  readAddress,
  readAnyObject,
  readBoolean,
  readCloid,
  readCount,
  readDecimal,
  readList,
  readObject,
  readText,
  readWord,
} from './readFields.ts';
import { Unreadable } from './unreadable.ts';

/**
 * Reads an action: every field that its type has and no other, because a field that is not understood was signed, too. Throws
 * Unreadable.
 */
export function parseAction(action: object): HyperliquidAction {
  const type = readText(readAnyObject(action, 'action').type, 'action.type');
  const read = READERS.get(type);
  return read === undefined ? { type: 'notOffered', name: type.slice(0, 32) } : read(action);
}

type Reader = (action: object) => HyperliquidAction;

const READERS = new Map<string, Reader>([
  ['order', readOrders],
  [
    'cancel',
    (action) => {
      const { cancels } = readObject(action, 'action', ['type', 'cancels']);
      return { type: 'cancel', cancels: readList(cancels, 'action.cancels', readCancel) };
    },
  ],
  [
    'cancelByCloid',
    (action) => {
      const { cancels } = readObject(action, 'action', ['type', 'cancels']);
      return { type: 'cancelByCloid', cancels: readList(cancels, 'action.cancels', readCancelByCloid) };
    },
  ],
  ['modify', (action) => ({ type: 'modify', ...readModify(readObject(action, 'action', ['type', 'oid', 'order'])) })],
  [
    'batchModify',
    (action) => {
      const { modifies } = readObject(action, 'action', ['type', 'modifies']);
      const read = (item: unknown, path: string) => readModify(readObject(item, path, ['oid', 'order']), path);
      return { type: 'batchModify', modifies: readList(modifies, 'action.modifies', read) };
    },
  ],
  [
    'scheduleCancel',
    (action) => {
      const { time } = readObject(action, 'action', ['type'], ['time']);
      const timeMs = time === undefined || time === null ? undefined : readCount(time, 'action.time');
      return { type: 'scheduleCancel', timeMs };
    },
  ],
  ['updateLeverage', readLeverage],
  [
    'updateIsolatedMargin',
    (action) => {
      const { asset } = readObject(action, 'action', ['type', 'asset', 'isBuy', 'ntli']);
      return { type: 'updateIsolatedMargin', asset: readCount(asset, 'action.asset') };
    },
  ],
  [
    'noop',
    (action) => {
      readObject(action, 'action', ['type']);
      return { type: 'noop' };
    },
  ],
  [
    'setReferrer',
    (action) => {
      const { code } = readObject(action, 'action', ['type', 'code']);
      readText(code, 'action.code');
      return { type: 'ignored', name: 'setReferrer' };
    },
  ],
  [
    'approveBuilderFee',
    (action) => {
      const { builder, maxFeeRate } = readWalletFields(action, ['builder', 'maxFeeRate', 'nonce']);
      readAddress(builder, 'action.builder');
      readText(maxFeeRate, 'action.maxFeeRate');
      return { type: 'ignored', name: 'approveBuilderFee' };
    },
  ],
  [
    'usdClassTransfer',
    (action) => {
      const { amount, toPerp } = readWalletFields(action, ['amount', 'toPerp', 'nonce']);
      readText(amount, 'action.amount');
      readBoolean(toPerp, 'action.toPerp');
      return { type: 'ignored', name: 'usdClassTransfer' };
    },
  ],
]);

function readWalletFields(action: object, names: readonly string[]): Readonly<Record<string, unknown>> {
  const fields = readObject(action, 'action', ['type', 'signatureChainId', 'hyperliquidChain', ...names]);
  readCount(fields.nonce, 'action.nonce');
  return fields;
}

function readOrders(action: object): HyperliquidAction {
  const { orders, grouping, builder } = readObject(action, 'action', ['type', 'orders'], ['grouping', 'builder']);
  if (builder !== undefined && builder !== null) {
    const { b, f } = readObject(builder, 'action.builder', ['b', 'f']);
    readAddress(b, 'action.builder.b');
    readCount(f, 'action.builder.f');
  }
  return {
    type: 'order',
    orders: readList(orders, 'action.orders', readOrder),
    grouping: readGrouping(grouping),
  };
}

function readGrouping(value: unknown): Grouping {
  if (value === undefined) return 'na';
  if (typeof value === 'object')
    throw new Unreadable('action.grouping asks for priority, which nobody can buy on this exchange');
  return readWord(value, 'action.grouping', GROUPINGS);
}

function readOrder(value: unknown, path: string): WireOrder {
  const { a, b, p, s, r, t, c } = readObject(value, path, ['a', 'b', 'p', 's', 'r', 't'], ['c']);
  return {
    asset: readCount(a, `${path}.a`),
    buys: readBoolean(b, `${path}.b`),
    price: readDecimal(p, `${path}.p`),
    size: readDecimal(s, `${path}.s`),
    reduceOnly: readBoolean(r, `${path}.r`),
    terms: readTerms(t, `${path}.t`),
    cloid: c === undefined || c === null ? '' : readCloid(c, `${path}.c`),
  };
}

function readTerms(value: unknown, path: string): WireOrder['terms'] {
  const { limit, trigger } = readObject(value, path, [], ['limit', 'trigger']);
  if ((limit === undefined) === (trigger === undefined)) throw new Unreadable(`${path} has not one of limit, trigger`);
  if (limit !== undefined) {
    const { tif } = readObject(limit, `${path}.limit`, ['tif']);
    return { kind: 'limit', tif: readWord(tif, `${path}.limit.tif`, TIFS) };
  }
  const { isMarket, triggerPx, tpsl } = readObject(trigger, `${path}.trigger`, ['isMarket', 'triggerPx', 'tpsl']);
  return {
    kind: 'trigger',
    isMarket: readBoolean(isMarket, `${path}.trigger.isMarket`),
    triggerPrice: readDecimal(triggerPx, `${path}.trigger.triggerPx`),
    tpsl: readWord(tpsl, `${path}.trigger.tpsl`, ['tp', 'sl']),
  };
}

function readModify({ oid, order }: Readonly<Record<string, unknown>>, path = 'action'): WireModify {
  return { oid: readOid(oid, `${path}.oid`), order: readOrder(order, `${path}.order`) };
}

function readOid(value: unknown, path: string): number | Hex {
  return typeof value === 'string' ? readCloid(value, path) : readCount(value, path);
}

function readCancel(value: unknown, path: string) {
  const { a, o } = readObject(value, path, ['a', 'o']);
  return { asset: readCount(a, `${path}.a`), oid: readCount(o, `${path}.o`) };
}

function readCancelByCloid(value: unknown, path: string) {
  const { asset, cloid } = readObject(value, path, ['asset', 'cloid']);
  return { asset: readCount(asset, `${path}.asset`), cloid: readCloid(cloid, `${path}.cloid`) };
}

function readLeverage(action: object): HyperliquidAction {
  const { asset, isCross, leverage } = readObject(action, 'action', ['type', 'asset', 'isCross', 'leverage']);
  return {
    type: 'updateLeverage',
    asset: readCount(asset, 'action.asset'),
    isCross: readBoolean(isCross, 'action.isCross'),
    leverage: readCount(leverage, 'action.leverage'),
  };
}
