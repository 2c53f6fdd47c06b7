import { type Static, Type } from 'typebox';
import { ERROR_CODES } from '../errors.ts';

/**
 * Answers of REST, and the `data` of WebSocket frames. Prices, sizes and money are canonical decimal texts, ids texts, times
 * milliseconds since 1970; `sequence` is the place in the log that the whole answer is at.
 */
const decimal = (description: string) => Type.String({ description });
const orNull = <Schema extends ReturnType<typeof Type.String> | ReturnType<typeof Type.Integer>>(schema: Schema) =>
  Type.Union([schema, Type.Null()]);
const hex = Type.String({ pattern: '^0x[0-9a-f]*$' });
const time = Type.Integer({ description: 'milliseconds since 1970' });
const sequence = Type.Integer({ minimum: 0, description: 'place in the log' });
const side = Type.Enum(['buy', 'sell']);

export const errorAnswer = Type.Object({
  error: Type.Object({
    code: Type.Enum(ERROR_CODES),
    message: Type.String(),
    details: Type.Record(Type.String(), Type.Unknown()),
    retryable: Type.Boolean({ description: 'the very same request may be sent again' }),
  }),
  requestId: Type.String(),
});

export const level = Type.Tuple([decimal('price'), decimal('size')]);

export const marketAnswer = Type.Object({
  symbol: Type.String(),
  baseAsset: Type.String(),
  tickSize: decimal('step of prices in USD'),
  lotSize: decimal('step of sizes in base units'),
  minNotional: decimal('USDC'),
  maxLeverage: decimal('1 / initialMargin, rounded down'),
  initialMargin: decimal('part of notional'),
  maintenanceMargin: decimal('part of notional'),
  makerFee: decimal('part of notional'),
  takerFee: decimal('part of notional'),
  index: orNull(decimal('null before the first index price')),
  mark: orNull(decimal('null before the first index price')),
  last: orNull(decimal('null before the first trade')),
  fundingRate: decimal('of the last settled hour; positive = longs paid'),
  nextFundingTime: time,
  openInterest: decimal('base units'),
  volume: decimal('USDC traded since listing'),
  trades: Type.Integer({ minimum: 0 }),
  status: Type.Enum(['open', 'noPrice', 'stalePrice'], {
    description: 'noPrice and stalePrice: only orders that reduce risk are taken',
  }),
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
export const tradesAnswer = Type.Object({ sequence, market: Type.String(), trades: Type.Array(tradeAnswer) });

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
  candles: Type.Array(candleAnswer, { description: 'oldest first; a minute without a trade has none' }),
});

