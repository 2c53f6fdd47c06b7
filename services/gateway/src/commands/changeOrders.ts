import type { Submitted } from '@keel/intake';
import type { SignableAction } from '@keel/signing';
import type { MarketDirectory } from '../marketDirectory.ts';
import type { AmendOrderBody, AmendOrdersBody, ReplaceOrderBody } from '../wire/requests.ts';
import { readAmendment, readName } from './readName.ts';
import { readOrder } from './readOrder.ts';
import { refuseBatchSize } from './refuseBatchSize.ts';
import { type CommandDoor, signedFields, submitSigned } from './signedCommand.ts';

export function amendOrder(door: CommandDoor, markets: MarketDirectory, body: AmendOrderBody): Promise<Submitted> {
  const { terms, amendment } = readAmendment(markets, body, '');
  const action: SignableAction = { primaryType: 'AmendOrder', ...signedFields(body), ...terms };
  return submitSigned(door, action, body.signature, (auth) => ({ kind: 'amendOrder', auth, ...amendment }));
}

export function amendOrders(door: CommandDoor, markets: MarketDirectory, body: AmendOrdersBody): Promise<Submitted> {
  refuseBatchSize(body.amendments, '/amendments');
  const read = body.amendments.map((fields, at) => readAmendment(markets, fields, `/amendments/${at}`));
  const action: SignableAction = {
    primaryType: 'AmendOrders',
    ...signedFields(body),
    amendments: read.map(({ terms }) => terms),
  };
  const amendments = read.map(({ amendment }) => amendment);
  return submitSigned(door, action, body.signature, (auth) => ({ kind: 'amendOrders', auth, amendments }));
}

export function replaceOrder(door: CommandDoor, markets: MarketDirectory, body: ReplaceOrderBody): Promise<Submitted> {
  const replaced = readName(body.replaced, '/replaced');
  const order = readOrder(markets, body.order, '/order');
  const action: SignableAction = {
    primaryType: 'ReplaceOrder',
    ...signedFields(body),
    replaced: replaced.terms,
    order: order.terms,
  };
  return submitSigned(door, action, body.signature, (auth) => ({
    kind: 'replaceOrder',
    auth,
    replaced: replaced.name,
    order: order.request,
  }));
}
