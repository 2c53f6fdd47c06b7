import { type ParseArgsOptionsConfig, parseArgs } from 'node:util';

/**
 * The values of a program's own options from its command line. A wrong one ends the process with exit code 2, after one
 * line on stderr that says what is wrong and which options there are.
 */
export function readOptions<const Options extends ParseArgsOptionsConfig>(program: string, options: Options) {
  try {
    return parseArgs({ options }).values;
  } catch (fault) {
    // The sentences after the first are about options of Node's own.
    const [wrong = ''] = (fault as Error).message.split(/\.\s/);
    process.stderr.write(`${program}: ${wrong.replace(/\.$/, '')}. There is ${listed(options)}.\n`);
    return process.exit(2);
  }
}

/** `--seed VALUE (1), --file VALUE and --json`: in brackets what holds where the option is left out. */
function listed(options: ParseArgsOptionsConfig): string {
  const texts = Object.entries(options).map(([name, { type, default: value }]) => {
    if (type === 'boolean') return `--${name}`;
    return value === undefined ? `--${name} VALUE` : `--${name} VALUE (${value})`;
  });
  return new Intl.ListFormat('en-GB').format(texts);
}
