import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { CLUSTER_PORTS } from '../cluster/ports.ts';
import { redisSpecs, redisUrl } from '../cluster/redisSpecs.ts';
import { choosePorts } from '../launcher/choosePorts.ts';

const path = mkdtempSync(join(tmpdir(), 'keel with blanks '));
afterAll(() => rmSync(path, { recursive: true }));
const ports = choosePorts(CLUSTER_PORTS, 8180, {});
const subfolder = (name: string): string => {
  mkdirSync(join(path, name), { recursive: true });
  return join(path, name);
};

test('Redis is found by its Sentinels', () => {
  expect(redisUrl(ports)).toBe('redis-sentinel://127.0.0.1:7201,127.0.0.1:7202,127.0.0.1:7203/keel');
});

test('the second Redis is a replica of the first; neither evicts, both quote their folder', () => {
  const settings = redisSpecs('redis-server', ports, subfolder).map(({ args }) => readFileSync(args[0] ?? '', 'utf8'));
  expect(settings.map((text) => text.includes('replicaof 127.0.0.1 7196\n'))).toEqual([false, true]);
  for (const text of settings) expect(text).toMatch(/^dir ".* .*"$/m);
  for (const text of settings) expect(text).toContain('maxmemory-policy noeviction\n');
});
