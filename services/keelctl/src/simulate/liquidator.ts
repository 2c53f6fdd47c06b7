import { type AuctionView, readAuctions } from '@keel/engine';
import { divFloor, mulDivCeil, mulDivFloor, PPM, type PriceTicks, type QuoteAtoms, type SizeLots } from '@keel/types';
import { ownerOf, type Venue } from './venue.ts';

/** It takes an auction whose price is at least so much better for it than the index, */
const GAIN_PPM = 5_000;
/** up to so many times its equity in one market. */
const LEVERAGE = 3;
const OWNER = ownerOf('liquidator', 0);

/** One registered liquidator that takes what walks down to its price, and keeps it. */
export const liquidator = {
  /** Opens its account; once. */
  fund(venue: Venue, amountAtoms: QuoteAtoms): void {
    if (amountAtoms === 0) return;
    venue.deposit(OWNER, amountAtoms);
    venue.run({ kind: 'registerLiquidator', auth: venue.auth(OWNER), active: true });
  },

  takeAuctions(venue: Venue): void {
    if (!venue.state.accountByOwner.has(OWNER)) return;
    for (const auction of readAuctions(venue.state)) {
      const limitTicks = wantedTicks(venue, auction);
      const isCheap = auction.side === 'sell' ? auction.limitTicks <= limitTicks : auction.limitTicks >= limitTicks;
      const sizeLots = Math.min(auction.remainingLots, roomLots(venue, auction));
      if (!isCheap || sizeLots <= 0) continue;
      const { auctionId, marketId } = auction;
      venue.run({ kind: 'takeAuction', auth: venue.auth(OWNER), auctionId, marketId, sizeLots, limitTicks });
    }
  },
};

function wantedTicks({ state }: Venue, { marketId, side }: AuctionView): PriceTicks {
  const { indexTicks } = state.markets[marketId - 1]!;
  // It buys what a long has to sell.
  return side === 'sell'
    ? Math.max(1, mulDivFloor(indexTicks, PPM - GAIN_PPM, PPM))
    : mulDivCeil(indexTicks, PPM + GAIN_PPM, PPM);
}

/** Lots that it may still take in the auction's market, by its money; the engine has the last word. */
function roomLots({ state }: Venue, { marketId, side }: AuctionView): SizeLots {
  const market = state.markets[marketId - 1]!;
  const account = state.accountByOwner.get(OWNER)!;
  const held = account.holdings.find((holding) => holding.market === market)?.sizeLots ?? 0;
  const lotAtoms = market.indexTicks * market.spec.atomsPerTickLot;
  const mostLots = divFloor(Math.max(0, divFloor(account.collateralAtoms, state.markets.length)) * LEVERAGE, lotAtoms);
  return side === 'sell' ? mostLots - held : mostLots + held;
}
