import type { ComponentChildren } from 'preact';

export interface Column<Row> {
  readonly label: string;
  readonly numeric?: boolean;
  /** Takes a whole line of the phone's card. */
  readonly wide?: boolean;
  /** null where the row has nothing to say: a dash in a table, left out of a card. */
  readonly cell: (row: Row) => ComponentChildren;
}

interface DataTableProps<Row> {
  readonly label: string;
  readonly testId: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly rowKey: (row: Row) => string;
  /** Said instead of a table when there are no rows. */
  readonly empty: string;
  /** Extra attributes of a row, for example `data-market`. */
  readonly rowData?: (row: Row) => Readonly<Record<`data-${string}`, string>>;
}

interface DataCellProps<Row> {
  readonly column: Column<Row>;
  readonly content: ComponentChildren;
}

function DataCell<Row>({ column, content }: DataCellProps<Row>) {
  const kinds = [column.numeric && 'numeric', column.wide && 'wide', content === null && 'blank'];
  return (
    <td data-label={column.label} class={kinds.filter(Boolean).join(' ')}>
      {content ?? '–'}
    </td>
  );
}

/** A table that becomes one card per row on a phone. */
export function DataTable<Row>({ label, testId, columns, rows, rowKey, empty, rowData }: DataTableProps<Row>) {
  if (rows.length === 0) {
    return (
      <p class="empty" data-testid={`${testId}-empty`}>
        {empty}
      </p>
    );
  }
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable with the keyboard
    <section class="scroll" aria-label={`${label}, scrollable`} tabIndex={0}>
      <table class="data-table" aria-label={label} data-testid={testId}>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column.label} scope="col" class={column.numeric ? 'numeric' : ''}>
                {column.label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={rowKey(row)} {...rowData?.(row)}>
              {columns.map((column) => (
                <DataCell key={column.label} column={column} content={column.cell(row)} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
