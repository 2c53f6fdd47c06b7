import type { Address, Hex } from '@keel/types';

/** What an address gets at a time, in millionths of a test USDC: 10,000 USDC. */
export const FAUCET_ATOMS = 10_000_000_000;
/** An address gets it at most so often. */
export const FAUCET_EVERY_MS = 60_000;

/** Gives test money of a devnet away. */
export interface Faucet {
  /**
   * Deposits FAUCET_ATOMS for the address, which is in lower case, and resolves with the L1 transaction once it is in a
   * block; the exchange credits it after its confirmations. Throws FAUCET_TOO_SOON, FAUCET_BUSY or FAUCET_FAILED.
   */
  give(address: Address): Promise<Hex>;
}
