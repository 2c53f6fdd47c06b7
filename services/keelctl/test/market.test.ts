import { IntakeHandingOver, IntakePaused, IntakeServer } from '@keel/intake';
import { type Command, type Event, REJECT_CODES, toMarketId, toSequence } from '@keel/types';
import { afterEach, describe, expect, test } from 'vitest';
import { allocateFees } from '../src/market/allocateFees.ts';
import { listPriceFeeders, setPriceFeeders } from '../src/market/priceFeeders.ts';
import { readMarketOptions } from '../src/market/readMarketOptions.ts';
import { setTradingStatus } from '../src/market/setTradingStatus.ts';

const FEEDERS = [{ feeder: `0x${'a'.repeat(40)}` as const, weight: 1 }];
const TOKEN = 'ab'.repeat(32);

describe('market options', () => {
  const read = (...args: string[]) => readMarketOptions(args);

  test.each([
    ['open', 'open'],
    ['post-only', 'postOnly'],
    ['cancel-only', 'cancelOnly'],
    ['halt', 'halted'],
    ['resume', 'open'],
  ])('%s', (word, status) => {
    const wish = { kind: 'setStatus', status, symbol: 'ETH-USD' };
    expect(read(word, 'eth-usd')).toMatchObject({ wish, data: undefined, json: false });
    if (word !== 'resume') expect(read('set', 'eth-usd', word)).toMatchObject({ wish });
  });

  const [a, b] = [`0x${'a'.repeat(40)}`, `0x${'b'.repeat(40)}`];
  test.each([
    [['feeders', 'list'], { kind: 'listFeeders' }],
    [
      ['feeders', 'set', `0x${'B'.repeat(40)}:3`, a],
      {
        kind: 'setFeeders',
        feeders: [
          { feeder: a, weight: 1 },
          { feeder: b, weight: 3 },
        ],
      },
    ],
    [
      ['allocate-fees', 'eth-usd', 'backstop', '12.5'],
      { kind: 'allocateFees', symbol: 'ETH-USD', fund: 'backstop', amountAtoms: 12_500_000 },
    ],
  ])('%j', (args, wish) => expect(read(...args).wish).toEqual(wish));

  test('another folder', () => {
    expect(read('halt', 'BTC-USD', '--data', '/there', '--json')).toMatchObject({ data: '/there', json: true });
  });

  test('help says what there is', () => {
    const { wish } = read('--help');
    expect(wish).toMatchObject({ kind: 'help', text: expect.stringMatching(/^keelctl market .*--data DIR/) });
  });

  test.each([
    [[], /^write keelctl market list \| halt\|resume\|open\|post-only\|cancel-only SYMBOL/],
    [['halt'], /^write keelctl market/],
    [['stop', 'BTC-USD'], /^write keelctl market/],
    [['set', 'BTC-USD', 'resume'], /^write keelctl market/],
    [['list', 'BTC-USD'], /^write keelctl market/],
    [['toString', 'BTC-USD'], /^write keelctl market/],
    [['halt', 'BTC-USD', 'ETH-USD'], /^write keelctl market/],
    [['halt', 'BTC-USD', '--dta', 'x'], /Unknown option '--dta'/],
    [['feeders'], /^write keelctl.*feeders set ADDRESS/],
    [['feeders', 'set'], /^write keelctl market/],
    [['feeders', 'list', a], /^write keelctl market/],
    [['feeders', 'set', '0xabc'], /^"0xabc" is no feeder/],
    [['feeders', 'set', `${a}:0`], /is no feeder/],
    [['feeders', 'set', a, `${a}:2`], /each once/],
    [['allocate-fees', 'ETH-USD', 'fees', '1'], /^write keelctl market/],
    [['allocate-fees', 'ETH-USD', 'insurance', '0'], /^"0" is no amount of USDC/],
    [['allocate-fees', 'ETH-USD', 'insurance', '1e3'], /is no amount of USDC/],
  ])('%j is refused', (args, sentence) => {
    expect(() => read(...args)).toThrow(sentence);
  });
});

