import type { Event, EventKind, MarketId, Side } from '@keel/types';
import { trimReduceOnly } from './afterFill.ts';
import { closeOrder } from './closeOrder.ts';
import { noteMark } from './conditions.ts';
import { matchTaker, type Taker } from './matchOrder.ts';
import {
  accountOf,
  findOrder,
  type Model,
  type ModelOrder,
  marketOf,
  ordersOfAccount,
  positionOf,
  restingOrders,
} from './model.ts';
import { changePosition, settleFunding } from './money.ts';

/** What the oracle believes the engine when time passes: prices and funding rates; */
const BELIEVED_OF_TIME: readonly EventKind[] = ['markPriceUpdated', 'fundingRateSettled'];

/** and what it believes of commands that are not about orders: money in and out, markets, keys and prices. */
const BELIEVED_OF_COMMANDS: readonly EventKind[] = [
  'marketListed',
  'accountOpened',
  'depositCredited',
  'agentApproved',
  'agentRevoked',
  'withdrawalRequested',
  'batchSealed',
  'priceBandTripped',
  'priceBandReleased',
  'indexPriceUpdated',
  'markPriceUpdated',
  'commandRejected',
];

/** The event of the engine that stands where the next predicted one will stand. */
function nextGiven(model: Model): Event | undefined {
  return model.given[model.events.length];
}

/** Takes over what the engine says that passing time did to prices and funding. */
export function believeTime(model: Model): void {
  believe(model, BELIEVED_OF_TIME);
}

/** Takes over what the engine says that a command did which is not about orders. */
export function believeCommand(model: Model): void {
  believe(model, BELIEVED_OF_COMMANDS);
}

function believe(model: Model, kinds: readonly EventKind[]): void {
  for (let event = nextGiven(model); event !== undefined; event = nextGiven(model)) {
    if (!kinds.includes(event.kind)) return;
    model.events.push(event);
    learnFact(model, event);
  }
}

function learnFact(model: Model, event: Event): void {
  switch (event.kind) {
    case 'marketListed':
      model.markets.push({
        spec: event.spec,
        status: 'open',
        indexTicks: 0,
        indexTimeMs: 0,
        indexInDoubt: false,
        markTicks: 0,
        fundingIndex: 0,
      });
      return;
    case 'accountOpened':
      model.accounts.push({
        accountId: event.accountId,
        owner: event.owner,
        collateralAtoms: 0,
        inLiquidation: false,
        positions: [],
        protections: [],
        agents: [],
        cancelAllAfterMs: 0,
        closedNames: [],
      });
      return;
    case 'depositCredited':
      accountOf(model, event.accountId).collateralAtoms += event.amountAtoms;
      return;
    case 'withdrawalRequested':
      accountOf(model, event.accountId).collateralAtoms -= event.amountAtoms;
      return;
    case 'agentApproved':
    case 'agentRevoked': {
      const account = accountOf(model, event.accountId);
      const { agent } = event;
      account.agents = account.agents.filter((other) => other.agent !== agent);
      if (event.kind === 'agentApproved') account.agents.push({ agent, expiresAtMs: event.expiresAtMs });
      return;
    }
    case 'priceBandTripped':
    case 'priceBandReleased':
      if (event.marketId !== 0) marketOf(model, event.marketId).indexInDoubt = event.kind === 'priceBandTripped';
      return;
    case 'indexPriceUpdated': {
      const market = marketOf(model, event.marketId);
      market.indexTicks = event.indexTicks;
      market.indexTimeMs = event.publishTimeMs;
      return;
    }
    case 'markPriceUpdated':
      marketOf(model, event.marketId).markTicks = event.markTicks;
      noteMark(model, event.marketId);
      return;
    case 'fundingRateSettled':
      marketOf(model, event.marketId).fundingIndex = event.fundingIndex;
      return;
    default:
      return;
  }
}

/**
 * Who is liquidated, when and how far is believed; what that does to orders is predicted: the close of all of the
 * account's, each fill of a close-out with its limit and size, and the trims after a deleveraging.
 */
export function followLiquidations(model: Model): void {
  for (let event = nextGiven(model); event !== undefined; event = nextGiven(model)) {
    const before = model.events.length;
    followOne(model, event);
    if (model.events.length === before) return;
  }
}

