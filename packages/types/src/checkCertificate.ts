import { agreedTimeMs, quorumOf, weighReports } from './agreePrice.ts';
import { AssertionError } from './assert.ts';
import type {
  Certificate,
  CertifiedBalance,
  CertifiedMarket,
  CertifiedPosition,
  DeleverageRank,
  MarginFigures,
  MarkInputs,
} from './certificate.ts';
import {
  AUCTION_MS,
  auctionLimitTicks,
  type CloseOutPosition,
  type CloseOutPrices,
  closeOutLots,
  closeOutPrices,
  liquidationFeeAtoms,
  markQuoteAtoms,
  quoteLimitTicks,
  weaknessOf,
  zeroQuoteAtoms,
} from './closeOut.ts';
import { collateralValueAtoms, isDust } from './collateral.ts';
import {
  initialMarginAtoms,
  type MarginPosition,
  maintenanceMarginAtoms,
  notionalAtoms,
  unrealisedAtoms,
} from './margin.ts';
import type { PriceReport } from './price.ts';
import { divFloor, mulDivCeil, mulDivFloor, PPM, type PriceTicks, type QuoteAtoms, type SizeLots } from './units.ts';
import { lotsAboveLevel, profitLeverageScore, profitNotionalScore, RANK_SCALE, scaledLeverage } from './waterFill.ts';

const MILLI = 1_000;
/** Addresses that nobody has the key of: those of backstop vaults. */
const VAULT_PREFIX = `0xb5${'0'.repeat(34)}`;

/** The certificate with what it says of the market that was closed. */
interface Case {
  readonly certificate: Certificate;
  readonly market: CertifiedMarket;
  readonly held: CertifiedPosition;
  readonly position: CloseOutPosition;
  /** Of what was asked for. */
  readonly prices: CloseOutPrices | undefined;
  /** A backstop vault that gave its position away: its stage is not that of an account. */
  readonly vault: boolean;
}

/**
 * Recomputes a forced trade from its certificate alone and returns what does not hold, each fault as `name: explanation`; none =
 * it holds. What it cannot see: whether the reports' signatures are their feeders' (recover and compare them), whether the
 * feeders and their weights are those of the exchange (its log says whom it set), and, where open interest scales initial
 * margin, what initial margin came to afterwards.
 */
export function checkCertificate(certificate: Certificate): readonly string[] {
  try {
    return faultsOf(certificate);
  } catch (error) {
    // Figures that no exchange has: not whole, or beyond the safe integers. Anything else is a fault of ours.
    const impossible = error instanceof AssertionError || error instanceof RangeError || error instanceof SyntaxError;
    if (!impossible) throw error;
    return [`figures: ${error.message}`];
  }
}

function faultsOf(certificate: Certificate): readonly string[] {
  const listed = checkLists(certificate);
  const market = certificate.markets.find(({ marketId }) => marketId === certificate.marketId);
  const held = certificate.positions.find(({ marketId }) => marketId === certificate.marketId);
  if (listed.length > 0 || market === undefined || held === undefined || held.sizeLots === 0) {
    return [...listed, 'market: the account had no position in the market that was closed'];
  }
  const priced = [
    ...checkFeeders(certificate),
    ...certificate.markets.flatMap((each) => checkPrice(certificate, each)),
    ...certificate.balances.flatMap((each) => checkBalance(certificate, each)),
    ...checkAges(certificate),
  ];
  const before = figuresOf(certificate, certificate.collateralAtoms, certificate.positions);
  const figures = compareFigures('before', certificate.before, before, false);
  if (figures.length > 0) return [...priced, ...figures];
  const subject = caseOf(certificate, market, held, before);
  if (subject === undefined) return [...priced, 'size: the trade is not a part of the position'];
  return [
    ...priced,
    ...checkDue(subject),
    ...checkSize(subject),
    ...checkTerms(subject),
    ...checkMoney(subject),
    ...checkAfter(subject),
    ...checkRank(subject),
  ];
}

