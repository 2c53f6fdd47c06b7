import type { Liquidation } from '@keel/client';

const STAGES: Readonly<Record<Liquidation['stage'], string>> = {
  liquidationStarted: 'Started',
  auctionStarted: 'Auction',
  positionCloseOut: 'Close-out',
  insurancePaid: 'Insurance paid',
  positionDeleveraged: 'Deleveraged',
  liquidationEnded: 'Ended',
};

/** The words for a stage of a liquidation; a stage this page does not know is shown as it came. */
export function stageText(stage: Liquidation['stage']): string {
  return STAGES[stage] ?? stage;
}
