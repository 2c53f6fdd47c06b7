import { type Static, type TSchema, Type } from 'typebox';
import { ERROR_CODES, ERRORS } from '../errors.ts';
import { next } from './pages.ts';
import { decimal, hex, orNull, priceQuality, sequence, side, time } from './parts.ts';

/**
 * Answers of REST, and the `data` of WebSocket frames. Prices, sizes and money are canonical decimal texts, ids texts, times
 * milliseconds since 1970; `sequence` is the place in the log that the whole answer is at.
 */

const errorFacts = {
  code: Type.Enum(ERROR_CODES),
  number: Type.Enum(
    ERROR_CODES.map((code) => ERRORS[code].number),
    { description: 'of the code; as frozen as that' },
  ),
  retryable: Type.Boolean({ description: 'the very same request may be sent again' }),
  details: Type.Record(Type.String(), Type.Unknown(), { description: '`path`: JSON pointer to the field at fault' }),
};
/** An error over WebSocket, and of an item of a batch. */
export const errorBody = Type.Object({ ...errorFacts, message: Type.String() });
/** An error over HTTP: problem details of RFC 9457. `x-errors` has what a schema cannot say: which facts belong together. */
export const problemAnswer = Type.Object(
  {
    type: Type.String({ description: 'urn:keel:error: and the code' }),
    title: Type.String({ description: 'the same for each error of this code' }),
    status: Type.Integer({ minimum: 400, maximum: 599, description: 'of HTTP' }),
    ...errorFacts,
    detail: Type.String({ description: 'the title, with where and what exactly where that is known' }),
    requestId: Type.String({ description: 'also in X-Request-Id; names the request in the log of the gateway' }),
  },
  { 'x-errors': ERRORS },
);

export const level = Type.Tuple([decimal('price'), decimal('size')]);

const tradingStatus = Type.Enum(['open', 'postOnly', 'cancelOnly', 'halted'], {
  description:
    'set by the operator, and by the stages of the way back. cancelOnly: orders only go; halted: nor do prices, triggers and funding go on',
});
export const marketAnswer = Type.Object({
  symbol: Type.String(),
  marketId: Type.Integer({
    minimum: 1,
    description: '128 + 256 * n + marketId is the subaccount of account n that is isolated in this market',
  }),
  baseAsset: Type.String(),
  tickSize: decimal('step of prices in USD'),
  lotSize: decimal('step of sizes in base units'),
  minNotional: decimal('USDC'),
  maxOpenInterest: decimal('base units; an order that would carry open interest beyond it is refused'),
  priceBand: decimal('part of mark that a limit may lie from it'),
  maxLeverage: decimal('1 / initialMargin, rounded down'),
  initialMargin: decimal('part of notional'),
  maintenanceMargin: decimal('part of notional'),
  marginTiers: Type.Array(
    Type.Object({
      floorNotional: decimal('USDC; the rates hold for the part of notional above it'),
      initialMargin: decimal('part of notional'),
      maintenanceMargin: decimal('part of notional'),
    }),
  ),
  openInterestScaling: Type.Union([Type.Object({ lower: decimal('USDC'), upper: decimal('USDC') }), Type.Null()], {
    description: 'initial margin rises to 100 % while open interest goes from lower to upper; null = never',
  }),
  concentration: Type.Union(
    [Type.Object({ part: decimal('of open interest'), floor: decimal('base units') }), Type.Null()],
    {
      description: 'largest position of one owner, all accounts together, once it is above the floor; null = any',
    },
  ),
  makerFee: decimal('part of notional'),
  takerFee: decimal('part of notional'),
  index: orNull(decimal('null before the first index price')),
  mark: orNull(decimal('null before the first index price')),
  indexTime: Type.Integer({
    description: 'a quorum of the reports behind the index is at least so new; 0 = none agreed',
  }),
  priceQuality,
  jumpPrice: orNull(decimal('a price beyond the circuit band that waits to be believed')),
  stablePrice: orNull(decimal('follows mark slowly; initial margin counts the worse of the two')),
  last: orNull(decimal('null before the first trade')),
  fundingRate: decimal('of the last settled hour; positive = longs paid'),
  nextFundingTime: time,
  openInterest: decimal('base units'),
  insuranceFund: decimal('USDC, of this market'),
  backstop: Type.Union([
    Type.Object({
      contributed: decimal('USDC put into the vault'),
      equity: decimal('USDC'),
      loss: decimal('USDC: contributed less equity, at least 0'),
      lossCap: decimal('USDC: the most it may lose'),
      size: decimal('base units that it has taken over, signed'),
    }),
    Type.Null(),
  ]),
  deleverageRule: Type.Enum(['waterFilling', 'profitLeverage', 'profitNotional']),
  resume: Type.Union(
    [Type.Object({ stage: Type.Enum(['awaitingPrice', 'cancelOnly', 'postOnly', 'grace']), since: time }), Type.Null()],
    { description: 'stage of the way back from a halt; nobody is liquidated before it is over' },
  ),
  volume: decimal('USDC traded since listing'),
  trades: Type.Integer({ minimum: 0 }),
  status: Type.Enum(['open', 'noPrice', 'stalePrice'], {
    description: 'noPrice and stalePrice: only orders that reduce risk are taken',
  }),
  tradingStatus,
});
export const marketsAnswer = Type.Object({ sequence, markets: Type.Array(marketAnswer) });