function say(holds: boolean, fault: string): string[] {
  return holds ? [] : [fault];
}

/** Each market of the account stands once, and has a position, in order. */
function checkLists({ positions, markets, balances }: Certificate): string[] {
  const paired = positions.every(({ marketId }, place) => markets[place]?.marketId === marketId);
  const ascends = (ids: readonly number[]) => ids.every((id, place) => place === 0 || id > ids[place - 1]!);
  return [
    ...say(paired && positions.length === markets.length, 'market: positions and markets differ'),
    ...say(ascends(positions.map(({ marketId }) => marketId)), 'market: a market stands twice'),
    ...say(ascends(balances.map(({ assetId }) => assetId)), 'balance: an asset stands twice'),
  ];
}

/** The set of feeders has its one form: ascending, and everybody counts. */
function checkFeeders({ feeders }: Certificate): string[] {
  const ascends = feeders.every(({ feeder }, place) => place === 0 || feeder > feeders[place - 1]!.feeder);
  return say(ascends && feeders.every(({ weight }) => weight >= 1), 'feeders: one stands twice, or counts nothing');
}

/** The index is the one that its reports agree on, nobody was closed on an old one, and the mark follows from it. */
function checkPrice(certificate: Certificate, market: CertifiedMarket): string[] {
  const { symbol, mark, markTicks, markBandPpm, maxPriceTicks, indexTimeMs, indexStaleMs, reports } = market;
  const agreedMs = agreedTimeMs(certificate.feeders, reports);
  const { perpTicks } = weighReports(certificate.feeders, reports);
  return [
    ...checkReports(certificate, symbol, reports, mark.indexTicks),
    ...say(mark.perpTicks === perpTicks, `index: the perpetuals of ${symbol} come to ${perpTicks}`),
    ...say(indexTimeMs === agreedMs, `index: the reports of ${symbol} are of ${agreedMs}`),
    ...say(certificate.timeMs - indexTimeMs <= indexStaleMs, `stale: the index of ${symbol} was too old`),
    ...say(
      markTicks === markOf(mark, markBandPpm, maxPriceTicks),
      `mark: ${symbol} comes to ${markOf(mark, markBandPpm, maxPriceTicks)}, not ${markTicks}`,
    ),
  ];
}

/** The same of a collateral asset. A vault gives its position away whatever else it was given. */
function checkBalance(certificate: Certificate, balance: CertifiedBalance): string[] {
  const { symbol, priceTicks, reports } = balance;
  return isVault(certificate) ? [] : checkReports(certificate, symbol, reports, priceTicks);
}

/**
 * No collateral that matters had an old price. Under the first rules of the engine none had; since then one may that is next to
 * nothing, and the certificate does not say which rules were in force.
 */
function checkAges(certificate: Certificate): string[] {
  if (isVault(certificate)) return [];
  const { timeMs, feeders, balances } = certificate;
  const old = balances.filter(({ priceStaleMs, reports }) => timeMs - agreedTimeMs(feeders, reports) > priceStaleMs);
  const values = old.map((balance) => collateralValueAtoms(balance, balance.priceTicks, balance.amountAtoms));
  const oldAtoms = values.reduce((sum, atoms) => sum + atoms, 0);
  if (isDust(oldAtoms)) return [];
  return old.map(({ symbol }) => `stale: the price of ${symbol} was too old`);
}

/** A quorum of the feeders, each of them once, and their weighted median. */
function checkReports(
  { feeders }: Certificate,
  symbol: string,
  reports: readonly PriceReport[],
  ticks: PriceTicks,
): string[] {
  const distinct = reports.every(({ feeder }, place) => place === 0 || feeder > reports[place - 1]!.feeder);
  const known = reports.every((report) => feeders.some(({ feeder }) => feeder === report.feeder));
  const quorum = quorumOf(feeders.length);
  const { priceTicks } = weighReports(feeders, reports);
  return [
    ...say(distinct && known, `reports: a feeder of ${symbol} stands twice, or is none`),
    ...say(reports.length >= quorum, `reports: ${reports.length} for ${symbol}, and it takes ${quorum}`),
    ...say(ticks === priceTicks, `index: the reports for ${symbol} come to ${priceTicks}, not ${ticks}`),
  ];
}

