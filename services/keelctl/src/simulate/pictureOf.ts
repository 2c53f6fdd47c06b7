import type { SimulationResult } from './resultOf.ts';

interface Band {
  readonly label: string;
  readonly colour: string;
  readonly of: (result: SimulationResult) => number;
}

interface Panel {
  readonly title: string;
  readonly bands: readonly Band[];
}

/** Told apart by those who see fewer colours too. */
const PANELS: readonly Panel[] = [
  {
    title: 'What it cost whom, thousands of USDC',
    bands: [
      { label: 'insurance fund', colour: '#0072b2', of: ({ insuranceUsdc }) => thousands(insuranceUsdc) },
      { label: 'backstop vault', colour: '#e69f00', of: ({ backstopLossUsdc }) => thousands(backstopLossUsdc) },
      { label: 'deleveraged accounts', colour: '#d55e00', of: (result) => thousands(result.deleverageLossUsdc) },
    ],
  },
  {
    title: 'Where forced positions went, thousands of USDC of notional',
    bands: [
      { label: 'book', colour: '#009e73', of: ({ stages }) => thousands(stages.book.notionalUsdc) },
      { label: 'auction', colour: '#56b4e9', of: ({ stages }) => thousands(stages.auction.notionalUsdc) },
      { label: 'backstop', colour: '#e69f00', of: ({ stages }) => thousands(stages.backstop.notionalUsdc) },
      { label: 'deleverage', colour: '#d55e00', of: ({ stages }) => thousands(stages.deleverage.notionalUsdc) },
    ],
  },
];
const BAR = 34;
const GAP = 6;
const GROUP_GAP = 30;
const LEFT = 70;
const PANEL_HEIGHT = 220;
const PANEL_STEP = 350;
const TOP = 70;
const GRID_LINES = 4;
const LEGEND_STEP = 140;
const WIDTH_MIN = 640;

/** An SVG picture: for each path two stacked bars, with all dampings (+) and with none (-). */
export function pictureOf(results: readonly SimulationResult[]): string {
  const paths = [...new Set(results.map(({ path }) => path))];
  const pairs = paths.map((path) => {
    const rows = results.filter((result) => result.path === path);
    // The first variant has all dampings, the last none.
    return { path, bars: rows.length > 1 ? [rows[0]!, rows.at(-1)!] : rows };
  });
  const width = Math.max(WIDTH_MIN, LEFT + pairs.length * (2 * BAR + GAP + GROUP_GAP) + GROUP_GAP);
  const height = TOP + PANELS.length * PANEL_STEP - 60;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" font-family="sans-serif" font-size="12">`,
    `<rect width="${width}" height="${height}" fill="#fff"/>`,
    ...PANELS.flatMap((panel, place) => drawPanel(panel, pairs, TOP + place * PANEL_STEP, width)),
    '</svg>\n',
  ].join('\n');
}

interface Pair {
  readonly path: string;
  readonly bars: readonly SimulationResult[];
}

function drawPanel({ title, bands }: Panel, pairs: readonly Pair[], top: number, width: number): string[] {
  const heightOf = (result: SimulationResult): number => bands.reduce((sum, { of }) => sum + of(result), 0);
  const most = niceMost(Math.max(...pairs.flatMap(({ bars }) => bars.map(heightOf))));
  const bottom = top + PANEL_HEIGHT;
  const yOf = (value: number): number => bottom - (value / most) * PANEL_HEIGHT;
  const drawn = [text(LEFT, top - 44, title, 'font-size="14" font-weight="bold"')];
  for (const [place, { label, colour }] of bands.entries()) {
    const x = LEFT + place * LEGEND_STEP;
    drawn.push(rectangle(x, top - 32, 12, 12, colour), text(x + 17, top - 22, label));
  }
  for (let line = 0; line <= GRID_LINES; line += 1) {
    const value = (most * line) / GRID_LINES;
    const y = yOf(value).toFixed(1);
    drawn.push(`<line x1="${LEFT}" x2="${width - 10}" y1="${y}" y2="${y}" stroke="#ddd"/>`);
    drawn.push(text(LEFT - 8, Number(y) + 4, String(Math.round(value * 10) / 10), 'text-anchor="end"'));
  }
  for (const [place, { path, bars }] of pairs.entries()) {
    const left = LEFT + GROUP_GAP + place * (2 * BAR + GAP + GROUP_GAP);
    for (const [side, result] of bars.entries()) {
      const x = left + side * (BAR + GAP);
      let sum = 0;
      for (const { of, colour } of bands) {
        const value = of(result);
        if (value > 0) drawn.push(rectangle(x, yOf(sum + value), BAR, yOf(sum) - yOf(sum + value), colour));
        sum += value;
      }
      drawn.push(text(x + BAR / 2, bottom + 16, side === 0 ? '+' : '−', 'text-anchor="middle"'));
    }
    drawn.push(text(left + BAR + GAP / 2, bottom + 34, path, 'text-anchor="middle" font-weight="bold"'));
  }
  drawn.push(text(LEFT, bottom + 54, '+ with all dampings, − with none', 'fill="#555"'));
  return drawn;
}

/** The next of 1, 2, 3, 4, 6, 8, 10, 20 and so on: the quarters of it are short numbers. */
function niceMost(value: number): number {
  for (let unit = 1; ; unit *= 10) {
    const most = [1, 2, 3, 4, 6, 8].find((factor) => factor * unit >= value);
    if (most !== undefined) return most * unit;
  }
}

function rectangle(x: number, y: number, width: number, height: number, colour: string): string {
  return `<rect x="${x}" y="${y.toFixed(1)}" width="${width}" height="${height.toFixed(1)}" fill="${colour}"/>`;
}

function text(x: number, y: number, words: string, attributes = ''): string {
  return `<text x="${x}" y="${y}" ${attributes}>${escaped(words)}</text>`;
}

/** A path is named after a file, whose name may hold anything. */
function escaped(words: string): string {
  return words.replace(/[&<>"]/g, (letter) => `&#${letter.charCodeAt(0)};`);
}

/** For drawing only. A vault that gained paid nothing. */
function thousands(usdc: string): number {
  return Math.max(0, Number(usdc)) / 1_000;
}
