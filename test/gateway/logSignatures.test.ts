import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KeelClient } from '@keel/client';
import { decodeSequencedCommand, encodeSequencedCommand } from '@keel/codec';
import { encodeAction, hashAction } from '@keel/hyperliquid';
import { openJournal } from '@keel/journal';
import { addressOfKey } from '@keel/signing';
import type { Command, Hex, SequencedCommand, SignedCommand } from '@keel/types';
import { bytesToHex } from 'viem';
import { sign } from 'viem/accounts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { waitFor } from '../e2e/waitFor.ts';
import { type Door, startDoor } from './startDoor.ts';

/** The log of a real sequencer, with orders signed in our own words and in Hyperliquid's, held to its signers by keelctl. */
const KEELCTL = new URL('../../services/keelctl/src/main.ts', import.meta.url).pathname;
const ANN_KEY: Hex = `0x${'d1'.repeat(32)}`;
const AGENT_KEY: Hex = `0x${'d2'.repeat(32)}`;
const USDC = 1_000_000;
const scratch = mkdtempSync(join(tmpdir(), 'keel-signatures-'));

let door: Door;
let log: SequencedCommand[];
let dataDir = '';
let nonce = Date.now();

async function send(action: object, expiresAfter?: number): Promise<{ readonly status: string }> {
  nonce += 1;
  const hash = hashAction(encodeAction(action), { nonce, expiresAfter }, 'b');
  const { r, s, v } = await sign({ hash: bytesToHex(hash), privateKey: AGENT_KEY });
  const body = JSON.stringify({ action, nonce, signature: { r, s, v: Number(v) }, vaultAddress: null, expiresAfter });
  return (await (await fetch(`${door.url}/exchange`, { method: 'POST', body })).json()) as { status: string };
}

const limit = (b: boolean, p: string, s: string) => ({ a: 0, b, p, s, r: false, t: { limit: { tif: 'Gtc' } } });
const place = (...orders: object[]) => ({ type: 'order', orders, grouping: 'na' });

beforeAll(async () => {
  door = await startDoor();
  const ann = new KeelClient({ url: door.url, privateKey: ANN_KEY });
  await door.deposit(ann.address, 1_000_000 * USDC);
  await door.price(1, 600_000);
  await ann.approveAgent({ agent: addressOfKey(AGENT_KEY), agentName: 'bot' });
  await waitFor('the agent', async () => ((await send({ type: 'noop' })).status === 'ok' ? true : undefined));
  await door.price(1, 600_000);
  const { orderId } = await ann.placeOrder({ market: 'BTC-USD', side: 'buy', size: '0.1', price: '59000' });
  await ann.cancelOrder(orderId);
  for (const action of [
    place(limit(true, '58000', '0.1'), limit(true, '57990.5', '0.2')),
    { type: 'scheduleCancel', time: Date.now() + 3_600_000 },
    { type: 'updateLeverage', asset: 0, isCross: true, leverage: 5 },
  ])
    expect(await send(action, Date.now() + 60_000)).toMatchObject({ status: 'ok' });
  await ann.cancelAll();
  ann.close();
  await door.child('sequencer').stop();
  dataDir = door.env.KEEL_DATA_DIR as string;
  const journal = await openJournal(dataDir);
  log = [...journal.read(1)].map(({ payload }) => decodeSequencedCommand(payload));
  await journal.close();
});
afterAll(async () => {
  await door?.stop();
  rmSync(scratch, { recursive: true });
});

interface Verdict {
  readonly holds: boolean;
  readonly signatures: {
    readonly native: number;
    readonly hyperliquid: number;
    readonly none: number;
    readonly wrongNative: number;
    readonly wrongHyperliquid: number;
    readonly firstWrong?: { readonly sequence: number; readonly kind: string; readonly reason: string };
  };
}

function verify(dir: string): Verdict & { readonly status: number | null } {
  const args = [KEELCTL, 'log', 'verify', '--signatures', '--json', '--data', dir];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  expect(stderr).toBe('');
  return { status, ...(JSON.parse(stdout) as Verdict) };
}

