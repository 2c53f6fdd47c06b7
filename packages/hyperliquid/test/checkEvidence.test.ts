import { addressOfKey } from '@keel/signing';
import { nativeRecoveryAvailable, recoverSignerNative } from '@keel/signing/native';
import {
  type Authorization,
  type Command,
  type SequencedCommand,
  toMarketId,
  toOrderId,
  toSequence,
} from '@keel/types';
import { signL1Action } from '@nktkas/hyperliquid/signing';
import { privateKeyToAccount } from 'viem/accounts';
import { describe, expect, it } from 'vitest';
import {
  checkEvidence,
  type EvidenceFacts,
  encodeAction,
  hashRequest,
  type OpenOrderFacts,
  parseAction,
  parseRequest,
  translateAction,
} from '../src/index.ts';
import { specOf } from './market.ts';
import { SIGNED_REQUESTS } from './signedRequests.ts';

const KEY = `0x${'4c'.repeat(32)}` as const;
const wallet = privateKeyToAccount(KEY);
const OWNER = `0x${'0e'.repeat(20)}` as const;
const NOW = 1_795_357_159_004;
const CLOID = `0x${'ab'.repeat(16)}`;
const facts: EvidenceFacts = { specOf };

/** 0.1 BTC of which 0.03 have traded, whatever it is called. */
const open: OpenOrderFacts = {
  marketId: toMarketId(1),
  side: 'buy',
  orderType: 'limit',
  timeInForce: 'gtc',
  reduceOnly: false,
  clientOrderId: CLOID,
  trigger: undefined,
  sizeLots: 10_000,
  remainingLots: 7_000,
};

/** What a gateway makes of an action that a client signed, 40 ms before it is sequenced. */
async function logged(
  action: object,
  guard: { nonce: number; expiresAfter?: number } = { nonce: NOW },
  source: 'a' | 'b' = 'b',
) {
  const signature = await signL1Action({
    wallet,
    action: action as Record<string, unknown>,
    ...guard,
    isTestnet: source === 'b',
  });
  const request = parseRequest({ action, ...guard, signature });
  const translation = translateAction(parseAction(action), { specOf, nowMs: NOW, openOrder: () => open });
  if (translation.kind === 'refused' || translation.request === undefined) throw new Error('nothing to log');
  const auth: Authorization = {
    owner: OWNER,
    subaccount: 0,
    signer: addressOfKey(KEY),
    nonce: guard.nonce,
    expiresAfterMs: guard.expiresAfter ?? 0,
    signature: request.signature,
    hyperliquid: { action: `0x${Buffer.from(encodeAction(action)).toString('hex')}`, source },
  };
  const command = { ...translation.request, auth } as Command & { readonly auth: Authorization };
  return { sequence: toSequence(9), timeMs: NOW + 40, command };
}

const order = { a: 0, b: true, p: '60000', s: '0.1', r: false, t: { limit: { tif: 'Gtc' } }, c: CLOID };
const stop = {
  a: 0,
  b: false,
  p: '57000',
  s: '0.1',
  r: true,
  t: { trigger: { isMarket: true, triggerPx: '58000', tpsl: 'sl' } },
};
const faulty = { ...order, s: '0' };
const ACTIONS: readonly (readonly [string, object])[] = [
  [
    'orders, one of them left out',
    {
      type: 'order',
      orders: [order, faulty, { ...order, a: 1, p: '3000' }],
      grouping: 'na',
      builder: { b: OWNER, f: 10 },
    },
  ],
  ['an order with a stop', { type: 'order', orders: [order, stop], grouping: 'normalTpsl' }],
  ['a cancel', { type: 'cancel', cancels: [{ a: 0, o: 7 }] }],
  ['a cancel by name', { type: 'cancelByCloid', cancels: [{ asset: 0, cloid: CLOID }] }],
  ['a change', { type: 'modify', oid: 7, order }],
  [
    'changes',
    {
      type: 'batchModify',
      modifies: [
        { oid: 7, order },
        { oid: CLOID, order: { ...order, p: '60001' } },
        { oid: 8, order: faulty },
      ],
    },
  ],
  ['a dead-man switch', { type: 'scheduleCancel', time: NOW + 60_000 }],
  ['its end', { type: 'scheduleCancel' }],
  ['a leverage', { type: 'updateLeverage', asset: 1, isCross: true, leverage: 5 }],
  ['nothing', { type: 'noop' }],
];

