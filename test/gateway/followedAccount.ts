import { setTimeout as sleep } from 'node:timers/promises';
import { type Account, type Fill, type Frame, KeelClient, type Subscription } from '@keel/client';
import type { Hex } from '@keel/types';
import { expect } from 'vitest';
import { waitFor } from '../e2e/waitFor.ts';

/** More than one request can trade for one account. */
const FILLS_READ = 200;
const READ_AGAIN_MS = 3;
const READ_TIMEOUT_MS = 10_000;

interface Happened {
  readonly fills: readonly Fill[];
  readonly marginEvents: readonly unknown[];
  readonly liquidations: readonly unknown[];
  readonly orderUpdates: readonly unknown[];
  readonly fundingPayments: readonly unknown[];
  readonly deposits: readonly unknown[];
  readonly withdrawals: readonly unknown[];
}

/** One trader as all of the outside sees him: what GET says, what the account's channel says, and what answers said. */
export class FollowedAccount {
  readonly client: KeelClient;
  /** Order ids that an answer told of. */
  readonly told = new Set<string>();
  /** The order that has a client order id. */
  readonly names = new Map<string, string>();
  /** Orders that an answer said are over, and the sequence of that answer. */
  readonly over = new Map<string, number>();
  /** Every fill that GET has told, by trade. */
  readonly fills = new Map<string, Fill>();
  /** The latest that GET told. */
  latest!: Account;
  /** Frames that said of a sequence what GET said of it. */
  framesCompared = 0;
  readonly #reads = new Map<number, Account>();
  readonly #frames: Frame[] = [];
  #subscription: Subscription | undefined;

  constructor(url: string, privateKey: Hex) {
    this.client = new KeelClient({ url, privateKey });
  }

  /** Once the account is there, and before its first order: what came before its snapshot the channel does not tell. */
  async follow(): Promise<void> {
    await waitFor('the account', () => this.read(0));
    const channel = { channel: 'account', account: this.client.address } as const;
    this.#subscription = this.client.subscribe(channel, (frame) => {
      this.#frames.push(frame);
    });
    await waitFor('the snapshot', () => (this.#frames.length > 0 ? true : undefined));
  }

  close(): void {
    this.#subscription?.close();
    this.client.close();
  }

  /** The account at `sequence` or later. */
  async read(sequence: number): Promise<Account> {
    const account = await this.#from(sequence, () => this.client.account());
    for (const { orderId } of account.openOrders) this.#expectOpen(orderId, account.sequence);
    this.#reads.set(account.sequence, account);
    this.latest = account;
    return account;
  }

  /** Fills up to `sequence` at least are in `fills` now; returns the sequence they are complete to. */
  async readFills(sequence: number): Promise<number> {
    const read = await this.#from(sequence, () => this.client.fills(this.client.address, FILLS_READ));
    const fresh = read.fills.filter(({ tradeId }) => !this.fills.has(tradeId));
    expect(fresh.length, 'more fills than one read gives').toBeLessThan(FILLS_READ);
    for (const fill of fresh.reverse()) this.fills.set(fill.tradeId, fill);
    return read.sequence;
  }

  fillsOf(orderId: string): Fill[] {
    return [...this.fills.values()].filter((fill) => fill.orderId === orderId);
  }

  /** The channel told every fill once and in order, the account as GET had it, and no order that was over. */
  async expectChannelAgrees(): Promise<void> {
    await this.readFills((await this.read(this.latest.sequence)).sequence);
    const expected = [...this.fills.values()];
    const streamed = () => this.#frames.flatMap(({ data }) => (data as { readonly fills: Fill[] }).fills);
    await waitFor('the fills of the channel', () => (streamed().length >= expected.length ? true : undefined));
    expect(streamed().slice(0, expected.length)).toEqual(expected);
    let last = 0;
    for (const { seq, data } of this.#frames) {
      expect(seq).toBeGreaterThanOrEqual(last);
      last = seq;
      // What happened since the frame before is no part of what GET says.
      const { fills: _, marginEvents: __, liquidations: ___, ...rest } = data as Account & Happened;
      const { orderUpdates: ____, fundingPayments: _____, deposits: ______, withdrawals: _______, ...account } = rest;
      expect(account.sequence).toBe(seq);
      for (const { orderId } of account.openOrders) this.#expectOpen(orderId, seq);
      const read = this.#reads.get(seq);
      if (read === undefined) continue;
      expect(account).toEqual(read);
      this.framesCompared += 1;
    }
  }

  #expectOpen(orderId: string, sequence: number): void {
    const over = this.over.get(orderId);
    if (over !== undefined && over <= sequence)
      expect.unreachable(`order ${orderId} is open at ${sequence}, and the answer at ${over} said that it is over`);
  }

  async #from<Read extends { readonly sequence: number }>(sequence: number, read: () => Promise<Read>): Promise<Read> {
    const deadline = performance.now() + READ_TIMEOUT_MS;
    for (;;) {
      const answer = await read();
      if (answer.sequence >= sequence) return answer;
      if (performance.now() > deadline) expect.unreachable(`GET stays at ${answer.sequence}, before ${sequence}`);
      await sleep(READ_AGAIN_MS);
    }
  }
}
