import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findExecutable } from './findExecutable.mjs';
import { showStep } from './progress.mjs';
import { runTool } from './runTool.mjs';
import { reasonOf, SetUpFault } from './setUpFault.mjs';

const POLICY = '/usr/sbin/policy-rc.d';

export const hasApt = () => process.platform === 'linux' && findExecutable(['apt-get']) !== undefined;
export const isRoot = () => process.getuid?.() === 0;

/** Installs a Debian package as root and keeps the package from starting a service of its own. */
export async function installDebianPackage(name) {
  await showStep(`installing ${name} with apt`, () =>
    withServicesHeldBack(async () => {
      const env = { DEBIAN_FRONTEND: 'noninteractive' };
      const args = ['install', '-y', '--no-install-recommends', name];
      let done = await runTool('apt-get', args, { env });
      if (done.code !== 0) {
        // A new machine has no package lists, an old one has lists that name files which are gone: both need this.
        const update = await runTool('apt-get', ['update'], { env });
        done = update.code === 0 ? await runTool('apt-get', args, { env }) : update;
      }
      if (done.code !== 0) throw new SetUpFault(`${name} could not be installed: ${reasonOf(done.output)}.`);
    }),
  );
}

/**
 * Debian's packages ask this script before they start a service. It is there only while we install, and one that
 * the machine's owner put there is left alone.
 */
async function withServicesHeldBack(work) {
  const ours = !existsSync(POLICY);
  if (ours) writeFileSync(POLICY, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  const remove = () => ours && rmSync(POLICY, { force: true });
  process.once('exit', remove);
  try {
    return await work();
  } finally {
    process.removeListener('exit', remove);
    remove();
  }
}

/**
 * Fetches a Debian package and whatever it needs that this machine lacks, and unpacks them below `folder`: no root,
 * nothing outside that folder. Returns the value for LD_LIBRARY_PATH.
 */
export async function unpackDebianPackage(name, folder) {
  return showStep(`fetching ${name} and unpacking it into the tools folder`, async () => {
    const apt = await privateApt(join(folder, 'apt'));
    const plan = await apt(['install', '--simulate', '--no-install-recommends', name]);
    const names = [...plan.output.matchAll(/^Inst (\S+) /gm)].map((match) => match[1]);
    if (plan.code !== 0 || names.length === 0) {
      throw new SetUpFault(`${name} is not to be had from this machine's Debian archive: ${reasonOf(plan.output)}.`);
    }
    const debs = join(folder, 'debs');
    mkdirSync(debs, { recursive: true });
    const fetched = await apt(['download', ...names], { cwd: debs });
    if (fetched.code !== 0) throw new SetUpFault(`${name} could not be fetched: ${reasonOf(fetched.output)}.`);
    for (const deb of readdirSync(debs)) {
      const unpacked = await runTool('dpkg', ['-x', join(debs, deb), folder]);
      if (unpacked.code !== 0) throw new SetUpFault(`${deb} could not be unpacked: ${reasonOf(unpacked.output)}.`);
    }
    for (const place of [debs, join(folder, 'apt')]) rmSync(place, { recursive: true });
    return libraryPath(folder);
  });
}

/** apt-get with package lists of its own, because a user who is not root may not refresh the system's. */
async function privateApt(folder) {
  for (const place of ['lists/partial', 'archives/partial']) mkdirSync(join(folder, place), { recursive: true });
  const options = [
    `Dir::State::lists=${folder}/lists`,
    `Dir::Cache=${folder}`,
    `Dir::Cache::archives=${folder}/archives`,
  ];
  const shared = [...options, 'Debug::NoLocking=1', 'APT::Sandbox::User='].flatMap((option) => ['-o', option]);
  const apt = (args, settings) => runTool('apt-get', [...shared, ...args], settings);
  const update = await apt(['update']);
  if (update.code !== 0) throw new SetUpFault(`The package lists could not be fetched: ${reasonOf(update.output)}.`);
  return apt;
}

/** Every folder below `folder` that holds shared libraries: the usual ones, and one deeper, where a program keeps its own. */
function libraryPath(folder) {
  const roots = ['lib', 'usr/lib'].map((place) => join(folder, place)).filter((place) => existsSync(place));
  const perProcessor = roots.flatMap((root) => foldersIn(root).filter((path) => path.includes('-linux-gnu')));
  const deeper = perProcessor
    .flatMap((path) => foldersIn(path))
    .filter((path) => readdirSync(path).some(isSharedLibrary));
  return [...perProcessor, ...deeper, ...roots].join(':');
}

const isSharedLibrary = (name) => /\.so(\.|$)/.test(name);

function foldersIn(folder) {
  const entries = readdirSync(folder, { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map((entry) => join(folder, entry.name));
}

/** Writes a small script that starts the unpacked program with the unpacked libraries, and fonts if it brought any. */
export function writeWrapper(path, program, libraries, folder) {
  const paths = `LD_LIBRARY_PATH='${libraries}'\${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}\nexport LD_LIBRARY_PATH\n`;
  writeFileSync(path, `#!/bin/sh\n${paths}${useFonts(folder)}exec '${program}' "$@"\n`, { mode: 0o755 });
}

/** A browser without a font draws empty pages. Where the machine has none, the unpacked ones are named in a file of their own. */
function useFonts(folder) {
  const fonts = join(folder, 'usr', 'share', 'fonts');
  if (!existsSync(fonts)) return '';
  const settings = join(folder, 'fonts.conf');
  const dirs = [fonts, '/usr/share/fonts'].map((place) => `<dir>${place}</dir>`).join('');
  writeFileSync(
    settings,
    `<?xml version="1.0"?>\n<fontconfig>${dirs}<cachedir>${folder}/fontcache</cachedir></fontconfig>\n`,
  );
  return `FONTCONFIG_FILE='${settings}'\nexport FONTCONFIG_FILE\n`;
}
