import type {
  AccountId,
  Certificate,
  CertifiedBalance,
  CertifiedMarket,
  CertifiedPosition,
  CloseOutPrices,
  CloseOutStage,
  DeleverageRank,
  Event,
  MarginFigures,
  PriceTicks,
  QuoteAtoms,
  SizeLots,
  TimeMs,
} from '@keel/types';
import { marginOf } from '../margin/accountFigures.ts';
import type { AccountState, Balance, EngineState, Holding, MarketState } from '../state.ts';

/** An account and the prices that it was judged by, as they stood before a forced trade. */
export interface Before {
  readonly figures: MarginFigures;
  readonly collateralAtoms: QuoteAtoms;
  readonly balances: readonly CertifiedBalance[];
  readonly positions: readonly CertifiedPosition[];
  readonly markets: readonly CertifiedMarket[];
  /** Of the market that is closed. */
  readonly insuranceFundAtoms: QuoteAtoms;
}

/** What the trade did, and the terms it had. */
export interface CertifiedTrade {
  readonly stage: CloseOutStage;
  readonly auctionId: number;
  readonly elapsedMs: TimeMs;
  readonly side: 'buy' | 'sell';
  readonly sizeLots: SizeLots;
  readonly filledLots: SizeLots;
  readonly quoteAtoms: QuoteAtoms;
  readonly feeAtoms: QuoteAtoms;
  readonly insuranceAtoms: QuoteAtoms;
  readonly limitTicks: PriceTicks;
  /** Undefined: no tick is as good as the zero price. */
  readonly prices: CloseOutPrices | undefined;
  readonly zeroQuoteAtoms: QuoteAtoms;
  readonly counterpartyId: AccountId | 0;
  readonly rank: DeleverageRank | undefined;
}

/** What a certificate keeps of the moment before the trade: taken before anything moves. */
export function keepBefore({ account, market }: Holding): Before {
  const held = account.holdings.filter((holding) => holding.sizeLots !== 0);
  return {
    figures: figuresOf(account),
    collateralAtoms: account.collateralAtoms,
    balances: account.balances.map(certifiedBalance),
    positions: held.map(certifiedPosition),
    markets: held.map((holding) => certifiedMarket(holding.market)),
    insuranceFundAtoms: market.insuranceFundAtoms,
  };
}

/** Tells the record of a forced trade, after it and its payments. */
export function certify(
  state: EngineState,
  { account, market }: Holding,
  before: Before,
  trade: CertifiedTrade,
  events: Event[],
): void {
  const { prices, ...told } = trade;
  const certificate: Certificate = {
    certificateId: state.nextCertificateId,
    sequence: state.sequence as Certificate['sequence'],
    timeMs: state.timeMs,
    liquidationId: account.liquidationId,
    accountId: account.accountId,
    owner: account.owner,
    subaccount: account.subaccount,
    marketId: market.spec.marketId,
    insuranceFundAtoms: before.insuranceFundAtoms,
    ...told,
    fillableTicks: prices?.fillableTicks ?? 0,
    zeroTicks: prices?.zeroTicks ?? 0,
    collateralAtoms: before.collateralAtoms,
    balances: before.balances,
    positions: before.positions,
    markets: before.markets,
    feeders: state.feeders,
    before: before.figures,
    after: figuresOf(account),
  };
  state.nextCertificateId += 1;
  events.push({ kind: 'closeOutCertified', certificate });
}

function figuresOf(account: AccountState): MarginFigures {
  const { equityAtoms, initialMarginAtoms, maintenanceMarginAtoms } = marginOf(account);
  return { equityAtoms, initialMarginAtoms, maintenanceMarginAtoms };
}

function certifiedBalance({ collateral, amountAtoms }: Balance): CertifiedBalance {
  const { assetId, symbol, decimals, priceDecimals, haircutPpm, priceStaleMs } = collateral.spec;
  const { priceTicks, reports } = collateral;
  return { assetId, symbol, amountAtoms, decimals, priceDecimals, haircutPpm, priceTicks, priceStaleMs, reports };
}

function certifiedPosition(holding: Holding): CertifiedPosition {
  const { market, sizeLots, entryNotionalAtoms, fundingIndex, leverage } = holding;
  return { marketId: market.spec.marketId, sizeLots, entryNotionalAtoms, fundingIndex, leverage };
}

function certifiedMarket(market: MarketState): CertifiedMarket {
  const { spec } = market;
  return {
    marketId: spec.marketId,
    symbol: spec.symbol,
    priceDecimals: spec.priceDecimals,
    sizeDecimals: spec.sizeDecimals,
    atomsPerTickLot: spec.atomsPerTickLot,
    maxPriceTicks: spec.maxPriceTicks,
    initialMarginPpm: spec.initialMarginPpm,
    maintenanceMarginPpm: spec.maintenanceMarginPpm,
    marginTiers: spec.marginTiers,
    openInterestLowerAtoms: spec.openInterestLowerAtoms,
    openInterestUpperAtoms: spec.openInterestUpperAtoms,
    marketSlippagePpm: spec.marketSlippagePpm,
    markBandPpm: spec.markBandPpm,
    liquidationFeePpm: spec.liquidationFeePpm,
    deleverageRule: spec.deleverageRule,
    openInterestLots: market.openInterestLots,
    fundingIndex: market.fundingIndex,
    markTicks: market.markTicks,
    stableTicks: market.stableTicks,
    mark: {
      indexTicks: market.indexTicks,
      basisEmaMilli: market.basisEmaMilli,
      medianEmaMilli: market.medianEmaMilli,
      bidTicks: market.markBidTicks,
      askTicks: market.markAskTicks,
      lastTicks: market.markLastTicks,
      perpTicks: market.perpTicks,
    },
    indexTimeMs: market.indexTimeMs,
    indexStaleMs: spec.indexStaleMs,
    reports: market.reports,
  };
}
