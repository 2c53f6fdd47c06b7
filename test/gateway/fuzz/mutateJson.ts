import type { Dice } from '../dice.ts';

/** Stands in a value for JSON that no value is written as: 1e999, -0, ten thousand brackets. */
const RAW = 'raw json follows: ';
const raw = (json: string): string => RAW + json;

/** Names that mean something to JavaScript, or to somebody careless. */
const KEYS = [
  ...['__proto__', 'constructor', 'prototype', 'toString', 'valueOf', 'toJSON', 'then', 'hasOwnProperty', 'length'],
  ...['', ' ', '0', 'id', 'type', 'method', 'params', 'account', 'nonce', '\ud800', '\u0000', 'k'.repeat(300)],
];

const TEXTS = [
  ...['', ' ', '0', '-0', '-1', '1', '00', '1e5', '1.0', '.5', '1.', 'NaN', 'Infinity', 'null', 'true', '0x', '0x0'],
  ...['9'.repeat(20), '9'.repeat(400), `0.${'0'.repeat(300)}1`, '9007199254740993', '\uff11', '\u0661', '１'],
  ...['\ud800', '\udc00x', '\u0000', '\u2028', '\ufeff', '💥', '__proto__', 'constructor', '../../etc', '%00', '%'],
  ...["'; --", '{{1}}', '\r\nX: 1', 'BTC-USD', 'btc-usd', 'BTC', 'collateral:', 'USDC', 'a'.repeat(5_000)],
  ...[
    `0x${'f'.repeat(40)}`,
    `0x${'0'.repeat(40)}`,
    `0X${'a'.repeat(40)}`,
    `0x${'f'.repeat(130)}`,
    `0x${'0'.repeat(130)}`,
  ],
];

const VALUES: readonly unknown[] = [
  ...[null, true, false, 0, 1, -1, 1.5, 50, 51, 1e15, 2 ** 53 - 1, 2 ** 53, 2 ** 63, -(2 ** 53), 5e-324, 1.7e308],
  ...[raw('1e999'), raw('-1e999'), raw('-0'), raw('9'.repeat(500)), raw(`0.${'0'.repeat(400)}1`), raw('1E+2')],
  ...[
    [],
    {},
    [[]],
    [null],
    [{}],
    [1, 2, 3],
    { toString: 1, valueOf: 1 },
    { toString: null },
    raw('{"then":1}'),
    { length: 1e9 },
  ],
  ...[{ toJSON: 1 }, { 0: 'a', length: 1 }, raw('{"__proto__":{"x":1}}'), raw('{"a":1,"a":2}'), raw('[,]'), raw('NaN')],
];

function nastyValue(dice: Dice): unknown {
  switch (dice.weighed({ text: 40, value: 50, deep: 5, long: 5 })) {
    case 'text':
      return dice.pick(TEXTS);
    case 'value':
      return structuredClone(dice.pick(VALUES));
    case 'deep':
      return raw(nested(dice, dice.pick([8, 17, 100, 1_000, 6_000])));
    case 'long':
      return raw(
        `[${Array.from({ length: dice.pick([51, 101, 1_000, 8_000]) }, () => dice.pick(['0', '{}', '""'])).join(',')}]`,
      );
  }
}

