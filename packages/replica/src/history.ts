import {
  type AuctionDoc,
  CANDLES_PER_MARKET_MAX,
  type CandleDoc,
  type CertificateDoc,
  type FillDoc,
  LIQUIDATIONS_MAX,
  type LiquidationDoc,
  type MarginEventDoc,
  TRADES_PER_MARKET_MAX,
  type TradeDoc,
} from '@keel/redis';
import type { AccountId, MarketId, OrderId, TimeMs } from '@keel/types';
import { FILLS_KEPT } from './limits.ts';
import { Newest } from './newest.ts';

/**
 * Newest certificates kept to fill an emptied Redis again: some 5 KiB each in a snapshot. Redis itself keeps more, and the
 * journal makes any of them again.
 */
const CERTIFICATES_KEPT = 1_000;
/** Margin calls and pre-liquidations over all accounts, for the same. */
const MARGIN_EVENTS_KEPT = 2_000;

/** Of an open order, what the engine's state does not keep. */
export interface OrderFacts {
  readonly accountId: AccountId;
  readonly placedMs: TimeMs;
}

export interface MarketHistory {
  readonly trades: Newest<TradeDoc>;
  readonly candles: Newest<CandleDoc>;
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
    candles: new Newest(CANDLES_PER_MARKET_MAX),
    tradeCount: 0,
    volumeAtoms: 0n,
  };
  history.markets.set(marketId, fresh);
  return fresh;
}

/** JSON of a history; equal histories give equal texts. */
export function writeHistory(history: History): string {
  return JSON.stringify({
    markets: [...history.markets].map(([marketId, market]) => ({
      marketId,
      trades: market.trades.list(),
      candles: market.candles.list(),
      tradeCount: market.tradeCount,
      volumeAtoms: String(market.volumeAtoms),
    })),
    fills: history.fills.list(),
    liquidations: history.liquidations.list(),
    marginEvents: history.marginEvents.list(),
    certificates: history.certificates.list(),
    auctions: [...history.auctions.values()],
    orders: [...history.orders].map(([orderId, { accountId, placedMs }]) => [orderId, accountId, placedMs]),
    ordersTotal: history.ordersTotal,
    liquidationsTotal: history.liquidationsTotal,
    certificatesTotal: history.certificatesTotal,
  });
}

interface HistoryJson {
  readonly markets: readonly {
    readonly marketId: MarketId;
    readonly trades: readonly TradeDoc[];
    readonly candles: readonly CandleDoc[];
    readonly tradeCount: number;
    readonly volumeAtoms: string;
  }[];
  readonly fills: readonly FillDoc[];
  readonly liquidations: readonly LiquidationDoc[];
  readonly marginEvents: readonly MarginEventDoc[];
  readonly certificates: readonly CertificateDoc[];
  readonly auctions: readonly AuctionDoc[];
  readonly orders: readonly (readonly [OrderId, AccountId, TimeMs])[];
  readonly ordersTotal: number;
  readonly liquidationsTotal: number;
  readonly certificatesTotal: number;
}

/** The history behind a text of `writeHistory`, which the snapshot's checksum vouches for. */
export function readHistory(text: string): History {
  const json = JSON.parse(text) as HistoryJson;
  const history: History = {
    markets: new Map(),
    fills: new Newest(FILLS_KEPT, json.fills),
    liquidations: new Newest(LIQUIDATIONS_MAX, json.liquidations),
    marginEvents: new Newest(MARGIN_EVENTS_KEPT, json.marginEvents),
    certificates: new Newest(CERTIFICATES_KEPT, json.certificates),
    auctions: new Map(json.auctions.map((auction) => [auction.auctionId, auction])),
    orders: new Map(json.orders.map(([orderId, accountId, placedMs]) => [orderId, { accountId, placedMs }])),
    ordersTotal: json.ordersTotal,
    liquidationsTotal: json.liquidationsTotal,
    certificatesTotal: json.certificatesTotal,
  };
  for (const market of json.markets) {
    history.markets.set(market.marketId, {
      trades: new Newest(TRADES_PER_MARKET_MAX, market.trades),
      candles: new Newest(CANDLES_PER_MARKET_MAX, market.candles),
      tradeCount: market.tradeCount,
      volumeAtoms: BigInt(market.volumeAtoms),
    });
  }
  return history;
}
