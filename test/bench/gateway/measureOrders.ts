import { ORDER_PATHS, type OrderPath, type OrderResult } from './loadPlan.ts';
import { gatewayFigures, socketUrl, startLoad, type Venue } from './venue.ts';

export interface OrderRow {
  readonly path: OrderPath;
  readonly window: number;
  readonly exchange: OrderResult;
  readonly bare: OrderResult;
  /** Of what the bare server answers. */
  readonly ofBare: number;
  readonly gatewayCpuMicrosPerOrder: number;
  /** Of the gateway's processor time. Checks are timed by the clock, so where other programs have the cores it is too large. */
  readonly signatureShare: number;
}

export interface OrderTerms {
  readonly ordersPerKey: number;
  readonly windows: readonly number[];
}

export async function measureOrders(venue: Venue, { ordersPerKey, windows }: OrderTerms): Promise<OrderRow[]> {
  const rows: OrderRow[] = [];
  for (const path of ORDER_PATHS)
    for (const window of windows) rows.push(await measure(venue, path, ordersPerKey, window));
  return rows;
}

async function measure(venue: Venue, path: OrderPath, ordersPerKey: number, window: number): Promise<OrderRow> {
  const { chainId, settlement, keys } = venue;
  venue.note(`orders over ${path}, ${window} unanswered of each of ${keys.length} accounts`);
  const urls =
    path === 'rest'
      ? { exchange: venue.url, bare: venue.bareUrl }
      : { exchange: socketUrl(venue.url), bare: socketUrl(venue.bareUrl) };
  const load = await startLoad({ kind: 'orders', path, urls, chainId, settlement, keys, ordersPerKey, window });
  const before = await gatewayFigures(venue);
  const exchange = await load.run<OrderResult>('exchange');
  const after = await gatewayFigures(venue);
  const bare = await load.run<OrderResult>('bare');
  load.end();
  const cpuSeconds = after.cpuSeconds - before.cpuSeconds;
  return {
    path,
    window,
    exchange,
    bare,
    ofBare: exchange.perSecond / bare.perSecond,
    gatewayCpuMicrosPerOrder: Math.round((cpuSeconds * 1_000_000) / exchange.orders),
    signatureShare: (after.signatureSeconds - before.signatureSeconds) / cpuSeconds,
  };
}
