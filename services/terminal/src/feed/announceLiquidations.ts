import { stageText } from '../stageText.ts';
import { announcement, shownOwner } from './store.ts';
import type { LiquidationRow } from './wire.ts';

/** The step concerns this account: it is the one liquidated, or the one deleveraged against it. */
export function concernsAccount(row: LiquidationRow, address: string | undefined): boolean {
  return address !== undefined && (row.account === address || row.counterparty === address);
}

/** Says aloud what happened to the account on the page; other people's liquidations are only listed. */
export function announceLiquidations(rows: readonly LiquidationRow[]): void {
  const shown = shownOwner.peek();
  for (const row of rows) {
    if (!concernsAccount(row, shown)) continue;
    const whose = row.account === shown ? 'the shown account' : 'another account, against the shown one';
    const terms = [row.side, row.size, row.market, row.price === null ? null : `at ${row.price}`];
    const words = terms.filter((term) => term !== null).join(' ');
    announcement.value = `Liquidation of ${whose}, ${stageText(row.stage)}${words === '' ? '' : `: ${words}`}`;
  }
}
