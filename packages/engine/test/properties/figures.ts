import type { Certificate, CertifiedMarket, MarketSpec } from '@keel/types';

/** What the formulas here need of a market's terms. */
export type Terms = Pick<
  MarketSpec,
  | 'atomsPerTickLot'
  | 'initialMarginPpm'
  | 'maintenanceMarginPpm'
  | 'marginTiers'
  | 'openInterestLowerAtoms'
  | 'openInterestUpperAtoms'
>;

/** What an account is worth and needs; written from the specification, shared with nothing of the engine. */
export interface Figures {
  equity: bigint;
  maintenance: bigint;
  initial: bigint;
}

const PPM = 1_000_000n;

export function abs(value: bigint): bigint {
  return value < 0n ? -value : value;
}

export function floorDiv(a: bigint, b: bigint): bigint {
  const quotient = a / b;
  return a < 0n && quotient * b !== a ? quotient - 1n : quotient;
}

export function ceilDiv(a: bigint, b: bigint): bigint {
  return -floorDiv(-a, b);
}

/** Maintenance of a notional: each part of it between two floors at the rate of its tier, rounded up at the end. */
export function maintenanceOf(terms: Terms, notional: bigint): bigint {
  let rate = BigInt(terms.maintenanceMarginPpm);
  let floor = 0n;
  let parts = 0n;
  for (const tier of terms.marginTiers) {
    const next = BigInt(tier.floorNotionalAtoms);
    if (notional <= next) break;
    parts += (next - floor) * rate;
    floor = next;
    rate = BigInt(tier.maintenanceMarginPpm);
  }
  return ceilDiv(parts + (notional - floor) * rate, PPM);
}

/** Initial margin of a notional, part by part at rates that open interest has raised; or 1 / leverage where that is more. */
export function initialOf(terms: Terms, openInterest: bigint, leverage: number, notional: bigint): bigint {
  let rate = raised(terms, terms.initialMarginPpm, openInterest);
  let floor = 0n;
  let parts = 0n;
  for (const tier of terms.marginTiers) {
    const next = BigInt(tier.floorNotionalAtoms);
    if (notional <= next) break;
    parts += (next - floor) * rate;
    floor = next;
    rate = raised(terms, tier.initialMarginPpm, openInterest);
  }
  const byTier = ceilDiv(parts + (notional - floor) * rate, PPM);
  const byLeverage = leverage === 0 ? 0n : ceilDiv(notional, BigInt(leverage));
  return byTier > byLeverage ? byTier : byLeverage;
}

function raised(terms: Terms, ppm: number, openInterest: bigint): bigint {
  const [lower, upper] = [BigInt(terms.openInterestLowerAtoms), BigInt(terms.openInterestUpperAtoms)];
  const rate = BigInt(ppm);
  if (upper === 0n || openInterest <= lower) return rate;
  const over = openInterest >= upper ? upper - lower : openInterest - lower;
  return upper === lower ? PPM : rate + ((PPM - rate) * over) / (upper - lower);
}

/** What an amount of other collateral counts: its value less the haircut, rounded down. */
export function collateralValue(
  spec: { readonly decimals: number; readonly priceDecimals: number; readonly haircutPpm: number },
  price: bigint,
  amount: bigint,
): bigint {
  const scale = 10n ** BigInt(spec.decimals + spec.priceDecimals);
  return floorDiv(amount * price * (PPM - BigInt(spec.haircutPpm)), scale);
}

/** Equity and both requirements of a certified account, from its certificate alone. In liquidation nobody has orders. */
export function certifiedFigures(certificate: Certificate): Figures {
  const figures: Figures = { equity: BigInt(certificate.collateralAtoms), maintenance: 0n, initial: 0n };
  for (const balance of certificate.balances) {
    figures.equity += collateralValue(balance, BigInt(balance.priceTicks), BigInt(balance.amountAtoms));
  }
  for (const position of certificate.positions) {
    const market = certifiedMarket(certificate, position.marketId);
    const size = BigInt(position.sizeLots);
    const perLot = BigInt(market.markTicks) * BigInt(market.atomsPerTickLot);
    const owed = ceilDiv(size * BigInt(market.fundingIndex - position.fundingIndex), PPM);
    figures.equity += size * perLot - BigInt(position.entryNotionalAtoms) - owed;
    figures.maintenance += maintenanceOf(market, abs(size) * perLot);
    const openInterest = BigInt(market.openInterestLots) * perLot;
    figures.initial += initialOf(market, openInterest, position.leverage, abs(size) * perLot);
  }
  return figures;
}

/** Quote of the zero price for so many lots: value at mark less their part of equity, rounded in the account's favour. */
export function certifiedZeroQuote(certificate: Certificate): bigint {
  const { equity, maintenance } = certifiedFigures(certificate);
  const market = certifiedMarket(certificate, certificate.marketId);
  const position = certificate.positions.find(({ marketId }) => marketId === certificate.marketId)!;
  const size = BigInt(position.sizeLots);
  const lots = BigInt(certificate.filledLots);
  const perLot = BigInt(market.markTicks) * BigInt(market.atomsPerTickLot);
  const share = equity * maintenanceOf(market, abs(size) * perLot) * lots;
  const value = size > 0n ? lots * perLot : -lots * perLot;
  return value - floorDiv(share, maintenance * abs(size));
}

export function certifiedMarket(certificate: Certificate, marketId: number): CertifiedMarket {
  const market = certificate.markets.find((each) => each.marketId === marketId);
  if (market === undefined) throw new Error(`certificate ${certificate.certificateId} lacks market ${marketId}`);
  return market;
}
