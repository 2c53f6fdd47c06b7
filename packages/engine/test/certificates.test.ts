import { type Certificate, type CloseOutStage, checkCertificate, type DeleverageRank, toMarketId } from '@keel/types';
import { expect, test } from 'vitest';
import type { Exchange } from './exchange.ts';
import { scenario } from './scenario.ts';

const VAULT = { backstopLossCapAtoms: 10_000_000_000 };

/** ann is long 1.9 BTC from 50,000, bob short; a vault, a fund, a liquidator and a second holder are there. */
function opened(): Exchange {
  return scenario(
    `
    deposit ann 10019              |
    deposit bob 300000             |
    deposit cat 20000              |
    index BTC 50000                | mark 50000
    ann buy BTC 1.9 @ 50000        | #1 rests 1.9
    bob sell BTC 1.9 @ 50000       | #2 sells 1.9 at 50000 from #1 ; #1 filled ; #2 filled
    bob give 2000 BTC backstop     | backstop of market 1 holds 2000
    bob give 100 BTC insurance     | insurance of market 1 holds 100
    cat register                   | cat takes auctions
  `,
    VAULT,
  );
}

/** The certificates of what happens when the index falls to `ticks`, is seen again at once and some seconds later. */
function certificatesAt(ticks: number, seconds = 0, before: (exchange: Exchange) => void = () => {}): Certificate[] {
  const exchange = opened();
  before(exchange);
  const events = exchange.index(1, ticks);
  for (let second = 0; second < seconds; second += 1) {
    events.push(...exchange.wait(1_000));
    if (second === 2) {
      const auth = exchange.auth('cat');
      const terms = { auctionId: 1, marketId: toMarketId(1), sizeLots: 50, limitTicks: 50_000 };
      events.push(...exchange.run({ kind: 'takeAuction', auth, ...terms }));
    }
    if (second === 5) events.push(...exchange.index(1, ticks));
  }
  return events.flatMap((event) => (event.kind === 'closeOutCertified' ? [event.certificate] : []));
}

function bid(exchange: Exchange, priceTicks: number, sizeLots: number): void {
  const terms = {
    marketId: toMarketId(1),
    side: 'buy',
    orderType: 'limit',
    timeInForce: 'gtc',
    priceTicks,
    sizeLots,
    reduceOnly: false,
    clientOrderId: '',
    expiresAtMs: 0,
    displayLots: 0,
    selfTrade: 'expireMaker',
    selfTradeScope: 'account',
    trigger: undefined,
    attached: undefined,
  } as const;
  exchange.run({ kind: 'placeOrder', auth: exchange.auth('bob'), ...terms });
}

const CASES = {
  book: certificatesAt(47_000, 0, (exchange) => bid(exchange, 46_990, 5_000)),
  auction: certificatesAt(47_000, 5),
  backstop: certificatesAt(46_000),
  bankrupt: certificatesAt(44_500),
};

function first(certificates: readonly Certificate[], stage: CloseOutStage): Certificate {
  const found = certificates.find((certificate) => certificate.stage === stage);
  if (found === undefined) throw new Error(`no certificate of stage ${stage}`);
  return found;
}

const BOOK = first(CASES.book, 'book');
const AUCTION = first(CASES.auction, 'auction');
const BACKSTOP = first(CASES.backstop, 'backstop');
const DELEVERAGE = first(CASES.backstop, 'deleverage');
const INSURED = first(CASES.bankrupt, 'backstop');

test.for([
  { name: 'book', certificate: BOOK },
  { name: 'auction, to a liquidator', certificate: AUCTION },
  { name: 'backstop', certificate: BACKSTOP },
  { name: 'backstop, insured', certificate: INSURED },
  { name: 'deleverage', certificate: DELEVERAGE },
  { name: 'deleverage of a bankrupt', certificate: first(CASES.bankrupt, 'deleverage') },
])('an honest certificate holds: $name', ({ certificate }) => {
  expect(checkCertificate(certificate)).toEqual([]);
  // As it is after a way through a file.
  expect(checkCertificate(JSON.parse(JSON.stringify(certificate)))).toEqual([]);
});

