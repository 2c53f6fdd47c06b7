import { delimiter } from 'node:path';
import { checkMachine } from './checkMachine.mjs';
import { findOrInstall } from './findOrInstall.mjs';
import { installPackages } from './installPackages.mjs';
import { installPnpm } from './installPnpm.mjs';
import { toolPaths } from './places.mjs';

const REDIS = {
  title: 'redis-server',
  programs: ['redis-server'],
  debianPackage: 'redis-server',
  unpackedProgram: 'usr/bin/redis-server',
  versionFlag: '--version',
  elsewhere: 'macOS: brew install redis; Fedora: dnf install redis; Alpine: apk add redis',
};

const CHROMIUM = {
  title: 'a headless Chromium for the browser tests',
  programs: [
    'chromium-headless-shell',
    'chromium',
    'chromium-browser',
    'google-chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
  ],
  debianPackage: 'chromium-headless-shell',
  unpackedProgram: 'usr/lib/chromium/chromium-headless-shell',
  versionFlag: '--version',
  elsewhere: 'macOS: brew install chromium; Fedora: dnf install chromium-headless',
};

const ETCD = {
  title: 'etcd',
  programs: ['etcd'],
  debianPackage: 'etcd-server',
  unpackedProgram: 'usr/bin/etcd',
  versionFlag: '--version',
  elsewhere: 'macOS: brew install etcd; Fedora: dnf install etcd; Alpine: apk add etcd',
};

const PROMTOOL = {
  title: 'promtool for the tests of the alert rules',
  programs: ['promtool'],
  debianPackage: 'prometheus',
  unpackedProgram: 'usr/bin/promtool',
  versionFlag: '--version',
  elsewhere: 'macOS: brew install prometheus; Fedora: dnf install golang-github-prometheus; Alpine: apk add prometheus',
};

/**
 * Makes this machine able to run Keel, doing only what is missing. Returns the environment for everything started
 * afterwards: the repository's tools on the PATH, and where the system's programs were found.
 */
export async function setUp({ browser, etcd = false, promtool = false }) {
  checkMachine();
  await installPnpm();
  await installPackages();
  const redisServer = await findOrInstall(REDIS);
  const chromium = browser ? await findOrInstall(CHROMIUM) : undefined;
  const etcdServer = etcd ? await findOrInstall(ETCD) : undefined;
  const promtoolProgram = promtool ? await findOrInstall(PROMTOOL) : undefined;
  return {
    ...process.env,
    PATH: [...toolPaths, process.env.PATH ?? ''].join(delimiter),
    KEEL_REDIS_SERVER: redisServer,
    ...(chromium === undefined ? {} : { KEEL_CHROMIUM: chromium }),
    ...(etcdServer === undefined ? {} : { KEEL_ETCD: etcdServer }),
    ...(promtoolProgram === undefined ? {} : { KEEL_PROMTOOL: promtoolProgram }),
    TURBO_TELEMETRY_DISABLED: '1',
    DO_NOT_TRACK: '1',
  };
}