describe('the operator', () => {
  let server: IntakeServer | undefined;
  afterEach(() => server?.close());

  /** An intake that answers like an exchange with one market; what it was handed is kept. */
  async function openIntake(
    handed: Command[],
    events: readonly Event[] = [],
    fault?: Error,
  ): Promise<{ url: string; token: string }> {
    server = new IntakeServer({
      host: '127.0.0.1',
      port: 0,
      token: TOKEN,
      handler: {
        submit: async (_role, command) => {
          if (fault !== undefined) throw fault;
          handed.push(command);
          return { sequence: toSequence(42), timeMs: 1_800_000_000_000, events };
        },
        batch: () => Promise.resolve(undefined),
        status: () => ({
          sequence: toSequence(41),
          timeMs: 1,
          stateRoot: `0x${'00'.repeat(32)}`,
          lastBatchIndex: -1,
          nextDepositIndex: 0,
          nextWithdrawalIndex: 0,
          accounts: 0,
          openOrders: 0,
          collaterals: [],
          feeders: FEEDERS,
          markets: [
            {
              marketId: toMarketId(2),
              symbol: 'ETH-USD',
              priceDecimals: 2,
              maxPriceTicks: 10_000_000,
              indexJumpPpm: 1,
              indexTicks: 0,
            },
          ],
        }),
      },
    });
    return { url: `ws://127.0.0.1:${await server.listen()}`, token: TOKEN };
  }

  test('sets a trading status over the intake', async () => {
    const handed: Command[] = [];
    const door = await openIntake(handed);
    expect(await setTradingStatus(door, 'ETH-USD', 'halted')).toEqual({
      symbol: 'ETH-USD',
      status: 'halted',
      resuming: false,
      sequence: 42,
      timeMs: 1_800_000_000_000,
    });
    expect(handed).toEqual([{ kind: 'setTradingStatus', marketId: 2, status: 'halted' }]);
  });

  test('a market that comes back from a halt is told as that', async () => {
    const resuming = { kind: 'marketResuming', marketId: toMarketId(2), stage: 'awaitingPrice', untilMs: 0 } as const;
    const door = await openIntake([], [resuming]);
    expect(await setTradingStatus(door, 'ETH-USD', 'open')).toMatchObject({ status: 'open', resuming: true });
  });

  test('lists and sets feeders, and moves fees', async () => {
    const handed: Command[] = [];
    const door = await openIntake(handed);
    expect(await listPriceFeeders(door)).toEqual(FEEDERS);
    expect(await setPriceFeeders(door, FEEDERS)).toMatchObject({ feeders: FEEDERS, sequence: 42 });
    expect(await allocateFees(door, 'ETH-USD', 'insurance', 5_000_000)).toMatchObject({ sequence: 42 });
    expect(handed).toEqual([
      { kind: 'setPriceFeeders', feeders: FEEDERS },
      { kind: 'allocateFees', marketId: 2, fund: 'insurance', amountAtoms: 5_000_000 },
    ]);
  });

  test('is told what the exchange refuses', async () => {
    const refused = { kind: 'commandRejected', code: REJECT_CODES.FEES_INSUFFICIENT, accountId: 0 } as const;
    const door = await openIntake([], [refused]);
    await expect(allocateFees(door, 'ETH-USD', 'insurance', 1)).rejects.toThrow(
      'the exchange refused it: FEES_INSUFFICIENT',
    );
  });

  test.each([
    [
      new IntakePaused('paused'),
      'paused the exchange, which holds for operators too: nothing has changed; keelctl leader resume',
    ],
    [new IntakeHandingOver('on its way'), 'hands over to another node: nothing has changed; say it again'],
  ])('%s is one sentence', async (fault, told) => {
    const door = await openIntake([], [], fault);
    await expect(setTradingStatus(door, 'ETH-USD', 'halted')).rejects.toMatchObject({
      name: 'CommandFault',
      message: expect.stringContaining(told),
    });
  });

  test('names a market that is not there, has a wrong secret, meets nobody', async () => {
    const handed: Command[] = [];
    const door = await openIntake(handed);
    await expect(setTradingStatus(door, 'FOO-USD', 'open')).rejects.toThrow('no market FOO-USD; there are ETH-USD');
    await expect(setTradingStatus({ ...door, token: 'cd'.repeat(32) }, 'ETH-USD', 'open')).rejects.toThrow('refused');
    await server?.close();
    await expect(setTradingStatus(door, 'ETH-USD', 'open')).rejects.toThrow('no sequencer takes commands at');
    expect(handed).toEqual([]);
  });
});
