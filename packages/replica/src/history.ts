import { type EngineState, listAccounts, readOrder } from '@keel/engine';
import {
  type AuctionDoc,
  type CandleDoc,
  type CertificateDoc,
  type FillDoc,
  FUNDING_RATES_PER_MARKET_MAX,
  type FundingPaymentDoc,
  type FundingRateDoc,
  type LedgerDoc,
  LIQUIDATIONS_MAX,
  type LiquidationDoc,
  type MarginEventDoc,
  type OrderUpdateDoc,
  TRADES_PER_MARKET_MAX,
  type TradeDoc,
} from '@keel/redis';
import { type AccountId, type Address, assert, type MarketId, type OrderId, type TimeMs } from '@keel/types';
import { AgentApprovals } from './agentApprovals.ts';
import { CandleHistory } from './candleHistory.ts';
import { CLOSED_ORDERS_KEPT, FILLS_KEPT, FUNDING_PAYMENTS_KEPT, LEDGER_KEPT } from './limits.ts';
import { Newest } from './newest.ts';
import { factsOfOpen, type OrderFacts } from './orderFacts.ts';

/**
 * Newest certificates kept to fill an emptied Redis again: some 5 KiB each in a snapshot. Redis itself keeps more, and the
 * journal makes any of them again.
 */
const CERTIFICATES_KEPT = 1_000;
/** Margin calls and pre-liquidations over all accounts, for the same. */
const MARGIN_EVENTS_KEPT = 2_000;

export interface MarketHistory {
  readonly trades: Newest<TradeDoc>;
  readonly candles: CandleHistory;
  readonly fundingRates: Newest<FundingRateDoc>;
  tradeCount: number;
  volumeAtoms: bigint;
}

/**
 * What happened lately: derived from events alone, in no state root, decides nothing. It is here so that the read model
 * can be written anew when Redis was emptied, and it is part of each snapshot so that a restart keeps it.
 */
export interface History {
  readonly markets: Map<MarketId, MarketHistory>;
  readonly fills: Newest<FillDoc>;
  readonly liquidations: Newest<LiquidationDoc>;
  readonly marginEvents: Newest<MarginEventDoc>;
  readonly certificates: Newest<CertificateDoc>;
  readonly closedOrders: Newest<OrderUpdateDoc>;
  readonly fundingPayments: Newest<FundingPaymentDoc>;
  readonly ledger: Newest<LedgerDoc>;
  /** USDC atoms that each account traded in the book since it was opened; none of 0. */
  readonly volumes: Map<AccountId, bigint>;
  readonly approvals: AgentApprovals;
  /** Every running auction, and no other. */
  readonly auctions: Map<number, AuctionDoc>;
  /** Every open order (resting, waiting, in slices), and no other. */
  readonly orders: Map<OrderId, OrderFacts>;
  ordersTotal: number;
  liquidationsTotal: number;
  certificatesTotal: number;
}

export function createHistory(): History {
  return {
    markets: new Map(),
    fills: new Newest(FILLS_KEPT),
    liquidations: new Newest(LIQUIDATIONS_MAX),
    marginEvents: new Newest(MARGIN_EVENTS_KEPT),
    certificates: new Newest(CERTIFICATES_KEPT),
    closedOrders: new Newest(CLOSED_ORDERS_KEPT),
    fundingPayments: new Newest(FUNDING_PAYMENTS_KEPT),
    ledger: new Newest(LEDGER_KEPT),
    volumes: new Map(),
    approvals: new AgentApprovals(),
    auctions: new Map(),
    orders: new Map(),
    ordersTotal: 0,
    liquidationsTotal: 0,
    certificatesTotal: 0,
  };
}

export function marketHistory(history: History, marketId: MarketId): MarketHistory {
  const known = history.markets.get(marketId);
  if (known !== undefined) return known;
  const fresh: MarketHistory = {
    trades: new Newest(TRADES_PER_MARKET_MAX),
    candles: new CandleHistory(),
    fundingRates: new Newest(FUNDING_RATES_PER_MARKET_MAX),
    tradeCount: 0,
    volumeAtoms: 0n,
  };
  history.markets.set(marketId, fresh);
  return fresh;
}

/** An order, its account and when it was placed; then what its fills were worth and when it fired, if either is there. */
type OrderTuple = readonly [OrderId, AccountId, TimeMs, number?, TimeMs?];

/**
 * JSON of a history; equal histories give equal texts. What older programs do not know stands in fields of its own, so that
 * each reads the snapshots of the other.
 */
export function writeHistory(history: History): string {
  const json: HistoryJson = {
    markets: [...history.markets].map(([marketId, market]) => ({
      marketId,
      trades: market.trades.list(),
      candles: market.candles.listOf('1m'),
      longCandles: market.candles
        .list()
        .filter(({ interval }) => interval !== '1m')
        .map(writeCandle),
      fundingRates: market.fundingRates.list(),
      tradeCount: market.tradeCount,
      volumeAtoms: String(market.volumeAtoms),
    })),
    fills: history.fills.list(),
    liquidations: history.liquidations.list(),
    marginEvents: history.marginEvents.list(),
    certificates: history.certificates.list(),
    closedOrders: history.closedOrders.list(),
    fundingPayments: history.fundingPayments.list(),
    ledger: history.ledger.list(),
    volumes: [...history.volumes].map(([accountId, atoms]) => [accountId, String(atoms)]),
    approvals: history.approvals
      .list()
      .flatMap(({ agent, approvals }) =>
        approvals.map(({ accountId, expiresAtMs }) => [agent, accountId, expiresAtMs] as const),
      ),
    auctions: [...history.auctions.values()],
    orders: [...history.orders].map(([orderId, { terms, placedMs, filledAtoms, firedMs }]): OrderTuple => {
      const always = [orderId, terms.accountId, placedMs] as const;
      return filledAtoms === 0 && firedMs === 0 ? always : [...always, filledAtoms, firedMs];
    }),
    ordersTotal: history.ordersTotal,
    liquidationsTotal: history.liquidationsTotal,
    certificatesTotal: history.certificatesTotal,
  };
  return JSON.stringify(json);
}

