import type { PriceTicks } from '@keel/types';
import { ONE_FEEDER, reportOf } from '../../oneFeeder.ts';
import { CheckedExchange } from './checkedExchange.ts';
import { Liquidators } from './liquidators.ts';
import { Makers } from './makers.ts';
import type { Minute } from './readRecording.ts';
import { Tally } from './tally.ts';
import { Traders } from './traders.ts';
import { weakAccounts } from './waits.ts';
import {
  BACKSTOP_ATOMS,
  INSURANCE_ATOMS,
  MARKET,
  USDT,
  USDT_COLLATERAL,
  WEEK_MARKET,
  type WeekTerms,
} from './weekTerms.ts';

/** A minute is played in four steps, one for each price of its candle. */
const STEP_MS = 15_000;
const SECOND_MS = 1_000;

export interface PlayedWeek {
  readonly exchange: CheckedExchange;
  readonly tally: Tally;
}

/**
 * Plays recorded minutes through the engine. Each step: makers quote around the new price, it becomes the index, liquidators sell what
 * they hold and look at auctions; while anybody is under maintenance, seconds are played one by one. Traders come and go at
 * a minute's last step.
 */
export function playWeek(
  minutes: readonly Minute[],
  terms: WeekTerms,
  onMinute: (minute: number, played: PlayedWeek) => void = () => undefined,
): PlayedWeek {
  const exchange = new CheckedExchange();
  const [first] = minutes;
  // The first quotes need a price.
  exchange.timeMs = first!.openTimeMs - SECOND_MS;
  const hasUsdt = minutes.some(({ pegCloseTicks }) => pegCloseTicks !== 0);
  const makers = new Makers(exchange);
  const liquidators = new Liquidators(exchange);
  const traders = new Traders(exchange, terms, minutes.length, hasUsdt);
  exchange.must(ONE_FEEDER);
  exchange.must({ kind: 'listMarket', spec: WEEK_MARKET });
  exchange.must({ kind: 'listCollateral', spec: USDT_COLLATERAL });
  makers.fund();
  exchange.fund('insurance', INSURANCE_ATOMS);
  exchange.fund('backstop', BACKSTOP_ATOMS);
  liquidators.fund();
  setPrice(exchange, first!.pathTicks[0]!);
  exchange.timeMs = first!.openTimeMs;
  const tally = new Tally(exchange.state, exchange.timeMs);
  traders.onVisit = tally.peer.onVisit;
  exchange.listen = tally.add;

  for (const [place, minute] of minutes.entries()) {
    tally.onLiquidationEnded = (accountId) => traders.onLiquidationEnded(place, accountId);
    // Makers remember the minute before, and feel the one that comes.
    const rangePpm = Math.max(minute.rangePpm, minutes[place - 1]?.rangePpm ?? 0);
    const lastStep = minute.pathTicks.length - 1;
    for (const [step, priceTicks] of minute.pathTicks.entries()) {
      exchange.timeMs = Math.max(exchange.timeMs, minute.openTimeMs + step * STEP_MS);
      makers.quote(priceTicks, rangePpm);
      setPrice(exchange, priceTicks);
      if (step === 0) setUsdt(exchange, minute.pegOpenTicks);
      if (step === lastStep) setUsdt(exchange, minute.pegCloseTicks);
      liquidators.unwind();
      if (step === lastStep) traders.act(place, priceTicks, minute.pegCloseTicks);
      playSeconds(exchange, liquidators, exchange.timeMs + STEP_MS - SECOND_MS);
    }
    onMinute(place + 1, { exchange, tally });
  }
  return { exchange, tally };
}

/** Second by second for as long as somebody is under maintenance, and no longer than to this moment. */
function playSeconds(exchange: CheckedExchange, liquidators: Liquidators, untilMs: number): void {
  for (;;) {
    liquidators.takeAuctions();
    if (exchange.timeMs >= untilMs || weakAccounts(exchange.state).size === 0) return;
    exchange.timeMs += SECOND_MS;
    exchange.run({ kind: 'advanceTime' });
  }
}

function setPrice(exchange: CheckedExchange, priceTicks: PriceTicks): void {
  exchange.run({ kind: 'updateIndexPrice', marketId: MARKET, reports: reportOf(priceTicks, exchange.timeMs) });
}

function setUsdt(exchange: CheckedExchange, priceTicks: PriceTicks | 0): void {
  if (priceTicks === 0) return;
  exchange.run({ kind: 'updateCollateralPrice', assetId: USDT, reports: reportOf(priceTicks, exchange.timeMs) });
}
