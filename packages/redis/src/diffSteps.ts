import type { MarketId, Side } from '@keel/types';
import { accountsOfLiquidation } from './accountsOfLiquidation.ts';
import type { DocTexts } from './docTexts.ts';
import type {
  AccountDoc,
  ApprovalsDoc,
  AuctionDoc,
  BookOrderDoc,
  CandleDoc,
  CertificateDoc,
  CollateralDoc,
  EndedAuction,
  ExchangeDoc,
  MarketDoc,
  OrderDoc,
  OrderUpdateDoc,
  PriceDoc,
} from './documents.ts';
import type { SettlementEvent } from './interfaces.ts';
import {
  accountLiquidationsKey,
  accountsKey,
  agentsKey,
  auctionsKey,
  BATCHES_MAX,
  batchesKey,
  batchIndexKey,
  bookOrdersKey,
  CANDLES_PER_MARKET_MAX,
  CERTIFICATES_MAX,
  CLOSED_ORDERS_MAX,
  CLOSED_ORDERS_PER_ACCOUNT_MAX,
  candleIndexKey,
  candlesKey,
  certificateIndexKeys,
  certificateName,
  certificatesKey,
  closedOrderName,
  closedOrdersKey,
  closedOrdersKeyPrefix,
  collateralsKey,
  exchangeKey,
  FILLS_PER_ACCOUNT_MAX,
  FUNDING_PAYMENTS_PER_ACCOUNT_MAX,
  FUNDING_RATES_PER_MARKET_MAX,
  fillsKey,
  fundingPaymentsKey,
  fundingRatesKey,
  LEDGER_PER_ACCOUNT_MAX,
  LIQUIDATIONS_MAX,
  LIQUIDATIONS_PER_ACCOUNT_MAX,
  ledgerKey,
  levelIndexKey,
  levelsKey,
  liquidationsKey,
  MARGIN_EVENTS_PER_ACCOUNT_MAX,
  marginEventsKey,
  marketsKey,
  ordersKey,
  ownersKey,
  pricesKey,
  SETTLEMENT_EVENTS_MAX,
  settlementEventsKey,
  subaccountsKey,
  TRADES_PER_MARKET_MAX,
  tradesKey,
  WITHDRAWALS_MAX,
  withdrawalIndexKey,
  withdrawalsKey,
} from './keys.ts';
import type { ClosedOrder, HistoryDocs, LevelDoc } from './stateDiff.ts';

type StepName =
  | 'setFields'
  | 'deleteFields'
  | 'deleteFieldsIfEqual'
  | 'setLevels'
  | 'setNumbered'
  | 'setCertificates'
  | 'setClosedOrders'
  | 'pushNewest'
  | 'appendEntry'
  | 'setText';

/** One step of writeStateDiff.lua: what it does to a key; some steps also touch the index keys after it. */
export interface Step {
  readonly name: StepName;
  readonly key: string;
  readonly indexKeys?: readonly string[];
  readonly args: (string | number)[];
}

export function marketSteps(markets: readonly MarketDoc[], texts: DocTexts): Step[] {
  const args = markets.flatMap((market) => [market.spec.symbol, texts.of(market)]);
  return some({ name: 'setFields', key: marketsKey, args });
}

export function levelSteps(levels: readonly LevelDoc[]): Step[] {
  const steps: Step[] = [];
  for (const [, group] of groupBy(levels, (level) => `${level.marketId}${level.side}`)) {
    const { marketId, side } = group[0] as { marketId: MarketId; side: Side };
    steps.push({
      name: 'setLevels',
      key: levelsKey(marketId, side),
      indexKeys: [levelIndexKey(marketId, side)],
      args: group.flatMap((level) => [level.priceTicks, level.sizeLots]),
    });
  }
  return steps;
}

export function accountSteps(accounts: readonly AccountDoc[]): Step[] {
  return [
    ...some({
      name: 'setFields',
      key: accountsKey,
      args: accounts.flatMap((account) => [account.accountId, JSON.stringify(account)]),
    }),
    ...some({
      name: 'setFields',
      key: ownersKey,
      args: accounts.flatMap((account) => (account.subaccount === 0 ? [account.owner, account.accountId] : [])),
    }),
    ...[...groupBy(accounts, (account) => account.mainAccountId)].flatMap(([mainAccountId, group]) =>
      some({
        name: 'setFields',
        key: subaccountsKey(mainAccountId),
        args: group.flatMap(({ subaccount, accountId }) => (subaccount === 0 ? [] : [subaccount, accountId])),
      }),
    ),
  ];
}

/** Approvals of one agent that are written: a longer chain of ever later expiries is nobody's honest use. */
const APPROVALS_PER_AGENT_MAX = 32;

