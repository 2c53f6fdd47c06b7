import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { KeelClient } from '@keel/client';
import { type Hex, toMarketId } from '@keel/types';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Exchange, startExchange } from './exchange.ts';
import { waitFor } from './waitFor.ts';

const ROOT = new URL('../..', import.meta.url).pathname;
const KEY: Hex = `0x${'7'.repeat(64)}`;

/** What the README tells a person to type, against a live exchange. */
describe('a person with a key and the commands of the README', () => {
  let exchange: Exchange;
  let person: KeelClient;

  beforeAll(async () => {
    exchange = await startExchange();
    person = new KeelClient({ url: exchange.gatewayUrl, privateKey: KEY });
    await exchange.price(toMarketId(1), 600_000);
  });
  afterAll(async () => {
    person?.close();
    await exchange?.stop();
  });

  const typed = async (env: NodeJS.ProcessEnv, program: string, ...args: string[]): Promise<string> =>
    (await promisify(execFile)(process.execPath, [`${ROOT}/${program}`, ...args], { env })).stdout;
  const type = (program: string, ...args: string[]): Promise<string> => typed(process.env, program, ...args);
  const wallet = (program: string, ...args: string[]): Promise<string> =>
    type(
      `infra/wallet/${program}.ts`,
      '--account',
      person.address,
      '--url',
      exchange.gatewayUrl,
      '--l1',
      exchange.l1.url,
      ...args,
    );

  test('learns the address of the key and deposits test USDC', async () => {
    expect((await type('packages/client/examples/address.ts', KEY)).trim()).toBe(person.address);
    expect(await wallet('deposit', '--usdc', '2500.5')).toContain('2500.5 USDC deposited');
    await waitFor('the deposit', async () => (await person.account()).collateral === '2500.5' || undefined);
  });

  test('runs the examples: rests and cancels an order, follows a book', async () => {
    // Prices are good for five seconds, and the deposit may take longer.
    await exchange.price(toMarketId(1), 600_000);
    const placed = await type('packages/client/examples/placeOrder.ts', exchange.gatewayUrl, KEY, 'BTC-USD', '0.01');
    expect(placed).toMatch(/order \d+ is resting at 54000, durability acked\ncancelled at sequence \d+/);
    const followed = await type('packages/client/examples/followBook.ts', exchange.gatewayUrl, 'BTC-USD', '1');
    expect(followed).not.toBe('');
  });

  test('the operator halts a market and opens it again', async () => {
    const market = (...words: string[]): Promise<string> =>
      typed({ ...process.env, ...exchange.operatorEnv }, 'services/keelctl/src/main.ts', 'market', ...words);
    const order = { market: 'BTC-USD', side: 'buy', price: '54000', size: '0.01', timeInForce: 'gtc' } as const;
    const price = () => exchange.price(toMarketId(1), 600_000);
    await price();
    const resting = await person.placeOrder(order);
    expect(await market('halt', 'BTC-USD')).toMatch(/^BTC-USD is halted from command \d+ on/);
    await expect(person.placeOrder(order)).rejects.toMatchObject({ code: 'MARKET_HALTED' });
    await person.cancelOrder(resting.orderId);
    expect(await market('post-only', 'BTC-USD')).toContain('BTC-USD is postOnly');
    await expect(person.placeOrder(order)).rejects.toMatchObject({ code: 'MARKET_POST_ONLY' });
    expect(await market('open', 'btc-usd')).toContain('BTC-USD is open');
    await price();
    await person.cancelOrder((await person.placeOrder(order)).orderId);
    await market('halt', 'BTC-USD');
    expect(await market('open', 'BTC-USD')).toContain('BTC-USD comes back by stages from command');
    await price();
    await expect(person.placeOrder(order)).rejects.toMatchObject({ code: 'MARKET_CANCEL_ONLY' });
  });

  test('withdraws and claims, once', async () => {
    const withdrawn = await type('packages/client/examples/withdraw.ts', exchange.gatewayUrl, KEY, '500');
    expect(withdrawn).toContain(`500 USDC left ${person.address}`);
    expect(await wallet('claim')).toContain('500 USDC paid');
    expect(await exchange.l1.usdcBalance(person.address)).toBe(500_000_000n);
    expect(await wallet('claim')).toContain('nothing to claim');
  });

  test.each([
    ['address', [], 2, 'usage: node_modules/.bin/node packages/client/examples/address.ts'],
    [
      'placeOrder',
      ['http://127.0.0.1:1', '0x12'],
      2,
      'usage: node_modules/.bin/node packages/client/examples/placeOrder.ts',
    ],
    ['withdraw', ['http://127.0.0.1:1', KEY], 2, 'usage: node_modules/.bin/node packages/client/examples/withdraw.ts'],
    ['marketMaker', [], 2, 'usage: node_modules/.bin/node packages/client/examples/marketMaker.ts <gateway> 0x<'],
    ['liquidator', [], 2, 'usage: node_modules/.bin/node packages/client/examples/liquidator.ts <gateway> 0x<'],
    [
      'positionMonitor',
      [],
      2,
      'usage: node_modules/.bin/node packages/client/examples/positionMonitor.ts <gateway> 0x<',
    ],
    ['placeOrder', ['http://127.0.0.1:1', KEY], 1, 'UNREACHABLE: no answer from http://127.0.0.1:1'],
  ])('the example %s with %j says one sentence and leaves with %i', async (program, args, code, sentence) => {
    const fault = await type(`packages/client/examples/${program}.ts`, ...args).catch(
      (caught: unknown) => caught as { code: number; stderr: string },
    );
    expect(fault).toMatchObject({ code, stderr: expect.stringMatching(new RegExp(`^${sentence}.*\\n$`)) });
  });

  test.each([
    ['deposit', ['--usdc', '0.5'], '--usdc must be an amount from 1'],
    ['deposit', ['--usdc', '5', '--l1', 'http://127.0.0.1:1'], 'No L1 answers at http://127.0.0.1:1'],
    ['claim', ['--url', 'http://127.0.0.1:1'], 'No gateway answers at http://127.0.0.1:1'],
    ['claim', ['--account', '0x12'], 'Name the account with --account'],
    ['claim', ['--colour', 'red'], "Unknown option '--colour'"],
  ])('%s %j is told what is wrong', async (program, args, sentence) => {
    const fault = await wallet(program, ...args).catch((caught: unknown) => caught as { code: number; stderr: string });
    expect(fault).toMatchObject({ code: 1, stderr: expect.stringContaining(sentence) });
  });
});
