import { type Signal, useSignal, useSignalEffect } from '@preact/signals';
import type { RefObject } from 'preact';
import uPlot from 'uplot';

type PlotOptions = Pick<uPlot.Options, 'series' | 'axes' | 'scales'>;

/**
 * A uPlot as wide as its box and made anew when the colour scheme changes. `options` may read signals; it is called
 * again when one of them moves.
 */
export function usePlot(
  box: RefObject<HTMLDivElement | null>,
  height: number,
  options: () => PlotOptions,
): Signal<uPlot | undefined> {
  const plot = useSignal<uPlot | undefined>(undefined);
  useSignalEffect(() => {
    const element = box.current;
    if (element === null) return;
    const made = new uPlot(
      {
        ...options(),
        width: Math.max(1, element.clientWidth),
        height,
        legend: { show: false },
        cursor: { show: false },
        padding: [6, 26, 4, 4],
        tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), 'Etc/UTC'),
      },
      [[], []],
      element,
    );
    const observer = new ResizeObserver(() => {
      if (element.clientWidth > 0) made.setSize({ width: element.clientWidth, height });
    });
    observer.observe(element);
    plot.value = made;
    return () => {
      observer.disconnect();
      made.destroy();
    };
  });
  return plot;
}
