import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '@keel/runtime';
import { compileSchema } from '../compileSchema.ts';
import { ApiError, ERRORS } from '../errors.ts';
import type { GatewayMetrics } from '../gatewayMetrics.ts';
import { toApiError } from '../toApiError.ts';
import { type CancelAllOrdersBody, cancelAllOrdersBody } from '../wire/requests.ts';
import {
  HELD_CANCEL_RETRY_MS,
  HELD_CANCEL_TRIED_CLOSING_MS,
  HELD_CANCEL_TRIED_MS,
  HELD_CANCELS_MAX,
} from './limits.ts';

export interface DisconnectCancelParts {
  /** Whether it may be held; throws ApiError or ReadModelUnavailable. */
  readonly check: (body: CancelAllOrdersBody, from: string) => Promise<void>;
  /** Hands it over, as the request `order.cancelAll`. */
  readonly run: (body: unknown) => Promise<object>;
  readonly metrics: GatewayMetrics;
  readonly log: Logger;
}

const checkBody = compileSchema(cancelAllOrdersBody, 'json');

/** Signed cancels that connections left behind, on their way to the sequencer. */
export class DisconnectCancels {
  readonly #parts: DisconnectCancelParts;
  readonly #underWay = new Set<Promise<void>>();
  #closingMs: number | undefined;

  constructor(parts: DisconnectCancelParts) {
    this.#parts = parts;
  }

  /** A body that may be held; `from` is the network address that sent it. Throws ApiError or ReadModelUnavailable. */
  async read(params: object, from: string): Promise<CancelAllOrdersBody> {
    const body = checkBody(params);
    await this.#parts.check(body, from);
    return body;
  }

  /** Hands them over once `after` is settled: what the connection sent before its end comes first. */
  release(bodies: readonly CancelAllOrdersBody[], after: Promise<void>): void {
    for (const body of bodies) {
      const underWay = after.then(() => this.#handOver(body));
      this.#underWay.add(underWay);
      void underWay.finally(() => this.#underWay.delete(underWay));
    }
  }

  /** Resolves when all that were released are taken or given up. */
  async close(): Promise<void> {
    this.#closingMs = performance.now();
    await Promise.all(this.#underWay);
  }

  /** Its nonce makes it safe to hand it over again. */
  async #handOver(body: CancelAllOrdersBody): Promise<void> {
    const beganMs = performance.now();
    for (;;) {
      const result = await this.#try(body);
      if (result === undefined || !ERRORS[result.code].retryable || !this.#goesOn(beganMs)) {
        this.#parts.metrics.heldCancels.inc({ result: result?.code ?? 'ok' });
        const { account, subaccount, nonce } = body;
        if (result !== undefined)
          this.#parts.log.warn(
            { err: result, account, subaccount, nonce },
            'the cancel of a lost connection was not taken',
          );
        return;
      }
      await sleep(HELD_CANCEL_RETRY_MS);
    }
  }

  async #try(body: CancelAllOrdersBody): Promise<ApiError | undefined> {
    try {
      await this.#parts.run(body);
      return undefined;
    } catch (fault) {
      return toApiError(fault);
    }
  }

  #goesOn(beganMs: number): boolean {
    const nowMs = performance.now();
    if (this.#closingMs !== undefined && nowMs - this.#closingMs > HELD_CANCEL_TRIED_CLOSING_MS) return false;
    return nowMs - beganMs < HELD_CANCEL_TRIED_MS;
  }
}

/** The cancels that one connection leaves behind: one of each account and market, the last that was given. */
export class HeldCancels {
  readonly #held = new Map<string, CancelAllOrdersBody>();
  #clears = 0;

  /** How often all were let go of. */
  get clears(): number {
    return this.#clears;
  }

  /** Throws TOO_MANY_SUBSCRIPTIONS. */
  put(body: CancelAllOrdersBody): void {
    const key = `${body.account.toLowerCase()} ${body.subaccount ?? 0} ${body.market ?? ''}`;
    if (!this.#held.has(key) && this.#held.size >= HELD_CANCELS_MAX)
      throw new ApiError('TOO_MANY_SUBSCRIPTIONS', { heldCancelsMax: HELD_CANCELS_MAX });
    this.#held.set(key, body);
  }

  clear(): void {
    this.#clears += 1;
    this.#held.clear();
  }

  /** All of them; nothing is held afterwards. */
  take(): CancelAllOrdersBody[] {
    const bodies = [...this.#held.values()];
    this.#held.clear();
    return bodies;
  }
}
