import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { type Identity, JournalCorrupt, JournalForeign, openIdentity, raiseEngineVersion } from '../src/index.ts';
import { tempFolder, writtenJournal } from './tempJournal.ts';

const CONTRACT = `0x${'aB'.repeat(20)}`;
const MINE = { chainId: 1, settlementAddress: CONTRACT, engineVersion: 5 };

function change(dir: string, fields: Partial<Record<keyof Identity, unknown>>): void {
  const file = join(dir, 'identity.json');
  writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(file, 'utf8')), ...fields }));
}

it('is made for a new directory and for an old one that has none, and stays', async () => {
  for (const dir of [tempFolder(), await writtenJournal([2]), join(tempFolder(), 'not', 'there')]) {
    const made = await openIdentity(dir, MINE);
    expect(made).toEqual({
      format: 1,
      chainId: 1,
      settlementAddress: CONTRACT.toLowerCase(),
      directoryId: expect.stringMatching(/^[0-9a-f]{32}$/),
      engineVersion: 1,
    });
    expect(await openIdentity(dir, { ...MINE, settlementAddress: CONTRACT.toLowerCase() })).toEqual(made);
    expect(readdirSync(dir).filter((name) => name.startsWith('identity'))).toEqual(['identity.json']);
  }
});

it('is of one directory alone', async () => {
  const [first, second] = [await openIdentity(tempFolder(), MINE), await openIdentity(tempFolder(), MINE)];
  expect(first.directoryId).not.toBe(second.directoryId);
});

it.each<[string, Partial<Record<keyof Identity, unknown>>, string]>([
  ['another chain', { chainId: 10 }, 'belongs to chain 10, not to 1: choose another data directory'],
  ['another contract', { settlementAddress: `0x${'0'.repeat(40)}` }, 'belongs to the settlement contract 0x000000'],
  [
    'a newer journal format',
    { format: 2, chainId: 'one' },
    'has the journal format 2 of a newer version, this one knows 1',
  ],
  [
    'newer rules',
    { engineVersion: 6 },
    "under version 6 of the engine's rules, this one knows 5: start a newer version",
  ],
])('refuses a directory of %s in one sentence', async (_, fields, sentence) => {
  const dir = tempFolder();
  await openIdentity(dir, MINE);
  change(dir, fields);
  const outcome = await openIdentity(dir, MINE).catch((error: unknown) => error);
  expect(outcome).toBeInstanceOf(JournalForeign);
  expect((outcome as Error).message).toContain(`${dir} `);
  expect((outcome as Error).message).toContain(sentence);
});

it('of older rules is fine, and is raised when newer ones begin to count', async () => {
  const dir = tempFolder();
  await openIdentity(dir, MINE);
  expect((await openIdentity(dir, { ...MINE, engineVersion: 6 })).engineVersion).toBe(1);
  await raiseEngineVersion(dir, 6);
  await raiseEngineVersion(dir, 4);
  expect((await openIdentity(dir, { ...MINE, engineVersion: 6 })).engineVersion).toBe(6);
  await expect(openIdentity(dir, MINE)).rejects.toBeInstanceOf(JournalForeign);
});

it.each(['', '{', '[]', 'null', '{"format":1}', '{"format":-1}'])('that reads %j is damage', async (text) => {
  const dir = tempFolder();
  writeFileSync(join(dir, 'identity.json'), text);
  await expect(openIdentity(dir, MINE)).rejects.toBeInstanceOf(JournalCorrupt);
});
