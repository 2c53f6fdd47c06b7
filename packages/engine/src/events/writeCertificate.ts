import type {
  Certificate,
  CertifiedBalance,
  CertifiedMarket,
  CertifiedPosition,
  DeleverageRank,
  MarginFigures,
  PriceFeeder,
  PriceReport,
} from '@keel/types';
import {
  type EventBytes,
  reserve,
  writeAddress,
  writeByte,
  writeInteger,
  writeSide,
  writeText,
  writeTruth,
} from './eventBytes.ts';
import { CLOSE_OUT_STAGE, DELEVERAGE_RULE } from './eventWords.ts';
import { writeTiers } from './writeSpec.ts';

export function writeCertificate(into: EventBytes, certificate: Certificate): void {
  writeInteger(into, certificate.certificateId);
  writeInteger(into, certificate.sequence);
  writeInteger(into, certificate.timeMs);
  writeByte(into, CLOSE_OUT_STAGE[certificate.stage]);
  writeInteger(into, certificate.liquidationId);
  writeInteger(into, certificate.auctionId);
  writeInteger(into, certificate.accountId);
  writeAddress(into, certificate.owner);
  writeInteger(into, certificate.subaccount);
  writeInteger(into, certificate.marketId);
  writeSide(into, certificate.side);
  writeInteger(into, certificate.sizeLots);
  writeInteger(into, certificate.filledLots);
  writeInteger(into, certificate.quoteAtoms);
  writeInteger(into, certificate.feeAtoms);
  writeInteger(into, certificate.insuranceAtoms);
  writeInteger(into, certificate.insuranceFundAtoms);
  writeInteger(into, certificate.limitTicks);
  writeInteger(into, certificate.fillableTicks);
  writeInteger(into, certificate.zeroTicks);
  writeInteger(into, certificate.zeroQuoteAtoms);
  writeInteger(into, certificate.elapsedMs);
  writeInteger(into, certificate.counterpartyId);
  writeInteger(into, certificate.collateralAtoms);
  writeByte(into, certificate.balances.length);
  for (const balance of certificate.balances) writeBalance(into, balance);
  writeByte(into, certificate.positions.length);
  for (const position of certificate.positions) writePosition(into, position);
  writeByte(into, certificate.markets.length);
  for (const market of certificate.markets) writeCertifiedMarket(into, market);
  writeFeeders(into, certificate.feeders);
  writeFigures(into, certificate.before);
  writeFigures(into, certificate.after);
  writeTruth(into, certificate.rank !== undefined);
  if (certificate.rank !== undefined) writeRank(into, certificate.rank);
}

function writeBalance(into: EventBytes, balance: CertifiedBalance): void {
  reserve(into);
  writeInteger(into, balance.assetId);
  writeText(into, balance.symbol);
  writeInteger(into, balance.amountAtoms);
  writeInteger(into, balance.decimals);
  writeInteger(into, balance.priceDecimals);
  writeInteger(into, balance.haircutPpm);
  writeInteger(into, balance.priceTicks);
  writeInteger(into, balance.priceStaleMs);
  writeReports(into, balance.reports);
}

function writePosition(into: EventBytes, position: CertifiedPosition): void {
  reserve(into);
  writeInteger(into, position.marketId);
  writeInteger(into, position.sizeLots);
  writeInteger(into, position.entryNotionalAtoms);
  writeInteger(into, position.fundingIndex);
  writeInteger(into, position.leverage);
}

function writeCertifiedMarket(into: EventBytes, market: CertifiedMarket): void {
  reserve(into);
  writeInteger(into, market.marketId);
  writeText(into, market.symbol);
  writeInteger(into, market.priceDecimals);
  writeInteger(into, market.sizeDecimals);
  writeInteger(into, market.atomsPerTickLot);
  writeInteger(into, market.maxPriceTicks);
  writeInteger(into, market.initialMarginPpm);
  writeInteger(into, market.maintenanceMarginPpm);
  writeTiers(into, market.marginTiers);
  writeInteger(into, market.openInterestLowerAtoms);
  writeInteger(into, market.openInterestUpperAtoms);
  writeInteger(into, market.marketSlippagePpm);
  writeInteger(into, market.markBandPpm);
  writeInteger(into, market.liquidationFeePpm);
  writeByte(into, DELEVERAGE_RULE[market.deleverageRule]);
  writeInteger(into, market.openInterestLots);
  writeInteger(into, market.fundingIndex);
  writeInteger(into, market.markTicks);
  writeInteger(into, market.stableTicks);
  writeInteger(into, market.mark.indexTicks);
  writeInteger(into, market.mark.basisEmaMilli);
  writeInteger(into, market.mark.medianEmaMilli);
  writeInteger(into, market.mark.bidTicks);
  writeInteger(into, market.mark.askTicks);
  writeInteger(into, market.mark.lastTicks);
  writeInteger(into, market.mark.perpTicks);
  writeInteger(into, market.indexTimeMs);
  writeInteger(into, market.indexStaleMs);
  writeReports(into, market.reports);
}

function writeReports(into: EventBytes, reports: readonly PriceReport[]): void {
  writeByte(into, reports.length);
  for (const report of reports) {
    reserve(into);
    writeAddress(into, report.feeder);
    writeInteger(into, report.priceTicks);
    writeInteger(into, report.perpTicks);
    writeInteger(into, report.publishTimeMs);
    writeInteger(into, report.reportSequence);
    writeText(into, report.signature);
  }
  // What follows a list has room as if it stood alone.
  reserve(into);
}

function writeFeeders(into: EventBytes, feeders: readonly PriceFeeder[]): void {
  writeByte(into, feeders.length);
  for (const { feeder, weight } of feeders) {
    reserve(into);
    writeAddress(into, feeder);
    writeInteger(into, weight);
  }
  reserve(into);
}

function writeFigures(into: EventBytes, figures: MarginFigures): void {
  writeInteger(into, figures.equityAtoms);
  writeInteger(into, figures.initialMarginAtoms);
  writeInteger(into, figures.maintenanceMarginAtoms);
}

export function writeRank(into: EventBytes, rank: DeleverageRank): void {
  writeByte(into, DELEVERAGE_RULE[rank.rule]);
  writeInteger(into, rank.place);
  writeInteger(into, rank.candidates);
  writeInteger(into, rank.sizeLots);
  writeInteger(into, rank.entryNotionalAtoms);
  writeInteger(into, rank.unrealisedAtoms);
  writeInteger(into, rank.equityAtoms);
  writeInteger(into, rank.notionalAtoms);
  writeInteger(into, rank.hedgedLots);
  writeText(into, rank.score);
  writeText(into, rank.level);
  writeInteger(into, rank.neededLots);
}
