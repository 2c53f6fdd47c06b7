/** A job that repeats until it is stopped. */
export interface PeriodicTask {
  /** No run begins after this; resolves when a running one is over. */
  stop(): Promise<void>;
}

/**
 * Runs `run` at once and then every `everyMs` milliseconds; a run that takes longer is waited for, so two never overlap
 * and missed turns are not made up. What `run` throws goes to `onFault` and the task goes on.
 */
export function startPeriodicTask(options: {
  readonly everyMs: number;
  readonly run: () => Promise<void> | void;
  readonly onFault: (fault: unknown) => void;
}): PeriodicTask {
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> = Promise.resolve();
  const turn = async (): Promise<void> => {
    const begunMs = performance.now();
    try {
      await options.run();
    } catch (fault) {
      options.onFault(fault);
    }
    if (stopped) return;
    const waitMs = Math.max(0, options.everyMs - (performance.now() - begunMs));
    timer = setTimeout(begin, waitMs);
  };
  const begin = (): void => {
    running = turn();
  };
  begin();
  return {
    stop: async () => {
      stopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}
