import { randomBytes } from 'node:crypto';
import { open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { addressOfKey, keelDomain, recoverPriceFeeder, signPriceReport } from '@keel/signing';
import type { Hex } from '@keel/types';

/** A disk that takes longer for 4 KB would make every acknowledgement late. */
const DISK_MS_MAX = 2_000;
const PROBE_BYTES = 4_096;

/** Why this machine should not lead, in words; undefined = it could. Looks at the disk and at the signatures' arithmetic. */
export async function testSelf(dataDir: string): Promise<string | undefined> {
  return (await whyDiskIsUnfit(dataDir)) ?? whySignaturesAreWrong();
}

async function whyDiskIsUnfit(dataDir: string): Promise<string | undefined> {
  const path = join(dataDir, 'probe');
  const begunMs = performance.now();
  try {
    const file = await open(path, 'w');
    try {
      await file.writeFile(randomBytes(PROBE_BYTES));
      await file.datasync();
    } finally {
      await file.close();
    }
    await rm(path);
  } catch (fault) {
    return `the disk of ${dataDir} cannot be written: ${fault instanceof Error ? fault.message : String(fault)}`;
  }
  const ms = performance.now() - begunMs;
  return ms > DISK_MS_MAX ? `the disk of ${dataDir} took ${Math.round(ms)} ms to store 4 KB` : undefined;
}

/** Made up for this test alone. */
const PROBE_KEY: Hex = `0x${'2a'.repeat(32)}`;
const PROBE_DOMAIN = keelDomain(1, `0x${'11'.repeat(20)}`);
const PROBE_FEED = { name: 'PROBE', priceDecimals: 2 };
const PROBE_FIGURES = { priceTicks: 123_456, perpTicks: 123_457, publishTimeMs: 1_000, reportSequence: 1 };

/** A processor or library that signs or recovers wrongly would take one trader for another. */
function whySignaturesAreWrong(): string | undefined {
  const signature = signPriceReport(PROBE_DOMAIN, PROBE_FEED, PROBE_FIGURES, PROBE_KEY);
  const feeder = addressOfKey(PROBE_KEY);
  const recovered = recoverPriceFeeder(PROBE_DOMAIN, PROBE_FEED, { ...PROBE_FIGURES, feeder, signature });
  return recovered === feeder ? undefined : `a signature of ${feeder} is taken for one of ${String(recovered)}`;
}
