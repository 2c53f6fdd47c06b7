import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { toolsFolder } from './places.mjs';
import { showStep } from './progress.mjs';
import { runTool } from './runTool.mjs';
import { reasonOf, SetUpFault } from './setUpFault.mjs';

const PNPM_VERSION = '12.21.0';

/** Puts the one pnpm that this repository is tried with into the tools folder; never a global install. */
export async function installPnpm() {
  if (installedVersion() === PNPM_VERSION) return;
  mkdirSync(toolsFolder, { recursive: true });
  writeFileSync(join(toolsFolder, 'package.json'), '{ "private": true }\n');
  // npm's own patience with a network that is not there is more than a minute; a person wants the sentence sooner.
  const patience = ['--fetch-retries=2', '--fetch-retry-mintimeout=1000', '--fetch-retry-maxtimeout=5000'];
  const quiet = ['--prefer-offline', '--no-audit', '--no-fund', '--no-update-notifier'];
  const args = ['install', '--prefix', toolsFolder, '--save-exact', ...quiet, ...patience, `pnpm@${PNPM_VERSION}`];
  const { code, output } = await showStep(`fetching pnpm ${PNPM_VERSION}`, () =>
    runTool('npm', args, { cwd: toolsFolder }),
  );
  if (code === 127) throw new SetUpFault('npm is not on the PATH; install npm (it comes with Node) and start again.');
  if (code !== 0) throw new SetUpFault(`pnpm could not be installed: ${reasonOf(output)}.`);
}

function installedVersion() {
  try {
    return JSON.parse(readFileSync(join(toolsFolder, 'node_modules', 'pnpm', 'package.json'), 'utf8')).version;
  } catch {
    return undefined;
  }
}
