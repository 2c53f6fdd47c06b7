import { statSync } from 'node:fs';

/** What a path is: 'file', 'folder', 'device' (a pipe too: it can be read once, but two services read a recording) or undefined. */
export function lookAt(path) {
  let stat;
  try {
    stat = statSync(path);
  } catch {
    return undefined;
  }
  return stat.isFile() ? 'file' : stat.isDirectory() ? 'folder' : 'device';
}
