import { readMarket } from '@keel/engine';
import { formatDecimal, QUOTE_DECIMALS } from '@keel/types';
import type { PlayedWeek } from './playWeek.ts';
import { partPpm, STAGES, type StageSums, totalOf } from './stageSums.ts';
import type { WaitFigures } from './waits.ts';
import { BACKSTOP_ATOMS, INSURANCE_ATOMS, MARKET, WEEK_MARKET, type WeekTerms } from './weekTerms.ts';

/** What came of a play: the same for the same recording, terms and seed. USDC as decimal text, sums exact. */
export type WeekResult = ReturnType<typeof resultOf>;

export function resultOf({ exchange, tally }: PlayedWeek, terms: WeekTerms, candles: number) {
  const { stages, peer, reserves } = tally;
  const { vault, ...ofAccounts } = stages;
  const total = totalOf(Object.values(ofAccounts));
  const market = readMarket(exchange.state, MARKET)!;
  return {
    candles,
    traders: terms.traders,
    leverage: `${terms.leverage.lowest}-${terms.leverage.highest}`,
    seed: terms.seed,
    commands: exchange.commands,
    invariantsChecked: exchange.commands,
    certificatesChecked: exchange.certificates,
    certificateFaults: exchange.certificateFaults,
    fills: tally.fills,
    deposits: tally.deposits,
    rejects: tally.rejects,
    bandTrips: tally.bandTrips,
    marginCalls75: tally.marginCalls75,
    marginCalls90: tally.marginCalls90,
    preLiquidations: tally.preLiquidations,
    ordersPreLiquidated: tally.ordersPreLiquidated,
    conversions: tally.conversions,
    converted: usdc(tally.convertedAtoms),
    liquidations: tally.liquidations,
    accountsLiquidated: tally.liquidated.size,
    bankrupts: tally.bankrupts,
    auctions: tally.auctions,
    accountsDeleveraged: tally.deleveraged.size,
    stages: STAGES.map((stage) => ({ stage: stage as string, ...rowOf(stages[stage]) })),
    total: { stage: 'all but the vault’s', ...rowOf(total) },
    insurancePaid: usdc(tally.insurancePaidAtoms),
    peer: {
      liquidations: peer.liquidations,
      notional: usdc(peer.notionalAtoms),
      cost: usdc(peer.costAtoms),
      costPpm: partPpm(peer.costAtoms, peer.solventNotionalAtoms),
      insurancePaid: usdc(peer.insuranceAtoms),
    },
    /** Peer's cost for 1 of ours, in parts of a million. */
    peerTimesPpm: partPpm(peer.costAtoms, total.costAtoms),
    insuranceStart: usdc(INSURANCE_ATOMS),
    insuranceEnd: usdc(market.insuranceFundAtoms),
    backstopStart: usdc(BACKSTOP_ATOMS),
    backstopEnd: usdc(market.backstopEquityAtoms),
    backstopLossCap: usdc(WEEK_MARKET.backstopLossCapAtoms),
    days: reserves.days.map((day) => ({
      day: day.day,
      liquidations: day.liquidations,
      insuranceLowest: usdc(day.insuranceLowestAtoms),
      insuranceEnd: usdc(day.insuranceEndAtoms),
      backstopLowest: usdc(day.backstopLowestAtoms),
      backstopEnd: usdc(day.backstopEndAtoms),
    })),
    weak: inSeconds(tally.weak.figures()),
    owing: inSeconds(tally.owing.figures()),
    exchangeFees: usdc(exchange.state.feesAtoms),
  };
}

/** One line of the table of stages. */
export type StageRow = { readonly stage: string } & ReturnType<typeof rowOf>;

function rowOf(sums: StageSums) {
  return {
    steps: sums.steps,
    accounts: sums.accounts.size,
    lots: Number(sums.lots),
    notional: usdc(sums.notionalAtoms),
    fee: usdc(sums.feeAtoms),
    insurance: usdc(sums.insuranceAtoms),
    improvement: usdc(sums.improvementAtoms),
    improvementPpm: partPpm(sums.improvementAtoms, sums.solventNotionalAtoms),
    cost: usdc(sums.costAtoms),
    costPpm: partPpm(sums.costAtoms, sums.solventNotionalAtoms),
    bankruptSurplus: usdc(sums.bankruptSurplusAtoms),
  };
}

function inSeconds({ count, open, p50Ms, maxMs }: WaitFigures) {
  return { count, open, p50Seconds: p50Ms / 1_000, maxSeconds: maxMs / 1_000 };
}

function usdc(atoms: number | bigint): string {
  return formatDecimal(atoms, QUOTE_DECIMALS);
}
