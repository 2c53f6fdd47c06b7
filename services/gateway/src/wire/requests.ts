import { AGENT_NAME_CHARACTERS_MAX, CLIENT_ORDER_ID_CHARACTERS_MAX } from '@keel/types';
import { type Static, type TSchema, Type } from 'typebox';
import { CANDLE_CHANNEL_INTERVALS } from './channels.ts';
import { pageFields } from './pages.ts';

/**
 * Bodies of signed requests: the fields of the typed data (see @keel/signing) and the signature. The default of an
 * optional field is also what was signed when it is left out.
 */
const closed = { additionalProperties: false } as const;
const address = Type.String({ pattern: '^0x[0-9a-fA-F]{40}$', description: '20 bytes in hex' });
const uint = (description: string) => Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER, description });
const decimal = (description: string) => Type.String({ description: `${description}, a canonical decimal` });
/** Printable ASCII: what is signed is shown to people and must survive every encoding. */
const printable = (maxLength: number, description: string) =>
  Type.String({ maxLength, pattern: '^[ -~]*$', default: '', description });

const signed = {
  account: Type.String({ ...address, description: "the owner's address, whoever signs" }),
  subaccount: Type.Optional(Type.Integer({ ...uint("which of the owner's accounts; 0 = the main one"), default: 0 })),
  nonce: uint('milliseconds since 1970 by convention; each signer uses one once'),
  expiresAfter: Type.Optional(
    Type.Integer({ ...uint('refused when sequenced later, milliseconds since 1970; 0 = no limit'), default: 0 }),
  ),
  signature: Type.String({
    description: '65 bytes r, s, v in hex over the EIP-712 hash; v 27 or 28, s in the lower half',
  }),
};

const market = Type.String({ description: 'for example BTC-USD' });
const side = Type.Enum(['buy', 'sell']);
/** `zero` is what `0` means, which is also what is signed when the field is left out. */
const optionalDecimal = (description: string, zero = 'none') =>
  Type.Optional(Type.String({ default: '0', description: `${description}, a canonical decimal; 0 = ${zero}` }));
const clientOrderId = Type.Optional(
  printable(CLIENT_ORDER_ID_CHARACTERS_MAX, "the client's own name for the order; a repeat is answered with the first"),
);
const reduceOnly = Type.Optional(Type.Boolean({ default: false, description: 'may only make a position smaller' }));

const orderFlags = {
  market,
  side,
  orderType: Type.Enum(['limit', 'market']),
  timeInForce: Type.Optional(
    Type.Enum(['gtc', 'gtt', 'ioc', 'fok', 'postOnly', 'postOnlySlide'], {
      default: 'gtc',
      description:
        'gtt: rests until expiresAt; fok: all at once or refused; postOnlySlide: moved to where it would not trade',
    }),
  ),
};
const orderOptions = {
  size: decimal('in base units'),
  reduceOnly,
  clientOrderId,
  expiresAt: Type.Optional(Type.Integer({ ...uint('of a gtt order, milliseconds since 1970; else 0'), default: 0 })),
  displaySize: optionalDecimal('iceberg: base units shown at a time', 'all is shown'),
  selfTrade: Type.Optional(
    Type.Enum(['expireMaker', 'expireTaker', 'expireBoth', 'decrement'], {
      default: 'expireMaker',
      description:
        'what goes when it meets an order of its own: the resting one, itself, both, or the smaller size of both',
    }),
  ),
  selfTradeScope: Type.Optional(
    Type.Enum(['account', 'owner'], { default: 'account', description: 'whose orders are its own' }),
  ),
  triggerKind: Type.Optional(
    Type.Enum(['', 'stop', 'takeProfit', 'trailingStop'], {
      default: '',
      description: 'waits until mark reaches triggerPrice, or falls back by trail; empty = works at once',
    }),
  ),
  triggerPrice: optionalDecimal('mark price that fires it'),
  trail: optionalDecimal('distance of a trailing stop from the best mark, USD'),
  takeProfitTrigger: optionalDecimal('mark price that fires an attached take-profit over what has filled'),
  takeProfitPrice: optionalDecimal('its limit', 'market'),
  stopLossTrigger: optionalDecimal('mark price that fires an attached stop over what has filled'),
  stopLossPrice: optionalDecimal('its limit', 'market'),
};
const order = {
  ...orderFlags,
  price: decimal("worst price in USD; 0 on a market order leaves it to the market's slippage cap"),
  ...orderOptions,
};
const replayGuard = {
  subaccount: signed.subaccount,
  nonce: signed.nonce,
  expiresAfter: signed.expiresAfter,
  signature: signed.signature,
};

