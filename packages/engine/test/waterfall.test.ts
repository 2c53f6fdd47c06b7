import { REJECT_CODES, toAssetId, toMarketId } from '@keel/types';
import { expect, test } from 'vitest';
import { backstopOwner } from '../src/accounts/backstop.ts';
import { solvencyOf } from '../src/margin/accountFigures.ts';
import { Exchange } from './exchange.ts';
import { PLAIN } from './plainOrder.ts';
import { scenario } from './scenario.ts';
import { testMarket } from './testMarket.ts';

// The waterfall, stage by stage: margin calls and pre-liquidation, the first two, are in `warning.test.ts`, and who is
// deleveraged, the last, in `autoDeleverage.test.ts`.

/** A vault that may lose 10,000 USDC. */
const VAULT = { backstopLossCapAtoms: 10_000_000_000 };

/** ann is long 1.9 BTC from 50,000 with 10,000 USDC left after the fee; bob is on the other side. */
const ANN_LONG = `
    deposit ann 10019              |
    deposit bob 300000             |
    index BTC 50000                | mark 50000
    ann buy BTC 1.9 @ 50000        | #1 rests 1.9
    bob sell BTC 1.9 @ 50000       | #2 sells 1.9 at 50000 from #1 ; #1 filled ; #2 filled`;

test('partial close-out: of more than 100,000 USDC a fifth at a time, a step every 5 s', () => {
  scenario(`
    deposit ann 20039              |
    deposit bob 900000             |
    index BTC 50000                | mark 50000
    ann buy BTC 3.9 @ 50000        | #1 rests 3.9
    bob sell BTC 3.9 @ 50000       | #2 sells 3.9 at 50000 from #1 ; #1 filled ; #2 filled
    bob buy BTC 10 @ 46500         | #3 rests 10
    # 181,350 USDC. The formula says 1.949: (1.1 x 9,067.5 - 6,350) / 1,860. A fifth is 0.78.
    # Fillable: 46,500 - 1.5 x (9,067.5 - 6,350) / 3.9 = 45,454.8.
    index BTC 46500                | mark 46500 ; ann liquidated at EQ 6350 MM 9067.5 ; #4 sells 0.78 at 46500 from #3 ; close-out sells 0.78 of 0.78 limit 45455 fee 362.7
    wait 4                         |
    wait 0.999                     |
    # 145,080 USDC: a fifth of 3.12.
    wait 0.001                     | #5 sells 0.624 at 46500 from #3 ; close-out sells 0.624 of 0.624 limit 45892 fee 290.16
    index BTC 46500                |
    wait 4                         |
    # 116,064 USDC: (1.1 x 5,803.2 - 5,697.14) / 1,860 = 0.369 is less than a fifth, and enough.
    wait 1                         | #6 sells 0.37 at 46500 from #3 ; close-out sells 0.37 of 0.37 limit 46437 fee 172.05 ; ended at EQ 5525.09 MM 4942.95
  `);
});

test('auction: the price walks from fillable to zero in 10 s, then the vault takes the rest, and no more', () => {
  scenario(
    `${ANN_LONG}
    bob give 50000 BTC backstop    | backstop of market 1 holds 50000
    # (1.1 x 4,465 - 4,300) / 1,880 = 0.3253. From 47,000 - 1.5 x 165 / 1.9 to 47,000 - 4,300 / 1.9: 2,133 ticks.
    index BTC 47000                | mark 47000 ; ann liquidated at EQ 4300 MM 4465 ; auction 1 sells 0.326 from 46870 to 44737
    wait 1                         | auction 1 at 46657, 0.326 left
    wait 4                         | auction 1 at 45804, 0.326 left
    index BTC 47000                |
    wait 4                         | auction 1 at 44951, 0.326 left
    # 0.326 x 47,000 - 4,300 x 0.326 / 1.9 = 14,584.2105...
    wait 1                         | auction 1 at 44737, 0.326 left ; auction 1 timeOver 0.326 ; backstop 1 takes 0.326 of 0.326 for 14584.210527 fee 0
    vault BTC                      | BTC 0.326, EQ 50737.789473 of 50000
    # EQ / MM is what it was; the next part begins with the book again.
    account ann                    | 8284.210527 USDC, BTC 1.574 for 78700, EQ 3562.210527 IM 7397.8
    wait 1                         | auction 2 sells 0.27 from 46870 to 44737
  `,
    VAULT,
  );
});

