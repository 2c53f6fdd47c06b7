import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { explainFault, StartupFault } from '@keel/runtime';
import type { OrderMessage } from './orderMessage.ts';
import { parseOrderMessages } from './parseOrderMessages.ts';

/** Some millions of messages; a larger file is a mistake rather than a recording to play. */
const TEXT_BYTES_MAX = 256 * 1024 * 1024;

/** Reads a LOBSTER message file, unpacked when its name ends in .gz. Throws a StartupFault with one sentence. */
export function readOrderFile(file: string): OrderMessage[] {
  return parseOrderMessages(readText(file), file);
}

function readText(file: string): string {
  try {
    const bytes = readFileSync(file);
    return (file.endsWith('.gz') ? gunzipSync(bytes, { maxOutputLength: TEXT_BYTES_MAX }) : bytes).toString('utf8');
  } catch (fault) {
    throw new StartupFault(`${file} cannot be read: ${explainFault(fault)}`, { cause: fault });
  }
}