export const placeOrderBody = Type.Object({ account: signed.account, ...order, ...replayGuard }, closed);
export type PlaceOrderBody = Static<typeof placeOrderBody>;

const orderItem = Type.Object(order, closed);
/** The terms of one order, alone or in a batch. */
export type OrderFields = Static<typeof orderItem>;

export const placeOrdersBody = Type.Object(
  {
    account: signed.account,
    orders: Type.Array(orderItem, { description: '1 to 50; each is accepted or refused by itself' }),
    grouping: Type.Optional(
      Type.Enum(['none', 'oneCancelsOther'], {
        default: 'none',
        description:
          'oneCancelsOther: exactly two of one market, both or neither; when one fires, trades or goes, so does the other',
      }),
    ),
    ...replayGuard,
  },
  closed,
);
export type PlaceOrdersBody = Static<typeof placeOrdersBody>;

export const placeScaleBody = Type.Object(
  {
    account: signed.account,
    order: Type.Object(
      { ...orderFlags, price: optionalDecimal('none: the prices are below'), ...orderOptions },
      closed,
    ),
    fromPrice: decimal('price of the first order, USD'),
    toPrice: decimal('price of the last order, USD'),
    orderCount: uint('2 to 50'),
    skewPpm: Type.Optional(
      Type.Integer({
        ...uint('size of the last order as a part of the first in 10^-6, 1 to 100000000; 1000000 = all alike'),
        default: 1_000_000,
      }),
    ),
    ...replayGuard,
  },
  closed,
);
export type PlaceScaleBody = Static<typeof placeScaleBody>;

export const placeTwapBody = Type.Object(
  {
    account: signed.account,
    market,
    side,
    size: decimal('of all slices together, in base units'),
    reduceOnly,
    clientOrderId,
    durationMs: uint('from the first slice to the last; 10 seconds to 7 days'),
    slices: uint('at least 2, at most one a second'),
    ...replayGuard,
  },
  closed,
);
export type PlaceTwapBody = Static<typeof placeTwapBody>;

const orderName = {
  orderId: Type.Optional(
    Type.String({
      pattern: '^(0|[1-9][0-9]{0,14})$',
      default: '0',
      description: 'as it was answered; 0 = named by clientOrderId',
    }),
  ),
  clientOrderId: Type.Optional(
    printable(CLIENT_ORDER_ID_CHARACTERS_MAX, 'of an open order; not read beside an orderId'),
  ),
};
const orderNameItem = Type.Object(orderName, closed);
/** Names an open order. */
export type OrderNameFields = Static<typeof orderNameItem>;

const amendment = {
  ...orderName,
  market: Type.String({ description: "the order's own market" }),
  price: decimal('new price in USD'),
  size: decimal('new whole size in base units: what has traded counts'),
};
const amendmentItem = Type.Object(amendment, closed);
export type AmendmentFields = Static<typeof amendmentItem>;

export const amendOrderBody = Type.Object({ account: signed.account, ...amendment, ...replayGuard }, closed);
export type AmendOrderBody = Static<typeof amendOrderBody>;

export const amendOrdersBody = Type.Object(
  { account: signed.account, amendments: Type.Array(amendmentItem, { description: '1 to 50' }), ...replayGuard },
  closed,
);
export type AmendOrdersBody = Static<typeof amendOrdersBody>;

export const replaceOrderBody = Type.Object(
  { account: signed.account, replaced: orderNameItem, order: orderItem, ...replayGuard },
  closed,
);
export type ReplaceOrderBody = Static<typeof replaceOrderBody>;

