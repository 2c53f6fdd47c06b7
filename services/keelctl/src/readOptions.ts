import { type ParseArgsConfig, parseArgs } from 'node:util';
import { CommandLineFault } from './commandLineFault.ts';

type Options = NonNullable<ParseArgsConfig['options']>;

/**
 * Options and other words of one command. Node's sentences after the first are about options of its own.
 * @throws CommandLineFault for an option that is not known or has no value.
 */
export function readOptions<Named extends Options>(args: readonly string[], options: Named) {
  try {
    return parseArgs({ args: [...args], allowPositionals: true, options });
  } catch (fault) {
    const [wrong = ''] = (fault as Error).message.split(/\.\s/);
    throw new CommandLineFault(`${wrong.replace(/\.$/, '')}; keelctl --help lists what there is`);
  }
}

/** A whole number between two bounds, both included. */
export function wholeNumber(name: string, text: string, lowest: number, highest: number): number {
  const value = /^[0-9]{1,16}$/.test(text) ? Number(text) : -1;
  if (value < lowest || value > highest)
    throw new CommandLineFault(`${name} "${text}" is no whole number from ${lowest} to ${highest}`);
  return value;
}

/** Refuses words that a command does not take. */
export function assertNoMore(command: string, words: readonly string[], takes = ''): void {
  if (words.length > 0)
    throw new CommandLineFault(`${command} does not take "${words[0]}": write keelctl ${command}${takes}`);
}