function isVault({ owner }: Certificate): boolean {
  return owner.startsWith(VAULT_PREFIX);
}

/** The mark from its inputs: see `renewMark` of the engine. */
function markOf(mark: MarkInputs, bandPpm: number, maxPriceTicks: PriceTicks): PriceTicks {
  const { indexTicks, bidTicks, askTicks, lastTicks, perpTicks } = mark;
  const index = indexTicks * MILLI;
  const book = median(bidTicks || indexTicks, askTicks || indexTicks, lastTicks || indexTicks) * MILLI;
  const third = perpTicks > 0 ? perpTicks * MILLI : index + mark.medianEmaMilli;
  const ticks = divFloor(median(index + mark.basisEmaMilli, book, third), MILLI);
  const lowest = Math.max(1, mulDivCeil(indexTicks, PPM - bandPpm, PPM));
  const highest = Math.min(maxPriceTicks, mulDivFloor(indexTicks, PPM + bandPpm, PPM));
  return Math.min(Math.max(ticks, lowest), highest);
}

function median(a: number, b: number, c: number): number {
  return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
}

/** EQ, IMR and MMR of the account, at the certificate's prices. Its orders were closed before. */
function figuresOf(
  { balances, markets }: Certificate,
  collateralAtoms: QuoteAtoms,
  positions: readonly CertifiedPosition[],
): MarginFigures {
  const figures = { equityAtoms: collateralAtoms, initialMarginAtoms: 0, maintenanceMarginAtoms: 0 };
  for (const balance of balances) {
    figures.equityAtoms += collateralValueAtoms(balance, balance.priceTicks, balance.amountAtoms);
  }
  for (const [place, held] of positions.entries()) {
    if (held.sizeLots === 0) continue;
    const position = marginPosition(markets[place]!, held);
    figures.equityAtoms += unrealisedAtoms(position);
    figures.initialMarginAtoms += initialMarginAtoms(position);
    figures.maintenanceMarginAtoms += maintenanceMarginAtoms(position);
  }
  return figures;
}

function marginPosition(market: CertifiedMarket, held: CertifiedPosition): MarginPosition {
  return {
    spec: market,
    markTicks: market.markTicks,
    stableTicks: market.stableTicks,
    openInterestLots: market.openInterestLots,
    sizeLots: held.sizeLots,
    entryNotionalAtoms: held.entryNotionalAtoms,
    positionFundingIndex: held.fundingIndex,
    marketFundingIndex: market.fundingIndex,
    leverage: held.leverage,
    openOrders: [],
  };
}

function compareFigures(when: string, told: MarginFigures, own: MarginFigures, initialUnknown: boolean): string[] {
  const initial = initialUnknown || told.initialMarginAtoms === own.initialMarginAtoms;
  return [
    ...say(
      told.equityAtoms === own.equityAtoms,
      `${when}: equity comes to ${own.equityAtoms}, not ${told.equityAtoms}`,
    ),
    ...say(initial, `${when}: initial margin comes to ${own.initialMarginAtoms}, not ${told.initialMarginAtoms}`),
    ...say(
      told.maintenanceMarginAtoms === own.maintenanceMarginAtoms,
      `${when}: maintenance comes to ${own.maintenanceMarginAtoms}, not ${told.maintenanceMarginAtoms}`,
    ),
  ];
}

