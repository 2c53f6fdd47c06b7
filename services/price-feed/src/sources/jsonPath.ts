/** Where a value lies in a JSON document: names and places in lists, in order. */
export type JsonPath = readonly (string | number)[];

const STEP = /\.?([A-Za-z_{}][^.[\]"]*)|\[([0-9]{1,6})\]|\.?\["([^"]+)"\]/y;

/**
 * Reads `result.XXBTZUSD.c[0]`; a name with dots or brackets, or one that begins with a digit, is written `["a.b"]`.
 * `{symbol}` in a name stands for the source's own symbol. Undefined for a text that is no path.
 */
export function parseJsonPath(text: string): JsonPath | undefined {
  const path: (string | number)[] = [];
  STEP.lastIndex = 0;
  while (STEP.lastIndex < text.length) {
    const step = STEP.exec(text);
    if (step === null) return undefined;
    const [, name, place, quoted] = step;
    path.push(place === undefined ? ((name ?? quoted) as string) : Number(place));
  }
  return path.length === 0 ? undefined : path;
}

/** The value at a path, with `symbol` for `{symbol}`; undefined where the document has none. */
export function readJsonPath(document: unknown, path: JsonPath, symbol: string): unknown {
  let here: unknown = document;
  for (const step of path) {
    if (typeof here !== 'object' || here === null) return undefined;
    const name = typeof step === 'string' ? step.replaceAll('{symbol}', symbol) : step;
    if (!Object.hasOwn(here, name)) return undefined;
    here = (here as Record<string | number, unknown>)[name];
  }
  return here;
}
