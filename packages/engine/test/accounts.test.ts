import { type Authorization, type Command, REJECT_CODES, rejectName, toMarketId, toOrderId } from '@keel/types';
import { expect, test } from 'vitest';
import {
  readAccount,
  readAccountIdOf,
  readAccountsOf,
  readMarket,
  readSnapshot,
  takeDirty,
  writeSnapshot,
} from '../src/index.ts';
import { Exchange } from './exchange.ts';
import { scenario } from './scenario.ts';
import { testMarket } from './testMarket.ts';

test('a transfer opens an account, which trades, fails and pays for itself', () => {
  scenario(`
    deposit ann 10000              |
    deposit bob 100000             |
    index BTC 50000                | mark 50000
    ann transfer 4000 to 1         | ann/1 opened ; ann gives 4000 to ann/1
    ann transfer 3000 to 1         | ann gives 3000 to ann/1
    account ann                    | 3000 USDC, EQ 3000 IM 0
    ann/1 buy BTC 1 @ 50000        | #1 rests 1
    bob sell BTC 1 @ 50000         | #2 sells 1 at 50000 from #1 ; #1 filled ; #2 filled
    # The main account has no part in it, and has its own orders.
    account ann                    | 3000 USDC, EQ 3000 IM 0
    account ann/1                  | 6990 USDC, BTC 1 for 50000, EQ 6990 IM 5000
    ann cancel #1                  | refused ORDER_UNKNOWN
    ann buy BTC 0.1 @ 40000        | #3 rests 0.1
    ann/1 cancel #3                | refused ORDER_NOT_YOURS
    # IM 5,000 stays; 1,990 may go, and back.
    ann/1 transfer 1990.000001 to 0 | refused TRANSFER_EXCEEDS_FREE_COLLATERAL
    ann/1 transfer 1990 to 0       | ann/1 gives 1990 to ann
    ann/1 withdraw 1               | refused WITHDRAWAL_EXCEEDS_FREE_COLLATERAL
    # Deposits go to the main account.
    deposit ann 10                 |
    account ann                    | 5000 USDC, EQ 5000 IM 500
    account ann/1                  | 5000 USDC, BTC 1 for 50000, EQ 5000 IM 5000
    # Withdrawals from any.
    ann/1 withdraw 1               | refused WITHDRAWAL_EXCEEDS_FREE_COLLATERAL
    ann withdraw 4500              | withdrawal 0 of 4500
  `);
});

test('10 % of notional stays, also where initial margin is less', () => {
  scenario(
    `
    deposit ann 10000              |
    deposit bob 100000             |
    index BTC 50000                | mark 50000
    ann buy BTC 1 @ 50000          | #1 rests 1
    bob sell BTC 1 @ 50000         | #2 sells 1 at 50000 from #1 ; #1 filled ; #2 filled
    account ann                    | 9990 USDC, BTC 1 for 50000, EQ 9990 IM 2500
    ann transfer 4990.000001 to 1  | refused TRANSFER_EXCEEDS_FREE_COLLATERAL
    ann withdraw 4990.000001       | refused WITHDRAWAL_EXCEEDS_FREE_COLLATERAL
    ann transfer 4990 to 1         | ann/1 opened ; ann gives 4990 to ann/1
    ann give 1 BTC insurance       | refused WITHDRAWAL_EXCEEDS_FREE_COLLATERAL
  `,
    { initialMarginPpm: 50_000, maintenanceMarginPpm: 25_000 },
  );
});

