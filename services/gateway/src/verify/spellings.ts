const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;

/** Other spellings of a signature that names nobody, in the one that is taken: 65 bytes, low s, v 27 or 28. */
export function otherSpellings(signature: string): string[] {
  const digits = /^0x([0-9a-fA-F]+)$/.exec(signature)?.[1];
  if (digits === undefined) return [];
  if (digits.length === 128) return [expand(digits)];
  if (digits.length !== 130) return [];
  const v = Number.parseInt(digits.slice(128), 16);
  const parity = v === 0 || v === 1 ? v : v === 27 || v === 28 ? v - 27 : undefined;
  if (parity === undefined) return [];
  const s = BigInt(`0x${digits.slice(64, 128)}`);
  if (s === 0n || s >= ORDER) return [];
  const low = s > ORDER / 2n;
  return [spelled(digits.slice(0, 64), low ? ORDER - s : s, low ? 1 - parity : parity)];
}

/** 64 bytes, where the highest bit of s says what v would. */
function expand(digits: string): string {
  const packed = BigInt(`0x${digits.slice(64)}`);
  return spelled(digits.slice(0, 64), packed & ((1n << 255n) - 1n), Number(packed >> 255n));
}

function spelled(r: string, s: bigint, parity: number): string {
  return `0x${r}${s.toString(16).padStart(64, '0')}${(27 + parity).toString(16)}`;
}
