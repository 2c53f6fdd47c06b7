import { backstopOwner } from '@keel/engine';
import {
  AUCTION_MS,
  type Certificate,
  type CertifiedMarket,
  CLOSE_OUT_BUFFER_PPM,
  CLOSE_OUT_SLIPPAGE_PPM,
  entryPriceTicks,
  formatDecimal,
  marginalMaintenancePpm,
  notionalAtoms,
  QUOTE_DECIMALS,
  type TimeMs,
  weaknessOf,
} from '@keel/types';
import type { VerifiedPrice } from './verifyCertificate.ts';

/** The decision for people, step by step, as the certificate tells it. Whether it is right is another question. */
export function explainCertificate(certificate: Certificate, prices: readonly VerifiedPrice[]): readonly string[] {
  const { markets, marketId } = certificate;
  const market = markets.find((each) => each.marketId === marketId);
  const head = headOf(certificate, market);
  if (market === undefined) return [...head, ...prices.flatMap(priceLines)];
  return [
    ...head,
    '',
    'Prices',
    ...prices.flatMap(priceLines),
    ...markets.map((each) => markLine(each, certificate.timeMs)),
    '',
    'Account',
    ...accountLines(certificate),
    '',
    'Why this stage',
    ...dueLines(certificate),
    '',
    'Size and price',
    ...sizeLines(certificate, market),
    ...limitLines(certificate, market),
    ...moneyLines(certificate, market),
    ...rankLines(certificate, market),
  ].map((line) => line.trimEnd());
}

function headOf(certificate: Certificate, market: CertifiedMarket | undefined): string[] {
  const { certificateId, sequence, timeMs, stage, side, filledLots, accountId, owner, subaccount } = certificate;
  const size = market === undefined ? `${filledLots} lots` : `${sizeText(market, filledLots)} ${market.symbol}`;
  const when = timeMs <= LATEST_MS ? new Date(timeMs).toISOString() : `${timeMs} ms`;
  return [
    `Certificate ${certificateId}: command ${sequence}, ${when}`,
    `  stage ${stage}: ${side} ${size} of account ${accountId} (${owner}/${subaccount}), liquidation ${certificate.liquidationId}`,
  ];
}

/** The last time that a date has a text for. */
const LATEST_MS = 8_640_000_000_000_000;

function priceLines({ feed, priceTicks, reports }: VerifiedPrice): string[] {
  const text = (ticks: number): string => formatDecimal(ticks, feed.priceDecimals);
  return [
    `  ${feed.name}: agreed median ${text(priceTicks)} of ${reports.length} reports`,
    ...reports.map(({ report, isSigned }) => {
      const perp = report.perpTicks === 0 ? '' : `, perpetuals ${text(report.perpTicks)}`;
      return `    ${report.feeder}: ${text(report.priceTicks)}${perp} at ${report.publishTimeMs} (${isSigned ? 'signed' : 'NOT ITS SIGNATURE'})`;
    }),
  ];
}

function markLine(market: CertifiedMarket, timeMs: TimeMs): string {
  const { bidTicks, askTicks, lastTicks } = market.mark;
  const book = [bidTicks, askTicks, lastTicks].map((ticks) => (ticks === 0 ? '-' : price(market, ticks))).join(', ');
  return `  ${market.symbol}: mark ${price(market, market.markTicks)} from the index, ${timeMs - market.indexTimeMs} ms old, and the book's bid, ask, last ${book}`;
}

function accountLines({ collateralAtoms, balances, positions, markets, before, after }: Certificate): string[] {
  const lines = [`  collateral ${usdc(collateralAtoms)} USDC`];
  for (const { symbol, amountAtoms, decimals, haircutPpm } of balances) {
    lines.push(`  and ${formatDecimal(amountAtoms, decimals)} ${symbol}, less ${percent(haircutPpm)}`);
  }
  for (const [place, { sizeLots, entryNotionalAtoms }] of positions.entries()) {
    const market = markets[place];
    if (market === undefined || sizeLots === 0) continue;
    const entry = price(market, entryPriceTicks(market, sizeLots, entryNotionalAtoms));
    lines.push(
      `  ${sizeLots > 0 ? 'long' : 'short'} ${sizeText(market, Math.abs(sizeLots))} ${market.symbol} from about ${entry}`,
    );
  }
  const row = (name: string, figures: typeof before): string =>
    `  ${name.padEnd(7)} equity ${usdc(figures.equityAtoms)}, initial margin ${usdc(figures.initialMarginAtoms)}, maintenance ${usdc(figures.maintenanceMarginAtoms)}`;
  return [...lines, row('before', before), row('after', after)];
}

/** The vault of a market is nobody's account; it is closed when its loss is what it may be. */
function isVault({ owner, marketId }: Certificate): boolean {
  return owner === backstopOwner(marketId);
}

