import { resolve } from 'node:path';
import type { Hex } from '@keel/types';
import { CommandLineFault } from '../commandLineFault.ts';
import { assertNoMore, readOptions } from '../readOptions.ts';
import type { L1Place } from './readL1BatchHashes.ts';

export interface ReplayOptions {
  readonly dataDir: string;
  readonly json: boolean;
  readonly l1: L1Place | undefined;
}

/**
 * The command line of `replay`; the data directory is named from `folder`. `--verify-roots` is what it does in any case.
 * @throws CommandLineFault
 */
export function readReplayOptions(args: readonly string[], folder: string): ReplayOptions {
  const { values, positionals } = readOptions(args, {
    'verify-roots': { type: 'boolean', default: true },
    data: { type: 'string' },
    l1: { type: 'string' },
    settlement: { type: 'string' },
    json: { type: 'boolean', default: false },
  });
  assertNoMore('replay', positionals, ' --verify-roots --data DIR');
  const { data, l1, settlement, json } = values;
  if (data === undefined) throw new CommandLineFault('say which data directory: --data DIR');
  const dataDir = resolve(folder, data);
  if (l1 === undefined && settlement === undefined) return { dataDir, json, l1: undefined };
  if (l1 === undefined || !URL.canParse(l1)) throw new CommandLineFault('say where L1 is: --l1 http://host:port');
  if (!/^0x[0-9a-fA-F]{40}$/.test(settlement ?? ''))
    throw new CommandLineFault('say which contract: --settlement 0x and 40 hex digits');
  return { dataDir, json, l1: { url: l1, settlement: settlement as Hex } };
}
