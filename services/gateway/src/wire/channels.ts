import { type TObject, type TSchema, Type } from 'typebox';
import { depositAnswer, fundingPaymentAnswer, orderUpdateAnswer, withdrawalRequestAnswer } from './accountEvents.ts';
import {
  accountAnswer,
  batchAnswer,
  candleAnswer,
  fillAnswer,
  level,
  marketAnswer,
  statusAnswer,
  tradeAnswer,
} from './answers.ts';
import { certificateAnswer } from './certificates.ts';
import { decimal, orNull, sequence, side, time } from './parts.ts';
import { auctionAnswer, endedAuctionAnswer, liquidationAnswer, marginEventAnswer } from './riskAnswers.ts';

/**
 * The channels of the WebSocket: from this table come the checks of `subscribe`, the frames and their descriptions. A frame is
 * `{…params that it was asked with, type, seq, prevSeq?, resync?, ts, data}`.
 */
export interface ChannelSchema {
  readonly summary: string;
  /** When a frame comes. */
  readonly update: string;
  /** What `subscribe` takes, `channel` among it. */
  readonly params: TObject;
  /** `data` of a frame. */
  readonly data: TSchema;
  /** Frames name the frame before (`prevSeq`), and `fromSeq` is answered with those that were missed while they are kept. */
  readonly chained: boolean;
}

const closed = { additionalProperties: false } as const;
const uint = (description: string) => Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER, description });

/** Prices of a book may be put together in steps of 1, 2 or 5 times a power of ten ticks. */
export const BOOK_LEVELS = [1, 5, 10, 20, 50, 100, 500, 1_000] as const;
export const BOOK_INTERVALS_MS = [20, 50, 100, 250, 500, 1_000, 5_000, 10_000, 60_000] as const;
export const CANDLE_CHANNEL_INTERVALS = ['1m', '5m', '15m', '1h', '4h', '1d'] as const;

const market = Type.String({ description: 'for example BTC-USD' });
const fromSeq = Type.Optional(
  Type.Integer({
    ...uint(
      '`seq` of the last frame that the client has: where the frames after it are kept, they come instead of a snapshot',
    ),
  }),
);
const channelParams = <Name extends string, Fields extends Record<string, TSchema>>(name: Name, fields: Fields) =>
  Type.Object({ channel: Type.Literal(name), ...fields, fromSeq }, closed);

const bookParams = channelParams('book', {
  market,
  levels: Type.Optional(
    Type.Union(
      BOOK_LEVELS.map((levels) => Type.Literal(levels)),
      {
        description: 'of each side, best first, in whole snapshots; 20 where only grouping or intervalMs is given',
      },
    ),
  ),
  grouping: Type.Optional(
    Type.String({
      maxLength: 20,
      description:
        'prices are put together in steps of so many USD, bids rounded down and asks up: 1, 2 or 5 times a power of ten ticks, a canonical decimal; makes whole snapshots',
    }),
  ),
  intervalMs: Type.Optional(
    Type.Union(
      BOOK_INTERVALS_MS.map((ms) => Type.Literal(ms)),
      {
        description: 'at most one snapshot in so many milliseconds; 100 where only levels or grouping is given',
      },
    ),
  ),
});
const checksum = Type.Integer({
  minimum: 0,
  maximum: 0xffff_ffff,
  description:
    'CRC-32 (as zlib) of the text of the best 10 levels of each side after this frame: `price:size` with commas between, bids, `|`, asks',
});
const levelOrNull = Type.Union([level, Type.Null()]);
const list = <Item extends TSchema>(item: Item, description: string) => Type.Array(item, { description });