function dueLines(certificate: Certificate): string[] {
  const { before, stage, auctionId, elapsedMs } = certificate;
  if (isVault(certificate)) {
    return ['  a backstop vault that has lost what it may, or is below maintenance, gives its position away'];
  }
  const { equityAtoms, maintenanceMarginAtoms } = before;
  const weakness = {
    partial: 'at least 2/3 of it: closed in part, in the book or by auction',
    backstopDue: 'less than 2/3 of it: the book at the zero price, then the backstop, then others',
    bankrupt: 'nothing: the insurance fund, then others',
  }[weaknessOf(equityAtoms, maintenanceMarginAtoms)];
  const lines = [`  equity ${usdc(equityAtoms)} against maintenance ${usdc(maintenanceMarginAtoms)} has ${weakness}`];
  if (auctionId > 0) lines.push(`  auction ${auctionId} had run ${elapsedMs} of ${AUCTION_MS} ms`);
  return [...lines, `  so the stage was ${stage}`];
}

function sizeLines({ positions, marketId, sizeLots, filledLots, before, stage }: Certificate, market: CertifiedMarket) {
  const held = Math.abs(positions.find((each) => each.marketId === marketId)?.sizeLots ?? 0);
  const filled = `  size ${sizeText(market, sizeLots)} of ${sizeText(market, held)}, of which ${sizeText(market, filledLots)} traded`;
  if (stage !== 'book' || before.equityAtoms < 0) return [filled];
  const rate = marginalMaintenancePpm(market, notionalAtoms(market, market.markTicks, held));
  const keptPpm = 1_000_000 + CLOSE_OUT_BUFFER_PPM;
  return [
    `  formula: ceil((${ratio(keptPpm)} * ${usdc(before.maintenanceMarginAtoms)} - ${usdc(before.equityAtoms)}) / (${price(market, market.markTicks)} * (${ratio(keptPpm)} * ${ratio(rate)} - ${ratio(market.liquidationFeePpm)} - ${ratio(CLOSE_OUT_SLIPPAGE_PPM)}))), whole below 1,000 USDC, a fifth above 100,000`,
    filled,
  ];
}

function limitLines(certificate: Certificate, market: CertifiedMarket): string[] {
  const { fillableTicks, zeroTicks, limitTicks, elapsedMs, stage, quoteAtoms, filledLots } = certificate;
  const walk = stage === 'auction' ? `, ${elapsedMs} of ${AUCTION_MS} ms on the way` : '';
  let ends = `  fillable ${price(market, fillableTicks)} to zero price ${price(market, zeroTicks)}${walk}`;
  if (isVault(certificate))
    ends = '  at mark, or where mark costs more than the vault may lose, at the price that costs just that';
  else if (zeroTicks === 0)
    ends = '  no price is as good as the zero price: the account owes more than the position is worth';
  const perTick = notionalAtoms(market, 1, filledLots);
  const average = perTick === 0 ? '-' : price(market, Math.round(Math.abs(quoteAtoms) / perTick));
  return [ends, `  limit ${price(market, limitTicks)}, traded at ${average} on average (${usdc(quoteAtoms)} USDC)`];
}

function moneyLines(
  { feeAtoms, zeroQuoteAtoms, quoteAtoms, insuranceAtoms, insuranceFundAtoms, counterpartyId }: Certificate,
  market: CertifiedMarket,
) {
  const other = counterpartyId === 0 ? 'orders of the book' : `account ${counterpartyId}`;
  const lines = [
    `  with ${other}`,
    `  fee ${usdc(feeAtoms)}: at most ${percent(market.liquidationFeePpm)}, and what ${usdc(quoteAtoms)} is above the zero quote ${usdc(zeroQuoteAtoms)}`,
  ];
  if (insuranceAtoms > 0) lines.push(`  insurance paid ${usdc(insuranceAtoms)} of ${usdc(insuranceFundAtoms)}`);
  return lines;
}

function rankLines({ rank }: Certificate, market: CertifiedMarket): string[] {
  if (rank === undefined) return [];
  const { rule, place, candidates, sizeLots, equityAtoms, notionalAtoms: notional, hedgedLots, score, level } = rank;
  return [
    '',
    'Who was deleveraged',
    `  place ${place} of ${candidates} by ${rule}: score ${score}${level === '0' ? '' : `, all brought down to ${level}`} (10^-9)`,
    `  ${sizeText(market, Math.abs(sizeLots))} held, ${sizeText(market, hedgedLots)} of it a hedge; equity ${usdc(equityAtoms)}, notional ${usdc(notional)}, unrealised ${usdc(rank.unrealisedAtoms)}`,
    `  ${sizeText(market, rank.neededLots)} had to go in all`,
  ];
}

function usdc(atoms: number): string {
  return formatDecimal(atoms, QUOTE_DECIMALS);
}

function price({ priceDecimals }: CertifiedMarket, ticks: number): string {
  return formatDecimal(ticks, priceDecimals);
}

function sizeText({ sizeDecimals }: CertifiedMarket, lots: number): string {
  return formatDecimal(lots, sizeDecimals);
}

function ratio(ppm: number): string {
  return formatDecimal(ppm, 6);
}

function percent(ppm: number): string {
  return `${formatDecimal(ppm, 4)} %`;
}
