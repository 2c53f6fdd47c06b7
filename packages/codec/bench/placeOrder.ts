import { type Command, toMarketId } from '@keel/types';
import { decodeCommand, encodeCommand } from '../src/index.ts';

const ROUNDS = 200_000;

const order: Command = {
  kind: 'placeOrder',
  auth: {
    owner: `0x${'11'.repeat(20)}`,
    subaccount: 0,
    signer: `0x${'22'.repeat(20)}`,
    nonce: 1_700_000_000_000,
    expiresAfterMs: 1_700_000_060_000,
    signature: `0x${'33'.repeat(65)}`,
  },
  marketId: toMarketId(1),
  side: 'buy',
  orderType: 'limit',
  timeInForce: 'gtc',
  priceTicks: 221_965,
  sizeLots: 150_000,
  reduceOnly: false,
  clientOrderId: 'maker-7-000123',
  expiresAtMs: 0,
  displayLots: 0,
  selfTrade: 'expireMaker',
  selfTradeScope: 'account',
  trigger: undefined,
  attached: undefined,
};

function measure(name: string, run: () => unknown): void {
  for (let round = 0; round < ROUNDS / 10; round++) run();
  const start = performance.now();
  for (let round = 0; round < ROUNDS; round++) run();
  const perSecond = Math.round((ROUNDS * 1000) / (performance.now() - start));
  process.stdout.write(`${name} ${perSecond.toLocaleString('en-US')}/s\n`);
}

const bytes = encodeCommand(order);
process.stdout.write(`placeOrder is ${bytes.length} bytes\n`);
measure('encodeCommand', () => encodeCommand(order));
measure('decodeCommand', () => decodeCommand(bytes));
