import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { CommandLineFault } from './commandLineFault.ts';

/**
 * The text of a file of at most so many bytes, also where it grows meanwhile or is no ordinary file.
 * @throws CommandLineFault when it cannot be read or is larger.
 */
export function readBounded(path: string, bytesMax: number): string {
  let file: number | undefined;
  try {
    file = openSync(path, 'r');
    if (fstatSync(file).isDirectory()) throw new CommandLineFault(`${path} is a folder`);
    const bytes = Buffer.alloc(bytesMax + 1);
    let length = 0;
    for (;;) {
      const read = readSync(file, bytes, length, bytes.length - length, null);
      length += read;
      if (length > bytesMax) throw new CommandLineFault(`${path} is larger than ${bytesMax} bytes`);
      if (read === 0) return bytes.toString('utf8', 0, length);
    }
  } catch (fault) {
    if (fault instanceof CommandLineFault) throw fault;
    const { code, message } = fault as NodeJS.ErrnoException;
    throw new CommandLineFault(code === 'ENOENT' ? `there is no ${path}` : `${path} cannot be read: ${message}`);
  } finally {
    if (file !== undefined) closeSync(file);
  }
}
