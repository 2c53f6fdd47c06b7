/**
 * The acknowledged path by where commands are committed and by how many are offered: take, stamp, commit, apply,
 * acknowledge, without sockets and signatures. `bare` is the same log with nothing behind it: what the log alone costs.
 *
 *   node test/bench/log/ackRows.ts [--rates 1000,5000] [--seconds 4] [--rounds 3] [--drivers file,etcd1,etcd3] [--json]
 */
import { parseArgs } from 'node:util';
import { type CommandLog, machineTime, Sequencer } from '@keel/cluster';
import { Exchange, emptyParts } from '@keel/replica';
import { EngineFlow } from '../engine/engineFlow.ts';
import { DRIVERS, type Driver, openLog } from './drivers.ts';
import { measureRate, type Rate } from './measureRate.ts';

interface Row extends Rate {
  readonly driver: Driver;
  readonly round: number;
  readonly bareP50Ms: number;
  readonly bareP99Ms: number;
}

const ACCOUNTS = 1_000;
const MARKETS = 3;
/** An order as it stands in the log. */
const BARE_BYTES = 160;
const QUEUE_MAX = 1_000_000;

const { values } = parseArgs({
  options: {
    rates: { type: 'string', default: '1000,5000,20000,50000' },
    seconds: { type: 'string', default: '4' },
    rounds: { type: 'string', default: '3' },
    drivers: { type: 'string', default: DRIVERS.join(',') },
    json: { type: 'boolean', default: false },
  },
});
const rates = values.rates.split(',').map(Number);
const seconds = Number(values.seconds);
const drivers = DRIVERS.filter((driver) => values.drivers.split(',').includes(driver));
const rows: Row[] = [];
for (let round = 1; round <= Number(values.rounds); round += 1) {
  for (const driver of drivers) {
    for (const rate of rates) {
      const row = { driver, round, ...(await measureRow(driver, rate)) };
      rows.push(row);
      process.stderr.write(
        `bench:log: round ${round}, ${driver}, ${rate}/s: p50 ${row.p50Ms} ms, p99 ${row.p99Ms} ms\n`,
      );
      if (values.json) process.stdout.write(`${JSON.stringify(row)}\n`);
    }
  }
}
if (!values.json) process.stdout.write(`${tableOf(rows).join('\n')}\n`);
process.exit(0);

async function measureRow(driver: Driver, rate: number): Promise<Omit<Row, 'driver' | 'round'>> {
  const measured = await withLog(driver, async (log) => {
    const submit = await openExchange(log);
    return measureRate(rate, seconds, submit);
  });
  const bare = await withLog(driver, (log) => measureRate(rate, Math.max(1, seconds / 2), submitBare(log)));
  return { ...measured, bareP50Ms: bare.p50Ms, bareP99Ms: bare.p99Ms };
}

async function withLog(driver: Driver, measure: (log: CommandLog) => Promise<Rate>): Promise<Rate> {
  const { log, close } = await openLog(driver);
  try {
    return await measure(log);
  } finally {
    await close();
  }
}

/** Full books, then orders and cancels like those of bench:engine; returns what submits the next one. */
async function openExchange(log: CommandLog): Promise<() => Promise<unknown>> {
  const exchange = new Exchange(emptyParts());
  const flow = new EngineFlow(ACCOUNTS, MARKETS, 1);
  let timeMs = 0;
  const fail = (fault: unknown): never => {
    process.stderr.write(`bench:log: ${String(fault)}\n`);
    process.exit(1);
  };
  const nothing = (): void => undefined;
  const sequencer = new Sequencer({
    exchange,
    log,
    clock: () => timeMs,
    monotonicMs: machineTime.monotonicMs,
    nextTurn: machineTime.nextTurn,
    queueMax: QUEUE_MAX,
    watch: { overloaded: nothing, acknowledged: nothing, group: nothing, checked: nothing },
    onSealed: nothing,
    onApplied: nothing,
    // Nobody reads the changes, so they must not pile up.
    onGroup: () => exchange.takeChanges(),
    onLeadershipLost: fail,
    fail,
  });
  const next = ({ command, ...rest }: ReturnType<EngineFlow['next']>): Promise<unknown> => {
    timeMs = rest.timeMs;
    return sequencer.submit(command);
  };
  let last: Promise<unknown> = Promise.resolve();
  let waiting = 0;
  for (const sequenced of flow.opening()) {
    last = next(sequenced);
    waiting += 1;
    if (waiting % 10_000 === 0) await last;
  }
  await last;
  return () => next(flow.next());
}

/** The log with nothing behind it: everything that waits goes into the next commit, as the sequencer does. */
function submitBare(log: CommandLog): () => Promise<void> {
  const payload = new Uint8Array(BARE_BYTES);
  let waiting: (() => void)[] = [];
  let running = false;
  const run = async (): Promise<void> => {
    running = true;
    await machineTime.nextTurn();
    while (waiting.length > 0) {
      const group: (() => void)[] = [];
      while (group.length < waiting.length && log.hasRoom(BARE_BYTES)) {
        log.append(log.lastSequence + 1, payload);
        group.push(waiting[group.length]!);
      }
      waiting = waiting.slice(group.length);
      await log.commit();
      for (const done of group) done();
    }
    running = false;
  };
  return () =>
    new Promise((resolve, reject) => {
      waiting.push(resolve);
      if (!running) run().catch(reject);
    });
}

/** The middle of the rounds, a row for each driver and rate. */
function tableOf(all: readonly Row[]): string[] {
  const lines = [
    '| commands/s offered | log | acknowledged/s | p50 / p99 / p99.9 ms | the log alone, p50 / p99 ms | of the log alone, p50 |',
    '| --- | --- | --- | --- | --- | --- |',
  ];
  for (const rate of rates) {
    for (const driver of drivers) {
      const some = all.filter((row) => row.driver === driver && row.offeredPerSec === rate);
      const middle = (read: (row: Row) => number): number =>
        some.map(read).sort((one, other) => one - other)[some.length >> 1] ?? 0;
      const [p50, p99, p999] = [middle((row) => row.p50Ms), middle((row) => row.p99Ms), middle((row) => row.p999Ms)];
      const [bare50, bare99] = [middle((row) => row.bareP50Ms), middle((row) => row.bareP99Ms)];
      lines.push(
        `| ${rate} | ${driver} | ${middle((row) => row.acknowledgedPerSec)} | ${p50} / ${p99} / ${p999} | ${bare50} / ${bare99} | ${(p50 / bare50).toFixed(2)} |`,
      );
    }
  }
  return lines;
}
