import * as hftLimitOrderBook from 'hft-limit-order-book';
import * as nodejsOrderBook from 'nodejs-order-book';
import type { Flow } from './flow.ts';
import type { Tape } from './tape.ts';

/** Books from npm that a JavaScript exchange would otherwise take, driven as their READMEs say. */
export const PEERS = {
  'nodejs-order-book': nodejsOrderBook,
  'hft-limit-order-book': hftLimitOrderBook,
};
export type PeerName = keyof typeof PEERS;

/** Their ids are strings: made before the clock runs. */
export function idsOf(flow: Flow): readonly string[] {
  return Array.from({ length: flow.operations }, (_, operation) => String(flow.records[operation * 4 + 1]! >>> 0));
}

export function playPeer(name: PeerName, flow: Flow, ids: readonly string[], tape: Tape): void {
  const { records } = flow;
  const { OrderBook, Side } = PEERS[name];
  const book = new OrderBook();
  for (let operation = 0; operation < flow.operations; operation += 1) {
    const at = operation * 4;
    const id = ids[operation]!;
    if ((records[at]! & 255) !== 0) {
      book.cancel(id);
      continue;
    }
    const side = ((records[at]! >> 8) & 255) === 0 ? Side.BUY : Side.SELL;
    const result = book.limit({ id, side, size: records[at + 3]!, price: records[at + 2]! } as never);
    if (result.err !== null) throw result.err;
    const taker = records[at + 1]!;
    for (const order of result.done as readonly { id: string; size: number; price: number }[])
      if (order.id !== id) tape.trade(Number(order.id), taker, order.price, order.size);
    const { partial, partialQuantityProcessed } = result;
    if (partial !== null && partial.id !== id)
      tape.trade(Number(partial.id), taker, partial.price, partialQuantityProcessed);
  }
}