export function approvalSteps(approvals: readonly ApprovalsDoc[]): Step[] {
  const leading = approvals.map((doc) => ({ agent: doc.agent, leads: leadsOf(doc) }));
  return [
    ...some({
      name: 'deleteFields',
      key: agentsKey,
      args: leading.flatMap(({ agent, leads }) => (leads === '' ? [agent] : [])),
    }),
    ...some({
      name: 'setFields',
      key: agentsKey,
      args: leading.flatMap(({ agent, leads }) => (leads === '' ? [] : [agent, leads])),
    }),
  ];
}

/** Those that may come to lead as time passes, the first first: one that ends no later than one before it never does. */
function leadsOf({ approvals }: ApprovalsDoc): string {
  const leads: string[] = [];
  let untilMs = -1;
  for (const { accountId, expiresAtMs } of approvals) {
    if (untilMs === 0 || leads.length === APPROVALS_PER_AGENT_MAX) break;
    if (expiresAtMs !== 0 && expiresAtMs <= untilMs) continue;
    leads.push(`${accountId}:${expiresAtMs}`);
    untilMs = expiresAtMs;
  }
  return leads.join(' ');
}

export function bookOrderSteps(orders: readonly BookOrderDoc[]): Step[] {
  return [...groupBy(orders, (order) => order.marketId)].flatMap(([marketId, group]) => {
    const key = bookOrdersKey(marketId);
    const gone = group.flatMap(({ orderId, sizeLots }) => (sizeLots === 0 ? [orderId] : []));
    const there = group.flatMap(({ orderId, side, priceTicks, sizeLots, queuePlace }) =>
      sizeLots === 0 ? [] : [orderId, `${side === 'buy' ? 'b' : 'a'}:${priceTicks}:${sizeLots}:${queuePlace}`],
    );
    return [...some({ name: 'deleteFields', key, args: gone }), ...some({ name: 'setFields', key, args: there })];
  });
}

export function orderSteps(orders: readonly OrderDoc[], texts: DocTexts): Step[] {
  return [...groupBy(orders, (order) => order.accountId)].map(([accountId, group]) => ({
    name: 'setFields',
    key: ordersKey(accountId),
    args: group.flatMap((order) => [order.orderId, texts.of(order)]),
  }));
}

export function closedOrderSteps(closed: readonly ClosedOrder[]): Step[] {
  return [...groupBy(closed, (order) => order.accountId)].map(([accountId, group]) => ({
    name: 'deleteFields',
    key: ordersKey(accountId),
    args: group.map((order) => order.orderId),
  }));
}

export function candleSteps(candles: readonly CandleDoc[], texts: DocTexts): Step[] {
  return [...groupBy(candles, (candle) => candlesKey(candle.marketId, candle.interval))].map(([key, group]) => {
    const { marketId, interval } = group[0] as CandleDoc;
    return {
      name: 'setNumbered',
      key,
      indexKeys: [candleIndexKey(marketId, interval)],
      args: [CANDLES_PER_MARKET_MAX, ...group.flatMap((candle) => [candle.openTimeMs, texts.of(candle)])],
    };
  });
}

export function historySteps(history: HistoryDocs, texts: DocTexts): Step[] {
  const steps: Step[] = [];
  const push = (key: string, max: number, docs: readonly object[]): void => {
    // More than the list keeps would only be trimmed again.
    const args = [max, ...docs.slice(-max).map((doc) => texts.of(doc))];
    if (docs.length > 0) steps.push({ name: 'pushNewest', key, args });
  };
  for (const [marketId, trades] of groupBy(history.trades, (trade) => trade.marketId))
    push(tradesKey(marketId), TRADES_PER_MARKET_MAX, trades);
  for (const [accountId, fills] of groupBy(history.fills, (fill) => fill.accountId))
    push(fillsKey(accountId), FILLS_PER_ACCOUNT_MAX, fills);
  push(liquidationsKey, LIQUIDATIONS_MAX, history.liquidations);
  const named = history.liquidations.flatMap((doc) =>
    accountsOfLiquidation(doc).map((accountId) => ({ accountId, doc })),
  );
  for (const [accountId, group] of groupBy(named, (entry) => entry.accountId)) {
    const docs = group.map((entry) => entry.doc);
    push(accountLiquidationsKey(accountId), LIQUIDATIONS_PER_ACCOUNT_MAX, docs);
  }
  for (const [accountId, docs] of groupBy(history.marginEvents, ({ event }) => event.accountId))
    push(marginEventsKey(accountId), MARGIN_EVENTS_PER_ACCOUNT_MAX, docs);
  for (const [accountId, docs] of groupBy(history.fundingPayments, (payment) => payment.accountId))
    push(fundingPaymentsKey(accountId), FUNDING_PAYMENTS_PER_ACCOUNT_MAX, docs);
  for (const [marketId, docs] of groupBy(history.fundingRates, (rate) => rate.marketId))
    push(fundingRatesKey(marketId), FUNDING_RATES_PER_MARKET_MAX, docs);
  for (const [accountId, docs] of groupBy(history.ledger, (line) => line.accountId))
    push(ledgerKey(accountId), LEDGER_PER_ACCOUNT_MAX, docs);
  return [
    ...steps,
    ...closedOrderHistorySteps(history.orderUpdates, texts),
    ...certificateSteps(history.certificates, texts),
  ];
}

