import { isDeepStrictEqual } from 'node:util';
import { decodeEventBlock, encodeEventBlock } from '@keel/codec';
import { apply, createState, takeDirty } from '@keel/engine';
import { EventSchema } from '@keel/proto/event';
import { type EventBlock, toSequence } from '@keel/types';
import { expect, test } from 'vitest';
import { RandomFlow } from './equality/randomFlow.ts';

const SEED = Number(process.env.KEEL_TEST_SEED ?? 1);
const COMMANDS = 150_000;

/** What the engine says is what the readers of its stream read, for figures that only trading brings about. */
test(`events of random trading survive encode -> decode (seed ${SEED})`, { timeout: 120_000 }, () => {
  const flow = new RandomFlow(SEED);
  const state = createState();
  const kinds = new Set<string>();
  for (let sequence = 1; sequence <= COMMANDS; sequence += 1) {
    const sequenced = { sequence: toSequence(sequence), ...flow.next() };
    const events = apply(state, sequenced);
    flow.note(events);
    takeDirty(state);
    const block: EventBlock = { sequence: sequenced.sequence, timeMs: sequenced.timeMs, events };
    const read = decodeEventBlock(encodeEventBlock(block));
    // The readable comparison is slow, so only a block that differs is shown by it.
    if (!isDeepStrictEqual(read, block)) expect(read).toStrictEqual(block);
    for (const { kind } of events) kinds.add(kind);
  }
  const words = EventSchema.oneofs.flatMap(({ fields }) => fields.map(({ localName }) => localName));
  expect(words.filter((kind) => !kinds.has(kind))).toEqual([]);
});
