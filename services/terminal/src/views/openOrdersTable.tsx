import type { OpenOrder } from '@keel/client';
import { type Column, DataTable } from './dataTable.tsx';
import { NumberText } from './numberText.tsx';
import { SideText } from './sideText.tsx';

const COLUMNS: readonly Column<OpenOrder>[] = [
  { label: 'Order', cell: (row) => <span class="num">{row.orderId}</span> },
  { label: 'Market', cell: (row) => row.market },
  { label: 'Side', cell: (row) => <SideText side={row.side} /> },
  { label: 'Price', numeric: true, cell: (row) => <NumberText value={row.price} /> },
  { label: 'Open', numeric: true, cell: (row) => <NumberText value={row.remainingSize} /> },
  { label: 'Of', numeric: true, cell: (row) => <NumberText value={row.size} /> },
  { label: 'Reduce only', cell: (row) => (row.reduceOnly ? 'yes' : 'no') },
];

export function OpenOrdersTable({ orders }: { readonly orders: readonly OpenOrder[] }) {
  return (
    <DataTable
      label="Open orders"
      testId="open-orders"
      columns={COLUMNS}
      rows={orders}
      rowKey={(row) => String(row.orderId)}
      empty="No open orders."
    />
  );
}
