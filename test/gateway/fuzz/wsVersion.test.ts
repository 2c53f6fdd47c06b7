import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

/**
 * The first version of `ws` of which a peer cannot fill the memory with a message in tiny fragments that never ends: 8.21.0
 * counts fragments (CVE-2026-48779), 8.21.1 does so low enough (CVE-2026-62389).
 */
const UNHARMED = [8, 21, 1];

const LOCK = readFileSync(new URL('../../../pnpm-lock.yaml', import.meta.url), 'utf8');

/** Versions of `ws` that packages of ours name, by package; what others bring along for themselves is not listened with. */
function lockedVersions(): [folder: string, version: string][] {
  const [, importers = ''] = /^importers:\n([\s\S]*?)^packages:/m.exec(LOCK) ?? [];
  return importers.split(/\n {2}(?=\S)/).flatMap((part): [string, string][] => {
    const [, version] = /\n {6}ws:\n {8}specifier: [^\n]+\n {8}version: ([0-9.]+)/.exec(part) ?? [];
    return version === undefined ? [] : [[part.slice(0, part.indexOf(':')), version]];
  });
}

function isBefore(version: string, first: readonly number[]): boolean {
  const parts = version.split('.').map(Number);
  const at = parts.findIndex((part, place) => part !== first[place]);
  return at >= 0 && (parts[at] ?? 0) < (first[at] ?? 0);
}

test('every lock of ws is one without the known attack by fragments', () => {
  const locked = lockedVersions();
  expect(locked.map(([folder]) => folder)).toContain('services/gateway');
  expect(locked.filter(([, version]) => isBefore(version, UNHARMED))).toEqual([]);
  expect([isBefore('8.21.0', UNHARMED), isBefore('8.21.1', UNHARMED), isBefore('9.0.0', UNHARMED)]).toEqual([
    true,
    false,
    false,
  ]);
});
