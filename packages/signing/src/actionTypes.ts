import type { Address } from '@keel/types';
import { keccak_256 } from '@noble/hashes/sha3.js';
import { utf8ToBytes } from '@noble/hashes/utils.js';
import type { OrderTerms, SignableAction, SignedAmendment, SignedOrderName } from './action.ts';
import type { SignedPriceReport } from './priceReport.ts';

/** Structs that stand inside a message, alone or in a list. */
export type NestedName = 'Order' | 'OrderName' | 'Amendment';
export type AtomicType = 'address' | 'string' | 'bool' | 'uint64' | 'uint256';
export type FieldType = AtomicType | NestedName | `${NestedName}[]`;

export interface TypedField {
  readonly name: string;
  readonly type: FieldType;
}

/** How a value of the action is typed, so that the compiler finds a misspelt name and a wrong type. */
type TypeOf<Value> = Value extends boolean
  ? 'bool'
  : Value extends number
    ? 'uint64'
    : Value extends Address
      ? 'address'
      : Value extends string
        ? 'string'
        : Value extends readonly (infer Item extends object)[]
          ? `${NameOf<Item>}[]`
          : NameOf<Value>;
type NameOf<Struct> = Struct extends OrderTerms
  ? 'Order'
  : Struct extends SignedAmendment
    ? 'Amendment'
    : Struct extends SignedOrderName
      ? 'OrderName'
      : never;
type FieldOf<Shape> = {
  readonly [Name in Extract<keyof Shape, string>]: { readonly name: Name; readonly type: TypeOf<Shape[Name]> };
}[Extract<keyof Shape, string>];
type Fields<Shape> = readonly FieldOf<Shape>[];

export const DOMAIN_FIELDS: readonly TypedField[] = [
  { name: 'name', type: 'string' },
  { name: 'version', type: 'string' },
  { name: 'chainId', type: 'uint256' },
  { name: 'verifyingContract', type: 'address' },
];

const ACCOUNT_FIELDS = [
  { name: 'account', type: 'address' },
  { name: 'subaccount', type: 'uint64' },
] as const;
const NONCE_FIELDS = [
  { name: 'nonce', type: 'uint64' },
  { name: 'expiresAfter', type: 'uint64' },
] as const;

const ORDER_FIELDS: Fields<OrderTerms> = [
  { name: 'market', type: 'string' },
  { name: 'side', type: 'string' },
  { name: 'orderType', type: 'string' },
  { name: 'timeInForce', type: 'string' },
  { name: 'price', type: 'string' },
  { name: 'size', type: 'string' },
  { name: 'reduceOnly', type: 'bool' },
  { name: 'clientOrderId', type: 'string' },
  { name: 'expiresAt', type: 'uint64' },
  { name: 'displaySize', type: 'string' },
  { name: 'selfTrade', type: 'string' },
  { name: 'selfTradeScope', type: 'string' },
  { name: 'triggerKind', type: 'string' },
  { name: 'triggerPrice', type: 'string' },
  { name: 'trail', type: 'string' },
  { name: 'takeProfitTrigger', type: 'string' },
  { name: 'takeProfitPrice', type: 'string' },
  { name: 'stopLossTrigger', type: 'string' },
  { name: 'stopLossPrice', type: 'string' },
];
const ORDER_NAME_FIELDS: Fields<SignedOrderName> = [
  { name: 'orderId', type: 'string' },
  { name: 'clientOrderId', type: 'string' },
];
const AMENDMENT_FIELDS: Fields<SignedAmendment> = [
  ...ORDER_NAME_FIELDS,
  { name: 'market', type: 'string' },
  { name: 'price', type: 'string' },
  { name: 'size', type: 'string' },
];

/** Fields of the structs inside messages. The order is part of the type hash: frozen. */
export const NESTED_FIELDS: Readonly<Record<NestedName, readonly TypedField[]>> = {
  Order: ORDER_FIELDS,
  OrderName: ORDER_NAME_FIELDS,
  Amendment: AMENDMENT_FIELDS,
};

type PrimaryType = SignableAction['primaryType'];
type ActionFields = { readonly [Name in PrimaryType]: Fields<Extract<SignableAction, { primaryType: Name }>> };

