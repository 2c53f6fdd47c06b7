import { createHash } from 'node:crypto';
import { openJournal } from '../src/index.ts';

/** Run by a test, which kills it. The payloads are those of `payloadOf` in tempJournal.ts. */
function payloadOf(sequence: number): Buffer {
  const bytes = Buffer.alloc(40 + ((sequence * 7) % 60));
  for (let at = 0, block = 0; at < bytes.length; at += 32, block++)
    createHash('sha256').update(`${sequence}/${block}`).digest().copy(bytes, at);
  return bytes;
}

const journal = await openJournal(process.argv[2] as string);
for (;;) {
  for (let count = 0; count < 10; count++) {
    const sequence = journal.lastSequence + 1;
    journal.append(sequence, payloadOf(sequence));
  }
  await journal.flush();
  process.stdout.write(`${journal.durableSequence}\n`);
}
