import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { CommandLineFault } from '../commandLineFault.ts';
import { environment, standingFolder } from '../config.ts';

/** The sequencers of `npm run cluster`. */
const LOCAL_CLUSTER = ['http://127.0.0.1:7180', 'http://127.0.0.1:7181', 'http://127.0.0.1:7182'];
/** The one of `npm start`, and of a sequencer with default settings. */
const SINGLE = ['http://127.0.0.1:7071'];
const REPOSITORY = resolve(import.meta.dirname, '../../../..');
const NODES_MAX = 16;
const TOKEN = /^[0-9a-f]{32,128}$/;

/** Options of every command that asks nodes. */
export const NODE_OPTIONS = {
  nodes: { type: 'string' },
  cluster: { type: 'string' },
  'token-file': { type: 'string' },
  json: { type: 'boolean', default: false },
} as const;

/** Which nodes are asked, and what they take commands of operators for. */
export interface NodeDoor {
  readonly urls: readonly string[];
  /** Said when nobody answers: what the person may have meant. */
  readonly hint: string;
  /**
   * The shared secret; it goes to the nodes named here and to the leader that one of them names, and nowhere else.
   * @throws CommandLineFault when it is not given.
   */
  readonly token: () => string;
}

interface NodeValues {
  readonly nodes?: string | undefined;
  readonly cluster?: string | undefined;
  readonly 'token-file'?: string | undefined;
}

/**
 * The nodes that `--nodes`, `--cluster local` or KEEL_NODES name; else the single one of this machine.
 * @throws CommandLineFault
 */
export function openDoor(values: NodeValues): NodeDoor {
  if (values.nodes !== undefined && values.cluster !== undefined)
    throw new CommandLineFault('--nodes or --cluster, not both');
  if (values.cluster !== undefined && values.cluster !== 'local')
    throw new CommandLineFault(
      `--cluster "${values.cluster}": "local" is the one of npm run cluster; name others with --nodes`,
    );
  const named = values.nodes ?? (values.cluster === undefined ? environment('KEEL_NODES') : undefined);
  const urls = values.cluster !== undefined ? LOCAL_CLUSTER : named === undefined ? SINGLE : urlsOf(named);
  const folder = values.cluster !== undefined ? 'cluster' : named === undefined ? 'devnet' : undefined;
  return { urls, hint: hintOf(values, named), token: () => tokenOf(values, folder) };
}

function hintOf(values: NodeValues, named: string | undefined): string {
  if (values.cluster !== undefined) return 'start it with npm run cluster, or look into .keel/cluster/logs';
  if (named !== undefined)
    return 'check the addresses: they are those of the admin ports, as KEEL_ADMIN_ADVERTISE has them';
  return 'name the nodes with --nodes URL,URL or KEEL_NODES; --cluster local means the one of npm run cluster';
}

function urlsOf(text: string): readonly string[] {
  const urls = text.split(',').map((each) => each.trim().replace(/\/+$/, ''));
  for (const url of urls) {
    if (!/^https?:\/\/[^\s/]+$/.test(url) || !URL.canParse(url))
      throw new CommandLineFault(
        `"${url}" is no node: write http://host:port of its admin port, with commas between several`,
      );
  }
  if (new Set(urls).size < urls.length || urls.length > NODES_MAX)
    throw new CommandLineFault(`name at most ${NODES_MAX} nodes, each once`);
  return urls;
}

/** From the environment or a file; the launchers of this repository keep theirs in their own folders. */
function tokenOf(values: NodeValues, folder: 'cluster' | 'devnet' | undefined): string {
  const file = values['token-file'];
  const token = file === undefined ? (environment('KEEL_INTAKE_TOKEN') ?? launchersToken(folder)) : tokenIn(file);
  if (token === undefined)
    throw new CommandLineFault('this takes the shared secret: set KEEL_INTAKE_TOKEN, or name a file with --token-file');
  if (!TOKEN.test(token)) throw new CommandLineFault('the token is not 32 to 128 characters of 0-9 and a-f');
  return token;
}

function tokenIn(file: string): string {
  const path = resolve(standingFolder(), file);
  try {
    return readFileSync(path, 'utf8').trim();
  } catch (fault) {
    throw new CommandLineFault(`--token-file ${path} cannot be read: ${(fault as Error).message}`);
  }
}

function launchersToken(folder: string | undefined): string | undefined {
  if (folder === undefined) return undefined;
  try {
    const secrets: unknown = JSON.parse(readFileSync(join(REPOSITORY, '.keel', folder, 'secrets.json'), 'utf8'));
    const { intakeToken } = secrets as { readonly intakeToken?: unknown };
    return typeof intakeToken === 'string' ? intakeToken : undefined;
  } catch {
    // No launcher of this repository has run: the person is told of the variable.
    return undefined;
  }
}
