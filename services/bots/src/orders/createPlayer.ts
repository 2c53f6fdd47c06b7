import { KeelError } from '@keel/client';
import { assert, type Side } from '@keel/types';
import { type MarketView, unitsOf } from '../marketView.ts';
import type { Trader } from '../trader.ts';
import type { ExecutionAudit } from './executionAudit.ts';
import { ticksOf } from './fitToMarket.ts';
import type { OrderMessage } from './orderMessage.ts';
import { persist } from './persist.ts';
import type { PlayReport } from './playReport.ts';

/** An order of the recording that rests on the exchange. */
interface KnownOrder {
  readonly trader: Trader;
  readonly orderId: string;
  readonly side: Side;
  readonly priceTicks: number;
  /** What the recording says is left of it. */
  remainingLots: number;
}

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

export function createPlayer(options: PlayerOptions): Player {
  const { market, lotsPerShare, makers, taker, report, audit, stopSignal } = options;
  const known = new Map<string, KnownOrder>();
  const openOrders = new Map<Trader, number>([...makers.buy, ...makers.sell].map((trader) => [trader, 0]));
  const countOpen = (trader: Trader, change: 1 | -1): void => {
    openOrders.set(trader, (openOrders.get(trader) ?? 0) + change);
  };

  const rest = async (
    trader: Trader,
    id: string,
    terms: { readonly side: Side; readonly priceTicks: number; readonly sizeLots: number },
  ): Promise<void> => {
    const nonce = trader.client.nextNonce();
    // The nonce makes the name unique over several plays of one file.
    const clientOrderId = `${id}-${nonce}`;
    const order = { ...terms, timeInForce: 'postOnly', clientOrderId } as const;
    const answer = await persist((same) => trader.place(market, order, same), nonce, stopSignal);
    if (answer instanceof KeelError) return refuse(report, answer);
    const orderId = answer === 'arrivedUnseen' ? await findOrder(trader, clientOrderId) : answer.orderId;
    if (orderId === undefined) return refuse(report, 'ANSWER_LOST');
    report.placed += 1;
    countOpen(trader, 1);
    known.set(id, { trader, orderId, side: terms.side, priceTicks: terms.priceTicks, remainingLots: terms.sizeLots });
  };

  const findOrder = async (trader: Trader, clientOrderId: string): Promise<string | undefined> => {
    const account = await persist(() => trader.account(), 0, stopSignal);
    if (account === undefined || account === 'arrivedUnseen') return undefined;
    return account.openOrders.find((order) => order.clientOrderId === clientOrderId)?.orderId;
  };

  const forget = (id: string, order: KnownOrder): void => {
    known.delete(id);
    countOpen(order.trader, -1);
  };

  /** True when the order was still there. */
  const cancel = async ({ trader, orderId }: KnownOrder): Promise<boolean> => {
    const answer = await persist((same) => trader.cancel(orderId, same), trader.client.nextNonce(), stopSignal);
    if (!(answer instanceof KeelError)) return true;
    if (answer.code === 'ORDER_UNKNOWN') report.goneBefore += 1;
    else refuse(report, answer);
    return false;
  };

  /** There is no amend yet: what is left is placed again and stands last at its price. */
  const reduce = async (id: string, order: KnownOrder, byLots: number): Promise<void> => {
    const leftLots = Math.min(order.remainingLots, await restingLots(order)) - byLots;
    forget(id, order);
    if (!(await cancel(order)) || leftLots <= 0) return;
    report.reduced += 1;
    const { trader, side, priceTicks } = order;
    await rest(trader, id, { side, priceTicks, sizeLots: leftLots });
  };

  const restingLots = async ({ trader, orderId }: KnownOrder): Promise<number> => {
    const account = await persist(() => trader.account(), 0, stopSignal);
    if (account === undefined || account === 'arrivedUnseen') return 0;
    const open = account.openOrders.find((order) => order.orderId === orderId);
    return open === undefined ? 0 : unitsOf(open.remainingSize, market.sizeDecimals);
  };

  const execute = async (id: string, order: KnownOrder, sizeLots: number): Promise<void> => {
    order.remainingLots -= sizeLots;
    if (order.remainingLots <= 0) forget(id, order);
    const side = order.side === 'buy' ? 'sell' : 'buy';
    const terms = { side, priceTicks: order.priceTicks, sizeLots, timeInForce: 'ioc' } as const;
    const nonce = taker.client.nextNonce();
    const answer = await persist((same) => taker.place(market, terms, same), nonce, stopSignal);
    if (answer instanceof KeelError || answer === 'arrivedUnseen') {
      report.executions.failed += 1;
      if (answer instanceof KeelError) refuse(report, answer);
      return;
    }
    const tradeIds = answer.fills.map((fill) => fill.tradeId);
    if (tradeIds.length === 0) report.executions.none += 1;
    else audit.add({ maker: order.trader, orderId: order.orderId, sequence: answer.sequence, tradeIds, sizeLots });
  };

  return {
    play: async (message) => {
      report.read += 1;
      const { kind, orderId, side } = message;
      if (kind === 'hiddenExecution' || kind === 'cross' || kind === 'halt') {
        report.skipped[kind] += 1;
        return;
      }
      const sizeLots = message.shares * lotsPerShare;
      if (kind === 'newOrder') {
        const priceTicks = ticksOf(market, message.price);
        assert(priceTicks !== undefined, `line ${message.lineNumber} was let through with a price off the tick`);
        return rest(leastBusy(makers[side], openOrders), orderId, { side, priceTicks, sizeLots });
      }
      const order = known.get(orderId);
      if (order === undefined) {
        report.skipped.unknownOrder += 1;
        return;
      }
      if (kind === 'execution') return execute(orderId, order, sizeLots);
      if (kind === 'partialCancel') return reduce(orderId, order, sizeLots);
      forget(orderId, order);
      if (await cancel(order)) report.cancelled += 1;
    },
  };
}

/** Spreads orders so that no account reaches the exchange's limit of open orders. */
function leastBusy(traders: readonly Trader[], openOrders: ReadonlyMap<Trader, number>): Trader {
  const open = (trader: Trader): number => openOrders.get(trader) ?? 0;
  return traders.reduce((least, trader) => (open(trader) < open(least) ? trader : least));
}

function refuse(report: PlayReport, refusal: KeelError | string): void {
  const code = typeof refusal === 'string' ? refusal : refusal.code;
  report.refusedByCode[code] = (report.refusedByCode[code] ?? 0) + 1;
}
