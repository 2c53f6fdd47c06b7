import { createInterface } from 'node:readline';
import { endProcess } from './endProcess.ts';
import type { ProcessIdentity } from './processIdentity.ts';

/**
 * Outlives the launcher by a moment. The launcher names every process it starts on this one's standard input; when that
 * input ends, for whatever reason, what is still running is stopped in reverse order. A launcher that stopped
 * everything itself leaves nothing to do here.
 */
const started = new Map<number, ProcessIdentity>();

// Ctrl-C and a closing terminal are the launcher's business; this process must not end before it.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);

const input = createInterface({ input: process.stdin });
input.on('line', (line) => {
  const identity = JSON.parse(line) as ProcessIdentity;
  started.set(identity.pid, identity);
});
input.on('close', async () => {
  for (const identity of [...started.values()].reverse()) await endProcess(identity);
  process.exit(0);
});
