/** What is done about a process that died. */
export interface RestartPolicy {
  /** Deaths of one process that are mended; the next one ends everything. Infinity where dying is the point. */
  readonly restartsMax: number;
  /** Before the first start; twice as long each time. */
  readonly pauseMs: number;
  readonly pauseMsMax: number;
  /** One that was ready for so long begins to be counted anew; Infinity: never. */
  readonly provenMs: number;
  /** One that died is held at once: somebody starts it again, or nobody does. */
  readonly leaveDead: boolean;
}

/** An exchange of single processes: one that dies this often in one run is not mended by another start. */
export const FEW_RESTARTS: RestartPolicy = {
  restartsMax: 5,
  pauseMs: 500,
  pauseMsMax: 60_000,
  provenMs: Number.POSITIVE_INFINITY,
  leaveDead: false,
};

/** A cluster: its operator kills things, and looks at what happens while they are gone. */
export const ENDLESS_RESTARTS: RestartPolicy = {
  restartsMax: Number.POSITIVE_INFINITY,
  pauseMs: 2_000,
  pauseMsMax: 30_000,
  provenMs: 20_000,
  leaveDead: false,
};
