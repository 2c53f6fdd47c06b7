import type { Submitted } from '@keel/intake';
import type { SignableAction } from '@keel/signing';
import type { MarketDirectory } from '../marketDirectory.ts';
import { parsePrice, parseSize } from '../parseUnits.ts';
import type { PlaceOrderBody, PlaceOrdersBody, PlaceScaleBody, PlaceTwapBody } from '../wire/requests.ts';
import { readOrder } from './readOrder.ts';
import { refuseBatchSize } from './refuseBatchSize.ts';
import { type CommandDoor, signedFields, submitSigned } from './signedCommand.ts';

export function placeOrder(door: CommandDoor, markets: MarketDirectory, body: PlaceOrderBody): Promise<Submitted> {
  const { terms, request } = readOrder(markets, body, '');
  const action: SignableAction = { primaryType: 'PlaceOrder', ...signedFields(body), ...terms };
  return submitSigned(door, action, body.signature, (auth) => ({ kind: 'placeOrder', auth, ...request }));
}

export function placeOrders(door: CommandDoor, markets: MarketDirectory, body: PlaceOrdersBody): Promise<Submitted> {
  refuseBatchSize(body.orders, '/orders');
  const { grouping = 'none' } = body;
  const read = body.orders.map((order, at) => readOrder(markets, order, `/orders/${at}`));
  const action: SignableAction = {
    primaryType: 'PlaceOrders',
    ...signedFields(body),
    orders: read.map(({ terms }) => terms),
    grouping,
  };
  const orders = read.map(({ request }) => request);
  return submitSigned(door, action, body.signature, (auth) => ({ kind: 'placeOrders', auth, orders, grouping }));
}

export function placeScale(door: CommandDoor, markets: MarketDirectory, body: PlaceScaleBody): Promise<Submitted> {
  const { fromPrice, toPrice, orderCount, skewPpm = 1_000_000 } = body;
  const { spec } = markets.bySymbol(body.order.market, '/order/market');
  const { terms, request } = readOrder(markets, body.order, '/order', 'allowed');
  const fromTicks = parsePrice(fromPrice, spec, '/fromPrice', 'refused');
  const toTicks = parsePrice(toPrice, spec, '/toPrice', 'refused');
  const action: SignableAction = {
    primaryType: 'PlaceScale',
    ...signedFields(body),
    order: terms,
    fromPrice,
    toPrice,
    orderCount,
    skewPpm,
  };
  return submitSigned(door, action, body.signature, (auth) => ({
    kind: 'placeScale',
    auth,
    order: request,
    fromTicks,
    toTicks,
    orderCount,
    skewPpm,
  }));
}

export function placeTwap(door: CommandDoor, markets: MarketDirectory, body: PlaceTwapBody): Promise<Submitted> {
  const { market, size } = body;
  const { spec } = markets.bySymbol(market, '/market');
  const sizeLots = parseSize(size, spec, '/size', 'refused');
  const { side, reduceOnly = false, clientOrderId = '', durationMs, slices } = body;
  const terms = { side, reduceOnly, clientOrderId, durationMs, slices };
  const action: SignableAction = { primaryType: 'PlaceTwap', ...signedFields(body), market, size, ...terms };
  return submitSigned(door, action, body.signature, (auth) => ({
    kind: 'placeTwap',
    auth,
    marketId: spec.marketId,
    sizeLots,
    ...terms,
  }));
}
