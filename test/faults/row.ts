import type { Verdict } from './audit.ts';

/** What one row of the table came to. */
export interface RowResult {
  readonly row: string;
  /** What was done, and how often. */
  readonly done: string;
  /** Measured, in the units that their names say. */
  readonly figures: Readonly<Record<string, number | string>>;
  /** One sentence each; none = the row holds. */
  readonly faults: readonly string[];
}

/** Told after each step of a row. */
export type Progress = (done: number, of: number, what: string) => void;

export interface RowOptions {
  readonly count: number;
  readonly progress: Progress;
}

/** A row by itself. */
export interface Row {
  readonly name: string;
  /** How often in CI. */
  readonly count: number;
  /** What is counted, as its option is called: `kills` → `--kills`. */
  readonly counted: string;
  readonly run: (options: RowOptions) => Promise<RowResult>;
}

/** The value below which so many percent of the values lie; 0 of none. */
export function percentile(values: readonly number[], percent: number): number {
  const ascending = [...values].sort((one, other) => one - other);
  return Math.round(ascending[Math.max(0, Math.ceil((ascending.length * percent) / 100) - 1)] ?? 0);
}

/** The figures of an audit that every row has. */
export function auditFigures({ acked, repeated, givenUp, givenUpInLog, refusedAgain }: Verdict) {
  return { acked, repeated, givenUp, givenUpInLog, refusedAgain };
}
