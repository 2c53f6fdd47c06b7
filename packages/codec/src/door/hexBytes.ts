const HEX = /^0x([0-9a-fA-F]{2})*$/;
const PAIRS = Array.from({ length: 256 }, (_item, byte) => byte.toString(16).padStart(2, '0'));

/** Undefined for a text that is no hex of whole bytes. */
export function bytesOfHex(text: string): Uint8Array | undefined {
  if (!HEX.test(text)) return undefined;
  const bytes = new Uint8Array(text.length / 2 - 1);
  for (let at = 0; at < bytes.length; at += 1) bytes[at] = Number.parseInt(text.slice(2 * at + 2, 2 * at + 4), 16);
  return bytes;
}

/** Lower case. */
export function hexOfBytes(bytes: Uint8Array): string {
  let text = '0x';
  for (const byte of bytes) text += PAIRS[byte];
  return text;
}
