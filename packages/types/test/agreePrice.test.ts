import { expect, test } from 'vitest';
import {
  type Address,
  agreePrice,
  type PriceFeeder,
  type PriceQuestion,
  type PriceReport,
  quorumOf,
  rejectName,
} from '../src/index.ts';

const NOW = 1_800_000_000_000;
const MAX = 2 ** 30;

/** Feeders a to z, in the order of their names. */
function addressOf(name: string): Address {
  return `0x${name.charCodeAt(0).toString(16).repeat(20)}`;
}

function feedersOf(words: string): PriceFeeder[] {
  return words.split(' ').map((word) => ({ feeder: addressOf(word[0]!), weight: Number(word.slice(1) || 1) }));
}

/**
 * `a100` says 100 now with sequence 1. What may follow: `/98` a perpetual at 98, `-7s` seven seconds ago, `+6s` stamped
 * ahead, `#5` its sequence.
 */
function reportOf(word: string): PriceReport {
  const [, name, ticks, perp = '0', seconds = '0', sequence = '1'] =
    /^([a-z])([\d.-]+?)(?:\/([\d.-]+?))?(?:([+-][\d.]+)s)?(?:#(-?[\d.]+))?$/.exec(word)!;
  return {
    feeder: addressOf(name!),
    priceTicks: Number(ticks),
    perpTicks: Number(perp),
    publishTimeMs: NOW + Number(seconds) * 1_000,
    reportSequence: Number(sequence),
    signature: '0x',
  };
}

function ask(feeders: string, reports: string, changes: Partial<PriceQuestion> = {}): string {
  const agreed = agreePrice({
    feeders: feeders === '' ? [] : feedersOf(feeders),
    reports: reports === '' ? [] : reports.split(' ').map(reportOf),
    nowMs: NOW,
    maxPriceTicks: MAX,
    staleMs: 5_000,
    lastReports: [],
    lastPublishTimeMs: 0,
    ...changes,
  });
  if (typeof agreed === 'number') return rejectName(agreed)!;
  const { priceTicks, perpTicks, publishTimeMs, counted, dropped } = agreed;
  const perp = perpTicks === 0 ? '' : `/${perpTicks}`;
  const names = (some: readonly PriceReport[]) =>
    some.map(({ feeder }) => String.fromCharCode(Number(`0x${feeder.slice(2, 4)}`))).join('') || '-';
  return `${priceTicks}${perp} at ${(publishTimeMs - NOW) / 1_000} s from ${names(counted)} without ${names(dropped)}`;
}

const TABLE: readonly [what: string, feeders: string, reports: string, answer: string][] = [
  ['one of one', 'a', 'a100', '100 at 0 s from a without -'],
  ['nobody is asked', '', '', 'PRICE_QUORUM_MISSING'],
  ['nobody answers', 'a', '', 'PRICE_QUORUM_MISSING'],
  ['two of three are no more than two thirds', 'a b c', 'a100 b100', 'PRICE_QUORUM_MISSING'],
  ['three of three', 'a b c', 'a100 b101 c102', '101 at 0 s from abc without -'],
  ['three of four', 'a b c d', 'a100 b101 d102', '101 at 0 s from abd without -'],
  ['three of five', 'a b c d e', 'a100 b101 c102', 'PRICE_QUORUM_MISSING'],
  ['four of five', 'a b c d e', 'a100 b101 c102 e103', '101 at 0 s from abce without -'],
  ['four of six', 'a b c d e f', 'a100 b101 c102 e103', 'PRICE_QUORUM_MISSING'],
  ['an even count: the lower middle', 'a b c d', 'a103 b101 c100 d102', '101 at 0 s from abcd without -'],
  ['a signs twice', 'a b c', 'a100 a100 b101', 'PRICE_REPORTS_MALFORMED'],
  ['not ascending', 'a b c', 'b100 a100 c101', 'PRICE_REPORTS_MALFORMED'],
  ['z is no feeder', 'a b c', 'a100 b100 c100 z100', 'PRICE_FEEDER_UNKNOWN'],
  // Weights decide where the middle is, never whether there are enough.
  ['a outweighs the others', 'a3 b1 c1', 'a100 b102 c104', '100 at 0 s from abc without -'],
  ['half is reached exactly', 'a2 b1 c1', 'a104 b100 c102', '102 at 0 s from abc without -'],
  ['half is passed', 'a3 b1 c1', 'a104 b100 c102', '104 at 0 s from abc without -'],
  ['weight is no quorum', 'a1000 b1 c1', 'a100', 'PRICE_QUORUM_MISSING'],
  // A report may be 10 s old, and stamped 5 s ahead.
  // A quorum of three is all three; of four, the time is that of the third newest.
  ['a quorum is at least so new', 'a b c', 'a100-3s b100-10s c100+2s', '100 at -10 s from abc without -'],
  ['one alone makes nothing old', 'a b c d', 'a100 b100-9s c100-1s d100', '100 at -1 s from abcd without -'],
  ['one alone makes nothing new', 'a b c d', 'a100-4s b100+5s c100-4s d100-4s', '100 at -4 s from abcd without -'],
  ['too old by a millisecond', 'a b c d', 'a100 b100 c100 d100-10.001s', '100 at 0 s from abc without d'],
  ['5 s ahead', 'a b c d', 'a100 b100 c100 d100+5s', '100 at 0 s from abcd without -'],
  ['too far ahead', 'a b c d', 'a100 b100 c100 d100+5.001s', '100 at 0 s from abc without d'],
  ['the old one breaks the quorum', 'a b c', 'a100 b100 c100-11s', 'PRICE_QUORUM_MISSING'],
  // 5 % from the median, which is b's 1,000.
  ['5 % away', 'a b c', 'a950 b1000 c1050', '1000 at 0 s from abc without -'],
  ['further up', 'a b c d', 'a1000 b1000 c1000 d1051', '1000 at 0 s from abc without d'],
  ['further down', 'a b c d', 'a949 b1000 c1000 d1000', '1000 at 0 s from bcd without a'],
  ['apart from each other', 'a b c', 'a900 b1000 c1100', 'PRICE_QUORUM_MISSING'],
  ['an old liar does not move the median', 'a b c d', 'a100-11s b200 c200 d200', '200 at 0 s from bcd without a'],
  ['two liars of four', 'a b c d', 'a100 b100 c200 d200', 'PRICE_QUORUM_MISSING'],
  ['5 % of small prices is nothing', 'a b c d', 'a19 b19 c19 d20', '19 at 0 s from abc without d'],
  // Perpetuals elsewhere: a quorum of those that count, else none.
  ['all see a perpetual', 'a b c', 'a100/99 b100/97 c100/98', '100/98 at 0 s from abc without -'],
  ['one of four does not', 'a b c d', 'a100/99 b100/97 c100/98 d100', '100/98 at 0 s from abcd without -'],
  ['one of three does not', 'a b c', 'a100/99 b100/97 c100', '100 at 0 s from abc without -'],
  ['one that sees it is dropped', 'a b c d', 'a100/99 b100/97 c100 d150/98', '100 at 0 s from abc without d'],
  // The ends of the range.
  ['price 0', 'a', 'a0', 'INDEX_PRICE_OUT_OF_RANGE'],
  ['price below 0', 'a', 'a-1', 'INDEX_PRICE_OUT_OF_RANGE'],
  ['price 1', 'a', 'a1', '1 at 0 s from a without -'],
  ['the highest price', 'a', `a${MAX}`, `${MAX} at 0 s from a without -`],
  ['one more', 'a', `a${MAX + 1}`, 'INDEX_PRICE_OUT_OF_RANGE'],
  ['half a tick', 'a', 'a1.5', 'INDEX_PRICE_OUT_OF_RANGE'],
  ['a perpetual beyond', 'a', `a100/${MAX + 1}`, 'INDEX_PRICE_OUT_OF_RANGE'],
  ['a perpetual below 0', 'a', 'a100/-1', 'INDEX_PRICE_OUT_OF_RANGE'],
  ['one bad price refuses all', 'a b c d', 'a100 b100 c100 d0', 'INDEX_PRICE_OUT_OF_RANGE'],
  ['even a stale one', 'a b c d', 'a100 b100 c100 d0-99s', 'INDEX_PRICE_OUT_OF_RANGE'],
  ['half a millisecond', 'a', 'a100-0.0005s', 'PRICE_REPORTS_MALFORMED'],
  ['a sequence below 0', 'a', 'a100#-1', 'PRICE_REPORTS_MALFORMED'],
  ['half a sequence', 'a', 'a100#0.5', 'PRICE_REPORTS_MALFORMED'],
];

test.for(TABLE)('%s', ([, feeders, reports, answer]) => {
  expect(ask(feeders, reports)).toBe(answer);
});

test.for<[what: string, reports: string, answer: string]>([
  ['its sequence again', 'a100#7 b100#9', 'INDEX_PRICE_OUTDATED'],
  ['one below', 'a100#6 b100#9', 'INDEX_PRICE_OUTDATED'],
  ['both count up', 'a100#8 b100#9', '100 at 0 s from ab without -'],
  ['the time of the last price again', 'a100-2s#8 b100#9', 'INDEX_PRICE_OUTDATED'],
  ['backwards in time', 'a100-3s#8 b100#9', 'INDEX_PRICE_OUTDATED'],
  ['a millisecond later', 'a100-1.999s#8 b100#9', '100 at -1.999 s from ab without -'],
])('after a price of a and b two seconds ago, both with sequence 7 and 8: %s', ([, reports, answer]) => {
  const lastReports = ['a100-2s#7', 'b100-2s#8'].map(reportOf);
  expect(ask('a b', reports, { lastReports, lastPublishTimeMs: NOW - 2_000 })).toBe(answer);
});

test('a market whose own bound is longer takes older reports', () => {
  expect(ask('a', 'a100-60s', { staleMs: 60_000 })).toBe('100 at -60 s from a without -');
  expect(ask('a', 'a100-60.001s', { staleMs: 60_000 })).toBe('PRICE_QUORUM_MISSING');
});

test('more reports than there may be feeders are malformed', () => {
  const reports = Array.from({ length: 32 }, (_, place) => ({
    ...reportOf('a100'),
    feeder: `0x${String(10 + place).repeat(20)}` as Address,
  }));
  const feeders = reports.map(({ feeder }) => ({ feeder, weight: 1 }));
  const question = { feeders, nowMs: NOW, maxPriceTicks: MAX, staleMs: 5_000, lastReports: [], lastPublishTimeMs: 0 };
  expect(rejectName(agreePrice({ ...question, reports }) as number)).toBe('PRICE_REPORTS_MALFORMED');
  expect(agreePrice({ ...question, feeders: feeders.slice(1), reports: reports.slice(1) })).toMatchObject({
    priceTicks: 100,
  });
});

test('a quorum is more than two thirds, and two of them share a feeder that is no liar', () => {
  expect([1, 2, 3, 4, 5, 6, 7, 31].map(quorumOf)).toEqual([1, 2, 3, 3, 4, 5, 5, 21]);
});

/** Fewer than a third lie, each as far as it likes: the price stays between the lowest and highest honest one. */
test('liars of less than a third do not carry the price beyond the honest ones', () => {
  const next = numbers(20_261_122);
  for (let run = 0; run < 2_000; run += 1) {
    const honest = Array.from({ length: 1 + (next() % 10) }, () => 99_000 + (next() % 2_001));
    const lies = Array.from({ length: next() % Math.ceil(honest.length / 2) }, () => 1 + (next() % MAX));
    const near = lies.map((lie) => (next() % 2 === 0 ? lie : 94_000 + (lie % 12_000)));
    const prices = [...near, ...honest];
    const words = prices.map((ticks, place) => `${String.fromCharCode(97 + place)}${ticks}`);
    const answer = ask(words.map((word) => word[0]).join(' '), words.join(' '));
    const ticks = Number(answer.split(' ')[0]);
    expect(ticks, `${words} -> ${answer}`).toBeGreaterThanOrEqual(Math.min(...honest));
    expect(ticks, `${words} -> ${answer}`).toBeLessThanOrEqual(Math.max(...honest));
  }
});

/** The same row of numbers for a seed: a linear congruence, without its low bits. */
function numbers(seed: number): () => number {
  let last = BigInt(seed);
  return () => {
    last = (last * 6_364_136_223_846_793_005n + 1_442_695_040_888_963_407n) % 2n ** 64n;
    return Number(last >> 33n);
  };
}