function caseOf(
  certificate: Certificate,
  market: CertifiedMarket,
  held: CertifiedPosition,
  before: MarginFigures,
): Case | undefined {
  const { sizeLots, filledLots } = certificate;
  const whole = Math.abs(held.sizeLots);
  const isPart = (lots: SizeLots, most: SizeLots) => Number.isSafeInteger(lots) && lots >= 1 && lots <= most;
  if (!isPart(filledLots, sizeLots) || !isPart(filledLots, whole)) return undefined;
  const position: CloseOutPosition = {
    spec: market,
    markTicks: market.markTicks,
    sizeLots: held.sizeLots,
    positionMaintenanceAtoms: maintenanceMarginAtoms(marginPosition(market, held)),
    equityAtoms: before.equityAtoms,
    maintenanceAtoms: before.maintenanceMarginAtoms,
  };
  const vault = isVault(certificate);
  const pricedLots = certificate.stage === 'deleverage' ? filledLots : sizeLots;
  return {
    certificate,
    market,
    held,
    position,
    prices: vault ? undefined : closeOutPrices(position, pricedLots),
    vault,
  };
}

/** The account was below maintenance, and so weak, or its auction so old, that this stage was due. */
function checkDue({ certificate, position, vault }: Case): string[] {
  const { stage, auctionId, elapsedMs, before } = certificate;
  if (vault) return say(stage === 'deleverage', 'stage: a vault is deleveraged, nothing else');
  const weakness = weaknessOf(position.equityAtoms, position.maintenanceAtoms);
  const auctionOver = auctionId > 0 && elapsedMs >= AUCTION_MS;
  const due = stage === 'auction' || stage === 'book' || weakness !== 'partial' || auctionOver;
  const named = stage === 'book' ? auctionId === 0 : stage !== 'auction' || auctionId > 0;
  return [
    ...say(
      before.equityAtoms < before.maintenanceMarginAtoms,
      `due: the account had ${before.equityAtoms} and needed ${before.maintenanceMarginAtoms}`,
    ),
    ...say(due && named, `stage: ${stage} was not due`),
    // An auction meets the book and liquidators alike.
    ...say(
      stage === 'auction' || (certificate.counterpartyId === 0) === (stage === 'book'),
      `counterparty: ${stage} with ${certificate.counterpartyId}`,
    ),
  ];
}

/** Side and size: against the position, and by the formula where the book was asked first. */
function checkSize({ certificate, market, held, position, vault }: Case): string[] {
  const { side, sizeLots, stage } = certificate;
  const whole = Math.abs(held.sizeLots);
  const faults = say(side === (held.sizeLots > 0 ? 'sell' : 'buy'), `side: ${side} does not close the position`);
  const partial = weaknessOf(position.equityAtoms, position.maintenanceAtoms) === 'partial';
  if (vault || stage !== 'book') return faults;
  const { equityAtoms, maintenanceAtoms, markTicks } = position;
  const due = partial ? closeOutLots(market, markTicks, whole, equityAtoms, maintenanceAtoms) : whole;
  return [...faults, ...say(sizeLots === due, `size: ${due} lots were to be closed, not ${sizeLots}`)];
}

/** Both ends of the limit, the limit itself, and that the trade kept to it. */
function checkTerms({ certificate, market, position, prices, vault }: Case): string[] {
  const { fillableTicks, zeroTicks, limitTicks, quoteAtoms, filledLots, zeroQuoteAtoms: told } = certificate;
  const faults: string[] = [];
  if (!vault) {
    const zero = zeroQuoteAtoms(position, filledLots);
    faults.push(
      ...say(told === zero, `zeroQuote: comes to ${zero}, not ${told}`),
      ...say(
        zeroTicks === (prices?.zeroTicks ?? 0) && fillableTicks === (prices?.fillableTicks ?? 0),
        `prices: from ${prices?.fillableTicks ?? 0} to ${prices?.zeroTicks ?? 0}, not ${fillableTicks} to ${zeroTicks}`,
      ),
    );
  }
  const limit = limitOf({ certificate, market, position, prices, vault });
  if (limit !== undefined) faults.push(...say(limitTicks === limit, `limit: comes to ${limit}, not ${limitTicks}`));
  const worst = notionalAtoms(market, limitTicks, position.sizeLots > 0 ? filledLots : -filledLots);
  const byLimit = certificate.stage === 'book' || certificate.stage === 'auction';
  const kept = byLimit ? quoteAtoms >= worst : true;
  faults.push(...say(kept, `quote: ${quoteAtoms} is worse than the limit's ${worst}`));
  return faults;
}

