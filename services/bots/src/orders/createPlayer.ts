import { KeelError, type PlacedOrder } from '@keel/client';
import { assert, type Side } from '@keel/types';
import { type MarketView, unitsOf } from '../marketView.ts';
import type { Trader, UnitOrder } from '../trader.ts';
import type { ExecutionAudit } from './executionAudit.ts';
import { ticksOf } from './fitToMarket.ts';
import { type KnownOrder, KnownOrders } from './knownOrders.ts';
import type { OrderMessage } from './orderMessage.ts';
import { type Persisted, persist } from './persist.ts';
import type { PlayReport } from './playReport.ts';

export interface PlayerOptions {
  readonly market: MarketView;
  readonly lotsPerShare: number;
  /** Accounts whose orders rest, by side: none of them ever stands on the other, so no order meets its own owner. */
  readonly makers: Readonly<Record<Side, readonly Trader[]>>;
  /** Account of the executions. Its orders never rest. */
  readonly taker: Trader;
  readonly report: PlayReport;
  readonly audit: ExecutionAudit;
  readonly stopSignal: AbortSignal;
}

/** Plays messages one at a time, each acknowledged before the next leaves: priority on the book is the file's order. */
export interface Player {
  /** Throws only when the bots are asked to stop. */
  play(message: OrderMessage): Promise<void>;
}

type Terms = Pick<KnownOrder, 'id' | 'trader' | 'side' | 'priceTicks'> & { readonly sizeLots: number };

export function createPlayer(options: PlayerOptions): Player {
  const { market, lotsPerShare, makers, taker, report, audit, stopSignal } = options;
  const known = new KnownOrders();

  const send = (trader: Trader, order: UnitOrder, nonce: number): Promise<Persisted<PlacedOrder | KeelError>> =>
    persist((same) => trader.place(market, order, same), nonce, stopSignal);

  const placeOnce = async ({ id, trader, ...terms }: Terms): Promise<KeelError | undefined> => {
    const nonce = trader.client.nextNonce();
    // The nonce makes the name unique over several plays of one file.
    const clientOrderId = `${id}-${nonce}`;
    const answer = await send(trader, { ...terms, timeInForce: 'postOnly', clientOrderId }, nonce);
    if (answer instanceof KeelError) return answer;
    const orderId =
      answer === 'arrivedUnseen'
        ? (await openOrders(trader)).find((order) => order.clientOrderId === clientOrderId)?.orderId
        : answer.orderId;
    if (orderId === undefined) {
      refuse(report, 'ANSWER_LOST');
      return undefined;
    }
    report.placed += 1;
    const { side, priceTicks, sizeLots } = terms;
    known.add({ id, trader, orderId, side, priceTicks, remainingLots: sizeLots });
    return undefined;
  };

  /**
   * A recorded new order rested on its venue. Where it would trade here, the orders it would meet had left that venue
   * without a message, so they leave this book too.
   */
  const place = async (terms: Terms): Promise<void> => {
    const refusal = await placeOnce(terms);
    if (refusal === undefined) return;
    const overtaken = refusal.code === 'POST_ONLY_WOULD_CROSS' ? known.facing(terms.side, terms.priceTicks) : [];
    if (overtaken.length === 0) return refuse(report, refusal.code);
    for (const order of overtaken) {
      known.forget(order);
      if ((await cancel(order)) === 'cancelled') report.overtaken += 1;
    }
    const again = await placeOnce(terms);
    if (again !== undefined) refuse(report, again.code);
  };

  const openOrders = async (trader: Trader) => {
    const account = await persist(() => trader.account(), 0, stopSignal);
    return account === undefined || account === 'arrivedUnseen' ? [] : account.openOrders;
  };

  const cancel = async ({ trader, orderId }: KnownOrder): Promise<'cancelled' | 'gone' | 'refused'> => {
    const answer = await persist((same) => trader.cancel(orderId, same), trader.client.nextNonce(), stopSignal);
    if (!(answer instanceof KeelError)) return 'cancelled';
    if (answer.code === 'ORDER_UNKNOWN') return 'gone';
    refuse(report, answer.code);
    return 'refused';
  };

  const cancelRecorded = async (order: KnownOrder): Promise<boolean> => {
    known.forget(order);
    const outcome = await cancel(order);
    if (outcome === 'gone') report.goneBefore += 1;
    return outcome === 'cancelled';
  };

  /** There is no amend yet: what is left is placed again and stands last at its price. */
  const reduce = async (order: KnownOrder, byLots: number): Promise<void> => {
    const resting = (await openOrders(order.trader)).find(({ orderId }) => orderId === order.orderId);
    const restingLots = resting === undefined ? 0 : unitsOf(resting.remainingSize, market.sizeDecimals);
    const sizeLots = Math.min(order.remainingLots, restingLots) - byLots;
    if (!(await cancelRecorded(order)) || sizeLots <= 0) return;
    report.reduced += 1;
    await place({ ...order, sizeLots });
  };

  const execute = async (order: KnownOrder, sizeLots: number): Promise<void> => {
    const side = order.side === 'buy' ? 'sell' : 'buy';
    const terms = { side, priceTicks: order.priceTicks, sizeLots, timeInForce: 'ioc' } as const;
    const behind = known.standsBehind(order);
    const answer = await send(taker, terms, taker.client.nextNonce());
    if (answer instanceof KeelError || answer === 'arrivedUnseen') {
      report.executions.failed += 1;
      if (answer instanceof KeelError) refuse(report, answer.code);
    } else if (answer.fills.length === 0) report.executions.none += 1;
    else {
      const tradeIds = answer.fills.map((fill) => fill.tradeId);
      audit.add({ maker: order.trader, orderId: order.orderId, sequence: answer.sequence, tradeIds, sizeLots });
    }
    order.remainingLots -= sizeLots;
    if (order.remainingLots > 0) return;
    known.forget(order);
    // Another order was met in its place, so it may still rest, where the recording says that it is gone.
    if (behind && (await cancel(order)) === 'cancelled') report.leftOver += 1;
  };

  return {
    play: async (message) => {
      report.read += 1;
      const { kind, orderId: id, side } = message;
      if (kind === 'hiddenExecution' || kind === 'cross' || kind === 'halt') {
        report.skipped[kind] += 1;
        return;
      }
      const sizeLots = message.shares * lotsPerShare;
      if (kind === 'newOrder') {
        const priceTicks = ticksOf(market, message.price);
        assert(priceTicks !== undefined, `line ${message.lineNumber} was let through with a price off the tick`);
        return place({ id, trader: known.leastBusy(makers[side]), side, priceTicks, sizeLots });
      }
      const order = known.find(id);
      if (order === undefined) report.skipped.unknownOrder += 1;
      else if (kind === 'execution') await execute(order, sizeLots);
      else if (kind === 'partialCancel') await reduce(order, sizeLots);
      else if (await cancelRecorded(order)) report.cancelled += 1;
    },
  };
}

function refuse(report: PlayReport, code: string): void {
  report.refusedByCode[code] = (report.refusedByCode[code] ?? 0) + 1;
}
