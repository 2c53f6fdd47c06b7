import type { LiquidationStage } from './feed/wire.ts';

const STAGES: Readonly<Record<LiquidationStage, string>> = {
  liquidationStarted: 'Started',
  positionCloseOut: 'Close-out',
  insurancePaid: 'Insurance paid',
  positionDeleveraged: 'Deleveraged',
  liquidationEnded: 'Ended',
};

/** The words for a stage of a liquidation; a stage this page does not know is shown as it came. */
export function stageText(stage: LiquidationStage): string {
  return STAGES[stage] ?? stage;
}
