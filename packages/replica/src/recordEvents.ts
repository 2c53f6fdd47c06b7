import type {
  AuctionDoc,
  CertificateDoc,
  EndedAuction,
  FillDoc,
  FundingPaymentDoc,
  FundingRateDoc,
  LedgerDoc,
  LiquidationDoc,
  MarginEventDoc,
  OrderUpdateDoc,
  TradeDoc,
} from '@keel/redis';
import {
  type AccountId,
  type Address,
  type AssetId,
  assert,
  type Event,
  type EventBlock,
  type MarketId,
  type MarketSpec,
  notionalAtoms,
  type OrderFilled,
  type OrderId,
  type QuoteAtoms,
  type Side,
  type SizeLots,
} from '@keel/types';
import type { GrowingCandle } from './candleHistory.ts';
import type { EngineView } from './engineView.ts';
import { type History, marketHistory } from './history.ts';
import { closedOrderOf, factsOf } from './orderFacts.ts';
import { positionsBefore } from './positionsBefore.ts';

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
  /** Candles that changed; they go on changing. */
  readonly candles: Set<GrowingCandle>;
  /** Agents whose approvals changed. */
  readonly agents: Set<Address>;
  /** Of orders that are over. */
  readonly orderUpdates: OrderUpdateDoc[];
  /** Those of them that may have been seen in a book. */
  readonly leftBook: OrderUpdateDoc[];
  readonly fundingPayments: FundingPaymentDoc[];
  readonly fundingRates: FundingRateDoc[];
  readonly ledger: LedgerDoc[];
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
    candles: new Set(),
    agents: new Set(),
    orderUpdates: [],
    leftBook: [],
    fundingPayments: [],
    fundingRates: [],
    ledger: [],
    closedOrders: new Map(),
  };
}

/** Writes the events of one block into the history, and what they add to the read model into `docs`. */
export function recordEvents(history: History, block: EventBlock, view: EngineView, docs: BlockDocs): void {
  const certificateOf = certifiedSteps(block.events);
  const before = movesPositions(block.events) ? positionsBefore(block.events, view) : undefined;
  for (const event of block.events) {
    switch (event.kind) {
      case 'orderAccepted':
        history.ordersTotal += 1;
        // What never becomes open closes in the same block.
        history.orders.set(event.orderId, factsOf(event, block.timeMs));
        break;
      case 'orderRested':
      case 'orderWaiting':
      case 'twapStarted':
      case 'orderTriggered':
      case 'orderAmended':
        noteOrder(history, event, block, view);
        break;
      case 'orderClosed':
        recordClosed(history, event, block, docs);
        break;
      case 'orderFilled':
        recordFill(history, block, event, before?.get(event) ?? [0, 0], view.market(event.marketId).spec, docs);
        break;
      case 'agentApproved': {
        const { accountId, agent, expiresAtMs } = event;
        const changed = history.approvals.approve(accountId, agent, expiresAtMs, block.timeMs);
        for (const other of changed) docs.agents.add(other);
        break;
      }
      case 'agentRevoked':
        history.approvals.revoke(event.accountId, event.agent);
        docs.agents.add(event.agent);
        break;
      case 'fundingPaid':
        recordFundingPayment(history, block, event, before?.get(event)?.[0] ?? 0, view, docs);
        break;
      case 'fundingRateSettled':
        recordFundingRate(history, block, event, view, docs);
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
        recordLedger(history, block, event, docs);
        notePrices(event, docs);
        // What the other events change is state, and state is published as it is, not as history.
        break;
    }
  }
}

function movesPositions(events: readonly Event[]): boolean {
  for (const { kind } of events) if (kind === 'orderFilled' || kind === 'fundingPaid') return true;
  return false;
}

type OrderNews = 'orderRested' | 'orderWaiting' | 'twapStarted' | 'orderTriggered' | 'orderAmended';

/** What the end of an order will be told with. */
function noteOrder(history: History, event: EventOf<OrderNews>, { timeMs }: EventBlock, view: EngineView): void {
  const facts = history.orders.get(event.orderId);
  assert(facts !== undefined, `order ${event.orderId} goes on without an event that accepted it`);
  if (event.kind === 'orderAmended') {
    facts.priceTicks = event.priceTicks;
  } else if (event.kind === 'orderWaiting') {
    facts.state = 'waiting';
  } else if (event.kind === 'twapStarted') {
    facts.state = 'twap';
  } else {
    facts.state = 'resting';
    if (event.kind === 'orderRested') facts.rested = true;
    else {
      facts.firedMs = timeMs;
      // A market order got its limit only now; no event tells it. One that is over by now keeps what it was accepted with.
      facts.priceTicks = view.order(event.orderId)?.priceTicks ?? facts.priceTicks;
    }
  }
}