test('an isolated account trades its market and no other', () => {
  scenario(`
    deposit ann 10000              |
    index BTC 50000                | mark 50000
    index ETH 2000                 | mark 2000
    ann transfer 1000 to BTC       | ann/BTC opened ; ann gives 1000 to ann/BTC
    ann transfer 1000 to 5         | ann/5 opened ; ann gives 1000 to ann/5
    ann transfer 1000 to 5.ETH     | ann/5.ETH opened ; ann gives 1000 to ann/5.ETH
    ann/BTC buy BTC 0.1 @ 40000    | #1 rests 0.1
    ann/BTC buy ETH 1 @ 2000       | refused MARKET_NOT_OF_SUBACCOUNT
    ann/BTC twap buy ETH 1 for 60 in 3 | refused MARKET_NOT_OF_SUBACCOUNT
    ann/BTC protect ETH window 1 count 1 | refused MARKET_NOT_OF_SUBACCOUNT
    ann/5.ETH buy ETH 1 @ 1000     | #2 rests 1
    ann/5.ETH buy BTC 0.1 @ 40000  | refused MARKET_NOT_OF_SUBACCOUNT
    ann/5 buy ETH 1 @ 1000         | #3 rests 1
    ann/5 buy BTC 0.1 @ 40000      | #4 rests 0.1
    # Money moves between any two of hers.
    ann/BTC transfer 500 to 5.ETH  | ann/BTC gives 500 to ann/5.ETH
    account ann/5.ETH              | 1500 USDC, EQ 1500 IM 200
  `);
});

test('a loss in one account is nothing to the others', () => {
  const exchange = scenario(`
    deposit ann 100000             |
    deposit bob 100000             |
    index BTC 50000                | mark 50000
    ann transfer 6000 to BTC       | ann/BTC opened ; ann gives 6000 to ann/BTC
    ann/BTC buy BTC 1 @ 50000      | #1 rests 1
    bob sell BTC 1 @ 50000         | #2 sells 1 at 50000 from #1 ; #1 filled ; #2 filled
    bob buy BTC 1 @ 45000          | #3 rests 1
  `);
  const events = exchange.index(1, 46_000);
  const isolated = readAccountIdOf(exchange.state, exchange.address('ann'), 129)!;
  expect(events.filter((event) => event.kind === 'liquidationStarted')).toMatchObject([{ accountId: isolated }]);
  expect(readAccount(exchange.state, readAccountIdOf(exchange.state, exchange.address('ann'))!)).toMatchObject({
    collateralAtoms: 94_000_000_000,
    liquidationId: 0,
  });
});

test('other collateral counts less than it is worth, and leaves as far as margin lets it', () => {
  scenario(`
    collateral WETH 80             |
    deposit ann 2 WETH             |
    deposit ann 100                |
    deposit bob 100000             |
    index BTC 50000                | mark 50000
    # Nothing before it has a price.
    account ann                    | 100 USDC, 2 WETH, EQ 100 IM 0
    ann buy BTC 0.05 @ 50000       | refused MARKET_PRICE_UNAVAILABLE
    price WETH 2500                |
    account ann                    | 100 USDC, 2 WETH, EQ 4100 IM 0
    ann buy BTC 0.5 @ 50000        | #1 rests 0.5
    bob sell BTC 0.5 @ 50000       | #2 sells 0.5 at 50000 from #1 ; #1 filled ; #2 filled
    account ann                    | 95 USDC, 2 WETH, BTC 0.5 for 25000, EQ 4095 IM 2500
    # Of USDC she has 95, whatever else is free.
    ann withdraw 95.000001         | refused WITHDRAWAL_EXCEEDS_FREE_COLLATERAL
    ann transfer 95.000001 to 1    | refused TRANSFER_EXCEEDS_FREE_COLLATERAL
    # 1,595 USDC are free; a WETH counts 2,000.
    ann withdraw 0.7976 WETH       | refused WITHDRAWAL_EXCEEDS_FREE_COLLATERAL
    ann withdraw 3 WBTC            | refused ASSET_UNKNOWN
    ann withdraw 0.7 WETH          | withdrawal 0 of 0.7 WETH
    ann transfer 0.09 WETH to 1    | ann/1 opened ; ann gives 0.09 WETH to ann/1
    account ann                    | 95 USDC, 1.21 WETH, BTC 0.5 for 25000, EQ 2515 IM 2500
    ann withdraw 15                | withdrawal 1 of 15
    ann withdraw 1                 | refused WITHDRAWAL_EXCEEDS_FREE_COLLATERAL
    # Its price falls, and nothing more may be bought with it.
    price WETH 2400                |
    account ann                    | 80 USDC, 1.21 WETH, BTC 0.5 for 25000, EQ 2403.2 IM 2500
    ann buy BTC 0.01 @ 50000       | refused INSUFFICIENT_MARGIN
    ann/1 withdraw 0.09 WETH       | withdrawal 2 of 0.09 WETH
    account ann/1                  | 0 USDC, EQ 0 IM 0
  `);
});

