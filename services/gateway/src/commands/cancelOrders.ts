import type { Submitted } from '@keel/intake';
import type { SignableAction } from '@keel/signing';
import { toMarketId } from '@keel/types';
import type { MarketDirectory } from '../marketDirectory.ts';
import type { CancelAllAfterBody, CancelAllOrdersBody, CancelOrderBody, CancelOrdersBody } from '../wire/requests.ts';
import { readName } from './readName.ts';
import { refuseBatchSize } from './refuseBatchSize.ts';
import { type CommandDoor, signedFields, submitSigned } from './signedCommand.ts';

export function cancelOrder(door: CommandDoor, body: CancelOrderBody): Promise<Submitted> {
  const { terms, name } = readName(body, '');
  const action: SignableAction = { primaryType: 'CancelOrder', ...signedFields(body), ...terms };
  return submitSigned(door, action, body.signature, (auth) => ({ kind: 'cancelOrder', auth, ...name }));
}

export function cancelOrders(door: CommandDoor, body: CancelOrdersBody): Promise<Submitted> {
  refuseBatchSize(body.orders, '/orders');
  const read = body.orders.map((fields, at) => readName(fields, `/orders/${at}`));
  const action: SignableAction = {
    primaryType: 'CancelOrders',
    ...signedFields(body),
    orders: read.map(({ terms }) => terms),
  };
  const orders = read.map(({ name }) => name);
  return submitSigned(door, action, body.signature, (auth) => ({ kind: 'cancelOrders', auth, orders }));
}

export function cancelAllOrders(
  door: CommandDoor,
  markets: MarketDirectory,
  body: CancelAllOrdersBody,
): Promise<Submitted> {
  const { market = '' } = body;
  const marketId = market === '' ? toMarketId(0) : markets.bySymbol(market, '/market').spec.marketId;
  const action: SignableAction = { primaryType: 'CancelAllOrders', ...signedFields(body), market };
  return submitSigned(door, action, body.signature, (auth) => ({ kind: 'cancelAllOrders', auth, marketId }));
}

export function cancelAllAfter(door: CommandDoor, body: CancelAllAfterBody): Promise<Submitted> {
  const { timeoutMs } = body;
  const action: SignableAction = { primaryType: 'CancelAllAfter', ...signedFields(body), timeoutMs };
  return submitSigned(door, action, body.signature, (auth) => ({ kind: 'cancelAllAfter', auth, timeoutMs }));
}
