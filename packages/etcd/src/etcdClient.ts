import { AlarmRequest_Action, AlarmType, Auth, Maintenance } from '@keel/proto/etcd/rpc';
import { type CallOptions, EtcdConnection, type Security } from './connection.ts';
import {
  StoreCompacted,
  type StoreFault,
  StoreFull,
  StoreOutcomeUnknown,
  StoreRefused,
  StoreUnavailable,
} from './store.ts';
import { judge, type Verdict } from './verdict.ts';

export interface EtcdClientSettings {
  readonly endpoints: readonly string[];
  readonly security: Security;
  readonly user: string | undefined;
  readonly password: string | undefined;
  /** Of a whole call with all its attempts. */
  readonly timeoutMs: number;
}

/**
 * - `read`: changes nothing, so another member may always be asked.
 * - `repeatable`: done twice is done once.
 * - `once`: sent again only when it is certain that it was not done.
 */
export type CallKind = 'read' | 'repeatable' | 'once';

/** What came of one attempt that failed. */
interface Failure {
  readonly verdict: Verdict;
  /** The member had answered on this connection. */
  readonly connected: boolean;
  /** The call itself went out. */
  readonly sent: boolean;
  readonly token: Promise<string | undefined> | undefined;
}

export type Call<Result> = (connection: EtcdConnection, options: CallOptions) => Promise<Result>;

/** Between two rounds over all endpoints. */
const ROUND_PAUSE_MS = 50;
/** A member that says so more often does not know its own tokens. */
const TOKENS_A_CALL = 3;

/** The lease of a call is gone, so it was not done; callers turn it into an answer or a fault of their own. */
export class LeaseGone extends Error {
  override readonly name = 'LeaseGone';
}

/** What calls of one client share: a connection to each member, the one that is asked first, the token. */
export class EtcdClient {
  readonly settings: EtcdClientSettings;
  readonly #connections = new Map<string, EtcdConnection>();
  readonly #opening = new Map<string, Promise<EtcdConnection>>();
  /** Index of the endpoint that is asked first: the last one that answered. */
  #current = 0;
  #token: Promise<string | undefined> | undefined;
  #alarmSeen = false;
  #closed = false;

  constructor(settings: EtcdClientSettings) {
    this.settings = settings;
  }

