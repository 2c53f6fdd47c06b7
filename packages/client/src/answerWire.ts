import type { Address, Hex } from '@keel/types';
import type { BestPrices, BookOrderChange, OrderUpdate } from './channelWire.ts';

/** Answers over REST only. Written as in wire.ts. */

export interface MarketBestPrices extends BestPrices {
  readonly sequence: number;
  readonly market: string;
}

export interface MarketBookOrders extends BookOrderChange {
  readonly sequence: number;
  readonly market: string;
}

export interface FundingRate {
  /** Of the hour that ended; positive = longs paid. */
  readonly fundingRate: string;
  /** Null before the first mark price. */
  readonly mark: string | null;
  readonly time: number;
  readonly sequence: number;
}

export interface OrderState {
  readonly sequence: number;
  readonly address: Address;
  readonly order: OrderUpdate;
}

/** Actions that an owner has left at one gateway. */
export interface Budget {
  readonly address: Address;
  readonly used: number;
  /** 10,000, and one for each USDC traded. */
  readonly limit: number;
  /** Before anything but cancels and reduce-only orders is refused, */
  readonly remaining: number;
  readonly urgentLimit: number;
  /** and before these are refused, too. */
  readonly urgentRemaining: number;
  readonly tradedUsdc: number;
  readonly refillPerSecond: number;
}

/** Test money of a devnet. */
export interface FaucetGift {
  readonly address: Address;
  readonly asset: string;
  readonly amount: string;
  /** The deposit; credited after its confirmations on L1. */
  readonly l1TxHash: Hex;
}

/** A signed request to be explained: the body of one and its primaryType, or the body of a `POST /exchange`. */
export type Explainable =
  | { readonly primaryType: string; readonly account: Address; readonly signature: string }
  | { readonly hyperliquid: Readonly<Record<string, unknown>> };

export interface Explanation {
  readonly scheme: 'keel' | 'hyperliquid';
  readonly request: string;
  readonly domain: {
    readonly name: string;
    readonly version: string;
    readonly chainId: number;
    readonly verifyingContract: Address;
  };
  /** What was hashed, every field: compare it with what was signed. */
  readonly message: Readonly<Record<string, unknown>>;
  readonly hash: Hex;
  /** Why the signature has no signer. */
  readonly signatureFault: string | null;
  readonly signer: Address | null;
  /** The owner that the request is for. */
  readonly account: Address | null;
  readonly role: 'owner' | 'agent' | 'expiredAgent' | 'nobody' | null;
  /** It would pass as far as its signer goes; nothing else of it was tried, and nothing done. */
  readonly accepted: boolean;
  readonly matchesExpected: boolean | null;
  /** Mistakes that would explain the signature. */
  readonly findings: readonly { readonly mistake: string; readonly explanation: string; readonly signer?: Address }[];
}
