import type { EngineState } from '../../src/index.ts';
import type { BookedAccount, Books } from './books.ts';
import { abs } from './figures.ts';

type Holdings = EngineState['accounts'][number]['holdings'];

/**
 * Initial margin at mark with the orders that rest, and without those that are not reduce-only: per market that of
 * max(|s + B|, |s - S|) and the loss of orders priced worse than mark. Reduce-only orders count as much as they can reduce.
 */
export function initialWithOrders(
  books: Books,
  account: BookedAccount,
  holdings: Holdings,
): { readonly all: bigint; readonly without: bigint } {
  let all = 0n;
  let without = 0n;
  for (const { market, resting } of holdings) {
    const booked = books.market(market.spec.marketId);
    const size = account.positions.get(market.spec.marketId)?.size ?? 0n;
    let [bought, sold, reducing, loss, worst] = [0n, 0n, 0n, 0n, 0n];
    for (const { side, reduceOnly, priceTicks, remainingLots } of resting) {
      const lots = BigInt(remainingLots);
      const worse = side === 'buy' ? BigInt(priceTicks) - booked.mark : booked.mark - BigInt(priceTicks);
      if (reduceOnly) {
        reducing += lots;
        if (worse > worst) worst = worse;
        continue;
      }
      if (side === 'buy') bought += lots;
      else sold += lots;
      if (worse > 0n) loss += worse * lots * BigInt(market.spec.atomsPerTickLot);
    }
    const reduced = reducing < abs(size) ? reducing : abs(size);
    const reducedLoss = worst * reduced * BigInt(market.spec.atomsPerTickLot);
    const [buys, sells] = size < 0n ? [reduced, 0n] : [0n, reduced];
    const worstSize = (more: bigint, less: bigint) => larger(abs(size + more), abs(size - less));
    all += books.initialIn(account, booked, worstSize(bought + buys, sold + sells)) + loss + reducedLoss;
    without += books.initialIn(account, booked, worstSize(buys, sells)) + reducedLoss;
  }
  return { all, without };
}

function larger(a: bigint, b: bigint): bigint {
  if (a > b) return a;
  return b;
}
