import type { OpenOrder } from '@keel/client';
import { attachedText, orderStateText, orderTypeText, triggerText } from '../orderText.ts';
import { type Column, DataTable } from './dataTable.tsx';
import { NumberText } from './numberText.tsx';
import { SideText } from './sideText.tsx';

const COLUMNS: readonly Column<OpenOrder>[] = [
  { label: 'Order', cell: (row) => <OrderName order={row} /> },
  { label: 'Market', cell: (row) => row.market },
  { label: 'Side', cell: (row) => <SideText side={row.side} /> },
  { label: 'Type', wide: true, cell: (row) => orderTypeText(row) },
  { label: 'State', wide: true, cell: (row) => orderStateText(row) },
  { label: 'Price', numeric: true, cell: (row) => (row.price === null ? 'Market' : <NumberText value={row.price} />) },
  { label: 'Trigger', numeric: true, cell: (row) => numberOrNull(triggerText(row)) },
  { label: 'Open', numeric: true, cell: (row) => <NumberText value={row.remainingSize} /> },
  { label: 'Of', numeric: true, cell: (row) => <NumberText value={row.size} /> },
  { label: 'Attached', wide: true, cell: (row) => numberOrNull(attachedText(row)) },
];

/** Its id, and under the pointer the name that its owner gave it. */
function OrderName({ order }: { readonly order: OpenOrder }) {
  const title = order.clientOrderId === '' ? undefined : `Client order id ${order.clientOrderId}`;
  return (
    <span class="num" title={title}>
      {order.orderId}
    </span>
  );
}

function numberOrNull(text: string | null) {
  return text === null ? null : <span class="num">{text}</span>;
}

export function OpenOrdersTable({ orders }: { readonly orders: readonly OpenOrder[] }) {
  return (
    <DataTable
      label="Open orders"
      testId="open-orders"
      columns={COLUMNS}
      rows={orders}
      rowKey={(row) => String(row.orderId)}
      rowData={(row) => ({ 'data-order': row.orderId, 'data-state': row.state })}
      empty="No open orders."
    />
  );
}
