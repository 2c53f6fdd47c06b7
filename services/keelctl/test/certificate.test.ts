import { keelDomain } from '@keel/signing';
import type { Certificate } from '@keel/types';
import { describe, expect, test } from 'vitest';
import { explainCertificate } from '../src/certificate/explainCertificate.ts';
import { verifyCertificate } from '../src/certificate/verifyCertificate.ts';
import { CHAIN_ID, CONTRACT, certificateOf, DOMAIN, FEEDERS, STORIES, type StoryName } from './certifiedExchange.ts';

const NAMES = Object.keys(STORIES) as StoryName[];

describe('a certificate of the engine holds', () => {
  test.each(NAMES)('%s', (name) => {
    const certificate = certificateOf(name);
    expect(certificate.stage).toBe(STORIES[name].stage);
    const { faults, prices } = verifyCertificate(certificate, DOMAIN, FEEDERS);
    expect(faults).toEqual([]);
    expect(explainCertificate(certificate, prices).join('\n')).toContain(`stage ${certificate.stage}: `);
  });
});

test('the account of a decision in the book', () => {
  const certificate = certificateOf('book');
  const { prices } = verifyCertificate(certificate, DOMAIN);
  const told = explainCertificate(certificate, prices).join('\n');
  expect(told).toContain('stage book: sell');
  expect(told).toContain('BTC-USD: agreed median 89400 of 3 reports');
  expect(told).toContain('long 0.1 BTC-USD from about 100000');
  // 1,500 - 5 fee - 0.1 * (100,000 - 89,400) against 5 % of 8,940.
  expect(told).toContain('equity 435 against maintenance 447 has at least 2/3 of it');
  expect(told).toContain('(1.1 * 447 - 435) / (89400 * (1.1 * 0.05 - 0.01 - 0.005))');
});

/** A copy whose fields may be written, as a forger would. */
type Forged = Forgeable<Certificate>;
type Forgeable<Value> = Value extends number | string
  ? Value
  : Value extends readonly (infer Item)[]
    ? Forgeable<Item>[]
    : { -readonly [Name in keyof Value]: Forgeable<Value[Name]> };

type Mutation = readonly [what: string, story: StoryName, forge: (forged: Forged) => void, fault: string];

const MUTATIONS: readonly Mutation[] = [
  ['a price that its feeder did not sign', 'book', (c) => (c.markets[0]!.reports[0]!.priceTicks -= 1), 'signature:'],
  ['a report of another time', 'book', (c) => (c.markets[0]!.reports[1]!.publishTimeMs += 1), 'signature:'],
  ["another market's signature", 'book', (c) => (c.markets[0]!.symbol = 'ETH-USD'), 'signature:'],
  ['one feeder twice', 'book', (c) => (c.markets[0]!.reports[1] = c.markets[0]!.reports[0]!), 'reports:'],
  ['too few feeders', 'book', (c) => (c.markets[0]!.reports.length = 1), 'quorum:'],
  ['a median that nobody reported', 'book', (c) => (c.markets[0]!.mark.indexTicks = 88_000), 'index:'],
  ['an old median as a new one', 'book', (c) => (c.markets[0]!.indexTimeMs += 5_000), 'index:'],
  ['a price that was too old', 'book', (c) => (c.timeMs += c.markets[0]!.indexStaleMs + 1), 'stale:'],
  ['more weight for who was highest', 'book', (c) => (c.feeders[2]!.weight = 1_000), 'index:'],
  ['a mark that does not follow', 'book', (c) => (c.markets[0]!.markTicks -= 100), 'mark:'],
  ['less equity than there was', 'book', (c) => (c.before.equityAtoms -= 1), 'before:'],
  ['a healthy account', 'book', makeHealthy, 'due:'],
  ['a lot more than the formula', 'book', (c) => (c.sizeLots += 1), 'size:'],
  ['the other side', 'book', (c) => (c.side = 'buy'), 'side:'],
  ['a stage that was not due', 'book', (c) => (c.stage = 'backstop'), 'stage:'],
  ['a worse limit', 'book', (c) => (c.limitTicks -= 50), 'limit:'],
  ['a fillable price of its own', 'book', (c) => (c.fillableTicks -= 50), 'prices:'],
  ['a price beyond the limit', 'book', (c) => (c.quoteAtoms -= 100_000_000), 'quote:'],
  ['an atom of fee too many', 'book', (c) => (c.feeAtoms += 1), 'fee:'],
  ['a fund that paid nothing', 'book', (c) => (c.insuranceAtoms += 1), 'insurance:'],
  ['an atom that is gone', 'book', (c) => (c.after.equityAtoms -= 1), 'after:'],
  ['a receipt for nobody', 'book', (c) => (c.rank = certificateOf('deleverage').rank), 'rank:'],
  ['an auction that ran longer', 'auction', (c) => (c.elapsedMs += 1_000), 'limit:'],
  ['a backstop that paid less', 'backstop', (c) => (c.quoteAtoms -= 1), 'quote:'],
  ['a backstop before its time', 'auction', (c) => (c.stage = 'backstop'), 'stage:'],
  ['a skipped place', 'deleverage', (c) => (c.rank!.place += 5), 'rank:'],
  ['a score that does not follow', 'deleverage', (c) => (c.rank!.score = `${c.rank!.score}0`), 'rank:'],
  ['another rule', 'deleverage', (c) => (c.rank!.rule = 'profitLeverage'), 'rank:'],
  ['a level above the account', 'deleverage', (c) => (c.rank!.level = c.rank!.score), 'level:'],
  ['a dearer WETH', 'book, with other collateral', (c) => (c.balances[0]!.priceTicks += 1_000), 'index:'],
  ['a WETH more', 'book, with other collateral', (c) => (c.balances[0]!.amountAtoms *= 2), 'before:'],
  ['less of a haircut', 'book, with other collateral', (c) => (c.balances[0]!.haircutPpm = 0), 'before:'],
  [
    "a market's report for WETH",
    'book, with other collateral',
    (c) => (c.balances[0]!.reports = c.markets[0]!.reports),
    'signature:',
  ],
  ['a fund that had less', 'backstop, of a bankrupt', (c) => (c.insuranceFundAtoms = 1), 'insurance:'],
  ['a vault closed below mark', 'deleverage, of the vault', (c) => (c.quoteAtoms -= 1_000_000_000), 'quote:'],
  ['a vault in the book', 'deleverage, of the vault', (c) => (c.stage = 'book'), 'stage:'],
  ['no receipt', 'deleverage', (c) => (c.rank = undefined), 'rank:'],
];

