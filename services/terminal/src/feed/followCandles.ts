import type { Candle, Trade } from '@keel/client';
import { barAfterTrade, type CandleBar, toBar } from './candles.ts';
import { markHeard } from './markHeard.ts';
import { getJson, RestError } from './rest.ts';
import { candles, candlesFault, LIMITS } from './store.ts';

/** Sequence that the loaded candles already contain; trades up to it must not be counted twice. */
let loadedSequence = -1;
/** Sequence of the last snapshot of trades: candles older than this lack trades that no update will bring. */
let neededSequence = -1;
/** Trades that arrive while candles are being read wait here; at most one read's worth of traffic. */
let waiting: { seq: number; rows: readonly Trade[] }[] = [];
/** The read under way; a later one makes its answer worthless. */
let reading: symbol | undefined;

const WAITING_MAX = 2_000;
const ASK_AGAIN_MS = 1_000;

/** Reads the minutes of a market until they hold at least the last snapshot of trades; `candles` is then reset. */
export async function loadCandles(market: string): Promise<void> {
  const mine = Symbol('read');
  reading = mine;
  waiting = [];
  if (candles.peek().market !== market) {
    candles.value = { market, kind: 'reset', bars: [] };
    markHeard('candles', false);
    neededSequence = -1;
  }
  while (reading === mine) {
    const answer = await readCandles(market);
    if (reading !== mine) return;
    if (typeof answer === 'string') candlesFault.value = answer;
    else if (answer.sequence >= neededSequence) {
      const bars = answer.candles.map(toBar).sort((a, b) => a.time - b.time);
      loadedSequence = answer.sequence;
      candles.value = { market, kind: 'reset', bars };
      markHeard('candles');
      candlesFault.value = undefined;
      reading = undefined;
    }
    if (reading === mine) await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN_MS));
  }
  const late = waiting;
  waiting = [];
  for (const { seq, rows } of late) extendCandles(market, seq, rows);
}

interface CandlesAnswer {
  readonly sequence: number;
  readonly candles: readonly Candle[];
}

/** The answer, or why there is none. */
async function readCandles(market: string): Promise<CandlesAnswer | string> {
  try {
    return await getJson<CandlesAnswer>(`/v1/markets/${encodeURIComponent(market)}/candles?interval=1m&limit=500`);
  } catch (error) {
    return error instanceof RestError ? error.message : 'Candles could not be loaded.';
  }
}

/** The trades of a market start anew at `seq`; what passed since the candles were read is only in newer candles. */
export function restartCandles(market: string, seq: number): void {
  neededSequence = seq;
  if (reading === undefined && loadedSequence < seq) void loadCandles(market);
}

/** Grows the newest candle by trades of one frame, oldest first. */
export function extendCandles(market: string, seq: number, rows: readonly Trade[]): void {
  if (reading !== undefined) {
    if (waiting.length < WAITING_MAX) waiting.push({ seq, rows });
    return;
  }
  const shown = candles.peek();
  if (shown.market !== market || seq <= loadedSequence) return;
  loadedSequence = seq;
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
