import { ownLogLevel } from './config.ts';
import { createLogger, type LogFields, type Logger } from './createLogger.ts';
import { explainFault } from './startupFault.ts';

/** A clean stop that takes longer is cut off: whoever sent the signal waits for it. */
export const STOP_MS_MAX = 10_000;

export interface ServiceContext {
  readonly log: Logger;
  /** From now on every line, of child loggers too, carries what `fields` says at that moment. */
  readonly setLogFields: (fields: () => LogFields) => void;
  /** Aborted when the process was asked to stop, also while it still starts. */
  readonly stopSignal: AbortSignal;
  /** Stops the process at once with exit code 1: nothing that runs after this line is published. */
  readonly fail: (fault: unknown) => never;
}

/** Ends what the service began: servers, timers, connections, files. */
export type StopService = () => Promise<void> | void;

/**
 * Runs one service as this process. `start` brings it up and returns how to stop it.
 * - A fault while starting: one sentence on stderr, exit code 1 (the stack only with KEEL_LOG_LEVEL=debug).
 * - SIGINT or SIGTERM: the stop function, at most 10 s, exit code 0. A second signal ends it at once.
 * - A fault nobody caught, or an assertion: a fatal log line and one sentence on stderr, exit code 1. A process whose
 *   state may be wrong must not go on, and the next start recovers from what is on disk.
 */
export function runService(service: string, start: (context: ServiceContext) => Promise<StopService>): void {
  let fields = (): LogFields => ({});
  const log = createLoggerOrExit(service, () => fields());
  const setLogFields = (next: () => LogFields): void => {
    fields = next;
  };
  const fail = (fault: unknown): never => exitOnFault(service, log, fault);
  process.on('uncaughtException', fail);
  process.on('unhandledRejection', fail);

  const stopping = new AbortController();
  const stop = async (signal: NodeJS.Signals): Promise<void> => {
    if (stopping.signal.aborted) process.exit(1);
    stopping.abort(new Error(`${service} was asked to stop`));
    log.info({ signal }, 'stopping');
    const bound = setTimeout(() => {
      log.error({ stopMsMax: STOP_MS_MAX }, 'the clean stop took too long');
      process.exit(1);
    }, STOP_MS_MAX);
    // A start that was cut short by the signal may fail for that reason alone; there is nothing left to stop then.
    const stopService = await started.catch(() => undefined);
    await stopService?.();
    clearTimeout(bound);
    log.info('stopped');
    process.exit(0);
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);

  // Begun only now: a signal that arrives before somebody listens would end the process without a stop.
  const started = start({ log, setLogFields, stopSignal: stopping.signal, fail });

  started.then(
    () => log.info('started'),
    (fault: unknown) => {
      if (!stopping.signal.aborted) fail(fault);
    },
  );
}

function createLoggerOrExit(service: string, fields: () => LogFields): Logger {
  try {
    return createLogger({ service, level: ownLogLevel(), fields });
  } catch (fault) {
    process.stderr.write(`keel ${service}: ${explainFault(fault)}\n`);
    process.exit(1);
  }
}

function exitOnFault(service: string, log: Logger, fault: unknown): never {
  const sentence = explainFault(fault);
  log.fatal(log.isLevelEnabled('debug') ? { err: fault } : {}, sentence);
  process.stderr.write(`keel ${service}: ${sentence}\n`);
  process.exit(1);
}