export const CHANNELS = {
  book: {
    summary: 'The book of a market: every level, or the best ones, grouped, and at most so often',
    update: 'each flush that changed it; with levels, grouping or intervalMs a whole snapshot every intervalMs',
    params: bookParams,
    data: Type.Object({
      bids: list(level, '[price, size]; size 0 = the level is gone; a snapshot has them best first'),
      asks: list(level, 'the same'),
      checksum,
    }),
    chained: true,
  },
  bookOrders: {
    summary: 'The book of a market order by order',
    update: 'each flush that changed it',
    params: channelParams('bookOrders', { market }),
    data: Type.Object({
      orders: list(
        Type.Object({
          orderId: Type.String(),
          side,
          price: decimal('USD'),
          size: decimal('base units that the book shows; 0 = gone, also of one that was never told'),
          queuePlace: Type.Integer({ description: 'at one price the lower trades first; 0 of one that is gone' }),
        }),
        'a snapshot has every resting order: bids, then asks, best price first, in the order of the queue',
      ),
    }),
    chained: true,
  },
  bbo: {
    summary: 'Best bid and ask of a market',
    update: 'each flush that changed one of them',
    params: channelParams('bbo', { market }),
    data: Type.Object({ bid: levelOrNull, ask: levelOrNull }),
    chained: false,
  },
  ticker: {
    summary: 'Prices, funding and open interest of a market',
    update: 'every 100 ms in which something of it changed',
    params: channelParams('ticker', { market }),
    data: Type.Object({
      market: Type.String(),
      mark: marketAnswer.properties.mark,
      index: marketAnswer.properties.index,
      last: marketAnswer.properties.last,
      bid: levelOrNull,
      ask: levelOrNull,
      fundingRate: marketAnswer.properties.fundingRate,
      nextFundingTime: marketAnswer.properties.nextFundingTime,
      openInterest: marketAnswer.properties.openInterest,
      volume: marketAnswer.properties.volume,
      status: marketAnswer.properties.status,
      tradingStatus: marketAnswer.properties.tradingStatus,
    }),
    chained: false,
  },
  candles: {
    summary: 'Candles of a market',
    update: 'each flush with trades: the candles that changed, as they are now',
    params: channelParams('candles', {
      market,
      interval: Type.Optional(Type.Enum([...CANDLE_CHANNEL_INTERVALS], { default: '1m' })),
    }),
    data: Type.Object({ candles: list(candleAnswer, 'oldest first; 500 in the snapshot') }),
    chained: true,
  },
  trades: {
    summary: 'Trades of a market',
    update: 'each flush with trades',
    params: channelParams('trades', { market }),
    data: Type.Object({ trades: list(tradeAnswer, 'newest first; 100 in the snapshot') }),
    chained: true,
  },
  markets: {
    summary: 'Every market: prices, funding, open interest, funds, rules',
    update: 'every 250 ms: those that changed',
    params: channelParams('markets', {}),
    data: Type.Object({ markets: Type.Array(marketAnswer) }),
    chained: false,
  },
  account: {
    summary: 'An account: margins, positions, open orders, and what happened to it',
    update:
      'after a change, at most every 100 ms; a move of a mark alone is none. With fromSeq: a snapshot whose lists have what happened since',
    params: channelParams('account', {
      account: Type.String({ pattern: '^0x[0-9a-fA-F]{40}$', description: 'an owner, or one of its agents' }),
      subaccount: Type.Optional(Type.Integer({ ...uint('0 = the main one'), default: 0 })),
    }),
    data: Type.Object({
      ...accountAnswer.properties,
      fills: list(fillAnswer, 'since the frame before; all these lists oldest first'),
      orderUpdates: list(orderUpdateAnswer, 'one of each order that changed, as it is after the flush'),
      fundingPayments: Type.Array(fundingPaymentAnswer),
      deposits: Type.Array(depositAnswer),
      withdrawals: list(withdrawalRequestAnswer, 'that were requested'),
      marginEvents: Type.Array(marginEventAnswer),
      liquidations: Type.Array(liquidationAnswer),
    }),
    chained: false,
  },
  auctions: {
    summary: 'Close-out auctions that run',
    update: 'each flush in which one began, stepped or ended',
    params: channelParams('auctions', {}),
    data: Type.Object({
      auctions: list(auctionAnswer, 'new or changed; at most 1,000 in the snapshot'),
      ended: Type.Array(endedAuctionAnswer),
    }),
    chained: true,
  },
  liquidations: {
    summary: 'Steps of liquidations',
    update: 'each flush with one',
    params: channelParams('liquidations', {}),
    data: Type.Object({ liquidations: list(liquidationAnswer, 'newest first; 100 in the snapshot') }),
    chained: true,
  },
  certificates: {
    summary: 'Certificates of forced trades',
    update: 'each flush with one',
    params: channelParams('certificates', {}),
    data: Type.Object({ certificates: list(certificateAnswer, 'newest first; 20 in the snapshot') }),
    chained: true,
  },
  batches: {
    summary: 'Batches and their way to L1',
    update: 'each change of a batch',
    params: channelParams('batches', {}),
    data: Type.Object({ batches: list(batchAnswer, 'newest first; 50 in the snapshot') }),
    chained: false,
  },
  status: {
    summary: 'The exchange at a glance',
    update: 'every 250 ms',
    params: channelParams('status', {}),
    data: statusAnswer,
    chained: false,
  },
} as const satisfies Readonly<Record<string, ChannelSchema>>;

