import { StartupFault } from '@keel/runtime';

/** The one sentence about a line that does not fit: file, line number, what was found, what was expected. */
export function lineFault(file: string, lineNumber: number, found: string, expected: string): StartupFault {
  const shown = found.length > 100 ? `${found.slice(0, 100)}...` : found;
  return new StartupFault(`${file} line ${lineNumber}: found ${shown}, expected ${expected}`);
}
