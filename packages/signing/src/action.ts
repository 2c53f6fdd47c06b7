import type {
  Address,
  OrderGrouping,
  OrderType,
  SafetyFund,
  SelfTradePrevention,
  SelfTradeScope,
  Side,
  TimeInForce,
  TriggerKind,
} from '@keel/types';

/** Replay guard of every action; see `Authorization` in the types package. */
export interface SignedFields {
  /** The owner's address, whoever signs. */
  readonly account: Address;
  /** Which of the owner's accounts is acted for; 0 = the main one. */
  readonly subaccount: number;
  /** Milliseconds since 1970 by convention; each signer uses one once. */
  readonly nonce: number;
  /** The action is void when it is sequenced after this time in milliseconds; 0 = no limit. */
  readonly expiresAfter: number;
}

/**
 * An order as it is signed. Prices and sizes are canonical decimals, because the text is what a person sees and signs;
 * every field is there, and `0` or empty is the one spelling of "none".
 */
export interface OrderTerms {
  readonly market: string;
  readonly side: Side;
  readonly orderType: OrderType;
  readonly timeInForce: TimeInForce;
  /** Worst price in USD; `0` on a market order leaves it to the market's slippage cap. */
  readonly price: string;
  /** In base units. */
  readonly size: string;
  readonly reduceOnly: boolean;
  readonly clientOrderId: string;
  /** Of a gtt order: milliseconds since 1970. 0 for all others. */
  readonly expiresAt: number;
  /** Iceberg: base units shown at a time; `0` = all. */
  readonly displaySize: string;
  readonly selfTrade: SelfTradePrevention;
  readonly selfTradeScope: SelfTradeScope;
  /** Empty: works at once, and the two fields below are `0`. */
  readonly triggerKind: TriggerKind | '';
  /** Mark price in USD that fires it; `0` for a trailing stop. */
  readonly triggerPrice: string;
  /** Distance of a trailing stop from the best mark, in USD; `0` for the others. */
  readonly trail: string;
  /** Attached orders: their triggers and limits in USD. A trigger of `0` = none, a limit of `0` = market. */
  readonly takeProfitTrigger: string;
  readonly takeProfitPrice: string;
  readonly stopLossTrigger: string;
  readonly stopLossPrice: string;
}

/** Names an open order by its id, or with `0` by its client order id. */
export interface SignedOrderName {
  readonly orderId: string;
  /** Empty where the id names it. */
  readonly clientOrderId: string;
}

export interface SignedAmendment extends SignedOrderName {
  /** The order's own market. */
  readonly market: string;
  /** New price in USD. */
  readonly price: string;
  /** New whole size in base units, what has traded included. */
  readonly size: string;
}

