import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { encodeCommand, encodeEventBlock } from '@keel/codec';
import { createSubmitUntil, IntakeClient, type IntakeRole, type Outcome, type SubmitUntil } from '@keel/intake';
import type { Command, EventBlock } from '@keel/types';
import { depositOf, indexPrice, orderOf, TOKEN } from './tradersOrders.ts';

/** Numbered from 1; trader 0 has money as well and belongs to the test. */
const TRADERS = 200;
/** Far from the engine's window of 100 nonces, so that a late retry is never too old. */
const PER_TRADER_MAX = 50;
const TICK_MS = 10;
const PRICE_EVERY_MS = 1_000;

/** A command that somebody was told is done, and what it is said to have done. */
export interface Ack {
  readonly bytes: Buffer;
  readonly sequence: number;
  /** SHA-256 of the answer: sequence, time and events. */
  readonly answer: string;
  /** The answer said that it was sequenced before. */
  readonly repeated: boolean;
  /** Monotonic. */
  readonly atMs: number;
}

/** A command that was given up. */
export interface GivenUp {
  readonly bytes: Buffer;
  /** Name of the error. */
  readonly why: string;
  readonly atMs: number;
}

export interface LoadOptions {
  readonly urls: readonly string[];
  readonly ordersPerSecond?: number;
  /** What a command may take before it is given up; a gateway's unless told. */
  readonly deadlineMs?: number;
}

/**
 * Traders who place orders without regard to answers (so many a second, in small groups), and a price feeder. Hands over
 * through real clients that know all nodes and try again as a gateway does, and keeps every answer.
 */
export class Load {
  readonly acks: Ack[] = [];
  readonly givenUp: GivenUp[] = [];
  offered = 0;
  /** Orders that a trader did not place because too many of its own were without an answer. */
  heldBack = 0;
  /** Acknowledged orders that the exchange refused, by code. */
  readonly refusals = new Map<number, number>();
  retried = 0;
  readonly #options: Required<LoadOptions>;
  readonly #clients: IntakeClient[] = [];
  readonly #outstanding = new Int32Array(TRADERS);
  readonly #turns = new Int32Array(TRADERS);
  #waiting = 0;
  #stopped = false;
  #nonce = Date.now();
  #running: Promise<void>[] = [];
  #startedMs = 0;
  #stoppedMs = 0;

  constructor(options: LoadOptions) {
    this.#options = { ordersPerSecond: 2_000, deadlineMs: 5_000, ...options };
  }

