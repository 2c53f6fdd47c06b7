import { create, type MessageInitShape, toBinary } from '@bufbuild/protobuf';
import { CommandSchema } from '@keel/proto/command';
import { EventBlockSchema } from '@keel/proto/event';
import { ServerFrameSchema } from '@keel/proto/intake';
import { SequencedCommandSchema } from '@keel/proto/journal';
import { AssertionError, type Command, toMarketId } from '@keel/types';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  CodecError,
  decodeClientFrame,
  decodeCommand,
  decodeEventBlock,
  decodeSequencedCommand,
  decodeServerFrame,
  encodeCommand,
  encodeSequencedCommand,
} from '../src/index.ts';
import { sequencedCommand } from './commandArbitraries.ts';

const auth = {
  owner: new Uint8Array(20),
  signer: new Uint8Array(20),
  nonce: 1n,
  expiresAfterMs: 0n,
  signature: new Uint8Array(65),
};
const evidence = { action: Uint8Array.from([0x80]), source: 2 } as const;
const terms = {
  marketId: 1,
  side: 1,
  orderType: 1,
  timeInForce: 1,
  priceTicks: 1n,
  sizeLots: 1n,
  selfTrade: 1,
  selfTradeScope: 1,
} as const;
const order = { auth, ...terms } as const;

type CommandInit = MessageInitShape<typeof CommandSchema>;
const placeOrder = (change: object): CommandInit => ({
  kind: { case: 'placeOrder', value: { ...order, ...change } },
});
const placeOrders = (change: object): CommandInit => ({
  kind: { case: 'placeOrders', value: { auth, orders: [terms], grouping: 1, ...change } },
});

const report = {
  feeder: new Uint8Array(20),
  priceTicks: 1n,
  perpTicks: 0n,
  publishTimeMs: 1n,
  reportSequence: 1n,
  signature: new Uint8Array(65),
};
const reports = (list: readonly (typeof report)[]): CommandInit => ({
  kind: { case: 'updateIndexPrice', value: { marketId: 1, reports: [...list] } },
});

/** The code and the field of the CodecError that reading throws. */
function fault(read: () => unknown): string {
  try {
    read();
  } catch (error) {
    if (error instanceof CodecError) return `${error.code} ${error.field}`;
    throw error;
  }
  return 'accepted';
}

