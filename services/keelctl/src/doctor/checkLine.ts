/** One check of `doctor`. */
export interface CheckLine {
  readonly state: 'ok' | 'warning' | 'fault';
  /** What was looked at, */
  readonly title: string;
  /** what was found, */
  readonly what: string;
  /** and what to do; empty when it is ok. */
  readonly next: string;
}
