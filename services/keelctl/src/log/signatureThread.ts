import { parentPort, workerData } from 'node:worker_threads';
import { decodeSequencedCommand } from '@keel/codec';
import type { KeelDomain } from '@keel/signing';
import { assert } from '@keel/types';
import { checkSignature, signatureFacts } from './checkSignature.ts';
import type { Listed } from './listings.ts';
import { addFinding, noFindings, type SignatureFindings } from './signatureFindings.ts';

/** Commands of the log, oldest first, all with the same listed before them. */
export interface SignatureBatch {
  readonly payloads: readonly Uint8Array[];
  readonly listed: Listed;
}

/** One thread of a SignatureCheck: a batch in, its findings out. */
assert(parentPort !== null, 'the signature thread was started as a program');
const port = parentPort;
const domain = workerData as KeelDomain;

port.on('message', ({ payloads, listed }: SignatureBatch) => {
  const facts = signatureFacts(domain, listed);
  const findings: SignatureFindings = payloads.reduce((found, payload) => {
    const sequenced = decodeSequencedCommand(payload);
    return addFinding(found, sequenced, checkSignature(sequenced, facts));
  }, noFindings);
  port.postMessage(findings);
});
