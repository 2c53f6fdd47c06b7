import {
  auctionLimitTicks,
  closeOutLots,
  divFloor,
  entryPriceTicks,
  fillableDistanceTicks,
  liquidationFeeAtoms,
  liquidationPriceTicks,
  type MarginPosition,
  type MarketSpec,
  maintenanceMarginAtoms,
  marketInitialMarginAtoms,
  mulDivCeil,
  openOrderTotals,
  PPM,
  scaledInitialPpm,
  zeroPriceTicks,
  zeroQuoteAtoms,
} from '@keel/types';
import { hourlyRatePpb } from '../../src/funding/settleHour.ts';
import { createMarket } from '../../src/state.ts';
import { testMarket } from '../testMarket.ts';
import type { Inputs } from './riskVectors.ts';

const PPB = 1_000_000_000;
/** Auctions last this long in `auctionLimitTicks`; other systems' times are scaled to it. */
const AUCTION_MS = 10_000;

/**
 * What we say to a case of each topic. Most are our own formulas in units that hold the case's figures exactly; a
 * `variant` is another system's rule that ours differs from on purpose, written out here with the reason.
 */
export const JUDGES: Readonly<Record<string, (given: Inputs) => number>> = {
  'bankruptcy-price': (given) => (given.entry === undefined ? zeroQuote(given) : bankruptcyAt(given)),
  'fillable-price': fillablePrice,
  'insurance-delta': insuranceDelta,
  'oi-scaled-imf-ppm': (given) =>
    scaledInitialPpm(
      { ...plain, openInterestLowerAtoms: given.lower * PPM, openInterestUpperAtoms: given.upper * PPM },
      given.baseImf * PPM,
      given.openInterest * PPM,
    ),
  // Variant: dYdX bounds a step by a part of the position and by account and block; ours restores health (C3 of the README).
  'liquidation-size': ({ position, price, maxPortion, minNotional, subaccountLimit, step }) => {
    const whole = position * price;
    const wanted = Math.max(Math.min(minNotional, whole), whole * maxPortion);
    const steps = Math.floor(Math.min(wanted, subaccountLimit || wanted) / price / step + 1e-9);
    return Math.min(Math.max(steps, 1) * step, position);
  },
  'funding-index-delta': fundingIndexDelta,
  'liquidation-price': liquidationPrice,
  funding: funding,
  // Variant: Paradex closes the same share of every position and takes a part of its margin as a penalty.
  'partial-liquidation': ({ accountValue, mmr, share, penaltyFraction }) => {
    const left = mmr * (1 - share);
    return left / (accountValue - share * penaltyFraction * mmr);
  },
  'initial-margin': ({ position, openBuys, openSells, imf, mark }) => {
    const spec = { ...plain, initialMarginPpm: imf * PPM };
    const rest = { priceTicks: mark, reduceOnly: false };
    const orders = [
      { ...rest, side: 'buy', remainingLots: openBuys * 1_000 } as const,
      { ...rest, side: 'sell', remainingLots: openSells * 1_000 } as const,
    ];
    const market = { spec, markTicks: mark, stableTicks: mark, openInterestLots: 0 };
    const totals = openOrderTotals(spec, mark, position * 1_000, orders);
    return marketInitialMarginAtoms(market, mark, position * 1_000, 0, totals) / PPM;
  },
  'vwap-price-protection': ({ fills }) => {
    const lots = fills.reduce((sum, [size]) => sum + size, 0);
    const paid = fills.reduce((sum, [size, price]) => sum + size * price, 0);
    return entryPriceTicks(plain, lots, paid * plain.atomsPerTickLot);
  },
  // Variant: nothing is ever socialised here; the division is ours, rounded up at 10^-5 as Drift does.
  'socialised-loss': ({ loss, longBase, shortBase }) =>
    mulDivCeil(loss, 100_000, longBase + Math.abs(shortBase)) / 100_000,
  // Variants: Derive auctions a share of a whole account; ours auctions lots of one market at one price.
  'auction-buffer': ({ mm, mtm, b }) => buffer(mm, mtm, b),
  'auction-max-share': (given) => Math.floor(maxShare(given) * 10 ** given.digits) / 10 ** given.digits,
  'auction-cash': auctionCash,
  // Ours: the walk of the price from one end to the other, in a fast and then a slow part as theirs.
  'auction-discount': ({ start, cutoff, fast, slow, t }) => {
    const walk = (from: number, to: number, part: number) =>
      auctionLimitTicks({ fillableTicks: from * PPM, zeroTicks: to * PPM }, Math.round(part * AUCTION_MS)) / PPM;
    return t <= fast ? walk(start, cutoff, t / fast) : walk(cutoff, 0, (t - fast) / slow);
  },
  'insolvent-auction': ({ mm, mtm, t, length, share }) => {
    const ends = { fillableTicks: -Math.min(mtm, 0) * 1_000, zeroTicks: -mm * 1_000 };
    return (auctionLimitTicks(ends, (t * AUCTION_MS) / length) * share) / 1_000;
  },
  'base-to-cover-shortage': baseToCover,
  // Variant: Drift's insurance fee leaves 5 % of what is above the need; ours is the whole surplus, up to its rate.
  'insurance-fee': ({ shortage, marginRatio, liqFee, base, price, max }) =>
    Math.max(0, Math.min(max, 0.95 * (marginRatio - liqFee - shortage / (base * price)))),
  // Variant: Mango weighs what a perpetual is worth as collateral; here a position's worth counts whole.
  health: ({ baseLots, quote, token, basePrice, baseLot, baseWeights, overall, settleWeights }) => {
    const value = baseLots * baseLot * basePrice;
    const perp = quote + value * (value > 0 ? baseWeights[0] : baseWeights[1]);
    const sum = token + perp * (perp > 0 ? overall : 1);
    return sum * (sum > 0 ? settleWeights[0] : settleWeights[1]);
  },
  margin: ({ price, size, rate }) => maintenance(rate, price, size),
  'mark-price': ({ index, bid, ask, last, lastFunding, hoursLeft }) => {
    // Variant of Aevo: the index carried forward by the funding that is left; ours carries averages of the book.
    if (bid === undefined) return index * (1 + lastFunding * hoursLeft);
    // Ours is the median of bid, ask and last too, and a band round the index (theirs is 3 %).
    const inner = Math.min(Math.max(last, bid), ask);
    return Math.min(Math.max(inner, index * 0.97), index * 1.03);
  },
  'maintenance-margin': (given) =>
    given.q === undefined
      ? maintenance(given.mmr, given.price, given.contracts * given.mult)
      : maintenanceMarginAtoms(binancePosition(given)) / PPM,
  // Ours is the deduction that two tiers give; the one before is chosen so that it has the given amount.
  'maintenance-amount': ({ floor, mmr, prev, prevCum }) => {
    const belowPpm = Math.round((prev - prev / 5) * PPM);
    const tiers = [
      tier(Math.round(((prevCum * PPM) / (prev * PPM - belowPpm)) * 1_000), prev),
      tier(floor * 1_000, mmr),
    ];
    const spec = { ...plain, maintenanceMarginPpm: belowPpm, marginTiers: tiers };
    const size = 10 * floor;
    return (
      (size * 1_000 * mmr * PPM - maintenanceMarginAtoms({ ...flat, spec, markTicks: 1_000, sizeLots: size * 1_000 })) /
      PPM /
      1_000
    );
  },
  // Variant: Bybit deleverages by a pool's loss; ours when fund or cap are used up.
  'adl-trigger': ({ pool, loss }) => -loss / pool,
};

