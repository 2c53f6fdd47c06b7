import type { PriceTicks, Side, SizeLots } from '@keel/types';
import { bookSide, crosses } from '../book/orderBook.ts';
import type { AccountState, MarketState } from '../state.ts';

/** The order as the margin arithmetic sees it, with whether it can take. */
export interface NewOrder {
  readonly side: Side;
  readonly limitTicks: PriceTicks;
  readonly sizeLots: SizeLots;
  readonly timeInForce: 'gtc' | 'ioc' | 'postOnly';
}

export interface ExpectedFill {
  readonly side: NewOrder['side'];
  readonly priceTicks: number;
  readonly remainingLots: number;
  /** False for what would rest and trade, if ever, as maker at its own price. */
  readonly taking: boolean;
}

/**
 * What the order would do to the book as it stands: the fills it would take at once, price by price, and what would
 * rest. What an ioc order cannot take is dropped and costs nothing. The account's own resting orders do not count: a
 * self-trade closes them. As long as the walk of the match itself, and as exact, unless a maker on the way turns out
 * to lack margin; then the match goes on at a worse price and its own check per fill holds the line at maintenance.
 */
export function expectedFills(account: AccountState, market: MarketState, order: NewOrder): ExpectedFill[] {
  const { side, limitTicks } = order;
  const { levels } = bookSide(market.book, side === 'buy' ? 'sell' : 'buy');
  const fills: ExpectedFill[] = [];
  let leftLots = order.sizeLots;
  for (let place = levels.length - 1; place >= 0 && leftLots > 0; place -= 1) {
    const level = levels[place]!;
    if (!crosses(side, limitTicks, level.priceTicks)) break;
    let takenLots = 0;
    for (let maker = level.head; maker !== undefined && takenLots < leftLots; maker = maker.next) {
      if (maker.holding.account !== account) takenLots += Math.min(maker.remainingLots, leftLots - takenLots);
    }
    if (takenLots === 0) continue;
    fills.push({ side, priceTicks: level.priceTicks, remainingLots: takenLots, taking: true });
    leftLots -= takenLots;
  }
  if (leftLots > 0 && order.timeInForce !== 'ioc') {
    fills.push({ side, priceTicks: limitTicks, remainingLots: leftLots, taking: false });
  }
  return fills;
}