describe('what is in the log holds', () => {
  it.each(ACTIONS)('%s', async (_what, action) => {
    expect(checkEvidence(await logged(action), facts)).toBe('holds');
    expect(checkEvidence(await logged(action, { nonce: 5, expiresAfter: NOW + 1_000 }, 'a'), facts)).toBe('holds');
  });

  it('with a faster judge, too', async () => {
    if (!nativeRecoveryAvailable) return;
    expect(checkEvidence(await logged(ACTIONS[0]![1]), { ...facts, recover: recoverSignerNative })).toBe('holds');
  });

  it('and what was signed in our own words has none', async () => {
    const { command, ...place } = await logged(ACTIONS[2]![1]);
    const { hyperliquid: _, ...auth } = command.auth;
    expect(checkEvidence({ ...place, command: { ...command, auth } as Command }, facts)).toBe('none');
    expect(checkEvidence({ ...place, command: { kind: 'advanceTime' } }, facts)).toBe('none');
  });
});

/** A logged command with one thing changed that its signer did not sign. */
type Forge = (command: Record<string, unknown> & { auth: Authorization }) => object;
const inAuth =
  (changes: Partial<Authorization>): Forge =>
  (command) => ({ ...command, auth: { ...command.auth, ...changes } });
const inFirst =
  (list: string, changes: object): Forge =>
  (command) => {
    const [first, ...others] = command[list] as object[];
    return { ...command, [list]: [{ ...first, ...changes }, ...others] };
  };