test('auction: the book comes first, a liquidator takes half of it half-way, and the account is healthy before the end', () => {
  scenario(`${ANN_LONG}
    deposit cat 20000              |
    cat register                   | cat takes auctions
    index BTC 47000                | mark 47000 ; ann liquidated at EQ 4300 MM 4465 ; auction 1 sells 0.326 from 46870 to 44737
    wait 5                         | auction 1 at 45804, 0.326 left
    bob buy BTC 0.1 @ 45900        | #3 rests 0.1
    # The book's fill left ann a little better off, so cat pays 45,814. No taker fee; 1 % of it to the fund.
    cat take 1 BTC 0.163 @ 46000   | #4 sells 0.1 at 45900 from #3 ; #3 filled ; close-out sells 0.1 of 0.326 limit 45804 fee 45.9 ; cat takes 0.163 of 0.226 for 7467.682 fee 74.67682 ; auction 1 at 45814, 0.063 left ; auction 1 healthy 0.063 ; ended at EQ 3876.10518 MM 3846.95
    cat take 1 BTC 1 @ 46000       | refused AUCTION_OVER
    account cat                    | 20000 USDC, BTC 0.163 for 7467.682, EQ 20193.318 IM 766.1
    fund BTC                       | insurance 120.57682
  `);
});

test('a short is bought back the same way, upwards', () => {
  scenario(
    `
    deposit ann 10019              |
    deposit bob 300000             |
    index BTC 50000                | mark 50000
    ann sell BTC 1.9 @ 50000       | #1 rests 1.9
    bob buy BTC 1.9 @ 50000        | #2 buys 1.9 at 50000 from #1 ; #1 filled ; #2 filled
    bob give 50000 BTC backstop    | backstop of market 1 holds 50000
    deposit cat 20000              |
    cat register                   | cat takes auctions
    # A fifth of 100,510 USDC. From 52,900 + 1.5 x 535.5 / 1.9 to 52,900 + 4,490 / 1.9.
    index BTC 52900                | mark 52900 ; ann liquidated at EQ 4490 MM 5025.5 ; auction 1 buys 0.38 from 53322 to 55263
    wait 5                         | auction 1 at 54292, 0.38 left
    cat take 1 BTC 1 @ 53000       | cat takes 0.38 of 0.38 for 20630.96 fee 206.3096 ; auction 1 filled 0
    index BTC 54000                | mark 54000
    # Equity is 2,082.73 of 4,104: less than two thirds.
    wait 1                         | backstop 1 takes 1.52 of 1.52 for 84162.7304 fee 0 ; ended at EQ 0 MM 0
    vault BTC                      | BTC -1.52, EQ 52082.7304 of 50000
    account ann                    | 0 USDC, EQ 0 IM 0
  `,
    VAULT,
  );
});

test('an auction ends when its account falls below two thirds of maintenance, a second later at most', () => {
  scenario(
    `${ANN_LONG}
    bob give 50000 BTC backstop    | backstop of market 1 holds 50000
    index BTC 47000                | mark 47000 ; ann liquidated at EQ 4300 MM 4465 ; auction 1 sells 0.326 from 46870 to 44737
    wait 2                         | auction 1 at 46444, 0.326 left
    index BTC 46000                | mark 46000
    wait 0.9                       |
    wait 0.1                       | auction 1 backstopDue 0.326 ; backstop 1 takes 1.9 of 1.9 for 85000 fee 0 ; ended at EQ 0 MM 0
    vault BTC                      | BTC 1.9, EQ 52400 of 50000
  `,
    VAULT,
  );
});

test('an auction does not walk on while the price is stale: another one begins when it is back', () => {
  scenario(`${ANN_LONG}
    index BTC 47000                | mark 47000 ; ann liquidated at EQ 4300 MM 4465 ; auction 1 sells 0.326 from 46870 to 44737
    wait 5                         | auction 1 at 45804, 0.326 left
    wait 6                         | auction 1 timeOver 0.326
    wait 1                         |
    index BTC 47000                | auction 2 sells 0.326 from 46870 to 44737
  `);
});

