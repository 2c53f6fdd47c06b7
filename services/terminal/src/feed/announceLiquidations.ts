import { stageText } from '../stageText.ts';
import { accountAddress, announcement } from './store.ts';
import type { LiquidationRow } from './wire.ts';

/** Says aloud what happened to the account on the page; other people's liquidations are only listed. */
export function announceLiquidations(rows: readonly LiquidationRow[]): void {
  const shown = accountAddress.peek();
  if (shown === undefined) return;
  for (const row of rows) {
    if (row.account.toLowerCase() !== shown) continue;
    const what =
      row.market === null ? '' : `: ${row.side ?? ''} ${row.size ?? ''} ${row.market} at ${row.price ?? '-'}`;
    announcement.value = `Liquidation of the shown account, ${stageText(row.stage)}${what}`;
  }
}
