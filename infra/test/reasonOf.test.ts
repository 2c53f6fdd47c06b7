import { expect, test } from 'vitest';
import { reasonOf } from '../bootstrap/setUpFault.mjs';

test.each([
  ['ENOSPC: no space left on device, write', 'the disk is full'],
  ['dpkg: error: cannot write: No space left on device', 'the disk is full'],
  ['npm error code ENOTFOUND', 'the package registry cannot be reached; check the network'],
  [
    'W: Failed to fetch: Temporary failure resolving',
    'the Debian package archive cannot be reached; check the network',
  ],
  ['ERR_PNPM_OUTDATED_LOCKFILE Cannot install', 'pnpm-lock.yaml does not fit the package.json files'],
  ['EACCES: permission denied, mkdir "/x"', 'a file may not be written (EACCES: permission denied, mkdir "/x")'],
  ['line one\nnpm error 404 Not Found - GET https://some.host/pnpm\nbye', 'npm error 404 Not Found - GET'],
  ['one\n\nlast words\n', 'last words'],
  ['', 'it printed nothing'],
])('%s', (output, reason) => {
  expect(reasonOf(output)).toBe(reason);
});