export const bookAnswer = Type.Object({
  sequence,
  market: Type.String(),
  bids: Type.Array(level, { description: 'best first' }),
  asks: Type.Array(level, { description: 'best first' }),
});

export const tradeAnswer = Type.Object({
  tradeId: Type.String(),
  price: decimal('USD'),
  size: decimal('base units'),
  takerSide: side,
  time,
  liquidation: Type.Boolean({ description: 'the taker was a close-out' }),
});
export const tradesAnswer = Type.Object({ sequence, market: Type.String(), trades: Type.Array(tradeAnswer), next });

export const candleAnswer = Type.Object({
  time,
  open: decimal('USD'),
  high: decimal('USD'),
  low: decimal('USD'),
  close: decimal('USD'),
  volume: decimal('base units'),
  trades: Type.Integer(),
});
export const candlesAnswer = Type.Object({
  sequence,
  market: Type.String(),
  interval: Type.String(),
  candles: Type.Array(candleAnswer, { description: 'oldest first; a time without a trade has none' }),
});

export const batchAnswer = Type.Object({
  batchIndex: Type.Integer({ minimum: 0 }),
  firstSequence: sequence,
  lastSequence: sequence,
  stateRoot: hex,
  commandsRoot: hex,
  withdrawalsRoot: hex,
  withdrawalCount: Type.Integer({ minimum: 0 }),
  prevBatchHash: hex,
  batchHash: hex,
  status: Type.Enum(['sealed', 'submitted', 'committed', 'finalised']),
  l1TxHash: orNull(hex),
  l1BlockNumber: orNull(Type.Integer()),
  time,
});
export const batchesAnswer = Type.Object({ batches: Type.Array(batchAnswer, { description: 'newest first' }) });

