import type { NodeReport } from '@keel/codec';
import { describe, expect, test } from 'vitest';
import { whyClockIsOff } from '../src/whyClockIsOff.ts';

const NOW_MS = 1_800_000_000_000;

/** Reports of a, b and c, each so many milliseconds before now by the clock of the node that wrote it. */
function reports(...agesMs: readonly number[]): NodeReport[] {
  return agesMs.map((ageMs, place) => ({ nodeId: 'abc'[place], wallMs: NOW_MS - ageMs }) as NodeReport);
}

describe('why a clock is off, as node a sees it', () => {
  test.each([
    ['reports of a second ago', [1_000, 900, 800], undefined],
    ['one other clock is wrong', [500, 60_000, 500], undefined],
    ['its own clock is ahead', [500, 9_500, 9_400], /^its clock is 9\.4 s ahead of the other nodes'/],
    ['its own clock is behind', [500, -9_500, -9_400], /^its clock is 9\.4 s behind the other nodes'/],
    ['the store has stood for nine seconds', [9_200, 9_500, 9_400], /^the store has taken no report of it for 9\.2 s$/],
  ])('%s', (_what, agesMs, why) => {
    const told = whyClockIsOff(NOW_MS, 'a', reports(...agesMs));
    if (why === undefined) expect(told).toBeUndefined();
    else expect(told).toMatch(why);
  });
});
