import { expect, test } from 'vitest';
import { Exchange } from './exchange.ts';
import { scenario } from './scenario.ts';

// Accounts that owe USDC and have other collateral: what the exchange buys of it, when, and in which order.

test('who owes USDC gives no other collateral, and who is flat pays with it', () => {
  scenario(`
    collateral WETH 80             |
    price WETH 2500                |
    deposit ann 2 WETH             |
    deposit bob 100000             |
    index BTC 50000                | mark 50000
    # Without USDC of her own she owes the fee.
    bob sell BTC 0.2 @ 50000       | #1 rests 0.2
    ann buy BTC 0.2 @ 50000        | #2 buys 0.2 at 50000 from #1 ; #1 filled ; #2 filled
    account ann                    | -5 USDC, 2 WETH, BTC 0.2 for 10000, EQ 3995 IM 1000
    ann withdraw 0.1 WETH          | refused WITHDRAWAL_EXCEEDS_FREE_COLLATERAL
    fees                           | fees 7
    bob buy BTC 0.2 @ 45000        | #3 rests 0.2
    # A loss of 1,000 and fees of 4.5 more: the fees of the exchange, 13.3 by now, pay for what they reach.
    ann sell BTC 0.2 @ 45000       | #4 sells 0.2 at 45000 from #3 ; #3 filled ; #4 filled ; ann pays 13.3 with 0.00665 WETH
    account ann                    | -996.2 USDC, 1.99335 WETH, EQ 2990.5 IM 0
    fees                           | fees 0
    treasury WETH                  | treasury 0.00665
    # She may not take away what stands behind it.
    ann withdraw 0.1 WETH          | refused WITHDRAWAL_EXCEEDS_FREE_COLLATERAL
    # New fees of others go on with it.
    deposit cat 100000             |
    cat sell BTC 15 @ 50000        | #5 rests 15
    deposit dan 100000             |
    dan buy BTC 15 @ 50000         | #6 buys 15 at 50000 from #5 ; #5 filled ; #6 filled ; ann pays 525 with 0.2625 WETH
    # Whatever pays the debt first ends it.
    deposit ann 400                |
    account ann                    | -71.2 USDC, 1.73085 WETH, EQ 3390.5 IM 0
    deposit ann 71.2               |
    account ann                    | 0 USDC, 1.73085 WETH, EQ 3461.7 IM 0
    ann withdraw 1.73085 WETH      | withdrawal 0 of 1.73085 WETH
  `);
});

test('collateral that fell below the debt behind it goes whole, and the fees bear what it lacks', () => {
  scenario(`
    collateral WETH 80             |
    collateral WBTC 80             |
    price WETH 2500                |
    price WBTC 50000               |
    deposit ann 0.5 WETH           |
    deposit ann 0.0005 WBTC        |
    deposit bob 100000             |
    index BTC 50000                | mark 50000
    bob sell BTC 0.2 @ 50000       | #1 rests 0.2
    ann buy BTC 0.2 @ 50000        | #2 buys 0.2 at 50000 from #1 ; #1 filled ; #2 filled
    allocate 7 BTC insurance       | insurance of market 1 holds 7
    bob buy BTC 0.2 @ 47500        | #3 rests 0.2
    # Counts 1,020 and owes 509.75, of which the fees pay 6.65.
    ann sell BTC 0.2 @ 47500       | #4 sells 0.2 at 47500 from #3 ; #3 filled ; #4 filled ; ann pays 6.65 with 0.003325 WETH
    account ann                    | -503.1 USDC, 0.496675 WETH, 0.0005 WBTC, EQ 510.25 IM 0
    # At 1,250 all of it counts 516.675; at 1,200 it is 496.808, less than the debt.
    price WETH 1250                |
    # There is nothing to close, so it is no liquidation and costs nobody a turn: it waits for fees.
    price WETH 1200                |
    wait 1                         |
    account ann                    | -503.1 USDC, 0.496675 WETH, 0.0005 WBTC, EQ -6.292 IM 0
    ann withdraw 0.0001 WBTC       | refused WITHDRAWAL_EXCEEDS_FREE_COLLATERAL
    ann buy BTC 0.01 @ 50000       | refused INSUFFICIENT_MARGIN
    # Others pay 700 of fees. All of hers goes for the debt; the fees lose 6.292.
    deposit cat 200000             |
    deposit dan 200000             |
    cat sell BTC 20 @ 50000        | #5 rests 20
    dan buy BTC 20 @ 50000         | #6 buys 20 at 50000 from #5 ; #5 filled ; #6 filled ; ann pays 476.808 with 0.496675 WETH ; ann pays 26.292 with 0.0005 WBTC
    fees                           | fees 196.9
    account ann                    | 0 USDC, EQ 0 IM 0
  `);
});

