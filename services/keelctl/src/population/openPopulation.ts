import {
  divFloor,
  type MarketSpec,
  mulDivCeil,
  mulDivFloor,
  PPM,
  type PriceTicks,
  type QuoteAtoms,
  type Side,
  type SizeLots,
} from '@keel/types';
import { ownerOf, Venue } from '../simulate/venue.ts';
import { plannedAtoms, planTraders, type TraderPlan } from './planTraders.ts';
import type { PopulationTerms } from './populationTerms.ts';
import { type SyntheticMarket, syntheticMarket } from './syntheticMarket.ts';

/** Rewrites the rules of a market before anybody trades in it. */
export type SpecChange = (spec: MarketSpec) => MarketSpec;

/** An order refused for its size is tried again at half of it, so often. */
const HALVINGS = 4;
/** A trade goes to the hedgers in parts of so much of planned open interest. */
const PART_PPM = 10_000;
/** Collateral above the position's own need, for fees and rounding. */
const SPARE_PPM = 2_000;
const RISE_STEP_MS = 1_000;

/**
 * An exchange on which the population has opened its positions with ordinary commands, checked as anybody's: where margin,
 * concentration or a stable price refuses a trader its size, it takes half, a quarter and so on. Early longs come first,
 * the price rises, they add to their positions out of their gains, then all others come.
 */
export function openPopulation(terms: PopulationTerms, depthAtoms: QuoteAtoms, change: SpecChange): Venue {
  const venue = new Venue();
  const traders = planTraders(terms);
  venue.takeFeed();
  const markets = Array.from({ length: terms.markets }, (_, place) =>
    syntheticMarket(place, terms, plannedAtoms(traders, place), depthAtoms),
  );
  for (const { spec } of markets) venue.run({ kind: 'listMarket', spec: change(spec) });
  const opening = new Opening(venue, terms, traders, markets);
  opening.fundHedgers();
  opening.raisePrices();
  opening.open();
  opening.fundMarkets();
  return venue;
}

class Opening {
  readonly #venue: Venue;
  readonly #terms: PopulationTerms;
  readonly #traders: readonly TraderPlan[];
  readonly #markets: readonly SyntheticMarket[];
  #hedger = 0;

  constructor(
    venue: Venue,
    terms: PopulationTerms,
    traders: readonly TraderPlan[],
    markets: readonly SyntheticMarket[],
  ) {
    this.#venue = venue;
    this.#terms = terms;
    this.#traders = traders;
    this.#markets = markets;
  }

  /** Together they could stand against everybody at no leverage at all. */
  fundHedgers(): void {
    const { hedgers } = this.#terms;
    const allAtoms = this.#traders.reduce((sum, { notionalAtoms }) => sum + notionalAtoms, 0);
    for (let hedger = 0; hedger < hedgers; hedger += 1) {
      this.#venue.deposit(ownerOf('hedger', hedger), Math.max(1, divFloor(allAtoms, hedgers)));
    }
  }

