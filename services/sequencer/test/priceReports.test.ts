import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { IntakeSignatureInvalid } from '@keel/intake';
import { Exchange, emptyParts } from '@keel/replica';
import { keelDomain, signPriceReport } from '@keel/signing';
import { type Command, type PriceReport, REJECT_CODES, toAccountId, toMarketId, toSequence } from '@keel/types';
import { describe, expect, test } from 'vitest';
import { checkReports } from '../src/checkReports.ts';
import { GENESIS_COLLATERALS } from '../src/genesisCollaterals.ts';
import { GENESIS_MARKETS } from '../src/genesisMarkets.ts';
import { parseFeeders } from '../src/parseFeeders.ts';
import { BTC, btcIndex, DOMAIN, FEEDERS, reportOf } from './feeders.ts';
import { connect, end, newPlace, startRedis, startSequencer } from './processes.ts';
import { deposit, limitOrder, ownerOf } from './traders.ts';

const HASH = `0x${'00'.repeat(32)}` as const;
const START_MS = 1_700_000_000_000;
const [FIRST, SECOND, THIRD, FOURTH] = FEEDERS.map(({ feeder }) => feeder);

/** An exchange with the genesis markets and feeders, to which commands are given at times of the test's own. */
class Driver {
  readonly exchange = new Exchange(emptyParts());
  timeMs = START_MS;

  constructor() {
    for (const spec of GENESIS_MARKETS) this.apply({ kind: 'listMarket', spec });
    for (const spec of GENESIS_COLLATERALS) this.apply({ kind: 'listCollateral', spec });
    this.apply({ kind: 'setPriceFeeders', feeders: FEEDERS });
  }

  apply(command: Command, passMs = 10) {
    this.timeMs += passMs;
    const timed = 'auth' in command ? { ...command, auth: { ...command.auth, nonce: this.timeMs } } : command;
    const sequence = toSequence(this.exchange.state.sequence + 1);
    return this.exchange.apply({ sequence, timeMs: this.timeMs, command: timed }, HASH).events;
  }

  /** A price that so many of the four feeders report. */
  price(ticks: number, feeders = FEEDERS, passMs = 10) {
    return this.apply(btcIndex(ticks, this.timeMs + passMs, feeders), passMs);
  }
}

describe('signatures of reports', () => {
  const { state } = new Driver().exchange;
  const index = (reports: readonly PriceReport[], marketId = 1): Command => ({
    kind: 'updateIndexPrice',
    marketId: toMarketId(marketId),
    reports,
  });
  const good = reportOf(FIRST!, 600_000, START_MS);
  const elsewhere = {
    ...good,
    signature: signPriceReport(keelDomain(1, DOMAIN.verifyingContract), BTC, good, `0x${'1'.repeat(64)}`),
  };

  test.each([
    ['its feeder has signed it', index([good])],
    ['all four', btcIndex(600_000)],
    ['a market that is not listed is the engine to refuse', index([good], 9)],
    ['no report at all likewise', index([])],
    ['a command without reports', { kind: 'advanceTime' } as const],
    [
      'collateral has a feed of its own',
      {
        kind: 'updateCollateralPrice' as const,
        assetId: GENESIS_COLLATERALS[0]!.assetId,
        reports: [reportOf(FIRST!, 300_000, START_MS, { name: 'collateral:WETH', priceDecimals: 2 })],
      },
    ],
  ])('taken: %s', (_what, command) => expect(() => checkReports(command, state, DOMAIN)).not.toThrow());

  test.each([
    ['another price than was signed', { ...good, priceTicks: 600_001 }],
    ['another time', { ...good, publishTimeMs: START_MS + 1 }],
    ['another sequence', { ...good, reportSequence: good.reportSequence + 1 }],
    ['a perpetual price that nobody gave', { ...good, perpTicks: 600_000 }],
    ['somebody else', { ...good, feeder: SECOND! }],
    ["another market's", reportOf(FIRST!, 600_000, START_MS, { name: 'ETH-USD', priceDecimals: 1 })],
    ["another chain's", elsewhere],
    ['no signature', { ...good, signature: `0x${'00'.repeat(65)}` as const }],
    ['a figure that cannot be signed', { ...good, priceTicks: -1 }],
  ])('refused: %s', (_what, report) =>
    expect(() => checkReports(index([good, report]), state, DOMAIN)).toThrow(IntakeSignatureInvalid),
  );
});

