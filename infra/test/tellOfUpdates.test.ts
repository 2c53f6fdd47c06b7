import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { tellOfUpdates } from '../devnet/resume.ts';
import { DevnetFault } from '../launcher/devnetFault.ts';

const folder = mkdtempSync(join(tmpdir(), 'keel-updates-'));
const ranBefore = { path: folder };
writeFileSync(join(folder, 'stopped.json'), '{}');
afterAll(() => rmSync(folder, { recursive: true }));
const fault = new DevnetFault('sequencer did not start: batch 73 was sealed with another root');

test('a devnet that ran before is told of updates, and still the reason', () => {
  const told = tellOfUpdates(fault, ranBefore) as Error;
  expect(told).toBeInstanceOf(DevnetFault);
  expect(told.message).toMatch(/^sequencer did not start: batch 73 .*root\. If Keel was updated .*--fresh\.$/);
});

test('nothing is added on a first start, nor to a fault of the launcher itself', () => {
  expect(tellOfUpdates(fault, { path: join(folder, 'none') })).toBe(fault);
  const bug = new TypeError('no such thing');
  expect(tellOfUpdates(bug, ranBefore)).toBe(bug);
});