test('nothing is bought on a price that is old, and the debt is paid when there is a new one', () => {
  scenario(`
    collateral WETH 80             |
    price WETH 2500                |
    deposit ann 2 WETH             |
    deposit bob 100000             |
    index BTC 50000                | mark 50000
    bob sell BTC 0.2 @ 50000       | #1 rests 0.2
    ann buy BTC 0.2 @ 50000        | #2 buys 0.2 at 50000 from #1 ; #1 filled ; #2 filled
    bob buy BTC 0.2 @ 50000        | #3 rests 0.2
    wait 61                        |
    ann sell BTC 0.2 @ 50000       | #4 sells 0.2 at 50000 from #3 ; #3 filled ; #4 filled
    account ann                    | -10 USDC, 2 WETH, EQ 3990 IM 0
    ann withdraw 0.1 WETH          | refused MARKET_PRICE_UNAVAILABLE
    # 0.005 WETH at 2,000 USDC; the treasury takes them.
    price WETH 2500                | ann pays 10 with 0.005 WETH
    account ann                    | 0 USDC, 1.995 WETH, EQ 3990 IM 0
  `);
});

test('old prices and a liquidation hold money back, but not that of who has nothing at stake', () => {
  scenario(`
    collateral WETH 80             |
    price WETH 2500                |
    deposit ann 10000              |
    deposit bob 100000             |
    deposit cat 1000               |
    deposit cat 1 WETH             |
    index BTC 50000                | mark 50000
    ann buy BTC 1 @ 50000          | #1 rests 1
    bob sell BTC 1 @ 50000         | #2 sells 1 at 50000 from #1 ; #1 filled ; #2 filled
    wait 61                        |
    ann withdraw 1                 | refused MARKET_PRICE_UNAVAILABLE
    ann transfer 1 to 1            | refused MARKET_PRICE_UNAVAILABLE
    ann give 1 BTC insurance       | refused MARKET_PRICE_UNAVAILABLE
    cat withdraw 100               | withdrawal 0 of 100
    cat give 100 BTC insurance     | insurance of market 1 holds 100
    cat transfer 1 WETH to 1       | cat/1 opened ; cat gives 1 WETH to cat/1
    cat/1 withdraw 0.5 WETH        | withdrawal 1 of 0.5 WETH
    # Maintenance is 2,105.
    index BTC 42100                | mark 42100 ; ann liquidated at EQ 2090 MM 2105 ; auction 1 sells 0.134 from 42078 to 40010
    ann withdraw 1                 | refused ACCOUNT_IN_LIQUIDATION
    ann transfer 1 to 1            | refused ACCOUNT_IN_LIQUIDATION
    ann give 1 BTC insurance       | refused ACCOUNT_IN_LIQUIDATION
    # What comes in may end it.
    deposit ann 1000               | auction 1 healthy 0.134 ; ended at EQ 3090 MM 2105
    ann transfer 1 to 1            | refused TRANSFER_EXCEEDS_FREE_COLLATERAL
  `);
});

