/**
 * Nonces of one signer: the clock in milliseconds, but always above the last, so that orders sent within the same
 * millisecond differ. Two clients with one key may meet the same nonce; give each its own agent key.
 */
export class NonceSource {
  #last = 0;

  next(nowMs: number = Date.now()): number {
    this.#last = Math.max(nowMs, this.#last + 1);
    return this.#last;
  }
}
