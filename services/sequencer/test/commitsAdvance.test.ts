import { expect, test } from 'vitest';
import { commitsAdvance, type Progress } from '../src/commitsAdvance.ts';

const NOW = 100_000;
const WELL: Progress = {
  role: 'leading',
  nowMs: NOW,
  lastCommitMs: NOW - 500,
  behindSinceMs: undefined,
  lastHeardMs: NOW - 500,
  leaderKnown: true,
  paused: false,
};

test.each<readonly [title: string, change: Partial<Progress>, reasons: readonly string[]]>([
  ['a leader that commits', {}, []],
  ['a leader, 3 s after its last commit', { lastCommitMs: NOW - 3_000 }, []],
  ['a leader, later', { lastCommitMs: NOW - 3_001 }, ['leads and has committed nothing for 3.0 s']],
  ['a leader heard from nobody, which is no fault of it', { lastHeardMs: 0, behindSinceMs: 0 }, []],
  ['a paused leader', { paused: true, lastCommitMs: 0 }, ['paused by the operator']],
  ['a follower that has all', { role: 'following', lastCommitMs: 0 }, []],
  ['a follower, 5 s behind', { role: 'following', behindSinceMs: NOW - 5_000 }, []],
  ['a follower, longer', { role: 'following', behindSinceMs: NOW - 7_250 }, ['behind the log for 7.3 s']],
  [
    'a follower that hears nothing while somebody leads',
    { role: 'following', lastHeardMs: NOW - 4_000 },
    ['somebody leads and nothing has been heard for 4.0 s'],
  ],
  ['a follower that hears nothing because of a pause', { role: 'following', lastHeardMs: 0, paused: true }, []],
  ['a follower without a leader', { role: 'following', lastHeardMs: 0, leaderKnown: false }, []],
  ['one that stands and is behind', { role: 'standing', behindSinceMs: NOW - 6_000 }, ['behind the log for 6.0 s']],
  [
    'both at once',
    { role: 'following', behindSinceMs: NOW - 9_000, lastHeardMs: NOW - 8_000 },
    ['behind the log for 9.0 s', 'somebody leads and nothing has been heard for 8.0 s'],
  ],
  ['one that starts', { role: 'starting' }, ['starting: the journal is being replayed']],
  ['one that joins', { role: 'joining' }, ['joining: the log is being read']],
  [
    'one that has halted itself',
    { role: 'halted', haltReason: 'another state root at 4096' },
    ['halted: another state root at 4096'],
  ],
  ['one that halted and left no words', { role: 'halted' }, ['halted: see the log of the process']],
])('%s', (_title, change, reasons) => {
  expect(commitsAdvance({ ...WELL, ...change })).toEqual(reasons);
});
