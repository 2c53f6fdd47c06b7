import type { Network } from '../format/formatExchange.ts';

export const API_VERSION = '1';

/** What OpenAPI and AsyncAPI say at their head. */
export function describeDomain({ chainId, settlement }: Network): string {
  return (
    'Perpetual futures. Prices, sizes and money are decimal texts; ids are texts; times are milliseconds. ' +
    `Signed requests are EIP-712 typed data of domain Keel, version 1, chain ${chainId}, contract ${settlement}.`
  );
}