test('what the exchange may not hold of an asset goes straight back', () => {
  const exchange = scenario(`
    collateral WETH 80             |
    deposit ann 999 WETH           |
    deposit bob 3 WETH             | withdrawal 0 of 2 WETH
    deposit bob 1 WBTC             | refused ASSET_UNKNOWN
    # The refused one is not counted, and may come again.
    collateral WBTC 90             |
    deposit bob 1 WBTC             |
    account bob                    | 0 USDC, 1 WETH, 1 WBTC, EQ 0 IM 0
  `);
  expect(exchange.state.nextDepositIndex).toBe(3);
});

test('insurance and the backstop are filled by who wants to, and by the fees', () => {
  scenario(
    `
    deposit ann 10000              |
    deposit bob 100000             |
    index BTC 50000                | mark 50000
    ann give 1000 BTC insurance    | insurance of market 1 holds 1000
    ann give 0.5 BTC insurance     | refused WITHDRAWAL_OUT_OF_RANGE
    ann give 10000 BTC insurance   | refused WITHDRAWAL_EXCEEDS_FREE_COLLATERAL
    ann give 10 XRP insurance      | refused MARKET_UNKNOWN
    ann give 2000 BTC backstop     | backstop of market 1 holds 2000
    fund                           | insurance 1000
    ann buy BTC 1 @ 50000          | #1 rests 1
    bob sell BTC 1 @ 50000         | #2 sells 1 at 50000 from #1 ; #1 filled ; #2 filled
    fees                           | fees 35
    allocate 36 BTC insurance      | refused FEES_INSUFFICIENT
    allocate 5 ETH insurance       | insurance of market 2 holds 5
    allocate 10 BTC backstop       | backstop of market 1 holds 2010
    fees                           | fees 20
  `,
    { backstopLossCapAtoms: 1_000_000_000 },
  );
});

test('a fund holds no more than an account may', () => {
  scenario(
    `
    deposit ann 1000000000         |
    deposit bob 1000000000         |
    ann give 600000000 BTC insurance | insurance of market 1 holds 600000000
    bob give 400000001 BTC insurance | refused WITHDRAWAL_OUT_OF_RANGE
    bob give 400000000 BTC insurance | insurance of market 1 holds 1000000000
    allocate 1 BTC insurance       | refused WITHDRAWAL_OUT_OF_RANGE
    allocate 1 ETH insurance       | refused FEES_INSUFFICIENT
    ann give 400000000 BTC backstop | backstop of market 1 holds 400000000
    bob give 600000000 BTC backstop | backstop of market 1 holds 1000000000
    allocate 1 BTC backstop        | refused WITHDRAWAL_OUT_OF_RANGE
  `,
    { backstopLossCapAtoms: 1_000_000_000 },
  );
});

test('a vault that somebody paid a deposit to before it was opened keeps it, and nobody signs for it', () => {
  const exchange = new Exchange();
  exchange.list(testMarket(1, 'BTC-USD', { backstopLossCapAtoms: 1_000_000_000 }));
  const owner = `0xb5${'0'.repeat(34)}0001` as const;
  exchange.deposit('ann', 100);
  const deposit = { depositIndex: 1, owner, assetId: 0, amountAtoms: 5_000_000, l1BlockNumber: 1 } as const;
  exchange.run({ kind: 'creditDeposit', l1TxHash: '0x', ...deposit });
  const give = { marketId: toMarketId(1), fund: 'backstop', amountAtoms: 2_000_000 } as const;
  expect(exchange.run({ kind: 'fundSafety', auth: exchange.auth('ann'), ...give })).toMatchObject([
    { kind: 'safetyFunded', balanceAtoms: 7_000_000 },
  ]);
  const accountId = readAccountIdOf(exchange.state, owner)!;
  expect(readAccount(exchange.state, accountId)).toMatchObject({ backstopMarketId: 1, collateralAtoms: 7_000_000 });
  expect(readMarket(exchange.state, toMarketId(1))).toMatchObject({
    backstopAccountId: accountId,
    backstopContributedAtoms: 2_000_000,
    backstopEquityAtoms: 7_000_000,
  });
  takeDirty(exchange.state);
  exchange.run({ kind: 'fundSafety', auth: exchange.auth('ann'), ...give });
  expect(takeDirty(exchange.state)).toMatchObject({ accounts: [1, accountId], markets: [1] });
  const auth: Authorization = { ...exchange.auth('ann'), owner, signer: owner };
  const answer = exchange.run({ kind: 'withdraw', auth, recipient: owner, assetId: 0, amountAtoms: 1_000_000 });
  expect(answer).toMatchObject([{ code: REJECT_CODES.SIGNER_NOT_AUTHORIZED }]);
  const snapshot = writeSnapshot(exchange.state);
  expect(Buffer.compare(writeSnapshot(readSnapshot(snapshot)), snapshot)).toBe(0);
});

