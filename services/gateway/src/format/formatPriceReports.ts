import type { CollateralDoc, ExchangeDoc, PriceDoc } from '@keel/redis';
import { formatDecimal, type TimeMs } from '@keel/types';
import type { CollateralAnswer, PriceAnswer } from '../wire/riskAnswers.ts';
import { priceQuality } from './priceQuality.ts';

const PPM_DECIMALS = 6;

/** Who said what of a price: with the domain of /v1/status anybody can recover each feeder from these texts. */
export function formatPriceReports(
  sequence: number,
  price: PriceDoc,
  priceDecimals: number,
  { feeders }: ExchangeDoc,
): PriceAnswer {
  const text = (ticks: number): string => formatDecimal(ticks, priceDecimals);
  return {
    sequence,
    feed: price.feed,
    price: price.priceTicks === 0 ? null : text(price.priceTicks),
    time: price.priceTimeMs,
    quorum: Math.floor((2 * feeders.length) / 3) + 1,
    feeders: feeders.map(({ feeder, weight }) => ({ feeder, weight })),
    reports: price.reports.map((report) => ({
      feeder: report.feeder,
      price: text(report.priceTicks),
      perpPrice: text(report.perpTicks),
      publishTime: report.publishTimeMs,
      reportSequence: report.reportSequence,
      signature: report.signature,
    })),
  };
}

export function formatCollateral(collateral: CollateralDoc, timeMs: TimeMs): CollateralAnswer {
  const { spec, priceTicks, priceTimeMs, jumpTicks } = collateral;
  const amount = (atoms: number | bigint): string => formatDecimal(atoms, spec.decimals);
  return {
    symbol: spec.symbol,
    decimals: spec.decimals,
    price: priceTicks === 0 ? null : formatDecimal(priceTicks, spec.priceDecimals),
    priceQuality: priceQuality({ priceTimeMs, jumpTicks, staleMs: spec.priceStaleMs }, timeMs),
    priceTime: priceTimeMs,
    haircut: formatDecimal(spec.haircutPpm, PPM_DECIMALS),
    maxDeposited: amount(spec.maxDepositedAtoms),
    deposited: amount(BigInt(collateral.depositedAtoms) - BigInt(collateral.withdrawnAtoms)),
    treasury: amount(BigInt(collateral.treasuryAtoms)),
  };
}
