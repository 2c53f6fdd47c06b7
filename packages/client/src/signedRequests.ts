import { type KeelDomain, keelDomain, type SignableAction } from '@keel/signing';
import type { Address } from '@keel/types';
import type { SubmitOptions } from './clientOptions.ts';
import type { Acknowledged } from './commandWire.ts';
import { clientError, KeelError } from './keelError.ts';
import { NonceSource } from './nonceSource.ts';
import { type RestOptions, restGet, restPost } from './restTransport.ts';
import type { ActionSigner } from './signer.ts';
import type { KeelSocket } from './socket.ts';
import type { Status } from './wire.ts';

/** Where a request goes: over REST, and by which method over the WebSocket where it has one. */
type Route = { readonly path: string; readonly method?: string };
type Unsigned<Action extends SignableAction> = Action extends SignableAction
  ? Omit<Action, 'account' | 'subaccount' | 'nonce' | 'expiresAfter'>
  : never;

/** Who signs, and for which account where the options of a request do not say. */
export interface Signing {
  /** Undefined: a client that only reads. */
  readonly signer: ActionSigner | undefined;
  readonly account: () => Address;
  readonly subaccount: number;
  /** Asked of the gateway when undefined. */
  readonly domain: KeelDomain | undefined;
}

/** Gives actions their nonce and signature, and sends them. */
export class SignedRequests {
  readonly #rest: RestOptions;
  readonly #socket: KeelSocket;
  readonly #signing: Signing;
  readonly #nonces = new NonceSource();
  #domain: Promise<KeelDomain> | undefined;

  constructor(rest: RestOptions, socket: KeelSocket, signing: Signing) {
    this.#rest = rest;
    this.#socket = socket;
    this.#signing = signing;
    if (signing.domain !== undefined) this.#domain = Promise.resolve(signing.domain);
  }

  nextNonce(): number {
    return this.#nonces.next();
  }

  domain(): Promise<KeelDomain> {
    this.#domain ??= this.#learnDomain();
    return this.#domain;
  }

  async sign(
    unsigned: Unsigned<SignableAction>,
    options: SubmitOptions,
  ): Promise<{ readonly body: object; readonly nonce: number }> {
    const { signer, account } = this.#signing;
    if (signer === undefined) throw clientError('NO_SIGNER', 'give privateKey or signer to send signed requests');
    const domain = await this.domain();
    const { nonce = this.nextNonce(), expiresAfter = 0, subaccount = this.#signing.subaccount } = options;
    const action = { ...unsigned, account: account(), subaccount, nonce, expiresAfter } as SignableAction;
    const signature = await signer.sign(domain, action);
    const { primaryType: _, ...fields } = action;
    return { body: { ...fields, signature }, nonce };
  }

  async submit<Answer = Acknowledged>(
    route: Route,
    unsigned: Unsigned<SignableAction>,
    options: SubmitOptions,
  ): Promise<Answer> {
    const { body, nonce } = await this.sign(unsigned, options);
    try {
      const { over, idempotencyKey } = options;
      if (over === 'ws' && route.method !== undefined && idempotencyKey === undefined)
        return (await this.#socket.request(route.method, body)) as Answer;
      return await restPost(this.#rest, route.path, body, idempotencyKey);
    } catch (fault) {
      throw withNonce(fault, nonce);
    }
  }

  async #learnDomain(): Promise<KeelDomain> {
    try {
      const { network } = await restGet<Status>(this.#rest, '/v1/status');
      return keelDomain(network.chainId, network.settlement);
    } catch (fault) {
      // A failure must not stick: the gateway may be there next time.
      this.#domain = undefined;
      throw fault;
    }
  }
}

/** A request whose outcome is unknown can be repeated only by somebody who knows its nonce. */
function withNonce(fault: unknown, nonce: number): unknown {
  if (!(fault instanceof KeelError) || fault.code !== 'OUTCOME_UNKNOWN') return fault;
  const message = 'no answer; repeat it with the same nonce and it is taken at most once';
  return new KeelError(fault.code, message, fault.retryable, { ...fault.details, nonce }, { cause: fault });
}
