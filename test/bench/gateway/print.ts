import type { FeedRow } from './measureFeeds.ts';
import type { OrderRow } from './measureOrders.ts';

/** Columns under their heads, each as wide as its widest cell. */
function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_cell, at) => Math.max(...rows.map((row) => row[at]?.length ?? 0)));
  return rows.map((row) => `${row.map((cell, at) => cell.padStart(widths[at] ?? 0)).join('  ')}\n`).join('');
}

const percent = (part: number): string => `${(part * 100).toFixed(1)} %`;
const ms = (value: number): string => value.toFixed(2);

export function printOrders(rows: readonly OrderRow[]): string {
  const head = [
    'way in',
    'window',
    'orders/s',
    'ack p50 ms',
    'p99',
    'p99.9',
    'of bare',
    'CPU us/order',
    'signatures',
    'refused',
  ];
  const cells = rows.map(({ path, window, exchange, ofBare, gatewayCpuMicrosPerOrder, signatureShare }) => [
    path,
    String(window),
    String(exchange.perSecond),
    ms(exchange.ackMs.p50),
    ms(exchange.ackMs.p99),
    ms(exchange.ackMs.p999),
    percent(ofBare),
    String(gatewayCpuMicrosPerOrder),
    percent(signatureShare),
    JSON.stringify(exchange.refused),
  ]);
  return `commit policy: fdatasync before every acknowledgement, grouped\n${table([head, ...cells])}`;
}

export function printFeeds(rows: readonly FeedRow[]): string {
  const head = [
    'book',
    'subscribers',
    'frames',
    'deliveries/s',
    'delay p50 ms',
    'p99',
    'bare p99',
    'of bare',
    'MiB grown',
    'slow ends',
  ];
  const cells = rows.map(({ what, subscribers, exchange, bare, ofBare, grownBytes }) => [
    what,
    String(subscribers),
    String(exchange.frames),
    String(exchange.deliveriesPerSecond),
    ms(exchange.delayMs.p50),
    ms(exchange.delayMs.p99),
    ms(bare.delayMs.p99),
    percent(ofBare),
    (grownBytes / 1_048_576).toFixed(1),
    JSON.stringify(exchange.slowEnds),
  ]);
  return table([head, ...cells]);
}
