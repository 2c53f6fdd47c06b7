import type { StageRow, WeekResult } from './resultOf.ts';

const STAGE_NAMES: Readonly<Record<string, string>> = {
  book: 'book',
  auctionBook: 'auction, via book',
  auctionLiquidator: 'auction, via liquidator',
  backstop: 'backstop',
  deleverage: 'deleverage',
  vault: 'vault deleveraged',
};

/** A result in lines for people; amounts in whole USDC, cut off. */
export function tableOf(result: WeekResult): string {
  return [...stageLines(result), '', ...peerLines(result), '', ...dayLines(result), '', ...countLines(result), ''].join(
    '\n',
  );
}

function stageLines({ stages, total }: WeekResult): readonly string[] {
  const heads = ['stage', 'steps', 'accounts', 'lots', 'notional', 'fee', 'insurance', 'better than zero price', 'bp'];
  return columns([heads, ...stages.map(stageCells), stageCells(total)]);
}

function stageCells(row: StageRow): readonly string[] {
  const { stage, steps, accounts, lots, notional, fee, insurance, improvement, improvementPpm } = row;
  const figures = [steps, accounts, lots].map(String);
  return [
    STAGE_NAMES[stage] ?? stage,
    ...figures,
    ...[notional, fee, insurance, improvement].map(whole),
    bp(improvementPpm),
  ];
}

function peerLines({ total, insurancePaid, liquidations, peer, peerTimesPpm }: WeekResult): readonly string[] {
  const rows = columns([
    ['solvent accounts', 'liquidations', 'notional closed', 'cost against mark, fee in it', 'bp', 'insurance paid'],
    ['here', String(liquidations), whole(total.notional), whole(total.cost), bp(total.costPpm), whole(insurancePaid)],
    [
      'whole, at the zero price, at once',
      String(peer.liquidations),
      whole(peer.notional),
      whole(peer.cost),
      bp(peer.costPpm),
      whole(peer.insurancePaid),
    ],
  ]);
  return [...rows, `closing cost accounts ${(peerTimesPpm / 1_000_000).toFixed(2)} times as much there`];
}

function dayLines({ days, ...result }: WeekResult): readonly string[] {
  return columns([
    ['day', 'liquidations', 'insurance, lowest', 'at its end', 'backstop equity, lowest', 'at its end'],
    ['before', '', '', whole(result.insuranceStart), '', whole(result.backstopStart)],
    ...days.map((day) => [
      String(day.day),
      String(day.liquidations),
      ...[day.insuranceLowest, day.insuranceEnd, day.backstopLowest, day.backstopEnd].map(whole),
    ]),
  ]);
}

function countLines(result: WeekResult): readonly string[] {
  const { weak, owing, rejects } = result;
  const refused = Object.entries(rejects).map(([name, count]) => `${name} ${count}`);
  return [
    `${result.commands} commands, ${result.fills} fills, ${result.deposits} deposits, ${result.bandTrips} prices out of band`,
    `${result.invariantsChecked} times all invariants held; ${result.certificatesChecked} certificates recomputed, ${result.certificateFaults.length} faults`,
    `refused: ${refused.length === 0 ? 'nothing' : refused.join(', ')}`,
    `${result.accountsLiquidated} accounts liquidated, ${result.bankrupts} of ${result.liquidations} times bankrupt already; ${result.auctions} auctions; ${result.accountsDeleveraged} accounts deleveraged`,
    `margin calls: ${result.marginCalls75} at 75 %, ${result.marginCalls90} at 90 %; ${result.preLiquidations} pre-liquidations closed ${result.ordersPreLiquidated} orders`,
    `under maintenance until healthy or closed: p50 ${weak.p50Seconds} s, longest ${weak.maxSeconds} s, ${weak.open} still are`,
    `${result.conversions} times USDT was bought for a debt of ${whole(result.converted)} USDC in all; ${owing.count} debts had to wait for fees, longest ${owing.maxSeconds} s, ${owing.open} still do`,
    ...result.certificateFaults,
  ];
}

function columns(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = (rows[0] ?? []).map((_, place) => Math.max(...rows.map((row) => row[place]?.length ?? 0)));
  return rows.map((row) =>
    row.map((cell, place) => (place === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[place]!))).join('  '),
  );
}

function whole(decimal: string): string {
  return decimal.replace(/\..*$/, '');
}

/** Basis points of a part of a million. */
function bp(ppm: number): string {
  return (ppm / 100).toFixed(1);
}
