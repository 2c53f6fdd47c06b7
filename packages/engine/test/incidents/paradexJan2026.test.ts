import { type Command, type Event, toMarketId } from '@keel/types';
import { expect, test } from 'vitest';
import { readSnapshot, writeSnapshot } from '../../src/index.ts';
import { type Exchange, indexUpdate } from '../exchange.ts';
import { PLAIN } from '../plainOrder.ts';
import { scenario } from '../scenario.ts';

/*
 * Paradex, 19 Jan 2026 (figures as the venue reported them): a race in a database migration reset
 * funding indices to 0, positions were valued with them ("BTC $0"), a mass liquidation followed, and the chain was rolled
 * back after about 8 h; 650,000 USD went to about 200 users. The post-only period of the restart then skewed PAXG, and
 * more were liquidated. Here the index falls from 625 atoms a lot (one hour at 0.00125 %) to 0: the size does not matter.
 */

const GRACE = { resumeGraceMs: 60_000, indexStaleMs: 60_000 };

/** Ann long and bob short 1 BTC since the hour before; cat has money and nothing else. */
function traded(): Exchange {
  const exchange = scenario(`
    deposit ann 20000              |
    deposit bob 20000              |
    deposit cat 20000              |
    index BTC 50000                | mark 50000
    index ETH 3000                 | mark 3000
    bob sell BTC 1 @ 50000         | #1 rests 1
    ann buy BTC 1 @ 50000          | #2 buys 1 at 50000 from #1 ; #1 filled ; #2 filled
    ann buy BTC 0.1 @ 40000        | #3 rests 0.1
    wait 5                         |
    wait 3590                      |
    index BTC 50000                |
    wait 5                         | rate 12500 of market 1 ; rate 0 of market 2
    index BTC 50000                |
    index ETH 3000                 |
  `);
  exchange.state.dirty.markets.clear();
  expect(exchange.state.markets[0]!.fundingIndex).toBe(625_000_000);
  return exchange;
}

const BTC = { marketId: toMarketId(1) };
const ETH = { marketId: toMarketId(2) };
const BUY = { ...PLAIN, side: 'buy', sizeLots: 10 } as const;

/** Every command that could carry the wrong index out, whether it touches the market or not. */
const COMMANDS: Record<string, (exchange: Exchange) => Command> = {
  'an index update of the market': ({ timeMs }) => indexUpdate(1, 50_000, timeMs),
  'one of another market': ({ timeMs }) => indexUpdate(2, 3_000, timeMs),
  'the clock': () => ({ kind: 'advanceTime' }),
  'the holder adds to the position': (exchange) => ({
    kind: 'placeOrder',
    auth: exchange.auth('ann'),
    ...BTC,
    ...BUY,
    priceTicks: 49_000,
  }),
  'the holder cancels an order': (exchange) => ({ kind: 'cancelAllOrders', auth: exchange.auth('ann'), ...BTC }),
  'the holder trades elsewhere on the equity it seems to have': (exchange) => ({
    kind: 'placeOrder',
    auth: exchange.auth('ann'),
    ...ETH,
    ...BUY,
    priceTicks: 3_000,
  }),
  'the holder takes money out': (exchange) => {
    const auth = exchange.auth('ann');
    return { kind: 'withdraw', auth, recipient: auth.owner, assetId: 0, amountAtoms: 1_000_000 };
  },
  'the other side puts money in': (exchange) => ({
    kind: 'creditDeposit',
    depositIndex: exchange.state.nextDepositIndex,
    owner: exchange.address('bob'),
    assetId: 0,
    amountAtoms: 1_000_000,
    l1BlockNumber: 1,
    l1TxHash: '0x',
  }),
  'somebody without a position trades elsewhere': (exchange) => ({
    kind: 'placeOrder',
    auth: exchange.auth('cat'),
    ...ETH,
    ...BUY,
    priceTicks: 3_000,
  }),
  'the operator halts the market': () => ({ kind: 'setTradingStatus', ...BTC, status: 'halted' }),
  'a batch is sealed': () => ({ kind: 'sealBatch' }),
};

test.for(Object.keys(COMMANDS))(
  'a funding index that was reset to 0 stops the process before an event is out: %s',
  (name) => {
    const sound = traded();
    sound.timeMs += 1;
    expect(() => sound.run(COMMANDS[name]!(sound))).not.toThrow();
    const exchange = traded();
    exchange.timeMs += 1;
    exchange.state.markets[0]!.fundingIndex = 0;
    expect(() => exchange.run(COMMANDS[name]!(exchange))).toThrow(
      'funding index of market 1 moved by 625000000, at most 0',
    );
  },
);

test('at load: a snapshot whose market row was reset does not become a state', () => {
  const bytes = writeSnapshot(traded().state);
  const at = Buffer.from(bytes).indexOf(int64(625_000_000));
  expect(at).toBeGreaterThan(0);
  expect(() => readSnapshot(bytes)).not.toThrow();
  const reset = bytes.slice();
  reset.set(int64(0), at);
  expect(() => readSnapshot(reset)).toThrow('funding index of market 1 moved by 625000000, at most 0');
});

/** A number as the snapshot's bytes have it. */
function int64(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64BE(BigInt(value));
  return bytes;
}

