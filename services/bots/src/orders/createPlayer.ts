import { KeelError, type PlacedOrder } from '@keel/client';
import { assert, type Side } from '@keel/types';
import type { MarketView } from '../marketView.ts';
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
  /** Number of the last line that names an order, by its id. */
  readonly lastLines: ReadonlyMap<string, number>;
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

type Terms = Readonly<Pick<KnownOrder, 'id' | 'trader' | 'side' | 'priceTicks' | 'sizeLots'>>;

export function createPlayer(options: PlayerOptions): Player {
  const { market, lotsPerShare, lastLines, makers, taker, report, audit, stopSignal } = options;
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
    known.add({ id, trader, orderId, side, priceTicks, sizeLots, remainingLots: sizeLots });
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

  const cancelCounted = async (order: KnownOrder): Promise<void> => {
    if (await cancelRecorded(order)) report.cancelled += 1;
  };

  /** Less at the same price keeps its place. Where more has traded here than in the recording, nothing may be left. */
  const reduce = async (order: KnownOrder, byLots: number): Promise<void> => {
    if (order.remainingLots <= byLots) return cancelCounted(order);
    const { trader, orderId, priceTicks } = order;
    const smaller = { orderId, priceTicks, sizeLots: order.sizeLots - byLots };
    const nonce = trader.client.nextNonce();
    const answer = await persist((same) => trader.amend(market, smaller, same), nonce, stopSignal);
    if (answer instanceof KeelError) {
      if (answer.code === 'AMEND_SIZE_TOO_SMALL') return cancelCounted(order);
      if (answer.code !== 'ORDER_UNKNOWN') return refuse(report, answer.code);
      known.forget(order);
      report.goneBefore += 1;
      return;
    }
    order.sizeLots -= byLots;
    order.remainingLots -= byLots;
    report.reduced += 1;
  };

  /** Where the venue passed over orders and never names them again, they had left it without a message. */
  const takeSilentLeavers = async (order: KnownOrder, lineNumber: number): Promise<void> => {
    for (const other of known.inFrontOf(order)) {
      if ((lastLines.get(other.id) ?? 0) > lineNumber) continue;
      known.forget(other);
      if ((await cancel(other)) === 'cancelled') report.leftSilently += 1;
    }
  };

  const execute = async (order: KnownOrder, sizeLots: number, lineNumber: number): Promise<void> => {
    await takeSilentLeavers(order, lineNumber);
    const side = order.side === 'buy' ? 'sell' : 'buy';
    const terms = { side, priceTicks: order.priceTicks, sizeLots, timeInForce: 'ioc' } as const;
    const behind = known.inFrontOf(order).length > 0;
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
      else if (kind === 'execution') await execute(order, sizeLots, message.lineNumber);
      else if (kind === 'partialCancel') await reduce(order, sizeLots);
      else await cancelCounted(order);
    },
  };
}

function refuse(report: PlayReport, code: string): void {
  report.refusedByCode[code] = (report.refusedByCode[code] ?? 0) + 1;
}
