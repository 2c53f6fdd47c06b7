import { StartupFault } from '@keel/runtime';
import type { Hex } from '@keel/types';

/** First four bytes of the hashes of `batchCount()` and `batchAt(uint64)`; the test from deposit to withdrawal asks the contract with them. */
const BATCH_COUNT = '0x06f13056';
const BATCH_AT = '0xb9142c75';

/** Calls that wait for an answer at one time. */
const CALLS_AT_ONCE = 20;
const ANSWER_WITHIN_MS = 30_000;
const WORD = /^0x[0-9a-f]{64}/;

/** Where the batches of an exchange stand on L1. */
export interface L1Place {
  /** JSON-RPC over HTTP. */
  readonly url: string;
  /** The KeelSettlement contract. */
  readonly settlement: Hex;
}

/**
 * The hash of every batch that the contract holds, by batch index, as of the latest block. Throws StartupFault when L1
 * does not answer or has no settlement contract there.
 */
export async function readL1BatchHashes(place: L1Place): Promise<readonly Hex[]> {
  const count = Number(await firstWordOf(place, BATCH_COUNT));
  const hashes: Hex[] = [];
  while (hashes.length < count) {
    const calls = Math.min(CALLS_AT_ONCE, count - hashes.length);
    const indexes = Array.from({ length: calls }, (_unused, place) => hashes.length + place);
    const argument = (index: number): string => index.toString(16).padStart(64, '0');
    hashes.push(...(await Promise.all(indexes.map((index) => firstWordOf(place, `${BATCH_AT}${argument(index)}`)))));
  }
  return hashes;
}

/** First 32 bytes of what the contract answers. */
async function firstWordOf({ url, settlement }: L1Place, data: string): Promise<Hex> {
  const request = { jsonrpc: '2.0', id: 1, method: 'eth_call', params: [{ to: settlement, data }, 'latest'] };
  const answer = await ask(url, JSON.stringify(request));
  if (answer.error !== undefined) throw new StartupFault(`L1 at ${url} refuses the call: ${answer.error.message}`);
  const word = WORD.exec(String(answer.result))?.[0];
  if (word === undefined) throw new StartupFault(`there is no settlement contract at ${settlement} on L1 at ${url}`);
  return word as Hex;
}

interface Answer {
  readonly result?: unknown;
  readonly error?: { readonly message?: string };
}

async function ask(url: string, body: string): Promise<Answer> {
  try {
    const headers = { 'content-type': 'application/json' };
    const signal = AbortSignal.timeout(ANSWER_WITHIN_MS);
    const response = await fetch(url, { method: 'POST', headers, body, signal });
    return (await response.json()) as Answer;
  } catch (fault) {
    // What went wrong with the connection is in the cause; `fetch failed` alone helps nobody.
    const reason = fault instanceof Error && fault.cause instanceof Error ? fault.cause.message : String(fault);
    throw new StartupFault(`L1 at ${url} does not answer: ${reason}`, { cause: fault });
  }
}
