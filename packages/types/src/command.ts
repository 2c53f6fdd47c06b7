import type { Address, Hex, MarketId, OrderId, Sequence } from './ids.ts';
import type { MarketSpec } from './market.ts';
import type { OrderType, Side, TimeInForce } from './order.ts';
import type { PriceTicks, QuoteAtoms, SizeLots, TimeMs } from './units.ts';

/** Who asked. The gateway has recovered `signer` from `signature`; the engine decides whether it may act for `owner`. */
export interface Authorization {
  /** The account's address. */
  readonly owner: Address;
  /** The owner or one of its agents. */
  readonly signer: Address;
  /** Milliseconds by convention; unused, and above the smallest of the signer's last NONCE_WINDOW nonces. */
  readonly nonce: number;
  /** The command is refused when it is sequenced after this time; 0 = no limit. */
  readonly expiresAfterMs: TimeMs;
  /** 65 bytes r, s, v over the EIP-712 hash; kept in the log so that anybody can check it. */
  readonly signature: Hex;
}

export interface ListMarket {
  readonly kind: 'listMarket';
  readonly spec: MarketSpec;
}
/** A deposit seen on L1 with the required confirmations. Indexes are the contract's, from 0, without gaps. */
export interface CreditDeposit {
  readonly kind: 'creditDeposit';
  readonly depositIndex: number;
  readonly owner: Address;
  readonly amountAtoms: QuoteAtoms;
  readonly l1BlockNumber: number;
  readonly l1TxHash: Hex;
}
export interface UpdateIndexPrice {
  readonly kind: 'updateIndexPrice';
  readonly marketId: MarketId;
  readonly priceTicks: PriceTicks;
  readonly publishTimeMs: TimeMs;
}
/** Lets time pass when nothing else does: funding, stale prices, pending close-outs. */
export interface AdvanceTime {
  readonly kind: 'advanceTime';
}
export interface PlaceOrder {
  readonly kind: 'placeOrder';
  readonly auth: Authorization;
  readonly marketId: MarketId;
  readonly side: Side;
  readonly orderType: OrderType;
  readonly timeInForce: TimeInForce;
  /** Worst price. A market order may leave it 0: then mark +- the market's slippage cap. */
  readonly priceTicks: PriceTicks;
  readonly sizeLots: SizeLots;
  readonly reduceOnly: boolean;
  readonly clientOrderId: string;
}
export interface CancelOrder {
  readonly kind: 'cancelOrder';
  readonly auth: Authorization;
  readonly orderId: OrderId;
}
export interface CancelAllOrders {
  readonly kind: 'cancelAllOrders';
  readonly auth: Authorization;
  /** 0 = every market. */
  readonly marketId: MarketId;
}
/** Signed by the owner itself: another key may trade for it, never withdraw. */
export interface ApproveAgent {
  readonly kind: 'approveAgent';
  readonly auth: Authorization;
  readonly agent: Address;
  readonly agentName: string;
  /** 0 = until revoked. */
  readonly agentExpiresAtMs: TimeMs;
}
export interface RevokeAgent {
  readonly kind: 'revokeAgent';
  readonly auth: Authorization;
  readonly agent: Address;
}
/** Signed by the owner itself. Claimable on L1 with a proof once its batch is there. */
export interface Withdraw {
  readonly kind: 'withdraw';
  readonly auth: Authorization;
  readonly recipient: Address;
  readonly amountAtoms: QuoteAtoms;
}
/** Proposed by the settler: the commands since the last batch become the next one. */
export interface SealBatch {
  readonly kind: 'sealBatch';
}

export type Command =
  | ListMarket
  | CreditDeposit
  | UpdateIndexPrice
  | AdvanceTime
  | PlaceOrder
  | CancelOrder
  | CancelAllOrders
  | ApproveAgent
  | RevokeAgent
  | Withdraw
  | SealBatch;

export type SignedCommand = Extract<Command, { readonly auth: Authorization }>;

/** A command with its place in the log and its time; all that the engine ever sees of the outside. */
export interface SequencedCommand {
  readonly sequence: Sequence;
  /** Never less than the time of the command before. */
  readonly timeMs: TimeMs;
  readonly command: Command;
}
