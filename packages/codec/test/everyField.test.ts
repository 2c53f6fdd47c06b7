import { type DescMessage, fromBinary, ScalarType, toBinary } from '@bufbuild/protobuf';
import { type ReflectMessage, reflect, type ScalarValue } from '@bufbuild/protobuf/reflect';
import { CommandSchema } from '@keel/proto/command';
import { EventBlockSchema } from '@keel/proto/event';
import {
  BATCH_ITEMS_MAX,
  COLLATERAL_ASSETS_MAX,
  HYPERLIQUID_ACTION_BYTES_MAX,
  MARGIN_TIERS_MAX,
  MARKETS_MAX,
  PRICE_FEEDERS_MAX,
  toSequence,
} from '@keel/types';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  CodecError,
  type CodecErrorCode,
  decodeCommand,
  decodeEventBlock,
  encodeCommand,
  encodeEventBlock,
} from '../src/index.ts';
import { commandsByKind } from './commandArbitraries.ts';
import { eventsByKind } from './eventArbitraries.ts';

/*
 * The schema says what each field is; from that follows what is wrong with it. A field that is added to a message and
 * forgotten in the codec fails here, because its fault is then accepted, or because no sample holds it.
 */

const SEED = 20260611;
const UNSAFE = 2n ** 53n;
const TOO_LONG = 'x'.repeat(257);
/** Parts that may be absent. */
const OPTIONAL = ['trigger', 'attached', 'hyperliquid', 'Certificate.rank'];
/** Numbers of which not every one has a meaning. */
const TABLED = ['code', 'level_percent'];
/** Texts that must be whole numbers. */
const INTEGER_TEXTS = ['DeleverageRank.score', 'DeleverageRank.level'];
/** Most bytes of what has no fixed length, and has at least one. */
const BYTES_MAX: Readonly<Record<string, number>> = { 'HyperliquidEvidence.action': HYPERLIQUID_ACTION_BYTES_MAX };
/** Most items of a list. */
const ITEMS_MAX: Readonly<Record<string, number>> = {
  orders: BATCH_ITEMS_MAX,
  amendments: BATCH_ITEMS_MAX,
  margin_tiers: MARGIN_TIERS_MAX,
  reports: PRICE_FEEDERS_MAX,
  feeders: PRICE_FEEDERS_MAX,
  balances: COLLATERAL_ASSETS_MAX,
  positions: MARKETS_MAX,
  markets: MARKETS_MAX,
};

interface Fault {
  readonly name: string;
  readonly expected: CodecErrorCode;
  /** Makes the message wrong in this one way. */
  readonly spoil: () => void;
}