  /** Early longs at the low price, then the rise, then what they add. */
  raisePrices(): void {
    const { riseMs, risePpm } = this.#terms;
    const early = [...this.#traders.entries()].filter(([, trader]) => trader.early);
    this.#setPrices(PPM - risePpm);
    for (const [place, trader] of early) {
      this.#enter(place, trader, PPM - risePpm);
    }
    const steps = divFloor(riseMs, RISE_STEP_MS);
    for (let step = 1; step <= steps; step += 1) {
      this.#venue.timeMs += RISE_STEP_MS;
      this.#setPrices(PPM - risePpm + mulDivFloor(risePpm, step, steps));
    }
    for (const [place, trader] of early) {
      const gainAtoms = mulDivFloor(trader.notionalAtoms, risePpm, PPM);
      this.#trade(place, trader, gainAtoms * trader.leverage, PPM);
    }
  }

  open(): void {
    for (const [place, trader] of this.#traders.entries()) if (!trader.early) this.#enter(place, trader, PPM);
  }

  fundMarkets(): void {
    const treasury = ownerOf('treasury', 0);
    for (const [place, { spec }] of this.#markets.entries()) {
      const planned = plannedAtoms(this.#traders, place);
      const insuranceAtoms = mulDivFloor(planned, this.#terms.insurancePpm, PPM);
      const backstopAtoms = mulDivFloor(planned, this.#terms.backstopPpm, PPM);
      const vault = (this.#venue.state.markets[place]?.spec.backstopLossCapAtoms ?? 0) > 0;
      if (insuranceAtoms + backstopAtoms > 0) this.#venue.deposit(treasury, insuranceAtoms + backstopAtoms);
      if (insuranceAtoms > 0) this.#venue.fund(treasury, spec.marketId, 'insurance', insuranceAtoms);
      if (vault && backstopAtoms > 0) this.#venue.fund(treasury, spec.marketId, 'backstop', backstopAtoms);
    }
  }

  #setPrices(factorPpm: number): void {
    for (const [place, { spec }] of this.#markets.entries())
      this.#venue.setIndex(spec.marketId, this.#price(place, factorPpm));
  }

  #price(place: number, factorPpm: number): PriceTicks {
    return Math.max(1, mulDivFloor(this.#markets[place]!.priceTicks, factorPpm, PPM));
  }

  #enter(place: number, trader: TraderPlan, factorPpm: number): void {
    const needAtoms = divFloor(trader.notionalAtoms, trader.leverage);
    this.#venue.deposit(ownerOf('trader', place), needAtoms + mulDivCeil(trader.notionalAtoms, SPARE_PPM, PPM));
    this.#trade(place, trader, trader.notionalAtoms, factorPpm);
  }

  /** Opens a position of this notional, or as large a half of it as the engine grants. */
  #trade(place: number, trader: TraderPlan, notionalAtoms: QuoteAtoms, factorPpm: number): void {
    const { spec } = this.#markets[trader.market]!;
    const priceTicks = this.#price(trader.market, factorPpm);
    const partLots = this.#lots(trader.market, mulDivFloor(plannedAtoms(this.#traders, trader.market), PART_PPM, PPM));
    let lots = Math.min(this.#lots(trader.market, notionalAtoms), spec.maxPositionLots);
    for (let halvings = 0; halvings <= HALVINGS && lots > 0; halvings += 1) {
      const leftLots = this.#tradeLots(place, trader, lots, Math.max(1, partLots), priceTicks);
      if (leftLots === 0) return;
      lots = divFloor(leftLots, 2);
    }
  }

  /** Returns the lots that were refused. */
  #tradeLots(place: number, trader: TraderPlan, lots: SizeLots, partLots: SizeLots, priceTicks: PriceTicks): SizeLots {
    const { spec } = this.#markets[trader.market]!;
    const { marketId } = spec;
    const opposite: Side = trader.side === 'buy' ? 'sell' : 'buy';
    let leftLots = lots;
    while (leftLots > 0) {
      const sizeLots = Math.min(leftLots, partLots);
      this.#hedger = (this.#hedger + 1) % this.#terms.hedgers;
      const hedger = ownerOf('hedger', this.#hedger);
      this.#venue.order(hedger, { marketId, side: opposite, timeInForce: 'gtc', priceTicks, sizeLots });
      const owner = ownerOf('trader', place);
      const events = this.#venue.order(owner, {
        marketId,
        side: trader.side,
        timeInForce: 'ioc',
        priceTicks,
        sizeLots,
      });
      this.#venue.run({ kind: 'cancelAllOrders', auth: this.#venue.auth(hedger), marketId });
      if (!events.some(({ kind }) => kind === 'orderFilled')) return leftLots;
      leftLots -= sizeLots;
    }
    return 0;
  }

  #lots(market: number, notionalAtoms: QuoteAtoms): SizeLots {
    const { spec, priceTicks } = this.#markets[market]!;
    return divFloor(notionalAtoms, priceTicks * spec.atomsPerTickLot);
  }
}