/** Fields of every message a wallet signs. The order is part of the type hash: frozen. */
export const ACTION_FIELDS: ActionFields = {
  PlaceOrder: [...ACCOUNT_FIELDS, ...ORDER_FIELDS, ...NONCE_FIELDS],
  PlaceOrders: [
    ...ACCOUNT_FIELDS,
    { name: 'orders', type: 'Order[]' },
    { name: 'grouping', type: 'string' },
    ...NONCE_FIELDS,
  ],
  PlaceScale: [
    ...ACCOUNT_FIELDS,
    { name: 'order', type: 'Order' },
    { name: 'fromPrice', type: 'string' },
    { name: 'toPrice', type: 'string' },
    { name: 'orderCount', type: 'uint64' },
    { name: 'skewPpm', type: 'uint64' },
    ...NONCE_FIELDS,
  ],
  PlaceTwap: [
    ...ACCOUNT_FIELDS,
    { name: 'market', type: 'string' },
    { name: 'side', type: 'string' },
    { name: 'size', type: 'string' },
    { name: 'reduceOnly', type: 'bool' },
    { name: 'clientOrderId', type: 'string' },
    { name: 'durationMs', type: 'uint64' },
    { name: 'slices', type: 'uint64' },
    ...NONCE_FIELDS,
  ],
  AmendOrder: [...ACCOUNT_FIELDS, ...AMENDMENT_FIELDS, ...NONCE_FIELDS],
  AmendOrders: [...ACCOUNT_FIELDS, { name: 'amendments', type: 'Amendment[]' }, ...NONCE_FIELDS],
  ReplaceOrder: [
    ...ACCOUNT_FIELDS,
    { name: 'replaced', type: 'OrderName' },
    { name: 'order', type: 'Order' },
    ...NONCE_FIELDS,
  ],
  CancelOrder: [...ACCOUNT_FIELDS, ...ORDER_NAME_FIELDS, ...NONCE_FIELDS],
  CancelOrders: [...ACCOUNT_FIELDS, { name: 'orders', type: 'OrderName[]' }, ...NONCE_FIELDS],
  CancelAllOrders: [...ACCOUNT_FIELDS, { name: 'market', type: 'string' }, ...NONCE_FIELDS],
  CancelAllAfter: [...ACCOUNT_FIELDS, { name: 'timeoutMs', type: 'uint64' }, ...NONCE_FIELDS],
  SetMarketMakerProtection: [
    ...ACCOUNT_FIELDS,
    { name: 'market', type: 'string' },
    { name: 'windowMs', type: 'uint64' },
    { name: 'quantity', type: 'string' },
    { name: 'delta', type: 'string' },
    { name: 'fillCount', type: 'uint64' },
    ...NONCE_FIELDS,
  ],
  ResetMarketMakerProtection: [...ACCOUNT_FIELDS, { name: 'market', type: 'string' }, ...NONCE_FIELDS],
  ApproveAgent: [
    ...ACCOUNT_FIELDS,
    { name: 'agent', type: 'address' },
    { name: 'agentName', type: 'string' },
    { name: 'agentExpiresAt', type: 'uint64' },
    ...NONCE_FIELDS,
  ],
  RevokeAgent: [...ACCOUNT_FIELDS, { name: 'agent', type: 'address' }, ...NONCE_FIELDS],
  Withdraw: [
    ...ACCOUNT_FIELDS,
    { name: 'recipient', type: 'address' },
    { name: 'asset', type: 'string' },
    { name: 'amount', type: 'string' },
    ...NONCE_FIELDS,
  ],
  Transfer: [
    ...ACCOUNT_FIELDS,
    { name: 'toSubaccount', type: 'uint64' },
    { name: 'asset', type: 'string' },
    { name: 'amount', type: 'string' },
    ...NONCE_FIELDS,
  ],
  SetLeverage: [
    ...ACCOUNT_FIELDS,
    { name: 'market', type: 'string' },
    { name: 'leverage', type: 'uint64' },
    ...NONCE_FIELDS,
  ],
  FundSafety: [
    ...ACCOUNT_FIELDS,
    { name: 'market', type: 'string' },
    { name: 'fund', type: 'string' },
    { name: 'amount', type: 'string' },
    ...NONCE_FIELDS,
  ],
  RegisterLiquidator: [...ACCOUNT_FIELDS, { name: 'active', type: 'bool' }, ...NONCE_FIELDS],
  TakeAuction: [
    ...ACCOUNT_FIELDS,
    { name: 'market', type: 'string' },
    { name: 'auctionId', type: 'uint64' },
    { name: 'size', type: 'string' },
    { name: 'price', type: 'string' },
    ...NONCE_FIELDS,
  ],
};

/** What a price feeder signs: no account's action, so neither nonce nor expiry. The order is part of the type hash: frozen. */
export const PRICE_REPORT_FIELDS: Fields<SignedPriceReport> = [
  { name: 'feed', type: 'string' },
  { name: 'price', type: 'string' },
  { name: 'perpPrice', type: 'string' },
  { name: 'publishTime', type: 'uint64' },
  { name: 'reportSequence', type: 'uint64' },
];

/** Type of a field, or of the items of a list. */
export function itemType(type: FieldType): AtomicType | NestedName {
  return (type.endsWith('[]') ? type.slice(0, -2) : type) as AtomicType | NestedName;
}

/** Structs that a message of these fields holds, by name, each once. None of them holds another. */
export function nestedNames(fields: readonly TypedField[]): readonly NestedName[] {
  const names = new Set<string>(fields.map((field) => itemType(field.type)));
  return (Object.keys(NESTED_FIELDS) as NestedName[]).filter((name) => names.has(name)).sort();
}

/** keccak-256 of the type as EIP-712 spells it. */
export function typeHash(name: string, fields: readonly TypedField[]): Uint8Array {
  return keccak_256(utf8ToBytes(spellType(name, fields)));
}

/**
 * The type as EIP-712 spells it, the structs it holds behind it by name, for example
 * `CancelOrders(address account,OrderName[] orders,…)OrderName(string orderId,string clientOrderId)`.
 */
export function spellType(name: string, fields: readonly TypedField[]): string {
  const nested = nestedNames(fields).map((inner) => spellStruct(inner, NESTED_FIELDS[inner]));
  return spellStruct(name, fields) + nested.join('');
}

function spellStruct(name: string, fields: readonly TypedField[]): string {
  return `${name}(${fields.map((field) => `${field.type} ${field.name}`).join(',')})`;
}
