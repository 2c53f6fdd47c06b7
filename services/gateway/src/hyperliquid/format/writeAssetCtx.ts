import type { Book, MarketDoc } from '@keel/redis';
import { divCeilBig, divFloorBig, formatDecimal, type MarketSpec, mulDivFloor, type PriceTicks } from '@keel/types';
import { formatPrice, formatQuote, formatSize } from '../../format/formatMarket.ts';

/** What was traded in the last 24 hours. */
export interface DayFigures {
  /** Price of 24 hours ago; 0 = there was none. */
  readonly previousTicks: PriceTicks | 0;
  readonly volumeLots: bigint;
  readonly volumeAtoms: bigint;
}

export const NO_DAY: DayFigures = { previousTicks: 0, volumeLots: 0n, volumeAtoms: 0n };

/** What clients know of a market's prices, funding and volume. */
export interface AssetCtx {
  readonly funding: string;
  readonly openInterest: string;
  readonly prevDayPx: string;
  readonly dayNtlVlm: string;
  readonly premium: string | null;
  readonly oraclePx: string;
  readonly markPx: string;
  readonly midPx: string | null;
  /** What selling and buying the market's impact notional would get on average, [bid, ask]. */
  readonly impactPxs: readonly [bid: string, ask: string] | null;
  readonly dayBaseVlm: string;
}

const PPB = 1_000_000_000;
const PPB_DECIMALS = 9;

/** `book` best first, as deep as the impact notional needs. Prices are 0 as long as the market has none. */
export function writeAssetCtx(market: MarketDoc, book: Book, day: DayFigures): AssetCtx {
  const { spec, markTicks, indexTicks } = market;
  return {
    funding: formatDecimal(market.fundingRatePpb, PPB_DECIMALS),
    openInterest: formatSize(market.openInterestLots, spec),
    prevDayPx: formatPrice(day.previousTicks === 0 ? markTicks : day.previousTicks, spec),
    dayNtlVlm: formatQuote(day.volumeAtoms),
    premium:
      indexTicks === 0 ? null : formatDecimal(mulDivFloor(markTicks - indexTicks, PPB, indexTicks), PPB_DECIMALS),
    oraclePx: formatPrice(indexTicks, spec),
    markPx: formatPrice(markTicks, spec),
    midPx: writeMid(spec, book),
    impactPxs: writeImpact(spec, book),
    dayBaseVlm: formatDecimal(day.volumeLots, spec.sizeDecimals),
  };
}

/** Half-way between best bid and best ask, exact; null while a side is empty. */
export function writeMid(spec: MarketSpec, { bids, asks }: Book): string | null {
  const bid = bids[0]?.[0];
  const ask = asks[0]?.[0];
  return bid === undefined || ask === undefined ? null : formatDecimal((bid + ask) * 5, spec.priceDecimals + 1);
}

function writeImpact(spec: MarketSpec, { bids, asks }: Book): AssetCtx['impactPxs'] {
  const sold = averageOver(spec, bids);
  const bought = averageOver(spec, asks);
  if (sold === undefined || bought === undefined) return null;
  // To whole ticks, against whoever would trade.
  const bid = divFloorBig(sold.tickLots, sold.lots);
  const ask = divCeilBig(bought.tickLots, bought.lots);
  return [formatDecimal(bid, spec.priceDecimals), formatDecimal(ask, spec.priceDecimals)];
}

/** Sums of the best levels that reach the impact notional, or of all that there are; undefined of an empty side. */
function averageOver(
  spec: MarketSpec,
  levels: Book['bids'],
): { readonly tickLots: bigint; readonly lots: bigint } | undefined {
  // What many rest at one price may leave the safe integers.
  const perTickLot = BigInt(spec.atomsPerTickLot);
  let leftAtoms = BigInt(spec.impactNotionalAtoms);
  let tickLots = 0n;
  let lots = 0n;
  for (const [ticks, levelLots] of levels) {
    const lotAtoms = BigInt(ticks) * perTickLot;
    const fitting = leftAtoms / lotAtoms;
    const all = BigInt(levelLots);
    // At least a lot, so that the best price counts whatever the impact notional is.
    const taken = fitting >= all ? all : fitting > 0n ? fitting : 1n;
    tickLots += BigInt(ticks) * taken;
    lots += taken;
    leftAtoms -= lotAtoms * all;
    if (leftAtoms <= 0n) break;
  }
  return lots === 0n ? undefined : { tickLots, lots };
}
