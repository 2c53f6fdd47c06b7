import { type Address, assert } from '@keel/types';
import { keccak_256 } from '@noble/hashes/sha3.js';
import { concatBytes } from '@noble/hashes/utils.js';
import { addressWord, boolWord, stringWord, uintWord } from './abiWords.ts';
import type { SignableAction } from './action.ts';
import {
  ACTION_FIELDS,
  type FieldType,
  itemType,
  NESTED_FIELDS,
  PRICE_REPORT_FIELDS,
  type TypedField,
  typeHash,
} from './actionTypes.ts';
import { domainSeparator, type KeelDomain } from './domain.ts';
import type { SignedPriceReport } from './priceReport.ts';

type WordOf = (value: unknown) => Uint8Array;
/** The data of one struct as bytes to be hashed: type hash, then one word per field. */
type StructEncoder = (struct: object) => Uint8Array;

const nestedEncoders: ReadonlyMap<string, StructEncoder> = encodersOf(NESTED_FIELDS);
const messageEncoders: ReadonlyMap<string, StructEncoder> = encodersOf({
  ...ACTION_FIELDS,
  PriceReport: PRICE_REPORT_FIELDS,
});
const PREFIX = Uint8Array.of(0x19, 0x01);

/**
 * The 32 bytes that are signed: keccak-256 of 0x1901, the domain separator and the hash of the action's struct.
 * Numbers must be unsigned safe integers and addresses 20 bytes; anything else is a fault of the caller (asserted).
 */
export function hashAction(domain: KeelDomain, action: SignableAction): Uint8Array {
  return hashInDomain(domain, hashActionStruct(action));
}

/** The part of `hashAction` that no domain changes, and the dear one: for whoever tries one action in many domains. */
export function hashActionStruct(action: SignableAction): Uint8Array {
  return hashStruct(messageEncoders, action.primaryType, action);
}

/** The rest of it: the 32 bytes that are signed in this domain. */
export function hashInDomain(domain: KeelDomain, struct: Uint8Array): Uint8Array {
  return keccak_256(concatBytes(PREFIX, domainSeparator(domain), struct));
}

/** The same of what a price feeder signs. */
export function hashPriceReport(domain: KeelDomain, report: SignedPriceReport): Uint8Array {
  return hashInDomain(domain, hashStruct(messageEncoders, 'PriceReport', report));
}

function hashStruct(encoders: ReadonlyMap<string, StructEncoder>, name: string, struct: object): Uint8Array {
  const encode = encoders.get(name);
  assert(encode !== undefined, `no such struct: ${name}`);
  return keccak_256(encode(struct));
}

function encodersOf(structs: Readonly<Record<string, readonly TypedField[]>>): ReadonlyMap<string, StructEncoder> {
  return new Map(Object.entries(structs).map(([name, fields]) => [name, structEncoder(name, fields)]));
}

function structEncoder(name: string, fields: readonly TypedField[]): StructEncoder {
  const hash = typeHash(name, fields);
  const steps = fields.map((field) => ({ name: field.name, wordOf: wordOfType(field.type) }));
  return (struct) => {
    const values = struct as Readonly<Record<string, unknown>>;
    return concatBytes(hash, ...steps.map((step) => step.wordOf(values[step.name])));
  };
}

/** The compiler holds every field of `ACTION_FIELDS` to the type of its value, so the casts here say nothing new. */
function wordOfType(type: FieldType): WordOf {
  switch (type) {
    case 'address':
      return (value) => addressWord(value as Address);
    case 'string':
      return (value) => stringWord(value as string);
    case 'bool':
      return (value) => boolWord(value as boolean);
    case 'uint64':
    case 'uint256':
      return (value) => uintWord(value as number);
    default:
      return wordOfStructs(type);
  }
}

/** The hash of a struct; a list stands in its struct as the hash of its items' hashes. */
function wordOfStructs(type: FieldType): WordOf {
  const nested = itemType(type);
  const hashOf = (struct: object) => hashStruct(nestedEncoders, nested, struct);
  if (type.endsWith('[]')) return (value) => keccak_256(concatBytes(...(value as readonly object[]).map(hashOf)));
  return (value) => hashOf(value as object);
}
