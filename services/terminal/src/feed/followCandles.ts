import { barAfterTrade, type CandleBar, toBar } from './candles.ts';
import { getJson, RestError } from './rest.ts';
import { candles, candlesFault, LIMITS, selectedSymbol } from './store.ts';
import type { CandleRow, TradeRow } from './wire.ts';

/** Sequence that the loaded candles already contain; trades up to it must not be counted twice. */
let loadedSequence = -1;
/** Trades that arrive while candles are being read wait here; at most one read's worth of traffic. */
let waiting: { seq: number; rows: readonly TradeRow[] }[] = [];
let loading = false;

const WAITING_MAX = 2_000;

/** Reads the minutes of a market; `candles` is reset when they are there. */
export async function loadCandles(market: string): Promise<void> {
  loading = true;
  waiting = [];
  if (candles.peek().market !== market) candles.value = { market, kind: 'reset', bars: [] };
  try {
    const answer = await getJson<{ sequence: number; candles: readonly CandleRow[] }>(
      `/v1/markets/${market}/candles?interval=1m&limit=500`,
    );
    if (selectedSymbol.peek() !== market) return;
    const bars = answer.candles.map(toBar).sort((a, b) => a.time - b.time);
    loadedSequence = answer.sequence;
    candles.value = { market, kind: 'reset', bars };
    candlesFault.value = undefined;
  } catch (error) {
    if (selectedSymbol.peek() !== market) return;
    candlesFault.value = error instanceof RestError ? error.message : 'Candles could not be loaded.';
  }
  loading = false;
  const late = waiting;
  waiting = [];
  for (const { seq, rows } of late) extendCandles(market, seq, rows);
}

/** Grows the newest candle by trades of one frame, oldest first. */
export function extendCandles(market: string, seq: number, rows: readonly TradeRow[]): void {
  if (loading) {
    if (waiting.length < WAITING_MAX) waiting.push({ seq, rows });
    return;
  }
  const shown = candles.peek();
  if (shown.market !== market || seq <= loadedSequence) return;
  const bars: CandleBar[] = [...shown.bars];
  for (const trade of rows) {
    const last = bars.at(-1);
    const next = barAfterTrade(last, trade);
    if (next === undefined) continue;
    if (last?.time === next.time) bars[bars.length - 1] = next;
    else bars.push(next);
  }
  candles.value = { market, kind: 'last', bars: bars.slice(-LIMITS.candles) };
}
