import { expect, test } from 'vitest';
import { readFlow, withDenseIds } from './flow.ts';
import { type FlowName, makeFlow } from './makeFlow.ts';
import { playBook, playYardstick } from './play.ts';
import { Tape } from './tape.ts';

/** What the flows of seed 1 come to. Nobody may change a flow or a book without these numbers saying so. */
test.each<[FlowName, { trades: number; filled: number; h1: number; h2: number }]>([
  ['balanced', { trades: 454_628, filled: 8_689_378, h1: 0x3942a6a1, h2: 0x1876747a }],
  ['cancel', { trades: 196_146, filled: 6_025_900, h1: 0x6ff450e1, h2: 0xb596b140 }],
  ['sweep', { trades: 1_287_652, filled: 81_253_861, h1: 0x9d6fa288, h2: 0xdc1baa11 }],
  ['thin', { trades: 239_125, filled: 4_289_838, h1: 0xe51dc498, h2: 0x87bc91ef }],
])('%s: the flow, the book and the yardstick have the same trades in the same order', (name, expected) => {
  const flow = readFlow(name, makeFlow(name, 1));
  expect(flow.expected).toEqual(expected);
  const tape = new Tape(true);
  playBook(flow, tape);
  expect(tape.answer).toEqual(expected);
  const dense = withDenseIds(flow);
  const yardstick = new Tape(true, dense.idOf);
  playYardstick(dense.flow, yardstick);
  expect(yardstick.answer).toEqual(expected);
});

test('other seeds make other flows', () => {
  const [one, other] = [1, 2].map((seed) => readFlow('thin', makeFlow('thin', seed, 20_000)));
  expect(one!.expected).not.toEqual(other!.expected);
});

test('what is no flow is refused', () => {
  expect(() => readFlow('empty', new Uint8Array(10))).toThrow('no order flow');
  expect(() => readFlow('cut', makeFlow('thin', 1, 1_000).subarray(0, 500))).toThrow('length');
});
