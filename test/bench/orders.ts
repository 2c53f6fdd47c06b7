/**
 * Orders per second end to end: signed orders over WebSocket through gateway, signature check, sequencer, journal
 * (fdatasync before every acknowledgement), engine, and back. Everything runs on this machine; the load has its own
 * process. In the same run the same frames go to a bare echo server: the ratio says what the exchange costs.
 *
 *   npm run -s bench:orders -- [--accounts 16] [--orders 1000] [--windows 1,8,64] [--json]
 *
 * A window is how many orders each account keeps unanswered.
 */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { addressOfKey } from '@keel/signing';
import { type Address, type Hex, toMarketId } from '@keel/types';
import { startChild } from '../e2e/childProcess.ts';
import { type Exchange, startExchange } from '../e2e/exchange.ts';
import { waitFor } from '../e2e/waitFor.ts';
import { readOptions } from '../readOptions.ts';
import type { LoadPlan, LoadResult } from './ordersLoad.ts';

const values = readOptions('bench:orders', {
  accounts: { type: 'string', default: '16' },
  orders: { type: 'string', default: '1000' },
  windows: { type: 'string', default: '1,8,64' },
  json: { type: 'boolean', default: false },
});
const keys = Array.from(
  { length: Number(values.accounts) },
  (_item, index): Hex => `0x${String(index + 1).padStart(64, '0')}`,
);
const DEPOSIT_ATOMS = 1_000_000_000_000n;

const exchange = await startExchange({ env: { KEEL_RATE_PER_MINUTE: '10000000', KEEL_LOG_LEVEL: 'warn' } });
const echo = startChild('echo', process.execPath, [new URL('echoServer.ts', import.meta.url).pathname], {});
const index = setInterval(() => void setIndex(exchange), 1_000);
try {
  await setIndex(exchange);
  for (const key of keys) await exchange.l1.deposit(addressOfKey(key), DEPOSIT_ATOMS);
  for (const key of keys) await waitFor('the deposit', () => hasAccount(exchange, addressOfKey(key)));
  const echoPort = await waitFor('the echo server', () => echo.output().trim() || undefined);
  const rounds = [];
  for (const window of values.windows.split(',').map(Number))
    rounds.push({ window, ...(await load(window, echoPort)) });
  print(rounds);
} finally {
  clearInterval(index);
  await echo.stop();
  await exchange.stop();
}

type Round = { readonly window: number; readonly exchange: LoadResult; readonly echo: LoadResult };

async function load(window: number, echoPort: string): Promise<{ exchange: LoadResult; echo: LoadResult }> {
  const plan: LoadPlan = {
    url: `${exchange.gatewayUrl.replace('http', 'ws')}/v1/ws`,
    echoUrl: `ws://127.0.0.1:${echoPort}`,
    chainId: 31_337,
    settlement: exchange.l1.settlement.toLowerCase() as Address,
    keys,
    ordersPerKey: Number(values.orders),
    window,
  };
  const script = new URL('ordersLoad.ts', import.meta.url).pathname;
  const child = promisify(execFile)(process.execPath, [script, JSON.stringify(plan)], { maxBuffer: 1 << 20 });
  return JSON.parse((await child).stdout) as { exchange: LoadResult; echo: LoadResult };
}

async function setIndex(exchange: Exchange): Promise<void> {
  await exchange.price(toMarketId(1), 600_000);
}

async function hasAccount({ gatewayUrl }: Exchange, address: Address): Promise<true | undefined> {
  return (await fetch(`${gatewayUrl}/v1/accounts/${address}`)).ok ? true : undefined;
}

function print(rounds: readonly Round[]): void {
  if (values.json) {
    process.stdout.write(
      `${JSON.stringify({ commitPolicy: 'fdatasync before every acknowledgement, grouped', rounds })}\n`,
    );
    return;
  }
  process.stdout.write('commit policy: fdatasync before every acknowledgement, grouped\n');
  process.stdout.write('window  orders/s  p50 ms  p99 ms  p99.9 ms  refused  of bare echo\n');
  for (const { window, exchange: keel, echo: bare } of rounds) {
    const { p50, p99, p999 } = keel.latencyMs;
    const cells = [
      String(window).padStart(6),
      String(keel.ordersPerSecond).padStart(9),
      p50.toFixed(2).padStart(7),
      p99.toFixed(2).padStart(7),
      p999.toFixed(2).padStart(9),
      JSON.stringify(keel.refused).padStart(8),
      `${((keel.ordersPerSecond * 100) / bare.ordersPerSecond).toFixed(1)} % of ${bare.ordersPerSecond}/s`,
    ];
    process.stdout.write(`${cells.join(' ')}\n`);
  }
}
