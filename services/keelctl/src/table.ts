import { stripVTControlCharacters } from 'node:util';

/** Rows with a head, columns padded to their widest; a column of figures stands to the right. Colours take no room. */
export function tableOf(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const lines = [head, ...rows];
  const isFigures = (column: number): boolean =>
    rows.length > 0 &&
    rows.every((row) => /^(-|[-+]?[0-9][0-9,.]*( ?(ms|s|min|h|d|%|MiB|B))?)?$/.test(plain(row[column])));
  const widths = head.map((_name, column) => Math.max(...lines.map((line) => plain(line[column]).length)));
  const right = head.map((_name, column) => isFigures(column));
  return lines.map((line) =>
    line
      .map((cell, column) => padded(cell, widths[column]!, right[column]!))
      .join('  ')
      .trimEnd(),
  );
}

function padded(cell: string, width: number, toTheRight: boolean): string {
  const space = ' '.repeat(Math.max(0, width - plain(cell).length));
  return toTheRight ? space + cell : cell + space;
}

function plain(cell = ''): string {
  return stripVTControlCharacters(cell);
}
