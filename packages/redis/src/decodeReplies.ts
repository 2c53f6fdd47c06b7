import { type MarketId, toOrderId } from '@keel/types';
import type { BookOrderDoc, CollateralDoc, MarketDoc } from './documents.ts';

export function decodeLevels(ticks: readonly string[], lots: readonly string[]): (readonly [number, number])[] {
  return ticks.map((price, at) => [Number(price), Number(lots[at])] as const);
}

/** Bids then asks, best price first, in the order of the queue. */
export function decodeBookOrders(marketId: MarketId, reply: unknown): BookOrderDoc[] {
  const orders = Object.entries(reply as Record<string, string>).map(([orderId, text]): BookOrderDoc => {
    const [side, priceTicks, sizeLots, queuePlace] = text.split(':');
    return {
      marketId,
      orderId: toOrderId(Number(orderId)),
      side: side === 'b' ? 'buy' : 'sell',
      priceTicks: Number(priceTicks),
      sizeLots: Number(sizeLots),
      queuePlace: Number(queuePlace),
    };
  });
  return orders.sort((one, other) => {
    if (one.side !== other.side) return one.side === 'buy' ? -1 : 1;
    const ticks = one.side === 'buy' ? other.priceTicks - one.priceTicks : one.priceTicks - other.priceTicks;
    return ticks === 0 ? one.queuePlace - other.queuePlace : ticks;
  });
}

export function decodeSide(reply: unknown): (readonly [number, number])[] {
  return Object.entries(reply as Record<string, string>).map(([ticks, lots]) => [Number(ticks), Number(lots)] as const);
}

export function decodeMarkets(reply: unknown): MarketDoc[] {
  return decodeAll<MarketDoc>(reply).sort((a, b) => a.spec.marketId - b.spec.marketId);
}

export function decodeCollaterals(reply: unknown): CollateralDoc[] {
  return decodeAll<CollateralDoc>(reply).sort((a, b) => a.spec.assetId - b.spec.assetId);
}

/** The writer of these texts is this package: their shape is not checked again. */
export function decodeAll<Doc>(reply: unknown): Doc[] {
  return (reply as string[]).map((text) => JSON.parse(text) as Doc);
}