/** ann with accounts 0 and 1, her agent `key`; bob with one account and one of his own with number 1. */
function twoOwners(): Exchange {
  const exchange = new Exchange();
  exchange.list(testMarket(1, 'BTC-USD'));
  for (const owner of ['ann', 'bob']) {
    exchange.deposit(owner, 10_000);
    const auth = exchange.auth(owner);
    exchange.run({ kind: 'transfer', auth, toSubaccount: 1, assetId: 0, amountAtoms: 5_000_000_000 });
  }
  exchange.index(1, 50_000);
  const auth = exchange.auth('ann');
  exchange.run({ kind: 'approveAgent', auth, agent: exchange.address('key'), agentName: '', agentExpiresAtMs: 0 });
  return exchange;
}

function cancelAll(auth: Authorization): Command {
  return { kind: 'cancelAllOrders', auth, marketId: toMarketId(0) };
}

function answer(exchange: Exchange, command: Command): string {
  const [event] = exchange.run(command);
  if (event === undefined) return 'taken';
  return event.kind === 'commandRejected' ? (rejectName(event.code) ?? '') : event.kind;
}

test('who may sign for which account', () => {
  const exchange = twoOwners();
  const key = { signer: exchange.address('key') };
  const bob = { signer: exchange.address('bob') };
  const transferOf = (auth: Authorization): Command => {
    return { kind: 'transfer', auth, toSubaccount: 2, assetId: 0, amountAtoms: 1_000_000 };
  };
  const agentOf = (auth: Authorization): Command => {
    return { kind: 'approveAgent', auth, agent: exchange.address('k2'), agentName: '', agentExpiresAtMs: 0 };
  };
  const table: [string, Partial<Authorization>, (auth: Authorization) => Command, string][] = [
    ['ann', key, cancelAll, 'taken'],
    ['ann/1', key, cancelAll, 'taken'],
    ['ann/2', key, cancelAll, 'ACCOUNT_UNKNOWN'],
    ['ann/1', key, transferOf, 'SIGNER_NOT_AUTHORIZED'],
    ['ann/1', {}, transferOf, 'accountOpened'],
    ['ann/2', key, cancelAll, 'taken'],
    ['bob', key, cancelAll, 'SIGNER_NOT_AUTHORIZED'],
    ['bob/1', key, cancelAll, 'SIGNER_NOT_AUTHORIZED'],
    // bob has money and an account 1; neither lets him move hers.
    ['ann', bob, cancelAll, 'SIGNER_NOT_AUTHORIZED'],
    ['ann/1', bob, cancelAll, 'SIGNER_NOT_AUTHORIZED'],
    ['ann/1', bob, transferOf, 'SIGNER_NOT_AUTHORIZED'],
    // Keys are those of the main account.
    ['ann/1', {}, agentOf, 'SUBACCOUNT_INVALID'],
    ['ann/1', {}, (auth) => ({ kind: 'revokeAgent', auth, agent: exchange.address('key') }), 'SUBACCOUNT_INVALID'],
    ['ann', {}, (auth) => ({ kind: 'revokeAgent', auth, agent: exchange.address('key') }), 'agentRevoked'],
    ['ann/1', key, cancelAll, 'SIGNER_NOT_AUTHORIZED'],
    // Numbers that no account has.
    ['ann', { subaccount: 128 }, cancelAll, 'SUBACCOUNT_INVALID'],
    ['ann', { subaccount: -1 }, cancelAll, 'SUBACCOUNT_INVALID'],
    ['ann', { subaccount: 0.5 }, cancelAll, 'SUBACCOUNT_INVALID'],
    ['ann', { subaccount: 129 }, cancelAll, 'ACCOUNT_UNKNOWN'],
    ['nobody', { subaccount: 1 }, cancelAll, 'ACCOUNT_UNKNOWN'],
  ];
  const got = table.map(([account, changes, command]) => answer(exchange, command(exchange.auth(account, changes))));
  expect(got).toEqual(table.map(([, , , expected]) => expected));
});

