import type {
  Certificate as CertificateMessage,
  CertifiedBalance as CertifiedBalanceMessage,
  CertifiedMarket as CertifiedMarketMessage,
  CertifiedPosition as CertifiedPositionMessage,
  DeleverageRank as DeleverageRankMessage,
  MarginFigures as MarginFiguresMessage,
  MarkInputs as MarkInputsMessage,
} from '@keel/proto/certificate';
import {
  type Certificate,
  type CertifiedBalance,
  type CertifiedMarket,
  type CertifiedPosition,
  COLLATERAL_ASSETS_MAX,
  type DeleverageRank,
  MARKETS_MAX,
  type MarginFigures,
  type MarkInputs,
  toAccountId,
  toAssetId,
  toMarketId,
  toSequence,
} from '@keel/types';
import { addressToBytes, bytesToAddress } from './bytes.ts';
import {
  CLOSE_OUT_STAGE_NUMBERS,
  DELEVERAGE_RULE_NUMBERS,
  fromCloseOutStage,
  fromDeleverageRule,
  fromSide,
  SIDE_NUMBERS,
} from './enums.ts';
import { fromPositiveUint64, fromSint64, fromUint64, toSint64, toUint32, toUint64 } from './integers.ts';
import { fromItems, toItems } from './itemLists.ts';
import { marginTiersFromMessages, marginTiersToMessages } from './marketSpecMessage.ts';
import { known } from './message.ts';
import { feedersFromMessages, feedersToMessages, reportsFromMessages, reportsToMessages } from './priceMessages.ts';
import { fromIntegerText, fromText, SYMBOL_CHARACTERS_MAX, toIntegerText, toText } from './text.ts';

export function certificateToMessage(certificate: Certificate): CertificateMessage {
  return {
    $typeName: 'keel.v1.Certificate',
    certificateId: toUint64(certificate.certificateId, 'certificateId'),
    sequence: toUint64(certificate.sequence, 'sequence'),
    timeMs: toUint64(certificate.timeMs, 'timeMs'),
    stage: CLOSE_OUT_STAGE_NUMBERS[certificate.stage],
    liquidationId: toUint64(certificate.liquidationId, 'liquidationId'),
    auctionId: toUint64(certificate.auctionId, 'auctionId'),
    accountId: toUint32(certificate.accountId, 'accountId'),
    owner: addressToBytes(certificate.owner, 'owner'),
    subaccount: toUint32(certificate.subaccount, 'subaccount'),
    marketId: toUint32(certificate.marketId, 'marketId'),
    side: SIDE_NUMBERS[certificate.side],
    sizeLots: toUint64(certificate.sizeLots, 'sizeLots'),
    filledLots: toUint64(certificate.filledLots, 'filledLots'),
    quoteAtoms: toSint64(certificate.quoteAtoms, 'quoteAtoms'),
    feeAtoms: toSint64(certificate.feeAtoms, 'feeAtoms'),
    insuranceAtoms: toSint64(certificate.insuranceAtoms, 'insuranceAtoms'),
    insuranceFundAtoms: toSint64(certificate.insuranceFundAtoms, 'insuranceFundAtoms'),
    limitTicks: toSint64(certificate.limitTicks, 'limitTicks'),
    fillableTicks: toSint64(certificate.fillableTicks, 'fillableTicks'),
    zeroTicks: toSint64(certificate.zeroTicks, 'zeroTicks'),
    zeroQuoteAtoms: toSint64(certificate.zeroQuoteAtoms, 'zeroQuoteAtoms'),
    elapsedMs: toUint64(certificate.elapsedMs, 'elapsedMs'),
    counterpartyId: toUint32(certificate.counterpartyId, 'counterpartyId'),
    collateralAtoms: toSint64(certificate.collateralAtoms, 'collateralAtoms'),
    balances: toItems(certificate.balances, balanceToMessage, 'balances', COLLATERAL_ASSETS_MAX),
    positions: toItems(certificate.positions, positionToMessage, 'positions', MARKETS_MAX),
    markets: toItems(certificate.markets, marketToMessage, 'markets', MARKETS_MAX),
    feeders: feedersToMessages(certificate.feeders),
    before: figuresToMessage(certificate.before),
    after: figuresToMessage(certificate.after),
    rank: certificate.rank && rankToMessage(certificate.rank),
  };
}