function recordClosed(history: History, event: EventOf<'orderClosed'>, block: EventBlock, docs: BlockDocs): void {
  const facts = history.orders.get(event.orderId);
  assert(facts !== undefined, `order ${event.orderId} is over without an event that accepted it`);
  history.orders.delete(event.orderId);
  docs.closedOrders.set(event.orderId, event.accountId);
  const update = closedOrderOf(facts, event, block);
  history.closedOrders.push(update);
  docs.orderUpdates.push(update);
  if (facts.rested) docs.leftBook.push(update);
}

function recordFundingPayment(
  history: History,
  { timeMs, sequence }: EventBlock,
  { accountId, marketId, amountAtoms }: EventOf<'fundingPaid'>,
  sizeLots: SizeLots,
  view: EngineView,
  docs: BlockDocs,
): void {
  const { fundingIndex, fundingRatePpb: ratePpb } = view.market(marketId);
  const payment = { accountId, marketId, sizeLots, amountAtoms, fundingIndex, ratePpb, timeMs, sequence };
  history.fundingPayments.push(payment);
  docs.fundingPayments.push(payment);
}

function recordFundingRate(
  history: History,
  { timeMs, sequence }: EventBlock,
  { marketId, ratePpb, fundingIndex }: EventOf<'fundingRateSettled'>,
  view: EngineView,
  docs: BlockDocs,
): void {
  const { markTicks } = view.market(marketId);
  const rate: FundingRateDoc = { marketId, ratePpb, fundingIndex, markTicks, timeMs, sequence };
  marketHistory(history, marketId).fundingRates.push(rate);
  docs.fundingRates.push(rate);
}

/** A line for each account whose money the event moved. */
function recordLedger(history: History, { timeMs, sequence }: EventBlock, event: Event, docs: BlockDocs): void {
  const add = (accountId: AccountId, moved: LedgerDoc['event']): void => {
    const line: LedgerDoc = { accountId, event: moved, timeMs, sequence };
    history.ledger.push(line);
    docs.ledger.push(line);
  };
  switch (event.kind) {
    case 'depositCredited':
    case 'withdrawalRequested':
    case 'collateralConverted':
      add(event.accountId, event);
      break;
    case 'safetyFunded':
      // Out of the trading fees it is nobody's money.
      if (event.accountId !== 0) add(event.accountId, event);
      break;
    case 'transferred':
      add(event.fromAccountId, event);
      add(event.toAccountId, event);
      break;
    default:
      break;
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

function recordFill(
  history: History,
  block: EventBlock,
  fill: OrderFilled,
  [takerStartLots, makerStartLots]: readonly [SizeLots, SizeLots],
  spec: MarketSpec,
  docs: BlockDocs,
): void {
  const { tradeId, marketId, priceTicks, sizeLots, takerSide, liquidation } = fill;
  const { sequence, timeMs } = block;
  const market = marketHistory(history, marketId);
  const trade: TradeDoc = { tradeId, marketId, priceTicks, sizeLots, takerSide, timeMs, sequence, liquidation };
  market.trades.push(trade);
  market.tradeCount += 1;
  const worthAtoms = notionalAtoms(spec, priceTicks, sizeLots);
  const worth = BigInt(worthAtoms);
  market.volumeAtoms += worth;
  market.candles.record(trade, worth, docs.candles);
  docs.trades.push(trade);
  for (const accountId of [fill.takerAccountId, fill.makerAccountId])
    history.volumes.set(accountId, (history.volumes.get(accountId) ?? 0n) + worth);
  const takerName = noteTraded(history, fill.takerOrderId, sizeLots, worthAtoms);
  const makerName = noteTraded(history, fill.makerOrderId, sizeLots, worthAtoms);
  const shared = { tradeId, marketId, priceTicks, sizeLots, timeMs, sequence, liquidation };
  const taker: FillDoc = {
    ...shared,
    accountId: fill.takerAccountId,
    orderId: fill.takerOrderId,
    clientOrderId: takerName,
    startLots: takerStartLots,
    side: takerSide,
    role: 'taker',
    feeAtoms: fill.takerFeeAtoms,
    realisedPnlAtoms: fill.takerRealisedPnlAtoms,
  };
  const maker: FillDoc = {
    ...shared,
    accountId: fill.makerAccountId,
    orderId: fill.makerOrderId,
    clientOrderId: makerName,
    startLots: makerStartLots,
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

/** Counts what an order traded and answers the client's name for it. A close-out has no order of its own. */
function noteTraded(history: History, orderId: OrderId, sizeLots: SizeLots, worthAtoms: QuoteAtoms): string {
  const facts = history.orders.get(orderId);
  if (facts === undefined) return '';
  facts.filledLots += sizeLots;
  facts.filledAtoms += worthAtoms;
  return facts.terms.clientOrderId;
}

function opposite(side: Side): Side {
  return side === 'buy' ? 'sell' : 'buy';
}
