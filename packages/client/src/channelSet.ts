import type { Channel, Frame } from './channelWire.ts';
import { clientError, KeelError } from './keelError.ts';

/** What a subscriber is told. */
export interface Listener {
  readonly onFrame: (frame: Frame) => void;
  /** The connection is gone; a snapshot follows once it is back, or `onResumed`. */
  readonly onLost?: () => void;
  /**
   * The connection is back, and the frames that were missed come as if it had never been away; the first of them may come before
   * this. Whoever gives it says that it keeps what it has while the connection is away; of a channel that has other listeners,
   * all have to.
   */
  readonly onResumed?: () => void;
  /** An attempt to connect failed; the next one comes by itself, after a growing wait. */
  readonly onUnreachable?: (error: KeelError) => void;
  /** The exchange refused the channel for good, for example an unknown market. */
  readonly onError?: (error: KeelError) => void;
}

export interface Subscription {
  close(): void;
}

interface Entry {
  readonly channel: Channel;
  readonly listeners: Set<Listener>;
  /** Of the last frame; undefined before the first, and once a snapshot is wanted. */
  seq: number | undefined;
}

type Send = (method: 'subscribe' | 'unsubscribe', channel: Channel & { readonly fromSeq?: number }) => Promise<unknown>;

/** The channels a client wants, and who listens to each; outlives connections. */
export class ChannelSet {
  readonly #entries = new Map<string, Entry>();
  readonly #send: Send;
  readonly #retryMs: number;

  constructor(send: Send, retryMs: number) {
    this.#send = send;
    this.#retryMs = retryMs;
  }

  get size(): number {
    return this.#entries.size;
  }

  add(channel: Channel, listener: Listener): Subscription {
    const key = keyOf(channel);
    const entry = this.#entries.get(key) ?? { channel, listeners: new Set(), seq: undefined };
    this.#entries.set(key, entry);
    entry.listeners.add(listener);
    return { close: () => this.#remove(entry, listener) };
  }

  clear(): void {
    this.#entries.clear();
  }

  subscribeAll(): void {
    for (const entry of this.#entries.values()) this.#ask(entry);
  }

  /** The first listener subscribes; a later one needs a snapshot of its own, which the others take as well. */
  subscribe(channel: Channel): void {
    const entry = this.#entries.get(keyOf(channel));
    if (entry === undefined) return;
    if (entry.listeners.size > 1) this.resync(channel);
    else this.#ask(entry);
  }

  resync(channel: Channel): void {
    const entry = this.#entries.get(keyOf(channel));
    if (entry === undefined) return;
    entry.seq = undefined;
    this.#send('unsubscribe', channel).catch(() => undefined);
    this.#ask(entry);
  }

  lost(): void {
    for (const { listeners } of this.#entries.values()) for (const { onLost } of [...listeners]) onLost?.();
  }

  unreachable(error: KeelError): void {
    for (const { listeners } of this.#entries.values())
      for (const { onUnreachable } of [...listeners]) onUnreachable?.(error);
  }

  deliver(frame: Frame): void {
    const entry = this.#entries.get(keyOf(frame));
    if (entry === undefined) return;
    // What happened to an account while this client read too slowly is not in the frame: it is asked for.
    if (frame.channel === 'account' && frame.resync === true && entry.seq !== undefined) {
      this.#ask(entry);
      return;
    }
    entry.seq = frame.seq;
    for (const { onFrame } of [...entry.listeners]) onFrame(frame);
  }

  #remove(entry: Entry, listener: Listener): void {
    entry.listeners.delete(listener);
    const key = keyOf(entry.channel);
    if (entry.listeners.size > 0 || this.#entries.get(key) !== entry) return;
    this.#entries.delete(key);
    this.#send('unsubscribe', entry.channel).catch(() => undefined);
  }

  #ask(entry: Entry): void {
    const { channel, listeners, seq } = entry;
    // A snapshot of an account lists what happened since, so everybody may have it.
    const resumes = channel.channel === 'account' || [...listeners].every(({ onResumed }) => onResumed !== undefined);
    const asked = seq !== undefined && resumes ? { ...channel, fromSeq: seq } : channel;
    this.#send('subscribe', asked).then(
      (result) => {
        if ((result as { resumed?: unknown } | null)?.resumed !== true) return;
        for (const { onResumed } of [...listeners]) onResumed?.();
      },
      (fault: unknown) => this.#refused(channel, fault),
    );
  }

  #refused(channel: Channel, fault: unknown): void {
    const entry = this.#entries.get(keyOf(channel));
    if (entry === undefined) return;
    const error = fault instanceof KeelError ? fault : clientError('BAD_REPLY', String(fault));
    // A lost connection subscribes again by itself when it is back.
    if (error.code === 'UNREACHABLE' || error.code === 'OUTCOME_UNKNOWN') return;
    if (error.retryable) {
      setTimeout(() => {
        if (this.#entries.get(keyOf(channel)) === entry) this.#ask(entry);
      }, this.#retryMs);
      return;
    }
    this.#entries.delete(keyOf(channel));
    for (const { onError } of entry.listeners) onError?.(error);
  }
}

function keyOf(named: Channel | Frame): string {
  const { channel, market, interval = '1m', account, subaccount = 0, levels, grouping, intervalMs } = named as Frame;
  return [channel, market, interval, account?.toLowerCase(), subaccount, levels, grouping, intervalMs].join(' ');
}
