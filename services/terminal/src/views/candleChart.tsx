import { effect, useSignalEffect } from '@preact/signals';
import {
  type AutoscaleInfo,
  CandlestickSeries,
  ColorType,
  createChart,
  HistogramSeries,
  type IChartApi,
  type IPriceLine,
  type ISeriesApi,
  LineStyle,
  type UTCTimestamp,
} from 'lightweight-charts';
import { useRef } from 'preact/hooks';
import { fractionDigits } from '../decimal.ts';
import type { CandleBar } from '../feed/candles.ts';
import { candles, candlesFault, heard, selectedMarket, selectedPosition, selectedSymbol } from '../feed/store.ts';
import { type Palette, palette } from './palette.ts';

interface Drawing {
  readonly chart: IChartApi;
  readonly prices: ISeriesApi<'Candlestick'>;
  readonly volumes: ISeriesApi<'Histogram'>;
}

/** One-minute candles with volume; when an account is shown, its entry and liquidation price as lines. */
export function CandleChart() {
  const box = useRef<HTMLDivElement>(null);
  useSignalEffect(() => {
    const drawing = createDrawing(box.current!);
    const stops = [
      effect(() => paint(drawing, palette.value)),
      effect(() => drawing.prices.applyOptions({ priceFormat: priceFormat() })),
      effect(() => drawBars(drawing, palette.value)),
      effect(() => drawPositionLines(drawing.prices, palette.value)),
    ];
    return () => {
      for (const stop of stops) stop();
      drawing.chart.remove();
    };
  });
  return (
    <div class="candles" role="img" aria-label={`One-minute candles of ${selectedSymbol.value ?? 'the market'}`}>
      <div ref={box} class="candles-box" data-testid="candle-chart" data-bars={candles.value.bars.length} />
      {candlesFault.value !== undefined && <p class="empty fault">{candlesFault.value}</p>}
      {candlesFault.value === undefined && heard.value.has('candles') && candles.value.bars.length === 0 && (
        <p class="empty">No trades yet.</p>
      )}
    </div>
  );
}

function createDrawing(element: HTMLElement): Drawing {
  const chart = createChart(element, {
    autoSize: true,
    // The logo brings its own style element, which a strict content policy refuses; the notice is in the footer.
    layout: { attributionLogo: false, fontSize: 11 },
    timeScale: { timeVisible: true, secondsVisible: false, rightOffset: 4 },
  });
  const prices = chart.addSeries(CandlestickSeries, { wickVisible: true });
  const volumes = chart.addSeries(HistogramSeries, {
    priceScaleId: 'volume',
    priceFormat: { type: 'volume' },
    lastValueVisible: false,
    priceLineVisible: false,
  });
  chart.priceScale('volume').applyOptions({ scaleMargins: { top: 0.84, bottom: 0 } });
  prices.priceScale().applyOptions({ scaleMargins: { top: 0.08, bottom: 0.2 } });
  return { chart, prices, volumes };
}

function paint({ chart, prices }: Drawing, colours: Palette): void {
  chart.applyOptions({
    layout: { background: { type: ColorType.Solid, color: colours.background }, textColor: colours.text },
    grid: { vertLines: { color: colours.grid }, horzLines: { color: colours.grid } },
    rightPriceScale: { borderColor: colours.grid },
    timeScale: { borderColor: colours.grid },
  });
  prices.applyOptions({
    // Rising candles are hollow, falling ones filled: the pair can be told apart without colour.
    upColor: colours.background,
    borderUpColor: colours.up,
    wickUpColor: colours.up,
    downColor: colours.down,
    borderDownColor: colours.down,
    wickDownColor: colours.down,
    // By itself the line takes the body's colour, which a hollow candle shares with the background.
    priceLineColor: colours.text,
  });
}

function priceFormat() {
  const tickSize = selectedMarket.value?.tickSize ?? '0.01';
  return { type: 'price', precision: fractionDigits(tickSize), minMove: Number(tickSize) } as const;
}

function drawBars({ chart, prices, volumes }: Drawing, colours: Palette): void {
  const { kind, bars } = candles.value;
  const last = bars.at(-1);
  if (kind === 'last' && last !== undefined && prices.data().length > 0) {
    prices.update(pricePoint(last));
    volumes.update(volumePoint(last, colours));
    return;
  }
  prices.setData(bars.map(pricePoint));
  volumes.setData(bars.map((bar) => volumePoint(bar, colours)));
  const shown = Math.min(bars.length, 120);
  if (shown > 0)
    chart.timeScale().setVisibleLogicalRange({ from: bars.length - Math.max(shown, 30), to: bars.length + 4 });
}

const pricePoint = ({ time, open, high, low, close }: CandleBar) => ({
  time: time as UTCTimestamp,
  open,
  high,
  low,
  close,
});

const volumePoint = ({ time, volume, open, close }: CandleBar, colours: Palette) => ({
  time: time as UTCTimestamp,
  value: volume,
  color: close >= open ? colours.upSoft : colours.downSoft,
});

/** Lines now on each series, so that a moved position replaces them. */
const drawnLines = new WeakMap<ISeriesApi<'Candlestick'>, IPriceLine[]>();

function drawPositionLines(prices: ISeriesApi<'Candlestick'>, colours: Palette): void {
  const position = selectedPosition.value;
  for (const line of drawnLines.get(prices) ?? []) prices.removePriceLine(line);
  const lines: IPriceLine[] = [];
  if (position !== undefined) {
    lines.push(
      prices.createPriceLine({
        price: Number(position.entryPrice),
        color: colours.text,
        lineStyle: LineStyle.Dashed,
        lineWidth: 1,
        title: 'entry',
      }),
    );
  }
  if (position !== undefined && position.liquidationPrice !== null) {
    lines.push(
      prices.createPriceLine({
        price: Number(position.liquidationPrice),
        color: colours.down,
        lineStyle: LineStyle.Solid,
        lineWidth: 2,
        title: 'liquidation',
      }),
    );
  }
  drawnLines.set(prices, lines);
  prices.applyOptions({ autoscaleInfoProvider: fitLines(position?.liquidationPrice ?? null) });
}

/** A liquidation price within 5 % of what is on screen is brought into view; one further off would flatten the candles. */
function fitLines(liquidationPrice: string | null) {
  const line = Number(liquidationPrice ?? Number.NaN);
  return (original: () => AutoscaleInfo | null): AutoscaleInfo | null => {
    const info = original();
    const range = info?.priceRange;
    if (info === null || range === null || range === undefined || Number.isNaN(line)) return info;
    if (line < range.minValue * 0.95 || line > range.maxValue * 1.05) return info;
    return {
      ...info,
      priceRange: { minValue: Math.min(range.minValue, line), maxValue: Math.max(range.maxValue, line) },
    };
  };
}