test('backstop: below two thirds the book is asked for the zero price, and the vault takes the rest', () => {
  scenario(
    `${ANN_LONG}
    bob give 50000 BTC backstop    | backstop of market 1 holds 50000
    bob buy BTC 0.4 @ 45800        | #3 rests 0.4
    # Zero price 46,000 - 2,400 / 1.9 = 44,736.8. After the book 2,136.8 are left: 1.5 x 46,000 - 2,136.8.
    index BTC 46000                | mark 46000 ; ann liquidated at EQ 2400 MM 4370 ; #4 sells 0.4 at 45800 from #3 ; #3 filled ; close-out sells 0.4 of 1.9 limit 44737 fee 183.2 ; backstop 1 takes 1.5 of 1.5 for 66863.2 fee 0 ; ended at EQ 0 MM 0
    vault BTC                      | BTC 1.5, EQ 52136.8 of 50000
  `,
    VAULT,
  );
});

test('backstop: what the vault has no margin for goes to opposing positions', () => {
  scenario(
    `${ANN_LONG}
    bob give 3000 BTC backstop     | backstop of market 1 holds 3000
    # Each BTC brings 1,263.16 and needs 4,600 of margin: 3,000 / 3,336.84 = 0.899.
    index BTC 46000                | mark 46000 ; ann liquidated at EQ 2400 MM 4370 ; backstop 1 takes 0.899 of 1.9 for 40218.421053 fee 0 ; bob deleveraged 1.001 for 44781.578947 ; ended at EQ 0 MM 0
    vault BTC                      | BTC 0.899, EQ 4135.578947 of 3000
    account ann                    | 0 USDC, EQ 0 IM 0
  `,
    VAULT,
  );
});

test('insurance: of a bankrupt the vault takes at mark, and the fund pays what is missing', () => {
  scenario(
    `${ANN_LONG}
    bob give 50000 BTC backstop    | backstop of market 1 holds 50000
    bob give 1000 BTC insurance    | insurance of market 1 holds 1000
    index BTC 44500                | mark 44500 ; ann liquidated at EQ -450 MM 4227.5 ; backstop 1 takes 1.9 of 1.9 for 84550 fee 0 ; insurance pays 450 ; ended at EQ 0 MM 0
    vault BTC                      | BTC 1.9, EQ 50000 of 50000
    account ann                    | 0 USDC, EQ 0 IM 0
    fund BTC                       | insurance 550
  `,
    VAULT,
  );
});

test('insurance: where the fund ends, so does the taking, and the rest is deleveraged at the bankruptcy price', () => {
  scenario(
    `${ANN_LONG}
    bob give 50000 BTC backstop    | backstop of market 1 holds 50000
    bob give 100 BTC insurance     | insurance of market 1 holds 100
    # 450 / 1.9 = 236.84 a BTC: 100 pay for 0.422. The others go at 44,500 + 236.84.
    index BTC 44500                | mark 44500 ; ann liquidated at EQ -450 MM 4227.5 ; backstop 1 takes 0.422 of 1.9 for 18779 fee 0 ; insurance pays 99.947369 ; bob deleveraged 1.478 for 66121.052631 ; ended at EQ 0 MM 0
    account ann                    | 0 USDC, EQ 0 IM 0
    fund BTC                       | insurance 0.052631
  `,
    VAULT,
  );
});

test('the vault gives back a fifth every 5 s, at mark or better, without a fee', () => {
  scenario(
    `${ANN_LONG}
    bob give 50000 BTC backstop    | backstop of market 1 holds 50000
    index BTC 46000                | mark 46000 ; ann liquidated at EQ 2400 MM 4370 ; backstop 1 takes 1.9 of 1.9 for 85000 fee 0 ; ended at EQ 0 MM 0
    bob buy BTC 1 @ 46000          | #3 rests 1
    wait 4.999                     |
    wait 0.001                     | #4 sells 0.38 at 46000 from #3
    index BTC 46000                |
    wait 5                         | #5 sells 0.304 at 46000 from #3
    vault BTC                      | BTC 1.216, EQ 52400 of 50000
  `,
    VAULT,
  );
});

test('a vault that has lost what it may gives its whole position away, at the price that leaves it at its cap', () => {
  scenario(
    `${ANN_LONG}
    bob give 50000 BTC backstop    | backstop of market 1 holds 50000
    index BTC 46000                | mark 46000 ; ann liquidated at EQ 2400 MM 4370 ; backstop 1 takes 1.9 of 1.9 for 85000 fee 0 ; ended at EQ 0 MM 0
    index BTC 41000                | mark 41000
    vault BTC                      | BTC 1.9, EQ 42900 of 50000
    # At mark it would have 35,300. It gets 4,700 more than 1.9 x 37,000, from the one who won by the fall.
    index BTC 37000                | mark 37000 ; bob deleveraged 1.9 for 75000
    vault BTC                      | flat, EQ 40000 of 50000
  `,
    VAULT,
  );
});

