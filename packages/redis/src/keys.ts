import type { AccountId, Address, MarketId, OrderId, Side } from '@keel/types';
import type { CandleInterval } from './documents.ts';

/**
 * Every key of the read model. Units and shapes of what is behind them are in documents.ts; who writes and how long it
 * may grow is in the README table.
 */
const PREFIX = 'keel:';

/** Newest entries kept of each list; older ones live in the journal only. */
export const TRADES_PER_MARKET_MAX = 1_000;
export const FILLS_PER_ACCOUNT_MAX = 500;
export const LIQUIDATIONS_MAX = 1_000;
/** A list of its own, so that the exchange's liquidations do not push an account's out of reach. */
export const LIQUIDATIONS_PER_ACCOUNT_MAX = 200;
/** Margin calls and pre-liquidations. */
export const MARGIN_EVENTS_PER_ACCOUNT_MAX = 100;
/**
 * Certificates over the whole exchange: 3 to 10 KiB each, so about 30 MiB. Whoever needs an older one replays the journal,
 * which makes it again.
 */
export const CERTIFICATES_MAX = 5_000;
/** Of each interval. */
export const CANDLES_PER_MARKET_MAX = 1_500;
/** Orders that are over: of an account, */
export const CLOSED_ORDERS_PER_ACCOUNT_MAX = 2_000;
/** and of all accounts together, some 0.9 KiB each: the oldest go first, whoever's they are. */
export const CLOSED_ORDERS_MAX = 250_000;
export const FUNDING_PAYMENTS_PER_ACCOUNT_MAX = 1_000;
/** Hours. */
export const FUNDING_RATES_PER_MARKET_MAX = 2_000;
export const LEDGER_PER_ACCOUNT_MAX = 1_000;
/**
 * Entries of the event stream: some seconds. A reader that falls further behind starts again from a snapshot, which costs
 * less than the memory of a longer stream: an entry is 1 KiB, under full load some hundreds, most of it order updates.
 */
export const EVENTS_MAX = 500;
export const SETTLEMENT_EVENTS_MAX = 1_000;
/** About 1 GiB, a batch every ten seconds for four months. Far off, because the settler finds a loss by counting. */
export const BATCHES_MAX = 1_000_000;
/** Newest withdrawals of one recipient; older ones are on L1. */
export const WITHDRAWALS_MAX = 1_000;

/** Hash: sequence, timeMs, generation, stateRoot, batchIndex. */
export const headKey = `${PREFIX}head`;
/** Hash: symbol → MarketDoc. */
export const marketsKey = `${PREFIX}markets`;
/** Hash: accountId → AccountDoc. */
export const accountsKey = `${PREFIX}accounts`;
/** Hash: owner address → accountId of the main account. */
export const ownersKey = `${PREFIX}owners`;
/**
 * Hash: agent address → `accountId:expiresAtMs` of the approvals that may lead, the first first, with spaces between: the first
 * that has not expired leads to the owner's main account (see accountIdOf.lua).
 */
export const agentsKey = `${PREFIX}agents`;
/** Hash: assetId → CollateralDoc. */
export const collateralsKey = `${PREFIX}collaterals`;
/** Hash: feed → PriceDoc. */
export const pricesKey = `${PREFIX}prices`;
/** Hash: auctionId → AuctionDoc, those that run. */
export const auctionsKey = `${PREFIX}auctions`;
/** Hash: certificate name → CertificateDoc, */
export const certificatesKey = `${PREFIX}certificates`;
/** and sorted sets of the names: by id, by liquidation, by the account closed and by the other side. */
export const certificateIndexKeys: readonly string[] = [
  `${certificatesKey}:index`,
  `${certificatesKey}:liquidation`,
  `${certificatesKey}:account`,
  `${certificatesKey}:counterparty`,
];
/** List of all closed orders that are kept, newest first: `accountId name clientOrderId`, to forget the oldest. */
export const closedOrdersKey = `${PREFIX}closedorders`;
/** Text: ExchangeDoc. */
export const exchangeKey = `${PREFIX}exchange`;
/** List of LiquidationDoc, newest first. */
export const liquidationsKey = `${PREFIX}liquidations`;
/**
 * Stream with one entry per flush (field `publication`) or rebuild (field `reset`). Ids are Redis' own times, so that they
 * grow even when Redis comes back empty; order and gaps are told by the chain inside the entries.
 */
export const eventsKey = `${PREFIX}events`;
/** Hash: batchIndex → BatchDoc. */
export const batchesKey = `${PREFIX}batches`;
/** Sorted set of the batchIndexes. */
export const batchIndexKey = `${batchesKey}:index`;
/** Stream of SettlementEvent. */
export const settlementEventsKey = `${PREFIX}settlement`;
/** Hash: writer, puts. What the settler last wrote, to find out whether a fail-over lost some of it. */
export const settlementMarkKey = `${PREFIX}settlement:mark`;

