import type { KeelDomain } from '@keel/signing';
import type { Address, Hex, OrderGrouping } from '@keel/types';
import type { ReconnectBounds } from './reconnectDelay.ts';
import type { Signer } from './signer.ts';

export interface KeelClientOptions {
  /** The gateway, for example `http://127.0.0.1:8080`. */
  readonly url: string;
  /** Signs with this key; or with `signer`; with neither the client only reads. */
  readonly privateKey?: Hex;
  readonly signer?: Signer;
  /** The account traded for, when the key is one of its agents. Default: the signer's own. */
  readonly account?: Address;
  /** Which of the owner's accounts this client acts for and reads; default 0, the main one. */
  readonly subaccount?: number;
  /** Asked of the gateway when left out. Give it where the gateway is not trusted to name the contract. */
  readonly domain?: KeelDomain;
  /** Longest wait for one answer; default 10 000. */
  readonly timeoutMs?: number;
  /** Default 250 to 10 000 ms. */
  readonly reconnect?: ReconnectBounds;
  /** Default 15 000. */
  readonly heartbeatMs?: number;
  /** The WebSocket speaks the gateway's binary form (protobuf), which is smaller; default false: JSON. */
  readonly binary?: boolean;
}

/** How a signed request travels. */
export interface SubmitOptions {
  /** Default `rest`. */
  readonly over?: 'rest' | 'ws';
  /** Default: the next of this client. Give the one of a request whose outcome is unknown to repeat it safely. */
  readonly nonce?: number;
  /** Milliseconds since 1970 after which the exchange refuses it; default 0 = never. */
  readonly expiresAfter?: number;
  /** Default: that of the client. */
  readonly subaccount?: number;
  /**
   * A name of 1 to 128 printable characters without blanks; it makes the request go over REST. The same name with the same `nonce` is answered
   * by the same gateway with the first answer, for ten minutes.
   */
  readonly idempotencyKey?: string;
}

/** Of requests that go over REST only. */
export type RestSubmitOptions = Omit<SubmitOptions, 'over'>;

export interface BatchOptions extends SubmitOptions {
  /**
   * Default `none`: each order is accepted or refused by itself. oneCancelsOther: exactly two orders of one market, both
   * or neither; when one fires, trades or goes, so does the other.
   */
  readonly grouping?: OrderGrouping;
}
