import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

/** A real Chromium without a window. Throws where the machine has none. */
export function openBrowser(): Promise<Browser> {
  const places = [process.env.KEEL_CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-headless-shell'];
  const executablePath = places.find((path) => path !== undefined && existsSync(path));
  if (executablePath === undefined)
    throw new Error('no Chromium: set KEEL_CHROMIUM, or run npm test, which installs one');
  const args = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'];
  return chromium.launch({ executablePath, args: [...args, '--disable-component-update', '--disable-sync'] });
}