/** Lists or objects in each other, so many. */
function nested(dice: Dice, depth: number): string {
  return dice.chance(50) ? '['.repeat(depth) + ']'.repeat(depth) : `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;
}

type Container = Record<string, unknown> | unknown[];
interface Place {
  readonly in: Container;
  readonly key: string;
}

/** Every field and item of a value, those of its parts included. */
function placesOf(value: unknown): Place[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, part]) => [{ in: value as Container, key }, ...placesOf(part)]);
}

const read = ({ in: container, key }: Place): unknown => (container as Record<string, unknown>)[key];

/** As an own field, whatever its name. */
function write({ in: container, key }: Place, value: unknown): void {
  Object.defineProperty(container, key, { value, enumerable: true, configurable: true, writable: true });
}

function drop({ in: container, key }: Place): void {
  if (Array.isArray(container)) container.splice(Number(key), 1);
  else delete container[key];
}

/**
 * JSON text of `good` with one to three things wrong with it: fields dropped, changed, renamed, swapped, doubled or too many, or
 * letters of the text itself. Now and then it still says the same as before.
 */
export function mutateJson(dice: Dice, good: unknown): string {
  const value: unknown = structuredClone(good);
  for (let left = dice.pick([1, 1, 1, 2, 3]); left > 0; left -= 1) mutateValue(dice, value);
  const text = dice.chance(3) ? toJson(nastyValue(dice)) : toJson(value);
  if (dice.chance(12)) return doubleField(dice, text);
  return dice.chance(15) ? mutateText(dice, text) : text;
}

function toJson(value: unknown): string {
  return (JSON.stringify(value) ?? 'null').replaceAll(
    /"raw json follows: ((?:[^"\\]|\\.)*)"/g,
    (_whole, json: string) => JSON.parse(`"${json}"`) as string,
  );
}

function mutateValue(dice: Dice, value: unknown): void {
  const places = placesOf(value);
  if (places.length === 0) return;
  const place = dice.pick(places);
  switch (dice.weighed({ drop: 12, nasty: 35, tweak: 25, rename: 6, add: 10, swap: 8, same: 4 })) {
    case 'drop':
      drop(place);
      break;
    case 'nasty':
      write(place, nastyValue(dice));
      break;
    case 'tweak':
      write(place, tweak(dice, read(place)));
      break;
    case 'rename': {
      const held = read(place);
      drop(place);
      const named = dice.chance(50) ? dice.pick(KEYS) : `${place.key}${dice.pick(['s', ' ', '_'])}`;
      write({ in: place.in, key: Array.isArray(place.in) ? '0' : named }, held);
      break;
    }
    case 'add': {
      const key = Array.isArray(place.in) ? String(place.in.length) : dice.pick(KEYS);
      write({ in: place.in, key }, nastyValue(dice));
      break;
    }
    case 'swap': {
      const other = dice.pick(places);
      const held = read(place);
      write(place, structuredClone(read(other)));
      write(other, structuredClone(held));
      break;
    }
    case 'same':
      break;
  }
}

/** The same kind of value, a little off. */
function tweak(dice: Dice, value: unknown): unknown {
  if (typeof value === 'number')
    return dice.pick([value + 1, value - 1, -value, value * 2 ** 40, value / 3, String(value)]);
  if (typeof value === 'boolean') return dice.pick<unknown>([!value, Number(value), String(value)]);
  if (Array.isArray(value)) return dice.pick<unknown>([[...value, ...value], value.slice(1), Object.assign({}, value)]);
  if (typeof value !== 'string') return [value];
  const at = dice.between(0, value.length);
  return dice.pick<unknown>([
    value.slice(0, at) + dice.pick(['0', 'f', ' ', '.', '-', '"', '\\', '\ud83d']) + value.slice(at),
    value.slice(0, at) + value.slice(at + 1),
    value.toUpperCase(),
    `${value}0`,
    `0${value}`,
    [value],
    Number(value),
    value.repeat(dice.pick([2, 40])),
  ]);
}

/** A field twice: the last one counts, whatever the first was. */
function doubleField(dice: Dice, text: string): string {
  const at = text.indexOf('{');
  if (at < 0) return text;
  const [, name = 'type'] = dice.pick([...text.matchAll(/"([a-zA-Z]{1,20})":/g)]) ?? [];
  return `${text.slice(0, at + 1)}"${name}":${dice.pick(['1', 'null', '"x"', '{}', '[]'])},${text.slice(at + 1)}`;
}

const PIECES = [
  '"',
  '{',
  '}',
  '[',
  ']',
  ',',
  ':',
  '\\',
  '\\u',
  '\\ud800',
  'NaN',
  '-',
  'e',
  '/*',
  '\u0000',
  '\ufeff',
  '9'.repeat(99),
];

function mutateText(dice: Dice, text: string): string {
  const at = dice.between(0, text.length);
  const to = Math.min(text.length, at + dice.pick([1, 1, 2, 30]));
  switch (dice.weighed({ flip: 40, cut: 15, remove: 15, insert: 25, twice: 5 })) {
    case 'flip':
      return (
        text.slice(0, at) +
        String.fromCharCode(text.charCodeAt(Math.min(at, text.length - 1)) ^ (1 << dice.between(0, 6))) +
        text.slice(at + 1)
      );
    case 'cut':
      return text.slice(0, at);
    case 'remove':
      return text.slice(0, at) + text.slice(to);
    case 'insert':
      return text.slice(0, at) + dice.pick(PIECES) + text.slice(at);
    case 'twice':
      return text + text;
  }
}