describe('a command is refused', () => {
  it.each<[string, CommandInit, string]>([
    ['as a control, a good one', placeOrder({}), 'accepted'],
    ['without a kind', {}, 'MISSING_FIELD command.kind'],
    ['without auth', placeOrder({ auth: undefined }), 'MISSING_FIELD auth'],
    ['with a short owner', placeOrder({ auth: { ...auth, owner: new Uint8Array(19) } }), 'WRONG_LENGTH auth.owner'],
    ['with a long signer', placeOrder({ auth: { ...auth, signer: new Uint8Array(21) } }), 'WRONG_LENGTH auth.signer'],
    [
      'with a 64-byte signature',
      placeOrder({ auth: { ...auth, signature: new Uint8Array(64) } }),
      'WRONG_LENGTH auth.signature',
    ],
    ['as a control, with evidence', placeOrder({ auth: { ...auth, hyperliquid: evidence } }), 'accepted'],
    [
      'with evidence of nothing',
      placeOrder({ auth: { ...auth, hyperliquid: { ...evidence, action: new Uint8Array(0) } } }),
      'WRONG_LENGTH auth.hyperliquid.action',
    ],
    [
      'with 32,769 bytes of evidence',
      placeOrder({ auth: { ...auth, hyperliquid: { ...evidence, action: new Uint8Array(32_769) } } }),
      'WRONG_LENGTH auth.hyperliquid.action',
    ],
    [
      'with evidence without a source',
      placeOrder({ auth: { ...auth, hyperliquid: { ...evidence, source: 0 } } }),
      'UNKNOWN_VALUE auth.hyperliquid.source',
    ],
    ['with side 0', placeOrder({ side: 0 }), 'UNKNOWN_VALUE side'],
    ['with a side of the future', placeOrder({ side: 3 }), 'UNKNOWN_VALUE side'],
    ['with order type 0', placeOrder({ orderType: 0 }), 'UNKNOWN_VALUE orderType'],
    ['with time in force 0', placeOrder({ timeInForce: 0 }), 'UNKNOWN_VALUE timeInForce'],
    ['with a time in force of the future', placeOrder({ timeInForce: 7 }), 'UNKNOWN_VALUE timeInForce'],
    ['from before there was a self-trade rule', placeOrder({ selfTrade: 0 }), 'UNKNOWN_VALUE selfTrade'],
    ['without a self-trade scope', placeOrder({ selfTradeScope: 0 }), 'UNKNOWN_VALUE selfTradeScope'],
    ['as a control, a good trigger', placeOrder({ trigger: { kind: 1, triggerTicks: 5n } }), 'accepted'],
    ['with a trigger of no kind', placeOrder({ trigger: { triggerTicks: 5n } }), 'UNKNOWN_VALUE trigger.kind'],
    [
      'with a trail of 2^53',
      placeOrder({ trigger: { kind: 3, trailTicks: 2n ** 53n } }),
      'OUT_OF_RANGE trigger.trailTicks',
    ],
    [
      'with an attached limit of 2^53',
      placeOrder({ attached: { stopLossLimitTicks: 2n ** 53n } }),
      'OUT_OF_RANGE attached.stopLossLimitTicks',
    ],
    ['with an expiry of 2^53', placeOrder({ expiresAtMs: 2n ** 53n }), 'OUT_OF_RANGE expiresAtMs'],
    ['with a display size of 2^53', placeOrder({ displayLots: 2n ** 53n }), 'OUT_OF_RANGE displayLots'],
    ['as a control, a good batch', placeOrders({ orders: new Array(50).fill(terms) }), 'accepted'],
    ['as a control, an empty batch, which the engine refuses', placeOrders({ orders: [] }), 'accepted'],
    ['with 51 orders', placeOrders({ orders: new Array(51).fill(terms) }), 'TOO_MANY_ITEMS orders'],
    ['with a wrong order in a batch', placeOrders({ orders: [terms, { ...terms, side: 0 }] }), 'UNKNOWN_VALUE side'],
    ['with a batch of no grouping', placeOrders({ grouping: 0 }), 'UNKNOWN_VALUE grouping'],
    [
      'with 51 amendments',
      { kind: { case: 'amendOrders', value: { auth, amendments: new Array(51).fill({}) } } },
      'TOO_MANY_ITEMS amendments',
    ],
    [
      'with 51 orders to cancel',
      { kind: { case: 'cancelOrders', value: { auth, orders: new Array(51).fill({}) } } },
      'TOO_MANY_ITEMS orders',
    ],
    [
      'that cancels by a name of 37 characters',
      { kind: { case: 'cancelOrder', value: { auth, clientOrderId: 'x'.repeat(37) } } },
      'TEXT_TOO_LONG clientOrderId',
    ],
    [
      'that replaces nothing',
      { kind: { case: 'replaceOrder', value: { auth, order: terms } } },
      'MISSING_FIELD replaced',
    ],
    [
      'that replaces by nothing',
      { kind: { case: 'replaceOrder', value: { auth, replaced: { orderId: 1n } } } },
      'MISSING_FIELD order',
    ],
    ['of a scale without an order', { kind: { case: 'placeScale', value: { auth } } }, 'MISSING_FIELD order'],
    [
      'of a TWAP order with 2^53 slices',
      { kind: { case: 'placeTwap', value: { auth, side: 1, slices: 2n ** 53n } } },
      'OUT_OF_RANGE slices',
    ],
    ['with trading status 0', { kind: { case: 'setTradingStatus', value: { marketId: 1 } } }, 'UNKNOWN_VALUE status'],
    ['with a price of 2^53', placeOrder({ priceTicks: 2n ** 53n }), 'OUT_OF_RANGE priceTicks'],
    ['with a size of 2^64 - 1', placeOrder({ sizeLots: 2n ** 64n - 1n }), 'OUT_OF_RANGE sizeLots'],
    ['with a nonce of 2^53', placeOrder({ auth: { ...auth, nonce: 2n ** 53n } }), 'OUT_OF_RANGE auth.nonce'],
    ['with a name of 37 characters', placeOrder({ clientOrderId: 'x'.repeat(37) }), 'TEXT_TOO_LONG clientOrderId'],
    [
      'with an agent name of 33 characters',
      { kind: { case: 'approveAgent', value: { auth, agent: new Uint8Array(20), agentName: 'x'.repeat(33) } } },
      'TEXT_TOO_LONG agentName',
    ],
    [
      'with a short transaction hash',
      {
        kind: {
          case: 'creditDeposit',
          value: { owner: new Uint8Array(20), amountAtoms: 1n, l1TxHash: new Uint8Array(31) },
        },
      },
      'WRONG_LENGTH l1TxHash',
    ],
    [
      'with a deposit of nothing',
      { kind: { case: 'creditDeposit', value: { owner: new Uint8Array(20), l1TxHash: new Uint8Array(32) } } },
      'OUT_OF_RANGE amountAtoms',
    ],
    ['as a control, an account nobody can have', placeOrder({ auth: { ...auth, subaccount: 99_999n } }), 'accepted'],
    ['of account 2^53', placeOrder({ auth: { ...auth, subaccount: 2n ** 53n } }), 'OUT_OF_RANGE auth.subaccount'],
    ['as a control, 31 reports', reports(new Array(31).fill(report)), 'accepted'],
    ['with 32 reports', reports(new Array(32).fill(report)), 'TOO_MANY_ITEMS reports'],
    ['as a control, no report, which the engine refuses', reports([]), 'accepted'],
    [
      'with a 64-byte signature of a report',
      reports([report, { ...report, signature: new Uint8Array(64) }]),
      'WRONG_LENGTH report.signature',
    ],
    [
      'with a reported price of 2^53',
      reports([{ ...report, priceTicks: 2n ** 53n }]),
      'OUT_OF_RANGE report.priceTicks',
    ],
    [
      'with 32 feeders',
      { kind: { case: 'setPriceFeeders', value: { feeders: new Array(32).fill({ feeder: new Uint8Array(20) }) } } },
      'TOO_MANY_ITEMS feeders',
    ],
    [
      'that funds neither fund',
      { kind: { case: 'fundSafety', value: { auth, marketId: 1, amountAtoms: 1n } } },
      'UNKNOWN_VALUE fund',
    ],
    ['without a collateral spec', { kind: { case: 'listCollateral', value: {} } }, 'MISSING_FIELD spec'],
    ['without a spec', { kind: { case: 'listMarket', value: {} } }, 'MISSING_FIELD spec'],
  ])('%s', (_, init, expected) => {
    expect(fault(() => decodeCommand(toBinary(CommandSchema, create(CommandSchema, init))))).toBe(expected);
  });

  it('with a kind of the future', () => {
    const kind999 = Uint8Array.from([0xba, 0x3e, 0x00]);
    expect(fault(() => decodeCommand(kind999))).toBe('UNKNOWN_FIELD command');
  });

  it('from before prices were agreed, when the log held one price and its time', () => {
    const market1Price5Time6 = [0x08, 1, 0x10, 5, 0x18, 6];
    const bytes = Uint8Array.from([0x1a, market1Price5Time6.length, ...market1Price5Time6]);
    expect(fault(() => decodeCommand(bytes))).toBe('UNKNOWN_FIELD updateIndexPrice');
  });

  it('with an unknown field deep inside', () => {
    const message = create(CommandSchema, placeOrder({}));
    const value = message.kind.case === 'placeOrder' ? message.kind.value : undefined;
    if (value?.auth) value.auth.$unknown = [{ no: 99, wireType: 0, data: Uint8Array.from([1]) }];
    expect(fault(() => decodeCommand(toBinary(CommandSchema, message)))).toBe('UNKNOWN_FIELD auth');
  });

  it('with a text that is not UTF-8', () => {
    const good = encodeCommand({ ...sample, clientOrderId: 'A' });
    const bad = Uint8Array.from(good);
    bad[bad.lastIndexOf(0x41)] = 0xff;
    expect(fault(() => decodeCommand(bad))).toBe('MALFORMED command');
  });

  it('sequenced at 0', () => {
    const bytes = toBinary(SequencedCommandSchema, create(SequencedCommandSchema, { command: placeOrder({}) }));
    expect(fault(() => decodeSequencedCommand(bytes))).toBe('OUT_OF_RANGE sequence');
  });
});

