import { SourceFault } from './sourceFault.ts';

/**
 * The body of a response as text. Throws when it is longer than `bytesMax`, without having read further: whoever is asked
 * must not be able to fill our memory.
 */
export async function readTextLimited(response: Response, bytesMax: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length;
    if (bytes > bytesMax) throw new SourceFault(`it answers with more than ${bytesMax} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