const plain: MarketSpec = { ...testMarket(1, 'BTC-USD'), maxPriceTicks: Number.MAX_SAFE_INTEGER };
const flat: MarginPosition = {
  spec: plain,
  markTicks: 1,
  stableTicks: 0,
  openInterestLots: 0,
  sizeLots: 0,
  entryNotionalAtoms: 0,
  positionFundingIndex: 0,
  marketFundingIndex: 0,
  leverage: 0,
  openOrders: [],
};

function tier(floorUsdc: number, rate: number) {
  return { floorNotionalAtoms: floorUsdc * PPM, initialMarginPpm: rate * PPM, maintenanceMarginPpm: rate * PPM };
}

/** A position in units of `lot`, prices in units that make a tick of a lot one atom; equity and margin of its account. */
function closing(given: Inputs, named: string, lot: number) {
  const spec = { ...plain, atomsPerTickLot: 1, maintenanceMarginPpm: Math.round((given.mmf ?? 0.1) * PPM) };
  const price = (market: string) => Math.round(((given.oracle?.[market] ?? 50_000) * lot) / 1e-6);
  let equityAtoms = given.usdc * PPM;
  let maintenanceAtoms = 0;
  let positionMaintenanceAtoms = 0;
  let sizeLots = 0;
  for (const [market, size] of Object.entries(given.positions)) {
    const position = { ...flat, spec, markTicks: price(market), sizeLots: Math.round(size / lot) };
    equityAtoms += position.markTicks * position.sizeLots;
    maintenanceAtoms += maintenanceMarginAtoms(position);
    if (market !== named) continue;
    positionMaintenanceAtoms = maintenanceMarginAtoms(position);
    sizeLots = position.sizeLots;
  }
  const markTicks = price(named);
  return { spec, markTicks, sizeLots, positionMaintenanceAtoms, equityAtoms, maintenanceAtoms };
}