test('back in stages: the skewed book of the post-only time liquidates nobody, and is traded away when the market opens', () => {
  scenario(
    `
    deposit ann 6000               |
    deposit bob 20000              |
    deposit cat 200000             |
    index BTC 50000                | mark 50000
    bob sell BTC 1 @ 50000         | #1 rests 1
    ann buy BTC 1 @ 50000          | #2 buys 1 at 50000 from #1 ; #1 filled ; #2 filled
    status BTC halted              | market 1 halted
    wait 3600                      | market 2 resumes: awaitingPrice ; market 2 cancelOnly ; rate 0 of market 1
    status BTC open                | market 1 resumes: awaitingPrice ; market 1 cancelOnly
    index BTC 50000                | market 1 resumes: cancelOnly for 5 s
    wait 5                         | market 1 resumes: postOnly for 10 s ; market 1 postOnly
    # Only who cannot trade may quote: 10 % too low, and nobody may take it. Ann is under maintenance from 46,342 down.
    bob buy BTC 1 @ 44900 postOnly | #3 rests 1
    bob sell BTC 1 @ 45000 postOnly | #4 rests 1
    cat buy BTC 1 @ 45000          | refused MARKET_POST_ONLY
    # So it is nobody's price yet.
    index BTC 50000                |
    wait 5                         |
    index BTC 50000                |
    wait 5                         | market 1 resumes: grace for 60 s ; market 1 open ; mark 49285
    # Open: whoever knows better takes the skewed offer.
    account ann                    | 5975 USDC, BTC 1 for 50000, EQ 5260 IM 4928.5
    cat buy BTC 1 @ 45000          | #5 buys 1 at 45000 from #4 ; #4 filled ; #5 filled
    cat buy BTC 1 @ 49990          | #6 rests 1
    cat sell BTC 1 @ 50010         | #7 rests 1
    wait 29                        | mark 49863
    index BTC 50000                |
    wait 29                        | mark 49885
    index BTC 50000                |
    wait 2                         | market 1 resumes: done ; mark 49887
    account ann                    | 5975 USDC, BTC 1 for 50000, EQ 5862 IM 4988.7
  `,
    GRACE,
  );
});

/**
 * What is promised: not before the grace is over. A book that then has stood a minute, and that everybody could have traded with, is the
 * market's opinion: the mark follows it, as far as the market's band round the index lets it.
 */
test.for([
  {
    band: '10 %',
    markBandPpm: 100_000,
    rows: [
      '  0 s | stage 3 | mark 50000 | 0',
      ' 10 s | stage 4 | mark 49682 | 0',
      ' 20 s | stage 4 | mark 48373 | 0',
      ' 30 s | stage 4 | mark 47430 | 0',
      ' 40 s | stage 4 | mark 46750 | 0',
      ' 50 s | stage 4 | mark 46261 | 0',
      ' 60 s | stage 4 | mark 45908 | 0',
      ' 69 s | stage 0 | mark 45676 | 1',
    ],
  },
  {
    band: '2 %',
    markBandPpm: 20_000,
    rows: [
      '  0 s | stage 3 | mark 50000 | 0',
      ' 10 s | stage 4 | mark 49682 | 0',
      ' 20 s | stage 4 | mark 49000 | 0',
      ' 30 s | stage 4 | mark 49000 | 0',
      ' 40 s | stage 4 | mark 49000 | 0',
      ' 50 s | stage 4 | mark 49000 | 0',
      ' 60 s | stage 4 | mark 49000 | 0',
      ' 70 s | stage 0 | mark 49000 | 0',
      ' 80 s | stage 0 | mark 49000 | 0',
    ],
  },
])(
  'even where nobody takes the skewed quotes: no liquidation before the grace is over; band of the mark $band',
  (market) => {
    const exchange = scenario(
      `
    deposit ann 6000               |
    deposit bob 20000              |
    index BTC 50000                | mark 50000
    bob sell BTC 1 @ 50000         | #1 rests 1
    ann buy BTC 1 @ 50000          | #2 buys 1 at 50000 from #1 ; #1 filled ; #2 filled
    status BTC halted              | market 1 halted
    wait 3600                      | market 2 resumes: awaitingPrice ; market 2 cancelOnly ; rate 0 of market 1
    status BTC open                | market 1 resumes: awaitingPrice ; market 1 cancelOnly
    index BTC 50000                | market 1 resumes: cancelOnly for 5 s
    wait 5                         | market 1 resumes: postOnly for 10 s ; market 1 postOnly
    bob buy BTC 1 @ 44900 postOnly | #3 rests 1
    bob sell BTC 1 @ 45000 postOnly | #4 rests 1
  `,
      { ...GRACE, markBandPpm: market.markBandPpm },
    );
    // After so long | stage of the way back, 0 = over | mark | margin calls and liquidations.
    const rows: string[] = [];
    let weakened = 0;
    for (let seconds = 0; seconds <= 80 && weakened === 0; seconds += 1) {
      exchange.timeMs += 999;
      const events = exchange.index(1, 50_000);
      const { resumeStage, markTicks } = exchange.state.markets[0]!;
      weakened = events.filter(({ kind }: Event) => kind === 'liquidationStarted' || kind === 'marginCall').length;
      if (seconds % 10 === 0 || weakened > 0) {
        rows.push(`${String(seconds).padStart(3)} s | stage ${resumeStage} | mark ${markTicks} | ${weakened}`);
      }
    }
    expect(rows).toEqual(market.rows);
  },
);
