/** What scripts go by. README.md and --help say the same. */
export const EXIT = {
  /** It is as it should be, or was done. */
  fine: 0,
  /** The thing asked about is not as it should be, or what was asked for was refused. */
  notFine: 1,
  /** The command line, a setting or a file it names is wrong; nothing was asked of anybody. */
  askedWrongly: 2,
  /** Nobody could be reached; nothing was changed. */
  nobodyReached: 3,
  /** There was no answer in time; what was asked for may have been done. */
  timedOut: 4,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