test('a nonce is used up for all accounts of its signer', () => {
  const exchange = twoOwners();
  const nonce = exchange.timeMs + 5_000;
  expect(answer(exchange, cancelAll(exchange.auth('ann/1', { nonce })))).toBe('taken');
  expect(answer(exchange, cancelAll(exchange.auth('ann', { nonce })))).toBe('NONCE_ALREADY_USED');
  expect(answer(exchange, cancelAll(exchange.auth('bob', { nonce })))).toBe('taken');
  // One that names no account leaves it free.
  const free = nonce + 1;
  expect(answer(exchange, cancelAll(exchange.auth('ann', { nonce: free, subaccount: 128 })))).toBe(
    'SUBACCOUNT_INVALID',
  );
  expect(answer(exchange, cancelAll(exchange.auth('ann', { nonce: free })))).toBe('taken');
});

test('orders of two accounts of one owner trade, unless the order says otherwise', () => {
  scenario(`
    deposit ann 100000             |
    index BTC 50000                | mark 50000
    ann transfer 50000 to 1        | ann/1 opened ; ann gives 50000 to ann/1
    ann buy BTC 0.1 @ 50000        | #1 rests 0.1
    ann/1 sell BTC 0.1 @ 50000     | #2 sells 0.1 at 50000 from #1 ; #1 filled ; #2 filled
    ann buy BTC 0.1 @ 49000        | #3 rests 0.1
    ann/1 sell BTC 0.1 @ 49000 stp expireTaker owner | #4 selfTrade 0.1
    ann/1 sell BTC 0.1 @ 49000 stp expireTaker | #5 sells 0.1 at 49000 from #3 ; #3 filled ; #5 filled
  `);
});

test('each account has its own orders, names, dead-man switch and limits', () => {
  const exchange = twoOwners();
  const order = (account: string, clientOrderId: string): Command => ({
    kind: 'placeOrder',
    auth: exchange.auth(account),
    marketId: toMarketId(1),
    side: 'buy',
    orderType: 'limit',
    timeInForce: 'gtc',
    priceTicks: 40_000,
    sizeLots: 10,
    reduceOnly: false,
    clientOrderId,
    expiresAtMs: 0,
    displayLots: 0,
    selfTrade: 'expireMaker',
    selfTradeScope: 'account',
    trigger: undefined,
    attached: undefined,
  });
  expect(answer(exchange, order('ann', 'one'))).toBe('orderAccepted');
  expect(answer(exchange, order('ann/1', 'one'))).toBe('orderAccepted');
  expect(answer(exchange, order('ann/1', 'one'))).toBe('orderDuplicated');
  exchange.run({ kind: 'cancelAllAfter', auth: exchange.auth('ann/1'), timeoutMs: 1_000 });
  expect(exchange.wait(1_000).map((event) => event.kind)).toEqual(['cancelAllAfterFired', 'orderClosed']);
  const accounts = readAccountsOf(exchange.state, exchange.address('ann'));
  expect(accounts.map(({ subaccount, openOrders }) => ({ subaccount, openOrders }))).toEqual([
    { subaccount: 0, openOrders: [toOrderId(1)] },
    { subaccount: 1, openOrders: [] },
  ]);
});
