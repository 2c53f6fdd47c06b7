import { between, oneOf, type Random } from '../createRandom.ts';
import { lotsWorth } from '../marketView.ts';
import { type TakerFacts, type TakerMove, trade } from './decideLeveraged.ts';

const USDC = 1_000_000;
/** Beyond this worth a position is only reduced. */
const POSITION_ATOMS_MAX = 5_000 * USDC;

/** Small trades on either side of any market, so that there is always something to see; never much of a position. */
export function decideCasual(facts: TakerFacts, random: Random): TakerMove {
  if (facts.markets.length === 0 || random() < 0.4) return { kind: 'wait' };
  const market = oneOf(random, facts.markets);
  const heldLots = facts.positionLots.get(market.symbol) ?? 0;
  const heldAtoms = heldLots * market.markTicks * market.atomsPerTickLot;
  const coin = random() < 0.5 ? 'buy' : 'sell';
  const side = Math.abs(heldAtoms) < POSITION_ATOMS_MAX ? coin : heldAtoms > 0 ? 'sell' : 'buy';
  return trade(market, side, lotsWorth(market, between(random, 50, 1_500) * USDC, market.markTicks), false);
}