function zeroQuote(given: Inputs): number {
  const lot = 1e-8;
  return zeroQuoteAtoms(closing(given, given.close ?? 'BTC', lot), Math.round(Math.abs(given.delta) / lot)) / PPM;
}

/** Bankruptcy price of a position that was just opened at this leverage: the zero price of the whole. */
function bankruptcyAt({ entry, lev, side }: Inputs): number {
  const sizeLots = side === 'long' ? 1 : -1;
  const spec = { ...plain, atomsPerTickLot: 1 };
  const margin = { equityAtoms: entry / lev, maintenanceAtoms: 1, positionMaintenanceAtoms: 1 };
  return zeroPriceTicks({ spec, markTicks: entry, sizeLots, ...margin }, 1) ?? 0;
}

/** Theirs may lie beyond the zero price; ours never does, which `closeOutPrices` sees to. This is the distance before. */
function fillablePrice(given: Inputs): number {
  const sizes = Object.values(given.positions).map((size) => Math.abs(size));
  const lot = Math.min(...sizes) < 0.1 ? 0.001 : 0.1;
  const position = closing(given, given.market, lot);
  const distance = fillableDistanceTicks(position, {
    bankruptcyAdjustmentPpm: given.bankruptcyAdjustment * PPM,
    spreadToMaintenancePpm: Math.round(given.spreadToMMR * PPM),
  });
  return (position.markTicks + (position.sizeLots > 0 ? -distance : distance)) / (lot / 1e-6);
}

function insuranceDelta(given: Inputs): number {
  const position = closing({ ...given, positions: { BTC: given.btc }, oracle: { BTC: given.index } }, 'BTC', 0.1);
  const lots = Math.abs(position.sizeLots);
  const zero = zeroQuoteAtoms(position, lots);
  const quote = Math.round(given.btc * given.fillPrice * PPM);
  // Above the zero price it is our fee; below it, what our fund pays.
  return (quote < zero ? quote - zero : liquidationFeeAtoms(Math.round(given.maxLiqFee * PPM), quote, zero)) / PPM;
}

/** 8 times the hourly rate, in 10^-9: average premium and interest as the engine puts them together. */
function rate8h(premiumPpb: number, interestPpb: number, capPpb = PPB): number {
  const market = createMarket({ ...testMarket(1, 'BTC-USD'), fundingInterestPpb: interestPpb, fundingCapPpb: capPpb });
  market.premiumSumPpb = premiumPpb;
  market.premiumSamples = 1;
  return hourlyRatePpb(market) * 8;
}

/** No interest pull (interest = premium). dYdX counts 10^-4 of our index units, and rounds down to them. */
function fundingIndexDelta({ premiumPpm, index, minuteSamples, cap8hPpm }: Inputs): number {
  const averagePpb = (premiumPpm * 1_000 * minuteSamples) / 60;
  const capPpb = cap8hPpm === 0 ? PPB : (cap8hPpm * 1_000) / 8;
  return divFloor((index * (rate8h(averagePpb, averagePpb, capPpb) / 8)) / 1_000, 10_000);
}

function funding(given: Inputs): number {
  if (given.impactBid !== undefined) {
    const premiumPpb = ((given.impactBid - given.index) * PPB) / given.index;
    return rate8h(premiumPpb, given.interest * PPB) / PPB;
  }
  // Paradex pays by the second what ours pays by the hour.
  if (given.premium !== undefined) {
    const rate = rate8h(Math.round(given.premium * PPB), 0) / PPB;
    return (-rate * given.spot * given.size * given.seconds) / given.period;
  }
  // Variant: BitMEX quotes the two interests a day.
  return (given.positionXBT * (given.usdInterest - given.xbtInterest)) / given.perDay;
}

function maintenance(rate: number, price: number, size: number): number {
  const spec = { ...plain, maintenanceMarginPpm: Math.round(rate * PPM) };
  return maintenanceMarginAtoms({ ...flat, spec, markTicks: price, sizeLots: Math.round(size * 1_000) }) / PPM;
}

/** Prices and sizes in thousandths; a first tier of half the rate makes the deduction what Binance prints. */
function binancePosition({ q, ep, mk, mmr, cum }: Inputs, marketId = 1): MarginPosition {
  const ratePpm = Math.round(mmr * PPM);
  const firstPpm = ratePpm / 2;
  const spec = {
    ...testMarket(marketId, 'BTC-USD'),
    atomsPerTickLot: 1,
    maxPriceTicks: 1_000_000_000,
    maintenanceMarginPpm: firstPpm,
    marginTiers: [tier((cum * PPM) / (ratePpm - firstPpm), ratePpm / PPM)],
  };
  const sizeLots = Math.round(q * 1_000);
  const entryNotionalAtoms = Math.round(ep * 1_000) * sizeLots;
  return { ...flat, spec, markTicks: Math.round(mk * 1_000), sizeLots, entryNotionalAtoms };
}

