import type { Progress } from './commitsAdvance.ts';
import type { NodeFace } from './nodeFace.ts';
import { lagCommands } from './status.ts';

/** A follower that is some commands behind at the moment of a look is not behind. */
const BEHIND_COMMANDS = 20_000;

/** What readiness is judged by. */
export class NodeProgress {
  readonly #node: NodeFace;
  readonly #sequence: () => number;
  #behindSinceMs: number | undefined;
  /** When this node became what it is. */
  #roleSinceMs = performance.now();
  #role = '';

  constructor(node: NodeFace, sequence: () => number) {
    this.#node = node;
    this.#sequence = sequence;
  }

  read(): Progress {
    const node = this.#node;
    const nowMs = performance.now();
    if (this.#role !== `${node.role} ${node.leader?.epoch}`) this.#roleSinceMs = nowMs;
    this.#role = `${node.role} ${node.leader?.epoch}`;
    if (lagCommands(node, this.#sequence()) <= BEHIND_COMMANDS) this.#behindSinceMs = undefined;
    else this.#behindSinceMs ??= nowMs;
    return {
      role: node.role,
      nowMs,
      lastCommitMs: Math.max(node.lastBlockMs, this.#roleSinceMs),
      behindSinceMs: this.#behindSinceMs,
      lastHeardMs: Math.max(node.lastBlockMs, this.#roleSinceMs),
      leaderKnown: node.leader !== undefined,
      paused: node.paused !== undefined,
      ...(node.haltedBy === undefined ? {} : { haltReason: node.haltedBy }),
    };
  }
}