/** The limit that the stage asks for; undefined = it follows from the quote. */
function limitOf({ certificate, market, position, prices }: Omit<Case, 'held'>): PriceTicks | undefined {
  const { stage, elapsedMs, sizeLots } = certificate;
  const weakness = weaknessOf(position.equityAtoms, position.maintenanceAtoms);
  if (stage === 'deleverage') return undefined;
  if (stage === 'backstop') return weakness === 'bankrupt' ? market.markTicks : prices?.zeroTicks;
  if (stage === 'auction') return prices === undefined ? undefined : auctionLimitTicks(prices, elapsedMs);
  if (weakness === 'partial') return prices?.fillableTicks;
  if (weakness === 'backstopDue') return prices?.zeroTicks;
  // What the fund could add, never beyond the slippage cap.
  const affordable = quoteLimitTicks(
    position,
    sizeLots,
    zeroQuoteAtoms(position, sizeLots) - certificate.insuranceFundAtoms,
  );
  if (affordable === undefined) return undefined;
  const { markTicks, marketSlippagePpm, maxPriceTicks } = market;
  return position.sizeLots > 0
    ? Math.max(affordable, Math.max(1, mulDivCeil(markTicks, PPM - marketSlippagePpm, PPM)))
    : Math.min(affordable, Math.min(maxPriceTicks, mulDivFloor(markTicks, PPM + marketSlippagePpm, PPM)));
}

/** The quote of a stage without a book, the fee and what the insurance fund paid. */
function checkMoney({ certificate, market, position, vault }: Case): string[] {
  const { stage, quoteAtoms, zeroQuoteAtoms: zero, filledLots, feeAtoms, insuranceAtoms } = certificate;
  const bankrupt = position.equityAtoms < 0;
  const atMark = markQuoteAtoms(position, filledLots);
  const faults: string[] = [];
  if (vault) faults.push(...say(quoteAtoms >= atMark, `quote: the vault is never closed below mark, ${atMark}`));
  else if (stage === 'deleverage')
    faults.push(...say(quoteAtoms === zero, `quote: ${quoteAtoms} is not the zero quote`));
  else if (stage === 'backstop') {
    const due = bankrupt ? atMark : zero;
    faults.push(...say(quoteAtoms === due, `quote: the backstop takes for ${due}, not ${quoteAtoms}`));
  }
  const fee = vault ? 0 : liquidationFeeAtoms(market.liquidationFeePpm, quoteAtoms, zero);
  const insurance = vault ? 0 : Math.max(0, zero - quoteAtoms);
  faults.push(
    ...say(feeAtoms === fee, `fee: comes to ${fee}, not ${feeAtoms}`),
    ...say(insuranceAtoms === insurance, `insurance: comes to ${insurance}, not ${insuranceAtoms}`),
    ...say(insuranceAtoms <= certificate.insuranceFundAtoms + feeAtoms, 'insurance: the fund had less'),
  );
  return faults;
}