export const positionAnswer = Type.Object({
  market: Type.String(),
  size: decimal('base units, signed: long > 0'),
  entryPrice: decimal('average, rounded down to a tick'),
  mark: decimal('USD'),
  notional: decimal('|size| at mark, USDC'),
  unrealisedPnl: decimal('USDC, funding owed included'),
  maintenanceMargin: decimal('USDC'),
  leverage: orNull(Type.Integer({ description: 'as set by the account; null = as much as the market allows' })),
  liquidationPrice: orNull(decimal('null: no price of this market alone liquidates')),
  deleverageQuintile: orNull(
    Type.Integer({
      minimum: 1,
      maximum: 5,
      description: '5 = among the fifth of its side that auto-deleverage takes first, by a sample of the last minute',
    }),
  ),
});
const balanceAnswer = Type.Object({
  asset: Type.String(),
  amount: decimal('units'),
  value: decimal('USDC that it counts, haircut taken off'),
  withdrawable: decimal('units'),
});
const leverageAnswer = Type.Object({ market: Type.String(), leverage: Type.Integer() });
export const openOrderAnswer = Type.Object({
  orderId: Type.String(),
  clientOrderId: Type.String(),
  market: Type.String(),
  state: Type.Enum(['resting', 'waiting', 'twap'], {
    description: 'waiting: for its trigger; twap: traded in slices',
  }),
  side,
  orderType: Type.Enum(['limit', 'market']),
  timeInForce: Type.Enum(['gtc', 'gtt', 'ioc', 'fok', 'postOnly', 'postOnlySlide']),
  price: orNull(decimal('USD; null of a market order without one')),
  size: decimal(
    'base units, when it was accepted or amended last, less what a self-trade rule or a shrinking position took off',
  ),
  remainingSize: decimal('base units, hidden ones included'),
  shownSize: decimal('base units of these that the book shows'),
  displaySize: orNull(decimal('iceberg: base units shown at a time; null = all is shown')),
  reduceOnly: Type.Boolean(),
  expiresAt: Type.Integer({ description: 'milliseconds since 1970; 0 = until it is cancelled' }),
  selfTrade: Type.Enum(['expireMaker', 'expireTaker', 'expireBoth', 'decrement']),
  selfTradeScope: Type.Enum(['account', 'owner']),
  triggerKind: Type.Union([Type.Enum(['stop', 'takeProfit', 'trailingStop']), Type.Null()], {
    description: 'also of an order that has fired',
  }),
  triggerPrice: orNull(decimal('mark that fires it, USD; null of a trailing stop')),
  trail: orNull(decimal('distance of a trailing stop from the best mark, USD')),
  takeProfitTrigger: orNull(decimal('mark that fires its attached take-profit, USD')),
  takeProfitPrice: orNull(decimal('limit of that, USD; null = market')),
  stopLossTrigger: orNull(decimal('mark that fires its attached stop, USD')),
  stopLossPrice: orNull(decimal('limit of that, USD; null = market')),
  linkedOrderId: orNull(Type.String({ description: 'goes when this one fires, trades or goes' })),
  parentOrderId: orNull(Type.String({ description: 'the order it is attached to' })),
  twap: Type.Union([
    Type.Object({
      startTime: time,
      durationMs: Type.Integer({ minimum: 0 }),
      slices: Type.Integer({ minimum: 2 }),
      slicesDone: Type.Integer({ minimum: 0 }),
    }),
    Type.Null(),
  ]),
  time,
});
export const fillAnswer = Type.Object({
  tradeId: Type.String(),
  orderId: Type.String(),
  market: Type.String(),
  side,
  role: Type.Enum(['maker', 'taker']),
  price: decimal('USD'),
  size: decimal('base units'),
  fee: decimal('USDC; negative = rebate'),
  realisedPnl: decimal('USDC'),
  time,
  liquidation: Type.Boolean(),
});
const protectionAnswer = Type.Object({
  market: Type.String(),
  windowMs: Type.Integer({ minimum: 0 }),
  quantity: decimal('base units; 0 = no bound'),
  delta: decimal('base units; 0 = no bound'),
  fillCount: Type.Integer({ minimum: 0, description: '0 = no bound' }),
  frozen: Type.Boolean({
    description: 'a bound was passed: orders that are not reduce-only are refused until the reset',
  }),
});
const agentAnswer = Type.Object({ agent: hex, agentName: Type.String(), expiresAt: time });
export const accountAnswer = Type.Object({
  sequence,
  address: hex,
  subaccount: Type.Integer({ minimum: 0 }),
  isolatedMarket: orNull(Type.String({ description: 'the one market it trades in; null = all' })),
  accountId: Type.String(),
  collateral: decimal('USDC'),
  balances: Type.Array(balanceAnswer, { description: 'other collateral' }),
  equity: decimal('USDC: collateral of all kinds and what closing at mark would add'),
  initialMargin: decimal('USDC, of positions and open orders'),
  maintenanceMargin: decimal('USDC'),
  withdrawable: decimal(
    'USDC; leaves the initial margin, or a tenth of notional where that is more, and no paper gains',
  ),
  marginCall: Type.Union([Type.Enum([75, 90]), Type.Null()], {
    description: 'percent of maintenance margin to equity that was passed and still stands',
  }),
  inLiquidation: Type.Boolean(),
  auctionId: orNull(Type.Integer({ description: 'its running close-out auction' })),
  liquidator: Type.Boolean({ description: 'may take auctions' }),
  leverages: Type.Array(leverageAnswer, { description: 'as set, by market' }),
  positions: Type.Array(positionAnswer),
  openOrders: Type.Array(openOrderAnswer),
  agents: Type.Array(agentAnswer),
  cancelAllAfter: Type.Integer({
    description: 'when the dead-man switch goes off, milliseconds since 1970; 0 = never',
  }),
  protections: Type.Array(protectionAnswer, { description: 'market-maker protection, by market' }),
});
export const accountsAnswer = Type.Object({
  sequence,
  address: hex,
  accounts: Type.Array(
    Type.Object({
      subaccount: Type.Integer({ minimum: 0 }),
      isolatedMarket: orNull(Type.String()),
      accountId: Type.String(),
      collateral: decimal('USDC'),
      equity: decimal('USDC'),
      maintenanceMargin: decimal('USDC'),
      positions: Type.Integer({ minimum: 0 }),
      inLiquidation: Type.Boolean(),
      liquidator: Type.Boolean(),
    }),
    { description: 'the main one first; at most 256' },
  ),
});
export const positionsAnswer = Type.Object({ sequence, address: hex, positions: Type.Array(positionAnswer) });
export const openOrdersAnswer = Type.Object({ sequence, address: hex, orders: Type.Array(openOrderAnswer) });
export const fillsAnswer = Type.Object({ sequence, address: hex, fills: Type.Array(fillAnswer), next });
export const withdrawalAnswer = Type.Object({
  withdrawalIndex: Type.Integer({ minimum: 0 }),
  recipient: hex,
  asset: Type.String(),
  amount: decimal('units of the asset'),
  assetId: Type.Integer({ description: '0 = USDC, as the contract takes it' }),
  amountAtoms: Type.String({ description: 'in 10^-decimals of the asset, as the contract takes it' }),
  batchIndex: Type.Integer({ minimum: 0 }),
  position: Type.Integer({ minimum: 0 }),
  count: Type.Integer({ minimum: 1, description: 'withdrawals in the batch' }),
  siblings: Type.Array(hex),
  status: Type.Enum(['sealed', 'claimable', 'paid']),
  l1TxHash: orNull(hex),
});
export const withdrawalsAnswer = Type.Object({ address: hex, withdrawals: Type.Array(withdrawalAnswer), next });

