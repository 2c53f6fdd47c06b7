import {
  Counter,
  collectDefaultMetrics,
  Gauge,
  Histogram,
  type LabelValues,
  Registry,
  type RegistryContentType,
} from '@prometheus-io/client';
import packageJson from '../package.json' with { type: 'json' };
import { lostLogLines } from './logDestination.ts';

interface MetricNames<Label extends string> {
  /** `keel_<service>_<what>_<unit>`; counters end in `_total`, times are seconds. */
  readonly name: string;
  readonly help: string;
  readonly labelNames?: readonly Label[];
}

/** The figures of one process. Each factory registers its metric, so a name can be used once. */
export interface Metrics {
  readonly contentType: string;
  /** With `collect`, the total is asked for at each scrape: it must never fall while the process lives. */
  counter<Label extends string = never>(
    names: MetricNames<Label> & { readonly collect?: () => number },
  ): Counter<Label>;
  /** With `collect`, the value is asked for at each scrape; otherwise the caller sets it. */
  gauge<Label extends string = never>(names: MetricNames<Label> & { readonly collect?: () => number }): Gauge<Label>;
  /** One sample per entry, asked for at each scrape: the labels must be few and always the same. */
  gaugeByLabel<Label extends string>(
    names: MetricNames<Label> & { readonly collect: () => readonly (readonly [LabelValues<Label>, number])[] },
  ): void;
  histogram<Label extends string = never>(
    names: MetricNames<Label> & { readonly buckets: readonly number[] },
  ): Histogram<Label>;
  /** The Prometheus text of all metrics now. */
  text(): Promise<string>;
}

/** Upper bounds in seconds from 100 us to 10 s: from one journal flush to an outage. */
export const LATENCY_BUCKETS_SECONDS: readonly number[] = [
  0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
];

/**
 * A registry of its own with process, memory and garbage-collection figures, event-loop lag
 * (`nodejs_eventloop_lag_*_seconds`) and `keel_build_info`. Every sample carries `service`.
 */
export function createMetrics(service: string): Metrics {
  const registry: Registry<RegistryContentType> = new Registry();
  registry.setDefaultLabels({ service });
  collectDefaultMetrics({ register: registry });
  new Gauge({
    name: 'keel_build_info',
    help: 'Always 1; the labels say what runs.',
    labelNames: ['version', 'node'],
    registers: [registry],
  }).set({ version: packageJson.version, node: process.versions.node }, 1);
  createCounter(
    { name: 'keel_log_lines_lost_total', help: 'Log lines that could not be written.', collect: lostLogLines },
    registry,
  );
  return {
    contentType: registry.contentType,
    counter: (names) => createCounter(names, registry),
    gauge: (names) => createGauge(names, registry),
    gaugeByLabel: (names) => createGaugeByLabel(names, registry),
    histogram: (names) => new Histogram({ ...base(names), buckets: [...names.buckets], registers: [registry] }),
    text: () => registry.metrics(),
  };
}

function base<Label extends string>(names: MetricNames<Label>): { name: string; help: string; labelNames: Label[] } {
  return { name: names.name, help: names.help, labelNames: [...(names.labelNames ?? [])] };
}

function createCounter<Label extends string>(
  names: MetricNames<Label> & { readonly collect?: () => number },
  registry: Registry<RegistryContentType>,
): Counter<Label> {
  const { collect } = names;
  if (collect === undefined) return new Counter({ ...base(names), registers: [registry] });
  return new Counter({
    ...base(names),
    registers: [registry],
    collect() {
      this.reset();
      this.inc(collect());
    },
  });
}

function createGauge<Label extends string>(
  names: MetricNames<Label> & { readonly collect?: () => number },
  registry: Registry<RegistryContentType>,
): Gauge<Label> {
  const { collect } = names;
  if (collect === undefined) return new Gauge({ ...base(names), registers: [registry] });
  return new Gauge({
    ...base(names),
    registers: [registry],
    collect() {
      this.set(collect());
    },
  });
}

function createGaugeByLabel<Label extends string>(
  names: MetricNames<Label> & { readonly collect: () => readonly (readonly [LabelValues<Label>, number])[] },
  registry: Registry<RegistryContentType>,
): void {
  const gauge: Gauge<Label> = new Gauge({
    ...base(names),
    registers: [registry],
    collect() {
      for (const [labels, value] of names.collect()) gauge.set(labels, value);
    },
  });
}
