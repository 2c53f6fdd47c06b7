import type { CandleDoc, FillDoc, LiquidationDoc, RevokedAgent, TradeDoc } from '@keel/redis';
import type { MarketSpec } from '@keel/types';
import {
  type AccountId,
  type EventBlock,
  type MarketId,
  notionalAtoms,
  type OrderFilled,
  type OrderId,
  type Side,
} from '@keel/types';
import { type History, type MarketHistory, marketHistory } from './history.ts';

const CANDLE_MS = 60_000;

/** What one block adds to the read model besides the documents that are read from the engine's state. */
export interface BlockDocs {
  readonly trades: TradeDoc[];
  readonly fills: FillDoc[];
  readonly liquidations: LiquidationDoc[];
  /** Candles that changed, as they are now, by market and time. */
  readonly candles: Map<string, CandleDoc>;
  readonly revokedAgents: RevokedAgent[];
  /** Orders that are over, with their account; some were never open at the end of a command. */
  readonly closedOrders: Map<OrderId, AccountId>;
}

export function createBlockDocs(): BlockDocs {
  return {
    trades: [],
    fills: [],
    liquidations: [],
    candles: new Map(),
    revokedAgents: [],
    closedOrders: new Map(),
  };
}

/** Writes the events of one block into the history, and what they add to the read model into `docs`. */
export function recordEvents(
  history: History,
  block: EventBlock,
  specOf: (marketId: MarketId) => MarketSpec,
  docs: BlockDocs,
): void {
  for (const event of block.events) {
    switch (event.kind) {
      case 'orderAccepted':
        history.ordersTotal += 1;
        // What never becomes open closes in the same block.
        history.orders.set(event.orderId, { accountId: event.accountId, placedMs: block.timeMs });
        break;
      case 'orderClosed':
        history.orders.delete(event.orderId);
        docs.closedOrders.set(event.orderId, event.accountId);
        break;
      case 'orderFilled':
        recordFill(history, block, event, specOf(event.marketId), docs);
        break;
      case 'agentRevoked':
        docs.revokedAgents.push({ accountId: event.accountId, agent: event.agent });
        break;
      case 'liquidationStarted':
        history.liquidationsTotal += 1;
        recordLiquidation(history, block, event, docs);
        break;
      case 'positionCloseOut':
      case 'insurancePaid':
      case 'positionDeleveraged':
      case 'liquidationEnded':
        recordLiquidation(history, block, event, docs);
        break;
      default:
        // What the other events change is state, and state is published as it is, not as history.
        break;
    }
  }
}

function recordLiquidation(history: History, block: EventBlock, event: LiquidationDoc['event'], docs: BlockDocs): void {
  const doc: LiquidationDoc = { sequence: block.sequence, timeMs: block.timeMs, event };
  history.liquidations.push(doc);
  docs.liquidations.push(doc);
}

function recordFill(history: History, block: EventBlock, fill: OrderFilled, spec: MarketSpec, docs: BlockDocs): void {
  const { tradeId, marketId, priceTicks, sizeLots, takerSide, liquidation } = fill;
  const { sequence, timeMs } = block;
  const market = marketHistory(history, marketId);
  const trade: TradeDoc = { tradeId, marketId, priceTicks, sizeLots, takerSide, timeMs, sequence, liquidation };
  market.trades.push(trade);
  market.tradeCount += 1;
  market.volumeAtoms += BigInt(notionalAtoms(spec, priceTicks, sizeLots));
  const candle = recordCandle(market, trade);
  docs.trades.push(trade);
  docs.candles.set(`${marketId}:${candle.openTimeMs}`, candle);
  const shared = { tradeId, marketId, priceTicks, sizeLots, timeMs, sequence, liquidation };
  const taker: FillDoc = {
    ...shared,
    accountId: fill.takerAccountId,
    orderId: fill.takerOrderId,
    side: takerSide,
    role: 'taker',
    feeAtoms: fill.takerFeeAtoms,
    realisedPnlAtoms: fill.takerRealisedPnlAtoms,
  };
  const maker: FillDoc = {
    ...shared,
    accountId: fill.makerAccountId,
    orderId: fill.makerOrderId,
    side: opposite(takerSide),
    role: 'maker',
    feeAtoms: fill.makerFeeAtoms,
    realisedPnlAtoms: fill.makerRealisedPnlAtoms,
  };
  for (const doc of [taker, maker]) {
    history.fills.push(doc);
    docs.fills.push(doc);
  }
}

function recordCandle(market: MarketHistory, trade: TradeDoc): CandleDoc {
  const { marketId, priceTicks, sizeLots, timeMs } = trade;
  const openTimeMs = timeMs - (timeMs % CANDLE_MS);
  const last = market.candles.last();
  if (last === undefined || last.openTimeMs !== openTimeMs) {
    const opened: CandleDoc = {
      marketId,
      interval: '1m',
      openTimeMs,
      openTicks: priceTicks,
      highTicks: priceTicks,
      lowTicks: priceTicks,
      closeTicks: priceTicks,
      volumeLots: sizeLots,
      trades: 1,
    };
    market.candles.push(opened);
    return opened;
  }
  const changed: CandleDoc = {
    ...last,
    highTicks: Math.max(last.highTicks, priceTicks),
    lowTicks: Math.min(last.lowTicks, priceTicks),
    closeTicks: priceTicks,
    volumeLots: last.volumeLots + sizeLots,
    trades: last.trades + 1,
  };
  market.candles.replaceLast(changed);
  return changed;
}

function opposite(side: Side): Side {
  return side === 'buy' ? 'sell' : 'buy';
}
