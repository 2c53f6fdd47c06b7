import { parseArgs } from 'node:util';
import type { Hex } from '@keel/types';
import type { L1Place } from './readL1BatchHashes.ts';

export const VERIFY_HELP = `npm run -s verify -- --data DIR [--l1 URL --settlement 0x...] [--json]

Replays a journal from its first command and checks everything that follows from it.

  --data DIR          the data directory of a sequencer; of a devnet .keel/devnet/journal
  --l1 URL            also compare with the batches on L1: its JSON-RPC address
  --settlement 0x...  the settlement contract there
  --json              the result as JSON
  --help              this text

Exit code 0 when all of it is right, 1 with a sentence that says what is not.
`;

export interface VerifyOptions {
  readonly dataDir: string;
  readonly json: boolean;
  readonly l1: L1Place | undefined;
}

/** Reads the command line, or returns the sentence that says what is wrong with it. */
export function readVerifyOptions(args: readonly string[]): VerifyOptions | 'help' | { readonly wrong: string } {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        data: { type: 'string' },
        l1: { type: 'string' },
        settlement: { type: 'string' },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
    const { data, l1, settlement, json, help } = values;
    if (help) return 'help';
    if (data === undefined) return { wrong: 'say which data directory: --data DIR' };
    if (l1 === undefined && settlement === undefined) return { dataDir: data, json, l1: undefined };
    if (l1 === undefined || !URL.canParse(l1)) return { wrong: 'say where L1 is: --l1 http://host:port' };
    if (!/^0x[0-9a-fA-F]{40}$/.test(settlement ?? ''))
      return { wrong: 'say which contract: --settlement 0x and 40 hex digits' };
    return { dataDir: data, json, l1: { url: l1, settlement: settlement as Hex } };
  } catch (fault) {
    return { wrong: fault instanceof Error ? fault.message : String(fault) };
  }
}
