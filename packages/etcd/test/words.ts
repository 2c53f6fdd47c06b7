import type { Store, StoreFault, WatchEvent } from '../src/index.ts';

export const bytes = (words: string): Uint8Array => new TextEncoder().encode(words);
export const text = (value: Uint8Array | undefined): string => new TextDecoder().decode(value);
export const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

export async function eventually(holds: () => boolean, withinMs = 5_000): Promise<void> {
  const limit = performance.now() + withinMs;
  while (!holds()) {
    if (performance.now() > limit) throw new Error(`not within ${withinMs} ms: ${holds.toString()}`);
    await wait(10);
  }
}

/** What a call rejects with; a call that resolves is a mistake of the test. */
export async function faultOf(call: Promise<unknown>): Promise<StoreFault> {
  const outcome = await call.then(
    (value) => new Error(`it resolved with ${JSON.stringify(value)}`),
    (fault: StoreFault) => fault,
  );
  return outcome;
}

export interface SeenWatch {
  readonly events: WatchEvent[];
  readonly calls: { readonly revision: number; readonly keys: readonly string[] }[];
  readonly ends: StoreFault[];
  readonly close: () => void;
}

export function collectWatch(store: Store, key: string, end: string, fromRevision: number): SeenWatch {
  const events: WatchEvent[] = [];
  const calls: { revision: number; keys: string[] }[] = [];
  const ends: StoreFault[] = [];
  const close = store.watch(key, end, fromRevision, {
    onEvents: (more, revision) => {
      events.push(...more);
      calls.push({ revision, keys: more.map(({ entry }) => entry.key) });
    },
    onEnd: (fault) => ends.push(fault),
  });
  return { events, calls, ends, close };
}