describe('a forged certificate is found out by name', () => {
  test.each(MUTATIONS)('%s (%s)', (_what, story, forge, fault) => {
    const forged = structuredClone(certificateOf(story)) as Forged;
    forge(forged);
    const { faults } = verifyCertificate(forged, DOMAIN, FEEDERS);
    expect(faults.filter((each) => each.startsWith(fault))).not.toEqual([]);
  });

  test('the signatures of another chain, of another contract, and of strangers', () => {
    const certificate = certificateOf('book');
    const elsewhere = [keelDomain(CHAIN_ID + 1, CONTRACT), keelDomain(CHAIN_ID, `0x${'1'.repeat(40)}`)];
    for (const domain of elsewhere) {
      expect(verifyCertificate(certificate, domain).faults[0]).toMatch(/^signature:/);
    }
    expect(verifyCertificate(certificate, DOMAIN, [FEEDERS[0]!, FEEDERS[1]!]).faults).toEqual([
      `feeder: ${FEEDERS[2]}, who reported BTC-USD, is none of the exchange's`,
    ]);
  });

  test('figures that nobody could have', () => {
    const forged = structuredClone(certificateOf('book')) as Forged;
    forged.positions[0]!.sizeLots = Number.MAX_SAFE_INTEGER;
    const { faults } = verifyCertificate(forged, DOMAIN);
    expect(faults).toHaveLength(1);
    expect(faults[0]).toMatch(/^figures:/);
  });
});

/** Fields of a certificate in the book from which nothing follows, or less than one of them makes a difference to. */
const FREE = [
  // What it is about; the log has them.
  ...['certificateId', 'sequence', 'timeMs', 'liquidationId', 'accountId', 'owner', 'subaccount'],
  // Of other stages: time of an auction, the fund of a bankrupt, the rule of a deleveraging, the cap of a slipping price.
  ...['elapsedMs', 'insuranceFundAtoms', 'markets.0.deleverageRule', 'markets.0.marketSlippagePpm'],
  // Bounds that are far away here, and what would be rounded away.
  ...['markets.0.maxPriceTicks', 'markets.0.markBandPpm', 'positions.0.fundingIndex'],
  ...['markets.0.openInterestLowerAtoms', 'markets.0.openInterestLots', 'markets.0.stableTicks'],
  // The mark is a median: what lies outside may lie further out.
  ...['markets.0.mark.basisEmaMilli', 'markets.0.mark.medianEmaMilli'],
  ...['markets.0.mark.bidTicks', 'markets.0.mark.askTicks', 'markets.0.mark.lastTicks'],
  // The price is fresh, and equal weights are many: the engine's log says which they were.
  ...['markets.0.indexStaleMs', 'feeders.0.weight', 'feeders.1.weight', 'feeders.2.weight'],
  // For people.
  'markets.0.sizeDecimals',
];

test('every other field of a certificate is tied to the rest: one more, or another word, and it does not hold', () => {
  const certificate = certificateOf('book');
  const free = leavesOf(certificate).filter((path) => {
    const forged = structuredClone(certificate) as unknown as Record<string, unknown>;
    let part = forged;
    for (const name of path.slice(0, -1)) part = part[name] as Record<string, unknown>;
    const name = path.at(-1)!;
    part[name] = typeof part[name] === 'number' ? part[name] + 1 : `${part[name]}0`;
    return verifyCertificate(forged as unknown as Certificate, DOMAIN, FEEDERS).faults.length === 0;
  });
  expect(free.map((path) => path.join('.')).sort()).toEqual(FREE.sort());
});

/** The paths of all numbers and texts. */
function leavesOf(value: unknown, path: readonly string[] = []): (readonly string[])[] {
  if (value === undefined) return [];
  if (typeof value !== 'object' || value === null) return [path];
  return Object.entries(value).flatMap(([name, part]) => leavesOf(part, [...path, name]));
}

/** More money, and figures that say so: everything adds up, and nothing was due. */
function makeHealthy(certificate: Forged): void {
  const moreAtoms = 100_000_000;
  certificate.collateralAtoms += moreAtoms;
  certificate.before.equityAtoms += moreAtoms;
  certificate.after.equityAtoms += moreAtoms;
}
