import { emptyStateDiff } from '@keel/redis';
import { addressOfKey } from '@keel/signing';
import { REJECT_CODES } from '@keel/types';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { ACCOUNT, headAt, KEY, OWNER } from '../readModelOf.ts';
import { startExchange, until } from '../startExchange.ts';
import { type AgentExchange, DEFAULT, item, refused, rejected, startAgentExchange } from './exchangeParts.ts';
import { AGENT, infoFlush } from './infoData.ts';
import { signedExchange } from './signedExchange.ts';

let exchange: AgentExchange;
beforeAll(async () => {
  exchange = await startAgentExchange();
});
afterAll(() => exchange?.stop());
afterEach(() => {
  exchange.commands.length = 0;
  exchange.onCommand = () => [];
});
const send: AgentExchange['send'] = (...signed) => exchange.send(...signed);
const sent: AgentExchange['sent'] = () => exchange.sent();

describe('the fence', () => {
  const cancel = { type: 'cancel', cancels: [{ a: 0, o: 7 }] };
  const done = { status: 'ok', response: { type: 'cancel', data: { statuses: ['success'] } } };

  test('an owner signs with an agent, never with its own key', async () => {
    const answer = refused(
      expect.stringMatching(new RegExp(`^Must be signed by an API wallet: ${OWNER} .*POST /v1/agents`)),
    );
    expect(await send(cancel, { key: KEY })).toEqual(answer);
    expect(await send(cancel, { key: KEY, source: 'a' })).toEqual(answer);
  });

  test('a signer that is nobody is told who it is and what to look at', async () => {
    const key = `0x${'0b'.repeat(32)}` as const;
    const text = new RegExp(
      `^User or API Wallet ${addressOfKey(key)} does not exist\\. .*order of keys.*source.*POST /v1/debug/verify`,
    );
    expect(await send(cancel, { key })).toEqual(refused(expect.stringMatching(text)));
  });

  test('so is one that signed another text than it sent', async () => {
    const body = await signedExchange(cancel);
    const answer = await exchange.post('/exchange', { ...body, nonce: body.nonce + 1 });
    expect(answer.body).toEqual(refused(expect.stringMatching(/^User or API Wallet 0x[0-9a-f]{40} does not exist\. /)));
  });

  test("what an agent signed for Hyperliquid's mainnet is refused as such", async () => {
    const answer = refused(
      expect.stringMatching(new RegExp(`^User or API Wallet .*source "a".*agent ${AGENT}: refused`)),
    );
    expect(await send(cancel, { source: 'a' })).toEqual(answer);
    expect(exchange.commands).toEqual([]);
  });

  test('unless a setting takes it; the log says for which network it was signed', async () => {
    const both = await startExchange({ hyperliquidSources: 'ab' });
    await both.writer.write(infoFlush());
    both.onCommand = () => [item(0, 7)];
    for (const source of ['a', 'b'] as const) {
      const body = await signedExchange(cancel, { source });
      await until(async () => (await both.post('/exchange', body)).text === JSON.stringify(done));
      expect(both.commands.at(-1)).toMatchObject({ auth: { signer: AGENT, hyperliquid: { source } } });
    }
    await both.stop();
  });

  test('where the setting is off there is nothing', async () => {
    const off = await startExchange({ hyperliquidSources: 'off' });
    for (const path of ['/exchange', '/info']) expect((await off.post(path, {})).status).toBe(404);
    await off.stop();
  });

  test('a vault is refused, whoever signed', async () => {
    const vaultAddress = `0x${'7a'.repeat(20)}`;
    const { body } = await exchange.post('/exchange', { ...(await signedExchange(cancel)), vaultAddress });
    expect(body).toEqual(refused(`Vault not registered: ${vaultAddress}`));
  });

  test.each([
    [{ type: 'approveAgent', agentAddress: OWNER }, 'POST /v1/agents'],
    [{ type: 'withdraw3', amount: '1' }, 'POST /v1/withdrawals'],
    [{ type: 'usdSend', amount: '1' }, 'POST /v1/withdrawals'],
    [{ type: 'spotSend', amount: '1' }, 'POST /v1/withdrawals'],
    [{ type: 'sendAsset', amount: '1' }, 'POST /v1/withdrawals'],
    [{ type: 'createSubAccount', name: 'x' }, 'POST /v1/transfers'],
    [{ type: 'twapOrder', twap: {} }, 'POST /v1/orders/twap'],
    [{ type: 'spotDeploy' }, 'does not offer "spotDeploy"'],
    [{ type: 'constructor' }, 'does not offer "constructor"'],
  ])('%j is refused with the native way', async (action, text) => {
    expect(await send(action)).toEqual(refused(expect.stringContaining(text)));
    expect(exchange.commands).toEqual([]);
  });

  test.each([
    { type: 'setReferrer', code: 'X' },
    {
      type: 'approveBuilderFee',
      signatureChainId: '0x66eee',
      hyperliquidChain: 'Testnet',
      maxFeeRate: '0.01%',
      builder: OWNER,
      nonce: 1,
    },
    {
      type: 'usdClassTransfer',
      signatureChainId: '0x66eee',
      hyperliquidChain: 'Testnet',
      amount: '1',
      toPerp: true,
      nonce: 1,
    },
  ])('$type is ok, and changes nothing', async (action) => {
    expect(await send(action)).toEqual(DEFAULT);
    expect(exchange.commands).toEqual([]);
  });

  test('a signature in its other spelling is none', async () => {
    const body = await signedExchange(cancel);
    const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
    const s = `0x${(order - BigInt(body.signature.s)).toString(16)}`;
    const high = { ...body, signature: { ...body.signature, s, v: 55 - body.signature.v } };
    expect((await exchange.post('/exchange', high)).body).toEqual(refused('Invalid signature: signatureSHigh'));
  });

  test('numbers of a signature may lack their leading zeros', async () => {
    exchange.onCommand = () => [item(0, 7)];
    for (let nonce = 1; ; nonce += 1) {
      const body = await signedExchange(cancel, { nonce });
      if (!body.signature.r.startsWith('0x00')) continue;
      const r = `0x${BigInt(body.signature.r).toString(16)}`;
      expect((await exchange.post('/exchange', { ...body, signature: { ...body.signature, r } })).body).toEqual(done);
      expect(sent().auth.signature).toHaveLength(132);
      return;
    }
  });
});