test('every signature of it holds, and each is counted once', () => {
  const signed = log.filter(({ command }) => 'auth' in command);
  const hyperliquid = signed.filter(({ command }) => (command as SignedCommand).auth.hyperliquid !== undefined).length;
  expect(hyperliquid).toBeGreaterThanOrEqual(4);
  expect(signed.length - hyperliquid).toBeGreaterThanOrEqual(4);
  expect(verify(dataDir)).toMatchObject({
    status: 0,
    holds: true,
    signatures: { native: signed.length - hyperliquid, hyperliquid, none: log.length - signed.length },
  });
});

type Change = (command: never) => object;
const inAuth =
  (changesOf: (auth: SignedCommand['auth']) => object): Change =>
  (command: SignedCommand) => ({ ...command, auth: { ...command.auth, ...changesOf(command.auth) } });
const signatureOf = (wanted: (command: SignedCommand) => boolean): Hex =>
  (log.map(({ command }) => command).find((command) => 'auth' in command && wanted(command)) as SignedCommand).auth
    .signature;
/** The byte of the evidence at a share of its length, with its lowest bit turned. */
const turnedAt = (action: Hex, share: number): Hex => {
  const bytes = Buffer.from(action.slice(2), 'hex');
  bytes[Math.floor(bytes.length * share)]! ^= 1;
  return `0x${bytes.toString('hex')}`;
};

test.each<[string, 'placeOrder' | 'placeOrders' | 'cancelAllAfter' | 'setLeverage', Change, RegExp]>([
  [
    'the signature of another command',
    'placeOrder',
    inAuth(() => ({ signature: signatureOf(({ kind }) => kind === 'cancelAllOrders') })),
    /^signed by 0x[0-9a-f]{40} if by anybody, not by its signer 0x/,
  ],
  ['another price', 'placeOrder', (command: object) => ({ ...command, priceTicks: 590_001 }), /^signed by 0x/],
  [
    'the signature of another action',
    'placeOrders',
    inAuth(() => ({ signature: signatureOf(({ kind }) => kind === 'setLeverage') })),
    /evidence is not signed by its signer 0x/,
  ],
  [
    'another price of one of its orders',
    'placeOrders',
    (command: { orders: object[] }) => ({
      ...command,
      orders: [{ ...command.orders[0], priceTicks: 580_001 }, ...command.orders.slice(1)],
    }),
    /^the action that was signed asks for another command$/,
  ],
  [
    'a byte of its evidence',
    'placeOrders',
    inAuth(({ hyperliquid }) => ({ hyperliquid: { ...hyperliquid, action: turnedAt(hyperliquid!.action, 0.5) } })),
    /evidence is not signed by its signer 0x/,
  ],
  [
    'evidence that is left out',
    'setLeverage',
    inAuth(() => ({ hyperliquid: undefined })),
    /^signed by 0x[0-9a-f]{40} if by anybody/,
  ],
  [
    'a dead-man switch a minute later',
    'cancelAllAfter',
    (command: { timeoutMs: number }) => ({ ...command, timeoutMs: command.timeoutMs + 60_000 }),
    /^the action that was signed asks for another command$/,
  ],
])('%s is found, and the command named', async (_what, kind, change, reason) => {
  const place = log.findIndex(({ command }) => command.kind === kind);
  const forged = log.with(place, { ...log[place]!, command: change(log[place]!.command as never) as Command });
  // Whoever keeps a log can make its chain of hashes anew; signatures he cannot.
  const dir = mkdtempSync(join(scratch, 'forged-'));
  mkdirSync(dir, { recursive: true });
  copyFileSync(join(dataDir, 'identity.json'), join(dir, 'identity.json'));
  const journal = await openJournal(dir);
  for (const sequenced of forged) journal.append(sequenced.sequence, encodeSequencedCommand(sequenced));
  await journal.close();
  const { status, holds, signatures } = verify(dir);
  expect([status, holds]).toEqual([1, false]);
  expect(signatures.wrongNative + signatures.wrongHyperliquid).toBe(1);
  const { sequence } = log[place]!;
  expect(signatures.firstWrong).toMatchObject({ sequence, kind, reason: expect.stringMatching(reason) });
});