/** Throws CodecError; whether it holds is what `checkCertificate` says. */
export function certificateFromMessage(message: CertificateMessage | undefined): Certificate {
  const certificate = known(message, 'certificate');
  return {
    certificateId: fromUint64(certificate.certificateId, 'certificateId'),
    sequence: toSequence(fromPositiveUint64(certificate.sequence, 'sequence')),
    timeMs: fromUint64(certificate.timeMs, 'timeMs'),
    stage: fromCloseOutStage(certificate.stage, 'stage'),
    liquidationId: fromUint64(certificate.liquidationId, 'liquidationId'),
    auctionId: fromUint64(certificate.auctionId, 'auctionId'),
    accountId: toAccountId(certificate.accountId),
    owner: bytesToAddress(certificate.owner, 'owner'),
    subaccount: certificate.subaccount,
    marketId: toMarketId(certificate.marketId),
    side: fromSide(certificate.side, 'side'),
    sizeLots: fromUint64(certificate.sizeLots, 'sizeLots'),
    filledLots: fromUint64(certificate.filledLots, 'filledLots'),
    quoteAtoms: fromSint64(certificate.quoteAtoms, 'quoteAtoms'),
    feeAtoms: fromSint64(certificate.feeAtoms, 'feeAtoms'),
    insuranceAtoms: fromSint64(certificate.insuranceAtoms, 'insuranceAtoms'),
    insuranceFundAtoms: fromSint64(certificate.insuranceFundAtoms, 'insuranceFundAtoms'),
    limitTicks: fromSint64(certificate.limitTicks, 'limitTicks'),
    fillableTicks: fromSint64(certificate.fillableTicks, 'fillableTicks'),
    zeroTicks: fromSint64(certificate.zeroTicks, 'zeroTicks'),
    zeroQuoteAtoms: fromSint64(certificate.zeroQuoteAtoms, 'zeroQuoteAtoms'),
    elapsedMs: fromUint64(certificate.elapsedMs, 'elapsedMs'),
    counterpartyId: certificate.counterpartyId === 0 ? 0 : toAccountId(certificate.counterpartyId),
    collateralAtoms: fromSint64(certificate.collateralAtoms, 'collateralAtoms'),
    balances: fromItems(certificate.balances, balanceFromMessage, 'balances', COLLATERAL_ASSETS_MAX),
    positions: fromItems(certificate.positions, positionFromMessage, 'positions', MARKETS_MAX),
    markets: fromItems(certificate.markets, marketFromMessage, 'markets', MARKETS_MAX),
    feeders: feedersFromMessages(certificate.feeders),
    before: figuresFromMessage(certificate.before, 'before'),
    after: figuresFromMessage(certificate.after, 'after'),
    rank: certificate.rank && rankFromMessage(certificate.rank),
  };
}

export function rankToMessage(rank: DeleverageRank): DeleverageRankMessage {
  return {
    $typeName: 'keel.v1.DeleverageRank',
    rule: DELEVERAGE_RULE_NUMBERS[rank.rule],
    place: toUint64(rank.place, 'rank.place'),
    candidates: toUint64(rank.candidates, 'rank.candidates'),
    sizeLots: toSint64(rank.sizeLots, 'rank.sizeLots'),
    entryNotionalAtoms: toSint64(rank.entryNotionalAtoms, 'rank.entryNotionalAtoms'),
    unrealisedAtoms: toSint64(rank.unrealisedAtoms, 'rank.unrealisedAtoms'),
    equityAtoms: toSint64(rank.equityAtoms, 'rank.equityAtoms'),
    notionalAtoms: toSint64(rank.notionalAtoms, 'rank.notionalAtoms'),
    hedgedLots: toUint64(rank.hedgedLots, 'rank.hedgedLots'),
    score: toIntegerText(rank.score, 'rank.score'),
    level: toIntegerText(rank.level, 'rank.level'),
    neededLots: toUint64(rank.neededLots, 'rank.neededLots'),
  };
}

/** Throws CodecError. */
export function rankFromMessage(message: DeleverageRankMessage | undefined): DeleverageRank {
  const rank = known(message, 'rank');
  return {
    rule: fromDeleverageRule(rank.rule, 'rank.rule'),
    place: fromUint64(rank.place, 'rank.place'),
    candidates: fromUint64(rank.candidates, 'rank.candidates'),
    sizeLots: fromSint64(rank.sizeLots, 'rank.sizeLots'),
    entryNotionalAtoms: fromSint64(rank.entryNotionalAtoms, 'rank.entryNotionalAtoms'),
    unrealisedAtoms: fromSint64(rank.unrealisedAtoms, 'rank.unrealisedAtoms'),
    equityAtoms: fromSint64(rank.equityAtoms, 'rank.equityAtoms'),
    notionalAtoms: fromSint64(rank.notionalAtoms, 'rank.notionalAtoms'),
    hedgedLots: fromUint64(rank.hedgedLots, 'rank.hedgedLots'),
    score: fromIntegerText(rank.score, 'rank.score'),
    level: fromIntegerText(rank.level, 'rank.level'),
    neededLots: fromUint64(rank.neededLots, 'rank.neededLots'),
  };
}

