/** What `npm start` or `npm run cluster` was asked for; read and checked by bootstrap/startOptions.mjs, which runs before anything is installed. */
export interface StartOptions {
  /** A candle file that drives an index price. */
  readonly replay?: string;
  /** A file of order messages. */
  readonly orders?: string;
  readonly market?: string;
  /** Recorded seconds per second. */
  readonly speed?: number;
  readonly bots: boolean;
  readonly liquidator: boolean;
  readonly port: number;
  readonly data?: string;
  readonly fresh: boolean;
  /** Stop this many seconds after everything runs. */
  readonly seconds?: number;
  /** Stop after the first trade. */
  readonly once: boolean;
  readonly json: boolean;
  /** When the person's command began, before set-up: the beginning of "time to first trade". */
  readonly startedAtMs: number;
}