  /** Deposits first, without which no order is valid; then orders until `stop`. */
  async start(): Promise<void> {
    const settler = this.#client('settler');
    const deposit = this.#submitter(settler);
    for (let trader = 0; trader <= TRADERS; trader += 1) {
      const { submitted } = await deposit(depositOf(trader), performance.now() + 30_000);
      this.#note(depositOf(trader), submitted, false);
    }
    const feed = this.#submitter(this.#client('priceFeed'));
    await this.#hand(feed, indexPrice(Date.now()));
    const gateways = [this.#client('gateway'), this.#client('gateway')].map((client) => this.#submitter(client));
    await Promise.all(this.#clients.map((client) => client.ready()));
    this.#startedMs = performance.now();
    this.#running = [this.#feedPrices(feed), this.#placeOrders(gateways)];
  }

  /** Offers nothing more and resolves when everything offered has an answer or was given up. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#stoppedMs ||= performance.now();
    await Promise.all(this.#running);
    while (this.#waiting > 0) await sleep(TICK_MS);
    await Promise.all(this.#clients.map((client) => client.close()));
  }

  /** Orders a second that were offered. */
  get offeredPerSecond(): number {
    return Math.round((this.offered * 1_000) / (this.#stoppedMs - this.#startedMs));
  }

  /** Waits for an acknowledgement after a moment. Rejects after `limitMs`. */
  async ackAfter(afterMs: number, limitMs = 30_000): Promise<void> {
    const untilMs = performance.now() + limitMs;
    while ((this.acks.at(-1)?.atMs ?? 0) <= afterMs) {
      if (performance.now() > untilMs) throw new Error(`nothing was acknowledged for ${limitMs} ms`);
      await sleep(2);
    }
  }

  /** The longest time without an acknowledgement that began or ended between two moments, in ms. */
  longestSilence(fromMs: number, toMs: number): number {
    let longest = 0;
    let lastMs: number | undefined;
    for (const { atMs } of this.acks) {
      if (lastMs !== undefined && atMs >= fromMs && lastMs <= toMs) longest = Math.max(longest, atMs - lastMs);
      lastMs = atMs;
    }
    return longest;
  }

  /** Acknowledgements that arrived between two moments. */
  acksBetween(fromMs: number, toMs: number): readonly Ack[] {
    return this.acks.filter(({ atMs }) => atMs > fromMs && atMs <= toMs);
  }

  #client(role: IntakeRole): IntakeClient {
    const client = new IntakeClient({ url: this.#options.urls, token: TOKEN, role });
    this.#clients.push(client);
    return client;
  }

  #submitter(gate: IntakeClient): SubmitUntil {
    const after = (ms: number, run: () => void): (() => void) => {
      const timer = setTimeout(run, ms);
      return () => clearTimeout(timer);
    };
    return createSubmitUntil({ gate, time: { monotonicMs: () => performance.now(), after } });
  }

  async #feedPrices(feed: SubmitUntil): Promise<void> {
    while (!this.#stopped) {
      void this.#hand(feed, indexPrice(Date.now()));
      await sleep(PRICE_EVERY_MS);
    }
  }

  async #placeOrders(gateways: readonly SubmitUntil[]): Promise<void> {
    let next = 0;
    while (!this.#stopped) {
      await sleep(TICK_MS);
      const due = ((performance.now() - this.#startedMs) * this.#options.ordersPerSecond) / 1_000;
      while (this.offered + this.heldBack < due) {
        this.#place(next, gateways[next % gateways.length] as SubmitUntil);
        next = (next + 1) % TRADERS;
      }
    }
  }

  #place(trader: number, gateway: SubmitUntil): void {
    const outstanding = this.#outstanding[trader] as number;
    if (outstanding >= PER_TRADER_MAX) {
      this.heldBack += 1;
      return;
    }
    this.offered += 1;
    this.#outstanding[trader] = outstanding + 1;
    // Two orders of one trader in the same millisecond are two orders.
    this.#nonce = Math.max(this.#nonce + 1, Date.now());
    const turn = this.#turns[trader] as number;
    this.#turns[trader] = turn + 1;
    void this.#hand(gateway, orderOf(trader + 1, turn, this.#nonce)).finally(() => {
      this.#outstanding[trader] = (this.#outstanding[trader] as number) - 1;
    });
  }

  /** Never rejects: what went wrong is kept. */
  async #hand(submit: SubmitUntil, command: Command): Promise<void> {
    this.#waiting += 1;
    try {
      const { submitted, retried }: Outcome = await submit(command, performance.now() + this.#options.deadlineMs);
      this.#note(command, submitted, submitted.repeated === true);
      if (retried) this.retried += 1;
    } catch (fault) {
      const why = fault instanceof Error ? fault.name : String(fault);
      this.givenUp.push({ bytes: Buffer.from(encodeCommand(command)), why, atMs: performance.now() });
    } finally {
      this.#waiting -= 1;
    }
  }

  #note(command: Command, block: EventBlock, repeated: boolean): void {
    const { sequence, events } = block;
    const atMs = performance.now();
    this.acks.push({ bytes: Buffer.from(encodeCommand(command)), sequence, answer: answerOf(block), repeated, atMs });
    for (const event of events)
      if (event.kind === 'commandRejected') this.refusals.set(event.code, (this.refusals.get(event.code) ?? 0) + 1);
  }
}

/** SHA-256 of what a command did. */
export function answerOf({ sequence, timeMs, events }: EventBlock): string {
  return createHash('sha256').update(encodeEventBlock({ sequence, timeMs, events })).digest('base64');
}
