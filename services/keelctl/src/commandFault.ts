import { EXIT, type ExitCode } from './exitCodes.ts';

/** A command ends here, with one sentence that says what to do next; not the fault of the command line. */
export class CommandFault extends Error {
  override readonly name = 'CommandFault';
  readonly exitCode: ExitCode;

  constructor(message: string, exitCode: ExitCode = EXIT.notFine) {
    super(message);
    this.exitCode = exitCode;
  }
}
