import type { Address, Hex } from '@keel/types';
import { Unreadable } from './unreadable.ts';

/** Longest text of a number that is read at all. */
const DECIMAL_CHARACTERS_MAX = 32;
const DECIMAL = /^[0-9]+(\.[0-9]+)?$/;
const ADDRESS = /^0x[0-9a-fA-F]{40}$/;
const CLOID = /^0x[0-9a-fA-F]{32}$/;

type Fields = Readonly<Record<string, unknown>>;

/** An object with all the required fields and no other than those and the optional ones. */
export function readObject(
  value: unknown,
  path: string,
  required: readonly string[],
  optional: readonly string[] = [],
): Fields {
  const fields = readAnyObject(value, path);
  for (const name of required) if (fields[name] === undefined) throw new Unreadable(`${path}.${name} is missing`);
  for (const name of Object.keys(fields))
    if (!required.includes(name) && !optional.includes(name))
      throw new Unreadable(`${path} has an unknown field ${JSON.stringify(name.slice(0, 32))}`);
  return fields;
}

export function readAnyObject(value: unknown, path: string): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new Unreadable(`${path} is not an object`);
  return value as Fields;
}

export function readList<Item>(value: unknown, path: string, read: (item: unknown, path: string) => Item): Item[] {
  if (!Array.isArray(value)) throw new Unreadable(`${path} is not a list`);
  return value.map((item, at) => read(item, `${path}[${at}]`));
}

export function readBoolean(value: unknown, path: string): boolean {
  if (typeof value !== 'boolean') throw new Unreadable(`${path} is not true or false`);
  return value;
}

export function readText(value: unknown, path: string): string {
  if (typeof value !== 'string') throw new Unreadable(`${path} is not a text`);
  return value;
}

/** A whole number from 0 to 2^53 - 1. */
export function readCount(value: unknown, path: string): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0)
    throw new Unreadable(`${path} is not a whole number from 0 to 2^53 - 1`);
  return value;
}

/** A decimal text without a sign; zeros at its ends are taken off, because what was signed is kept as it was. */
export function readDecimal(value: unknown, path: string): string {
  if (typeof value !== 'string' || value.length > DECIMAL_CHARACTERS_MAX || !DECIMAL.test(value))
    throw new Unreadable(`${path} is not a decimal text such as "0.25"`);
  const [whole = '', fraction = ''] = value.split('.');
  const kept = fraction.replace(/0+$/, '');
  return `${whole.replace(/^0+(?=[0-9])/, '')}${kept === '' ? '' : `.${kept}`}`;
}

/** In lower case. */
export function readAddress(value: unknown, path: string): Address {
  if (typeof value !== 'string' || !ADDRESS.test(value)) throw new Unreadable(`${path} is not an address`);
  return value.toLowerCase() as Address;
}

/** A client's own name of an order, 16 bytes of hex; in lower case. */
export function readCloid(value: unknown, path: string): Hex {
  if (typeof value !== 'string' || !CLOID.test(value)) throw new Unreadable(`${path} is not 0x and 16 bytes of hex`);
  return value.toLowerCase() as Hex;
}

export function readWord<Word extends string>(value: unknown, path: string, words: readonly Word[]): Word {
  const word = words.find((one) => one === value);
  if (word === undefined) throw new Unreadable(`${path} is none of ${words.join(', ')}`);
  return word;
}
