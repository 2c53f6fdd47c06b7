import { WireType } from '@bufbuild/protobuf/wire';
import { formatDecimal } from '@keel/types';
import { hexOfBytes } from './hexBytes.ts';
import { absentOf, type FieldPlan, type MessagePlan } from './wordPlan.ts';
import { malformed, type WordReader } from './wordReader.ts';
import { type Direction, type Units, wireTypeOf } from './writeWords.ts';

const PPB_DECIMALS = 9;

/**
 * Reads a message as a JSON object. Of an answer, absent fields are null, zero or empty. Of a request they are left out, and
 * what the words do not know (a field, a value of an enum) stands under a name that begins with `#`, for the check of the
 * request to refuse. Throws CodecError MALFORMED.
 */
export function readWords(
  reader: WordReader,
  plan: MessagePlan,
  direction: Direction,
  units: Units,
): Record<string, unknown> {
  const value: Record<string, unknown> = {};
  if (direction === 'answer') putAbsent(value, plan);
  readFields(reader, plan, value, direction, units);
  return value;
}

function putAbsent(value: Record<string, unknown>, plan: MessagePlan): void {
  for (const field of plan.fields) {
    if (field.others.length > 0) continue;
    if (field.flat) putAbsent(value, field.message as MessagePlan);
    else value[field.key] = absentOf(field);
  }
  Object.assign(value, plan.constants);
}

function readFields(
  reader: WordReader,
  plan: MessagePlan,
  value: Record<string, unknown>,
  direction: Direction,
  units: Units,
): void {
  while (!reader.done) {
    const [number, type] = reader.tag();
    const field = plan.byNumber.get(number);
    if (field === undefined) {
      reader.skip(type);
      if (direction === 'request') value[`#${number}`] = true;
    } else if (field.list) {
      const items = Array.isArray(value[field.key]) ? (value[field.key] as unknown[]) : [];
      value[field.key] = items;
      readItems(reader, field, type, items, direction, units);
    } else {
      if (type !== wireTypeOf(field)) throw malformed(`field ${number} is of another type`);
      if (field.flat) readFlat(reader, field, value, direction, units);
      else value[field.key] = readOne(reader, field, direction, units);
    }
  }
}

function readFlat(
  reader: WordReader,
  field: FieldPlan,
  value: Record<string, unknown>,
  direction: Direction,
  units: Units,
): void {
  const plan = field.message as MessagePlan;
  if (direction === 'answer' && field.others.length > 0) putAbsent(value, plan);
  readFields(reader.part(), plan, value, direction, units);
}

function readItems(
  reader: WordReader,
  field: FieldPlan,
  type: WireType,
  items: unknown[],
  direction: Direction,
  units: Units,
): void {
  if (type === wireTypeOf(field)) {
    items.push(readOne(reader, field, direction, units));
    return;
  }
  if (type !== WireType.LengthDelimited) throw malformed(`field ${field.number} is of another type`);
  const part = reader.part();
  while (!part.done) items.push(readOne(part, field, direction, units));
}

function readOne(reader: WordReader, field: FieldPlan, direction: Direction, units: Units): unknown {
  switch (field.kind) {
    case 'bool':
      return reader.uint() !== 0;
    case 'enum': {
      const number = reader.uint();
      return field.textOf.get(number) ?? `#${number}`;
    }
    case 'message':
      return readWords(reader.part(), field.message as MessagePlan, direction, units);
    case 'object':
      return parseJson(reader.text());
    case 'text':
      return reader.text();
    case 'hex':
      return hexOfBytes(reader.bytes());
    case 'fixed':
      return reader.fixed32();
    case 'sint':
      return reader.sint();
    case 'uint':
      return reader.uint();
    case 'id':
      return String(reader.uint());
    case 'ticks':
      return decimal(reader.uint(), units.priceDecimals);
    case 'lots':
      return decimal(reader.uint(), units.sizeDecimals);
    case 'ppb':
      return decimal(reader.sint(), PPB_DECIMALS);
  }
}

function decimal(units: number, decimals: number): string {
  if (!Number.isSafeInteger(units)) throw malformed('a number beyond 2^53');
  return formatDecimal(units, decimals);
}

/** A JSON text within a frame. Throws CodecError MALFORMED. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw malformed('a text that is to be JSON is none');
  }
}
