/** Puts rows in front of a list that is newest first: no key twice (the newer row stays), never longer than `limit`. */
export function mergeNewest<Row>(
  current: readonly Row[],
  incoming: readonly Row[],
  keyOf: (row: Row) => string,
  newerFirst: (a: Row, b: Row) => number,
  limit: number,
): readonly Row[] {
  const byKey = new Map<string, Row>();
  for (const row of incoming) byKey.set(keyOf(row), row);
  for (const row of current) if (!byKey.has(keyOf(row))) byKey.set(keyOf(row), row);
  return [...byKey.values()].sort(newerFirst).slice(0, limit);
}
