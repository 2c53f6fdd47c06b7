import type { Address } from '@keel/types';

/** `0x1234…cdef` of an address or hash; shorter texts pass through. */
export function shortHex(hex: string): string {
  return hex.length <= 14 ? hex : `${hex.slice(0, 6)}…${hex.slice(-4)}`;
}

/** The address in the exchange's spelling, or undefined if the text is none. */
export function parseAddress(text: string): Address | undefined {
  const address = text.trim().toLowerCase();
  return /^0x[0-9a-f]{40}$/.test(address) ? (address as Address) : undefined;
}