test('the certificates are numbered, and tell the stages of the waterfall', () => {
  expect(CASES.bankrupt.map(({ certificateId, stage }) => `${certificateId} ${stage}`)).toEqual([
    '1 backstop',
    '2 deleverage',
  ]);
  expect(INSURED.insuranceAtoms).toBeGreaterThan(0);
  expect(AUCTION.counterpartyId).toBeGreaterThan(0);
});

/** The certificate with the first market changed. */
function withMarket(certificate: Certificate, changes: Partial<Certificate['markets'][number]>): Certificate {
  return { ...certificate, markets: [{ ...certificate.markets[0]!, ...changes }] };
}

function withRank(certificate: Certificate, changes: Partial<DeleverageRank>): Certificate {
  return { ...certificate, rank: { ...certificate.rank!, ...changes } };
}

const MARKET = BOOK.markets[0]!;
const REPORT = MARKET.reports[0]!;
const FEEDER = BOOK.feeders[0]!;
const OTHER = `0x${'ff'.repeat(20)}` as const;

/** Three feeders of these weights say the index, a tick more and two ticks more. */
function weighed(weights: readonly number[]): Certificate {
  const feeders = weights.map((weight, place) => ({ feeder: `0x${`${place}f`.repeat(20)}` as const, weight }));
  const priceTicks = MARKET.mark.indexTicks;
  const reports = feeders.map(({ feeder }, place) => ({ ...REPORT, feeder, priceTicks: priceTicks + place }));
  return { ...withMarket(BOOK, { reports }), feeders };
}

test('an index is the weighted median of its reports', () => {
  // Half of the weight is reached with the first; with the second; only with the third.
  for (const [weights, faults] of [
    [[2, 1, 1], 0],
    [[1, 1, 1], 1],
    [[1, 1, 3], 1],
  ] as const) {
    expect(checkCertificate(weighed(weights)).filter((fault) => fault.startsWith('index:'))).toHaveLength(faults);
  }
});

