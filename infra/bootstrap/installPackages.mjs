import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isExecutable } from './findExecutable.mjs';
import { node24, repository, toolsFolder } from './places.mjs';
import { showStep } from './progress.mjs';
import { runTool } from './runTool.mjs';
import { reasonOf, SetUpFault } from './setUpFault.mjs';

/** Kept inside node_modules, so that whoever deletes that folder deletes the claim that it is complete too. */
const stampPath = join(repository, 'node_modules', '.keel-installed');

/** Installs what the lock file names, unless exactly that has been installed already. */
export async function installPackages() {
  const wanted = fingerprint();
  if (isExecutable(node24) && existsSync(stampPath) && readFileSync(stampPath, 'utf8') === wanted) return;
  const pnpm = join(toolsFolder, 'node_modules', '.bin', 'pnpm');
  const args = ['install', '--frozen-lockfile', '--reporter=append-only', '--config.confirmModulesPurge=false'];
  const { code, output } = await showStep('installing packages', () => runTool(pnpm, args, { cwd: repository }));
  if (code !== 0) throw new SetUpFault(`The packages could not be installed: ${reasonOf(output)}.`);
  if (!isExecutable(node24)) {
    throw new SetUpFault(
      'The packages were installed but Node 24 is not among them; delete node_modules and start again.',
    );
  }
  writeFileSync(stampPath, wanted);
}

/** One hash over everything that decides what pnpm would install. */
function fingerprint() {
  const hash = createHash('sha256').update(`${process.platform} ${process.arch}\n`);
  const names = ['pnpm-lock.yaml', 'pnpm-workspace.yaml', 'package.json', ...workspacePackages()];
  for (const name of names) hash.update(`${name}\n`).update(readFileSync(join(repository, name)));
  return hash.digest('hex');
}

function workspacePackages() {
  const inside = ['packages', 'services'].flatMap((storey) =>
    readdirSync(join(repository, storey)).map((name) => join(storey, name)),
  );
  return ['proto', 'infra', 'test', 'test/conformance', ...inside]
    .map((folder) => join(folder, 'package.json'))
    .filter((path) => existsSync(join(repository, path)))
    .sort((left, right) => (left < right ? -1 : 1));
}
