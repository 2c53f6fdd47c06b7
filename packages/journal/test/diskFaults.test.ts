import { expect, it } from 'vitest';
import {
  JournalFault,
  newestSnapshot,
  nodeDisk,
  openIdentity,
  openJournal,
  readIdentity,
  type Snapshot,
  writeSnapshot,
} from '../src/index.ts';
import { faultyDisk } from './faultyDisk.ts';
import { MemoryDisk, systemError } from './memoryDisk.ts';
import { appendGroup, payloadOf, readAll, tempFolder } from './tempJournal.ts';

const DIR = '/data';
const snapshotOf = (sequence: number): Snapshot => ({
  sequence,
  recordHash: payloadOf(sequence, 32),
  stateRoot: payloadOf(sequence, 32),
  payload: payloadOf(sequence, 5_000),
});

it.each([
  ['the flush of a group', 4],
  ['the first flush', 1],
  // A group of 500 bytes or more begins a new segment here, so every flush syncs a header too.
  ['a flush after many', 41],
])(
  'a sync that fails once at %s acknowledges nothing from then on, and what was acknowledged is there after',
  async (_, failing) => {
    const memory = new MemoryDisk();
    let syncs = 0;
    const disk = faultyDisk(memory, {
      beforeSync: (path) => {
        syncs++;
        if (syncs !== failing) return;
        // Like Linux: the pages that could not be written are dropped, and the next sync is called good.
        memory.crash();
        throw systemError('EIO', path);
      },
    });
    const journal = await openJournal(DIR, { disk, segmentBytesMax: 500 });
    let acked = 0;
    const fault = await (async () => {
      for (;;) {
        await appendGroup(journal, 3);
        acked = journal.lastSequence;
      }
    })().catch((error: unknown) => error);
    expect(fault).toBeInstanceOf(JournalFault);
    expect((fault as Error).message).toMatch(/^the journal cannot be written, \/data.*: the device failed \(EIO\)$/);
    expect(journal.durableSequence).toBe(acked);

    // The disk is well again, and still the journal says no: it cannot know what the disk has.
    expect(() => journal.append(journal.lastSequence + 1, payloadOf(1))).toThrow(JournalFault);
    await expect(journal.flush()).rejects.toBe(fault);
    await journal.close();

    const again = await openJournal(DIR, { disk, knownSequence: acked });
    expect(again.lastSequence).toBe(acked);
    await appendGroup(again, 2);
    await again.close();
    memory.crash();
    expect((await readAll(DIR, { disk })).records.map(({ payload }) => Buffer.from(payload))).toEqual(
      Array.from({ length: acked + 2 }, (_, place) => Buffer.from(payloadOf(place + 1))),
    );
  },
);

it('a sync that fails at opening opens nothing and leaves all as it was', async () => {
  const memory = new MemoryDisk();
  const journal = await openJournal(DIR, { disk: memory });
  await appendGroup(journal, 3);
  await journal.close();
  const broken = faultyDisk(memory, {
    beforeSync: (path) => {
      throw systemError('EIO', path);
    },
  });
  await expect(openJournal(DIR, { disk: broken })).rejects.toThrow(
    'the journal in /data cannot be opened: the device failed (EIO)',
  );
  expect((await readAll(DIR, { disk: memory, knownSequence: 3 })).lastSequence).toBe(3);
});

it('a slow disk acknowledges late, and all that came meanwhile at once', async () => {
  const delayMs = 200;
  let syncs = 0;
  const disk = faultyDisk(nodeDisk, {
    beforeSync: () => {
      syncs++;
      return new Promise((resolve) => setTimeout(resolve, delayMs));
    },
  });
  const journal = await openJournal(tempFolder(), { disk });
  await appendGroup(journal, 1);
  syncs = 0;
  const begunMs = performance.now();
  const acked: number[] = [];
  for (let count = 0; count < 50; count++) {
    const sequence = journal.append(journal.lastSequence + 1, payloadOf(count)) && journal.lastSequence;
    void journal.flush().then(() => {
      expect(journal.durableSequence).toBeGreaterThanOrEqual(sequence);
      acked.push(sequence);
    });
    await new Promise((resolve) => setTimeout(resolve, 2));
    // Nothing is acknowledged before the first sync can have returned.
    if (performance.now() - begunMs < delayMs - 10) expect(acked).toEqual([]);
  }
  await journal.close();
  expect(acked).toEqual(Array.from({ length: 50 }, (_, place) => place + 2));
  // 50 flushes: one for the first, then one for all that came while it waited.
  expect(syncs).toBeLessThanOrEqual(3);
});

it('a snapshot that the disk refuses leaves no half and the ones before, and harms the journal in nothing', async () => {
  const memory = new MemoryDisk();
  let full = false;
  const disk = faultyDisk(memory, {
    beforeWrite: (path) => {
      if (full && path.endsWith('.tmp')) throw systemError('ENOSPC', path);
    },
  });
  const journal = await openJournal(DIR, { disk });
  await appendGroup(journal, 3);
  await writeSnapshot(DIR, snapshotOf(1), disk);
  full = true;
  await expect(writeSnapshot(DIR, snapshotOf(2), disk)).rejects.toThrow(
    /^the snapshot .*2\.snap cannot be written: no space left on the device \(ENOSPC\)$/,
  );
  expect(memory.list(`${DIR}/snapshots`)).toEqual(['0000000000000001.snap']);
  await appendGroup(journal, 3);
  full = false;
  await writeSnapshot(DIR, snapshotOf(3), disk);
  expect((await newestSnapshot(DIR, disk)).snapshot).toEqual(snapshotOf(3));
  await journal.close();
});

it('a snapshot whose sync fails is not there', async () => {
  const memory = new MemoryDisk();
  await writeSnapshot(DIR, snapshotOf(1), memory);
  const broken = faultyDisk(memory, {
    beforeSync: (path) => {
      throw systemError('EIO', path);
    },
  });
  await expect(writeSnapshot(DIR, snapshotOf(2), broken)).rejects.toBeInstanceOf(JournalFault);
  expect((await newestSnapshot(DIR, memory)).snapshot?.sequence).toBe(1);
});

it('an identity that cannot be made durable is none', async () => {
  const memory = new MemoryDisk();
  const broken = faultyDisk(memory, {
    beforeSync: (path) => {
      throw systemError('EIO', path);
    },
  });
  const mine = { chainId: 1, settlementAddress: `0x${'1'.repeat(40)}`, engineVersion: 1 };
  await expect(openIdentity(DIR, mine, broken)).rejects.toThrow(
    '/data/identity.json cannot be written: the device failed (EIO)',
  );
  expect(await readIdentity(DIR, memory)).toBeUndefined();
});