test.for([
  { lie: 'no reports', certificate: withMarket(BOOK, { reports: [] }), fault: 'reports' },
  { lie: 'a feeder twice', certificate: withMarket(BOOK, { reports: [REPORT, REPORT] }), fault: 'reports' },
  {
    lie: 'an index nobody reported',
    certificate: withMarket(BOOK, { reports: [{ ...REPORT, priceTicks: REPORT.priceTicks - 1 }] }),
    fault: 'index',
  },
  { lie: 'an index of another time', certificate: withMarket(BOOK, { indexTimeMs: 1 }), fault: 'index' },
  { lie: 'an index that was too old', certificate: { ...BOOK, timeMs: BOOK.timeMs + 10_001 }, fault: 'stale' },
  { lie: 'a feeder of nobody', certificate: { ...BOOK, feeders: [{ ...FEEDER, feeder: OTHER }] }, fault: 'reports' },
  {
    lie: 'one feeder of two',
    certificate: { ...BOOK, feeders: [FEEDER, { ...FEEDER, feeder: OTHER }] },
    fault: 'reports',
  },
  { lie: 'a feeder set twice', certificate: { ...BOOK, feeders: [FEEDER, FEEDER] }, fault: 'feeders' },
  { lie: 'a feeder without weight', certificate: { ...BOOK, feeders: [{ ...FEEDER, weight: 0 }] }, fault: 'feeders' },
  { lie: 'an index by other weights', certificate: weighed([1, 1, 3]), fault: 'index' },
  { lie: 'a mark that does not follow', certificate: withMarket(BOOK, { markTicks: 46_999 }), fault: 'mark' },
  {
    lie: 'other inputs of the mark',
    certificate: withMarket(BOOK, { mark: { ...MARKET.mark, basisEmaMilli: 1e6, perpTicks: 48_000 } }),
    fault: 'mark',
  },
  { lie: 'a lower rate', certificate: withMarket(BOOK, { maintenanceMarginPpm: 40_000 }), fault: 'before' },
  { lie: 'less collateral', certificate: { ...BOOK, collateralAtoms: BOOK.collateralAtoms - 1 }, fault: 'before' },
  {
    lie: 'a larger position',
    certificate: { ...BOOK, positions: [{ ...BOOK.positions[0]!, sizeLots: 1_901 }] },
    fault: 'before',
  },
  { lie: 'a market that was not there', certificate: { ...BOOK, marketId: toMarketId(2) }, fault: 'market' },
  { lie: 'the other side', certificate: { ...BOOK, side: 'buy' as const }, fault: 'side' },
  { lie: 'more than restores health', certificate: { ...BOOK, sizeLots: BOOK.sizeLots + 1 }, fault: 'size' },
  { lie: 'more traded than asked', certificate: { ...BOOK, filledLots: BOOK.sizeLots + 1 }, fault: 'size' },
  { lie: 'a better limit', certificate: { ...BOOK, limitTicks: BOOK.limitTicks + 1 }, fault: 'limit' },
  { lie: 'other ends of the limit', certificate: { ...BOOK, zeroTicks: BOOK.zeroTicks - 1 }, fault: 'prices' },
  { lie: 'a fill beyond the limit', certificate: { ...BOOK, quoteAtoms: 1_000_000 }, fault: 'quote' },
  { lie: 'a higher fee', certificate: { ...BOOK, feeAtoms: BOOK.feeAtoms + 1 }, fault: 'fee' },
  { lie: 'another zero quote', certificate: { ...BOOK, zeroQuoteAtoms: BOOK.zeroQuoteAtoms - 1 }, fault: 'zeroQuote' },
  {
    lie: 'money that went',
    certificate: { ...BOOK, after: { ...BOOK.after, equityAtoms: BOOK.after.equityAtoms - 1 } },
    fault: 'after',
  },
  {
    lie: 'a counterparty in the book',
    certificate: { ...BOOK, counterpartyId: BACKSTOP.counterpartyId },
    fault: 'counterparty',
  },
  {
    lie: 'a price of a later moment',
    certificate: { ...AUCTION, elapsedMs: AUCTION.elapsedMs + 1_000 },
    fault: 'limit',
  },
  { lie: 'an auction without a number', certificate: { ...AUCTION, auctionId: 0 }, fault: 'stage' },
  { lie: 'the backstop too early', certificate: { ...AUCTION, stage: 'backstop' as const }, fault: 'stage' },
  {
    lie: 'the backstop below the zero price',
    certificate: { ...BACKSTOP, quoteAtoms: BACKSTOP.quoteAtoms - 1 },
    fault: 'quote',
  },
  { lie: 'insurance without need', certificate: { ...BACKSTOP, insuranceAtoms: 1 }, fault: 'insurance' },
  { lie: 'insurance that was not there', certificate: { ...INSURED, insuranceFundAtoms: 1 }, fault: 'insurance' },
  { lie: 'no receipt', certificate: { ...DELEVERAGE, rank: undefined }, fault: 'rank' },
  { lie: 'another score', certificate: withRank(DELEVERAGE, { score: '1' }), fault: 'rank' },
  { lie: 'another rule', certificate: withRank(DELEVERAGE, { rule: 'profitLeverage' }), fault: 'rank' },
  { lie: 'a hedge that was taken', certificate: withRank(DELEVERAGE, { hedgedLots: 1_899 }), fault: 'rank' },
  { lie: 'a level above its own', certificate: withRank(DELEVERAGE, { level: '9000000000' }), fault: 'level' },
])('$lie: $fault', ({ certificate, fault }) => {
  const names = checkCertificate(certificate).map((text) => text.split(':')[0]);
  expect(names).toContain(fault);
});

test.for([
  { lie: 'half an atom', certificate: { ...BOOK, collateralAtoms: 0.5 } },
  { lie: 'more than the safe integers', certificate: withMarket(BOOK, { markTicks: Number.MAX_SAFE_INTEGER }) },
  { lie: 'no number', certificate: { ...BOOK, quoteAtoms: Number.NaN } },
  { lie: 'a level in words', certificate: withRank(DELEVERAGE, { level: 'high' }) },
])('$lie is a fault of the certificate, not of whoever checks it', ({ certificate }) => {
  expect(checkCertificate(certificate).length).toBeGreaterThan(0);
});

test('an account that was not below maintenance: due', () => {
  // 1,000 USDC more on both sides of the trade: everything follows but the reason.
  const more = 1_000_000_000;
  const certificate = {
    ...BOOK,
    collateralAtoms: BOOK.collateralAtoms + more,
    before: { ...BOOK.before, equityAtoms: BOOK.before.equityAtoms + more },
    after: { ...BOOK.after, equityAtoms: BOOK.after.equityAtoms + more },
  };
  const names = checkCertificate(certificate).map((text) => text.split(':')[0]);
  expect(names).toContain('due');
});
