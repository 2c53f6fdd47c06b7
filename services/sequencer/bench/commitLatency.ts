import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { btcIndex } from '../test/feeders.ts';
import { connect, end, newPlace, startRedis, startSequencer } from '../test/processes.ts';
import { deposit, ownerOf, randomCommand, randomOf } from '../test/traders.ts';

/**
 * Commit latency as a gateway sees it: signed commands over the intake to a sequencer process with its journal on this
 * disk and a real Redis, answered after fdatasync and apply. `--inflight` commands are on their way at any moment.
 *
 *   node services/sequencer/bench/commitLatency.ts [--inflight 64] [--seconds 10] [--traders 50]
 */
const { values } = parseArgs({
  options: {
    inflight: { type: 'string', default: '64' },
    seconds: { type: 'string', default: '10' },
    traders: { type: 'string', default: '50' },
  },
});
const inFlight = Number(values.inflight);
const seconds = Number(values.seconds);
const traders = Number(values.traders);

const dir = mkdtempSync(join(tmpdir(), 'keel-bench-'));
const place = await newPlace(join(dir, 'data'));
const redis = await startRedis(place.redisPort, dir);
const sequencer = await startSequencer(place, { KEEL_LOG_LEVEL: 'info' });
try {
  const settler = await connect(place, 'settler');
  const feed = await connect(place, 'priceFeed');
  const gateway = await connect(place, 'gateway');
  for (let trader = 1; trader <= traders; trader += 1)
    await settler.submit(deposit(trader - 1, ownerOf(trader), 1_000_000_000_000));
  await feed.submit(btcIndex(600_000));
  const prices = setInterval(() => feed.submit(btcIndex(600_000)), 500);
  const seals = setInterval(() => settler.submit({ kind: 'sealBatch' }), 1_000);

  const latenciesMs: number[] = [];
  let accepted = 0;
  const beginMs = performance.now();
  const endMs = beginMs + seconds * 1_000;
  const stream = async (index: number): Promise<void> => {
    const random = randomOf(index);
    const openOrders: number[] = [];
    while (performance.now() < endMs) {
      const command = randomCommand(random, ownerOf(1 + (index % traders)), openOrders);
      const sentMs = performance.now();
      const { events } = await gateway.submit(command);
      latenciesMs.push(performance.now() - sentMs);
      if (!events.some((event) => event.kind === 'commandRejected')) accepted += 1;
      for (const event of events) if (event.kind === 'orderRested') openOrders.push(event.orderId);
      if (openOrders.length > 50) openOrders.shift();
    }
  };
  await Promise.all(Array.from({ length: inFlight }, (_unused, index) => stream(index)));
  clearInterval(prices);
  clearInterval(seals);
  const tookSeconds = (performance.now() - beginMs) / 1_000;
  latenciesMs.sort((a, b) => a - b);
  const at = (part: number): string => (latenciesMs[Math.floor(latenciesMs.length * part)] ?? 0).toFixed(2);
  const metrics = await (await fetch(`http://127.0.0.1:${place.adminPort}/metrics`)).text();
  const mean = (name: string): number => {
    const figure = (suffix: string): number =>
      Number(new RegExp(`^keel_sequencer_${name}_${suffix}\\{.*\\} (.*)$`, 'm').exec(metrics)?.[1]);
    return figure('sum') / figure('count');
  };
  process.stdout.write(
    [
      `${latenciesMs.length} commands in ${tookSeconds.toFixed(1)} s, ${inFlight} in flight: ${Math.round(latenciesMs.length / tookSeconds)}/s, ${accepted} accepted`,
      `reply after ms: p50 ${at(0.5)}, p90 ${at(0.9)}, p99 ${at(0.99)}, p99.9 ${at(0.999)}, worst ${at(0.999_999)}`,
      `mean per group: ${mean('group_commands').toFixed(1)} commands, flush ${(1_000 * mean('flush_seconds')).toFixed(2)} ms, apply ${(1_000 * mean('apply_seconds')).toFixed(2)} ms`,
      `full check of the state at a sealed batch: mean ${(1_000 * mean('invariants_seconds')).toFixed(2)} ms`,
      '',
    ].join('\n'),
  );
  await Promise.all([settler.close(), feed.close(), gateway.close()]);
} finally {
  await end(sequencer, 'SIGTERM');
  await end(redis, 'SIGTERM');
  rmSync(dir, { recursive: true });
}
