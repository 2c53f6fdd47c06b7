import type { BookLevel } from '@keel/client';
import { useSignalEffect } from '@preact/signals';
import { useRef } from 'preact/hooks';
import uPlot from 'uplot';
import { book } from '../feed/store.ts';
import { palette } from './palette.ts';
import { usePlot } from './usePlot.ts';

const HEIGHT = 130;
/** Levels further out would squeeze the spread into one pixel. */
const LEVELS_DRAWN = 60;
/** A book may change a thousand times a second; its outline need not. */
const REDRAW_MS = 200;

const stepped = uPlot.paths.stepped!;

/** Cumulative size of both sides over price. Drawing only, so prices become floating point here. */
export function DepthChart() {
  const box = useRef<HTMLDivElement>(null);
  const redraw = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const plot = usePlot(box, HEIGHT, () => ({
    scales: { x: { time: false }, y: { range: (_plot, _min, max) => [0, Math.max(1e-9, max * 1.1)] } },
    series: [{}, side(palette.value.up, palette.value.upSoft, -1), side(palette.value.down, palette.value.downSoft, 1)],
    axes: [
      { stroke: palette.value.text, grid: { show: false }, ticks: { show: false }, size: 22, space: 64 },
      { stroke: palette.value.text, grid: { stroke: palette.value.grid, width: 1 }, ticks: { show: false }, size: 44 },
    ],
  }));
  useSignalEffect(() => {
    if (plot.value === undefined) return;
    return book.subscribe(() => {
      if (redraw.current !== undefined) return;
      redraw.current = setTimeout(() => {
        redraw.current = undefined;
        const { bids, asks } = book.peek().book;
        plot.peek()?.setData(depthData(bids, asks));
      }, REDRAW_MS);
    });
  });
  const { bids, asks, seq } = book.value.book;
  const empty = bids.length + asks.length === 0;
  return (
    <figure
      class={empty ? 'graph graph-empty depth' : 'graph depth'}
      role="img"
      aria-label="Market depth: cumulative size over price"
      data-testid="depth-chart"
    >
      <div ref={box} />
      {empty && <figcaption class="quiet">{seq === -1 ? 'Loading…' : 'No orders'}</figcaption>}
    </figure>
  );
}

function side(stroke: string, fill: string, align: 1 | -1): uPlot.Series {
  return { stroke, fill, width: 1.5, points: { show: false }, paths: stepped({ align }) };
}

function depthData(bids: readonly BookLevel[], asks: readonly BookLevel[]): uPlot.AlignedData {
  const left = cumulate(bids).reverse();
  const right = cumulate(asks);
  return [
    [...left, ...right].map((point) => point.price),
    [...left.map((point) => point.total), ...right.map(() => null)],
    [...left.map(() => null), ...right.map((point) => point.total)],
  ];
}

function cumulate(levels: readonly BookLevel[]): { price: number; total: number }[] {
  let total = 0;
  return levels.slice(0, LEVELS_DRAWN).map(([price, size]) => {
    total += Number(size);
    return { price: Number(price), total };
  });
}
