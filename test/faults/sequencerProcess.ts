import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { endWithFile } from '@keel/test-servers';
import { waitFor } from '../e2e/waitFor.ts';
import { TOKEN } from './tradersOrders.ts';

const MAIN = join(import.meta.dirname, '../../services/sequencer/src/main.ts');
const ANSWER_MS_MAX = 1_000;

/** What /status of a sequencer says, as far as it is read here. */
export interface NodeStatus {
  readonly role: string;
  readonly sequence: number;
  readonly durableSequence: number;
  readonly snapshotSequence: number;
  readonly epoch: number;
  readonly leader: { readonly nodeId: string } | null;
  readonly notStanding: string | null;
  readonly haltedBy: string | null;
  readonly readModel: {
    readonly connected: boolean;
    readonly lagCommands: number;
    readonly rebuilds: number;
  } | null;
}

/** What a process said about the end of its log when it was asked to stop. */
export interface LastWords {
  readonly sequence: number;
  readonly stateRoot: string;
}

/** One sequencer of a cluster as a real process, which can be ended and started again with the same settings. */
export class SequencerProcess {
  readonly nodeId: string;
  readonly dataDir: string;
  readonly intakeUrl: string;
  readonly adminUrl: string;
  readonly #env: Readonly<Record<string, string>>;
  #child: ChildProcess | undefined;
  #output = '';

  constructor(nodeId: string, dataDir: string, intakePort: number, adminPort: number, env: Record<string, string>) {
    this.nodeId = nodeId;
    this.dataDir = dataDir;
    this.intakeUrl = `ws://127.0.0.1:${intakePort}`;
    this.adminUrl = `http://127.0.0.1:${adminPort}`;
    this.#env = {
      KEEL_NODE_ID: nodeId,
      // Each of these clusters begins with nothing, so anybody may begin it.
      KEEL_CLUSTER_BEGIN: nodeId,
      KEEL_DATA_DIR: dataDir,
      KEEL_INTAKE_PORT: String(intakePort),
      KEEL_ADMIN_PORT: String(adminPort),
      ...env,
    };
  }

  get running(): boolean {
    return this.#child !== undefined && this.#child.exitCode === null && this.#child.signalCode === null;
  }

  get exitCode(): number | null {
    return this.#child?.exitCode ?? null;
  }

  /** Everything printed since the last start, stderr included. */
  get output(): string {
    return this.#output;
  }

  start(env: Readonly<Record<string, string>> = {}): void {
    if (this.running) throw new Error(`sequencer ${this.nodeId} runs already`);
    this.#output = '';
    const child = spawn(process.execPath, [MAIN], {
      env: { PATH: process.env.PATH ?? '', ...this.#env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    endWithFile(child);
    const keep = (chunk: Buffer): void => {
      this.#output += chunk.toString();
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    this.#child = child;
  }

  /** SIGSTOP, SIGCONT. */
  signal(signal: NodeJS.Signals): void {
    this.#child?.kill(signal);
  }

  /** Sends the signal and resolves with the exit code when the process is gone. */
  async end(signal: NodeJS.Signals): Promise<number | null> {
    const child = this.#child;
    if (child === undefined || !this.running) return this.exitCode;
    const gone = once(child, 'close');
    child.kill(signal);
    await gone;
    return child.exitCode;
  }

  /** Resolves with the exit code when the process has ended by itself. */
  async ended(): Promise<number | null> {
    await waitFor(`sequencer ${this.nodeId} to end`, () => (this.running ? undefined : true), 20_000);
    return this.exitCode;
  }

  /** Undefined while it does not answer. */
  async status(): Promise<NodeStatus | undefined> {
    return this.get('/status') as Promise<NodeStatus | undefined>;
  }

  async get(path: string): Promise<unknown> {
    if (!this.running) return undefined;
    try {
      const answer = await fetch(`${this.adminUrl}${path}`, { signal: AbortSignal.timeout(ANSWER_MS_MAX) });
      return await answer.json();
    } catch {
      // It starts, ends or hangs: whoever asks again in a moment gets to know.
      return undefined;
    }
  }

  async post(path: string, body: object): Promise<{ readonly status: number; readonly body: unknown }> {
    const answer = await fetch(`${this.adminUrl}${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(10_000),
    });
    return { status: answer.status, body: await answer.json() };
  }

  /** Waits until it follows or leads. */
  async up(): Promise<void> {
    await waitFor(`sequencer ${this.nodeId} to be up`, async () => {
      if (!this.running) throw new Error(`it ended with ${this.exitCode}: ${this.output.slice(-2_000)}`);
      const role = (await this.status())?.role;
      return role === 'following' || role === 'leading' ? true : undefined;
    });
  }

  /** The line that a clean stop leaves behind. */
  lastWords(): LastWords | undefined {
    const line = this.#output.split('\n').find((each) => each.includes('"took the last command"'));
    return line === undefined ? undefined : (JSON.parse(line) as LastWords);
  }
}
