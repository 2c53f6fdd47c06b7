import { readJson } from './dataFolder.ts';
import type { ProcessIdentity } from './processIdentity.ts';

/** A process that a launcher started, as its list of processes tells it. */
export interface ListedProcess extends ProcessIdentity {
  readonly name: string;
  /** What it listens on, by purpose. */
  readonly ports: Readonly<Record<string, number>>;
  /** What it was told, `KEEL_` only and without anything secret. */
  readonly env: Readonly<Record<string, string>>;
}

const SECRET = /TOKEN|KEY|PASSWORD|SECRET|USER/;

/** The settings of Keel in an environment that may be shown to anybody. */
export function tellableEnv(env: NodeJS.ProcessEnv): Record<string, string> {
  const tellable = Object.entries(env).filter(([name]) => name.startsWith('KEEL_') && !SECRET.test(name));
  return Object.fromEntries(tellable.sort(([a], [b]) => (a < b ? -1 : 1))) as Record<string, string>;
}

/** Who is on a list; nobody when there is no list. */
export function readProcessList(path: string): readonly ListedProcess[] {
  return readJson<ListedProcess[]>(path) ?? [];
}
