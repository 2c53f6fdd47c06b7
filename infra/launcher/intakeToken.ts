import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { type DataFolder, readJson } from './dataFolder.ts';

/** The secret that the services of one data folder share; made once, readable by its owner alone. */
export function intakeToken({ secrets }: Pick<DataFolder, 'secrets'>): string {
  const known = readJson<{ readonly intakeToken: string }>(secrets);
  if (known !== undefined) return known.intakeToken;
  const made = randomBytes(32).toString('hex');
  writeFileSync(secrets, `${JSON.stringify({ intakeToken: made })}\n`, { mode: 0o600 });
  return made;
}