function liquidationPrice(given: Inputs): number {
  if (given.WB !== undefined) {
    const positions = [binancePosition(given.own, 1), binancePosition(given.other, 2)];
    return (liquidationPriceTicks(Math.round(given.WB * PPM), positions, 1) ?? 0) / 1_000;
  }
  const { entry, lev } = given;
  const mmr = given.mmr;
  // Variants: margin at entry and not at mark, of an inverse and of a linear contract.
  if (given.side === 'short' && entry === 2_000) return entry / (1 - 1 / lev + mmr);
  if (given.side === 'short') return entry * (1 + 1 / lev - mmr);
  if (given.isolatedMargin !== undefined) {
    const { size, mark, isolatedMargin, maxLeverage } = given;
    return exactly(isolatedMargin, size, mark, 1 / (2 * maxLeverage), 0);
  }
  if (given.accountValue !== undefined) {
    const { accountValue, crossMM, szi, mark, mmRate } = given;
    const own = Math.abs(szi) * mark * mmRate;
    return exactly(accountValue, szi, mark, mmRate, crossMM - own);
  }
  return exactly(given.equity, given.size, given.price, given.mmf, given.otherMMR);
}

/**
 * The algebra of `liquidationPriceTicks` without its ticks, for figures that are finer than an atom; and ours beside it,
 * with ticks as fine as they can be, which must say the same to a tick.
 */
function exactly(equity: number, size: number, mark: number, mmf: number, otherMargin: number): number {
  const price = (size * mark + otherMargin - equity) / (size - Math.abs(size) * mmf);
  const perUnit = size === Math.round(size) ? 10_000 : 100_000;
  const spec = {
    ...plain,
    atomsPerTickLot: perUnit === 10_000 ? 10 : 1,
    maintenanceMarginPpm: Math.round(mmf * PPM),
    maxPriceTicks: 1_000_000_000,
  };
  const sizeLots = Math.round(size * 10);
  const markTicks = Math.round(mark * perUnit);
  const ours = { ...flat, spec, markTicks, sizeLots, entryNotionalAtoms: markTicks * sizeLots * spec.atomsPerTickLot };
  const ticks = liquidationPriceTicks(Math.round((equity - otherMargin) * PPM), [ours], 1) ?? 0;
  if (Math.abs(ticks / perUnit - price) > 1 / perUnit)
    throw new Error(`ours says ${ticks / perUnit}, algebra ${price}`);
  return price;
}

function buffer(mm: number, mtm: number, b: number): number {
  return mm + b * (mm - mtm);
}

function maxShare({ mm, mtm, b, d, reserved }: Pick<Inputs, 'mm' | 'mtm' | 'b' | 'd'> & { reserved?: number }): number {
  const missing = buffer(mm, mtm, b);
  return missing / (missing - mtm * d - (reserved ?? 0) * (1 - d));
}

function auctionCash({ bidPrice, share, mtm, reserved, d }: Inputs): number {
  const price = bidPrice ?? (mtm - (reserved ?? 0)) * d;
  // The largest share of the two cases that stand before these in theirs.
  const given = bidPrice === 270 ? { mm: -100, mtm: 300, b: 0.1, d: 0.9 } : { mm: -5_560, mtm, b: 0, d, reserved };
  const cash = price * (share === 0 ? maxShare(given) : share);
  return share === 0 ? Math.floor(cash) : cash;
}

/**
 * Ours with its own buffer and slippage taken out of the given rate: with m and f so that 1.1 m - f - 0.005 is Drift's
 * denominator. A hundred times as much money, so that a lot is as fine as their figures.
 */
function baseToCover({ shortage, price, quotePrice, marginRatio, liqFee, ifFee }: Inputs): number {
  const perBase = quotePrice * (marginRatio - liqFee) - ifFee;
  const spec = {
    ...plain,
    atomsPerTickLot: 1,
    maintenanceMarginPpm: 100_000,
    liquidationFeePpm: Math.round((0.11 - 0.005 - perBase) * PPM),
  };
  const maintenanceAtoms = 1_000 * PPM;
  const equityAtoms = 1_100 * PPM - shortage * 100 * PPM;
  return closeOutLots(spec, price, 500 * PPM, equityAtoms, maintenanceAtoms) / PPM / 100;
}
