import type { Fill } from '@keel/client';
import { unitsOf } from '../marketView.ts';
import type { Trader } from '../trader.ts';
import type { PlayReport } from './playReport.ts';

/** An immediate order that traded, and the resting order it was meant for. */
export interface Execution {
  /** Owner of the resting order. */
  readonly maker: Trader;
  readonly orderId: string;
  /** Place in the log of the immediate order. */
  readonly sequence: number;
  readonly tradeIds: readonly string[];
  readonly sizeLots: number;
}

/** Fills asked for at once; between two looks fewer are made. */
const FILLS_MAX = 500;

/**
 * Judges executions by the resting side's own fills, because the answer to an immediate order does not say whom it met.
 * An execution waits until the read model has come as far as its place in the log.
 */
export interface ExecutionAudit {
  add(execution: Execution): void;
  /** Judges what can be judged by now. Throws KeelError. */
  look(): Promise<void>;
  readonly waiting: number;
}

export function createExecutionAudit(sizeDecimals: number, report: PlayReport): ExecutionAudit {
  let waiting: Execution[] = [];
  return {
    get waiting() {
      return waiting.length;
    },
    add: (execution) => waiting.push(execution),
    look: async () => {
      for (const maker of new Set(waiting.map((execution) => execution.maker))) {
        const { sequence, fills } = await maker.client.fills(maker.address, FILLS_MAX);
        const ripe = waiting.filter((execution) => execution.maker === maker && execution.sequence <= sequence);
        waiting = waiting.filter((execution) => !ripe.includes(execution));
        for (const execution of ripe) report.executions[judgeExecution(execution, fills, sizeDecimals)] += 1;
      }
    },
  };
}

/** `fills` are the maker's. Exact: the whole size traded, all of it with the order that the recording names. */
export function judgeExecution(
  execution: Pick<Execution, 'orderId' | 'tradeIds' | 'sizeLots'>,
  fills: readonly Pick<Fill, 'tradeId' | 'orderId' | 'size'>[],
  sizeDecimals: number,
): 'exact' | 'partly' {
  const metLots = fills
    .filter((fill) => fill.orderId === execution.orderId && execution.tradeIds.includes(fill.tradeId))
    .reduce((lots, fill) => lots + unitsOf(fill.size, sizeDecimals), 0);
  return metLots === execution.sizeLots ? 'exact' : 'partly';
}