export const statusAnswer = Type.Object({
  sequence,
  timeMs: time,
  network: Type.Object({ chainId: Type.Integer(), settlement: hex, usdc: hex }),
  counters: Type.Object({
    accounts: Type.Integer(),
    openOrders: Type.Integer(),
    orders: Type.Integer(),
    trades: Type.Integer(),
    liquidations: Type.Integer(),
    certificates: Type.Integer(),
  }),
  volume: decimal('USDC traded'),
  insuranceFund: decimal('USDC, of all markets together'),
  markets: Type.Array(
    Type.Object({
      symbol: Type.String(),
      openInterest: decimal('base units'),
      mark: orNull(decimal('USD')),
      priceQuality,
      tradingStatus,
    }),
  ),
  lastBatch: Type.Union([batchAnswer, Type.Null()]),
});

const acked = {
  status: Type.Literal('acked'),
  durability: Type.Literal('acked', { description: 'sequenced and on stable storage' }),
  repeated: Type.Boolean({
    description: 'an earlier try of this request was sequenced, and this is what it did then; nothing was done twice',
  }),
  sequence,
  timeMs: time,
};
export const ackAnswer = Type.Object(acked);
const closeReason = orNull(Type.String({ description: 'of an order that is over' }));
/** What an order did within the command. */
const traded = {
  filledSize: decimal('base units traded by this request'),
  averagePrice: orNull(decimal('of these fills, at most 4 decimals more than a tick, rounded down')),
  remainingSize: decimal('base units that are open, or never traded'),
  fills: Type.Array(
    Type.Object({
      tradeId: Type.String(),
      price: decimal('USD'),
      size: decimal('base units'),
      fee: decimal('USDC'),
      realisedPnl: decimal('USDC'),
    }),
  ),
};
const placed = {
  duplicate: Type.Boolean({
    description:
      'the clientOrderId was used before: orderId is the first order of that name, and this request did nothing',
  }),
  orderId: Type.String(),
  clientOrderId: Type.String(),
  state: Type.Union([Type.Enum(['resting', 'waiting', 'twap', 'filled', 'closed']), Type.Null()], {
    description: 'waiting: for its trigger; closed: over without being filled; null of a duplicate',
  }),
  closeReason,
  price: orNull(decimal('definite worst price, USD; null as long as there is none')),
  triggerPrice: orNull(decimal('of a waiting order: mark that fires it as it stands, USD')),
  expiresAt: Type.Integer({ description: 'milliseconds since 1970; 0 = never' }),
  shownSize: decimal('base units that the book shows'),
  ...traded,
};
export const orderAnswer = Type.Object({ ...acked, ...placed });
const refusedItem = Type.Object({ error: errorBody });
/** One item for each order of the request, in its order. */
const itemsOf = <Item extends TSchema>(item: Item) =>
  Type.Object({ ...acked, items: Type.Array(Type.Union([item, refusedItem]), { description: 'in the order asked' }) });
