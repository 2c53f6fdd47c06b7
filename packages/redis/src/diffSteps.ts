import type { MarketId, Side } from '@keel/types';
import { accountsOfLiquidation } from './accountsOfLiquidation.ts';
import type {
  AccountDoc,
  AuctionDoc,
  CandleDoc,
  CertificateDoc,
  CollateralDoc,
  EndedAuction,
  ExchangeDoc,
  MarketDoc,
  OrderDoc,
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
  CANDLES_PER_MARKET_MAX,
  CERTIFICATES_MAX,
  candleIndexKey,
  candlesKey,
  certificateIndexKeys,
  certificateName,
  certificatesKey,
  collateralsKey,
  exchangeKey,
  FILLS_PER_ACCOUNT_MAX,
  fillsKey,
  LIQUIDATIONS_MAX,
  LIQUIDATIONS_PER_ACCOUNT_MAX,
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
import type { ClosedOrder, HistoryDocs, LevelDoc, RevokedAgent } from './stateDiff.ts';

type StepName =
  | 'setFields'
  | 'deleteFields'
  | 'deleteFieldsIfEqual'
  | 'setLevels'
  | 'setNumbered'
  | 'setCertificates'
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

export function marketSteps(markets: readonly MarketDoc[]): Step[] {
  const args = markets.flatMap((market) => [market.spec.symbol, JSON.stringify(market)]);
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
    ...some({
      name: 'setFields',
      key: agentsKey,
      args: accounts.flatMap((account) => account.agents.flatMap(({ agent }) => [agent, account.mainAccountId])),
    }),
  ];
}

export function revokedAgentSteps(revoked: readonly RevokedAgent[]): Step[] {
  const args = revoked.flatMap(({ agent, accountId }) => [agent, accountId]);
  return some({ name: 'deleteFieldsIfEqual', key: agentsKey, args });
}

export function orderSteps(orders: readonly OrderDoc[]): Step[] {
  return [...groupBy(orders, (order) => order.accountId)].map(([accountId, group]) => ({
    name: 'setFields',
    key: ordersKey(accountId),
    args: group.flatMap((order) => [order.orderId, JSON.stringify(order)]),
  }));
}

export function closedOrderSteps(closed: readonly ClosedOrder[]): Step[] {
  return [...groupBy(closed, (order) => order.accountId)].map(([accountId, group]) => ({
    name: 'deleteFields',
    key: ordersKey(accountId),
    args: group.map((order) => order.orderId),
  }));
}

export function candleSteps(candles: readonly CandleDoc[]): Step[] {
  return [...groupBy(candles, (candle) => candlesKey(candle.marketId, candle.interval))].map(([key, group]) => {
    const { marketId, interval } = group[0] as CandleDoc;
    return {
      name: 'setNumbered',
      key,
      indexKeys: [candleIndexKey(marketId, interval)],
      args: [CANDLES_PER_MARKET_MAX, ...group.flatMap((candle) => [candle.openTimeMs, JSON.stringify(candle)])],
    };
  });
}

export function historySteps(history: HistoryDocs): Step[] {
  const steps: Step[] = [];
  const push = (key: string, max: number, docs: readonly object[]): void => {
    // More than the list keeps would only be trimmed again.
    const args = [max, ...docs.slice(-max).map((doc) => JSON.stringify(doc))];
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
  return [...steps, ...certificateSteps(history.certificates)];
}

function certificateSteps(certificates: readonly CertificateDoc[]): Step[] {
  const kept = certificates.slice(-CERTIFICATES_MAX);
  if (kept.length === 0) return [];
  const args = kept.flatMap((certificate): (string | number)[] => [
    certificateName(certificate.certificateId),
    JSON.stringify(certificate),
    certificate.certificateId,
    certificate.liquidationId,
    certificate.accountId,
    certificate.counterpartyId,
  ]);
  const step = { name: 'setCertificates', key: certificatesKey, indexKeys: certificateIndexKeys } as const;
  return [{ ...step, args: [CERTIFICATES_MAX, ...args] }];
}

export function auctionSteps(auctions: readonly AuctionDoc[]): Step[] {
  const args = auctions.flatMap((auction) => [auction.auctionId, JSON.stringify(auction)]);
  return some({ name: 'setFields', key: auctionsKey, args });
}

export function endedAuctionSteps(ended: readonly EndedAuction[]): Step[] {
  return some({ name: 'deleteFields', key: auctionsKey, args: ended.map(({ auctionId }) => auctionId) });
}

export function collateralSteps(collaterals: readonly CollateralDoc[]): Step[] {
  const args = collaterals.flatMap((collateral) => [collateral.spec.assetId, JSON.stringify(collateral)]);
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

export function exchangeSteps(exchange: ExchangeDoc | undefined): Step[] {
  return exchange === undefined ? [] : [{ name: 'setText', key: exchangeKey, args: [JSON.stringify(exchange)] }];
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
