import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  decodeAction,
  encodeAction,
  hashRequest,
  parseAction,
  parseRequest,
  translateAction,
  Unreadable,
} from '../src/index.ts';
import { specOf } from './market.ts';
import { SIGNED_REQUESTS } from './signedRequests.ts';

const SEED = 20_261_124;
const bodies = SIGNED_REQUESTS.map(({ request }) => JSON.parse(request) as object);

/** Values that stand where others are expected. */
const strange = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  fc.constantFrom(
    null,
    -1,
    0,
    2 ** 53,
    1e300,
    0.1,
    '',
    '0x',
    '1e5',
    '-0',
    '00',
    '9'.repeat(40),
    [],
    {},
    '__proto__',
    'constructor',
  ),
);

/** A request in which some values are others, or are gone, wherever they stand. */
const spoiled = fc
  .record({
    body: fc.constantFrom(...bodies),
    places: fc.array(fc.nat(60), { minLength: 1, maxLength: 4 }),
    values: fc.array(strange, { minLength: 4, maxLength: 4 }),
    gone: fc.boolean(),
  })
  .map(({ body, places, values, gone }) => {
    let at = 0;
    const change = (value: unknown): unknown => {
      const hit = places.indexOf(at);
      at += 1;
      if (hit !== -1) return gone ? undefined : values[hit];
      if (Array.isArray(value)) return value.map(change);
      if (typeof value !== 'object' || value === null) return value;
      return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, change(inner)]));
    };
    return JSON.parse(JSON.stringify(change(body)) ?? 'null') as unknown;
  });

it(`whatever comes is read or refused as unreadable, never anything else (seed ${SEED})`, () => {
  const counts = { read: 0, refused: 0 };
  fc.assert(
    fc.property(spoiled, (body) => {
      try {
        const request = parseRequest(body);
        expect(hashRequest(request, 'b')).toHaveLength(32);
        const action = parseAction(request.action);
        expect(decodeAction(encodeAction(request.action))).toEqual(request.action);
        const done = translateAction(action, { specOf, nowMs: 1_795_357_159_004, openOrder: () => undefined });
        expect(['translated', 'refused']).toContain(done.kind);
        counts.read += 1;
      } catch (fault) {
        if (!(fault instanceof Unreadable)) throw fault;
        counts.refused += 1;
      }
    }),
    { seed: SEED, numRuns: 5_000 },
  );
  // Both happen often, or this has looked at nothing.
  expect(Math.min(counts.read, counts.refused)).toBeGreaterThan(200);
});
