import { divCeil, divFloor, PPM, type Side } from '@keel/types';
import { between, oneOf, type Random } from '../createRandom.ts';
import { lotsWorth, type MarketView } from '../marketView.ts';

/** Worst distance from mark that a taker pays. */
const SLIPPAGE_PPM = 3_000;
/** Part of the market's highest leverage: all of it would leave nothing for the fee and the loss of crossing. */
const LEVERAGE_LOW = 0.75;
const LEVERAGE_HIGH = 0.88;
const HOLD_MS_LOW = 60_000;
const HOLD_MS_HIGH = 180_000;

/** With less than this a liquidation has left too little to watch: the rest is closed and money deposited anew. */
const GIVE_UP_ATOMS = 400_000_000;

/** What a leveraged taker remembers between turns; all of it may be lost. */
export interface LeveragedMemory {
  /** Positions are closed after this; 0 = not seen one yet. */
  holdUntilMs: number;
  /** Factor on leverage, lowered when the exchange says that margin does not suffice. */
  caution: number;
}

export interface TakerFacts {
  readonly equityAtoms: number;
  /** Signed lots by market. */
  readonly positionLots: ReadonlyMap<string, number>;
  /** Open markets that have an index price. */
  readonly markets: readonly MarketView[];
  readonly nowMs: number;
}

export type TakerMove =
  | { readonly kind: 'wait' }
  | {
      readonly kind: 'trade';
      readonly market: MarketView;
      readonly side: Side;
      readonly priceTicks: number;
      readonly sizeLots: number;
      readonly reduceOnly: boolean;
    };

/** Opens one position near the highest leverage, holds it for a minute or three, closes what is left of it then. */
export function decideLeveraged(facts: TakerFacts, memory: LeveragedMemory, random: Random): TakerMove {
  const [held] = facts.positionLots;
  if (held !== undefined) {
    const market = facts.markets.find(({ symbol }) => symbol === held[0]);
    if (memory.holdUntilMs === 0) memory.holdUntilMs = facts.nowMs + between(random, HOLD_MS_LOW, HOLD_MS_HIGH);
    const over = facts.nowMs >= memory.holdUntilMs || facts.equityAtoms < GIVE_UP_ATOMS;
    if (market === undefined || !over) return { kind: 'wait' };
    return trade(market, held[1] > 0 ? 'sell' : 'buy', Math.abs(held[1]), true);
  }
  memory.holdUntilMs = 0;
  if (facts.markets.length === 0 || facts.equityAtoms <= 0) return { kind: 'wait' };
  const market = oneOf(random, facts.markets);
  const side = random() < 0.5 ? 'buy' : 'sell';
  const leverage = market.maxLeverage * between(random, LEVERAGE_LOW, LEVERAGE_HIGH) * memory.caution;
  return trade(market, side, lotsWorth(market, facts.equityAtoms * leverage, market.markTicks), false);
}

/** An immediate order at mark plus or minus the slippage a taker bears. */
export function trade(market: MarketView, side: Side, sizeLots: number, reduceOnly: boolean): TakerMove {
  const priceTicks =
    side === 'buy'
      ? divFloor(market.markTicks * (PPM + SLIPPAGE_PPM), PPM)
      : divCeil(market.markTicks * (PPM - SLIPPAGE_PPM), PPM);
  if (market.markTicks <= 0 || sizeLots <= 0) return { kind: 'wait' };
  return { kind: 'trade', market, side, priceTicks, sizeLots, reduceOnly };
}
