import type { Role } from './clusterFigures.ts';

/** A leader commits an `advanceTime` every second, so three missed ones are no accident. */
const COMMIT_MS_MAX = 3_000;
/** A follower that needs longer to come up with the log would make a take-over as long. */
const BEHIND_MS_MAX = 5_000;
/** Somebody leads, so a block a second must come by. */
const SILENT_MS_MAX = 3_000;

/** Progress as a node sees it; all times are of one monotonic clock, in milliseconds. */
export interface Progress {
  readonly role: Role;
  readonly nowMs: number;
  /** When this node committed last as the leader, or began to lead if later. */
  readonly lastCommitMs: number;
  /** Since when it has not had all of the log that it knows of; undefined = it has all. */
  readonly behindSinceMs: number | undefined;
  /** When it heard a block of the leader last, or learnt that somebody leads if later. */
  readonly lastHeardMs: number;
  /** Somebody leads, as far as it knows. */
  readonly leaderKnown: boolean;
  /** Nothing is committed and nothing need be. */
  readonly paused: boolean;
  /** Why it halted itself. */
  readonly haltReason?: string;
}

/**
 * Why this node is not ready, in words; empty = commits advance through it. It follows what the node does, not that its
 * process runs: a leader whose store hangs is up and of no use. A follower without any leader is ready: it waits
 * to stand, and taking it away would help nobody.
 */
export function commitsAdvance(progress: Progress): readonly string[] {
  const { role, nowMs } = progress;
  switch (role) {
    case 'starting':
      return ['starting: the journal is being replayed'];
    case 'joining':
      return ['joining: the log is being read'];
    case 'halted':
      return [`halted: ${progress.haltReason ?? 'see the log of the process'}`];
    case 'leading':
      if (progress.paused) return ['paused by the operator'];
      return late(nowMs - progress.lastCommitMs, COMMIT_MS_MAX, 'leads and has committed nothing');
    case 'following':
    case 'standing':
      return [...behind(progress), ...silent(progress)];
  }
}

function behind({ nowMs, behindSinceMs }: Progress): readonly string[] {
  return behindSinceMs === undefined ? [] : late(nowMs - behindSinceMs, BEHIND_MS_MAX, 'behind the log');
}

function silent({ nowMs, lastHeardMs, leaderKnown, paused }: Progress): readonly string[] {
  if (!leaderKnown || paused) return [];
  return late(nowMs - lastHeardMs, SILENT_MS_MAX, 'somebody leads and nothing has been heard');
}

function late(ms: number, maxMs: number, what: string): readonly string[] {
  return ms > maxMs ? [`${what} for ${(ms / 1_000).toFixed(1)} s`] : [];
}