  /**
   * Makes one call, at as many members as its kind allows, within the time limit. `what` begins the sentence of a fault.
   * Rejects with StoreFault or LeaseGone.
   */
  async call<Result>(what: string, kind: CallKind, call: Call<Result>): Promise<Result> {
    const { endpoints, timeoutMs } = this.settings;
    const limitMs = performance.now() + timeoutMs;
    const reasons = new Map<string, string>();
    const refusals = new Map<string, string>();
    let maybeDone = false;
    let tokens = 0;
    for (let attempt = 0; ; attempt++) {
      if (this.#closed) throw new StoreUnavailable(`${what}: the client is closed`);
      const leftMs = limitMs - performance.now();
      if (leftMs < 1) throw this.#timedOut(what, kind, maybeDone, reasons);
      const endpoint = this.#endpoint();
      // So that one member that is silent leaves time for the others.
      const shareMs = leftMs / Math.max(1, endpoints.length - (attempt % endpoints.length));
      const alarmSeen = this.#alarmSeen;
      const outcome = await this.#attempt(endpoint, call, shareMs, kind === 'once' ? leftMs : shareMs);
      if ('result' in outcome) {
        // Somebody may have ended the alarm; seen anew, it is certain again.
        if (kind === 'once') this.#alarmSeen = false;
        return outcome.result;
      }
      const { verdict, connected, sent, token } = outcome;
      if (verdict.kind === 'token') {
        if (this.#token === token) this.#token = undefined;
        if (++tokens < TOKENS_A_CALL && this.settings.user !== undefined) continue;
        const advice = 'etcd wants a user; set KEEL_ETCD_USER and KEEL_ETCD_PASSWORD';
        throw new StoreRefused(`${what}: ${this.settings.user === undefined ? advice : verdict.reason}`);
      }
      if (sent) {
        if (verdict.kind === 'leaseGone') throw new LeaseGone(verdict.reason);
        if (verdict.kind === 'compacted') throw new StoreCompacted(`${what}: ${verdict.reason}`);
        if (verdict.kind === 'full') throw await this.#full(what, endpoint, alarmSeen && this.#alarmSeen);
        if (verdict.kind === 'unknown') {
          this.#leave(endpoint);
          if (kind === 'once') throw new StoreOutcomeUnknown(`${what} at ${endpoint}: ${verdict.reason}`);
          maybeDone = true;
        }
      }
      // Said by etcd itself, as of a wrong password; what TLS says is of this endpoint only.
      if (connected && verdict.kind === 'refused') throw new StoreRefused(`${what}: ${verdict.reason}`);
      this.#leave(endpoint);
      reasons.set(endpoint, verdict.reason);
      if (verdict.kind === 'refused') refusals.set(endpoint, verdict.reason);
      if (refusals.size === endpoints.length) {
        throw new StoreRefused(`${what}: ${endpoint} cannot be used: ${verdict.reason}`);
      }
      if (attempt % endpoints.length === endpoints.length - 1) await pause(Math.min(ROUND_PAUSE_MS, leftMs));
    }
  }

  /** Forgets that the store was full: an alarm that is raised anew is to be seen anew. */
  forgetAlarm(): void {
    this.#alarmSeen = false;
  }

  close(): void {
    this.#closed = true;
    for (const connection of this.#connections.values()) connection.close();
    this.#connections.clear();
  }

  async #attempt<Result>(
    endpoint: string,
    call: Call<Result>,
    connectMs: number,
    callMs: number,
  ): Promise<{ readonly result: Result } | Failure> {
    const startMs = performance.now();
    let connection: EtcdConnection | undefined;
    let token = this.#token;
    let sent = false;
    try {
      connection = await within(this.#connect(endpoint), connectMs);
      if (this.settings.user !== undefined) this.#token ??= this.#authenticate(connection, connectMs);
      token = this.#token;
      const word = await token;
      const timeoutMs = callMs - (performance.now() - startMs);
      if (timeoutMs < 1)
        return { verdict: { kind: 'notDone', reason: 'no time was left' }, connected: true, sent, token };
      sent = true;
      return { result: await call(connection, { timeoutMs, token: word, requireLeader: true }) };
    } catch (fault) {
      // It said nothing at all meanwhile: the process hangs or the network swallows what is sent.
      if (connection !== undefined && connection.heardMs() < startMs) this.#drop(connection);
      const verdict = judge(fault);
      const early = !sent && verdict.kind === 'unknown';
      const connected = connection !== undefined;
      return { verdict: early ? { ...verdict, kind: 'notDone' } : verdict, connected, sent, token };
    }
  }

  async #connect(endpoint: string): Promise<EtcdConnection> {
    const known = this.#connections.get(endpoint);
    if (known?.isOpen()) return known;
    if (known !== undefined) this.#drop(known);
    const begun = this.#opening.get(endpoint);
    if (begun !== undefined) return begun;
    // It has a call's whole time although whoever waits for it may go on to the next member sooner.
    const opening = EtcdConnection.open(endpoint, this.settings.security, {
      timeoutMs: this.settings.timeoutMs,
      requireLeader: true,
    });
    this.#opening.set(endpoint, opening);
    const settle = (connection?: EtcdConnection): void => {
      this.#opening.delete(endpoint);
      if (connection === undefined) return;
      if (this.#closed) connection.close();
      else this.#connections.set(endpoint, connection);
    };
    opening.then(settle, () => settle());
    return opening;
  }

  #drop(connection: EtcdConnection): void {
    if (this.#connections.get(connection.endpoint) === connection) this.#connections.delete(connection.endpoint);
    connection.close();
  }

  #authenticate(connection: EtcdConnection, timeoutMs: number): Promise<string | undefined> {
    const { user: name = '', password = '' } = this.settings;
    const token = connection
      .unary(Auth.method.authenticate, { name, password }, { timeoutMs, requireLeader: true })
      .then(
        (answer) => answer.token,
        (fault: unknown) => {
          if (this.#token === token) this.#token = undefined;
          // A cluster gets its users before authentication is turned on.
          if (fault instanceof Error && fault.message.includes('authentication is not enabled')) return undefined;
          throw fault;
        },
      );
    return token;
  }

  /**
   * etcd says NOSPACE also of the transaction that it has just done and that filled it. Only when the alarm was known
   * to be raised before the call went out is it certain that every member refused it.
   */
  async #full(what: string, endpoint: string, alarmSeen: boolean): Promise<StoreFault> {
    if (alarmSeen) return new StoreFull(`${what}: etcd is full (alarm NOSPACE)`);
    try {
      const connection = await this.#connect(endpoint);
      const { alarms } = await connection.unary(
        Maintenance.method.alarm,
        { action: AlarmRequest_Action.GET },
        { timeoutMs: this.settings.timeoutMs, requireLeader: false, token: await this.#token },
      );
      this.#alarmSeen = alarms.some(({ alarm }) => alarm === AlarmType.NOSPACE);
    } catch (fault) {
      return new StoreOutcomeUnknown(`${what}: etcd ran full meanwhile (${judge(fault).reason})`);
    }
    return new StoreOutcomeUnknown(`${what}: etcd ran full meanwhile and may have done it`);
  }

  #endpoint(): string {
    return this.settings.endpoints[this.#current % this.settings.endpoints.length] ?? '';
  }

  /** The next call begins at the next member, unless another call has seen to that. */
  #leave(endpoint: string): void {
    if (this.#endpoint() === endpoint) this.#current = (this.#current + 1) % this.settings.endpoints.length;
  }

  #timedOut(what: string, kind: CallKind, maybeDone: boolean, reasons: ReadonlyMap<string, string>): StoreFault {
    const each = [...reasons].map(([endpoint, reason]) => `${endpoint}: ${reason}`).join('; ');
    const words = `${what}: no etcd member did it within ${this.settings.timeoutMs} ms (${each})`;
    return maybeDone && kind !== 'read' ? new StoreOutcomeUnknown(words) : new StoreUnavailable(words);
  }
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Rejects when it takes longer; the work itself goes on. */
async function within<Value>(work: Promise<Value>, ms: number): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('no connection within the time limit')), ms);
  });
  try {
    return await Promise.race([work, limit]);
  } finally {
    clearTimeout(timer);
  }
}
