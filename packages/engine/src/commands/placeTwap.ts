import { type Event, type OrderRequest, type PlaceTwap, REJECT_CODES, type RejectCode } from '@keel/types';
import { checkTwap } from '../orders/checkTwap.ts';
import { acceptOrder, tellDuplicate } from '../orders/placeRequest.ts';
import { type AccountState, type EngineState, findMarket, type MarketState } from '../state.ts';
import { runSlice } from '../timers/runSlices.ts';
import { joinWaiting } from '../triggers/waitForTrigger.ts';
import { authorize } from './authorize.ts';

/** Takes an order that the engine trades in equal slices over time; the first at once. */
export function placeTwap(state: EngineState, command: PlaceTwap, events: Event[]): RejectCode | undefined {
  const account = authorize(state, command.auth, 'ownerOrAgent');
  if (typeof account === 'number') return account;
  if (tellDuplicate(account, command.clientOrderId, events)) return undefined;
  const market = findMarket(state, command.marketId);
  if (market === undefined) return REJECT_CODES.MARKET_UNKNOWN;
  const refusal = checkTwap(account, market, command);
  if (refusal !== undefined) return refusal;

  startTwap(state, account, market, command, events);
  return undefined;
}

function startTwap(
  state: EngineState,
  account: AccountState,
  market: MarketState,
  command: PlaceTwap,
  events: Event[],
): void {
  const { side, sizeLots, durationMs, slices } = command;
  const terms = { side, timeInForce: 'ioc', limitTicks: 0, sizeLots, mayRest: false } as const;
  const order = acceptOrder(state, account, { market, request: wholeOrder(command), terms }, events);
  order.twapStartMs = state.timeMs;
  order.twapDurationMs = durationMs;
  order.twapSlices = slices;
  joinWaiting(state, order, 'twap');
  events.push({ kind: 'twapStarted', orderId: order.orderId, durationMs, slices });
  runSlice(state, order, events);
}

/** What all slices together are: a market order whose limit is taken anew for each. */
function wholeOrder({ marketId, side, sizeLots, reduceOnly, clientOrderId }: PlaceTwap): OrderRequest {
  return {
    marketId,
    side,
    orderType: 'market',
    timeInForce: 'ioc',
    priceTicks: 0,
    sizeLots,
    reduceOnly,
    clientOrderId,
    expiresAtMs: 0,
    displayLots: 0,
    selfTrade: 'expireMaker',
    selfTradeScope: 'account',
    trigger: undefined,
    attached: undefined,
  };
}
