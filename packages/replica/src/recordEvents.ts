import type {
  AuctionDoc,
  CandleDoc,
  CertificateDoc,
  EndedAuction,
  FillDoc,
  LiquidationDoc,
  MarginEventDoc,
  RevokedAgent,
  TradeDoc,
} from '@keel/redis';
import {
  type AccountId,
  type AssetId,
  assert,
  type Event,
  type EventBlock,
  type MarketId,
  type MarketSpec,
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
  readonly marginEvents: MarginEventDoc[];
  readonly certificates: CertificateDoc[];
  /** Auctions that run and are new or have changed, as they are now, */
  readonly auctions: Map<number, AuctionDoc>;
  /** and those that are over. */
  readonly endedAuctions: EndedAuction[];
  /** Markets and collateral assets whose price was agreed anew. */
  readonly pricedMarkets: Set<MarketId>;
  readonly pricedAssets: Set<AssetId>;
  /** Some collateral asset's figures changed. */
  collateralsChanged: boolean;
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
    marginEvents: [],
    certificates: [],
    auctions: new Map(),
    endedAuctions: [],
    pricedMarkets: new Set(),
    pricedAssets: new Set(),
    collateralsChanged: false,
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
  const certificateOf = certifiedSteps(block.events);
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
        recordLiquidation(history, block, event, 0, docs);
        break;
      case 'positionCloseOut':
      case 'positionDeleveraged':
        recordLiquidation(history, block, event, certificateOf.get(event) ?? 0, docs);
        break;
      case 'insurancePaid':
      case 'liquidationEnded':
        recordLiquidation(history, block, event, 0, docs);
        break;
      case 'auctionStarted':
        recordLiquidation(history, block, event, 0, docs);
        recordAuction(history, startedAuction(event, block.timeMs), docs);
        break;
      case 'auctionStepped': {
        const { limitTicks, remainingLots } = event;
        recordAuction(history, { ...runningAuction(history, event.auctionId), limitTicks, remainingLots }, docs);
        break;
      }
      case 'auctionEnded':
        recordAuctionEnd(history, event, docs);
        break;
      case 'closeOutCertified':
        history.certificatesTotal += 1;
        history.certificates.push(event.certificate);
        docs.certificates.push(event.certificate);
        break;
      case 'marginCall':
      case 'preLiquidation': {
        const doc: MarginEventDoc = { sequence: block.sequence, timeMs: block.timeMs, event };
        history.marginEvents.push(doc);
        docs.marginEvents.push(doc);
        break;
      }
      default:
        notePrices(event, docs);
        // What the other events change is state, and state is published as it is, not as history.
        break;
    }
  }
}

/** Prices and collateral assets are no part of what the engine calls dirty: their leaf is the exchange's own. */
function notePrices(event: Event, docs: BlockDocs): void {
  switch (event.kind) {
    case 'indexPriceUpdated':
      docs.pricedMarkets.add(event.marketId);
      break;
    case 'collateralPriceUpdated':
      docs.pricedAssets.add(event.assetId);
      docs.collateralsChanged = true;
      break;
    case 'collateralListed':
    case 'collateralConverted':
    case 'priceFeedersSet':
      docs.collateralsChanged = true;
      break;
    case 'depositCredited':
    case 'withdrawalRequested':
    case 'priceBandTripped':
    case 'priceBandReleased':
      if (event.assetId !== 0) docs.collateralsChanged = true;
      break;
    default:
      break;
  }
}

/** Each step that traded, with the certificate that was told next after it. */
function certifiedSteps(events: readonly Event[]): ReadonlyMap<Event, number> {
  const certified = new Map<Event, number>();
  let step: Event | undefined;
  for (const event of events) {
    if (event.kind === 'positionCloseOut' || event.kind === 'positionDeleveraged') step = event;
    else if (event.kind === 'closeOutCertified' && step !== undefined) {
      certified.set(step, event.certificate.certificateId);
      step = undefined;
    }
  }
  return certified;
}

function recordLiquidation(
  history: History,
  block: EventBlock,
  event: LiquidationDoc['event'],
  certificateId: number,
  docs: BlockDocs,
): void {
  const doc: LiquidationDoc = { sequence: block.sequence, timeMs: block.timeMs, event, certificateId };
  history.liquidations.push(doc);
  docs.liquidations.push(doc);
}

type EventOf<Kind extends Event['kind']> = Extract<Event, { readonly kind: Kind }>;

function startedAuction(event: EventOf<'auctionStarted'>, startMs: number): AuctionDoc {
  const { kind: _, ...auction } = event;
  return { ...auction, remainingLots: event.sizeLots, limitTicks: event.fillableTicks, startMs };
}

function runningAuction(history: History, auctionId: number): AuctionDoc {
  const auction = history.auctions.get(auctionId);
  assert(auction !== undefined, `auction ${auctionId} goes on without an event that began it`);
  return auction;
}

function recordAuction(history: History, auction: AuctionDoc, docs: BlockDocs): void {
  history.auctions.set(auction.auctionId, auction);
  docs.auctions.set(auction.auctionId, auction);
}

function recordAuctionEnd(history: History, event: EventOf<'auctionEnded'>, docs: BlockDocs): void {
  const { auctionId, reason, remainingLots } = event;
  const { accountId, marketId } = runningAuction(history, auctionId);
  history.auctions.delete(auctionId);
  docs.auctions.delete(auctionId);
  docs.endedAuctions.push({ auctionId, accountId, marketId, reason, remainingLots });
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