const sample = {
  kind: 'placeOrder',
  auth: {
    owner: `0x${'11'.repeat(20)}`,
    subaccount: 0,
    signer: `0x${'22'.repeat(20)}`,
    nonce: 1,
    expiresAfterMs: 0,
    signature: `0x${'33'.repeat(65)}`,
  },
  marketId: toMarketId(1),
  side: 'buy',
  orderType: 'limit',
  timeInForce: 'gtc',
  priceTicks: 1,
  sizeLots: 1,
  reduceOnly: false,
  clientOrderId: '',
  expiresAtMs: 0,
  displayLots: 0,
  selfTrade: 'expireMaker',
  selfTradeScope: 'account',
  trigger: undefined,
  attached: undefined,
} as const satisfies Command;

const REPORT = {
  feeder: `0x${'11'.repeat(20)}`,
  priceTicks: 1,
  perpTicks: 0,
  publishTimeMs: 1,
  reportSequence: 1,
  signature: `0x${'33'.repeat(65)}`,
} as const;

describe('a value of ours that does not fit is an assertion', () => {
  it.each<[string, Command]>([
    ['a fraction', { ...sample, priceTicks: 1.5 }],
    ['a negative price', { ...sample, priceTicks: -1 }],
    ['not a number', { ...sample, sizeLots: Number.NaN }],
    ['an unsafe integer', { ...sample, sizeLots: 2 ** 53 }],
    ['a market beyond uint32', { ...sample, marketId: toMarketId(2 ** 32) }],
    ['a short address', { ...sample, auth: { ...sample.auth, owner: '0x11' } }],
    ['an address that is not hex', { ...sample, auth: { ...sample.auth, owner: `0x${'zz'.repeat(20)}` } }],
    ['an address in upper case', { ...sample, auth: { ...sample.auth, owner: `0x${'AB'.repeat(20)}` } }],
    ['a long name', { ...sample, clientOrderId: 'x'.repeat(37) }],
    ['a lone surrogate', { ...sample, clientOrderId: '\ud800' }],
    ['a negative trail', { ...sample, trigger: { kind: 'trailingStop', triggerTicks: 0, trailTicks: -1 } }],
    ['32 reports', { kind: 'updateIndexPrice', marketId: toMarketId(1), reports: new Array(32).fill(REPORT) }],
    ['a negative sub-account', { ...sample, auth: { ...sample.auth, subaccount: -1 } }],
    ['a batch of 51', { kind: 'placeOrders', auth: sample.auth, orders: new Array(51).fill(sample), grouping: 'none' }],
  ])('%s', (_, command) => {
    expect(() => encodeCommand(command)).toThrow(AssertionError);
  });
});