test('a vault that was shut at its cap opens with new money, for as much as was given', () => {
  scenario(
    `${ANN_LONG}
    deposit eve 381.85             |
    deposit cat 200000             |
    bob give 50000 BTC backstop    | backstop of market 1 holds 50000
    index BTC 46000                | mark 46000 ; ann liquidated at EQ 2400 MM 4370 ; backstop 1 takes 1.9 of 1.9 for 85000 fee 0 ; ended at EQ 0 MM 0
    index BTC 37000                | mark 37000 ; bob deleveraged 1.9 for 75000
    vault BTC                      | flat, EQ 40000 of 50000
    cat sell BTC 0.1 @ 37000       | #3 rests 0.1
    eve buy BTC 0.1 @ 37000        | #4 buys 0.1 at 37000 from #3 ; #3 filled ; #4 filled
    # A smallest gift does not open it for another cap: it has lost 9,999 of what it may.
    bob give 1 BTC backstop        | backstop of market 1 holds 40001
    vault BTC                      | flat, EQ 40001 of 50000
    bob give 11999 BTC backstop    | backstop of market 1 holds 52000
    # 9,999 of it made up for what was lost, 2,000 were put in.
    vault BTC                      | flat, EQ 52000 of 52000
    # 3,400 less eve's 80.
    index BTC 34000                | mark 34000 ; eve liquidated at EQ 80 MM 170 ; backstop 1 takes 0.1 of 0.1 for 3320 fee 0 ; ended at EQ 0 MM 0
  `,
    VAULT,
  );
});

test('another asset that is given to a vault goes back: its price must not lose what the vault may', () => {
  const exchange = scenario(
    `
    collateral WETH 80             |
    price WETH 3000                |
    deposit ann 100000             |
    ann give 50000 BTC backstop    | backstop of market 1 holds 50000
  `,
    VAULT,
  );
  const events = exchange.run({
    kind: 'creditDeposit',
    depositIndex: exchange.state.nextDepositIndex,
    owner: backstopOwner(toMarketId(1)),
    assetId: toAssetId(1),
    amountAtoms: 1_000_000_000,
    ...{ l1BlockNumber: 1, l1TxHash: '0x' },
  });
  expect(events.map(({ kind }) => kind)).toEqual(['depositCredited', 'withdrawalRequested']);
  expect(exchange.state.markets[0]!.backstop!.balances).toEqual([]);
});

test('the budget of a market: what is beyond it waits for the next second, and the first of a second never does', () => {
  scenario(
    `
    deposit ann 10019              |
    deposit cat 10019              |
    deposit bob 300000             |
    index BTC 50000                | mark 50000
    ann buy BTC 1.9 @ 50000        | #1 rests 1.9
    cat buy BTC 1.9 @ 50000        | #2 rests 1.9
    bob sell BTC 3.8 @ 50000       | #3 sells 1.9 at 50000 from #1 ; #1 filled ; #3 sells 1.9 at 50000 from #2 ; #2 filled ; #3 filled
    bob buy BTC 3 @ 47000          | #4 rests 3
    # 15,322 USDC each, and 20,000 a second.
    index BTC 47000                | mark 47000 ; ann liquidated at EQ 4300 MM 4465 ; #5 sells 0.326 at 47000 from #4 ; close-out sells 0.326 of 0.326 limit 46870 fee 153.22 ; ended at EQ 4146.78 MM 3698.9 ; cat liquidated at EQ 4300 MM 4465
    wait 0.9                       |
    wait 0.1                       | #6 sells 0.326 at 47000 from #4 ; close-out sells 0.326 of 0.326 limit 46870 fee 153.22 ; ended at EQ 4146.78 MM 3698.9
  `,
    { liquidationBudgetAtoms: 20_000_000_000 },
  );
});