/** Interval, open time, open, high, low, close, lots, trades, atoms: there are thousands of them in each market. */
type CandleTuple = readonly [CandleDoc['interval'], number, number, number, number, number, number, number, string];

function writeCandle(candle: CandleDoc): CandleTuple {
  const { interval, openTimeMs, openTicks, highTicks, lowTicks, closeTicks, volumeLots, trades, volumeAtoms } = candle;
  return [interval, openTimeMs, openTicks, highTicks, lowTicks, closeTicks, volumeLots, trades, volumeAtoms];
}

function readCandle(marketId: MarketId, tuple: CandleTuple): CandleDoc {
  const [interval, openTimeMs, openTicks, highTicks, lowTicks, closeTicks, volumeLots, trades, volumeAtoms] = tuple;
  return {
    marketId,
    interval,
    openTimeMs,
    openTicks,
    highTicks,
    lowTicks,
    closeTicks,
    volumeLots,
    volumeAtoms,
    trades,
  };
}

/** What is optional is not in snapshots of older programs. */
interface HistoryJson {
  readonly markets: readonly {
    readonly marketId: MarketId;
    readonly trades: readonly TradeDoc[];
    /** Of a minute. */
    readonly candles: readonly CandleDoc[];
    readonly longCandles?: readonly CandleTuple[];
    readonly fundingRates?: readonly FundingRateDoc[];
    readonly tradeCount: number;
    readonly volumeAtoms: string;
  }[];
  readonly fills: readonly FillDoc[];
  readonly liquidations: readonly LiquidationDoc[];
  readonly marginEvents: readonly MarginEventDoc[];
  readonly certificates: readonly CertificateDoc[];
  readonly closedOrders?: readonly OrderUpdateDoc[];
  readonly fundingPayments?: readonly FundingPaymentDoc[];
  readonly ledger?: readonly LedgerDoc[];
  readonly volumes?: readonly (readonly [AccountId, string])[];
  /** Of each agent in the order in which they came. */
  readonly approvals?: readonly (readonly [Address, AccountId, TimeMs])[];
  readonly auctions: readonly AuctionDoc[];
  readonly orders: readonly OrderTuple[];
  readonly ordersTotal: number;
  readonly liquidationsTotal: number;
  readonly certificatesTotal: number;
}

/** The history behind a text of `writeHistory`, which the snapshot's checksum vouches for, beside the state of that snapshot. */
export function readHistory(text: string, state: EngineState): History {
  const json = JSON.parse(text) as HistoryJson;
  const history: History = {
    markets: new Map(),
    fills: new Newest(FILLS_KEPT, json.fills),
    liquidations: new Newest(LIQUIDATIONS_MAX, json.liquidations),
    marginEvents: new Newest(MARGIN_EVENTS_KEPT, json.marginEvents),
    certificates: new Newest(CERTIFICATES_KEPT, json.certificates),
    closedOrders: new Newest(CLOSED_ORDERS_KEPT, json.closedOrders),
    fundingPayments: new Newest(FUNDING_PAYMENTS_KEPT, json.fundingPayments),
    ledger: new Newest(LEDGER_KEPT, json.ledger),
    volumes: new Map((json.volumes ?? []).map(([accountId, atoms]) => [accountId, BigInt(atoms)])),
    approvals: readApprovals(json.approvals ?? approvalsIn(state)),
    auctions: new Map(json.auctions.map((auction) => [auction.auctionId, auction])),
    orders: new Map(json.orders.map((tuple) => [tuple[0], readFacts(tuple, state)])),
    ordersTotal: json.ordersTotal,
    liquidationsTotal: json.liquidationsTotal,
    certificatesTotal: json.certificatesTotal,
  };
  for (const market of json.markets) {
    const { marketId, longCandles } = market;
    const candles = new CandleHistory();
    candles.load(market.candles);
    if (longCandles === undefined) candles.deriveLonger(market.candles);
    else candles.load(longCandles.map((tuple) => readCandle(marketId, tuple)));
    history.markets.set(marketId, {
      trades: new Newest(TRADES_PER_MARKET_MAX, market.trades),
      candles,
      fundingRates: new Newest(FUNDING_RATES_PER_MARKET_MAX, market.fundingRates),
      tradeCount: market.tradeCount,
      volumeAtoms: BigInt(market.volumeAtoms),
    });
  }
  return history;
}

function readFacts([orderId, , placedMs, filledAtoms = 0, firedMs = 0]: OrderTuple, state: EngineState): OrderFacts {
  const order = readOrder(state, orderId);
  assert(order !== undefined, `order ${orderId} is in a snapshot's history and not open in its state`);
  return factsOfOpen(order, placedMs, filledAtoms, firedMs);
}

function readApprovals(tuples: Iterable<readonly [Address, AccountId, TimeMs]>): AgentApprovals {
  const approvals = new AgentApprovals();
  for (const [agent, accountId, expiresAtMs] of tuples) approvals.add(accountId, agent, expiresAtMs);
  return approvals;
}

/** Nobody noted which of several owners approved an agent first: then the account that was opened first counts as first. */
function* approvalsIn(state: EngineState): Iterable<readonly [Address, AccountId, TimeMs]> {
  for (const { accountId, agents } of listAccounts(state))
    for (const { agent, expiresAtMs } of agents) yield [agent, accountId, expiresAtMs];
}
