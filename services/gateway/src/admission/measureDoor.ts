import type { Metrics } from '@keel/runtime';
import type { CommandDoor } from '../commands/signedCommand.ts';
import { REQUEST_CLASSES } from './requestClass.ts';

/** What is under way and what waits where, by class, as it is at each scrape. */
export function measureDoor(metrics: Metrics, { admission, signatures, submitQueue, budgets }: CommandDoor): void {
  metrics.gaugeByLabel({
    name: 'keel_gateway_in_door_orders',
    help: 'Orders between the first look at their request and its acknowledgement, by class.',
    labelNames: ['class'],
    collect: () => REQUEST_CLASSES.map((one) => [{ class: one }, admission.inDoor(one)] as const),
  });
  const queues = [
    ['door', admission],
    ['signature', signatures],
    ['sequencer', submitQueue],
  ] as const;
  metrics.gaugeByLabel({
    name: 'keel_gateway_waiting_requests',
    help: 'Signed requests that wait: to be let in, for a signature thread, for their turn with the sequencer.',
    labelNames: ['queue', 'class'],
    collect: () =>
      queues.flatMap(([queue, line]) =>
        REQUEST_CLASSES.map((one) => [{ queue, class: one }, line.waiting(one)] as const),
      ),
  });
  metrics.gauge({
    name: 'keel_gateway_sequencer_in_flight_commands',
    help: 'Commands that the sequencer has from this gateway without having answered them.',
    collect: () => submitQueue.inFlight,
  });
  metrics.gauge({
    name: 'keel_gateway_budget_addresses',
    help: 'Addresses whose budget is remembered.',
    collect: () => budgets.size,
  });
}
