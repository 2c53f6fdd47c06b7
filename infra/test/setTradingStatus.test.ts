import { IntakeServer } from '@keel/intake';
import { type Command, toMarketId, toSequence } from '@keel/types';
import { afterEach, describe, expect, test } from 'vitest';
import { readMarketOptions } from '../operator/readMarketOptions.ts';
import { setTradingStatus } from '../operator/setTradingStatus.ts';

const TOKEN = 'ab'.repeat(32);

describe('market options', () => {
  const read = (...args: string[]) => readMarketOptions(args, '/here');

  test.each([
    ['open', 'open'],
    ['post-only', 'postOnly'],
    ['cancel-only', 'cancelOnly'],
    ['halt', 'halted'],
  ])('%s', (word, status) => {
    expect(read(word, 'eth-usd')).toEqual({ status, symbol: 'ETH-USD', data: '/here/.keel/devnet', json: false });
  });

  test('another folder', () => {
    expect(read('halt', 'BTC-USD', '--data', '/there', '--json')).toMatchObject({ data: '/there', json: true });
  });

  test.each([
    [[], /^Write npm run -s market -- halt\|open\|post-only\|cancel-only SYMBOL/],
    [['halt'], /^Write npm run/],
    [['stop', 'BTC-USD'], /^Write npm run/],
    [['toString', 'BTC-USD'], /^Write npm run/],
    [['halt', 'BTC-USD', 'ETH-USD'], /^Write npm run/],
    [['halt', 'BTC-USD', '--dta', 'x'], /Unknown option '--dta'/],
  ])('%j is refused', (args, sentence) => {
    expect(() => read(...args)).toThrow(sentence);
  });
});

describe('a trading status', () => {
  let server: IntakeServer | undefined;
  afterEach(() => server?.close());

  /** An intake that answers like an exchange with one market; what it was handed is kept. */
  async function openIntake(handed: Command[]): Promise<{ url: string; token: string }> {
    server = new IntakeServer({
      host: '127.0.0.1',
      port: 0,
      token: TOKEN,
      handler: {
        submit: async (_role, command) => {
          handed.push(command);
          return { sequence: toSequence(42), timeMs: 1_800_000_000_000, events: [] };
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

  test('goes over the intake as the operator', async () => {
    const handed: Command[] = [];
    const door = await openIntake(handed);
    expect(await setTradingStatus(door, 'ETH-USD', 'halted')).toEqual({
      symbol: 'ETH-USD',
      status: 'halted',
      sequence: 42,
      timeMs: 1_800_000_000_000,
    });
    expect(handed).toEqual([{ kind: 'setTradingStatus', marketId: 2, status: 'halted' }]);
  });

  test('of a market that is not there, with a wrong secret, to nobody', async () => {
    const handed: Command[] = [];
    const door = await openIntake(handed);
    await expect(setTradingStatus(door, 'FOO-USD', 'open')).rejects.toThrow('no market FOO-USD; there are ETH-USD.');
    await expect(setTradingStatus({ ...door, token: 'cd'.repeat(32) }, 'ETH-USD', 'open')).rejects.toThrow('refused');
    await server?.close();
    await expect(setTradingStatus(door, 'ETH-USD', 'open')).rejects.toThrow('No sequencer answers');
    expect(handed).toEqual([]);
  });
});
