/** Aborted by Ctrl-C, by SIGTERM, and after so many seconds; 0 = never by itself. */
export function untilStopped(seconds: number): AbortSignal {
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
  if (seconds > 0) setTimeout(() => stop.abort(), seconds * 1_000).unref();
  return stop.signal;
}