function followOne(model: Model, event: Event): void {
  switch (event.kind) {
    case 'liquidationStarted':
      model.events.push(event);
      accountOf(model, event.accountId).inLiquidation = true;
      for (const order of ordersOfAccount(model, event.accountId)) {
        if (order.state !== 'over') closeOrder(model, order, 'liquidation');
      }
      return;
    case 'liquidationEnded':
      model.events.push(event);
      accountOf(model, event.accountId).inLiquidation = false;
      return;
    case 'auctionStarted':
    case 'auctionStepped':
    case 'auctionEnded':
    case 'closeOutCertified':
    case 'marginCall':
    case 'preLiquidation':
      model.events.push(event);
      return;
    case 'insurancePaid':
      model.events.push(event);
      accountOf(model, event.accountId).collateralAtoms += event.amountAtoms;
      return;
    case 'positionDeleveraged':
      deleverage(model, event);
      return;
    case 'fundingPaid':
    case 'orderFilled':
    case 'orderClosed':
      followCloseOut(model, event);
      return;
    default:
      return;
  }
}

/** Funding of both, if owed, stands before the event. */
function deleverage(model: Model, event: Extract<Event, { kind: 'positionDeleveraged' }>): void {
  const { marketId, bankruptAccountId, deleveragedAccountId, sizeLots, quoteAtoms } = event;
  const sign = positionOf(model, bankruptAccountId, marketId).sizeLots > 0 ? 1 : -1;
  changePosition(model, bankruptAccountId, marketId, -sign * sizeLots, quoteAtoms);
  const realisedPnlAtoms = changePosition(model, deleveragedAccountId, marketId, sign * sizeLots, 0 - quoteAtoms);
  model.events.push({ ...event, realisedPnlAtoms });
  const certificate = nextGiven(model);
  if (certificate?.kind === 'closeOutCertified') model.events.push(certificate);
  trimReduceOnly(model, deleveragedAccountId, marketId);
}

/** The events up to the next `positionCloseOut` are its fills; without one, the attempt left closed makers at most. */
function followCloseOut(model: Model, event: Event): void {
  if (event.kind === 'orderClosed' && event.reason === 'preLiquidation') {
    takeRiskAway(model, event);
    return;
  }
  const rest = model.given.slice(model.events.length);
  const end = rest.find(({ kind }) => kind.startsWith('liquidation') || kind.startsWith('position'));
  if (end?.kind === 'positionCloseOut' && mayBeOf(model, event, end.marketId, end.side)) {
    const { accountId, marketId, side, sizeLots, limitTicks } = end;
    const taker = closeOutTaker({ accountId, marketId, side, limitTicks, leftLots: sizeLots });
    matchTaker(model, taker);
    model.events.push({ ...end, filledLots: taker.filledLots, quoteAtoms: Number(taker.cashAtoms) });
    accountOf(model, accountId).collateralAtoms -= end.feeAtoms;
  } else if (event.kind === 'fundingPaid' && end?.kind === 'positionDeleveraged') {
    settleFunding(model, event.accountId, event.marketId);
  } else if (event.kind === 'orderClosed') {
    closeRefusedMaker(model, event);
  }
}

/** Whose margin is short is believed; that it is an order which may add risk that goes, is not. */
function takeRiskAway(model: Model, event: Extract<Event, { kind: 'orderClosed' }>): void {
  const order = findOrder(model, event.orderId);
  if (order?.state === 'resting' && !order.reduceOnly) closeOrder(model, order, 'preLiquidation');
}

/** An order that goes may also be what is left of an attempt on another book, which took nothing. */
function mayBeOf(model: Model, event: Event, marketId: MarketId, side: Side): boolean {
  if (event.kind !== 'orderClosed') return true;
  const order = findOrder(model, event.orderId);
  return order === undefined || (order.marketId === marketId && order.side !== side);
}

/** A close-out that nobody took may still have ended the orders it met first. */
function closeRefusedMaker(model: Model, event: Extract<Event, { kind: 'orderClosed' }>): void {
  const order = findOrder(model, event.orderId);
  if (order === undefined || !standsFirst(model, order)) return;
  if (event.reason === 'marginInsufficient' || event.reason === 'expired') closeOrder(model, order, event.reason);
}

function standsFirst(model: Model, order: ModelOrder): boolean {
  return restingOrders(model, order.marketId, order.side)[0] === order;
}

function closeOutTaker(
  terms: Pick<Taker, 'accountId' | 'marketId' | 'limitTicks' | 'leftLots'> & { readonly side: Side },
): Taker {
  return {
    ...terms,
    selfTrade: 'expireMaker',
    selfTradeScope: 'account',
    order: undefined,
    orderId: undefined,
    filledLots: 0,
    cashAtoms: 0n,
    ended: undefined,
  };
}