/** Every single fault that can be made in a message and the messages inside it; of a list, in its last item. */
function faultsOf(message: ReflectMessage, seen: Set<string>): Fault[] {
  const { desc } = message;
  const faults: Fault[] = [
    {
      name: `${desc.name} with an unknown field`,
      expected: 'UNKNOWN_FIELD',
      spoil: () => message.setUnknown([{ no: 999, wireType: 0, data: Uint8Array.from([1]) }]),
    },
  ];
  for (const field of desc.fields) {
    if (!message.isSet(field) && (field.oneof !== undefined || field.fieldKind === 'message')) continue;
    const name = `${desc.name}.${field.name}`;
    const put = (expected: CodecErrorCode, value: ScalarValue) =>
      faults.push({ name: `${name} = ${value}`, expected, spoil: () => message.set(field, value) });
    seen.add(name);
    switch (field.fieldKind) {
      case 'enum':
        put('UNKNOWN_VALUE', 0);
        put('UNKNOWN_VALUE', 99);
        break;
      case 'scalar': {
        const value = message.get(field);
        if (typeof value === 'bigint') put('OUT_OF_RANGE', UNSAFE);
        if (typeof value === 'bigint' && field.scalar === ScalarType.SINT64) put('OUT_OF_RANGE', -UNSAFE);
        if (typeof value === 'string') put('TEXT_TOO_LONG', TOO_LONG);
        if (value instanceof Uint8Array) put('WRONG_LENGTH', new Uint8Array((BYTES_MAX[name] ?? value.length) + 1));
        if (value instanceof Uint8Array) put('WRONG_LENGTH', name in BYTES_MAX ? new Uint8Array(0) : value.subarray(1));
        if (TABLED.includes(field.name)) put('UNKNOWN_VALUE', 99);
        if (INTEGER_TEXTS.includes(name)) for (const text of ['', '-0', '01', '1.5', '1e9']) put('UNKNOWN_VALUE', text);
        break;
      }
      case 'message':
        if (!OPTIONAL.includes(field.name) && !OPTIONAL.includes(name))
          faults.push({ name: `without ${name}`, expected: 'MISSING_FIELD', spoil: () => message.clear(field) });
        faults.push(...faultsOf(message.get(field), seen));
        break;
      case 'list': {
        const list = message.get(field);
        const last = list.get(list.size - 1);
        if (typeof last !== 'object' || last === null || !('desc' in last)) break;
        faults.push(...faultsOf(last as ReflectMessage, seen));
        if (desc.name === 'EventBlock') break;
        const most = ITEMS_MAX[field.name];
        if (most === undefined) throw new Error(`${name}: say here how many there may be`);
        const spoil = () => {
          while (list.size <= most) list.add(last);
        };
        faults.push({ name: `${name} of ${most + 1}`, expected: 'TOO_MANY_ITEMS', spoil });
        break;
      }
      case 'map':
        throw new Error(`${name}: say here what can be wrong with a map`);
    }
  }
  return faults;
}

/** Every field of a message and of the messages inside it, as `Message.field_name`. */
function fieldsBelow(desc: DescMessage, found = new Set<string>()): Set<string> {
  for (const field of desc.fields) {
    const name = `${desc.name}.${field.name}`;
    if (found.has(name)) continue;
    found.add(name);
    if (field.message !== undefined) fieldsBelow(field.message, found);
  }
  return found;
}

function outcome(read: () => unknown): string {
  try {
    read();
  } catch (error) {
    if (error instanceof CodecError) return error.code;
    throw error;
  }
  return 'accepted';
}

/** Makes every fault in every sample, and gives what each came to where that is not what it should be. */
function unexpected(
  schema: DescMessage,
  samples: readonly Uint8Array[],
  decode: (bytes: Uint8Array) => unknown,
  seen: Set<string>,
): string[] {
  const wrong: string[] = [];
  for (const bytes of samples) {
    const count = faultsOf(reflect(schema, fromBinary(schema, bytes)), seen).length;
    for (let place = 0; place < count; place++) {
      const message = fromBinary(schema, bytes);
      const fault = faultsOf(reflect(schema, message), seen)[place];
      if (fault === undefined) throw new Error('two readings of the same bytes differ');
      fault.spoil();
      const came = outcome(() => decode(toBinary(schema, message)));
      if (came !== fault.expected) wrong.push(`${fault.name}: ${came}, not ${fault.expected}`);
    }
  }
  return wrong;
}

describe(`every field is checked (seed ${SEED})`, () => {
  it('of commands', () => {
    const seen = new Set<string>();
    for (const commands of Object.values(commandsByKind)) {
      const samples = fc.sample<Parameters<typeof encodeCommand>[0]>(commands, { seed: SEED, numRuns: 12 });
      expect(unexpected(CommandSchema, samples.map(encodeCommand), decodeCommand, seen)).toEqual([]);
    }
    expect(seen).toEqual(fieldsBelow(CommandSchema));
  });

  it('of events', () => {
    const seen = new Set<string>();
    for (const events of Object.values(eventsByKind)) {
      const samples = fc
        .sample<Parameters<typeof encodeEventBlock>[0]['events'][number]>(events, { seed: SEED, numRuns: 12 })
        .map((event) => encodeEventBlock({ sequence: toSequence(1), timeMs: 2, events: [event] }));
      expect(unexpected(EventBlockSchema, samples, decodeEventBlock, seen)).toEqual([]);
    }
    expect(seen).toEqual(fieldsBelow(EventBlockSchema));
  });
});
