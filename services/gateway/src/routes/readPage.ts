/** Entries wanted where the query does not say. */
const LIMIT = 100;

/** How a page is asked for. */
export interface PageQuery {
  readonly limit?: number | undefined;
  readonly before?: number | undefined;
}

/**
 * One page of a list whose cursor is the place in the log. It ends with a whole command, so that the next page misses nothing
 * and repeats nothing, whatever happens in between.
 */
export async function readPage<Read, Doc extends { readonly sequence: number }>(
  { limit = LIMIT, before = Number.MAX_SAFE_INTEGER }: PageQuery,
  read: (limit: number, before: number) => Promise<Read>,
  docsOf: (read: Read) => readonly Doc[],
): Promise<{ read: Read; docs: readonly Doc[]; next: number | null }> {
  const answer = await read(limit, before);
  const docs = docsOf(answer);
  return { read: answer, docs, next: docs.length < limit ? null : (docs.at(-1)?.sequence ?? null) };
}

/** One page of a list that was read whole, newest first, with the cursor of each entry. */
export function pageOfList<Entry>(
  { limit = LIMIT, before = Number.MAX_SAFE_INTEGER }: PageQuery,
  entries: readonly Entry[],
  cursorOf: (entry: Entry) => number,
): { page: readonly Entry[]; next: number | null } {
  const older = entries.filter((entry) => cursorOf(entry) < before);
  const page = older.slice(0, limit);
  const last = page.at(-1);
  return { page, next: last === undefined || older.length <= limit ? null : cursorOf(last) };
}
