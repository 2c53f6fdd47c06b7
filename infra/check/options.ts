import { parseArgs } from 'node:util';
import { STEPS } from './steps.ts';

export const HELP = `npm test -- [options] [vitest files or folders]

  --only STEP   run one step (may be given more than once): ${STEPS.map((step) => step.name).join(', ')}
  --long        the longer runs: more seeds, more commands, more fuzzing
  --help        this text

Files or folders alone mean: only vitest, only there. The log of every step is kept in .keel/test/.
`;

export interface CheckOptions {
  readonly help: boolean;
  readonly long: boolean;
  /** Names of steps to run; all of them when empty. */
  readonly only: readonly string[];
  /** Handed to vitest, which runs the test files whose path contains one of them. */
  readonly files: readonly string[];
}

/** Reads the command line of `npm test`, or returns the sentence that says what is wrong with it. */
export function readCheckOptions(args: readonly string[]): CheckOptions | string {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { help: { type: 'boolean' }, long: { type: 'boolean' }, only: { type: 'string', multiple: true } },
    });
    const asked = positionals.length > 0 ? ['vitest'] : [];
    const only = values.only ?? asked;
    const unknown = only.find((name) => !STEPS.some((step) => step.name === name));
    if (unknown !== undefined)
      return `There is no step "${unknown}"; there are ${STEPS.map((step) => step.name).join(', ')}.`;
    return { help: values.help ?? false, long: values.long ?? false, only, files: positionals };
  } catch (fault) {
    return fault instanceof Error ? fault.message : String(fault);
  }
}
