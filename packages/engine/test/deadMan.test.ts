import { REJECT_CODES, toAccountId } from '@keel/types';
import { expect, test } from 'vitest';
import { readAccount } from '../src/index.ts';
import { scenario } from './scenario.ts';

test('the dead-man switch takes all orders but reduce-only ones that wait for a trigger', () => {
  scenario(`
    deposit ann 100000                         |
    deposit bob 100000                         |
    index BTC 50000                            | mark 50000
    index ETH 3000                             | mark 3000
    bob sell BTC 1 @ 50000                     | #1 rests 1
    ann buy BTC 1 @ 50000                      | #2 buys 1 at 50000 from #1 ; #1 filled ; #2 filled
    ann buy ETH 1 @ 2900                       | #3 rests 1
    ann sell BTC 1 market stop 45000 reduceOnly | #4 waits for 45000
    ann buy BTC 1 market stop 55000            | #5 waits for 55000
    ann sell BTC 0.5 @ 52000 reduceOnly        | #6 rests 0.5
    ann buy BTC 0.1 @ 49000                    | #7 rests 0.1
    bob buy BTC 0.1 @ 48000                    | #8 rests 0.1
    ann deadman 2                              | ann armed for 2 s
    wait 1                                     |
    # By market, then by id.
    wait 1                                     | ann timed out ; #5 cancelAllAfter 1 ; #6 cancelAllAfter 0.5 ; #7 cancelAllAfter 0.1 ; #3 cancelAllAfter 1
    book BTC                                   | bids 0.1@48000 asks -
    # It goes off once.
    ann buy BTC 0.1 @ 49000                    | #9 rests 0.1
    wait 3                                     |
    ann cancelAll                              | #4 cancelledByOwner 1 ; #9 cancelledByOwner 0.1
  `);
});

test('each call replaces the one before; 0 takes the switch away', () => {
  scenario(`
    deposit ann 100000                         |
    index BTC 50000                            | mark 50000
    ann deadman 0.999                          | refused TIMEOUT_INVALID
    ann deadman 86401                          | refused TIMEOUT_INVALID
    ann deadman -1                             | refused TIMEOUT_INVALID
    ann deadman 1.5005                         | refused TIMEOUT_INVALID
    ann buy BTC 1 @ 49000                      | #1 rests 1
    ann deadman 2                              | ann armed for 2 s
    wait 1                                     |
    ann deadman 2                              | ann armed for 2 s
    wait 1                                     |
    # Sooner than before.
    ann deadman 1                              | ann armed for 1 s
    ann deadman 86400                          | ann armed for 86400 s
    wait 3                                     |
    ann deadman 2                              | ann armed for 2 s
    ann deadman 0                              | ann disarmed
    wait 3                                     |
    ann deadman 1                              | ann armed for 1 s
    wait 1                                     | ann timed out ; #1 cancelAllAfter 1
    ann deadman 0                              | ann disarmed
  `);
});

test('by deadline, then by account; the order that placed itself at the last moment trades before or never', () => {
  scenario(`
    deposit ann 100000                         |
    deposit bob 100000                         |
    deposit cat 100000                         |
    index BTC 50000                            | mark 50000
    cat deadman 2                              | cat armed for 2 s
    ann deadman 2                              | ann armed for 2 s
    bob deadman 1                              | bob armed for 1 s
    ann buy BTC 1 @ 49000                      | #1 rests 1
    bob buy BTC 1 @ 49000                      | #2 rests 1
    cat buy BTC 1 @ 49000                      | #3 rests 1
    wait 2                                     | bob timed out ; #2 cancelAllAfter 1 ; ann timed out ; #1 cancelAllAfter 1 ; cat timed out ; #3 cancelAllAfter 1
  `);
});

test('sixteen with one command, the rest with the next', () => {
  const exchange = scenario('');
  for (let number = 0; number < 40; number += 1) {
    const owner = `t${number}`;
    exchange.deposit(owner, 1);
    exchange.run({ kind: 'cancelAllAfter', auth: exchange.auth(owner), timeoutMs: 1_000 });
  }
  const fired = (events: readonly { kind: string }[]) =>
    events.filter(({ kind }) => kind === 'cancelAllAfterFired').length;
  const turns = [exchange.wait(1_000), exchange.wait(0), exchange.wait(0), exchange.wait(0)].map(fired);
  expect(turns).toEqual([16, 16, 8, 0]);
});

test('an account that timed out has no deadline any more', () => {
  const exchange = scenario(`
    deposit ann 100000                         |
    ann deadman 1                              | ann armed for 1 s
  `);
  const ann = () => readAccount(exchange.state, toAccountId(1));
  expect(ann()?.cancelAllAfterMs).toBe(exchange.timeMs + 1_000);
  exchange.wait(1_000);
  expect(ann()?.cancelAllAfterMs).toBe(0);
});

test('a switch that is set over and over leaves no trail of entries behind, and takes none from others', () => {
  const exchange = scenario(`
    deposit ann 1                              |
    deposit bob 1                              |
    bob deadman 5                              | bob armed for 5 s
  `);
  for (let turn = 0; turn < 1_000; turn += 1) {
    exchange.run({ kind: 'cancelAllAfter', auth: exchange.auth('ann'), timeoutMs: 60_000 + (turn % 7) });
  }
  expect(exchange.state.deadlines.ids.length).toBeLessThanOrEqual(100);
  expect(exchange.wait(5_000)).toEqual([{ kind: 'cancelAllAfterFired', accountId: 2 }]);
  expect(exchange.wait(55_000)).toEqual([]);
  expect(exchange.wait(10)).toEqual([{ kind: 'cancelAllAfterFired', accountId: 1 }]);
});

test('a stranger cannot set the switch', () => {
  const exchange = scenario('deposit ann 1 |');
  const auth = exchange.auth('ann', { signer: exchange.address('bob') });
  const code = REJECT_CODES.SIGNER_NOT_AUTHORIZED;
  expect(exchange.run({ kind: 'cancelAllAfter', auth, timeoutMs: 1_000 })).toEqual([
    { kind: 'commandRejected', code, accountId: 1 },
  ]);
});
