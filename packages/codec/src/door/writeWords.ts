import { type BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import { parseDecimal } from '@keel/types';
import { bytesOfHex } from './hexBytes.ts';
import { absentOf, type FieldPlan, type MessagePlan } from './wordPlan.ts';

/** What a tick and a lot are worth; of frames of market data. */
export interface Units {
  readonly priceDecimals: number;
  readonly sizeDecimals: number;
}

/** `answer`: null is an absent field. `request`: null is nothing that the words can say. */
export type Direction = 'request' | 'answer';

/** The words have no place for a value; it goes as JSON. */
export class DoesNotFit extends Error {
  override readonly name = 'DoesNotFit';
}

const PPB_DECIMALS = 9;
const LONE_SURROGATE = /\p{Surrogate}/u;
const WIRE_TYPES: Readonly<Partial<Record<FieldPlan['kind'], WireType>>> = {
  text: WireType.LengthDelimited,
  object: WireType.LengthDelimited,
  hex: WireType.LengthDelimited,
  message: WireType.LengthDelimited,
  fixed: WireType.Bit32,
};

/** The wire type of one value; numbers are the rest. */
export function wireTypeOf({ kind }: FieldPlan): WireType {
  return WIRE_TYPES[kind] ?? WireType.Varint;
}

/** Writes a JSON object as the message; all of its fields have to be said by it. Throws DoesNotFit. */
export function writeWords(
  writer: BinaryWriter,
  plan: MessagePlan,
  value: object,
  direction: Direction,
  units: Units,
): void {
  const said = writeFields(writer, plan, value as Record<string, unknown>, direction, units);
  if (said !== Object.keys(value).length) throw new DoesNotFit('a field too much');
}

/** How many fields of the object were said. */
function writeFields(
  writer: BinaryWriter,
  plan: MessagePlan,
  value: Readonly<Record<string, unknown>>,
  direction: Direction,
  units: Units,
): number {
  let said = 0;
  for (const [key, constant] of Object.entries(plan.constants)) {
    if (value[key] !== constant) throw new DoesNotFit(key);
    said += 1;
  }
  for (const field of plan.fields) {
    if (field.flat) {
      if (field.others.some((other) => other in value)) continue;
      writer.tag(field.number, WireType.LengthDelimited).fork();
      said += writeFields(writer, field.message as MessagePlan, value, direction, units);
      writer.join();
      continue;
    }
    if (!Object.hasOwn(value, field.key)) continue;
    said += 1;
    const part = value[field.key];
    if (part === null && direction === 'answer' && field.explicit) continue;
    if (field.leftOut !== undefined && part === field.leftOut) continue;
    if (field.list) writeList(writer, field, part, direction, units);
    else if (field.explicit || part !== absentOf(field)) {
      writer.tag(field.number, wireTypeOf(field));
      writeOne(writer, field, part, direction, units);
    }
  }
  return said;
}

function writeList(writer: BinaryWriter, field: FieldPlan, part: unknown, direction: Direction, units: Units): void {
  if (!Array.isArray(part)) throw new DoesNotFit(field.key);
  if (field.packed && part.length > 0) {
    writer.tag(field.number, WireType.LengthDelimited).fork();
    for (const item of part) writeOne(writer, field, item, direction, units);
    writer.join();
    return;
  }
  for (const item of part) {
    writer.tag(field.number, wireTypeOf(field));
    writeOne(writer, field, item, direction, units);
  }
}

function writeOne(writer: BinaryWriter, field: FieldPlan, part: unknown, direction: Direction, units: Units): void {
  switch (field.kind) {
    case 'bool':
      if (typeof part !== 'boolean') throw new DoesNotFit(field.key);
      writer.bool(part);
      return;
    case 'enum': {
      const number = field.numberOf.get(part as string);
      if (number === undefined) throw new DoesNotFit(field.key);
      writer.int32(number);
      return;
    }
    case 'message':
      if (typeof part !== 'object' || part === null) throw new DoesNotFit(field.key);
      writer.fork();
      writeWords(writer, field.message as MessagePlan, part, direction, units);
      writer.join();
      return;
    case 'object':
      writer.string(JSON.stringify(part));
      return;
    case 'text':
      writer.string(textOf(field, part));
      return;
    case 'hex':
      writer.bytes(bytesOfHex(textOf(field, part)) ?? unfit(field));
      return;
    case 'fixed':
      writer.fixed32(integerOf(field, part, 0));
      return;
    case 'sint':
      writer.sint64(integerOf(field, part, Number.MIN_SAFE_INTEGER));
      return;
    case 'uint':
      writeUint(writer, integerOf(field, part, 0));
      return;
    case 'id':
      writeUint(writer, unitsOf(field, textOf(field, part), 0));
      return;
    case 'ticks':
      writeUint(writer, unitsOf(field, textOf(field, part), units.priceDecimals));
      return;
    case 'lots':
      writeUint(writer, unitsOf(field, textOf(field, part), units.sizeDecimals));
      return;
    case 'ppb': {
      const text = textOf(field, part);
      const size = unitsOf(field, text.replace(/^-/, ''), PPB_DECIMALS);
      writer.sint64(text.startsWith('-') ? -size : size);
    }
  }
}

/** A varint of 32 bits and one of 64 are written alike, and the former faster. */
function writeUint(writer: BinaryWriter, value: number): void {
  if (value <= 0xffff_ffff) writer.uint32(value);
  else writer.uint64(value);
}

function textOf(field: FieldPlan, part: unknown): string {
  // A lone surrogate would come out as another text.
  return typeof part === 'string' && !LONE_SURROGATE.test(part) ? part : unfit(field);
}

function integerOf(field: FieldPlan, part: unknown, min: number): number {
  if (!Number.isSafeInteger(part) || (part as number) < min || Object.is(part, -0)) return unfit(field);
  return part as number;
}

function unitsOf(field: FieldPlan, text: string, decimals: number): number {
  const units = parseDecimal(text, decimals);
  return typeof units === 'number' ? units : unfit(field);
}

function unfit(field: FieldPlan): never {
  throw new DoesNotFit(field.key);
}
