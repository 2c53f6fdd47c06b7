import { type Account, type KeelClient, KeelError, type NewOrder, type OpenOrder, type Position } from '@keel/client';
import { formatDecimal, mulDivFloor, PPM, QUOTE_DECIMALS, type TimeMs } from '@keel/types';
import { type MarketView, unitsOf } from './marketView.ts';
import { count, type Tally } from './tally.ts';
import { type UnwindRules, unwindOrder } from './unwindOrder.ts';

/** An order that is nearer to what it should be is left alone: each new one costs its place in the queue. */
const TOLERANCE_PPM = 100;

export interface Unwinder {
  /** Puts the orders that unwind the account's positions where they belong now. Throws KeelError for want of an answer. */
  turn(account: Account, markets: ReadonlyMap<string, MarketView>): Promise<void>;
}

/** `now` counts whole milliseconds. */
export function createUnwinder(context: {
  readonly client: KeelClient;
  readonly rules: UnwindRules;
  readonly tally: Tally;
  readonly now: () => TimeMs;
}): Unwinder {
  const { client, rules, tally, now } = context;
  /** By market: the position as it was seen last, and since when. */
  const held = new Map<string, { lots: number; sinceMs: TimeMs }>();
  /** Newest fill that was counted; 0 before the first look. */
  let lastTradeId: number | undefined;

  const heldSince = (symbol: string, lots: number): TimeMs => {
    const before = held.get(symbol);
    const grew = before === undefined || before.lots * lots < 0 || Math.abs(lots) > Math.abs(before.lots);
    const sinceMs = grew ? now() : before.sinceMs;
    held.set(symbol, { lots, sinceMs });
    return sinceMs;
  };

  /** A refusal is an answer: the next turn begins from what the exchange says then. */
  const send = async (request: () => Promise<unknown>): Promise<void> => {
    try {
      await request();
      tally.unwindOrders += 1;
    } catch (fault) {
      if (!(fault instanceof KeelError) || fault.retryable) throw fault;
      count(tally.refusedByCode, fault.code);
    }
  };

  const unwind = async (position: Position, open: readonly OpenOrder[], market: MarketView): Promise<void> => {
    const lots = unitsOf(position.size, market.sizeDecimals);
    const heldMs = now() - heldSince(market.symbol, lots);
    const entryTicks = unitsOf(position.entryPrice, market.priceDecimals);
    const wanted = unwindOrder({ lots, entryTicks, heldMs }, market.markTicks, rules);
    const order: NewOrder = {
      market: market.symbol,
      side: wanted.side,
      price: formatDecimal(wanted.priceTicks, market.priceDecimals),
      size: formatDecimal(wanted.sizeLots, market.sizeDecimals),
      reduceOnly: true,
    };
    const [first, ...others] = open;
    // There is one at a time; more are of a life before this one.
    for (const { orderId } of others) await send(() => client.cancelOrder(orderId, { over: 'ws' }));
    if (first === undefined) await send(() => client.placeOrder(order, { over: 'ws' }));
    else if (!isNear(first, order, market)) await send(() => client.replaceOrder(first.orderId, order, { over: 'ws' }));
  };

  /** Fills since the last look; those before the first one are not this life's. */
  const countFills = async (markets: ReadonlyMap<string, MarketView>): Promise<void> => {
    const { fills } = await client.fills(undefined, lastTradeId === undefined ? 1 : 500);
    const newest = Math.max(0, ...fills.map(({ tradeId }) => Number(tradeId)));
    const known = lastTradeId;
    lastTradeId = Math.max(newest, known ?? 0);
    if (known === undefined) return;
    for (const { tradeId, market, size, realisedPnl, fee } of fills) {
      if (Number(tradeId) <= known) continue;
      tally.unwoundLots += unitsOf(size, markets.get(market)?.sizeDecimals ?? 0);
      tally.pnlAtoms += unitsOf(realisedPnl, QUOTE_DECIMALS) - unitsOf(fee, QUOTE_DECIMALS);
    }
  };

  return {
    turn: async (account, markets) => {
      if (lastTradeId === undefined || held.size > 0 || account.positions.length > 0) await countFills(markets);
      const symbols = new Set(account.positions.map(({ market }) => market));
      for (const symbol of held.keys()) if (!symbols.has(symbol)) held.delete(symbol);
      if (account.inLiquidation) return;
      for (const position of account.positions) {
        const market = markets.get(position.market);
        if (market === undefined || !market.isOpen || market.markTicks === 0) continue;
        const open = account.openOrders.filter((order) => order.market === market.symbol);
        await unwind(position, open, market);
      }
    },
  };
}

/** Same side, whole size, and a price that is as good as the one it should have. */
function isNear(open: OpenOrder, wanted: NewOrder, { priceDecimals, markTicks }: MarketView): boolean {
  if (open.side !== wanted.side || open.remainingSize !== wanted.size) return false;
  const distance = Math.abs(unitsOf(open.price ?? '0', priceDecimals) - unitsOf(wanted.price ?? '0', priceDecimals));
  return distance <= mulDivFloor(markTicks, TOLERANCE_PPM, PPM);
}
