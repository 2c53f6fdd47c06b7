import { PRICE_FEEDERS_MAX, REPORT_DEVIATION_PPM, REPORT_FUTURE_MS, REPORT_STALE_MS } from './limits.ts';
import type { PriceFeeder, PriceReport } from './price.ts';
import { REJECT_CODES, type RejectCode } from './rejectCode.ts';
import { divFloor, mulDivFloor, PPM, type PriceTicks, type TimeMs } from './units.ts';

/** What the feeders are asked about: one price, at one moment. */
export interface PriceQuestion {
  /** Ascending by address. */
  readonly feeders: readonly PriceFeeder[];
  readonly reports: readonly PriceReport[];
  readonly nowMs: TimeMs;
  /** Highest price that the market or asset may have. */
  readonly maxPriceTicks: PriceTicks;
  /** How old the market's price may be; a report may be as old, or REPORT_STALE_MS old when that is longer. */
  readonly staleMs: TimeMs;
  /** The reports that the last price was agreed from, and its time; none and 0 = there was no price. */
  readonly lastReports: readonly PriceReport[];
  readonly lastPublishTimeMs: TimeMs;
}

export interface AgreedPrice {
  readonly priceTicks: PriceTicks;
  /** 0 = no quorum of the counted reports has one. */
  readonly perpTicks: PriceTicks | 0;
  /** A quorum of the reports that counted is at least so new; see `agreedTimeMs`. */
  readonly publishTimeMs: TimeMs;
  /** Ascending by feeder. */
  readonly counted: readonly PriceReport[];
  /** Sound reports of feeders that were too old, too far ahead or too far from the others. */
  readonly dropped: readonly PriceReport[];
}

/** Heads that must agree: more than two thirds of the set. */
export function quorumOf(feeders: number): number {
  return divFloor(2 * feeders, 3) + 1;
}

/**
 * The price that a quorum of the feeders agrees on: the weighted median of the reports that are neither old nor far from
 * the plain median of the others. Integers are compared, none is divided, so nothing is rounded but the 5 % bound (down).
 * @returns the reason why there is none, first fault first: a price out of range or a report that was there before refuse
 * the whole, so that nobody can hide either behind the others.
 */
export function agreePrice(question: PriceQuestion): AgreedPrice | RejectCode {
  const { feeders, reports } = question;
  const fault = faultOf(question);
  if (fault !== undefined) return fault;
  const quorum = quorumOf(feeders.length);

  const timely = reports.filter((report) => isTimely(question, report));
  const middleTicks = lowerMedian(timely);
  const counted = timely.filter(({ priceTicks }) => isNear(priceTicks, middleTicks));
  if (counted.length < quorum) return REJECT_CODES.PRICE_QUORUM_MISSING;
  const publishTimeMs = agreedTimeMs(feeders, counted);
  if (publishTimeMs <= question.lastPublishTimeMs) return REJECT_CODES.INDEX_PRICE_OUTDATED;

  return {
    ...weighReports(feeders, counted),
    publishTimeMs,
    counted,
    dropped: reports.filter((report) => !counted.includes(report)),
  };
}

/**
 * The time of reports that count, a quorum at least: that of the newest but for as many as a quorum needs with it. So no
 * single feeder can make a price old by stamping its own reports back, nor new by stamping them ahead.
 */
export function agreedTimeMs(feeders: readonly PriceFeeder[], counted: readonly PriceReport[]): TimeMs {
  const newestFirst = counted.map(({ publishTimeMs }) => publishTimeMs).sort((a, b) => b - a);
  return newestFirst[quorumOf(feeders.length) - 1] ?? 0;
}

/**
 * The price of reports that count: their weighted median. Of perpetual futures only when a quorum of the feeders has one,
 * else 0.
 */
export function weighReports(
  feeders: readonly PriceFeeder[],
  counted: readonly PriceReport[],
): Pick<AgreedPrice, 'priceTicks' | 'perpTicks'> {
  const weighed = counted.map((report) => ({ ...report, weight: weightOf(feeders, report) }));
  const perps = weighed.filter(({ perpTicks }) => perpTicks > 0);
  const hasPerp = perps.length >= quorumOf(feeders.length);
  return {
    priceTicks: weightedMedian(weighed.map(({ priceTicks, weight }) => ({ ticks: priceTicks, weight }))),
    perpTicks: hasPerp ? weightedMedian(perps.map(({ perpTicks, weight }) => ({ ticks: perpTicks, weight }))) : 0,
  };
}

/** Faults of the reports as they stand. What concerns a single report comes before what concerns them together. */
function faultOf({ feeders, reports, maxPriceTicks, lastReports }: PriceQuestion): RejectCode | undefined {
  for (const { priceTicks, perpTicks } of reports) {
    if (!isWhole(priceTicks, 1, maxPriceTicks) || !isWhole(perpTicks, 0, maxPriceTicks)) {
      return REJECT_CODES.INDEX_PRICE_OUT_OF_RANGE;
    }
  }
  for (const { feeder, reportSequence } of reports) {
    const last = lastReports.find((report) => report.feeder === feeder);
    if (last !== undefined && reportSequence <= last.reportSequence) return REJECT_CODES.INDEX_PRICE_OUTDATED;
  }
  if (reports.length > PRICE_FEEDERS_MAX) return REJECT_CODES.PRICE_REPORTS_MALFORMED;
  for (const [place, { feeder, publishTimeMs, reportSequence }] of reports.entries()) {
    const ascends = place === 0 || reports[place - 1]!.feeder < feeder;
    const counts =
      isWhole(publishTimeMs, 0, Number.MAX_SAFE_INTEGER) && isWhole(reportSequence, 0, Number.MAX_SAFE_INTEGER);
    if (!ascends || !counts) return REJECT_CODES.PRICE_REPORTS_MALFORMED;
  }
  const known = reports.every((report) => feeders.some(({ feeder }) => feeder === report.feeder));
  return known ? undefined : REJECT_CODES.PRICE_FEEDER_UNKNOWN;
}

function isWhole(value: number, lowest: number, highest: number): boolean {
  return Number.isSafeInteger(value) && value >= lowest && value <= highest;
}

function isTimely({ nowMs, staleMs }: PriceQuestion, { publishTimeMs }: PriceReport): boolean {
  return publishTimeMs >= nowMs - Math.max(REPORT_STALE_MS, staleMs) && publishTimeMs <= nowMs + REPORT_FUTURE_MS;
}

/** The middle price, the lower of two middle ones; 0 of none. */
function lowerMedian(reports: readonly PriceReport[]): PriceTicks {
  const ascending = reports.map(({ priceTicks }) => priceTicks).sort((a, b) => a - b);
  return ascending[divFloor(ascending.length - 1, 2)] ?? 0;
}

function isNear(priceTicks: PriceTicks, middleTicks: PriceTicks): boolean {
  return Math.abs(priceTicks - middleTicks) <= mulDivFloor(middleTicks, REPORT_DEVIATION_PPM, PPM);
}

function weightOf(feeders: readonly PriceFeeder[], { feeder }: PriceReport): number {
  return feeders.find((each) => each.feeder === feeder)?.weight ?? 0;
}

/** The lowest price at which the weights up to it reach half of all. */
function weightedMedian(prices: { ticks: PriceTicks; weight: number }[]): PriceTicks {
  prices.sort((a, b) => a.ticks - b.ticks);
  const total = prices.reduce((sum, { weight }) => sum + weight, 0);
  let reached = 0;
  for (const { ticks, weight } of prices) {
    reached += weight;
    if (2 * reached >= total) return ticks;
  }
  return 0;
}