export const cancelOrderBody = Type.Object({ ...orderName, ...signed }, closed);
export type CancelOrderBody = Static<typeof cancelOrderBody>;

export const cancelOrdersBody = Type.Object(
  { account: signed.account, orders: Type.Array(orderNameItem, { description: '1 to 50' }), ...replayGuard },
  closed,
);
export type CancelOrdersBody = Static<typeof cancelOrdersBody>;

export const cancelAllOrdersBody = Type.Object(
  { market: Type.Optional(Type.String({ default: '', description: 'empty = every market' })), ...signed },
  closed,
);
export type CancelAllOrdersBody = Static<typeof cancelAllOrdersBody>;

export const cancelAllAfterBody = Type.Object(
  { timeoutMs: uint('from now, 1 second to 24 hours; each call replaces the one before; 0 = never'), ...signed },
  closed,
);
export type CancelAllAfterBody = Static<typeof cancelAllAfterBody>;

export const setMarketMakerProtectionBody = Type.Object(
  {
    market,
    windowMs: uint('counted from the first fill of a resting order, at most 24 hours; 0 = no protection'),
    quantity: optionalDecimal('base units filled in a window'),
    delta: optionalDecimal('|bought - sold| in a window, base units'),
    fillCount: Type.Optional(Type.Integer({ ...uint('fills in a window; 0 = no bound'), default: 0 })),
    ...signed,
  },
  closed,
);
export type SetMarketMakerProtectionBody = Static<typeof setMarketMakerProtectionBody>;

export const resetMarketMakerProtectionBody = Type.Object({ market, ...signed }, closed);
export type ResetMarketMakerProtectionBody = Static<typeof resetMarketMakerProtectionBody>;

export const approveAgentBody = Type.Object(
  {
    agent: Type.String({ ...address, description: 'may trade for the account, never withdraw' }),
    agentName: Type.Optional(printable(AGENT_NAME_CHARACTERS_MAX, 'for people')),
    agentExpiresAt: Type.Optional(Type.Integer({ ...uint('milliseconds since 1970; 0 = until revoked'), default: 0 })),
    ...signed,
  },
  closed,
);
export type ApproveAgentBody = Static<typeof approveAgentBody>;

export const revokeAgentBody = Type.Object({ agent: address, ...signed }, closed);
export type RevokeAgentBody = Static<typeof revokeAgentBody>;

const assetAmount = {
  asset: Type.Optional(
    Type.String({ maxLength: 12, default: 'USDC', description: 'USDC, or the symbol of a collateral asset' }),
  ),
  amount: decimal('in units of the asset'),
};
export const withdrawBody = Type.Object({ recipient: address, ...assetAmount, ...signed }, closed);
export type WithdrawBody = Static<typeof withdrawBody>;

export const transferBody = Type.Object(
  {
    toSubaccount: uint(
      'account of the same owner that gets it and is opened by it: 0 to 127 trade everywhere; ' +
        '128 + 256 * n + market id is isolated in that market and belongs to account n',
    ),
    ...assetAmount,
    ...signed,
  },
  closed,
);
export type TransferBody = Static<typeof transferBody>;

export const setLeverageBody = Type.Object(
  { market, leverage: uint('a whole number; 0 = as much as the market allows'), ...signed },
  closed,
);
export type SetLeverageBody = Static<typeof setLeverageBody>;

export const fundSafetyBody = Type.Object(
  {
    market,
    fund: Type.Enum(['insurance', 'backstop'], { description: 'what it goes into, for good' }),
    amount: decimal('in USDC'),
    ...signed,
  },
  closed,
);
export type FundSafetyBody = Static<typeof fundSafetyBody>;

export const registerLiquidatorBody = Type.Object(
  { active: Type.Boolean({ description: 'whether the account may take auctions from now on' }), ...signed },
  closed,
);
export type RegisterLiquidatorBody = Static<typeof registerLiquidatorBody>;

