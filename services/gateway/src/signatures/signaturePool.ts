import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { KeelDomain, SignatureFault } from '@keel/signing';
import type { Address } from '@keel/types';
import { ClassQueues } from '../admission/classQueues.ts';
import type { RequestClass } from '../admission/requestClass.ts';
import { ApiError } from '../errors.ts';
import {
  BATCH_ITEMS_MAX,
  BATCHES_PER_THREAD,
  SLICE_MS,
  SLOW_BATCH_ITEMS_MAX,
  WAITING_PER_CLASS_MAX,
} from './limits.ts';
import {
  checkSignature,
  nativeSignatures,
  type SignatureJob,
  type SignatureVerdict,
  type ThreadMessage,
} from './signatureJob.ts';

export interface SignaturePoolOptions {
  readonly domain: KeelDomain;
  /** 0: the event loop checks by itself, a slice at a time. */
  readonly threads: number;
  /** Seconds that one check took. */
  readonly onChecked: (seconds: number) => void;
  /** A thread died: a fault of ours, after which nobody can say what else is wrong. */
  readonly onFault: (fault: Error) => void;
}

interface Waiting {
  readonly job: SignatureJob;
  readonly requestClass: RequestClass;
  readonly items: number;
  /** Kept until all of its class that came before it are answered. */
  verdict: SignatureVerdict | undefined;
  readonly resolve: (verdict: Address | SignatureFault) => void;
  readonly reject: (fault: Error) => void;
}

interface Thread {
  readonly worker: Worker;
  /** Handed over, the oldest first. */
  readonly batches: Waiting[][];
}

const batchItemsMax = nativeSignatures ? BATCH_ITEMS_MAX : SLOW_BATCH_ITEMS_MAX;

/**
 * Says who signed. What arrives in one turn of the event loop goes to the threads in batches, the most urgent first; a
 * check that comes alone is done here, because the way to a thread and back takes half as long as the check. Within a class
 * answers come in the order in which they were asked for, whichever thread was faster: two orders of one trader must not change
 * places.
 */
export class SignaturePool {
  readonly #options: SignaturePoolOptions;
  /** Not begun. */
  readonly #queues = new ClassQueues<Waiting>();
  /** Not answered, those that wait or are under work included. */
  readonly #unanswered = new ClassQueues<Waiting>();
  readonly #threads: Thread[] = [];
  #scheduled = false;
  #closing = false;

  private constructor(options: SignaturePoolOptions) {
    this.#options = options;
  }

  /** Resolves once every thread has loaded its code; rejects with what kept one from it. */
  static async open(options: SignaturePoolOptions): Promise<SignaturePool> {
    const pool = new SignaturePool(options);
    await Promise.all(Array.from({ length: options.threads }, () => pool.#startThread()));
    return pool;
  }

  /** Checks that wait, those under work not counted. */
  waiting(requestClass: RequestClass): number {
    return this.#queues.lengthOf(requestClass);
  }

  /** The signer, or why there is none. Throws GATEWAY_OVERLOADED when too many of the class wait. */
  check(job: SignatureJob, requestClass: RequestClass, items = 1): Promise<Address | SignatureFault> {
    if (this.#queues.lengthOf(requestClass) >= WAITING_PER_CLASS_MAX)
      throw new ApiError('GATEWAY_OVERLOADED', { requestClass, retryAfterMs: 1_000 });
    return new Promise((resolve, reject) => {
      const waiting: Waiting = { job, requestClass, items, verdict: undefined, resolve, reject };
      this.#queues.push(requestClass, waiting);
      this.#unanswered.push(requestClass, waiting);
      this.#schedule();
    });
  }

  /** Ends the threads. What still waits is left without an answer: whoever closes has let go of it. */
  async close(): Promise<void> {
    this.#closing = true;
    await Promise.all(this.#threads.map(({ worker }) => worker.terminate()));
  }

  /** At the end of this turn of the event loop, when all that came with it is there. */
  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.#spread();
    });
  }

  #spread(): void {
    const idle = this.#threads.every(({ batches }) => batches.length === 0);
    if (this.#threads.length === 0) this.#checkSlice();
    else if (idle && this.#queues.length === 1) this.#checkHere();
    // Everybody gets a batch before anybody gets a second one.
    else
      for (let turn = 0; turn < BATCHES_PER_THREAD; turn += 1) for (const thread of this.#threads) this.#feed(thread);
  }

  #checkSlice(): void {
    const end = performance.now() + SLICE_MS;
    while (this.#queues.length > 0 && performance.now() < end) this.#checkHere();
    if (this.#queues.length > 0) this.#schedule();
  }

  #checkHere(): void {
    const waiting = this.#queues.shift();
    if (waiting === undefined) return;
    const begin = performance.now();
    const verdict = checkSignature(this.#options.domain, waiting.job);
    this.#options.onChecked((performance.now() - begin) / 1_000);
    this.#answer(waiting, verdict);
  }

  /** This one and those of its class that had only to wait for it; or later, when it has to wait itself. */
  #answer(done: Waiting, verdict: SignatureVerdict): void {
    done.verdict = verdict;
    const { requestClass } = done;
    for (let next = this.#unanswered.peek(requestClass); next?.verdict !== undefined; ) {
      this.#unanswered.shift(requestClass);
      answer(next, next.verdict);
      next = this.#unanswered.peek(requestClass);
    }
  }

  #feed(thread: Thread): void {
    if (thread.batches.length >= BATCHES_PER_THREAD || this.#queues.length === 0) return;
    const batch = this.#takeBatch();
    thread.batches.push(batch);
    thread.worker.postMessage(batch.map(({ job }) => job));
  }

  /** An equal part for each thread, as long as it is no more than one may have; always at least one. */
  #takeBatch(): Waiting[] {
    const fairPart = Math.ceil(this.#queues.length / this.#threads.length);
    const batch: Waiting[] = [];
    for (let items = 0; batch.length < fairPart; ) {
      const next = this.#queues.peek();
      if (next === undefined || (batch.length > 0 && items + next.items > batchItemsMax)) break;
      items += next.items;
      this.#queues.shift();
      batch.push(next);
    }
    return batch;
  }

  async #startThread(): Promise<void> {
    const worker = new Worker(new URL('./signatureThread.ts', import.meta.url), {
      name: 'signatures',
      workerData: this.#options.domain,
    });
    const thread: Thread = { worker, batches: [] };
    this.#threads.push(thread);
    let fault: Error | undefined;
    worker.once('error', (error) => {
      fault = error instanceof Error ? error : new Error(String(error));
    });
    worker.once('exit', (code) => {
      if (this.#closing) return;
      const why = fault === undefined ? `with code ${code}` : `by ${fault.message}`;
      this.#options.onFault(new Error(`a signature thread ended ${why}`, { cause: fault }));
    });
    await once(worker, 'message');
    worker.on('message', (message: ThreadMessage) => this.#take(thread, message));
  }

  #take(thread: Thread, message: ThreadMessage): void {
    if (message.kind !== 'checked') return;
    const { verdicts, seconds } = message;
    const batch = thread.batches.shift() ?? [];
    this.#feed(thread);
    for (const [at, waiting] of batch.entries()) {
      this.#options.onChecked(seconds / batch.length);
      this.#answer(waiting, verdicts[at] ?? { broken: 'a signature thread left a job out' });
    }
  }
}

function answer({ resolve, reject }: Waiting, verdict: SignatureVerdict): void {
  if (typeof verdict === 'string') resolve(verdict);
  else reject(new Error(`a signature could not be checked: ${verdict.broken}`));
}