export const liquidationAnswer = Type.Object({
  liquidationId: Type.String(),
  stage: Type.Enum([
    'liquidationStarted',
    'positionCloseOut',
    'insurancePaid',
    'positionDeleveraged',
    'liquidationEnded',
  ]),
  account: hex,
  counterparty: orNull(Type.String({ description: 'the deleveraged account' })),
  market: orNull(Type.String()),
  side: Type.Union([side, Type.Null()]),
  size: orNull(decimal('base units: asked for by a close-out, or deleveraged')),
  filledSize: orNull(decimal('base units')),
  price: orNull(decimal('average price of what a close-out filled, or bankruptcy price of a deleveraging, USD')),
  limitPrice: orNull(decimal('worst price that the close-out was allowed to take, USD')),
  mark: orNull(decimal('mark price that led to the close-out, USD')),
  equity: orNull(decimal('USDC')),
  maintenanceMargin: orNull(decimal('USDC')),
  amount: orNull(decimal('USDC: fee of a close-out, or paid by the insurance fund')),
  time,
  sequence,
});
export const liquidationsAnswer = Type.Object({ sequence, liquidations: Type.Array(liquidationAnswer) });

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
  liquidationPrice: orNull(decimal('null: no price of this market alone liquidates')),
});
export const openOrderAnswer = Type.Object({
  orderId: Type.String(),
  market: Type.String(),
  side,
  price: decimal('USD'),
  size: decimal('base units, when it was accepted'),
  remainingSize: decimal('base units'),
  reduceOnly: Type.Boolean(),
  clientOrderId: Type.String(),
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
const agentAnswer = Type.Object({ agent: hex, agentName: Type.String(), expiresAt: time });
export const accountAnswer = Type.Object({
  sequence,
  address: hex,
  accountId: Type.String(),
  collateral: decimal('USDC'),
  equity: decimal('USDC: collateral and what closing at mark would add'),
  initialMargin: decimal('USDC, of positions and open orders'),
  maintenanceMargin: decimal('USDC'),
  withdrawable: decimal('USDC'),
  inLiquidation: Type.Boolean(),
  positions: Type.Array(positionAnswer),
  openOrders: Type.Array(openOrderAnswer),
  agents: Type.Array(agentAnswer),
});
export const positionsAnswer = Type.Object({ sequence, address: hex, positions: Type.Array(positionAnswer) });
export const openOrdersAnswer = Type.Object({ sequence, address: hex, orders: Type.Array(openOrderAnswer) });
export const fillsAnswer = Type.Object({ sequence, address: hex, fills: Type.Array(fillAnswer) });
export const withdrawalAnswer = Type.Object({
  withdrawalIndex: Type.Integer({ minimum: 0 }),
  recipient: hex,
  amount: decimal('USDC'),
  amountAtoms: Type.String({ description: '10^-6 USDC, as the contract takes it' }),
  batchIndex: Type.Integer({ minimum: 0 }),
  position: Type.Integer({ minimum: 0 }),
  count: Type.Integer({ minimum: 1, description: 'withdrawals in the batch' }),
  siblings: Type.Array(hex),
  status: Type.Enum(['sealed', 'claimable', 'paid']),
  l1TxHash: orNull(hex),
});
export const withdrawalsAnswer = Type.Object({ address: hex, withdrawals: Type.Array(withdrawalAnswer) });

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
  }),
  volume: decimal('USDC traded'),
  insuranceFund: decimal('USDC'),
  markets: Type.Array(
    Type.Object({ symbol: Type.String(), openInterest: decimal('base units'), mark: orNull(decimal('USD')) }),
  ),
  lastBatch: Type.Union([batchAnswer, Type.Null()]),
});

const acked = {
  status: Type.Literal('acked'),
  durability: Type.Literal('acked', { description: 'sequenced and on stable storage' }),
  sequence,
};
export const ackAnswer = Type.Object(acked);
export const orderAnswer = Type.Object({
  ...acked,
  orderId: Type.String(),
  clientOrderId: Type.String(),
  state: Type.Enum(['resting', 'filled', 'closed'], { description: 'closed: over without being filled' }),
  closeReason: orNull(Type.String({ description: 'of an order that is over' })),
  filledSize: decimal('base units'),
  averagePrice: orNull(decimal('of its fills, at most 4 decimals more than a tick, rounded down')),
  remainingSize: decimal('base units that rest, or never traded'),
  fills: Type.Array(
    Type.Object({
      tradeId: Type.String(),
      price: decimal('USD'),
      size: decimal('base units'),
      fee: decimal('USDC'),
      realisedPnl: decimal('USDC'),
    }),
  ),
});
export const cancelAnswer = Type.Object({
  ...acked,
  cancelledOrderIds: Type.Array(Type.String(), { description: 'orders that this request closed' }),
});
export const withdrawAnswer = Type.Object({ ...acked, withdrawalIndex: Type.Integer({ minimum: 0 }) });

export type MarketAnswer = Static<typeof marketAnswer>;
export type LiquidationAnswer = Static<typeof liquidationAnswer>;
export type BatchAnswer = Static<typeof batchAnswer>;
export type AccountAnswer = Static<typeof accountAnswer>;
export type PositionAnswer = Static<typeof positionAnswer>;
export type OpenOrderAnswer = Static<typeof openOrderAnswer>;
export type FillAnswer = Static<typeof fillAnswer>;
export type TradeAnswer = Static<typeof tradeAnswer>;
export type CandleAnswer = Static<typeof candleAnswer>;
export type WithdrawalAnswer = Static<typeof withdrawalAnswer>;
export type StatusAnswer = Static<typeof statusAnswer>;
export type AckAnswer = Static<typeof ackAnswer>;
export type OrderAnswer = Static<typeof orderAnswer>;
export type CancelAnswer = Static<typeof cancelAnswer>;
export type WithdrawAnswer = Static<typeof withdrawAnswer>;
export type Level = [string, string];
