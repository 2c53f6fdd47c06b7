import { type Signal, useSignalEffect } from '@preact/signals';
import { useRef } from 'preact/hooks';
import type uPlot from 'uplot';
import type { GraphPoint } from '../feed/store.ts';
import { clockText } from './clockText.ts';
import { palette } from './palette.ts';
import { usePlot } from './usePlot.ts';

interface TimeGraphProps {
  readonly label: string;
  readonly points: Signal<readonly GraphPoint[]>;
  /** Pixels. */
  readonly height: number;
  readonly axes?: boolean;
}

/** One quantity over time, drawn small. */
export function TimeGraph({ label, points, height, axes = false }: TimeGraphProps) {
  const box = useRef<HTMLDivElement>(null);
  const plot = usePlot(box, height, () => ({
    series: [
      {},
      {
        stroke: palette.value.up,
        ...(axes ? { fill: palette.value.upSoft } : {}),
        width: 1.5,
        points: { show: false },
      },
    ],
    axes: [timeAxis(axes), valueAxis(axes)],
    scales: { y: axes ? { range: fromZero } : {} },
  }));
  useSignalEffect(() => {
    const data: uPlot.AlignedData = [points.value.map((point) => point.time), points.value.map((point) => point.value)];
    plot.value?.setData(data);
  });
  const few = points.value.length < 2;
  return (
    <figure class={few ? 'graph graph-empty' : 'graph'} role="img" aria-label={graphText(label, points.value)}>
      <div ref={box} />
      {few && <figcaption class="quiet">{label}: collecting</figcaption>}
    </figure>
  );
}

function graphText(label: string, points: readonly GraphPoint[]): string {
  const last = points.at(-1);
  return last === undefined ? `${label}, no data yet` : `${label}, now ${Number(last.value.toFixed(2))}`;
}

const fromZero = (_plot: uPlot, _min: number, max: number): [number, number] => [0, Math.max(1, max * 1.1)];

function timeAxis(show: boolean): uPlot.Axis {
  return {
    show,
    stroke: palette.value.text,
    grid: { show: false },
    ticks: { show: false },
    size: 24,
    space: 80,
    values: (_plot, splits) => splits.map((seconds) => clockText(seconds * 1000)),
  };
}

function valueAxis(show: boolean): uPlot.Axis {
  return {
    show,
    stroke: palette.value.text,
    grid: { stroke: palette.value.grid, width: 1 },
    ticks: { show: false },
    size: 44,
    space: 30,
  };
}
