import { type CollateralTerms, collateralAtomsWorth, collateralValueAtoms } from '@keel/types';
import fc from 'fast-check';
import { expect, test } from 'vitest';

const SEED = Number(process.env.KEEL_TEST_SEED ?? 1);
const WETH: CollateralTerms = { decimals: 8, priceDecimals: 2, haircutPpm: 100_000 };

test.for([
  // asset, price in ticks, atoms, counted quote atoms
  ['1 WETH at 2,000.00, haircut 10 %', WETH, 200_000, 100_000_000, 1_800_000_000],
  ['its smallest part', WETH, 200_000, 1, 18],
  ['no price yet', WETH, 0, 100_000_000, 0],
  ['a haircut of all of it', { ...WETH, haircutPpm: 1_000_000 }, 200_000, 100_000_000, 0],
  ['none', WETH, 200_000, 0, 0],
  ['the remainder is dropped', { ...WETH, haircutPpm: 0 }, 33, 1_000, 3],
  ['whole coins at a millionth', { decimals: 0, priceDecimals: 6, haircutPpm: 0 }, 1, 7, 7],
] as const)('%s', ([, terms, priceTicks, amountAtoms, valueAtoms]) => {
  expect(collateralValueAtoms(terms, priceTicks, amountAtoms)).toBe(valueAtoms);
});

test('the fewest atoms that count so much, and not one more', () => {
  const terms = fc.record({
    decimals: fc.integer({ min: 0, max: 8 }),
    priceDecimals: fc.integer({ min: 0, max: 6 }),
    haircutPpm: fc.integer({ min: 0, max: 1_000_000 }),
  });
  const property = fc.property(
    terms,
    fc.integer({ min: 0, max: 2 ** 30 }),
    fc.integer({ min: 1, max: 1_000_000_000 }),
    (spec, priceTicks, valueAtoms) => {
      const atoms = collateralAtomsWorth(spec, priceTicks, valueAtoms);
      if (atoms === undefined) {
        expect(priceTicks === 0 || spec.haircutPpm === 1_000_000).toBe(true);
        return;
      }
      // Dollars and parts of a million, multiplied out: value(atoms) >= valueAtoms, value(atoms - 1) < valueAtoms.
      const scale = 10n ** BigInt(spec.decimals + spec.priceDecimals);
      const perAtom = BigInt(priceTicks) * BigInt(1_000_000 - spec.haircutPpm);
      expect(atoms * perAtom >= BigInt(valueAtoms) * scale).toBe(true);
      expect((atoms - 1n) * perAtom < BigInt(valueAtoms) * scale).toBe(true);
      if (atoms > 2n ** 50n) return;
      expect(collateralValueAtoms(spec, priceTicks, Number(atoms))).toBeGreaterThanOrEqual(valueAtoms);
      expect(collateralValueAtoms(spec, priceTicks, Number(atoms) - 1)).toBeLessThan(valueAtoms);
    },
  );
  fc.assert(property, { numRuns: 2_000, seed: SEED, endOnFailure: process.env.KEEL_TEST_SHRINK === undefined });
});
