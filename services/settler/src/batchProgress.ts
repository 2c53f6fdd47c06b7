/** A batch is sent again after the resend time; so many without one on L1 is no wait for a busy block any more. */
const RESENDS_MAX = 3;
const STANDSTILL_MS_MIN = 60_000;

/** Whether sealed batches come onto L1, as this process sees it. Milliseconds are monotonic. */
export class BatchProgress {
  readonly #standstillMs: number;
  #batchesOnL1 = -1;
  #waiting = 0;
  #advancedMs = 0;

  constructor(resendMs: number) {
    this.#standstillMs = Math.max(STANDSTILL_MS_MIN, RESENDS_MAX * resendMs);
  }

  /** One look at both sides: batches that L1 has, and batches that were sealed. */
  see(batchesOnL1: number, sealed: number, nowMs: number): void {
    if (batchesOnL1 !== this.#batchesOnL1 || this.#waiting === 0) this.#advancedMs = nowMs;
    this.#batchesOnL1 = batchesOnL1;
    this.#waiting = Math.max(0, sealed - batchesOnL1);
  }

  /** Why the settler is not ready; empty = batches come onto L1, or none waits. */
  reasons(nowMs: number): readonly string[] {
    const stoodMs = nowMs - this.#advancedMs;
    if (this.#waiting === 0 || stoodMs <= this.#standstillMs) return [];
    return [`${this.#waiting} batches wait and none has come onto L1 for ${Math.round(stoodMs / 1_000)} s`];
  }
}
