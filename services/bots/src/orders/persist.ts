import { setTimeout as sleep } from 'node:timers/promises';
import { KeelError } from '@keel/client';

const RETRY_MS = 500;

/** An answer, or that the first try had arrived although its answer was lost. */
export type Persisted<Answer> = Answer | 'arrivedUnseen';

/**
 * Sends one signed request until the exchange has answered it, with one nonce, so that it is taken once however often
 * it is sent. `send` returns refusals and throws what may succeed later; rejects when the bots are asked to stop.
 */
export async function persist<Answer>(
  send: (nonce: number) => Promise<Answer>,
  nonce: number,
  stopSignal: AbortSignal,
): Promise<Persisted<Answer>> {
  let mayHaveArrived = false;
  for (;;) {
    try {
      const answer = await send(nonce);
      const used = answer instanceof KeelError && answer.code === 'NONCE_ALREADY_USED';
      return used && mayHaveArrived ? 'arrivedUnseen' : answer;
    } catch (fault) {
      if (!(fault instanceof KeelError)) throw fault;
      mayHaveArrived ||= fault.code === 'OUTCOME_UNKNOWN';
      await sleep(RETRY_MS, undefined, { signal: stopSignal });
    }
  }
}