/** Of all accounts in one step: whose oldest goes is known in Redis only. */
function closedOrderHistorySteps(updates: readonly OrderUpdateDoc[], texts: DocTexts): Step[] {
  const closed = updates.filter(({ closeReason }) => closeReason !== undefined);
  if (closed.length === 0) return [];
  const args = closed.flatMap((update): (string | number)[] => [
    update.accountId,
    closedOrderName(update.order.orderId),
    update.order.clientOrderId,
    update.sequence,
    texts.of(update),
  ]);
  const bounds = [CLOSED_ORDERS_PER_ACCOUNT_MAX, CLOSED_ORDERS_MAX, closedOrdersKeyPrefix];
  return [{ name: 'setClosedOrders', key: closedOrdersKey, args: [...bounds, ...args] }];
}

function certificateSteps(certificates: readonly CertificateDoc[], texts: DocTexts): Step[] {
  const kept = certificates.slice(-CERTIFICATES_MAX);
  if (kept.length === 0) return [];
  const args = kept.flatMap((certificate): (string | number)[] => [
    certificateName(certificate.certificateId),
    texts.of(certificate),
    certificate.certificateId,
    certificate.liquidationId,
    certificate.accountId,
    certificate.counterpartyId,
  ]);
  const step = { name: 'setCertificates', key: certificatesKey, indexKeys: certificateIndexKeys } as const;
  return [{ ...step, args: [CERTIFICATES_MAX, ...args] }];
}

export function auctionSteps(auctions: readonly AuctionDoc[], texts: DocTexts): Step[] {
  const args = auctions.flatMap((auction) => [auction.auctionId, texts.of(auction)]);
  return some({ name: 'setFields', key: auctionsKey, args });
}

export function endedAuctionSteps(ended: readonly EndedAuction[]): Step[] {
  return some({ name: 'deleteFields', key: auctionsKey, args: ended.map(({ auctionId }) => auctionId) });
}

export function collateralSteps(collaterals: readonly CollateralDoc[], texts: DocTexts): Step[] {
  const args = collaterals.flatMap((collateral) => [collateral.spec.assetId, texts.of(collateral)]);
  return some({ name: 'setFields', key: collateralsKey, args });
}

export function priceSteps(prices: readonly PriceDoc[]): Step[] {
  const args = prices.flatMap((price) => [price.feed, JSON.stringify(price)]);
  return some({ name: 'setFields', key: pricesKey, args });
}

export function settlementSteps(events: readonly SettlementEvent[]): Step[] {
  return events.flatMap((event): Step[] => [
    event.kind === 'batch'
      ? {
          name: 'setNumbered',
          key: batchesKey,
          indexKeys: [batchIndexKey],
          args: [BATCHES_MAX, event.batch.batchIndex, JSON.stringify(event.batch)],
        }
      : {
          name: 'setNumbered',
          key: withdrawalsKey(event.withdrawal.recipient),
          indexKeys: [withdrawalIndexKey(event.withdrawal.recipient)],
          args: [WITHDRAWALS_MAX, event.withdrawal.withdrawalIndex, JSON.stringify(event.withdrawal)],
        },
    { name: 'appendEntry', key: settlementEventsKey, args: [SETTLEMENT_EVENTS_MAX, 'event', JSON.stringify(event)] },
  ]);
}

export function exchangeSteps(exchange: ExchangeDoc | undefined, texts: DocTexts): Step[] {
  return exchange === undefined ? [] : [{ name: 'setText', key: exchangeKey, args: [texts.of(exchange)] }];
}

/** Arguments of writeStateDiff.lua outside of a flush: no fence, no head, no stream entry. */
export const STEPS_ONLY: readonly string[] = Array.from({ length: 9 }, () => '');

/** The keys and arguments that writeStateDiff.lua reads, after its own fixed ones. */
export function encodeSteps(steps: readonly Step[], fixedKeys: number): { keys: string[]; args: (string | number)[] } {
  const keys: string[] = [];
  const args: (string | number)[] = [];
  for (const step of steps) {
    keys.push(step.key);
    args.push(step.name, fixedKeys + keys.length, step.args.length);
    for (const arg of step.args) args.push(arg);
    keys.push(...(step.indexKeys ?? []));
  }
  return { keys, args };
}

function some(step: Step): Step[] {
  return step.args.length === 0 ? [] : [step];
}

/** Items by key, keys in order of first appearance. */
function groupBy<Item, Key>(items: readonly Item[], keyOf: (item: Item) => Key): Map<Key, Item[]> {
  const groups = new Map<Key, Item[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}
