/** Values as texts in one order, to compare lists whose own order says nothing. */
export function inAnyOrder(values: Iterable<unknown>): readonly string[] {
  return [...values].map((value) => JSON.stringify(value)).toSorted();
}
