import { expect, it } from 'vitest';
import { type Disk, type DiskFile, JournalFault, openJournal } from '../src/index.ts';
import { MemoryDisk, systemError } from './memoryDisk.ts';
import { appendGroup } from './tempJournal.ts';

const DIR = '/data';

/**
 * A disk under a system like Linux: when a sync fails, what was written stays readable and counts as clean, so that no
 * later sync brings it to the device, unless it is written again.
 */
class CleanPagesDisk extends MemoryDisk {
  /** What the device holds, and what of the file is to be brought there. */
  readonly #device = new Map<string, Buffer>();
  readonly #dirty = new Map<string, { from: number; to: number }[]>();
  syncFails = false;

  override async open(path: string, mode: Parameters<Disk['open']>[1]): Promise<DiskFile> {
    const file = await super.open(path, mode);
    const dirty = this.#dirty.get(path) ?? [];
    this.#dirty.set(path, dirty);
    const sync = async (): Promise<void> => {
      const ranges = dirty.splice(0);
      if (this.syncFails) throw systemError('EIO', path);
      const size = this.size(path);
      const device = Buffer.alloc(size);
      this.#device.get(path)?.copy(device);
      for (const { from, to } of ranges) this.read(path, from, to - from).copy(device, from);
      this.#device.set(path, device);
    };
    return {
      write: async (bytes, offset) => {
        await file.write(bytes, offset);
        dirty.push({ from: offset, to: offset + bytes.length });
      },
      truncate: (bytes) => file.truncate(bytes),
      datasync: sync,
      sync,
      close: () => file.close(),
    };
  }

  override crash(): void {
    for (const path of this.files.keys()) this.put(path, this.#device.get(path) ?? Buffer.alloc(0));
  }
}

it.each([
  ['a later group', [2, 3], 64 * 1024],
  ['the first group of a segment', [2, 3], 65],
  ['the very first group', [], 64 * 1024],
])(
  'what a failed sync left in memory only is on the disk once it was opened again: %s',
  async (_, groups, segmentBytesMax) => {
    const disk = new CleanPagesDisk();
    const journal = await openJournal(DIR, { disk, segmentBytesMax });
    for (const count of groups) await appendGroup(journal, count);
    // With 65 bytes the flush that fails begins a segment.
    if (segmentBytesMax > 65) await appendGroup(journal, 1);
    const acked = journal.durableSequence;
    disk.syncFails = true;
    await expect(appendGroup(journal, 4)).rejects.toBeInstanceOf(JournalFault);
    await journal.close();

    disk.syncFails = false;
    const again = await openJournal(DIR, { disk, segmentBytesMax, knownSequence: acked });
    const { lastSequence } = again;
    await appendGroup(again, 2);
    await again.close();
    disk.crash();
    const last = await openJournal(DIR, { disk, segmentBytesMax, knownSequence: lastSequence + 2 });
    expect([...last.read(1)].length).toBe(lastSequence + 2);
    await last.close();
  },
);
