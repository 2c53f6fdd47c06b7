import { KeelError } from '@keel/client';

/**
 * Gives an example the words of the command line. Where one that it needs is missing, or `0x…` is no private key, its
 * usage is printed and the exit code is 2; a KeelError is printed as its sentence, without a stack, and the exit code is 1.
 */
export async function runExample(
  usage: string,
  wordsNeeded: number,
  example: (words: string[]) => void | Promise<void>,
): Promise<void> {
  const words = process.argv.slice(2);
  const keyAt = usage.split(' ').indexOf('0x<private-key>') - 1;
  const keyIsMissing = keyAt >= 0 && !/^0x[0-9a-fA-F]{64}$/.test(words[keyAt] ?? '');
  if (words.length < wordsNeeded || keyIsMissing) {
    console.error(`usage: node_modules/.bin/node packages/client/examples/${usage}`);
    process.exit(2);
  }
  try {
    await example(words);
  } catch (fault) {
    if (!(fault instanceof KeelError)) throw fault;
    console.error(fault.message);
    process.exit(1);
  }
}
