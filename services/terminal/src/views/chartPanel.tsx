import { CandleChart } from './candleChart.tsx';
import { DepthChart } from './depthChart.tsx';

export function ChartPanel() {
  return (
    <section class="panel panel-chart" aria-labelledby="chart-title" data-panel="chart">
      <header class="panel-header">
        <h2 id="chart-title">Price, 1 minute</h2>
      </header>
      <CandleChart />
      <h3 class="graph-title">Depth</h3>
      <DepthChart />
    </section>
  );
}
