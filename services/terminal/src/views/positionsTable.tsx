import type { Position } from '@keel/client';
import { distanceOf, percentOf, signOf } from '../decimal.ts';
import { type Column, DataTable } from './dataTable.tsx';
import { DeleverageLight } from './deleverageLight.tsx';
import { NumberText, SignedText } from './numberText.tsx';

/** How far the mark may move against the position, in percent of the mark, rounded down. */
function liquidationDistance(position: Position): string | undefined {
  if (position.liquidationPrice === null) return undefined;
  return percentOf(distanceOf(position.mark, position.liquidationPrice), position.mark);
}

const COLUMNS: readonly Column<Position>[] = [
  {
    label: 'Market',
    wide: true,
    cell: (row) => (
      <span>
        <strong>{row.market}</strong>{' '}
        <span class={`side-chip ${signOf(row.size) > 0 ? 'up' : 'down'}`}>
          {signOf(row.size) > 0 ? 'Long' : 'Short'}
        </span>
      </span>
    ),
  },
  { label: 'Size', numeric: true, cell: (row) => <NumberText value={row.size} testId="position-size" /> },
  { label: 'Entry', numeric: true, cell: (row) => <NumberText value={row.entryPrice} testId="position-entry" /> },
  { label: 'Mark', numeric: true, cell: (row) => <NumberText value={row.mark} testId="position-mark" /> },
  {
    label: 'Unrealised',
    numeric: true,
    cell: (row) => <SignedText value={row.unrealisedPnl} testId="position-pnl" />,
  },
  {
    label: 'Liquidation',
    numeric: true,
    cell: (row) => <NumberText value={row.liquidationPrice} testId="position-liquidation-price" />,
  },
  {
    label: 'Distance',
    numeric: true,
    cell: (row) => {
      const distance = liquidationDistance(row);
      const near = distance !== undefined && Number(distance) < 2;
      return (
        <span class={near ? 'num near' : 'num'} data-testid="position-liquidation-distance">
          {distance === undefined ? '–' : `${distance} %`}
        </span>
      );
    },
  },
  { label: 'ADL', cell: (row) => <DeleverageLight quintile={row.deleverageQuintile} /> },
];

export function PositionsTable({ positions }: { readonly positions: readonly Position[] }) {
  return (
    <DataTable
      label="Positions"
      testId="positions"
      columns={COLUMNS}
      rows={positions}
      rowKey={(row) => row.market}
      rowData={(row) => ({ 'data-market': row.market })}
      empty="No open positions."
    />
  );
}
