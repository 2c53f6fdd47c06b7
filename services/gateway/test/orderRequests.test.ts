import { actionOfCommand, hashAction, keelDomain, recoverSigner } from '@keel/signing';
import type { SignedCommand } from '@keel/types';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openSocket, type TestSocket } from './openSocket.ts';
import { ORDER_ROWS } from './orderRows.ts';
import { ACCOUNT, BTC, BTC_MARKET, OWNER, WETH, WETH_COLLATERAL } from './readModelOf.ts';
import { signed } from './signedOrder.ts';
import { CHAIN_ID, type Exchange, SETTLEMENT, startExchange } from './startExchange.ts';

let exchange: Exchange;
let client: TestSocket;
beforeAll(async () => {
  exchange = await startExchange();
  client = await openSocket(exchange.port);
});
afterAll(() => exchange.stop());
beforeEach(() => {
  exchange.commands.length = 0;
  // Answers are looked at elsewhere: here every command is taken, and refused with a code that no door gives.
  exchange.onCommand = () => [{ kind: 'commandRejected', code: 301, accountId: ACCOUNT }];
});

const domain = keelDomain(CHAIN_ID, SETTLEMENT);
const specs = new Map([[BTC, BTC_MARKET.spec]]);
const collaterals = new Map([[WETH, WETH_COLLATERAL.spec]]);

/** Whoever reads the log: rebuilds the text from the command and finds who signed it. */
function signerFromLog(command: SignedCommand | undefined): string {
  return recoverSigner(
    hashAction(domain, actionOfCommand(command!, specs, collaterals)),
    command!.auth.signature,
  ) as string;
}

describe('a signed request reaches the log as it was signed', () => {
  test.each(ORDER_ROWS)('%s, %s', async (path, method, action, expected) => {
    const body = signed(action);
    const overRest = await exchange.post(path, body);
    expect(overRest.body.code).toBe('ACCOUNT_IN_LIQUIDATION');
    const overSocket = await client.ask(method, body);
    expect(overSocket.error?.code).toBe('ACCOUNT_IN_LIQUIDATION');
    const [command, again] = exchange.commands as SignedCommand[];
    expect(command).toMatchObject({ ...expected, auth: { owner: OWNER, signer: OWNER, nonce: 1_000 } });
    expect(again).toEqual(command);
    expect(actionOfCommand(command!, specs, collaterals)).toEqual(action);
    expect(signerFromLog(command)).toBe(OWNER);
  });

  /** The same with every field left out that stands at its default. */
  test.each(ORDER_ROWS)('%s, %s, defaults left out', async (path, _, action) => {
    await exchange.post(path, withoutDefaults(signed(action)));
    const [command] = exchange.commands as SignedCommand[];
    expect(actionOfCommand(command!, specs, collaterals)).toEqual(action);
    expect(signerFromLog(command)).toBe(OWNER);
  });
});

const DEFAULTS: Readonly<Record<string, unknown>> = {
  timeInForce: 'gtc',
  reduceOnly: false,
  clientOrderId: '',
  expiresAt: 0,
  displaySize: '0',
  selfTrade: 'expireMaker',
  selfTradeScope: 'account',
  triggerKind: '',
  triggerPrice: '0',
  trail: '0',
  takeProfitTrigger: '0',
  takeProfitPrice: '0',
  stopLossTrigger: '0',
  stopLossPrice: '0',
  grouping: 'none',
  skewPpm: 1_000_000,
  orderId: '0',
  quantity: '0',
  delta: '0',
  fillCount: 0,
  asset: 'USDC',
  subaccount: 0,
  expiresAfter: 0,
};

function withoutDefaults(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutDefaults);
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([name, held]) => !(name in DEFAULTS) || DEFAULTS[name] !== held);
  return Object.fromEntries(kept.map(([name, held]) => [name, withoutDefaults(held)]));
}
