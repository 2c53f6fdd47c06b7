const POLYNOMIAL = 0xedb8_8320;
/** What each byte does to the remainder. */
const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let remainder = byte;
  for (let bit = 0; bit < 8; bit += 1) remainder = remainder & 1 ? (remainder >>> 1) ^ POLYNOMIAL : remainder >>> 1;
  return remainder;
});

/** CRC-32 as of zlib and Ethernet, of a text of ASCII characters. */
export function crc32(text: string): number {
  let remainder = 0xffff_ffff;
  for (let at = 0; at < text.length; at += 1)
    remainder = (remainder >>> 8) ^ (TABLE[(remainder ^ text.charCodeAt(at)) & 0xff] as number);
  return (remainder ^ 0xffff_ffff) >>> 0;
}
