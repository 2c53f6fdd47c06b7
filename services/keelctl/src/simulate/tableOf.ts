import type { SimulationResult } from './resultOf.ts';

const HEADINGS = [
  '',
  'liquidated',
  'book',
  'auction',
  'backstop',
  'deleverage',
  'deepest',
  'slippage',
  'fees',
  'insurance',
  'vault lost',
  'of its cap',
  'deleveraged',
  'calm after',
];

/** A table for people: a block for each path, a line for each variant. Amounts in thousands of USDC, rounded. */
export function tableOf(results: readonly SimulationResult[]): string {
  const blocks = [...new Set(results.map(({ path }) => path))].map((path) => {
    const rows = results.filter((result) => result.path === path);
    return { path, accounts: rows[0]?.accounts ?? 0, rows: rows.map(cellsOf) };
  });
  const widths = HEADINGS.map((heading, column) =>
    Math.max(heading.length, ...blocks.flatMap(({ rows }) => rows.map((row) => row[column]?.length ?? 0))),
  );
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!)))
      .join('  ')
      .trimEnd();
  const lines = blocks.flatMap(({ path, accounts, rows }) => [
    '',
    `${path}, ${accounts} accounts with a position`,
    line(HEADINGS),
    ...rows.map(line),
  ]);
  return [
    'Amounts in thousands of USDC. book, auction, backstop, deleverage: notional that went there.',
    ...lines,
    '',
  ].join('\n');
}

function cellsOf(result: SimulationResult): string[] {
  const { stages } = result;
  return [
    result.variant,
    String(result.liquidated),
    thousands(stages.book.notionalUsdc),
    thousands(stages.auction.notionalUsdc),
    thousands(stages.backstop.notionalUsdc),
    thousands(stages.deleverage.notionalUsdc),
    percent(result.deepestBelowIndexPpm),
    percent(result.slippagePpm),
    thousands(result.feesUsdc),
    thousands(result.insuranceUsdc),
    thousands(result.backstopLossUsdc),
    thousands(result.backstopCapUsdc),
    String(result.deleveragedAccounts),
    result.calmAfterMs === null ? 'never' : `${result.calmAfterMs / 1_000} s`,
  ];
}

function thousands(usdc: string): string {
  return (Number(usdc) / 1_000).toFixed(1);
}

function percent(ppm: number): string {
  return `${(ppm / 10_000).toFixed(2)} %`;
}
