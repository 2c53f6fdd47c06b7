import type { Address, OrderType, Side, TimeInForce } from '@keel/types';

/** Replay guard of every action; see `Authorization` in the types package. */
interface Signed {
  /** The account acted for, whoever signs. */
  readonly account: Address;
  /** Milliseconds since 1970 by convention; each signer uses one once. */
  readonly nonce: number;
  /** The action is void when it is sequenced after this time in milliseconds; 0 = no limit. */
  readonly expiresAfter: number;
}

/** Prices and sizes are canonical decimals, because the text is what a person sees and signs. */
export interface PlaceOrderAction extends Signed {
  readonly primaryType: 'PlaceOrder';
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
}
export interface CancelOrderAction extends Signed {
  readonly primaryType: 'CancelOrder';
  readonly orderId: string;
}
export interface CancelAllOrdersAction extends Signed {
  readonly primaryType: 'CancelAllOrders';
  /** Empty = every market. */
  readonly market: string;
}
export interface ApproveAgentAction extends Signed {
  readonly primaryType: 'ApproveAgent';
  readonly agent: Address;
  readonly agentName: string;
  /** Milliseconds since 1970; 0 = until revoked. */
  readonly agentExpiresAt: number;
}
export interface RevokeAgentAction extends Signed {
  readonly primaryType: 'RevokeAgent';
  readonly agent: Address;
}
export interface WithdrawAction extends Signed {
  readonly primaryType: 'Withdraw';
  readonly recipient: Address;
  /** In USDC. */
  readonly amount: string;
}

/** Every text a wallet can sign for the exchange, under the name EIP-712 knows it by. */
export type SignableAction =
  | PlaceOrderAction
  | CancelOrderAction
  | CancelAllOrdersAction
  | ApproveAgentAction
  | RevokeAgentAction
  | WithdrawAction;
