import { expect, test } from 'vitest';
import { staysSolvent } from '../src/margin/accountFigures.ts';

// Equity and maintenance before a fill, then after it; a fill of an account below maintenance must not lower EQ / MMR.
test.for([
  { before: [100, 50], after: [40, 40], may: true, why: 'it ends at maintenance' },
  { before: [100, 50], after: [39, 40], may: false, why: 'a healthy account ends below, and nearer to nothing' },
  { before: [40, 50], after: [32, 40], may: true, why: 'less position, the same part of its requirement' },
  { before: [40, 50], after: [31, 40], may: false, why: 'less position, a smaller part of it' },
  { before: [40, 50], after: [45, 51], may: false, why: 'more position, though a larger part of it' },
  { before: [0, 0], after: [1, 40], may: false, why: 'nothing at all opens no position' },
  { before: [-10, 100], after: [-5, 50], may: false, why: 'bankrupt before and after: the ratio says nothing there' },
  { before: [-10, 100], after: [1, 50], may: false, why: 'bankrupt before: its close-out decides, not a fill' },
  { before: [10, 100], after: [-1, 50], may: false, why: 'no fill makes a bankrupt' },
  { before: [-10, 100], after: [0, 0], may: true, why: 'flat and owing nothing' },
] as const)('$before to $after: $may, $why', ({ before, after, may }) => {
  const solvency = ([equityAtoms, maintenanceAtoms]: readonly [number, number]) => ({ equityAtoms, maintenanceAtoms });
  expect(staysSolvent(solvency(before), solvency(after))).toBe(may);
});
