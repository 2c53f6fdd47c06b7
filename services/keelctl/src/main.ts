import { JournalCorrupt, JournalFault, JournalLocked } from '@keel/journal';
import { explainFault, StartupFault } from '@keel/runtime';
import { AssertionError } from '@keel/types';
import { CommandFault } from './commandFault.ts';
import { CommandLineFault } from './commandLineFault.ts';
import { EXIT } from './exitCodes.ts';
import { runCommand } from './runCommand.ts';
import { ownTerminal } from './terminal.ts';

/** What is found wrong with a journal or a snapshot is a finding, not a fault of this program. */
function isFinding(fault: unknown): boolean {
  return [AssertionError, JournalCorrupt, JournalFault, JournalLocked, StartupFault].some(
    (kind) => fault instanceof kind,
  );
}

// Whoever reads the result may have seen enough (keelctl log tail | head); that is no fault.
process.stdout.on('error', (fault: NodeJS.ErrnoException) => {
  if (fault.code !== 'EPIPE') throw fault;
  process.exit(EXIT.fine);
});

runCommand(process.argv.slice(2), ownTerminal).then(
  (code) => {
    process.exitCode = code;
  },
  (fault: unknown) => {
    if (fault instanceof CommandLineFault) process.exitCode = EXIT.askedWrongly;
    else if (fault instanceof CommandFault) process.exitCode = fault.exitCode;
    else if (isFinding(fault)) process.exitCode = EXIT.notFine;
    else throw fault;
    ownTerminal.tell(explainFault(fault));
  },
);
