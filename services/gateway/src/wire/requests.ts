import { AGENT_NAME_CHARACTERS_MAX, CLIENT_ORDER_ID_CHARACTERS_MAX } from '@keel/types';
import { type Static, type TSchema, Type } from 'typebox';

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
  account: Type.String({ ...address, description: 'the account acted for, whoever signs' }),
  nonce: uint('milliseconds since 1970 by convention; each signer uses one once'),
  expiresAfter: Type.Optional(
    Type.Integer({ ...uint('refused when sequenced later, milliseconds since 1970; 0 = no limit'), default: 0 }),
  ),
  signature: Type.String({
    description: '65 bytes r, s, v in hex over the EIP-712 hash; v 27 or 28, s in the lower half',
  }),
};

export const placeOrderBody = Type.Object(
  {
    account: signed.account,
    market: Type.String({ description: 'for example BTC-USD' }),
    side: Type.Enum(['buy', 'sell']),
    orderType: Type.Enum(['limit', 'market']),
    timeInForce: Type.Optional(Type.Enum(['gtc', 'ioc', 'postOnly'], { default: 'gtc' })),
    price: decimal("worst price in USD; 0 on a market order leaves it to the market's slippage cap"),
    size: decimal('in base units'),
    reduceOnly: Type.Optional(Type.Boolean({ default: false })),
    clientOrderId: Type.Optional(printable(CLIENT_ORDER_ID_CHARACTERS_MAX, "the client's own name for the order")),
    nonce: signed.nonce,
    expiresAfter: signed.expiresAfter,
    signature: signed.signature,
  },
  closed,
);
export type PlaceOrderBody = Static<typeof placeOrderBody>;

export const cancelOrderBody = Type.Object(
  { orderId: Type.String({ pattern: '^[1-9][0-9]{0,14}$', description: 'as it was answered' }), ...signed },
  closed,
);
export type CancelOrderBody = Static<typeof cancelOrderBody>;

export const cancelAllOrdersBody = Type.Object(
  { market: Type.Optional(Type.String({ default: '', description: 'empty = every market' })), ...signed },
  closed,
);
export type CancelAllOrdersBody = Static<typeof cancelAllOrdersBody>;

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

export const withdrawBody = Type.Object({ recipient: address, amount: decimal('in USDC'), ...signed }, closed);
export type WithdrawBody = Static<typeof withdrawBody>;

/** Fields that every signed body has. */
export type SignedBody = Pick<CancelOrderBody, 'account' | 'nonce' | 'expiresAfter' | 'signature'>;

export const marketParams = Type.Object({ symbol: Type.String() }, closed);
export const accountParams = Type.Object({ address }, closed);
export const bookQuery = Type.Object(
  { depth: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000, default: 50 })) },
  closed,
);
export const candlesQuery = Type.Object(
  {
    interval: Type.Optional(Type.Enum(['1m'], { default: '1m' })),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_500, default: 500 })),
  },
  closed,
);
/** Newest entries wanted; `maximum` is what the read model keeps. */
export const limitQuery = (maximum: number) =>
  Type.Object({ limit: Type.Optional(Type.Integer({ minimum: 1, maximum, default: 100 })) }, closed);

/** `account` narrows to the steps that name it, of which fewer are kept than of everybody's. */
export const liquidationsQuery = (maximum: number, accountMaximum: number) =>
  Type.Object(
    {
      limit: Type.Optional(Type.Integer({ minimum: 1, maximum, default: 100 })),
      account: Type.Optional(
        Type.String({
          ...address,
          description: `liquidated or deleveraged; an owner or one of its agents; at most ${accountMaximum} steps`,
        }),
      ),
    },
    closed,
  );

export const subscriptionParams = Type.Object(
  {
    channel: Type.Enum(['book', 'trades', 'markets', 'account', 'liquidations', 'batches', 'status']),
    market: Type.Optional(Type.String()),
    account: Type.Optional(address),
  },
  closed,
);
export type SubscriptionParams = Static<typeof subscriptionParams>;

export const frameBody = Type.Object(
  {
    id: Type.Union([
      Type.String({ maxLength: 64 }),
      Type.Integer({ minimum: Number.MIN_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER }),
    ]),
    method: Type.String({ maxLength: 64 }),
    params: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
  },
  closed,
);
export const pingParams = Type.Object({}, closed);

export type RequestSchema = TSchema;
