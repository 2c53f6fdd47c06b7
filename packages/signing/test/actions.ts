import type { Address, Hex } from '@keel/types';
import fc from 'fast-check';
import {
  keelDomain,
  type OrderTerms,
  type SignableAction,
  type SignedAmendment,
  type SignedOrderName,
} from '../src/index.ts';

const hexOf = (bytes: number): fc.Arbitrary<Hex> =>
  fc.uint8Array({ minLength: bytes, maxLength: bytes }).map((array): Hex => `0x${Buffer.from(array).toString('hex')}`);

export const address: fc.Arbitrary<Address> = hexOf(20);
export const hash = fc.uint8Array({ minLength: 32, maxLength: 32 });
export const uint = fc.maxSafeNat();
/** Any key but the vanishingly rare ones outside the curve's order. */
export const privateKey = hexOf(32).filter((key) => !key.startsWith('0xfffffff') && BigInt(key) > 0n);
export const domain = fc.record({ chainId: uint, settlement: address }).map((d) => keelDomain(d.chainId, d.settlement));

const text = fc.string({ unit: 'grapheme', maxLength: 40 });
const side = fc.constantFrom('buy', 'sell');
const signed = { account: address, subaccount: uint, nonce: uint, expiresAfter: uint };

const orderFields = {
  market: text,
  side,
  orderType: fc.constantFrom('limit', 'market'),
  timeInForce: fc.constantFrom('gtc', 'gtt', 'ioc', 'fok', 'postOnly', 'postOnlySlide'),
  price: text,
  size: text,
  reduceOnly: fc.boolean(),
  clientOrderId: text,
  expiresAt: uint,
  displaySize: text,
  selfTrade: fc.constantFrom('expireMaker', 'expireTaker', 'expireBoth', 'decrement'),
  selfTradeScope: fc.constantFrom('account', 'owner'),
  triggerKind: fc.constantFrom('', 'stop', 'takeProfit', 'trailingStop'),
  triggerPrice: text,
  trail: text,
  takeProfitTrigger: text,
  takeProfitPrice: text,
  stopLossTrigger: text,
  stopLossPrice: text,
} as const;
const nameFields = { orderId: text, clientOrderId: text };
const amendmentFields = { ...nameFields, market: text, price: text, size: text };
const order: fc.Arbitrary<OrderTerms> = fc.record(orderFields);
const orderName: fc.Arbitrary<SignedOrderName> = fc.record(nameFields);
const amendment: fc.Arbitrary<SignedAmendment> = fc.record(amendmentFields);
const listOf = <Item>(item: fc.Arbitrary<Item>) => fc.array(item, { maxLength: 4 });

/** Every type of action with free values in every field, so that an encoder cannot lean on what is usual. */
export const ACTIONS: Record<SignableAction['primaryType'], fc.Arbitrary<SignableAction>> = {
  PlaceOrder: fc.record({ primaryType: fc.constant('PlaceOrder'), ...signed, ...orderFields }),
  PlaceOrders: fc.record({
    primaryType: fc.constant('PlaceOrders'),
    ...signed,
    orders: listOf(order),
    grouping: fc.constantFrom('none', 'oneCancelsOther'),
  }),
  PlaceScale: fc.record({
    primaryType: fc.constant('PlaceScale'),
    ...signed,
    order,
    fromPrice: text,
    toPrice: text,
    orderCount: uint,
    skewPpm: uint,
  }),
  PlaceTwap: fc.record({
    primaryType: fc.constant('PlaceTwap'),
    ...signed,
    market: text,
    side,
    size: text,
    reduceOnly: fc.boolean(),
    clientOrderId: text,
    durationMs: uint,
    slices: uint,
  }),
  AmendOrder: fc.record({ primaryType: fc.constant('AmendOrder'), ...signed, ...amendmentFields }),
  AmendOrders: fc.record({ primaryType: fc.constant('AmendOrders'), ...signed, amendments: listOf(amendment) }),
  ReplaceOrder: fc.record({ primaryType: fc.constant('ReplaceOrder'), ...signed, replaced: orderName, order }),
  CancelOrder: fc.record({ primaryType: fc.constant('CancelOrder'), ...signed, ...nameFields }),
  CancelOrders: fc.record({ primaryType: fc.constant('CancelOrders'), ...signed, orders: listOf(orderName) }),
  CancelAllOrders: fc.record({ primaryType: fc.constant('CancelAllOrders'), ...signed, market: text }),
  CancelAllAfter: fc.record({ primaryType: fc.constant('CancelAllAfter'), ...signed, timeoutMs: uint }),
  SetMarketMakerProtection: fc.record({
    primaryType: fc.constant('SetMarketMakerProtection'),
    ...signed,
    market: text,
    windowMs: uint,
    quantity: text,
    delta: text,
    fillCount: uint,
  }),
  ResetMarketMakerProtection: fc.record({
    primaryType: fc.constant('ResetMarketMakerProtection'),
    ...signed,
    market: text,
  }),
  ApproveAgent: fc.record({
    primaryType: fc.constant('ApproveAgent'),
    ...signed,
    agent: address,
    agentName: text,
    agentExpiresAt: uint,
  }),
  RevokeAgent: fc.record({ primaryType: fc.constant('RevokeAgent'), ...signed, agent: address }),
  Withdraw: fc.record({
    primaryType: fc.constant('Withdraw'),
    ...signed,
    recipient: address,
    asset: text,
    amount: text,
  }),
  Transfer: fc.record({
    primaryType: fc.constant('Transfer'),
    ...signed,
    toSubaccount: uint,
    asset: text,
    amount: text,
  }),
  SetLeverage: fc.record({ primaryType: fc.constant('SetLeverage'), ...signed, market: text, leverage: uint }),
  FundSafety: fc.record({
    primaryType: fc.constant('FundSafety'),
    ...signed,
    market: text,
    fund: fc.constantFrom('insurance', 'backstop'),
    amount: text,
  }),
  RegisterLiquidator: fc.record({
    primaryType: fc.constant('RegisterLiquidator'),
    ...signed,
    active: fc.boolean(),
  }),
  TakeAuction: fc.record({
    primaryType: fc.constant('TakeAuction'),
    ...signed,
    market: text,
    auctionId: uint,
    size: text,
    price: text,
  }),
};

export const action: fc.Arbitrary<SignableAction> = fc.oneof(...Object.values(ACTIONS));