const placedItem = Type.Object(placed);
export const ordersAnswer = itemsOf(placedItem);
export const replaceAnswer = Type.Object({
  ...acked,
  replacedOrderId: orNull(Type.String({ description: 'null of a duplicate, which replaces nothing' })),
  ...placed,
});
const amended = {
  orderId: Type.String(),
  state: Type.Enum(['open', 'filled', 'closed'], { description: 'open: rests, or waits for its trigger' }),
  closeReason,
  price: orNull(decimal('USD; null of a market order without one')),
  size: decimal('base units, what had traded included'),
  keptPlace: Type.Boolean({ description: 'it did not lose its place in the queue' }),
  ...traded,
};
export const amendAnswer = Type.Object({ ...acked, ...amended });
const amendedItem = Type.Object(amended);
export const amendsAnswer = itemsOf(amendedItem);
const cancelledOrderIds = Type.Array(Type.String(), {
  description: 'orders that this request closed, linked ones included',
});
export const cancelAnswer = Type.Object({ ...acked, cancelledOrderIds });
const cancelledItem = Type.Object({ orderId: Type.String() });
export const cancelsAnswer = Type.Object({ ...itemsOf(cancelledItem).properties, cancelledOrderIds });
export const cancelAllAfterAnswer = Type.Object({
  ...acked,
  deadline: Type.Integer({ description: 'when it goes off, milliseconds since 1970; 0 = never' }),
});
export const withdrawAnswer = Type.Object({ ...acked, withdrawalIndex: Type.Integer({ minimum: 0 }) });
export const transferAnswer = Type.Object({
  ...acked,
  accountId: Type.String({ description: 'of the account that got it' }),
  opened: Type.Boolean({ description: 'it did not exist before' }),
});
export const fundSafetyAnswer = Type.Object({
  ...acked,
  balance: decimal('USDC in the fund; of the vault, its collateral'),
});
export const takeAuctionAnswer = Type.Object({
  ...acked,
  auctionId: Type.Integer(),
  takenSize: decimal('base units'),
  averagePrice: orNull(decimal('USD')),
  limitPrice: orNull(decimal("the auction's price of that moment, USD; null where the book left nothing to take")),
  realisedPnl: decimal('USDC, on the part of a position that this closed'),
  remainingSize: decimal('base units that the auction has left'),
  certificateId: orNull(Type.Integer()),
});

export type MarketAnswer = Static<typeof marketAnswer>;
export type AccountsAnswer = Static<typeof accountsAnswer>;
export type TransferAnswer = Static<typeof transferAnswer>;
export type FundSafetyAnswer = Static<typeof fundSafetyAnswer>;
export type TakeAuctionAnswer = Static<typeof takeAuctionAnswer>;
export type BatchAnswer = Static<typeof batchAnswer>;
export type AccountAnswer = Static<typeof accountAnswer>;
export type PositionAnswer = Static<typeof positionAnswer>;
export type ProtectionAnswer = Static<typeof protectionAnswer>;
export type OpenOrderAnswer = Static<typeof openOrderAnswer>;
export type FillAnswer = Static<typeof fillAnswer>;
export type TradeAnswer = Static<typeof tradeAnswer>;
export type CandleAnswer = Static<typeof candleAnswer>;
export type WithdrawalAnswer = Static<typeof withdrawalAnswer>;
export type StatusAnswer = Static<typeof statusAnswer>;
export type AckAnswer = Static<typeof ackAnswer>;
export type OrderAnswer = Static<typeof orderAnswer>;
export type OrdersAnswer = Static<typeof ordersAnswer>;
export type ReplaceAnswer = Static<typeof replaceAnswer>;
export type PlacedItem = Static<typeof placedItem>;
export type AmendAnswer = Static<typeof amendAnswer>;
export type AmendsAnswer = Static<typeof amendsAnswer>;
export type AmendedItem = Static<typeof amendedItem>;
export type RefusedItem = Static<typeof refusedItem>;
export type Traded = Pick<PlacedItem, 'filledSize' | 'averagePrice' | 'remainingSize' | 'fills'>;
export type CancelAnswer = Static<typeof cancelAnswer>;
export type CancelsAnswer = Static<typeof cancelsAnswer>;
export type CancelledItem = Static<typeof cancelledItem>;
export type CancelAllAfterAnswer = Static<typeof cancelAllAfterAnswer>;
export type WithdrawAnswer = Static<typeof withdrawAnswer>;
export type Level = [string, string];
