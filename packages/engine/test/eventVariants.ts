import fc from 'fast-check';

/** Of every width that is written apart. */
export const integer = fc.oneof(
  fc.integer({ min: -3, max: 3 }),
  fc.constantFrom(2 ** 31 - 1, 2 ** 31, -(2 ** 31), -(2 ** 31) - 1, 2 ** 32 - 1, 2 ** 32, 2 ** 53 - 1, 1 - 2 ** 53),
  fc.maxSafeInteger(),
);

/** Every field of an event with what is inside it, as `path=value`. */
export function fieldsOf(value: unknown, path: string): [string, unknown][] {
  if (typeof value !== 'object' || value === null) return [[path, value]];
  return Object.entries(value).flatMap(([name, inner]) => fieldsOf(inner, `${path}.${name}`));
}

/** The words of the fields that are one of a few. */
const WORDS: Readonly<Record<string, readonly string[]>> = {
  deleverageRule: ['waterFilling', 'profitLeverage', 'profitNotional'],
  rule: ['waterFilling', 'profitLeverage', 'profitNotional'],
  stage: ['book', 'auction', 'backstop', 'deleverage'],
  side: ['buy', 'sell'],
};

/** `base` with one of its fields, however deep, replaced by another value of its kind; sometimes a list by a longer one. */
export function variantOf<Value>(base: Value): fc.Arbitrary<Value> {
  return fc
    .tuple(fc.constantFrom(...placesOf(base)), integer, fc.boolean())
    .map(([place, value, longer]) => changed(base, place, value, longer));
}

export function placesOf(base: unknown): string[][] {
  return fieldsOf(base, '').map(([path]) => path.split('.').slice(1));
}

export function changed<Value>(base: Value, place: readonly string[], value: number, longer: boolean): Value {
  const copy = structuredClone(base);
  let part = copy as Record<string, unknown>;
  for (const name of place.slice(0, -1)) {
    const inner = part[name];
    if (longer && Array.isArray(inner)) inner.push(structuredClone(inner[0]));
    part = inner as Record<string, unknown>;
  }
  const name = place.at(-1) ?? '';
  part[name] = other(name, part[name], value);
  return copy;
}

function other(name: string, old: unknown, value: number): unknown {
  const words = WORDS[name];
  if (words !== undefined) return words[Math.abs(value) % words.length];
  if (typeof old !== 'string') return typeof old === 'boolean' ? value > 0 : value;
  if (name === 'feeder' || name === 'owner') return `0x${Math.abs(value).toString(16).padStart(40, '0')}`;
  return `S${value}`;
}
