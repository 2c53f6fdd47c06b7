import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { openJournal, readJournal, writeRecordFrames } from '@keel/journal';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ofNode } from '../src/log/logSource.ts';
import { COMMANDS, SNAPSHOT_AT, START_MS, writeDataDir } from './journalOnDisk.ts';

const MAIN = new URL('../src/main.ts', import.meta.url).pathname;
let dataDir = '';

beforeEach(async () => {
  dataDir = await writeDataDir();
});
afterEach(() => rmSync(dataDir, { recursive: true }));

function keelctl(...args: string[]) {
  const env = { PATH: process.env.PATH ?? '' };
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, ...args], { env, encoding: 'utf8' });
  return { status, stdout, stderr };
}

/** Everything in the folder, to see that looking changes nothing. */
function contents(): Record<string, string> {
  const names = readdirSync(dataDir, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(
    names.map(({ parentPath, name }) => [join(parentPath, name), readFileSync(join(parentPath, name), 'base64')]),
  );
}

const segment = () => join(dataDir, 'segments', readdirSync(join(dataDir, 'segments'))[0] ?? '');

function flip(file: string, place: number): void {
  const bytes = readFileSync(file);
  bytes[place]! ^= 1;
  writeFileSync(file, bytes);
}

describe('log', () => {
  test('verify: the chain holds, nothing is changed, also while somebody writes', async () => {
    const before = contents();
    const { status, stdout } = keelctl('log', 'verify', '--data', dataDir);
    expect([status, stdout]).toEqual([0, expect.stringContaining('40 records in ')]);
    expect(contents()).toEqual(before);
    const writer = await openJournal(dataDir);
    expect(keelctl('log', 'verify', '--data', dataDir).status).toBe(0);
    await writer.close();
  });

  test('verify: one flipped bit is 1 with the place', () => {
    flip(segment(), 700);
    const { status, stdout, stderr } = keelctl('log', 'verify', '--data', dataDir);
    expect([status, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^keelctl: the journal is damaged: .* at byte \d+: /m);
  });

  test('export gives JSON lines of the range, exact', () => {
    const { status, stdout } = keelctl('log', 'export', '--data', dataDir, '--from', '19', '--to', '21');
    const lines = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(status).toBe(0);
    expect(lines.map(({ sequence, command }) => [sequence, command.kind])).toEqual([
      [19, 'advanceTime'],
      [20, 'sealBatch'],
      [21, 'advanceTime'],
    ]);
    const [{ recordHash } = { recordHash: new Uint8Array() }] = [...readJournal(dataDir, 19, 19)];
    expect(lines[0]).toMatchObject({
      timeMs: START_MS + 19_000,
      recordHash: `0x${Buffer.from(recordHash).toString('hex')}`,
    });
    expect(keelctl('log', 'export', '--data', dataDir, '--to', '41')).toMatchObject({ status: 1, stdout: '' });
  });

  test('tail shows the last ones', () => {
    const { status, stdout } = keelctl('log', 'tail', '--data', dataDir, '--lines', '2');
    const time = new Date(START_MS + COMMANDS * 1_000).toISOString();
    expect([status, stdout.trimEnd().split('\n').at(-1)?.trim()]).toEqual([0, `40  ${time}  advanceTime`]);
    expect(stdout.trimEnd().split('\n')).toHaveLength(2);
  });

  test('of a node comes as frames, with the token, each held to the one before', async () => {
    const asked: (string | undefined)[] = [];
    const server: Server = createServer((request, response) => {
      asked.push(request.headers.authorization);
      const { pathname, searchParams } = new URL(request.url ?? '/', 'http://node');
      if (pathname === '/status') {
        response.end(JSON.stringify({ sequence: COMMANDS, timeMs: START_MS, lastBatchIndex: 0 }));
        return;
      }
      const from = Number(searchParams.get('from'));
      const [before] = [...readJournal(dataDir, from - 1, from - 1)];
      for (const frame of writeRecordFrames(readJournal(dataDir, from, COMMANDS), before!.recordHash))
        response.write(frame);
      response.end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const source = ofNode({ urls: [url], hint: '', token: () => 'ab'.repeat(16) });
    const sequences: number[] = [];
    for await (const { sequence } of source.read((await source.lastSequence()) - 4)) sequences.push(sequence);
    server.close();
    expect(sequences).toEqual([36, 37, 38, 39, 40]);
    expect(asked).toEqual([undefined, `Bearer ${'ab'.repeat(16)}`]);
  });
});

describe('snapshot, of files', () => {
  test('list and verify', () => {
    expect(keelctl('snapshot', 'list', '--data', dataDir)).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/^ +30 .* present /m),
    });
    const { status, stdout } = keelctl('snapshot', 'verify', '--data', dataDir, '--json');
    expect([status, JSON.parse(stdout)]).toMatchObject([
      0,
      [{ sequence: SNAPSHOT_AT, verdict: expect.stringMatching(/^holds, root 0x/) }],
    ]);
  });

  test('a damaged one is 1 and says what to do', () => {
    flip(join(dataDir, 'snapshots', readdirSync(join(dataDir, 'snapshots'))[0] ?? ''), 200);
    const { status, stdout } = keelctl('snapshot', 'verify', '--data', dataDir);
    expect([status, stdout]).toEqual([1, expect.stringContaining('FAULT its digest does not match; move it away')]);
  });
});

test('replay --verify-roots comes to the same root by both ways', () => {
  const { status, stdout } = keelctl('replay', '--verify-roots', '--data', dataDir);
  expect(status).toBe(0);
  expect(stdout).toMatch(
    /^40 commands replayed in .*\nstate root 0x[0-9a-f]{64}\n1 batches, 1 compared.*\nfrom the snapshot of 30 and 10 more: the same root/,
  );
  flip(segment(), 700);
  expect(keelctl('replay', '--verify-roots', '--data', dataDir).status).toBe(1);
});

test('doctor looks at a data directory of this machine without any node', () => {
  const { status, stdout } = keelctl('doctor', '--nodes', 'http://127.0.0.1:4', '--data', dataDir);
  expect(status).toBe(1);
  expect(stdout).toMatch(/^ok +journal of .*: readable up to command 40/m);
  expect(stdout).toMatch(/^ok +snapshots of .*: newest after command 30, \d+ s old/m);
  expect(stdout).toMatch(/^ok +lock of .*: nobody holds it/m);
  expect(stdout).toMatch(/^fault +every node answers: /m);
});