function figuresToMessage(figures: MarginFigures): MarginFiguresMessage {
  return {
    $typeName: 'keel.v1.MarginFigures',
    equityAtoms: toSint64(figures.equityAtoms, 'equityAtoms'),
    initialMarginAtoms: toSint64(figures.initialMarginAtoms, 'initialMarginAtoms'),
    maintenanceMarginAtoms: toSint64(figures.maintenanceMarginAtoms, 'maintenanceMarginAtoms'),
  };
}

function figuresFromMessage(message: MarginFiguresMessage | undefined, field: string): MarginFigures {
  const figures = known(message, field);
  return {
    equityAtoms: fromSint64(figures.equityAtoms, `${field}.equityAtoms`),
    initialMarginAtoms: fromSint64(figures.initialMarginAtoms, `${field}.initialMarginAtoms`),
    maintenanceMarginAtoms: fromSint64(figures.maintenanceMarginAtoms, `${field}.maintenanceMarginAtoms`),
  };
}

function marketToMessage(market: CertifiedMarket): CertifiedMarketMessage {
  return {
    $typeName: 'keel.v1.CertifiedMarket',
    marketId: toUint32(market.marketId, 'market.marketId'),
    symbol: toText(market.symbol, SYMBOL_CHARACTERS_MAX, 'market.symbol'),
    priceDecimals: toUint32(market.priceDecimals, 'market.priceDecimals'),
    sizeDecimals: toUint32(market.sizeDecimals, 'market.sizeDecimals'),
    atomsPerTickLot: toUint64(market.atomsPerTickLot, 'market.atomsPerTickLot'),
    maxPriceTicks: toUint64(market.maxPriceTicks, 'market.maxPriceTicks'),
    initialMarginPpm: toUint32(market.initialMarginPpm, 'market.initialMarginPpm'),
    maintenanceMarginPpm: toUint32(market.maintenanceMarginPpm, 'market.maintenanceMarginPpm'),
    marginTiers: marginTiersToMessages(market.marginTiers),
    openInterestLowerAtoms: toUint64(market.openInterestLowerAtoms, 'market.openInterestLowerAtoms'),
    openInterestUpperAtoms: toUint64(market.openInterestUpperAtoms, 'market.openInterestUpperAtoms'),
    marketSlippagePpm: toUint32(market.marketSlippagePpm, 'market.marketSlippagePpm'),
    markBandPpm: toUint32(market.markBandPpm, 'market.markBandPpm'),
    liquidationFeePpm: toUint32(market.liquidationFeePpm, 'market.liquidationFeePpm'),
    deleverageRule: DELEVERAGE_RULE_NUMBERS[market.deleverageRule],
    openInterestLots: toUint64(market.openInterestLots, 'market.openInterestLots'),
    fundingIndex: toSint64(market.fundingIndex, 'market.fundingIndex'),
    markTicks: toUint64(market.markTicks, 'market.markTicks'),
    stableTicks: toUint64(market.stableTicks, 'market.stableTicks'),
    mark: markToMessage(market.mark),
    indexTimeMs: toUint64(market.indexTimeMs, 'market.indexTimeMs'),
    indexStaleMs: toUint64(market.indexStaleMs, 'market.indexStaleMs'),
    reports: reportsToMessages(market.reports),
  };
}

function marketFromMessage(market: CertifiedMarketMessage): CertifiedMarket {
  return {
    marketId: toMarketId(market.marketId),
    symbol: fromText(market.symbol, SYMBOL_CHARACTERS_MAX, 'market.symbol'),
    priceDecimals: market.priceDecimals,
    sizeDecimals: market.sizeDecimals,
    atomsPerTickLot: fromUint64(market.atomsPerTickLot, 'market.atomsPerTickLot'),
    maxPriceTicks: fromUint64(market.maxPriceTicks, 'market.maxPriceTicks'),
    initialMarginPpm: market.initialMarginPpm,
    maintenanceMarginPpm: market.maintenanceMarginPpm,
    marginTiers: marginTiersFromMessages(market.marginTiers),
    openInterestLowerAtoms: fromUint64(market.openInterestLowerAtoms, 'market.openInterestLowerAtoms'),
    openInterestUpperAtoms: fromUint64(market.openInterestUpperAtoms, 'market.openInterestUpperAtoms'),
    marketSlippagePpm: market.marketSlippagePpm,
    markBandPpm: market.markBandPpm,
    liquidationFeePpm: market.liquidationFeePpm,
    deleverageRule: fromDeleverageRule(market.deleverageRule, 'market.deleverageRule'),
    openInterestLots: fromUint64(market.openInterestLots, 'market.openInterestLots'),
    fundingIndex: fromSint64(market.fundingIndex, 'market.fundingIndex'),
    markTicks: fromUint64(market.markTicks, 'market.markTicks'),
    stableTicks: fromUint64(market.stableTicks, 'market.stableTicks'),
    mark: markFromMessage(market.mark),
    indexTimeMs: fromUint64(market.indexTimeMs, 'market.indexTimeMs'),
    indexStaleMs: fromUint64(market.indexStaleMs, 'market.indexStaleMs'),
    reports: reportsFromMessages(market.reports),
  };
}

