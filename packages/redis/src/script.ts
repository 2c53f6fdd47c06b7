import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Redis } from 'ioredis';

/** A Lua file of this package with the hash that Redis knows it by. */
export interface Script {
  readonly text: string;
  readonly sha1: string;
}

export type ScriptName =
  | 'writeStateDiff'
  | 'claimHead'
  | 'dropHead'
  | 'readAccount'
  | 'readAccounts'
  | 'readAccountList'
  | 'readBook'
  | 'readCertificates'
  | 'readClosedOrders'
  | 'readList'
  | 'readNewest'
  | 'readOrder';

/** Functions that several scripts have, by the name that calls for them; Redis lets scripts share nothing. */
const SHARED = ['accountIdOf', 'pageOf'] as const;

export function loadScript(name: ScriptName): Script {
  const own = readLua(name);
  const text = [...SHARED.filter((shared) => own.includes(`${shared}(`)).map(readLua), own].join('\n');
  return { text, sha1: createHash('sha1').update(text).digest('hex') };
}

/** Runs a script by its hash; a Redis that does not know it (new, restarted, flushed) gets the text. */
export async function runScript(
  redis: Redis,
  script: Script,
  keys: readonly string[],
  args: readonly (string | number)[],
): Promise<unknown> {
  // One array: a flush may have more arguments than a call of JavaScript takes.
  const rest: (string | number)[] = [keys.length];
  const all = rest.concat(keys, args);
  try {
    return await redis.call('EVALSHA', [script.sha1 as string | number].concat(all));
  } catch (fault) {
    if (!(fault instanceof Error) || !fault.message.startsWith('NOSCRIPT')) throw fault;
    return await redis.call('EVAL', [script.text as string | number].concat(all));
  }
}

function readLua(name: string): string {
  return readFileSync(new URL(`./scripts/${name}.lua`, import.meta.url), 'utf8');
}
