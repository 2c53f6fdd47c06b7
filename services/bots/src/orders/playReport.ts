/** How far a recording is played and what became of its messages. */
export interface PlayReport {
  state: 'waiting' | 'playing' | 'done';
  readonly messages: number;
  /** 0 before the play begins. */
  lotsPerShare: number;
  read: number;
  /** Orders the exchange took, and those it refused, by code. */
  placed: number;
  readonly refusedByCode: Record<string, number>;
  cancelled: number;
  /** Made smaller where they stood. */
  reduced: number;
  /** Cancels of an order that had traded away here but not in the recording. */
  goneBefore: number;
  /** Cancelled because a new order of the recording would have traded with them. */
  overtaken: number;
  /** Cancelled because the recording executed an order behind them and never names them again. */
  leftSilently: number;
  /** Cancelled because the recording has executed them while another order was met here. */
  leftOver: number;
  readonly executions: {
    /** The whole size traded against the very order the recording names. */
    exact: number;
    /** Some of it traded, or against another order. */
    partly: number;
    none: number;
    /** Refused, or the answer was lost. */
    failed: number;
  };
  /** Messages without an order of ours behind them. */
  readonly skipped: { hiddenExecution: number; cross: number; halt: number; unknownOrder: number };
  /** How far the play is behind the recording's own times. */
  lagMs: number;
}

export function createPlayReport(messages: number): PlayReport {
  return {
    state: 'waiting',
    messages,
    lotsPerShare: 0,
    read: 0,
    placed: 0,
    refusedByCode: {},
    cancelled: 0,
    reduced: 0,
    goneBefore: 0,
    overtaken: 0,
    leftSilently: 0,
    leftOver: 0,
    executions: { exact: 0, partly: 0, none: 0, failed: 0 },
    skipped: { hiddenExecution: 0, cross: 0, halt: 0, unknownOrder: 0 },
    lagMs: 0,
  };
}
