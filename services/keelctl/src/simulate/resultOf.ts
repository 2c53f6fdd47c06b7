import { type CloseOutStage, formatDecimal, QUOTE_DECIMALS } from '@keel/types';
import type { SimulationRow } from './simulate.ts';

export interface StageResult {
  readonly closeOuts: number;
  readonly notionalUsdc: string;
  /** By market symbol. */
  readonly lots: Readonly<Record<string, number>>;
}

/** One row as it is told: integers, and USDC as exact decimal text. */
export interface SimulationResult {
  readonly path: string;
  readonly variant: string;
  readonly without: readonly string[];
  readonly accounts: number;
  readonly liquidated: number;
  readonly stages: Readonly<Record<CloseOutStage, StageResult>>;
  readonly deepestBelowIndexPpm: number;
  readonly slippagePpm: number;
  readonly feesUsdc: string;
  readonly insuranceUsdc: string;
  readonly backstopLossUsdc: string;
  readonly backstopCapUsdc: string;
  readonly deleveragedAccounts: number;
  readonly deleverageLossUsdc: string;
  /** null: somebody is still below maintenance. */
  readonly calmAfterMs: number | null;
}

const STAGES = ['book', 'auction', 'backstop', 'deleverage'] as const;

export function resultOf({ path, variant, run }: SimulationRow): SimulationResult {
  const { tally } = run;
  const stages = STAGES.map((stage) => {
    const { closeOuts, notionalAtoms, lots } = tally.stages[stage];
    return [stage, { closeOuts, notionalUsdc: usdc(notionalAtoms), lots }] as const;
  });
  return {
    path: path.label,
    variant: variant.name,
    without: variant.without,
    accounts: run.accountsAtRisk,
    liquidated: tally.liquidated.size,
    stages: Object.fromEntries(stages) as Record<CloseOutStage, StageResult>,
    deepestBelowIndexPpm: tally.deepestPpm,
    slippagePpm: tally.slippagePpm(),
    feesUsdc: usdc(tally.feesAtoms),
    insuranceUsdc: usdc(tally.insuranceAtoms),
    backstopLossUsdc: usdc(run.backstopLossAtoms),
    backstopCapUsdc: usdc(run.backstopCapAtoms),
    deleveragedAccounts: tally.deleveraged.size,
    deleverageLossUsdc: usdc(tally.deleverageLossAtoms),
    calmAfterMs: run.calmAfterMs ?? null,
  };
}

function usdc(atoms: bigint): string {
  return formatDecimal(atoms, QUOTE_DECIMALS);
}
