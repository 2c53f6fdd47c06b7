import {
  CLIENT_ORDER_ID_CHARACTERS_MAX,
  type Event,
  notionalAtoms,
  OPEN_ORDERS_PER_ACCOUNT_MAX,
  type PlaceOrder,
  REJECT_CODES,
  type RejectCode,
  toOrderId,
} from '@keel/types';
import { matchTaker, type Taker } from '../book/matchTaker.ts';
import { bestLevel, bookSide, crosses } from '../book/orderBook.ts';
import { restOrder } from '../book/restOrder.ts';
import { isPlainText } from '../isPlainText.ts';
import { exceedsPositionLimit, reducesOnly, reducibleLots } from '../margin/openSize.ts';
import { orderIsCovered } from '../margin/orderIsCovered.ts';
import { isFresh, positionsAreFresh } from '../prices/isFresh.ts';
import { slippageLimitTicks } from '../prices/slippageLimit.ts';
import {
  type AccountState,
  type EngineState,
  findHolding,
  findMarket,
  type MarketState,
  openHolding,
} from '../state.ts';
import { authorize } from './authorize.ts';

/** What will be carried out: the order as asked, with limit, size and time in force made definite. */
export interface OrderTerms {
  readonly side: PlaceOrder['side'];
  readonly timeInForce: PlaceOrder['timeInForce'];
  readonly limitTicks: number;
  readonly sizeLots: number;
}

/** Takes an order, trades what it can and rests or drops the rest. The checks stand in the order of REJECT_CODES. */
export function placeOrder(state: EngineState, command: PlaceOrder, events: Event[]): RejectCode | undefined {
  const account = authorize(state, command.auth, 'ownerOrAgent');
  if (typeof account === 'number') return account;
  const market = findMarket(state, command.marketId);
  if (market === undefined) return REJECT_CODES.MARKET_UNKNOWN;
  const misfit = checkFit(market, command);
  if (misfit !== undefined) return misfit;
  const terms = definiteTerms(account, market, command);
  const refusal = checkNow(state, account, market, command, terms);
  if (refusal !== undefined) return refusal;

  trade(state, account, market, command, terms, events);
  return undefined;
}

/** Faults of the order against the market as it is listed. */
function checkFit({ spec, markTicks }: MarketState, command: PlaceOrder): RejectCode | undefined {
  const { priceTicks, sizeLots } = command;
  const isMarket = command.orderType === 'market';
  if (isMarket && command.timeInForce === 'postOnly') return REJECT_CODES.ORDER_FLAGS_CONFLICT;
  const lowestTicks = isMarket ? 0 : 1;
  if (!Number.isSafeInteger(priceTicks) || priceTicks < lowestTicks || priceTicks > spec.maxPriceTicks) {
    return REJECT_CODES.PRICE_OUT_OF_RANGE;
  }
  if (!Number.isSafeInteger(sizeLots) || sizeLots < 1 || sizeLots > spec.maxOrderLots) {
    return REJECT_CODES.SIZE_OUT_OF_RANGE;
  }
  const valueTicks = priceTicks || markTicks;
  const tooSmall = notionalAtoms(spec, valueTicks, sizeLots) < spec.minOrderNotionalAtoms;
  // Without a mark a market order has no notional yet; it is refused below for want of a price.
  if (!command.reduceOnly && valueTicks > 0 && tooSmall) return REJECT_CODES.NOTIONAL_TOO_SMALL;
  if (!isPlainText(command.clientOrderId, CLIENT_ORDER_ID_CHARACTERS_MAX)) return REJECT_CODES.CLIENT_ORDER_ID_INVALID;
  return undefined;
}

/** A market order is immediate and has a limit; a reduce-only order is no larger than its position. */
function definiteTerms(account: AccountState, market: MarketState, command: PlaceOrder): OrderTerms {
  const { side, orderType } = command;
  const reducible = reducibleLots(findHolding(account, market), side);
  return {
    side,
    timeInForce: orderType === 'market' ? 'ioc' : command.timeInForce,
    limitTicks: command.priceTicks || slippageLimitTicks(market, side),
    sizeLots: command.reduceOnly ? Math.min(command.sizeLots, reducible) : command.sizeLots,
  };
}

/** Faults of the order against the account, the book and the prices of this moment. */
function checkNow(
  state: EngineState,
  account: AccountState,
  market: MarketState,
  command: PlaceOrder,
  terms: OrderTerms,
): RejectCode | undefined {
  const holding = findHolding(account, market);
  const reduces = command.reduceOnly || reducesOnly(holding, terms.side, terms.sizeLots);
  const priced = market.markTicks > 0 && (reduces || (isFresh(state, market) && positionsAreFresh(state, account)));
  if (!priced) return REJECT_CODES.MARKET_PRICE_UNAVAILABLE;
  if (account.liquidationId !== 0) return REJECT_CODES.ACCOUNT_IN_LIQUIDATION;
  const mayRest = terms.timeInForce !== 'ioc';
  if (mayRest && account.openOrders >= OPEN_ORDERS_PER_ACCOUNT_MAX) return REJECT_CODES.TOO_MANY_OPEN_ORDERS;
  if (command.reduceOnly && terms.sizeLots === 0) return REJECT_CODES.REDUCE_ONLY_WOULD_INCREASE;
  if (!reduces && exceedsPositionLimit(market, holding, terms)) {
    return REJECT_CODES.POSITION_LIMIT_EXCEEDED;
  }
  const opposite = bestLevel(bookSide(market.book, terms.side === 'buy' ? 'sell' : 'buy'));
  const wouldTrade = opposite !== undefined && crosses(terms.side, terms.limitTicks, opposite.priceTicks);
  if (terms.timeInForce === 'postOnly' && wouldTrade) return REJECT_CODES.POST_ONLY_WOULD_CROSS;
  if (!reduces && !orderIsCovered(account, market, terms)) return REJECT_CODES.INSUFFICIENT_MARGIN;
  return undefined;
}

function trade(
  state: EngineState,
  account: AccountState,
  market: MarketState,
  command: PlaceOrder,
  terms: OrderTerms,
  events: Event[],
): void {
  const orderId = toOrderId(state.nextOrderId);
  state.nextOrderId += 1;
  const { side, timeInForce, limitTicks, sizeLots } = terms;
  const { orderType, reduceOnly, clientOrderId } = command;
  const { accountId } = account;
  const { marketId } = market.spec;
  events.push({
    kind: 'orderAccepted',
    orderId,
    accountId,
    marketId,
    side,
    orderType,
    timeInForce,
    priceTicks: limitTicks,
    sizeLots,
    reduceOnly,
    clientOrderId,
  });
  const holding = openHolding(state, account, market);
  const taker: Taker = {
    orderId,
    holding,
    side,
    limitTicks,
    liquidation: false,
    remainingLots: sizeLots,
    cashAtoms: 0,
    marginShort: false,
  };
  matchTaker(state, taker, events);
  const { remainingLots } = taker;
  if (remainingLots > 0 && timeInForce !== 'ioc' && !taker.marginShort) {
    restOrder(state, holding, {
      orderId,
      side,
      priceTicks: limitTicks,
      sizeLots,
      remainingLots,
      reduceOnly,
      clientOrderId,
    });
    events.push({ kind: 'orderRested', orderId, remainingLots });
    return;
  }
  const unfilled = taker.marginShort ? 'marginInsufficient' : 'immediateRemainder';
  const reason = remainingLots === 0 ? 'filled' : unfilled;
  events.push({ kind: 'orderClosed', orderId, accountId, marketId, reason, remainingLots });
}
