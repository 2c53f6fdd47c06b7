/** Something about the command line or a file it names: told in one line, exit code 2. */
export class CommandLineFault extends Error {
  override readonly name = 'CommandLineFault';
}
