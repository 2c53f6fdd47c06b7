import type { Liquidation } from '@keel/client';
import type { Address } from '@keel/types';
import { shortHex } from '../address.ts';
import { concernsAccount } from '../feed/announceLiquidations.ts';
import { showAccount } from '../feed/followAccount.ts';
import { liquidations, shownOwner } from '../feed/store.ts';
import { stageText } from '../stageText.ts';
import { clockText, dateText } from './clockText.ts';
import { type Column, DataTable } from './dataTable.tsx';
import { NumberText } from './numberText.tsx';
import { SideText } from './sideText.tsx';

type ListedRow = Liquidation & { readonly listedAs: number };

const COLUMNS: readonly Column<ListedRow>[] = [
  {
    label: 'Time',
    cell: (row) => (
      <time class="num quiet" title={`${dateText(row.time)} UTC`}>
        {clockText(row.time)}
      </time>
    ),
  },
  { label: 'Account', cell: (row) => <AccountLink address={row.account} /> },
  { label: 'Stage', cell: (row) => stageText(row.stage) },
  { label: 'What', wide: true, cell: (row) => (row.market === null ? null : <Terms row={row} />) },
  {
    label: 'USDC',
    numeric: true,
    cell: (row) =>
      row.amount === null ? null : (
        <span title={row.stage === 'insurancePaid' ? 'Paid by the insurance fund' : 'Liquidation fee'}>
          <NumberText value={row.amount} />
        </span>
      ),
  },
];

/** Side, size, market and price of a step, and who was deleveraged by it. */
function Terms({ row }: { readonly row: Liquidation }) {
  return (
    <span title={row.filledSize === null ? undefined : `${row.filledSize} of it filled on the book`}>
      {row.side !== null && <SideText side={row.side} />} <NumberText value={row.size} /> {row.market}{' '}
      {row.counterparty !== null && (
        <>
          of <AccountLink address={row.counterparty} />{' '}
        </>
      )}
      <span class="quiet">at</span>{' '}
      <span title={priceTitle(row)}>
        <NumberText value={row.price} testId="liquidation-price" />
      </span>
    </span>
  );
}

function priceTitle(row: Liquidation): string {
  if (row.limitPrice === null) return 'Bankruptcy price';
  return `Average price; the worst allowed was ${row.limitPrice}, mark was ${row.mark ?? 'unknown'}`;
}

function AccountLink({ address }: { readonly address: Address }) {
  return (
    <button
      type="button"
      class="link"
      title={address}
      aria-label={`Show account ${address}`}
      onClick={() => showAccount(address)}
    >
      {shortHex(address)}
    </button>
  );
}

/** Every forced step of the exchange, public, newest first. */
export function LiquidationFeed() {
  const shown = shownOwner.value;
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
          'data-account': row.account,
          'data-stage': row.stage,
          'data-shown': String(concernsAccount(row, shown)),
        })}
        empty="Nobody has been liquidated."
      />
    </section>
  );
}
