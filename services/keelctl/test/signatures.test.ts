import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeSequencedCommand } from '@keel/codec';
import { openIdentity, openJournal } from '@keel/journal';
import { actionOfCommand, addressOfKey, keelDomain, signAction } from '@keel/signing';
import {
  type Address,
  type Authorization,
  type Command,
  type Hex,
  type MarketSpec,
  type SignedCommand,
  toMarketId,
  toOrderId,
  toSequence,
} from '@keel/types';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { CommandLineFault } from '../src/commandLineFault.ts';
import { POPULATION, USDC_ATOMS } from '../src/population/populationTerms.ts';
import { syntheticMarket } from '../src/population/syntheticMarket.ts';
import { runCommand } from '../src/runCommand.ts';
import { ownTerminal, type Terminal } from '../src/terminal.ts';

/** Signed commands of our own text; with those of Hyperliquid's form, and by real services: test/gateway/logSignatures.test.ts. */
const CONTRACT: Address = `0x${'5e'.repeat(20)}`;
const DOMAIN = keelDomain(31_337, CONTRACT);
const ANN_KEY: Hex = `0x${'a1'.repeat(32)}`;
const BOB_KEY: Hex = `0x${'b2'.repeat(32)}`;
const [ANN, BOB] = [addressOfKey(ANN_KEY), addressOfKey(BOB_KEY)];
const ONE_MILLION = 1_000_000 * USDC_ATOMS;
const [BTC, ETH] = [0, 1].map((place) => syntheticMarket(place, POPULATION, ONE_MILLION, ONE_MILLION).spec) as [
  MarketSpec,
  MarketSpec,
];
/** The same market as an operator asked for it once more, with other decimals; the engine refused that. */
const REFUSED: MarketSpec = { ...BTC, priceDecimals: BTC.priceDecimals + 1, sizeDecimals: BTC.sizeDecimals - 1 };

let dataDir = '';
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'keelctl-signatures-'));
});
afterEach(() => rmSync(dataDir, { recursive: true }));

const SPECS = new Map([BTC, ETH].map((spec) => [spec.marketId, spec]));
let nonces = 1_800_000_000_000;

function signed(command: object, key: Hex = ANN_KEY): SignedCommand {
  nonces += 1;
  const auth: Authorization = {
    owner: ANN,
    subaccount: 0,
    signer: addressOfKey(key),
    nonce: nonces,
    expiresAfterMs: 0,
    signature: '0x',
  };
  const unsigned = { ...command, auth } as SignedCommand;
  const signature = signAction(DOMAIN, actionOfCommand(unsigned, SPECS, new Map()), key);
  return { ...unsigned, auth: { ...auth, signature } };
}

const order = (marketId: number, priceTicks: number) => ({
  kind: 'placeOrder',
  marketId: toMarketId(marketId),
  side: 'buy',
  orderType: 'limit',
  timeInForce: 'gtc',
  priceTicks,
  sizeLots: 10,
  reduceOnly: false,
  clientOrderId: '',
  expiresAtMs: 0,
  displayLots: 0,
  selfTrade: 'expireMaker',
  selfTradeScope: 'account',
  trigger: undefined,
  attached: undefined,
});
const cancel = (orderId: number) => ({ kind: 'cancelOrder', orderId: toOrderId(orderId), clientOrderId: '' });

/** A few commands, of which 3, 5, 6 and 7 are signed. */
function fewCommands(): Command[] {
  return [
    { kind: 'listMarket', spec: BTC },
    { kind: 'listMarket', spec: REFUSED },
    signed(order(1, 600_005)),
    { kind: 'listMarket', spec: ETH },
    signed(order(2, 30_005), BOB_KEY),
    signed(cancel(7)),
    signed({ kind: 'withdraw', recipient: BOB, assetId: 0, amountAtoms: 1_500_000 }),
    { kind: 'advanceTime' },
  ];
}

async function writeLog(commands: readonly Command[], withIdentity = true): Promise<void> {
  const identity = { chainId: DOMAIN.chainId, settlementAddress: CONTRACT, engineVersion: 1 };
  if (withIdentity) await openIdentity(dataDir, identity);
  const journal = await openJournal(dataDir);
  for (const [place, command] of commands.entries()) {
    const sequence = toSequence(place + 1);
    journal.append(sequence, encodeSequencedCommand({ sequence, timeMs: 1_800_000_000_000 + place, command }));
  }
  await journal.close();
}

async function verify(...args: string[]) {
  let stdout = '';
  const terminal: Terminal = { ...ownTerminal, write: (text) => (stdout += text), tell: () => undefined };
  const status = await runCommand(['log', 'verify', '--data', dataDir, ...args], terminal);
  return { status, stdout };
}