describe('agents', () => {
  const cancel = { type: 'cancel', cancels: [{ a: 0, o: 7 }] };
  const key = `0x${'0c'.repeat(32)}` as const;
  const agent = addressOfKey(key);

  test('act at once when they are approved, and for nobody once the engine says so', async () => {
    const nobody = refused(expect.stringMatching(/^User or API Wallet 0x[0-9a-f]{40} does not exist/));
    expect(await send(cancel, { key })).toEqual(nobody);
    const approvals = [{ agent, approvals: [{ accountId: ACCOUNT, expiresAtMs: 0 }] }];
    await exchange.writer.write({ ...emptyStateDiff(headAt(3)), approvals });
    exchange.onCommand = () => [item(0, 7)];
    expect(await send(cancel, { key })).toMatchObject({ status: 'ok' });
    expect(sent().auth).toMatchObject({ owner: OWNER, signer: agent });

    // Revoked in the engine, not yet in the read model: what was remembered leads to a refusal.
    exchange.onCommand = () => rejected(REJECT_CODES.SIGNER_NOT_AUTHORIZED);
    expect(await send(cancel, { key })).toEqual(nobody);
    await exchange.writer.write({ ...emptyStateDiff(headAt(4)), approvals: [{ agent, approvals: [] }] });
    exchange.commands.length = 0;
    expect(await send(cancel, { key })).toEqual(nobody);
    expect(exchange.commands).toEqual([]);
  });
});
