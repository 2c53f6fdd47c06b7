import { clientError, KeelError } from './keelError.ts';
import type { Channel, Frame } from './wire.ts';

/** What a subscriber is told. */
export interface Listener {
  readonly onFrame: (frame: Frame) => void;
  /** The connection is gone; a snapshot follows once it is back. */
  readonly onLost?: () => void;
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
}

type Send = (method: 'subscribe' | 'unsubscribe', channel: Channel) => Promise<unknown>;

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
    const entry = this.#entries.get(key) ?? { channel, listeners: new Set() };
    this.#entries.set(key, entry);
    entry.listeners.add(listener);
    return { close: () => this.#remove(entry, listener) };
  }

  clear(): void {
    this.#entries.clear();
  }

  subscribeAll(): void {
    for (const { channel } of this.#entries.values()) this.#ask(channel);
  }

  /** The first listener subscribes; a later one needs a snapshot of its own, which the others take as well. */
  subscribe(channel: Channel): void {
    const listeners = this.#entries.get(keyOf(channel))?.listeners.size ?? 0;
    if (listeners > 1) this.resync(channel);
    else this.#ask(channel);
  }

  resync(channel: Channel): void {
    this.#send('unsubscribe', channel).catch(() => undefined);
    this.#ask(channel);
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
    for (const { onFrame } of [...(entry?.listeners ?? [])]) onFrame(frame);
  }

  #remove(entry: Entry, listener: Listener): void {
    entry.listeners.delete(listener);
    const key = keyOf(entry.channel);
    if (entry.listeners.size > 0 || this.#entries.get(key) !== entry) return;
    this.#entries.delete(key);
    this.#send('unsubscribe', entry.channel).catch(() => undefined);
  }

  #ask(channel: Channel): void {
    this.#send('subscribe', channel).catch((fault: unknown) => this.#refused(channel, fault));
  }

  #refused(channel: Channel, fault: unknown): void {
    const entry = this.#entries.get(keyOf(channel));
    if (entry === undefined) return;
    const error = fault instanceof KeelError ? fault : clientError('BAD_REPLY', String(fault));
    // A lost connection subscribes again by itself when it is back.
    if (error.code === 'UNREACHABLE' || error.code === 'OUTCOME_UNKNOWN') return;
    if (error.retryable) {
      setTimeout(() => {
        if (this.#entries.get(keyOf(channel)) === entry) this.#ask(channel);
      }, this.#retryMs);
      return;
    }
    this.#entries.delete(keyOf(channel));
    for (const { onError } of entry.listeners) onError?.(error);
  }
}

interface Named {
  readonly channel: string;
  readonly market?: string;
  readonly account?: string;
  readonly subaccount?: number;
}

function keyOf({ channel, market, account, subaccount = 0 }: Named): string {
  return `${channel} ${market ?? ''} ${account?.toLowerCase() ?? ''} ${subaccount}`;
}
