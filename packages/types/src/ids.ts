declare const brand: unique symbol;
type Branded<Name extends string> = number & { readonly [brand]: Name };

/** Listing order of a market, from 1. */
export type MarketId = Branded<'MarketId'>;
/** Listing order of a collateral asset other than USDC, from 1. */
export type AssetId = Branded<'AssetId'>;
/** Order of opening, from 1; also the account's place in the state tree. Each sub-account has one of its own. */
export type AccountId = Branded<'AccountId'>;
/** Order of acceptance over the whole exchange, from 1; never reused. */
export type OrderId = Branded<'OrderId'>;
/** Place of a command in the log, from 1, without gaps. */
export type Sequence = Branded<'Sequence'>;

/** 20-byte address, lower case with 0x. */
export type Address = `0x${string}`;
/** Bytes in lower-case hex with 0x. */
export type Hex = `0x${string}`;

export const toMarketId = (value: number): MarketId => value as MarketId;
export const toAssetId = (value: number): AssetId => value as AssetId;
export const toAccountId = (value: number): AccountId => value as AccountId;
export const toOrderId = (value: number): OrderId => value as OrderId;
export const toSequence = (value: number): Sequence => value as Sequence;
