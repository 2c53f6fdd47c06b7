import type { OpenOrder } from '@keel/client';
import { expect } from 'vitest';
import { soon } from './soon.ts';
import type { Trader } from './startVenue.ts';

/** What the exchange itself says is open, as soon as `count` of it are `wanted`. */
export function ordersOf(
  { native }: Trader,
  count: number,
  wanted: (order: OpenOrder) => boolean = () => true,
): Promise<readonly OpenOrder[]> {
  return soon(async () => {
    const found = (await native.account()).openOrders.filter(wanted);
    expect(found).toHaveLength(count);
    return found;
  });
}

/** Bids on BTC at prices that nobody meets. */
export const isFar = ({ market, price }: OpenOrder): boolean => market === 'BTC-USD' && Number(price) < 55_000;
