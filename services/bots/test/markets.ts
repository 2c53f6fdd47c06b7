import type { MarketView } from '../src/marketView.ts';

export const SOL: MarketView = {
  symbol: 'SOL-USD',
  tradingStatus: 'open',
  priceDecimals: 2,
  sizeDecimals: 2,
  atomsPerTickLot: 100,
  indexTicks: 335_750,
  markTicks: 335_750,
  minNotionalAtoms: 10_000_000,
  maxLeverage: 20,
};
export const BTC: MarketView = {
  symbol: 'BTC-USD',
  tradingStatus: 'open',
  priceDecimals: 1,
  sizeDecimals: 5,
  atomsPerTickLot: 1,
  indexTicks: 600_000,
  markTicks: 600_000,
  minNotionalAtoms: 10_000_000,
  maxLeverage: 25,
};
