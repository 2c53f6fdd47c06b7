import { parentPort, workerData } from 'node:worker_threads';
import type { KeelDomain } from '@keel/signing';
import { assert } from '@keel/types';
import { checkSignature, type SignatureBatch, type ThreadMessage } from './signatureJob.ts';

/** One thread of the pool: a batch in, its verdicts out, one message each way. */
assert(parentPort !== null, 'the signature thread was started as a program');
const port = parentPort;
const domain = workerData as KeelDomain;

const say = (message: ThreadMessage): void => port.postMessage(message);

port.on('message', (batch: SignatureBatch) => {
  const begin = performance.now();
  const verdicts = batch.map((job) => checkSignature(domain, job));
  say({ kind: 'checked', verdicts, seconds: (performance.now() - begin) / 1_000 });
});
say({ kind: 'ready' });
