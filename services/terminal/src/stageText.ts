const STAGES: Readonly<Record<string, string>> = {
  started: 'Started',
  liquidationStarted: 'Started',
  closeOut: 'Close-out',
  positionCloseOut: 'Close-out',
  insurance: 'Insurance',
  insurancePaid: 'Insurance',
  deleveraged: 'Deleveraged',
  positionDeleveraged: 'Deleveraged',
  ended: 'Ended',
  liquidationEnded: 'Ended',
};

/** The words for a stage of a liquidation; a stage this page does not know is shown as it came. */
export function stageText(stage: string): string {
  return STAGES[stage] ?? stage;
}
