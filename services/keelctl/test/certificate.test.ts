import { keelDomain } from '@keel/signing';
import type { Certificate, CloseOutStage } from '@keel/types';
import { describe, expect, test } from 'vitest';
import { explainCertificate } from '../src/certificate/explainCertificate.ts';
import { verifyCertificate } from '../src/certificate/verifyCertificate.ts';
import { CHAIN_ID, CONTRACT, certificateOf, DOMAIN, FEEDERS } from './certifiedExchange.ts';

const STAGES = ['book', 'auction', 'backstop', 'deleverage'] as const;

describe('a certificate of the engine holds', () => {
  test.each(STAGES)('at stage %s', (stage) => {
    const certificate = certificateOf(stage);
    expect(certificate.stage).toBe(stage);
    expect(verifyCertificate(certificate, DOMAIN, FEEDERS).faults).toEqual([]);
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

type Mutation = readonly [what: string, stage: CloseOutStage, forge: (forged: Forged) => void, fault: string];

const MUTATIONS: readonly Mutation[] = [
  ['a price that its feeder did not sign', 'book', (c) => (c.markets[0]!.reports[0]!.priceTicks -= 1), 'signature:'],
  ['a report of another time', 'book', (c) => (c.markets[0]!.reports[1]!.publishTimeMs += 1), 'signature:'],
  ["another market's signature", 'book', (c) => (c.markets[0]!.symbol = 'ETH-USD'), 'signature:'],
  ['one feeder twice', 'book', (c) => (c.markets[0]!.reports[1] = c.markets[0]!.reports[0]!), 'reports:'],
  ['too few feeders', 'book', (c) => (c.markets[0]!.reports.length = 1), 'quorum:'],
  ['a median that nobody reported', 'book', (c) => (c.markets[0]!.mark.indexTicks = 88_000), 'index:'],
  ['an old median as a new one', 'book', (c) => (c.markets[0]!.indexTimeMs += 5_000), 'index:'],
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
  ['no receipt', 'deleverage', (c) => (c.rank = undefined), 'rank:'],
];

describe('a forged certificate is found out by name', () => {
  test.each(MUTATIONS)('%s (%s)', (_what, stage, forge, fault) => {
    const forged = structuredClone(certificateOf(stage)) as Forged;
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
    expect(faults[0]).toMatch(/^(range|before):/);
  });
});

/** More money, and figures that say so: everything adds up, and nothing was due. */
function makeHealthy(certificate: Forged): void {
  const moreAtoms = 100_000_000;
  certificate.collateralAtoms += moreAtoms;
  certificate.before.equityAtoms += moreAtoms;
  certificate.after.equityAtoms += moreAtoms;
}
