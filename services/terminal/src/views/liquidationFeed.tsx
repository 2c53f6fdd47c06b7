import { shortHex } from '../address.ts';
import { showAccount } from '../feed/followAccount.ts';
import { accountAddress, liquidations } from '../feed/store.ts';
import type { LiquidationRow } from '../feed/wire.ts';
import { stageText } from '../stageText.ts';
import { clockText, dateText } from './clockText.ts';
import { type Column, DataTable } from './dataTable.tsx';
import { NumberText } from './numberText.tsx';
import { SideText } from './sideText.tsx';

type ListedRow = LiquidationRow & { readonly listedAs: number };

const COLUMNS: readonly Column<ListedRow>[] = [
  {
    label: 'Time',
    cell: (row) => (
      <time class="num quiet" title={`${dateText(row.time)} UTC`}>
        {clockText(row.time)}
      </time>
    ),
  },
  {
    label: 'Account',
    cell: (row) => (
      <button
        type="button"
        class="link"
        title={row.account}
        aria-label={`Show account ${row.account}`}
        onClick={() => showAccount(row.account.toLowerCase())}
      >
        {shortHex(row.account)}
      </button>
    ),
  },
  { label: 'Stage', cell: (row) => <span class="stage">{stageText(row.stage)}</span> },
  { label: 'Market', cell: (row) => row.market ?? '–' },
  { label: 'Side', cell: (row) => (row.side === null || row.side === undefined ? '–' : <SideText side={row.side} />) },
  { label: 'Size', numeric: true, cell: (row) => <NumberText value={row.size} /> },
  { label: 'Price', numeric: true, cell: (row) => <NumberText value={row.price} /> },
];

/** Every forced step of the exchange, public, newest first. */
export function LiquidationFeed() {
  const shown = accountAddress.value;
  return (
    <section
      class="panel panel-liquidations"
      aria-labelledby="liquidations-title"
      data-panel="liquidations"
      data-testid="liquidation-feed"
    >
      <header class="panel-header">
        <h2 id="liquidations-title">Liquidations</h2>
      </header>
      <DataTable
        label="Liquidations, newest first"
        testId="liquidations"
        columns={COLUMNS}
        rows={liquidations.value}
        rowKey={(row) => String(row.listedAs)}
        rowData={(row) => ({
          'data-account': row.account.toLowerCase(),
          'data-shown': String(row.account.toLowerCase() === shown),
        })}
        empty="Nobody has been liquidated."
      />
    </section>
  );
}
