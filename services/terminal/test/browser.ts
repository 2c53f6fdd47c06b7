import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const CANDIDATES = [process.env.KEEL_CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-headless-shell'];

/** A Chromium that is already on the machine; nothing is downloaded, and it asks nobody but the page's server. */
export async function launchBrowser(): Promise<Browser> {
  const executablePath = CANDIDATES.find((path) => path !== undefined && existsSync(path));
  if (executablePath === undefined) {
    throw new Error('No Chromium: set KEEL_CHROMIUM or install the Debian package chromium-headless-shell.');
  }
  return chromium.launch({
    executablePath,
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}