describe('feeders that fall away', () => {
  /** Two traders; the first is long at 25x, which 3 % down liquidates. */
  function openedDriver(): Driver {
    const driver = new Driver();
    driver.apply(deposit(0, ownerOf(1), 2_700_000_000));
    driver.apply(deposit(1, ownerOf(2), 1_000_000_000_000));
    driver.price(600_000);
    driver.apply(limitOrder(ownerOf(2), 'sell', 600_000, 100_000));
    driver.apply(limitOrder(ownerOf(1), 'buy', 600_000, 100_000));
    return driver;
  }
  const kinds = (events: readonly { readonly kind: string }[]): string[] => events.map(({ kind }) => kind);
  const but = (...away: (string | undefined)[]) => FEEDERS.filter(({ feeder }) => !away.includes(feeder));

  test('one of four dies: three make the price, and whoever falls short is liquidated', () => {
    const driver = openedDriver();
    const events = driver.price(570_000, but(FOURTH));
    expect(events).toContainEqual(
      expect.objectContaining({ kind: 'indexPriceUpdated', indexTicks: 570_000, countedReports: 3 }),
    );
    expect(kinds(events)).toContain('liquidationStarted');
  });

  test('two die: the price stands, goes stale after 5 s, and nobody is liquidated however far the others see it fall', () => {
    const driver = openedDriver();
    const seen = new Set<string>();
    for (let second = 1; second <= 60; second += 1) {
      const events = driver.price(570_000 - second, but(THIRD, FOURTH), 1_000);
      expect(events).toContainEqual(
        expect.objectContaining({ kind: 'commandRejected', code: REJECT_CODES.PRICE_QUORUM_MISSING }),
      );
      for (const kind of kinds(events)) seen.add(kind);
    }
    expect([...seen].filter((kind) => /liquidation|closeOut|deleverage|indexPrice/i.test(kind))).toEqual([]);
    expect(driver.exchange.state.markets[0]?.indexTicks).toBe(600_000);
    // No new risk either; and with the third feeder back the liquidation comes at once.
    const order = driver.apply(limitOrder(ownerOf(1), 'buy', 600_000, 100));
    expect(order).toContainEqual(expect.objectContaining({ code: REJECT_CODES.MARKET_PRICE_UNAVAILABLE }));
    expect(kinds(driver.price(570_000, but(FOURTH)))).toContain('liquidationStarted');
    expect(driver.exchange.state.accounts[0]?.accountId).toBe(toAccountId(1));
  });

  test('one that lies by 6 % is dropped', () => {
    const driver = openedDriver();
    const nowMs = driver.timeMs + 10;
    const reports = FEEDERS.map(({ feeder }) => reportOf(feeder, feeder === SECOND ? 564_000 : 600_100, nowMs));
    const events = driver.apply({ kind: 'updateIndexPrice', marketId: toMarketId(1), reports });
    expect(events).toContainEqual(
      expect.objectContaining({ kind: 'indexPriceUpdated', indexTicks: 600_100, countedReports: 3, droppedReports: 1 }),
    );
  });
});

test('a forged report is refused by the process, and nothing of it is in the journal', {
  timeout: 60_000,
}, async () => {
  const dir = mkdtempSync(join(tmpdir(), 'keel-reports-'));
  const place = await newPlace(join(dir, 'data'));
  const redis = await startRedis(place.redisPort, dir);
  const sequencer = await startSequencer(place);
  const feed = await connect(place, 'priceFeed');
  try {
    const { sequence } = await feed.submit(btcIndex(600_000));
    const forged = reportOf(FIRST!, 1, Date.now(), { name: 'ETH-USD', priceDecimals: 2 });
    const command: Command = { kind: 'updateIndexPrice', marketId: toMarketId(1), reports: [forged] };
    await expect(feed.submit(command)).rejects.toThrow(IntakeSignatureInvalid);
    expect((await feed.status()).feeders).toEqual(FEEDERS);
    const after = await feed.submit(btcIndex(600_001));
    // Between the two only time may have passed.
    expect(after.sequence).toBeLessThanOrEqual(sequence + 3);
    expect(after.events).toContainEqual(expect.objectContaining({ kind: 'indexPriceUpdated', indexTicks: 600_001 }));
  } finally {
    await feed.close();
    await end(sequencer, 'SIGTERM');
    await end(redis, 'SIGKILL');
    rmSync(dir, { recursive: true });
  }
});

describe('KEEL_PRICE_FEEDERS', () => {
  const [a, b] = [`0x${'a'.repeat(40)}`, `0x${'b'.repeat(40)}`];
  test('addresses with weights, in order', () => {
    expect(parseFeeders(`${b}:7, ${a}`)).toEqual([
      { feeder: a, weight: 1 },
      { feeder: b, weight: 7 },
    ]);
  });
  test.each([
    ['0xABC', /has "0xABC": write 0x and 40 characters/],
    [`${a}:0`, /has "0xa+:0"/],
    [`${a}:1001`, /up to 1000/],
    [`${a},${a}:2`, /at most 31 different addresses/],
    [`${a},`, /has ""/],
  ])('%s', (text, sentence) => expect(() => parseFeeders(text)).toThrow(sentence));
});
