import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { explainFault, StartupFault } from '@keel/runtime';

/** Some millions of lines; a larger file is a mistake rather than a recording to play. */
const TEXT_BYTES_MAX = 256 * 1024 * 1024;

/** The text of a file, unpacked when its name ends in .gz. Throws StartupFault with one sentence. */
export function readTextFile(file: string): string {
  try {
    const bytes = readFileSync(file);
    const unpacked = file.endsWith('.gz') ? gunzipSync(bytes, { maxOutputLength: TEXT_BYTES_MAX }) : bytes;
    if (unpacked.length > TEXT_BYTES_MAX) throw new StartupFault(`larger than ${TEXT_BYTES_MAX} bytes`);
    return unpacked.toString('utf8');
  } catch (fault) {
    throw new StartupFault(`${file} cannot be read: ${explainFault(fault)}`, { cause: fault });
  }
}
