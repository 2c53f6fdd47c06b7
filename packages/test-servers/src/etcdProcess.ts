import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { etcdEnvironment, etcdProgram } from './config.ts';
import { endWithFile } from './endWithFile.ts';

export interface EtcdProcessSettings {
  readonly endpoint: string;
  /** In cleartext and without authentication whatever the endpoint wants. */
  readonly metricsUrl: string;
  readonly args: readonly string[];
  readonly logFile: string;
  /** What `args` say as well. */
  readonly dataDir: string;
}

/** One etcd process that can be started again with the same arguments. */
export class EtcdProcess {
  readonly endpoint: string;
  readonly #settings: EtcdProcessSettings;
  #child: ChildProcess | undefined;

  constructor(settings: EtcdProcessSettings) {
    this.endpoint = settings.endpoint;
    this.#settings = settings;
  }

  running(): boolean {
    return this.#child !== undefined && this.#child.exitCode === null && this.#child.signalCode === null;
  }

  pid(): number {
    const pid = this.#child?.pid;
    if (pid === undefined || !this.running()) throw new Error(`the etcd of ${this.endpoint} does not run`);
    return pid;
  }

  /** Resolves when it answers at its metrics port, which it does before there is a quorum. */
  async start(): Promise<void> {
    if (this.running()) throw new Error(`the etcd of ${this.endpoint} runs already`);
    const log = openSync(this.#settings.logFile, 'a');
    const child = spawn(etcdProgram(), this.#settings.args, { stdio: ['ignore', log, log], env: etcdEnvironment() });
    closeSync(log);
    this.#child = child;
    endWithFile(child);
    let notStarted: Error | undefined;
    child.on('error', (fault) => {
      notStarted = new Error(`${etcdProgram()} cannot be started (set KEEL_ETCD): ${fault.message}`);
    });
    const limit = performance.now() + 20_000;
    while ((await this.#ask('/metrics')) === undefined) {
      if (notStarted !== undefined) throw notStarted;
      if (!this.running()) throw new Error(`etcd ended at its start: ${this.lastWords()}`);
      if (performance.now() > limit) throw new Error(`etcd does not come up: ${this.lastWords()}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  async kill(): Promise<void> {
    const child = this.#child;
    if (child === undefined || child.pid === undefined || !this.running()) return;
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  }

  async wipe(): Promise<void> {
    if (this.running()) throw new Error(`the etcd of ${this.endpoint} still runs`);
    await rm(this.#settings.dataDir, { recursive: true, force: true });
  }

  signal(signal: 'SIGSTOP' | 'SIGCONT'): void {
    process.kill(this.pid(), signal);
  }

  /** A write of its own went through the quorum, and no alarm is raised. */
  async isHealthy(): Promise<boolean> {
    return (await this.#ask('/health'))?.includes('"true"') ?? false;
  }

  async isLeader(): Promise<boolean> {
    return /^etcd_server_is_leader 1$/m.test((await this.#ask('/metrics')) ?? '');
  }

  lastWords(): string {
    return readFileSync(this.#settings.logFile, 'utf8').trim().split('\n').slice(-3).join(' | ');
  }

  async #ask(path: string): Promise<string | undefined> {
    if (!this.running()) return undefined;
    try {
      const answer = await fetch(`${this.#settings.metricsUrl}${path}`, { signal: AbortSignal.timeout(1_000) });
      return await answer.text();
    } catch {
      // It is not up yet, stopped, or ending: whoever asks again in a moment gets to know.
      return undefined;
    }
  }
}
