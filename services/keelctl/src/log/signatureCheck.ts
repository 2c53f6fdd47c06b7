import { Worker } from 'node:worker_threads';
import { CodecError, decodeSequencedCommand } from '@keel/codec';
import type { JournalRecord } from '@keel/journal';
import type { KeelDomain } from '@keel/signing';
import type { SequencedCommand } from '@keel/types';
import { CommandFault } from '../commandFault.ts';
import { createListings } from './listings.ts';
import { addFinding, joinFindings, noFindings, type SignatureFindings } from './signatureFindings.ts';
import type { SignatureBatch } from './signatureThread.ts';

/** Signed commands that a thread gets at once: some 25 ms of work with libsecp256k1. */
const BATCH_COMMANDS = 250;
/** Batches that one thread may have: one in work and one that waits, so that memory stays small and no thread idle. */
const BATCHES_PER_THREAD = 2;

interface Thread {
  readonly worker: Worker;
  /** Batches handed over and not answered. */
  waiting: number;
}

/**
 * Holds every signature of a log to its signer: records go in one after the other, from the first one on, and what was
 * found comes out at the end. Threads start as there is work for them, at most `threadsMax`.
 */
export class SignatureCheck {
  readonly #domain: KeelDomain;
  readonly #threadsMax: number;
  readonly #listings = createListings();
  readonly #threads: Thread[] = [];
  #payloads: Uint8Array[] = [];
  #findings = noFindings;
  #fault: unknown;
  #wake: () => void = () => undefined;

  constructor(domain: KeelDomain, threadsMax: number) {
    this.#domain = domain;
    this.#threadsMax = threadsMax;
  }

  /** Threads that were started. */
  get threads(): number {
    return this.#threads.length;
  }

  /** Takes the next record; waits while the threads have enough to do. Rejects with CommandFault for one that is no command. */
  async take(record: JournalRecord): Promise<void> {
    const sequenced = decode(record);
    if ('auth' in sequenced.command) {
      // A copy: the payload is a view of a whole segment, all of which would go to the thread.
      this.#payloads.push(new Uint8Array(record.payload));
      if (this.#payloads.length === BATCH_COMMANDS) await this.#handOver();
      return;
    }
    this.#findings = addFinding(this.#findings, sequenced, { form: 'none', fault: undefined });
    if (!this.#listings.isListing(sequenced)) return;
    // What was signed before a listing must not be read with what it lists.
    await this.#handOver();
    this.#listings.take(sequenced);
  }

  /** Waits for the threads. */
  async end(): Promise<SignatureFindings> {
    await this.#handOver();
    while (this.#threads.some(({ waiting }) => waiting > 0)) await this.#answer();
    return this.#findings;
  }

  /** Ends the threads, whatever they do. */
  async close(): Promise<void> {
    await Promise.all(this.#threads.map(({ worker }) => worker.terminate()));
  }

  async #handOver(): Promise<void> {
    if (this.#payloads.length === 0) return;
    const batch: SignatureBatch = { payloads: this.#payloads, listed: this.#listings.listed() };
    this.#payloads = [];
    const thread = await this.#freeThread();
    thread.waiting += 1;
    thread.worker.postMessage(batch);
  }

  async #freeThread(): Promise<Thread> {
    for (;;) {
      const [idlest] = this.#threads.toSorted((one, other) => one.waiting - other.waiting);
      // A thread that has room goes before one that must be started first.
      if (idlest !== undefined && idlest.waiting < BATCHES_PER_THREAD) return idlest;
      if (this.#threads.length < this.#threadsMax) return this.#startThread();
      await this.#answer();
    }
  }

  /** Resolves at the next answer of any thread; rejects with what ended one. */
  async #answer(): Promise<void> {
    if (this.#fault === undefined) await new Promise<void>((resolve) => (this.#wake = resolve));
    if (this.#fault !== undefined) throw this.#fault;
  }

  #startThread(): Thread {
    const worker = new Worker(new URL('./signatureThread.ts', import.meta.url), {
      name: 'signatures',
      workerData: this.#domain,
    });
    const thread: Thread = { worker, waiting: 0 };
    this.#threads.push(thread);
    worker.on('message', (found: SignatureFindings) => {
      thread.waiting -= 1;
      this.#findings = joinFindings(this.#findings, found);
      this.#wake();
    });
    worker.once('error', (fault) => {
      this.#fault = fault;
      this.#wake();
    });
    return thread;
  }
}

function decode({ sequence, payload }: JournalRecord): SequencedCommand {
  try {
    const sequenced = decodeSequencedCommand(payload);
    if (sequenced.sequence === sequence) return sequenced;
    throw new CommandFault(`record ${sequence} holds command ${sequenced.sequence}: this is not a log of the exchange`);
  } catch (fault) {
    if (!(fault instanceof CodecError)) throw fault;
    throw new CommandFault(`command ${sequence} cannot be read: ${fault.message}; a newer version may have written it`);
  }
}
