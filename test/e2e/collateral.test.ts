import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { IntakeClient } from '@keel/intake';
import { type Address, toAssetId } from '@keel/types';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Exchange, startExchange } from './exchange.ts';
import { waitFor } from './waitFor.ts';

const ROOT = new URL('../..', import.meta.url).pathname;
const ANN: Address = `0x${'a1'.repeat(20)}`;
const WETH = toAssetId(1);

interface ProvenWithdrawal {
  readonly asset: string;
  readonly assetId: number;
  readonly amount: string;
  readonly amountAtoms: string;
  readonly status: string;
}

/** WETH, of 18 decimals on L1 and 8 on the exchange, in and out with the commands of the README. */
describe('collateral other than USDC', () => {
  let exchange: Exchange;
  let gate: IntakeClient;

  beforeAll(async () => {
    exchange = await startExchange();
    const { KEEL_INTAKE_URL: url = '', KEEL_INTAKE_TOKEN: token = '' } = exchange.operatorEnv;
    gate = new IntakeClient({ url, token, role: 'gateway' });
    await gate.ready();
  });
  afterAll(async () => {
    await gate?.close();
    await exchange?.stop();
  });

  const wallet = async (program: string, ...args: string[]): Promise<string> => {
    const where = ['--account', ANN, '--url', exchange.gatewayUrl, '--l1', exchange.l1.url];
    const file = `${ROOT}/infra/wallet/${program}.ts`;
    return (await promisify(execFile)(process.execPath, [file, ...where, ...args])).stdout;
  };
  const withdrawals = async (): Promise<ProvenWithdrawal[]> => {
    const answer = await fetch(`${exchange.gatewayUrl}/v1/accounts/${ANN}/withdrawals`);
    return ((await answer.json()) as { withdrawals: ProvenWithdrawal[] }).withdrawals;
  };

  test('is deposited, withdrawn and paid by proof, to the last atom', async () => {
    expect(await wallet('deposit', '--asset', 'WETH', '--amount', '2.00000001')).toContain('2.00000001 WETH deposited');
    const deposited = async (): Promise<true | undefined> =>
      (await gate.status()).nextDepositIndex === 1 ? true : undefined;
    await waitFor('the deposit', deposited);

    // As the gateway hands it over: what is signed is its matter, and tested there.
    const nonce = Date.now();
    const signature = `0x${'00'.repeat(65)}` as const;
    const auth = { owner: ANN, subaccount: 0, signer: ANN, nonce, expiresAfterMs: 0, signature };
    const { events } = await gate.submit({
      kind: 'withdraw',
      auth,
      recipient: ANN,
      assetId: WETH,
      amountAtoms: 150_000_001,
    });
    expect(events).toMatchObject([{ kind: 'withdrawalRequested', assetId: WETH, amountAtoms: 150_000_001 }]);
    await waitFor('the proof', async () => ((await withdrawals())[0]?.status === 'claimable' ? true : undefined));
    expect(await withdrawals()).toMatchObject([
      { asset: 'WETH', assetId: 1, amount: '1.50000001', amountAtoms: '150000001' },
    ]);

    expect(await wallet('claim', '--asset', 'USDC')).toContain('nothing to claim');
    expect(await wallet('claim')).toContain('withdrawal 0: 1.50000001 WETH paid');
    expect(await exchange.l1.wethBalance(ANN)).toBe(1_500_000_010_000_000_000n);
    expect(await exchange.l1.wethBalance(exchange.l1.settlement)).toBe(500_000_000_000_000_000n);
    expect(await wallet('claim')).toContain('nothing to claim');
  });

  test.each([
    [['--asset', 'WETH', '--amount', '0.000000001'], '--amount must be an amount from 0.001 to 10000'],
    [['--asset', 'DOGE', '--amount', '1'], 'There is no asset DOGE; this devnet has USDC, WETH.'],
  ])('deposit %j is told what is wrong', async (args, sentence) => {
    const fault = await wallet('deposit', ...args).catch((caught: unknown) => caught as { code: number });
    expect(fault).toMatchObject({ code: 1, stderr: expect.stringContaining(sentence) });
  });
});
