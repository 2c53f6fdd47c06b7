import { type HeardSource, heard } from './store.ts';

/** Keeps whether a source has said what it has: before that an empty list means nothing. */
export function markHeard(source: HeardSource, isHeard = true): void {
  if (heard.peek().has(source) === isHeard) return;
  const sources = new Set(heard.peek());
  if (isHeard) sources.add(source);
  else sources.delete(source);
  heard.value = sources;
}
