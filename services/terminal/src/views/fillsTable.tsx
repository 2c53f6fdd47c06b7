import type { Fill } from '@keel/client';
import { fills } from '../feed/store.ts';
import { clockText, dateText } from './clockText.ts';
import { type Column, DataTable } from './dataTable.tsx';
import { NumberText, SignedText } from './numberText.tsx';
import { SideText } from './sideText.tsx';

const COLUMNS: readonly Column<Fill>[] = [
  {
    label: 'Time',
    cell: (row) => (
      <time class="num quiet" title={`${dateText(row.time)} UTC`}>
        {clockText(row.time)}
      </time>
    ),
  },
  {
    label: 'Market',
    cell: (row) => (
      <span>
        {row.market}
        {row.liquidation && (
          <abbr class="liq-mark" title="Fill of a liquidation">
            LIQ
          </abbr>
        )}
      </span>
    ),
  },
  { label: 'Side', cell: (row) => <SideText side={row.side} /> },
  { label: 'Price', numeric: true, cell: (row) => <NumberText value={row.price} /> },
  { label: 'Size', numeric: true, cell: (row) => <NumberText value={row.size} /> },
  { label: 'Fee', numeric: true, cell: (row) => <NumberText value={row.fee} /> },
  { label: 'Realised', numeric: true, cell: (row) => <SignedText value={row.realisedPnl} /> },
];

export function FillsTable() {
  return (
    <DataTable
      label="Fills, newest first"
      testId="fills"
      columns={COLUMNS}
      rows={fills.value}
      rowKey={(row) => row.tradeId}
      empty="No fills yet."
    />
  );
}
