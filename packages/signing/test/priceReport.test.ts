import type { Hex, PriceReport } from '@keel/types';
import fc from 'fast-check';
import { hashTypedData, recoverTypedDataAddress } from 'viem';
import { expect, test } from 'vitest';
import { PRICE_REPORT_FIELDS } from '../src/actionTypes.ts';
import {
  addressOfKey,
  collateralFeed,
  hashPriceReport,
  type KeelDomain,
  keelDomain,
  marketFeed,
  type PriceFeed,
  type PriceFigures,
  recoverPriceFeeder,
  signedPriceReport,
  signPriceReport,
} from '../src/index.ts';
import { recoverPriceFeederNative } from '../src/native.ts';
import { domain, privateKey, uint } from './actions.ts';

const KEEL = keelDomain(31337, '0x5fbdb2315678afecb367f032d93f642f64180aa3');
const KEY: Hex = `0x${'1'.repeat(64)}`;
const BTC = marketFeed({ symbol: 'BTC-USD', priceDecimals: 1 });
const FIGURES: PriceFigures = {
  priceTicks: 221_965,
  perpTicks: 221_970,
  publishTimeMs: 1_700_000_000_000,
  reportSequence: 7,
};

function reportOf(figures: PriceFigures, key: Hex, feed: PriceFeed, keel: KeelDomain): PriceReport {
  return { ...figures, feeder: addressOfKey(key), signature: signPriceReport(keel, feed, figures, key) };
}

/** Both implementations must say the same; what they say is returned. */
function verdict(keel: KeelDomain, feed: PriceFeed, report: PriceReport): string {
  const reference = recoverPriceFeeder(keel, feed, report);
  expect(recoverPriceFeederNative(keel, feed, report)).toBe(reference);
  return reference;
}

test.each<[string, PriceFeed, PriceFigures, object]>([
  ['a market', BTC, FIGURES, { feed: 'BTC-USD', price: '22196.5', perpPrice: '22197' }],
  ['no perpetual elsewhere', BTC, { ...FIGURES, perpTicks: 0 }, { feed: 'BTC-USD', price: '22196.5', perpPrice: '0' }],
  [
    'a collateral asset',
    collateralFeed({ symbol: 'WETH', priceDecimals: 2 }),
    { ...FIGURES, perpTicks: 0 },
    { feed: 'collateral:WETH', price: '2219.65', perpPrice: '0' },
  ],
])('what is signed of %s', (_, feed, figures, expected) => {
  expect(signedPriceReport(feed, figures)).toEqual({
    ...expected,
    publishTime: 1_700_000_000_000,
    reportSequence: 7,
  });
});

test('a known report has a known hash: the type is frozen', () => {
  expect(Buffer.from(hashPriceReport(KEEL, signedPriceReport(BTC, FIGURES))).toString('hex')).toMatchInlineSnapshot(
    `"f76fae8ec484eca9f1280458984bcf860c4183a3b9a52e28acd0cde48a4f0143"`,
  );
});

test('any wallet library hashes it alike, and finds its feeder', async () => {
  const feeds = fc.record({ name: fc.string({ unit: 'grapheme', maxLength: 40 }), priceDecimals: fc.nat(6) });
  const figures = fc.record({ priceTicks: uint, perpTicks: uint, publishTimeMs: uint, reportSequence: uint });
  await fc.assert(
    fc.asyncProperty(domain, feeds, figures, privateKey, async (keel, feed, said, key) => {
      const report = reportOf(said, key, feed, keel);
      const typedData = {
        domain: keel,
        types: { PriceReport: PRICE_REPORT_FIELDS },
        primaryType: 'PriceReport',
        message: signedPriceReport(feed, said),
      } as unknown as Parameters<typeof hashTypedData>[0];
      const hash = `0x${Buffer.from(hashPriceReport(keel, signedPriceReport(feed, said))).toString('hex')}`;
      expect(hash).toBe(hashTypedData(typedData));
      const recovered = await recoverTypedDataAddress({ ...typedData, signature: report.signature });
      expect(recovered.toLowerCase()).toBe(report.feeder);
      expect(verdict(keel, feed, report)).toBe(report.feeder);
    }),
    { numRuns: 20 },
  );
});

const REPORT = reportOf(FIGURES, KEY, BTC, KEEL);

test.each<[string, KeelDomain, PriceFeed, PriceReport]>([
  ['another market', KEEL, marketFeed({ symbol: 'ETH-USD', priceDecimals: 1 }), REPORT],
  ['a collateral asset of the same name', KEEL, collateralFeed({ symbol: 'BTC-USD', priceDecimals: 1 }), REPORT],
  ['another chain', keelDomain(1, KEEL.verifyingContract), BTC, REPORT],
  ['another contract', keelDomain(31337, `0x${'2'.repeat(40)}`), BTC, REPORT],
  ['another price', KEEL, BTC, { ...REPORT, priceTicks: FIGURES.priceTicks + 1 }],
  ['the same ticks of another size', KEEL, { ...BTC, priceDecimals: 2 }, REPORT],
  ['another price of perpetual futures', KEEL, BTC, { ...REPORT, perpTicks: 0 }],
  ['another time', KEEL, BTC, { ...REPORT, publishTimeMs: FIGURES.publishTimeMs + 1 }],
  ['another place in the row', KEEL, BTC, { ...REPORT, reportSequence: 8 }],
])("a report handed in as one of %s is not its feeder's", (_, keel, feed, report) => {
  expect(verdict(KEEL, BTC, REPORT)).toBe(REPORT.feeder);
  expect(verdict(keel, feed, report)).not.toBe(REPORT.feeder);
});

test('a signature that names nobody comes back as a fault', () => {
  expect(verdict(KEEL, BTC, { ...REPORT, signature: `0x${'00'.repeat(65)}` })).toBe('signatureVUnsupported');
});
