import { execFileSync } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished, type TestContext } from 'vitest';
import { JournalFault, newestSnapshot, openJournal, writeSnapshot } from '../src/index.ts';
import { appendGroup, payloadOf, readAll, tempFolder } from './tempJournal.ts';

/** A real file system of one megabyte. Mounting needs root; without it the test says that it was skipped. */
function smallDisk(context: TestContext): string {
  const folder = tempFolder();
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', folder], { stdio: 'ignore' });
  } catch {
    context.skip('mounting a tmpfs is not allowed here');
  }
  onTestFinished(() => void execFileSync('umount', [folder]));
  return folder;
}

it('a full disk stops the journal for good, and what was durable before is there after', async (context) => {
  const dir = smallDisk(context);
  const journal = await openJournal(dir);
  const fill = async () => {
    for (;;) await appendGroup(journal, 1, 100_000);
  };
  await expect(fill()).rejects.toThrow(
    /^the journal cannot be written, .*\.log: no space left on the device \(ENOSPC\)$/,
  );
  const durable = journal.durableSequence;
  expect(durable).toBeGreaterThan(5);
  expect(() => journal.append(journal.lastSequence + 1, payloadOf(1))).toThrow(JournalFault);
  await expect(journal.flush()).rejects.toBeInstanceOf(JournalFault);
  await journal.close();
  const { lastSequence, notices } = await readAll(dir, { knownSequence: durable });
  expect(lastSequence).toBe(durable);
  expect(notices.length).toBe(1);
});

it('a full disk fails a snapshot and leaves the one before', async (context) => {
  const dir = smallDisk(context);
  const [recordHash, stateRoot] = [new Uint8Array(32), new Uint8Array(32)];
  await writeSnapshot(dir, { sequence: 1, recordHash, stateRoot, payload: payloadOf(1, 600_000) });
  await expect(
    writeSnapshot(dir, { sequence: 2, recordHash, stateRoot, payload: payloadOf(2, 600_000) }),
  ).rejects.toThrow('no space left on the device');
  expect((await newestSnapshot(dir)).snapshot?.sequence).toBe(1);
  expect(readdirSync(join(dir, 'snapshots'))).toEqual(['0000000000000001.snap']);
  // The half is gone, so the journal has its room back and goes on.
  const journal = await openJournal(dir);
  await appendGroup(journal, 1, 300_000);
  await journal.close();
});

it('a directory that cannot be made is said in one sentence', async () => {
  const file = join(tempFolder(), 'file');
  writeFileSync(file, '');
  await expect(openJournal(join(file, 'data'))).rejects.toThrow(/^the journal in .*data cannot be made: ENOTDIR/);
});