test('a single lot in an empty book: it is auctioned, and at last deleveraged at its bankruptcy price', () => {
  scenario(`
    deposit cat 6                  |
    deposit bob 1000               |
    index BTC 50000                | mark 50000
    cat buy BTC 0.001 @ 50000      | #1 rests 0.001
    bob sell BTC 0.001 @ 50000     | #2 sells 0.001 at 50000 from #1 ; #1 filled ; #2 filled
    # Less than 1,000 USDC: whole. 5.99 - 4.1 = 1.89, so the zero price is 45,900 - 1,890.
    index BTC 45900                | mark 45900 ; cat liquidated at EQ 1.89 MM 2.295 ; auction 1 sells 0.001 from 45293 to 44010
    wait 9                         | auction 1 at 44139, 0.001 left
    index BTC 45900                |
    wait 1                         | auction 1 at 44010, 0.001 left ; auction 1 timeOver 0.001 ; bob deleveraged 0.001 for 44.01 ; ended at EQ 0 MM 0
    account cat                    | 0 USDC, EQ 0 IM 0
  `);
});

test('an isolated position goes alone: nothing else of its owner is touched', () => {
  scenario(`
    deposit ann 20000              |
    ann transfer 10019 to BTC      | ann/BTC opened ; ann gives 10019 to ann/BTC
    deposit bob 300000             |
    index BTC 50000                | mark 50000
    ann/BTC buy BTC 1.9 @ 50000    | #1 rests 1.9
    bob sell BTC 1.9 @ 50000       | #2 sells 1.9 at 50000 from #1 ; #1 filled ; #2 filled
    ann buy BTC 0.1 @ 40000        | #3 rests 0.1
    index BTC 44000                | mark 44000 ; ann/BTC liquidated at EQ -1400 MM 4180 ; bob deleveraged 1.9 for 85000 ; ended at EQ 0 MM 0
    account ann/BTC                | 0 USDC, EQ 0 IM 0
    account ann                    | 9981 USDC, EQ 9981 IM 440
  `);
});

test('bad input of a liquidator', () => {
  scenario(`${ANN_LONG}
    deposit cat 1000               |
    deposit dan 20000              |
    index ETH 3000                 | mark 3000
    ann transfer 100 to 1          | ann/1 opened ; ann gives 100 to ann/1
    ann/1 register                 | ann/1 takes auctions
    cat register                   | cat takes auctions
    dan take 1 BTC 0.1 @ 47000     | refused AUCTION_UNKNOWN
    index BTC 47000                | mark 47000 ; ann liquidated at EQ 4200 MM 4465 ; auction 1 sells 0.379 from 46791 to 44790
    ann/1 take 1 BTC 0.1 @ 47000   | refused AUCTION_IS_OWN
    ann take 1 BTC 0.1 @ 47000     | refused ACCOUNT_IN_LIQUIDATION
    dan take 1 BTC 0.1 @ 47000     | refused LIQUIDATOR_NOT_REGISTERED
    dan take 2 BTC 0.1 @ 47000     | refused AUCTION_UNKNOWN
    dan take 0 BTC 0.1 @ 47000     | refused AUCTION_UNKNOWN
    dan take 1 ETH 0.1 @ 47000     | refused AUCTION_UNKNOWN
    dan take 1 XRP 0.1 @ 47000     | refused MARKET_UNKNOWN
    dan take 1 BTC 0 @ 47000       | refused SIZE_OUT_OF_RANGE
    dan take 1 BTC 0.1 @ 0         | refused PRICE_OUT_OF_RANGE
    cat take 1 BTC 0.1 @ 46790     | refused AUCTION_PRICE_WORSE
    cat take 1 BTC 0.3 @ 47000     | refused LIQUIDATOR_MARGIN_INSUFFICIENT
    status BTC halted              | market 1 halted
    cat take 1 BTC 0.1 @ 47000     | refused MARKET_HALTED
    status BTC cancelOnly          | market 1 cancelOnly
    cat take 1 BTC 0.1 @ 47000     | refused MARKET_CANCEL_ONLY
    status BTC postOnly            | market 1 postOnly
    cat take 1 BTC 0.1 @ 47000     | refused MARKET_POST_ONLY
    status BTC open                | market 1 open
    # The book would take it all: nothing is left for a liquidator.
    bob buy BTC 0.379 @ 46791      | #3 rests 0.379
    cat take 1 BTC 0.1 @ 47000     | refused AUCTION_OVER
    bob cancelAll                  | #3 cancelledByOwner 0.379
    cat take 1 BTC 0.2 @ 47000     | cat takes 0.2 of 0.379 for 9358.2 fee 93.582 ; auction 1 at 46791, 0.179 left ; auction 1 healthy 0.179 ; ended at EQ 4064.618 MM 3995
    cat take 1 BTC 0.1 @ 47000     | refused AUCTION_OVER
    cat leave                      | cat leaves auctions
  `);
});

