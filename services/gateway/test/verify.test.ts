import { hashRequest, parseRequest } from '@keel/hyperliquid';
import { hashAction, keelDomain, type SignableAction, signAction, typedDataOf } from '@keel/signing';
import { toAccountId } from '@keel/types';
import { Compile } from 'typebox/compile';
import { hashTypedData, type TypedDataDefinition } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { verifyAnswer } from '../src/wire/verify.ts';
import { fullAt, KEY, OWNER } from './readModelOf.ts';
import { signedOrder } from './signedOrder.ts';
import { type Answer, CHAIN_ID, type Exchange, SETTLEMENT, startExchange } from './startExchange.ts';

const AGENT_KEY = `0x${'a9'.repeat(32)}` as const;
const OLD_KEY = `0x${'b9'.repeat(32)}` as const;
const agent = privateKeyToAccount(AGENT_KEY);
const AGENT = agent.address.toLowerCase() as `0x${string}`;
const OLD = privateKeyToAccount(OLD_KEY).address.toLowerCase() as `0x${string}`;
const domain = keelDomain(CHAIN_ID, SETTLEMENT);

let exchange: Exchange;
beforeAll(async () => {
  exchange = await startExchange();
  const full = fullAt(2);
  const [main, ...others] = full.accounts;
  const agents = [
    { agent: AGENT, agentName: 'desk', expiresAtMs: 0 },
    { agent: OLD, agentName: 'old', expiresAtMs: 5 },
  ];
  const approvals = [{ agent: AGENT, approvals: [{ accountId: toAccountId(1), expiresAtMs: 0 }] }];
  await exchange.writer.rebuild({ ...full, accounts: [{ ...main!, agents }, ...others], approvals });
});
afterAll(() => exchange.stop());

const CANCEL: SignableAction = {
  primaryType: 'CancelAllOrders',
  account: OWNER,
  subaccount: 0,
  market: '',
  nonce: 5,
  expiresAfter: 0,
};
const { primaryType, ...FIELDS } = CANCEL;

async function verify(body: object): Promise<Answer['body']> {
  const answer = await exchange.post('/v1/debug/verify', body);
  expect(answer.status, answer.text).toBe(200);
  expect(Compile(verifyAnswer).Errors(answer.body)).toEqual([]);
  return answer.body;
}
const verifyCancel = (signature: string, more: object = {}) => verify({ primaryType, ...FIELDS, ...more, signature });

