import { type AccountAddress, FILLS_PER_ACCOUNT_MAX, LIQUIDATIONS_PER_ACCOUNT_MAX, type ReadModel } from '@keel/redis';
import type { Hex, OrderId } from '@keel/types';
import type { MarketDirectory } from '../../marketDirectory.ts';
import { cloidOf } from '../format/parts.ts';
import { startPositions } from '../format/startPositions.ts';
import { type FillAnswer, writeFill } from '../format/writeFill.ts';

/** Orders that are over and are looked through for the client's name of a fill's order. */
const NAMED_ORDERS = 200;

/** An account's fills, newest first, as far back as they are kept; none of an account that does not exist. Rejects with ReadModelUnavailable. */
export async function readFills(
  readModel: ReadModel,
  markets: MarketDirectory,
  asked: AccountAddress,
): Promise<FillAnswer[]> {
  const { head, account, orders } = await readModel.account(asked);
  if (account === undefined) return [];
  const [{ fills }, { liquidations }, { orders: over }] = await Promise.all([
    readModel.fills(asked, FILLS_PER_ACCOUNT_MAX),
    readModel.accountLiquidations(asked, LIQUIDATIONS_PER_ACCOUNT_MAX),
    readModel.orderHistory(asked, NAMED_ORDERS),
  ]);
  // Positions are those of the first answer: what came after it is left for the next one.
  const told = fills.filter(({ sequence }) => sequence <= head.sequence);
  const steps = liquidations.filter(({ sequence }) => sequence <= head.sequence);
  const starts = startPositions(account.accountId, account.positions, told, steps);
  const cloids = new Map<OrderId, Hex | undefined>();
  for (const { order } of over) cloids.set(order.orderId, cloidOf(order.clientOrderId));
  for (const { orderId, clientOrderId } of orders) cloids.set(orderId, cloidOf(clientOrderId));
  return told.map((fill, at) =>
    writeFill(fill, markets.spec(fill.marketId), {
      startLots: starts[at] ?? 0,
      cloid: cloids.get(fill.orderId),
      user: account.owner,
    }),
  );
}
