import type { OrderTerms } from '@keel/signing';
import type { AttachedOrders, MarketSpec, OrderRequest, Trigger } from '@keel/types';
import { ApiError } from '../errors.ts';
import type { MarketDirectory } from '../marketDirectory.ts';
import { parsePrice, parseSize, type Zero } from '../parseUnits.ts';
import type { OrderFields } from '../wire/requests.ts';

/** Fields of an order as they arrive; the order of a scale has no price. */
type ArrivingOrder = Omit<OrderFields, 'price'> & { readonly price?: string };

/** One order twice: as the text that was signed, defaults filled in, and as the engine takes it. */
export interface ReadOrder {
  readonly terms: OrderTerms;
  readonly request: OrderRequest;
}

/**
 * Reads the terms of one order; `path` is the JSON pointer of what holds them, empty for the body itself. A limit order
 * needs a price where `zeroPrice` does not say otherwise. Throws ApiError: an unknown market, a text that is no amount
 * of its market, a trigger price without a kind of trigger.
 */
export function readOrder(
  markets: MarketDirectory,
  fields: ArrivingOrder,
  path: string,
  zeroPrice: Zero = fields.orderType === 'market' ? 'allowed' : 'refused',
): ReadOrder {
  const { spec } = markets.bySymbol(fields.market, `${path}/market`);
  const terms = withDefaults(fields);
  const { side, orderType, timeInForce, reduceOnly, clientOrderId, selfTrade, selfTradeScope } = terms;
  const request: OrderRequest = {
    marketId: spec.marketId,
    side,
    orderType,
    timeInForce,
    priceTicks: parsePrice(terms.price, spec, `${path}/price`, zeroPrice),
    sizeLots: parseSize(terms.size, spec, `${path}/size`, 'refused'),
    reduceOnly,
    clientOrderId,
    expiresAtMs: terms.expiresAt,
    displayLots: parseSize(terms.displaySize, spec, `${path}/displaySize`, 'allowed'),
    selfTrade,
    selfTradeScope,
    trigger: readTrigger(terms, spec, path),
    attached: readAttached(terms, spec, path),
  };
  return { terms, request };
}

function withDefaults(fields: ArrivingOrder): OrderTerms {
  return {
    market: fields.market,
    side: fields.side,
    orderType: fields.orderType,
    timeInForce: fields.timeInForce ?? 'gtc',
    price: fields.price ?? '0',
    size: fields.size,
    reduceOnly: fields.reduceOnly ?? false,
    clientOrderId: fields.clientOrderId ?? '',
    expiresAt: fields.expiresAt ?? 0,
    displaySize: fields.displaySize ?? '0',
    selfTrade: fields.selfTrade ?? 'expireMaker',
    selfTradeScope: fields.selfTradeScope ?? 'account',
    triggerKind: fields.triggerKind ?? '',
    triggerPrice: fields.triggerPrice ?? '0',
    trail: fields.trail ?? '0',
    takeProfitTrigger: fields.takeProfitTrigger ?? '0',
    takeProfitPrice: fields.takeProfitPrice ?? '0',
    stopLossTrigger: fields.stopLossTrigger ?? '0',
    stopLossPrice: fields.stopLossPrice ?? '0',
  };
}

function readTrigger(terms: OrderTerms, spec: MarketSpec, path: string): Trigger | undefined {
  const triggerTicks = parsePrice(terms.triggerPrice, spec, `${path}/triggerPrice`, 'allowed');
  const trailTicks = parsePrice(terms.trail, spec, `${path}/trail`, 'allowed');
  if (terms.triggerKind !== '') return { kind: terms.triggerKind, triggerTicks, trailTicks };
  // A command has no place for them, so the signature could not be checked from the log.
  if (triggerTicks !== 0 || trailTicks !== 0) throw new ApiError('TRIGGER_INVALID', { path: `${path}/triggerKind` });
  return undefined;
}

function readAttached(terms: OrderTerms, spec: MarketSpec, path: string): AttachedOrders | undefined {
  const read = (name: 'takeProfitTrigger' | 'takeProfitPrice' | 'stopLossTrigger' | 'stopLossPrice') =>
    parsePrice(terms[name], spec, `${path}/${name}`, 'allowed');
  const attached: AttachedOrders = {
    takeProfitTicks: read('takeProfitTrigger'),
    takeProfitLimitTicks: read('takeProfitPrice'),
    stopLossTicks: read('stopLossTrigger'),
    stopLossLimitTicks: read('stopLossPrice'),
  };
  return Object.values(attached).some((ticks) => ticks !== 0) ? attached : undefined;
}
