import { isDeepStrictEqual } from 'node:util';
import { type Command, type Event, rejectName } from '@keel/types';
import { expect } from 'vitest';
import { readSnapshot, writeSnapshot } from '../../src/index.ts';
import { Exchange } from '../exchange.ts';
import { compareStates } from './compareStates.ts';
import type { Model } from './model.ts';
import { predict } from './predict.ts';

/** What happened, counted by event kind, close reason and refusal. */
export type Seen = Map<string, number>;

/** Runs one command on the engine and on the model; the same events must come out, and the same orders be left. */
export function runBoth(
  exchange: Exchange,
  model: Model,
  command: Command,
  seen: Seen,
  tell = tellAll,
): readonly Event[] {
  const events = exchange.run(command);
  const predicted = predict(model, command, exchange.timeMs, tell(model, events));
  if (!isDeepStrictEqual(events, predicted)) {
    expect({ timeMs: exchange.timeMs, command, events }).toEqual({
      timeMs: exchange.timeMs,
      command,
      events: predicted,
    });
    expect.unreachable('events differ in a way that toEqual does not see');
  }
  for (const event of events) countEvent(event, seen);
  mustFillOrKill(events);
  compareStates(exchange.state, model);
  return events;
}

/** Whatever the oracle thinks: an accepted fill-or-kill order trades to its last lot. */
function mustFillOrKill(events: readonly Event[]): void {
  for (const event of events) {
    if (event.kind !== 'orderAccepted' || event.timeInForce !== 'fok' || event.trigger !== undefined) continue;
    const end = events.find((other) => other.kind === 'orderClosed' && other.orderId === event.orderId);
    expect(end, 'the end of a fill-or-kill order').toMatchObject({ reason: 'filled', remainingLots: 0 });
  }
}

function countEvent(event: Event, seen: Seen): void {
  const count = (what: string) => seen.set(what, (seen.get(what) ?? 0) + 1);
  count(event.kind);
  if (event.kind === 'orderClosed') count(event.reason);
  if ('code' in event && event.code !== 0) count(rejectName(event.code) ?? `code ${event.code}`);
  if (event.kind === 'marketMakerProtectionFired') count(event.cause);
}

/** What the oracle hears of the engine: everything. */
export function tellAll(_model: Model, events: readonly Event[]): readonly Event[] {
  return events;
}

/** The same exchange as a process finds it that starts from a snapshot. */
export function continued({ state, timeMs }: Exchange): Exchange {
  const exchange = new Exchange(readSnapshot(writeSnapshot(state)));
  exchange.timeMs = timeMs;
  return exchange;
}