/** What the trade left: to the atom, and never a weaker account. */
function checkAfter({ certificate, market, held, position, vault }: Case): string[] {
  const { filledLots, quoteAtoms, feeAtoms, insuranceAtoms, before, after, positions } = certificate;
  const leftLots = held.sizeLots > 0 ? held.sizeLots - filledLots : held.sizeLots + filledLots;
  // The part of what was paid for the position that stays with it makes no difference to what all of it is worth.
  const left = { ...held, sizeLots: leftLots, fundingIndex: market.fundingIndex };
  const own = figuresOf(
    certificate,
    certificate.collateralAtoms,
    positions.map((each) => (each === held ? left : each)),
  );
  const equityAtoms =
    before.equityAtoms - markQuoteAtoms(position, filledLots) + quoteAtoms - feeAtoms + insuranceAtoms;
  const scaled = market.openInterestUpperAtoms > 0 && leftLots !== 0;
  const faults = compareFigures('after', after, { ...own, equityAtoms }, scaled);
  if (vault || before.equityAtoms < 0) return faults;
  // One atom of rounding in the requirement of each market.
  const product = BigInt(after.equityAtoms) * BigInt(before.maintenanceMarginAtoms);
  const rounding = BigInt(before.maintenanceMarginAtoms) * BigInt(positions.length);
  const kept = product + rounding >= BigInt(before.equityAtoms) * BigInt(after.maintenanceMarginAtoms);
  return [...faults, ...say(kept, 'ratio: equity fell against maintenance')];
}

/** A deleveraged account's receipt: its score follows from its inputs, and it gave no more than its rank asks for. */
function checkRank({ certificate, market, position }: Case): string[] {
  const { rank, stage } = certificate;
  if (stage !== 'deleverage') return say(rank === undefined, 'rank: nobody was deleveraged');
  if (rank === undefined) return ['rank: is missing'];
  const opposite = rank.sizeLots > 0 !== position.sizeLots > 0;
  const notional = notionalAtoms(market, market.markTicks, Math.abs(rank.sizeLots));
  const takenLots = Math.abs(rank.sizeLots) - rank.hedgedLots;
  const score = scoreOf(rank, notionalAtoms(market, market.markTicks, takenLots));
  return [
    ...say(rank.rule === market.deleverageRule, `rank: the market's rule is ${market.deleverageRule}`),
    ...say(opposite && rank.equityAtoms > 0, 'rank: no opposing position of an account with equity'),
    ...say(rank.notionalAtoms === notional, `rank: its notional comes to ${notional}`),
    ...say(rank.score === score.toString(), `rank: its score comes to ${score}, not ${rank.score}`),
    ...say(certificate.filledLots <= takenLots, 'rank: more than its lots that are not a hedge'),
    ...say(certificate.filledLots <= rank.neededLots, 'rank: more than was needed'),
    ...say(rank.place >= 1 && rank.place <= rank.candidates, 'rank: a place that does not exist'),
    ...checkLevel(certificate, rank, market),
  ];
}

/** Water-filling: the account was above the common level, and was taken no further down than it. */
function checkLevel({ filledLots }: Certificate, rank: DeleverageRank, market: CertifiedMarket): string[] {
  if (rank.rule !== 'waterFilling') return say(rank.level === '0', 'rank: only water-filling has a level');
  const takenAtoms = notionalAtoms(market, market.markTicks, Math.abs(rank.sizeLots) - rank.hedgedLots);
  const leveraged = { notionalAtoms: takenAtoms, equityAtoms: rank.equityAtoms };
  const lotAtoms = notionalAtoms(market, market.markTicks, 1);
  // The level is told rounded down, so this is at least what was asked for.
  const most = lotsAboveLevel(leveraged, { notional: BigInt(rank.level), equity: RANK_SCALE }, lotAtoms);
  return say(filledLots <= most, `level: ${most} lots bring it down to the others, not ${filledLots}`);
}

function scoreOf(rank: DeleverageRank, takenAtoms: QuoteAtoms): bigint {
  if (rank.rule === 'profitLeverage') return profitLeverageScore(rank);
  if (rank.rule === 'profitNotional') return profitNotionalScore(rank);
  return scaledLeverage({ notional: BigInt(takenAtoms), equity: BigInt(rank.equityAtoms) });
}
