import { type DescField, type DescMessage, ScalarType } from '@bufbuild/protobuf';
import { CommandSchema } from '@keel/proto/command';
import {
  BATCH_ITEMS_MAX,
  type Command,
  HYPERLIQUID_ACTION_BYTES_MAX,
  MARGIN_TIERS_MAX,
  type OrderRequest,
  PRICE_FEEDERS_MAX,
  toMarketId,
  toSequence,
} from '@keel/types';
import { expect, it } from 'vitest';
import { COMMAND_BYTES_MAX, encodeCommand, encodeSequencedCommand } from '../src/index.ts';

/** A UTF-16 unit is at most 3 bytes of UTF-8; a pair of surrogates is 4. */
const TEXT_BYTES: Readonly<Record<string, number>> = {
  symbol: 32 * 3,
  base_asset: 32 * 3,
  client_order_id: 36 * 3,
  agent_name: 32 * 3,
};
const BYTES: Readonly<Record<string, number>> = {
  owner: 20,
  signer: 20,
  feeder: 20,
  agent: 20,
  recipient: 20,
  signature: 65,
  action: HYPERLIQUID_ACTION_BYTES_MAX,
  l1_tx_hash: 32,
};
const ITEMS: Readonly<Record<string, number>> = {
  orders: BATCH_ITEMS_MAX,
  amendments: BATCH_ITEMS_MAX,
  margin_tiers: MARGIN_TIERS_MAX,
  reports: PRICE_FEEDERS_MAX,
  feeders: PRICE_FEEDERS_MAX,
};

/** Bytes of a number as a varint: 7 bits each. */
function varintBytes(value: number): number {
  let bytes = 1;
  for (let left = value; left >= 128; left = Math.floor(left / 128)) bytes++;
  return bytes;
}

function bound(table: Readonly<Record<string, number>>, field: DescField): number {
  const bytes = table[field.name];
  if (bytes === undefined) throw new Error(`${field.toString()}: say here how long it may be`);
  return bytes;
}

/** Most bytes of one value, without its tag. Amounts end at 2^53 - 1, or at as much with a sign: 54 bits, zigzag. */
function valueBytes(field: DescField): number {
  if (field.message !== undefined) return withLength(longest(field.message));
  if (field.enum !== undefined) return 1;
  switch (field.scalar) {
    case ScalarType.BOOL:
      return 1;
    case ScalarType.UINT32:
    case ScalarType.SINT32:
      return varintBytes(2 ** 32 - 1);
    case ScalarType.UINT64:
    case ScalarType.SINT64:
      return varintBytes(Number.MAX_SAFE_INTEGER);
    case ScalarType.STRING:
      return withLength(bound(TEXT_BYTES, field));
    case ScalarType.BYTES:
      return withLength(bound(BYTES, field));
    default:
      throw new Error(`${field.toString()}: a scalar that this does not know`);
  }
}

const withLength = (bytes: number) => varintBytes(bytes) + bytes;

/** Most bytes of a message: every field at its longest; of a oneof the longest member; of a list the most items. */
function longest(message: DescMessage): number {
  const members = message.members.map((member) => {
    const fields = member.kind === 'oneof' ? member.fields : [member];
    return Math.max(
      ...fields.map((field) => {
        const items = field.fieldKind === 'list' ? bound(ITEMS, field) : 1;
        return items * (varintBytes(field.number * 8) + valueBytes(field));
      }),
    );
  });
  return members.reduce((sum, bytes) => sum + bytes, 0);
}

const MOST = Number.MAX_SAFE_INTEGER;
const order: OrderRequest = {
  marketId: toMarketId(2 ** 32 - 1),
  side: 'sell',
  orderType: 'limit',
  timeInForce: 'gtt',
  priceTicks: MOST,
  sizeLots: MOST,
  reduceOnly: true,
  clientOrderId: '€'.repeat(36),
  expiresAtMs: MOST,
  displayLots: MOST,
  selfTrade: 'decrement',
  selfTradeScope: 'owner',
  trigger: { kind: 'trailingStop', triggerTicks: MOST, trailTicks: MOST },
  attached: {
    takeProfitTicks: MOST,
    takeProfitLimitTicks: MOST,
    stopLossTicks: MOST,
    stopLossLimitTicks: MOST,
  },
};
const command: Command = {
  kind: 'placeOrders',
  auth: {
    owner: `0x${'ff'.repeat(20)}`,
    subaccount: MOST,
    signer: `0x${'ff'.repeat(20)}`,
    nonce: MOST,
    expiresAfterMs: MOST,
    signature: `0x${'ff'.repeat(65)}`,
    hyperliquid: { action: `0x${'ff'.repeat(HYPERLIQUID_ACTION_BYTES_MAX)}`, source: 'b' },
  },
  orders: new Array<OrderRequest>(BATCH_ITEMS_MAX).fill(order),
  grouping: 'oneCancelsOther',
};

it('no command can be longer than COMMAND_BYTES_MAX, as the schema has it', () => {
  expect(longest(CommandSchema)).toBe(COMMAND_BYTES_MAX);
});

it('a batch of the longest orders is that long', () => {
  expect(encodeCommand(command).length).toBe(COMMAND_BYTES_MAX);
});

it('the reports of PRICE_FEEDERS_MAX feeders are shorter', () => {
  const report = {
    feeder: `0x${'ff'.repeat(20)}`,
    priceTicks: MOST,
    perpTicks: MOST,
    publishTimeMs: MOST,
    reportSequence: MOST,
    signature: `0x${'ff'.repeat(65)}`,
  } as const;
  const reports = new Array<typeof report>(PRICE_FEEDERS_MAX).fill(report);
  const update: Command = { kind: 'updateIndexPrice', marketId: toMarketId(2 ** 32 - 1), reports };
  // Each: two fields of bytes with tag and length, four amounts with theirs; around it its own. Then the market's number,
  // and tag and length of the command.
  const each = 2 + (2 + 20) + (2 + 65) + 4 * 9;
  expect(encodeCommand(update).length).toBe(PRICE_FEEDERS_MAX * each + 6 + 3);
});

it('its place and time in the log add little', () => {
  const sequenced = encodeSequencedCommand({ sequence: toSequence(MOST), timeMs: MOST, command });
  // Two amounts with their tags; tag and length of the command.
  expect(sequenced.length).toBe(COMMAND_BYTES_MAX + 2 * 9 + 4);
});
