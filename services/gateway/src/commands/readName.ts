import type { SignedAmendment, SignedOrderName } from '@keel/signing';
import { type OrderAmendment, type OrderName, toOrderId } from '@keel/types';
import { ApiError } from '../errors.ts';
import type { MarketDirectory } from '../marketDirectory.ts';
import { parsePrice, parseSize } from '../parseUnits.ts';
import type { AmendmentFields, OrderNameFields } from '../wire/requests.ts';

/** The name of an open order, as it was signed and as the engine takes it. */
export interface ReadName {
  readonly terms: SignedOrderName;
  readonly name: OrderName;
}

/** `path` is the JSON pointer of what holds the name. Throws BAD_REQUEST where it names nothing. */
export function readName(fields: OrderNameFields, path: string): ReadName {
  const { orderId = '0', clientOrderId = '' } = fields;
  if (orderId === '0' && clientOrderId === '')
    throw new ApiError('BAD_REQUEST', { path: `${path}/orderId`, fault: 'give orderId or clientOrderId' });
  const id = orderId === '0' ? 0 : toOrderId(Number(orderId));
  return { terms: { orderId, clientOrderId }, name: { orderId: id, clientOrderId } };
}

/** New terms of an open order, as they were signed and as the engine takes them. */
export interface ReadAmendment {
  readonly terms: SignedAmendment;
  readonly amendment: OrderAmendment;
}

/** A price of 0 is for the engine to judge: a waiting market order has none. Throws ApiError. */
export function readAmendment(markets: MarketDirectory, fields: AmendmentFields, path: string): ReadAmendment {
  const { terms, name } = readName(fields, path);
  const { market, price, size } = fields;
  const { spec } = markets.bySymbol(market, `${path}/market`);
  const amendment: OrderAmendment = {
    ...name,
    marketId: spec.marketId,
    priceTicks: parsePrice(price, spec, `${path}/price`, 'allowed'),
    sizeLots: parseSize(size, spec, `${path}/size`, 'refused'),
  };
  return { terms: { ...terms, market, price, size }, amendment };
}
