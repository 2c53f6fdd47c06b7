/**
 * Plays half an hour of recorded orders of one stock through the engine and says of every execution whether it met the
 * order that it met on the recorded venue.
 *
 *   npm run -s replay:orders -- [--file FILE] [--json]
 *
 * Without --file the recording of the shared data folder is played. Four plays: with and without each of the two
 * corrections of the file, so that each cause is counted by what its correction changes.
 */
import { readOptions } from '../readOptions.ts';
import { readOrderMessages } from './orderMessages.ts';
import { type Corrections, type ReplayReport, replayOrders } from './replayOrders.ts';
import { AMZN, sharedData } from './sharedData.ts';

const values = readOptions('replay:orders', { file: { type: 'string' }, json: { type: 'boolean', default: false } });
const file = values.file ?? sharedData(AMZN);
if (file === undefined) {
  process.stderr.write(`replay:orders: there is no shared data folder here with ${AMZN}; give --file FILE\n`);
  process.exit(2);
}
const messages = readOrderMessages(file);
const plays = [false, true].flatMap((olderFirst) =>
  [false, true].map((silentLeavers) => ({ olderFirst, silentLeavers })),
);
const reports = plays.map((corrections) => {
  const began = performance.now();
  const { report } = replayOrders(messages, corrections);
  return { corrections, report, ms: Math.round(performance.now() - began) };
});
for (const { corrections, report, ms } of reports) {
  if (values.json) process.stdout.write(`${JSON.stringify({ ...corrections, ms, ...report })}\n`);
}
if (!values.json) process.stdout.write(`${reports.map(sharesLine).join('\n')}\n\n${table(reports.at(-1)!.report)}\n`);

function sharesLine({ corrections, report }: { corrections: Corrections; report: ReplayReport }): string {
  const { olderFirst, silentLeavers } = corrections;
  const names = [
    ...(olderFirst ? ['older orders first'] : []),
    ...(silentLeavers ? ['orders that left without a message cancelled'] : []),
  ];
  const name = names.length === 0 ? 'the file as it stands' : names.join(', ');
  return `${share(report).padStart(9)}  of executions hit the recorded order: ${name}`;
}

function table(report: ReplayReport): string {
  const { executions, leftSilently } = report;
  const known = executions.total - executions.restedBefore - executions.placedUnseen;
  const rows: (readonly [string, number, string?])[] = [
    ['visible executions', executions.total],
    ['  of orders that rested before the file begins', executions.restedBefore],
    ['  of orders placed further than ten prices away', executions.placedUnseen, 'the file has no line for these'],
    ['  of orders that the file places', known],
    ['    met exactly the recorded order', executions.exact, share(report)],
    ['    the venue took a younger order of the price', executions.venueTookYounger],
    ['    its lots had gone in one of those', executions.tradedBefore],
    ['    behind an order that is never heard of again', executions.silentInFront],
    ['hidden executions and crosses, not played', report.hiddenExecutions + report.crosses],
    ['orders older than the file tells, placed earlier', report.movedAhead],
    ['orders that left without a message', leftSilently.byExecution + leftSilently.byNewOrder],
    ['  found by an execution behind them', leftSilently.byExecution],
    ['  found by a new order that rested beyond them', leftSilently.byNewOrder],
    ['new orders that traded on arrival', report.newOrdersThatTraded],
    ['commands', report.commands],
    ['refused', Object.values(report.refusals).reduce((sum, count) => sum + count, 0)],
  ];
  return rows
    .map(([name, count, note]) =>
      `${name.padEnd(52)}${count.toLocaleString('en').padStart(8)}  ${note ?? ''}`.trimEnd(),
    )
    .join('\n');
}

function share({ executions }: ReplayReport): string {
  const known = executions.total - executions.restedBefore - executions.placedUnseen;
  return `${((100 * executions.exact) / known).toFixed(2)} %`;
}