function positionToMessage(position: CertifiedPosition): CertifiedPositionMessage {
  return {
    $typeName: 'keel.v1.CertifiedPosition',
    marketId: toUint32(position.marketId, 'position.marketId'),
    sizeLots: toSint64(position.sizeLots, 'position.sizeLots'),
    entryNotionalAtoms: toSint64(position.entryNotionalAtoms, 'position.entryNotionalAtoms'),
    fundingIndex: toSint64(position.fundingIndex, 'position.fundingIndex'),
    leverage: toUint64(position.leverage, 'position.leverage'),
  };
}

function positionFromMessage(position: CertifiedPositionMessage): CertifiedPosition {
  return {
    marketId: toMarketId(position.marketId),
    sizeLots: fromSint64(position.sizeLots, 'position.sizeLots'),
    entryNotionalAtoms: fromSint64(position.entryNotionalAtoms, 'position.entryNotionalAtoms'),
    fundingIndex: fromSint64(position.fundingIndex, 'position.fundingIndex'),
    leverage: fromUint64(position.leverage, 'position.leverage'),
  };
}

function balanceToMessage(balance: CertifiedBalance): CertifiedBalanceMessage {
  return {
    $typeName: 'keel.v1.CertifiedBalance',
    assetId: toUint32(balance.assetId, 'balance.assetId'),
    symbol: toText(balance.symbol, SYMBOL_CHARACTERS_MAX, 'balance.symbol'),
    amountAtoms: toUint64(balance.amountAtoms, 'balance.amountAtoms'),
    decimals: toUint32(balance.decimals, 'balance.decimals'),
    priceDecimals: toUint32(balance.priceDecimals, 'balance.priceDecimals'),
    haircutPpm: toUint32(balance.haircutPpm, 'balance.haircutPpm'),
    priceTicks: toUint64(balance.priceTicks, 'balance.priceTicks'),
    priceStaleMs: toUint64(balance.priceStaleMs, 'balance.priceStaleMs'),
    reports: reportsToMessages(balance.reports),
  };
}

function balanceFromMessage(balance: CertifiedBalanceMessage): CertifiedBalance {
  return {
    assetId: toAssetId(balance.assetId),
    symbol: fromText(balance.symbol, SYMBOL_CHARACTERS_MAX, 'balance.symbol'),
    amountAtoms: fromUint64(balance.amountAtoms, 'balance.amountAtoms'),
    decimals: balance.decimals,
    priceDecimals: balance.priceDecimals,
    haircutPpm: balance.haircutPpm,
    priceTicks: fromUint64(balance.priceTicks, 'balance.priceTicks'),
    priceStaleMs: fromUint64(balance.priceStaleMs, 'balance.priceStaleMs'),
    reports: reportsFromMessages(balance.reports),
  };
}

function markToMessage(mark: MarkInputs): MarkInputsMessage {
  return {
    $typeName: 'keel.v1.MarkInputs',
    indexTicks: toUint64(mark.indexTicks, 'mark.indexTicks'),
    basisEmaMilli: toSint64(mark.basisEmaMilli, 'mark.basisEmaMilli'),
    medianEmaMilli: toSint64(mark.medianEmaMilli, 'mark.medianEmaMilli'),
    bidTicks: toUint64(mark.bidTicks, 'mark.bidTicks'),
    askTicks: toUint64(mark.askTicks, 'mark.askTicks'),
    lastTicks: toUint64(mark.lastTicks, 'mark.lastTicks'),
    perpTicks: toUint64(mark.perpTicks, 'mark.perpTicks'),
  };
}

function markFromMessage(message: MarkInputsMessage | undefined): MarkInputs {
  const mark = known(message, 'mark');
  return {
    indexTicks: fromUint64(mark.indexTicks, 'mark.indexTicks'),
    basisEmaMilli: fromSint64(mark.basisEmaMilli, 'mark.basisEmaMilli'),
    medianEmaMilli: fromSint64(mark.medianEmaMilli, 'mark.medianEmaMilli'),
    bidTicks: fromUint64(mark.bidTicks, 'mark.bidTicks'),
    askTicks: fromUint64(mark.askTicks, 'mark.askTicks'),
    lastTicks: fromUint64(mark.lastTicks, 'mark.lastTicks'),
    perpTicks: fromUint64(mark.perpTicks, 'mark.perpTicks'),
  };
}
