import { setTimeout as after } from 'node:timers';
import type { DevnetFault } from './devnetFault.ts';

/** A terminal sends Ctrl-C to npm, to us and through npm once more; only a later one means "at once". */
const SAME_WISH_MS = 1_500;

/** Why and when a devnet ends. */
export interface Ending {
  /** Aborted when the end is wanted. */
  readonly signal: AbortSignal;
  /** Resolves when the end is wanted, rejects when it is a fault. */
  readonly ended: Promise<void>;
  readonly finish: () => void;
  readonly fail: (fault: DevnetFault) => void;
  readonly finishAfter: (seconds: number) => void;
}

/** Ends on Ctrl-C, on a closing terminal, when told to, or by a fault. */
export function listenForTheEnd(say: (line: string) => void): Ending {
  const control = new AbortController();
  let resolve: () => void = () => undefined;
  let reject: (fault: DevnetFault) => void = () => undefined;
  const promise = new Promise<void>((onEnd, onFault) => {
    resolve = onEnd;
    reject = onFault;
  });
  // Whoever does not wait for the end right now still learns of it later.
  promise.catch(() => undefined);
  const finish = (): void => {
    control.abort();
    resolve();
  };
  const fail = (fault: DevnetFault): void => {
    reject(fault);
    control.abort();
  };
  let firstWishMs: number | undefined;
  const wish = (): void => {
    firstWishMs ??= Date.now();
    if (Date.now() - firstWishMs > SAME_WISH_MS) say('still stopping; everything is ended within 12 s per process');
    finish();
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, wish);
  return {
    signal: control.signal,
    ended: promise,
    finish,
    fail,
    finishAfter: (seconds) => void after(finish, seconds * 1000).unref(),
  };
}