test('after its 10 s an auction is over for liquidators too, whatever comes first in that moment', () => {
  const exchange = scenario(`${ANN_LONG}
    deposit dan 20000              |
    dan register                   | dan takes auctions
    index BTC 47000                | mark 47000 ; ann liquidated at EQ 4300 MM 4465 ; auction 1 sells 0.326 from 46870 to 44737
    wait 5                         | auction 1 at 45804, 0.326 left
    index BTC 47000                |
  `);
  exchange.timeMs += 5_000;
  const auth = exchange.auth('dan');
  const terms = { auctionId: 1, marketId: toMarketId(1), sizeLots: 100, limitTicks: 50_000 };
  const events = exchange.run({ kind: 'takeAuction', auth, ...terms });
  expect(events).toMatchObject(
    [
      { kind: 'commandRejected', code: REJECT_CODES.AUCTION_OVER },
      { kind: 'auctionStepped' },
      { kind: 'auctionEnded', reason: 'timeOver' },
      { kind: 'positionDeleveraged' },
      { kind: 'closeOutCertified' },
      {},
    ].slice(0, events.length),
  );
});

test('everybody bankrupt at once: nobody can pay, nothing breaks, and money ends it', () => {
  const exchange = new Exchange();
  exchange.list(testMarket(1, 'BTC-USD'));
  exchange.listCollateral('WETH', 100, { priceJumpPpm: 999_999 });
  exchange.collateralPrice(1, 300_000);
  const names = ['t0', 't1', 't2', 't3', 't4', 't5'];
  for (const name of names) exchange.deposit(name, 2, 'WETH');
  exchange.index(1, 50_000);
  for (const [place, name] of names.entries()) {
    const side = place % 2 === 0 ? 'buy' : 'sell';
    const terms = { ...PLAIN, marketId: toMarketId(1), side, priceTicks: 50_000, sizeLots: 1_000 } as const;
    exchange.run({ kind: 'placeOrder', auth: exchange.auth(name), ...terms });
  }
  const started = exchange.collateralPrice(1, 1).filter(({ kind }) => kind === 'liquidationStarted');
  expect(started.length).toBe(6);
  for (let second = 0; second < 5; second += 1) {
    expect(exchange.wait(1_000).filter(({ kind }) => kind !== 'fundingRateSettled')).toEqual([]);
  }
  for (const account of exchange.state.accounts) expect(solvencyOf(account).equityAtoms).toBeLessThan(0);
  const ended = names.flatMap((name) => exchange.deposit(name, 3_000));
  expect(ended.filter(({ kind }) => kind === 'liquidationEnded').length).toBe(6);
});

test('a hundred longs bankrupt at once: sixteen a command, each ends at nothing, and their winner pays for none of them', () => {
  const exchange = new Exchange();
  exchange.list(testMarket(1, 'BTC-USD'));
  exchange.deposit('bob', 1_000_000);
  exchange.index(1, 50_000);
  const place = (owner: string, side: 'buy' | 'sell', sizeLots: number) => {
    const terms = { ...PLAIN, marketId: toMarketId(1), side, priceTicks: 50_000, sizeLots } as const;
    return exchange.run({ kind: 'placeOrder', auth: exchange.auth(owner), ...terms });
  };
  place('bob', 'sell', 2_000);
  for (let i = 0; i < 100; i += 1) {
    exchange.deposit(`t${i}`, 110);
    place(`t${i}`, 'buy', 20);
  }
  const commands: number[] = [];
  for (
    let events = exchange.index(1, 40_000);
    exchange.state.markets[0]!.holders.length > 0;
    events = exchange.wait(0)
  ) {
    commands.push(events.filter(({ kind }) => kind === 'liquidationEnded').length);
    if (commands.length > 20) break;
  }
  expect(commands).toEqual([16, 16, 16, 16, 16, 16]);
  expect(exchange.state.markets[0]!.openInterestLots).toBe(0);
  for (const account of exchange.state.accounts.slice(1)) expect(account.collateralAtoms).toBe(0);
});