describe('other messages are refused', () => {
  it('an event of an unknown reject code', () => {
    const events = [{ kind: { case: 'commandRejected' as const, value: { code: 9999, accountId: 0 } } }];
    const bytes = toBinary(EventBlockSchema, create(EventBlockSchema, { sequence: 1n, events }));
    expect(fault(() => decodeEventBlock(bytes))).toBe('UNKNOWN_VALUE code');
  });

  it.each<[string, object, string]>([
    ['a close reason of the future', { case: 'orderClosed', value: { reason: 17 } }, 'UNKNOWN_VALUE reason'],
    ['a close without a reason', { case: 'orderClosed', value: {} }, 'UNKNOWN_VALUE reason'],
    [
      'a close with an unknown reject code',
      { case: 'orderClosed', value: { reason: 14, code: 9999 } },
      'UNKNOWN_VALUE code',
    ],
    ['a slice with an unknown reject code', { case: 'twapSlice', value: { code: 9999 } }, 'UNKNOWN_VALUE code'],
    ['an item with an unknown reject code', { case: 'batchItem', value: { code: 9999 } }, 'UNKNOWN_VALUE code'],
    ['as a control, an item that went well', { case: 'batchItem', value: {} }, 'accepted'],
    ['a refusal without a reject code', { case: 'commandRejected', value: {} }, 'UNKNOWN_VALUE code'],
    ['a protection without a cause', { case: 'marketMakerProtectionFired', value: {} }, 'UNKNOWN_VALUE cause'],
    [
      'a margin call at 80 %',
      { case: 'marginCall', value: { side: 1, levelPercent: 80 } },
      'UNKNOWN_VALUE levelPercent',
    ],
    ['as a control, one at 75 %', { case: 'marginCall', value: { side: 1, levelPercent: 75 } }, 'accepted'],
    ['a close-out of no stage', { case: 'positionCloseOut', value: { side: 1 } }, 'UNKNOWN_VALUE stage'],
    ['a deleveraging without its rank', { case: 'positionDeleveraged', value: {} }, 'MISSING_FIELD rank'],
    ['a certificate that is not there', { case: 'closeOutCertified', value: {} }, 'MISSING_FIELD certificate'],
    ['a trading status of the future', { case: 'tradingStatusChanged', value: { status: 5 } }, 'UNKNOWN_VALUE status'],
  ])('an event: %s', (_, kind, expected) => {
    const init = { sequence: 1n, events: [{ kind }] } as MessageInitShape<typeof EventBlockSchema>;
    expect(fault(() => decodeEventBlock(toBinary(EventBlockSchema, create(EventBlockSchema, init))))).toBe(expected);
  });

  it('a batch with fewer hashes than commands', () => {
    const batch = {
      firstSequence: 1n,
      lastSequence: 2n,
      stateRoot: new Uint8Array(32),
      commandHashes: new Uint8Array(32),
    };
    const init = { body: { case: 'batch' as const, value: { batch } } };
    const bytes = toBinary(ServerFrameSchema, create(ServerFrameSchema, init));
    expect(fault(() => decodeServerFrame(bytes))).toBe('WRONG_LENGTH commandHashes');
  });

  it('a frame without a body', () => {
    expect(fault(() => decodeClientFrame(new Uint8Array()))).toBe('MISSING_FIELD clientFrame.body');
    expect(fault(() => decodeServerFrame(new Uint8Array()))).toBe('MISSING_FIELD serverFrame.body');
  });
});

describe('whatever the bytes are', () => {
  it('reading either gives a value or throws CodecError', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        for (const decode of [decodeCommand, decodeSequencedCommand, decodeEventBlock, decodeClientFrame])
          fault(() => decode(bytes));
        fault(() => decodeServerFrame(bytes));
      }),
    );
  });

  it('a good record cut short or with one byte changed does the same', () => {
    fc.assert(
      fc.property(sequencedCommand, fc.nat(), fc.integer({ min: 1, max: 255 }), (value, place, change) => {
        const bytes = encodeSequencedCommand(value);
        const at = place % bytes.length;
        fault(() => decodeSequencedCommand(bytes.subarray(0, at)));
        const changed = Uint8Array.from(bytes);
        changed[at] = (changed[at] ?? 0) ^ change;
        fault(() => decodeSequencedCommand(changed));
      }),
    );
  });
});
