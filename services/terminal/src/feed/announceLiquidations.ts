import type { Liquidation } from '@keel/client';
import { stageText } from '../stageText.ts';
import { announcement, shownOwner } from './store.ts';

/** The step concerns this account: it is the one liquidated, or the one deleveraged against it. */
export function concernsAccount(row: Liquidation, address: string | undefined): boolean {
  return address !== undefined && (row.account === address || row.counterparty === address);
}

/**
 * Says aloud what happened to the account on the page, oldest step first; other people's liquidations are only listed.
 * `rows` are newest first, as they come.
 */
export function announceLiquidations(rows: readonly Liquidation[]): void {
  const shown = shownOwner.peek();
  const sentences = rows
    .filter((row) => concernsAccount(row, shown))
    .map((row) => sentenceOf(row, row.account === shown))
    .toReversed();
  if (sentences.length > 0) announcement.value = sentences.join(' ');
}

function sentenceOf(row: Liquidation, own: boolean): string {
  const whose = own ? 'the shown account' : 'another account, against the shown one';
  const terms = [row.side, row.size, row.market, row.price === null ? null : `at ${row.price}`];
  const words = terms.filter((term) => term !== null).join(' ');
  return `Liquidation of ${whose}, ${stageText(row.stage)}${words === '' ? '' : `: ${words}`}.`;
}