/** Patterns of the keys of which there is one per market or account: state, replaced by every rebuild, */
export const stateKeyPatterns: readonly string[] = [
  `${PREFIX}book:*`,
  `${PREFIX}bookorders:*`,
  `${PREFIX}orders:*`,
  `${PREFIX}subaccounts:*`,
];
/** and history, which a rebuild carries on. */
export const historyKeyPatterns: readonly string[] = [
  `${PREFIX}trades:*`,
  `${PREFIX}fills:*`,
  `${PREFIX}candles:*`,
  `${PREFIX}margins:*`,
  `${PREFIX}closed:*`,
  `${PREFIX}funding:*`,
  `${PREFIX}rates:*`,
  `${PREFIX}ledger:*`,
  `${liquidationsKey}:*`,
];

/** Beginning of `ordersKey`, for the reading script, which learns the account in the same step. */
export const ordersKeyPrefix = `${PREFIX}orders:`;
export const fillsKeyPrefix = `${PREFIX}fills:`;
/**
 * Beginning of three keys for each account: a hash of OrderUpdateDoc by name, `:index` a sorted set of `name clientOrderId` by
 * sequence, `:names` a hash of names by clientOrderId.
 */
export const closedOrdersKeyPrefix = `${PREFIX}closed:`;
export const fundingPaymentsKeyPrefix = `${PREFIX}funding:`;
export const ledgerKeyPrefix = `${PREFIX}ledger:`;
export const subaccountsKeyPrefix = `${PREFIX}subaccounts:`;
export const marginEventsKeyPrefix = `${PREFIX}margins:`;
export const accountLiquidationsKeyPrefix = `${liquidationsKey}:`;

/** Hash: priceTicks → lots, one side of one book. */
export function levelsKey(marketId: MarketId, side: Side): string {
  return `${PREFIX}book:${marketId}:${side === 'buy' ? 'bids' : 'asks'}`;
}
/** Sorted set of the priceTicks that have lots, for reading the best ones only. */
export function levelIndexKey(marketId: MarketId, side: Side): string {
  return `${levelsKey(marketId, side)}:index`;
}
/** Name of a certificate: its id with leading zeros, so that names of one liquidation sort by age. */
export function certificateName(certificateId: number): string {
  return String(certificateId).padStart(16, '0');
}
/** Hash: orderId → `b` or `a`, priceTicks, shown lots and queue place with colons between; the orders that rest in one book. */
export function bookOrdersKey(marketId: MarketId): string {
  return `${PREFIX}bookorders:${marketId}`;
}
/** Name of an order that is over: its id with leading zeros, so that those of one sequence sort by age. */
export function closedOrderName(orderId: OrderId): string {
  return String(orderId).padStart(16, '0');
}
/** List of FundingPaymentDoc, newest first. */
export function fundingPaymentsKey(accountId: AccountId): string {
  return `${fundingPaymentsKeyPrefix}${accountId}`;
}
/** List of FundingRateDoc, newest first. */
export function fundingRatesKey(marketId: MarketId): string {
  return `${PREFIX}rates:${marketId}`;
}
/** List of LedgerDoc, newest first. */
export function ledgerKey(accountId: AccountId): string {
  return `${ledgerKeyPrefix}${accountId}`;
}
/** Hash: subaccount number → accountId, the owner's accounts but the main one. */
export function subaccountsKey(mainAccountId: AccountId): string {
  return `${subaccountsKeyPrefix}${mainAccountId}`;
}
/** List of MarginEventDoc, newest first. */
export function marginEventsKey(accountId: AccountId): string {
  return `${marginEventsKeyPrefix}${accountId}`;
}
/** Hash: orderId → OrderDoc. */
export function ordersKey(accountId: AccountId): string {
  return `${ordersKeyPrefix}${accountId}`;
}
/** List of FillDoc, newest first. */
export function fillsKey(accountId: AccountId): string {
  return `${fillsKeyPrefix}${accountId}`;
}
/** List of LiquidationDoc, newest first: those that liquidated or deleveraged the account. */
export function accountLiquidationsKey(accountId: AccountId): string {
  return `${accountLiquidationsKeyPrefix}${accountId}`;
}
/** List of TradeDoc, newest first. */
export function tradesKey(marketId: MarketId): string {
  return `${PREFIX}trades:${marketId}`;
}
/** Hash: openTimeMs → CandleDoc, */
export function candlesKey(marketId: MarketId, interval: CandleInterval): string {
  return `${PREFIX}candles:${marketId}:${interval}`;
}
/** and the sorted set of its openTimeMs. */
export function candleIndexKey(marketId: MarketId, interval: CandleInterval): string {
  return `${candlesKey(marketId, interval)}:index`;
}
/** Hash: withdrawalIndex → WithdrawalDoc. */
export function withdrawalsKey(recipient: Address): string {
  return `${PREFIX}withdrawals:${recipient}`;
}
/** Sorted set of the withdrawalIndexes of a recipient. */
export function withdrawalIndexKey(recipient: Address): string {
  return `${withdrawalsKey(recipient)}:index`;
}
