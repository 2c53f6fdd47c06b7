import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { JournalLocked, openJournal } from '../src/index.ts';
import { payloadOf, readAll, tempFolder } from './tempJournal.ts';

/** A process of its own that writes records without end and prints each sequence that is durable. */
async function startWriter(dir: string): Promise<{ child: ChildProcess; acked: () => number }> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'writer.ts'), dir], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let text = '';
  child.stdout.on('data', (data: Buffer) => {
    text += data;
  });
  const acked = () => Number(text.slice(0, text.lastIndexOf('\n')).split('\n').at(-1));
  while (!(acked() > 100)) await once(child.stdout, 'data');
  return { child, acked };
}

it('refuses a second opener, and frees the directory at close', async () => {
  const dir = tempFolder();
  const journal = await openJournal(dir);
  await expect(openJournal(dir)).rejects.toBeInstanceOf(JournalLocked);
  await journal.close();
  expect(existsSync(join(dir, 'lock'))).toBe(false);
  await (await openJournal(dir)).close();
});

it('refuses while another process lives, takes over when it was killed, and has all that was acked', {
  timeout: 60_000,
}, async () => {
  const dir = tempFolder();
  const { child, acked } = await startWriter(dir);
  await expect(openJournal(dir)).rejects.toThrow(`in use by the running process ${child.pid}`);
  child.kill('SIGKILL');
  await once(child, 'close');
  const { records, lastSequence } = await readAll(dir);
  expect(lastSequence).toBeGreaterThanOrEqual(acked());
  expect(records.length).toBe(lastSequence);
  for (const record of records) expect(Buffer.from(record.payload)).toEqual(payloadOf(record.sequence));
});

it.each([
  ['of this process id, but of another process', JSON.stringify({ pid: process.pid, startedAt: '1@of-another-boot' })],
  ['cut short', '{"pid":'],
  ['that is empty', ''],
])('takes over a lock %s', async (_, content) => {
  const dir = tempFolder();
  writeFileSync(join(dir, 'lock'), content);
  const journal = await openJournal(dir);
  expect(JSON.parse(readFileSync(join(dir, 'lock'), 'utf8')).pid).toBe(process.pid);
  await journal.close();
});
