import type { BatchLine, ExchangeStatus, MarketLine } from './exchangeStatus.ts';
import { type Recordings, recordingLines } from './recordings.ts';

/** What the status block is made of: the exchange's own figures and what only the launcher can know. */
export interface Glance {
  readonly url: string;
  readonly status: ExchangeStatus | undefined;
  readonly ordersPerSecond: number;
  /** Seconds from the person's command to the first trade of this run; undefined before it. */
  readonly firstTradeSeconds: number | undefined;
  readonly upSeconds: number;
  /** Undefined when none is played. */
  readonly recordings: Recordings | undefined;
}

/** The status as lines for a person. */
export function statusBlock(glance: Glance): readonly string[] {
  const { url, status, ordersPerSecond, firstTradeSeconds, upSeconds, recordings } = glance;
  const first =
    firstTradeSeconds === undefined ? 'no trade yet' : `first trade after ${firstTradeSeconds.toFixed(1)} s`;
  const head = `terminal ${url}/   api ${url}/v1/status   docs ${url}/docs`;
  if (status === undefined) return [head, `up ${upSeconds} s, the gateway does not answer`];
  const { orders, trades, liquidations } = status.counters;
  return [
    head,
    `sequence ${status.sequence}   ${ordersPerSecond} orders/s   ${orders} orders   ${trades} trades   up ${upSeconds} s, ${first}`,
    `open interest ${status.markets.map(marketText).join('   ')}`,
    `liquidations ${liquidations}   insurance fund ${status.insuranceFund} USDC   ${batchText(status.lastBatch)}`,
    ...(recordings === undefined ? [] : recordingLines(recordings)),
  ];
}

/** Old figures look like good ones, so what keeps a market from trading as usual is said beside them. */
function marketText({ symbol, openInterest, mark, priceQuality, tradingStatus }: MarketLine): string {
  const price = mark === null ? 'no price yet' : `@ ${mark}`;
  const unusual = [
    ...(priceQuality === 'fresh' ? [] : [`price ${priceQuality}`]),
    ...(tradingStatus === 'open' ? [] : [tradingStatus]),
  ];
  return `${symbol} ${openInterest} ${price}${unusual.length === 0 ? '' : ` (${unusual.join(', ')})`}`;
}

function batchText(batch: BatchLine | null): string {
  if (batch === null) return 'no batch yet';
  return `batch ${batch.batchIndex} ${batch.status}, L1 tx ${batch.l1TxHash ?? 'not sent'}`;
}