describe('a request in our own words', () => {
  test('is answered with what was hashed, as another library hashes it, and nothing is done', async () => {
    const action = { primaryType: 'PlaceOrder', ...signedOrder() };
    // With what has a default left out.
    const { market, side, orderType, price, size, account, nonce, signature } = action as Record<string, unknown>;
    const body = await verify({
      primaryType: 'PlaceOrder',
      market,
      side,
      orderType,
      price,
      size,
      account,
      nonce,
      signature,
    });
    expect(body).toMatchObject({
      scheme: 'keel',
      request: 'PlaceOrder',
      domain: { name: 'Keel', version: '1', chainId: CHAIN_ID, verifyingContract: SETTLEMENT },
      message: { market: 'BTC-USD', timeInForce: 'gtc', reduceOnly: false, expiresAfter: 0 },
      signer: OWNER,
      account: OWNER,
      role: 'owner',
      accepted: true,
      signatureFault: null,
      matchesExpected: null,
      findings: [],
    });
    const message = body.message as object;
    const typed = typedDataOf(domain, { primaryType: 'PlaceOrder', ...message } as SignableAction);
    expect(body.hash).toBe(hashTypedData(typed as unknown as TypedDataDefinition));
    expect(exchange.commands).toEqual([]);
  });

  test.each([
    ['an agent', AGENT_KEY, 'agent', true],
    ['an agent whose time is over', OLD_KEY, 'expiredAgent', false],
    ['a stranger', `0x${'c9'.repeat(32)}` as const, 'nobody', false],
  ])('%s', async (_, key, role, accepted) => {
    expect(await verifyCancel(signAction(domain, CANCEL, key))).toMatchObject({ account: OWNER, role, accepted });
  });

  test('whoever is expected is compared', async () => {
    const signature = signAction(domain, CANCEL, AGENT_KEY);
    expect(await verifyCancel(signature, { expectedSigner: AGENT })).toMatchObject({
      matchesExpected: true,
      findings: [],
    });
    expect(await verifyCancel(signature, { expectedSigner: OWNER })).toMatchObject({
      matchesExpected: false,
      findings: [],
    });
  });

  const otherHalf = (signature: string): string => {
    const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
    const s = (order - BigInt(`0x${signature.slice(66, 130)}`)).toString(16).padStart(64, '0');
    return `${signature.slice(0, 66)}${s}${signature.endsWith('1b') ? '1c' : '1b'}`;
  };
  const good = signAction(domain, CANCEL, KEY);
  const counted = `${good.slice(0, -2)}${good.endsWith('1b') ? '00' : '01'}`;
  test.each([
    ['v counted from 0', () => counted, 'signatureSpelling'],
    ['s in the upper half', () => otherHalf(good), 'signatureSpelling'],
    ['another chain', () => signAction(keelDomain(1, SETTLEMENT), CANCEL, KEY), 'chainId'],
    ['no contract', () => signAction(keelDomain(CHAIN_ID, `0x${'0'.repeat(40)}`), CANCEL, KEY), 'verifyingContract'],
    [
      'another chain and v from 0',
      () => {
        const signature = signAction(keelDomain(1, SETTLEMENT), CANCEL, KEY);
        return `${signature.slice(0, -2)}${signature.endsWith('1b') ? '00' : '01'}`;
      },
      'chainId',
    ],
    [
      'a message instead of typed data',
      () => privateKeyToAccount(KEY).signMessage({ message: { raw: hashAction(domain, CANCEL) } }),
      'personalSign',
    ],
  ])('%s is found', async (_, signature, mistake) => {
    const body = await verifyCancel(await signature());
    expect(body.accepted).toBe(false);
    expect(body.findings).toMatchObject([{ mistake, signer: OWNER }]);
  });

  test.each([
    ['0.50', { size: '0.50' }, 'size'],
    ['a price and a size with three decimals', { price: '60000.500', size: '0.500' }, 'price and size'],
  ])('trailing zeros that were signed and not sent are found: %s', async (_, zeros, told) => {
    const sent = { primaryType: 'PlaceOrder', ...signedOrder({ price: '60000.5', size: '0.5' }) };
    const { signature: _sent, ...action } = sent as Record<string, unknown>;
    const signature = signAction(domain, { ...action, ...zeros } as unknown as SignableAction, KEY);
    const body = await verify({ ...action, signature });
    expect(body).toMatchObject({ accepted: false, findings: [{ mistake: 'trailingZeros', signer: OWNER }] });
    expect(JSON.stringify(body.findings)).toContain(`decimals in ${told};`);
  });

  test.each([
    ['its owner', KEY, 'the signer owns this account'],
    ['its agent', AGENT_KEY, `the signer is an agent of ${OWNER}`],
  ])('another account than the one meant by %s is found', async (_, key, told) => {
    const account = `0x${'77'.repeat(20)}` as const;
    const body = await verifyCancel(signAction(domain, { ...CANCEL, account }, key), { account });
    expect(body).toMatchObject({ role: 'nobody', accepted: false, findings: [{ mistake: 'account' }] });
    expect(JSON.stringify(body.findings)).toContain(`${told}; account names ${account}`);
  });

  test('an account that is not there', async () => {
    const account = `0x${'77'.repeat(20)}`;
    const body = await verifyCancel(good, { account });
    expect(body).toMatchObject({ account: null, role: 'nobody', accepted: false });
  });

  test.each([
    ['a type that is none', { primaryType: 'Steal', ...FIELDS, signature: good }, 'METHOD_NOT_FOUND', '/primaryType'],
    ['a field too much', { primaryType, ...FIELDS, signature: good, leverage: 3 }, 'UNKNOWN_FIELD', '/leverage'],
    ['no signature', { primaryType, ...FIELDS }, 'BAD_REQUEST', ''],
    ['both kinds', { hyperliquid: {}, more: 1 }, 'UNKNOWN_FIELD', ''],
    ['what is no request', { hyperliquid: {} }, 'BAD_REQUEST', '/hyperliquid'],
  ])('%s is refused', async (_, body, code, path) => {
    const answer = await exchange.post('/v1/debug/verify', body);
    expect(answer.body).toMatchObject({ code, ...(path === '' ? {} : { details: { path } }) });
  });
});

describe("a request in Hyperliquid's words", () => {
  const ORDER = { a: 0, b: true, p: '60000', s: '0.001', r: false, t: { limit: { tif: 'Gtc' } } };
  const action = (order: object) => ({ type: 'order', orders: [order], grouping: 'na' });
  /** What is sent, and what was signed if that is not the same. */
  async function ask(
    sent: object,
    { toSign = sent, source = 'b' as 'a' | 'b', expiresAfter = undefined as number | undefined } = {},
  ) {
    const none = { r: `0x${'1'.padStart(64, '0')}`, s: `0x${'1'.padStart(64, '0')}`, v: 27 };
    const unsigned = parseRequest({ action: toSign, nonce: 1_700_000_000_000, signature: none });
    const hash = Buffer.from(hashRequest(unsigned, source)).toString('hex');
    const text = await agent.sign({ hash: `0x${hash}` });
    const signature = { r: text.slice(0, 66), s: `0x${text.slice(66, 130)}`, v: Number.parseInt(text.slice(130), 16) };
    const body = {
      action: sent,
      nonce: 1_700_000_000_000,
      signature,
      ...(expiresAfter === undefined ? {} : { expiresAfter }),
    };
    return verify({ hyperliquid: body });
  }

  test('of an agent leads to its owner', async () => {
    expect(await ask(action(ORDER))).toMatchObject({
      scheme: 'hyperliquid',
      request: 'order',
      signer: AGENT,
      account: OWNER,
      role: 'agent',
      accepted: true,
      findings: [],
    });
  });

  const { s, p, ...rest } = ORDER;
  test.each([
    ['the source of the mainnet', () => ask(action(ORDER), { source: 'a' }), 'mainnetSource'],
    ['expiresAfter that was not signed', () => ask(action(ORDER), { expiresAfter: 1_800_000_000_000 }), 'expiresAfter'],
    ['keys in another order', () => ask(action({ s, p, ...rest }), { toSign: action(ORDER) }), 'keyOrder'],
    ['trailing zeros', () => ask(action({ ...ORDER, p: '60000.0' }), { toSign: action(ORDER) }), 'trailingZeros'],
  ])('%s is found', async (_, asked, mistake) => {
    const body = await asked();
    expect(body.accepted).toBe(false);
    expect(body.findings).toMatchObject([{ mistake, signer: AGENT }]);
  });
});
