import {
  IntakeHandingOver,
  IntakeNotAllowed,
  IntakeOutcomeUnknown,
  IntakeOverloaded,
  IntakePaused,
  IntakeUnavailable,
} from '@keel/intake';
import { type Logger, StartupFault } from '@keel/runtime';

export interface OutageReport {
  /** One turn could not be published: told once per outage. A fault that waiting does not mend ends the process. */
  onFault(fault: unknown): void;
  /** A turn was published. */
  onSuccess(): void;
}

/** Tells the log when the exchange cannot be reached and when it can again; losing it is not a fault of this process. */
export function reportOutages(log: Logger, fail: (fault: unknown) => never): OutageReport {
  let away = false;
  return {
    onFault(fault) {
      if (fault instanceof IntakeNotAllowed)
        fail(new StartupFault(`${fault.message}: set KEEL_INTAKE_TOKEN to the same secret as the sequencer's`));
      if (!passes(fault)) fail(fault);
      else if (!away) {
        away = true;
        log.warn({ reason: String(fault) }, 'the exchange takes no prices; trying on');
      }
    },
    onSuccess() {
      if (away) log.info('the exchange takes prices again');
      away = false;
    },
  };
}

/** Waiting mends it: the exchange is away, changes its leader, is paused or has too much to do. */
function passes(fault: unknown): boolean {
  return (
    fault instanceof IntakeUnavailable ||
    fault instanceof IntakeHandingOver ||
    fault instanceof IntakePaused ||
    fault instanceof IntakeOverloaded ||
    fault instanceof IntakeOutcomeUnknown
  );
}