/** The log with one command changed, its chain of hashes made anew, as whoever keeps the log could. */
async function forge(sequence: number, change: (command: never) => object): Promise<void> {
  const commands = fewCommands();
  commands[sequence - 1] = change(commands[sequence - 1] as never) as Command;
  await writeLog(commands);
}

describe('log verify --signatures', () => {
  test('holds, also past a listing that was refused and before a later one', async () => {
    await writeLog(fewCommands());
    const { status, stdout } = await verify('--signatures');
    expect(stdout.split('\n').slice(2)).toEqual([
      '',
      'signed              commands  wrong',
      'our own text               4      0',
      "Hyperliquid's form         0      0",
      'none needed                4      -',
      expect.stringMatching(/^chain 31337, contract 0x5e5e.*; [\d,]+ signatures\/s, 1 thread, (libsecp256k1|noble)$/),
      "every signature is its signer's, over what its command says",
      '',
    ]);
    expect(status).toBe(0);
  });

  const inAuth = (changes: object) => (command: { auth: object }) => ({
    ...command,
    auth: { ...command.auth, ...changes },
  });
  test.each<[string, number, (command: never) => object, RegExp]>([
    ['another price', 3, (command: object) => ({ ...command, priceTicks: 600_006 }), /^placeOrder: signed by 0x/],
    ['another market', 5, (command: object) => ({ ...command, marketId: 1 }), /^placeOrder: signed by 0x/],
    ['a market that nobody listed', 5, (command: object) => ({ ...command, marketId: 3 }), /market 3 is not listed/],
    ['another order', 6, (command: object) => ({ ...command, orderId: 8 }), /^cancelOrder: signed by 0x/],
    ['another recipient', 7, (command: object) => ({ ...command, recipient: CONTRACT }), /^withdraw: signed by 0x/],
    ['the signature of another', 6, inAuth({ signature: signed(cancel(9)).auth.signature }), /^cancelOrder: signed by/],
    ['a signature that is none', 6, inAuth({ signature: `0x${'11'.repeat(65)}` }), /nobody: signatureVUnsupported/],
    ['another signer', 6, inAuth({ signer: BOB }), new RegExp(`not by its signer ${BOB}$`)],
    ['another nonce', 6, inAuth({ nonce: 5 }), /^cancelOrder: signed by 0x/],
    ['another account of the owner', 6, inAuth({ subaccount: 1 }), /^cancelOrder: signed by 0x/],
  ])('%s is 1, with the command and the reason', async (_what, sequence, change, reason) => {
    await forge(sequence, change);
    const { status, stdout } = await verify('--signatures', '--json');
    const { holds, signatures } = JSON.parse(stdout);
    expect([status, holds]).toEqual([1, false]);
    expect(signatures).toMatchObject({ native: 4, wrongNative: 1, firstWrong: { sequence, form: 'native' } });
    expect(`${signatures.firstWrong.kind}: ${signatures.firstWrong.reason}`).toMatch(reason);
    expect((await verify()).status).toBe(0);
    expect((await verify('--signatures')).stdout).toContain(
      `FAULT command ${sequence}, ${signatures.firstWrong.kind}: `,
    );
  });

  test('is of one exchange: of another, or of none, it is told', async () => {
    await writeLog(fewCommands(), false);
    // Asked wrongly: exit code 2, as main.ts makes it of every CommandLineFault.
    await expect(verify('--signatures')).rejects.toThrow(/does not say whose it is: say --chain-id N --contract/);
    await expect(verify('--signatures', '--chain-id', '31337')).rejects.toThrow(CommandLineFault);
    await expect(verify('--chain-id', '31337', '--contract', CONTRACT)).rejects.toThrow(CommandLineFault);
    expect((await verify('--signatures', '--chain-id', '31337', '--contract', CONTRACT)).status).toBe(0);
    const { status, stdout } = await verify('--signatures', '--chain-id', '1', '--contract', CONTRACT);
    expect([status, stdout]).toEqual([1, expect.stringMatching(/not one of our own texts holds: are chain and/)]);
  });

  test('names the first of several, whichever thread found it', async () => {
    const commands: Command[] = [{ kind: 'listMarket', spec: BTC }];
    for (let place = 2; place <= 700; place += 1) commands.push(signed(cancel(place)));
    const wrong = [40, 400, 690];
    for (const sequence of wrong) commands[sequence - 1] = { ...commands[sequence - 1], orderId: 1 } as Command;
    await writeLog(commands);
    const { status, stdout } = await verify('--signatures', '--json');
    expect([status, JSON.parse(stdout).signatures]).toMatchObject([
      1,
      { native: 699, wrongNative: wrong.length, none: 1, firstWrong: { sequence: wrong[0], kind: 'cancelOrder' } },
    ]);
  });
});