export const takeAuctionBody = Type.Object(
  {
    market: Type.String({ description: "the auction's own market" }),
    auctionId: uint('as GET /v1/auctions says'),
    size: decimal('at most so many base units'),
    price: decimal('worst price in USD: nothing is taken as long as the auction asks for a worse one'),
    ...signed,
  },
  closed,
);
export type TakeAuctionBody = Static<typeof takeAuctionBody>;

/** Fields that every signed body has. */
export type SignedBody = Pick<CancelOrderBody, 'account' | 'subaccount' | 'nonce' | 'expiresAfter' | 'signature'>;

export const marketParams = Type.Object({ symbol: Type.String() }, closed);
export const accountParams = Type.Object({ address }, closed);
export const feedParams = Type.Object(
  { feed: Type.String({ description: 'symbol of a market, or collateral: and the symbol of an asset' }) },
  closed,
);
export const certificateParams = Type.Object(
  { certificateId: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }) },
  closed,
);
const subaccountQuery = Type.Optional(
  Type.Integer({ ...uint('which account of the owner; 0 = the main one'), default: 0 }),
);
/** Which of the owner's accounts. */
export const accountQuery = Type.Object({ subaccount: subaccountQuery }, closed);
/** The same, with newest entries wanted. */
export const accountListQuery = (maximum: number) =>
  Type.Object({ subaccount: subaccountQuery, ...pageFields(maximum) }, closed);
/** One order of an account, by one of its two names. */
export const accountOrderQuery = Type.Object(
  {
    subaccount: subaccountQuery,
    orderId: Type.Optional(Type.String({ pattern: '^[1-9][0-9]{0,14}$' })),
    clientOrderId: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: CLIENT_ORDER_ID_CHARACTERS_MAX,
        pattern: '^[ -~]*$',
        description: 'the newest order of this name; not beside orderId',
      }),
    ),
  },
  closed,
);
export const bookQuery = Type.Object(
  { depth: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000, default: 50 })) },
  closed,
);
export const candlesQuery = Type.Object(
  {
    interval: Type.Optional(Type.Enum([...CANDLE_CHANNEL_INTERVALS], { default: '1m' })),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_500, default: 500 })),
  },
  closed,
);
/** Newest entries wanted; `maximum` is what the read model keeps. */
export const limitQuery = (maximum: number) =>
  Type.Object({ limit: Type.Optional(Type.Integer({ minimum: 1, maximum, default: 100 })) }, closed);

/** The same, page by page. */
export const pageQuery = (maximum: number) => Type.Object(pageFields(maximum), closed);

/** `account` narrows to the steps that name it, of which fewer are kept than of everybody's. */
export const liquidationsQuery = (maximum: number, accountMaximum: number) =>
  Type.Object(
    {
      ...pageFields(maximum),
      account: Type.Optional(
        Type.String({
          ...address,
          description: `liquidated, deleveraged, or the other side; an owner or one of its agents; at most ${accountMaximum} steps`,
        }),
      ),
      subaccount: Type.Optional(uint('which account of the owner; only beside account')),
    },
    closed,
  );

/** Of one account, of one liquidation, or of all. */
export const certificatesQuery = (maximum: number) =>
  Type.Object(
    {
      limit: Type.Optional(Type.Integer({ minimum: 1, maximum, default: 20 })),
      account: Type.Optional(
        Type.String({ ...address, description: 'closed out, or the other side; an owner or agent' }),
      ),
      subaccount: Type.Optional(uint('which account of the owner; only beside account')),
      liquidation: Type.Optional(
        Type.Integer({
          minimum: 1,
          maximum: Number.MAX_SAFE_INTEGER,
          description: 'a liquidationId; not beside account',
        }),
      ),
    },
    closed,
  );

export const frameBody = Type.Object(
  {
    id: Type.Union([
      Type.String({ maxLength: 64 }),
      Type.Integer({ minimum: Number.MIN_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER }),
    ]),
    method: Type.String({ maxLength: 64 }),
    params: Type.Optional(Type.Union([Type.Record(Type.String(), Type.Unknown()), Type.Null()])),
  },
  closed,
);
export const pingParams = Type.Object({}, closed);

export type RequestSchema = TSchema;
