import { expect, test } from 'vitest';
import { type Decision, decideAuction, type Quote, type TakingRules, type Terms } from '../src/decideAuction.ts';

/** Prices of two decimals, sizes of two decimals: a lot is a hundredth of a unit. */
const price = (usd: number): number => Math.round(usd * 100);
const units = (size: number): number => Math.round(size * 100);
const usdc = (amount: number): number => Math.round(amount * 1_000_000);

const TERMS: Terms = {
  markTicks: price(1_000),
  indexTicks: price(1_000),
  atomsPerTickLot: 100,
  takerFeePpm: 400,
  initialMarginPpm: 40_000,
};
const RULES: TakingRules = {
  minEdgePpm: 2_000,
  bandPpm: 5_000,
  auctionAtomsMax: usdc(1_000_000),
  positionAtomsMax: usdc(1_000_000),
  budgetAtoms: usdc(1_000_000),
  marginUsePpm: 500_000,
};
const RICH = { heldLots: 0, heldAtoms: 0, freeAtoms: usdc(1_000_000) };

const take = (size: number, worst: number, expected: number): Decision => ({
  kind: 'take',
  sizeLots: units(size),
  worstTicks: price(worst),
  expectedAtoms: usdc(expected),
});
const skip = (reason: Extract<Decision, { kind: 'skip' }>['reason']): Decision => ({ kind: 'skip', reason });
const book = (...levels: readonly (readonly [number, number])[]): readonly Quote[] =>
  levels.map(([usd, size]) => [price(usd), units(size)]);

// Mark and index 1,000; 10 units are offered; the edge asked for is 0.2 %, the fee 0.04 %, the band 0.5 %.
test.each([
  // What it costs to be taken at 992: 0.8 % below. 10 * 8 = 80 less fee and slippage of 0.54 % of 10,000.
  ['0.8 % below, nobody quotes: the band covers it', 'buy', 992, [], take(10, 992.6, 26)],
  ['at the very edge of it: what is asked for is left, 0.2 %', 'buy', 992.6, [], take(10, 992.6, 20)],
  ['a tick less good and nobody quotes', 'buy', 992.61, [], skip('edge')],
  // 4 lots cost 0.05 % + 0.04 %, 6 cost 0.1 % + 0.04 %: 73.90 - 3.60 - 8.40.
  [
    'makers quote near: their distance is what it costs',
    'buy',
    992.61,
    [
      [1_000.5, 4],
      [1_001, 20],
    ],
    take(10, 996.6, 61.9),
  ],
  // 0.4 % - 0.24 % leaves 0.16 %: the level at 0.2 % is too far. 6 * 4 - 4 * 0.9 - 2 * 1.4.
  [
    'only as much as is quoted near enough',
    'buy',
    996,
    [
      [1_000.5, 4],
      [1_001, 2],
      [1_002, 50],
    ],
    take(6, 996.6, 17.6),
  ],
  [
    'exactly edge and fee: what is quoted at mark',
    'buy',
    997.6,
    [
      [1_000, 3],
      [1_000.01, 5],
    ],
    take(3, 997.6, 6),
  ],
  ['a tick less than edge and fee', 'buy', 997.61, [[1_000, 3]], skip('edge')],
  ['quotes below mark cost nothing', 'buy', 997.6, [[999, 12]], take(10, 997.6, 20)],
  ['at mark', 'buy', 1_000, [[1_000, 10]], skip('edge')],
  ['worse than mark', 'buy', 1_001, [[1_000, 10]], skip('edge')],
  ['a short that is closed: sold to it above mark', 'sell', 1_008, [], take(10, 1_007.4, 26)],
  ['a tick less good', 'sell', 1_007.39, [], skip('edge')],
  [
    'its other side are bids',
    'sell',
    1_004,
    [
      [999.5, 4],
      [999, 2],
      [998, 50],
    ],
    take(6, 1_003.4, 17.6),
  ],
  ['a penny for everything', 'buy', 0.01, [], take(10, 992.6, 9_999.9 - 54)],
] as const)('%s', (_, side, limit, levels, expected) => {
  const offer = { side, limitTicks: price(limit), remainingLots: units(10) };
  expect(decideAuction(offer, TERMS, book(...levels), RICH, RULES)).toEqual(expected);
});

// The worse for us of mark and index counts.
test.each([
  ['buy', 992, 1_000, 996, 'edge'],
  ['buy', 992, 996, 1_000, 'edge'],
  ['buy', 988, 996, 1_000, undefined],
  ['sell', 1_008, 1_000, 1_004, 'edge'],
  ['sell', 1_008, 1_004, 1_000, 'edge'],
  ['sell', 1_012, 1_000, 1_004, undefined],
] as const)('%s at %d with mark %d and index %d: %s', (side, limit, mark, index, reason) => {
  const offer = { side, limitTicks: price(limit), remainingLots: units(10) };
  const terms = { ...TERMS, markTicks: price(mark), indexTicks: price(index) };
  const decision = decideAuction(offer, terms, [], RICH, RULES);
  expect(decision.kind === 'skip' ? decision.reason : undefined).toBe(reason);
});

// 10 units are offered at 990, 1 % below mark: 10,000 USDC at mark.
test.each([
  ['no limit reached', {}, {}, 10],
  ['5,000 USDC of one auction', { auctionAtomsMax: usdc(5_000) }, {}, 5],
  ['of 5,005 USDC the last half unit is a whole lot only', { auctionAtomsMax: usdc(5_005) }, {}, 5],
  ['nothing of one auction', { auctionAtomsMax: usdc(9.99) }, {}, 'auctionLimit'],
  [
    '6,000 a market, 4 units are there',
    { positionAtomsMax: usdc(6_000) },
    { heldLots: units(4), heldAtoms: usdc(4_000) },
    2,
  ],
  ['a full market', { positionAtomsMax: usdc(6_000) }, { heldLots: units(6), heldAtoms: usdc(6_000) }, 'positionLimit'],
  ['a short there makes room', { positionAtomsMax: usdc(3_000) }, { heldLots: units(-4), heldAtoms: usdc(4_000) }, 7],
  ['9,000 in all, 8,500 are elsewhere', { budgetAtoms: usdc(9_000) }, { heldAtoms: usdc(8_500) }, 0.5],
  ['all used', { budgetAtoms: usdc(9_000) }, { heldAtoms: usdc(9_100) }, 'budget'],
  ['all used, but it only reduces', { budgetAtoms: usdc(4_000) }, { heldLots: units(-4), heldAtoms: usdc(4_000) }, 4],
  // 100 free, half of it used, 4 % margin: 1,250 USDC.
  ['little margin', {}, { freeAtoms: usdc(100) }, 1.25],
  ['none', {}, { freeAtoms: usdc(0.79) }, 'margin'],
  ['less than none', {}, { freeAtoms: usdc(-5) }, 'margin'],
  ['none, but it only reduces', {}, { freeAtoms: 0, heldLots: units(-3), heldAtoms: usdc(3_000) }, 3],
] as const)('%s', (_, rules, means, expected) => {
  const offer = { side: 'buy' as const, limitTicks: price(990), remainingLots: units(10) };
  const decision = decideAuction(offer, TERMS, [], { ...RICH, ...means }, { ...RULES, ...rules });
  expect(decision.kind === 'take' ? decision.sizeLots / 100 : decision.reason).toBe(expected);
});
