import type { Metrics } from '@keel/runtime';

const WEI_PER_ETHER = 10 ** 18;

/** What the settler counts; one object, written by its tasks and read at each scrape. */
export interface SettlerFigures {
  /** In the contract, by whomever. */
  batchesOnL1: number;
  /** Not final yet. */
  openBatches: number;
  /** Newest L1 block with the required confirmations. */
  confirmedBlock: number;
  /** Deposits below this are credited. */
  nextDepositIndex: number;
  operatorBalanceWei: bigint;
}

export interface SettlerCounters {
  readonly batchesSubmitted: () => void;
  readonly l1Errors: () => void;
}

export function countersIn(metrics: Metrics): SettlerCounters {
  const submitted = metrics.counter({
    name: 'keel_settler_batches_submitted_total',
    help: 'Batches that this process saw onto L1.',
  });
  const errors = metrics.counter({ name: 'keel_settler_l1_errors_total', help: 'Failed calls to L1.' });
  return { batchesSubmitted: () => submitted.inc(), l1Errors: () => errors.inc() };
}

/** Figures whose value is asked for at each scrape. */
export function figuresIn(metrics: Metrics): SettlerFigures {
  const figures: SettlerFigures = {
    batchesOnL1: 0,
    openBatches: 0,
    confirmedBlock: 0,
    nextDepositIndex: 0,
    operatorBalanceWei: 0n,
  };
  const gauge = (name: string, help: string, collect: () => number): void => {
    metrics.gauge({ name, help, collect });
  };
  gauge('keel_settler_l1_batches', 'Batches that the contract holds.', () => figures.batchesOnL1);
  gauge('keel_settler_open_batches', 'Sealed batches that are not final on L1.', () => figures.openBatches);
  gauge(
    'keel_settler_l1_confirmed_block',
    'Newest L1 block with the required confirmations.',
    () => figures.confirmedBlock,
  );
  gauge('keel_settler_next_deposit_index', 'Deposits below this index are credited.', () => figures.nextDepositIndex);
  gauge(
    'keel_settler_operator_balance_ether',
    'What the operator can still spend on gas.',
    () => Number(figures.operatorBalanceWei) / WEI_PER_ETHER,
  );
  return figures;
}