test('who owed, and has a position again, does not lose all other collateral for the debt', () => {
  const exchange = scenario(
    `
    collateral WETH 80             |
    price WETH 2500                |
    deposit ann 4 WETH             |
    deposit bob 100000             |
    index BTC 50000                | mark 50000
    bob sell BTC 0.2 @ 50000       | #1 rests 0.2
    ann buy BTC 0.2 @ 50000        | #2 buys 0.2 at 50000 from #1 ; #1 filled ; #2 filled
    bob buy BTC 0.2 @ 49000        | #3 rests 0.2
    # No fees are there to pay her 200 with: she waits among the debtors, and opens a position meanwhile.
    ann sell BTC 0.2 @ 49000       | #4 sells 0.2 at 49000 from #3 ; #3 filled ; #4 filled
    bob sell BTC 1 @ 49000         | #5 rests 1
    ann buy BTC 1 @ 49000          | #6 buys 1 at 49000 from #5 ; #5 filled ; #6 filled
  `,
    { makerFeePpm: 0, takerFeePpm: 0 },
  );
  const { state } = exchange;
  const ann = state.accountByOwner.get(exchange.address('ann'))!;
  expect([...state.debtors]).toEqual([ann.accountId]);
  // As if she had lost 20,000 USDC more, on prices that nobody may be closed on, in the command in which the fees come.
  ann.collateralAtoms -= 20_000_000_000;
  state.withdrawnAtoms += 20_000_000_000n;
  state.parked.add(ann.accountId);
  state.feesAtoms += 30_000_000_000n;
  state.depositedAtoms += 30_000_000_000n;
  expect(exchange.wait(1)).toEqual([]);
  expect([state.debtors.size, ann.balances[0]?.amountAtoms]).toEqual([0, 400_000_000]);
});

test('of many who owe, 16 pay with each command, first come first served', () => {
  const exchange = new Exchange();
  const { state } = exchange;
  exchange.listCollateral('WETH', 80);
  for (let who = 1; who <= 20; who += 1) exchange.deposit(`t${who}`, 1, 'WETH');
  exchange.collateralPrice(1, 250_000);
  // As if each had lost 1 USDC that it did not have, when there were no fees.
  for (const account of state.accounts) {
    account.collateralAtoms = -1_000_000;
    state.withdrawnAtoms += 1_000_000n;
    state.debtors.add(account.accountId);
  }
  const payers = () =>
    exchange.wait(1).flatMap((event) => (event.kind === 'collateralConverted' ? [event.accountId as number] : []));
  expect(payers()).toEqual([]);
  state.depositedAtoms += 17_500_000n;
  state.feesAtoms += 17_500_000n;
  expect(payers()).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16]);
  // Fees for one and a half.
  expect(payers()).toEqual([17, 18]);
  expect([...state.debtors]).toEqual([18, 19, 20]);
  state.depositedAtoms += 10_000_000n;
  state.feesAtoms += 10_000_000n;
  expect(payers()).toEqual([18, 19, 20]);
  expect(state.debtors.size).toBe(0);
});