export type ChannelName = keyof typeof CHANNELS;
export const CHANNEL_NAMES = Object.keys(CHANNELS) as ChannelName[];

/** What a checked `subscribe` may hold; which of it a channel takes is in the table. */
export interface SubscriptionParams {
  readonly channel: ChannelName;
  readonly market?: string;
  readonly interval?: (typeof CANDLE_CHANNEL_INTERVALS)[number];
  readonly levels?: number;
  readonly grouping?: string;
  readonly intervalMs?: number;
  readonly account?: string;
  readonly subaccount?: number;
  readonly fromSeq?: number;
}

/** What names a channel in its frames. `subaccount` is left out of the main account's. */
export type Channel = Omit<SubscriptionParams, 'fromSeq'>;

/** Result of `subscribe`; the first frame, or those that were missed, come after it. */
export function subscribedAnswer(name: ChannelName): TObject {
  const resumed = Type.Boolean({
    description:
      'the frames after fromSeq follow; of an account, a snapshot that lists what happened since. Else a snapshot',
  });
  return Type.Object({ ...CHANNELS[name].params.properties, resumed });
}

/** A whole frame of a channel. */
export function frameAnswer(name: ChannelName): TObject {
  const { params, data, chained } = CHANNELS[name];
  const { fromSeq: _, ...named } = params.properties as Record<string, TSchema>;
  return Type.Object({
    ...named,
    type: Type.Enum(['snapshot', 'update']),
    seq: Type.Integer({ ...sequence, description: 'place in the log that this frame brings its channel to' }),
    ...(chained
      ? { prevSeq: Type.Optional(Type.Integer({ minimum: 0, description: '`seq` of the frame before; of an update' })) }
      : {}),
    resync: Type.Optional(
      Type.Literal(true, {
        description: 'a snapshot after frames that were left out because the client read too slowly',
      }),
    ),
    ts: time,
    data,
  });
}

export const pingAnswer = Type.Object({ timeMs: time });
export const cancelOnDisconnectAnswer = Type.Object({
  armed: Type.Boolean(),
  nonce: orNull(Type.Integer({ description: 'when the signature may no longer be taken, milliseconds since 1970' })),
});
/** What a connection may do, and what is left of it. */
export const limitsAnswer = Type.Object({
  subscriptions: Type.Object({ max: Type.Integer(), left: Type.Integer() }),
  messagesPerSecond: Type.Object({ max: Type.Integer(), left: Type.Integer() }),
  inFlight: Type.Object({ max: Type.Integer(), left: Type.Integer() }),
  connectionsPerAddress: Type.Object({ max: Type.Integer(), left: Type.Integer() }),
  frameBytes: Type.Integer({ description: 'largest frame that is taken' }),
  conflateBytes: Type.Integer({ description: 'unread bytes above which channels are left out until they are read' }),
  unreadBytes: Type.Integer({ description: 'unread bytes above which the connection is closed' }),
  pingMs: Type.Integer({ description: 'a client that does not answer a ping for so long is cut off' }),
});