export interface PlaceOrderAction extends SignedFields, OrderTerms {
  readonly primaryType: 'PlaceOrder';
}
export interface PlaceOrdersAction extends SignedFields {
  readonly primaryType: 'PlaceOrders';
  readonly orders: readonly OrderTerms[];
  readonly grouping: OrderGrouping;
}
export interface PlaceScaleAction extends SignedFields {
  readonly primaryType: 'PlaceScale';
  /** Its price is `0`; its size is that of all orders together. */
  readonly order: OrderTerms;
  readonly fromPrice: string;
  readonly toPrice: string;
  readonly orderCount: number;
  /** Size of the last order as a part of the first, in 10^-6. */
  readonly skewPpm: number;
}
export interface PlaceTwapAction extends SignedFields {
  readonly primaryType: 'PlaceTwap';
  readonly market: string;
  readonly side: Side;
  /** Of all slices together, in base units. */
  readonly size: string;
  readonly reduceOnly: boolean;
  readonly clientOrderId: string;
  readonly durationMs: number;
  readonly slices: number;
}
export interface AmendOrderAction extends SignedFields, SignedAmendment {
  readonly primaryType: 'AmendOrder';
}
export interface AmendOrdersAction extends SignedFields {
  readonly primaryType: 'AmendOrders';
  readonly amendments: readonly SignedAmendment[];
}
export interface ReplaceOrderAction extends SignedFields {
  readonly primaryType: 'ReplaceOrder';
  readonly replaced: SignedOrderName;
  readonly order: OrderTerms;
}
export interface CancelOrderAction extends SignedFields, SignedOrderName {
  readonly primaryType: 'CancelOrder';
}
export interface CancelOrdersAction extends SignedFields {
  readonly primaryType: 'CancelOrders';
  readonly orders: readonly SignedOrderName[];
}
export interface CancelAllOrdersAction extends SignedFields {
  readonly primaryType: 'CancelAllOrders';
  /** Empty = every market. */
  readonly market: string;
}
export interface CancelAllAfterAction extends SignedFields {
  readonly primaryType: 'CancelAllAfter';
  /** 0 = never. */
  readonly timeoutMs: number;
}
export interface SetMarketMakerProtectionAction extends SignedFields {
  readonly primaryType: 'SetMarketMakerProtection';
  readonly market: string;
  /** 0 = no protection. */
  readonly windowMs: number;
  /** Bounds in base units and in fills; `0` and 0 = none. */
  readonly quantity: string;
  readonly delta: string;
  readonly fillCount: number;
}
export interface ResetMarketMakerProtectionAction extends SignedFields {
  readonly primaryType: 'ResetMarketMakerProtection';
  readonly market: string;
}
export interface ApproveAgentAction extends SignedFields {
  readonly primaryType: 'ApproveAgent';
  readonly agent: Address;
  readonly agentName: string;
  /** Milliseconds since 1970; 0 = until revoked. */
  readonly agentExpiresAt: number;
}
export interface RevokeAgentAction extends SignedFields {
  readonly primaryType: 'RevokeAgent';
  readonly agent: Address;
}
export interface WithdrawAction extends SignedFields {
  readonly primaryType: 'Withdraw';
  readonly recipient: Address;
  /** `USDC`, or the symbol of a collateral asset. */
  readonly asset: string;
  /** In units of the asset. */
  readonly amount: string;
}
export interface TransferAction extends SignedFields {
  readonly primaryType: 'Transfer';
  readonly toSubaccount: number;
  /** `USDC`, or the symbol of a collateral asset. */
  readonly asset: string;
  /** In units of the asset. */
  readonly amount: string;
}
export interface SetLeverageAction extends SignedFields {
  readonly primaryType: 'SetLeverage';
  readonly market: string;
  /** 0 = as much as the market allows. */
  readonly leverage: number;
}
export interface FundSafetyAction extends SignedFields {
  readonly primaryType: 'FundSafety';
  readonly market: string;
  readonly fund: SafetyFund;
  /** In USDC. */
  readonly amount: string;
}
export interface RegisterLiquidatorAction extends SignedFields {
  readonly primaryType: 'RegisterLiquidator';
  readonly active: boolean;
}
export interface TakeAuctionAction extends SignedFields {
  readonly primaryType: 'TakeAuction';
  /** The auction's own market. */
  readonly market: string;
  readonly auctionId: number;
  /** At most so many base units. */
  readonly size: string;
  /** Worst price in USD. */
  readonly price: string;
}

/** Every text a wallet can sign for the exchange, under the name EIP-712 knows it by. */
export type SignableAction =
  | PlaceOrderAction
  | PlaceOrdersAction
  | PlaceScaleAction
  | PlaceTwapAction
  | AmendOrderAction
  | AmendOrdersAction
  | ReplaceOrderAction
  | CancelOrderAction
  | CancelOrdersAction
  | CancelAllOrdersAction
  | CancelAllAfterAction
  | SetMarketMakerProtectionAction
  | ResetMarketMakerProtectionAction
  | ApproveAgentAction
  | RevokeAgentAction
  | WithdrawAction
  | TransferAction
  | SetLeverageAction
  | FundSafetyAction
  | RegisterLiquidatorAction
  | TakeAuctionAction;