describe('what a gateway could not make of it does not', () => {
  const [orders, , cancel, , change, changes, deadMan, ended, leverage, noop] = ACTIONS.map(([, action]) => action) as [
    object,
    object,
    object,
    object,
    object,
    object,
    object,
    object,
    object,
    object,
  ];
  const evidence =
    (action: object): Forge =>
    (command) => {
      const hyperliquid = { action: `0x${Buffer.from(encodeAction(action)).toString('hex')}`, source: 'b' } as const;
      return { ...command, auth: { ...command.auth, hyperliquid } };
    };

  it.each<[string, object, Forge, string]>([
    ['another nonce', cancel, inAuth({ nonce: 1 }), 'signerDiffers'],
    ['a limit in time that was not signed', cancel, inAuth({ expiresAfterMs: NOW + 1 }), 'signerDiffers'],
    ['another signer', cancel, inAuth({ signer: OWNER }), 'signerDiffers'],
    ['another action as evidence', cancel, evidence({ type: 'cancel', cancels: [{ a: 0, o: 8 }] }), 'signerDiffers'],
    [
      'another network',
      cancel,
      ({ auth, ...rest }) => ({ ...rest, auth: { ...auth, hyperliquid: { ...auth.hyperliquid, source: 'a' } } }),
      'signerDiffers',
    ],
    ['another account of the owner', cancel, inAuth({ subaccount: 1 }), 'subaccountIsNotTheMainOne'],
    ['another price', orders, inFirst('orders', { priceTicks: 600_001 }), 'commandDiffers'],
    ['another size', orders, inFirst('orders', { sizeLots: 10_001 }), 'commandDiffers'],
    ['the other side', orders, inFirst('orders', { side: 'sell' }), 'commandDiffers'],
    [
      'an order less',
      orders,
      (command) => ({ ...command, orders: (command.orders as object[]).slice(1) }),
      'commandDiffers',
    ],
    [
      'an order twice',
      orders,
      (command) => ({ ...command, orders: [...(command.orders as object[]), (command.orders as object[])[0]] }),
      'commandDiffers',
    ],
    [
      'a trigger',
      orders,
      inFirst('orders', { trigger: { kind: 'stop', triggerTicks: 1, trailTicks: 0 } }),
      'commandDiffers',
    ],
    ['another pairing', orders, (command) => ({ ...command, grouping: 'oneCancelsOther' }), 'commandDiffers'],
    ['another order cancelled', cancel, inFirst('orders', { orderId: toOrderId(8) }), 'commandDiffers'],
    [
      'another order replaced',
      change,
      (command) => ({ ...command, replaced: { orderId: toOrderId(8), clientOrderId: '' } }),
      'commandDiffers',
    ],
    ['a dead-man switch 11 s late', deadMan, (command) => ({ ...command, timeoutMs: 71_000 }), 'commandDiffers'],
    ['one that never fires', deadMan, (command) => ({ ...command, timeoutMs: 0 }), 'commandDiffers'],
    ['one that was to end', ended, (command) => ({ ...command, timeoutMs: 60_000 }), 'commandDiffers'],
    ['another leverage', leverage, (command) => ({ ...command, leverage: 6 }), 'commandDiffers'],
    ['another command', noop, ({ auth }) => ({ kind: 'cancelAllOrders', marketId: 0, auth }), 'commandDiffers'],
    ['another price in a batch', changes, inFirst('amendments', { priceTicks: 600_001 }), 'commandDiffers'],
    ['another market in it', changes, inFirst('amendments', { marketId: toMarketId(2) }), 'commandDiffers'],
    ['another order in it', changes, inFirst('amendments', { orderId: toOrderId(8) }), 'commandDiffers'],
    ['less than was asked for in it', changes, inFirst('amendments', { sizeLots: 9_999 }), 'commandDiffers'],
    [
      'its changes in another order',
      changes,
      (command) => ({ ...command, amendments: (command.amendments as object[]).toReversed() }),
      'commandDiffers',
    ],
    [
      'one of them twice',
      changes,
      (command) => ({
        ...command,
        amendments: [(command.amendments as object[])[0], (command.amendments as object[])[0]],
      }),
      'commandDiffers',
    ],
  ])('%s', async (_what, action, forge, verdict) => {
    const honest = await logged(action);
    const forged = { ...honest, command: forge(honest.command as never) } as SequencedCommand;
    expect(checkEvidence(forged, facts)).toBe(verdict);
  });

  it('more than was asked for in a batch, where what has traded is known', async () => {
    const { command, ...place } = await logged(changes);
    const filledTo = (filledLots: number) =>
      checkEvidence({ ...place, command }, { ...facts, filledLotsOf: () => filledLots });
    expect([filledTo(3_000), filledTo(5_000), filledTo(2_999)]).toEqual(['holds', 'holds', 'commandDiffers']);
  });

  it('evidence that is no action', async () => {
    const junk = { type: 'order', orders: 5 };
    const signature = parseRequest({
      action: junk,
      nonce: NOW,
      signature: await signL1Action({ wallet, action: junk, nonce: NOW, isTestnet: true }),
    }).signature;
    const { command, ...place } = await logged(cancel);
    const forged = evidence(junk)({ ...command, auth: { ...command.auth, signature } } as never) as Command;
    expect(checkEvidence({ ...place, command: forged }, facts)).toBe('actionUnreadable');
  });
});

it('an order that another client signed can be logged and checked', () => {
  const recorded = SIGNED_REQUESTS.filter(({ kind, request }) => kind === 'l1' && request.includes('"type":"order"'));
  for (const { request: text, recovered } of recorded) {
    const request = parseRequest(JSON.parse(text));
    const translation = translateAction(parseAction(request.action), {
      specOf,
      nowMs: NOW,
      openOrder: () => undefined,
    });
    if (translation.kind === 'refused' || typeof recovered === 'string') throw new Error('not an order');
    const auth: Authorization = {
      owner: OWNER,
      subaccount: 0,
      signer: recovered.b.toLowerCase() as `0x${string}`,
      nonce: request.nonce,
      expiresAfterMs: request.expiresAfter ?? 0,
      signature: request.signature,
      hyperliquid: { action: `0x${Buffer.from(encodeAction(request.action)).toString('hex')}`, source: 'b' },
    };
    expect(hashRequest(request, 'b')).toHaveLength(32);
    const command = { ...translation.request, auth } as Command;
    expect(checkEvidence({ sequence: toSequence(1), timeMs: NOW, command }, facts)).toBe('holds');
  }
});
