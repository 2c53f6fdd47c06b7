import type { EngineState } from '../../src/index.ts';
import type { BookedAccount, Books } from './books.ts';
import { abs } from './figures.ts';

type Holdings = EngineState['accounts'][number]['holdings'];

/**
 * Initial margin at mark with the orders that rest, and without those that can do more than close the position: per market that of
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
    let [bought, sold, boughtLoss, soldLoss, reducing, worst] = [0n, 0n, 0n, 0n, 0n, 0n];
    for (const { side, reduceOnly, priceTicks, remainingLots } of resting) {
      const lots = BigInt(remainingLots);
      const worse = side === 'buy' ? BigInt(priceTicks) - booked.mark : booked.mark - BigInt(priceTicks);
      const loss = worse > 0n ? worse * lots * BigInt(market.spec.atomsPerTickLot) : 0n;
      if (reduceOnly) {
        reducing += lots;
        worst = larger(worst, worse);
      } else if (side === 'buy') {
        bought += lots;
        boughtLoss += loss;
      } else {
        sold += lots;
        soldLoss += loss;
      }
    }
    const reduced = reducing < abs(size) ? reducing : abs(size);
    const reducedLoss = worst * reduced * BigInt(market.spec.atomsPerTickLot);
    const [buys, sells] = size < 0n ? [reduced, 0n] : [0n, reduced];
    const margin = (more: bigint, less: bigint) =>
      books.initialIn(account, booked, larger(abs(size + more), abs(size - less))) + reducedLoss;
    all += margin(bought + buys, sold + sells) + boughtLoss + soldLoss;
    const closesLong = size > 0n && sold + sells <= size;
    const closesShort = size < 0n && bought + buys <= -size;
    without += margin(closesShort ? bought + buys : buys, closesLong ? sold + sells : sells);
    without += (closesShort ? boughtLoss : 0n) + (closesLong ? soldLoss : 0n);
  }
  return { all, without };
}

function larger(a: bigint, b: bigint): bigint {
  if (a > b) return a;
  return b;
}
