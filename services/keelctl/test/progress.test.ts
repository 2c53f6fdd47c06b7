import { expect, test } from 'vitest';
import { createProgress } from '../src/progress.ts';

/** A stream that keeps what it is told, and a clock that is moved by hand. */
function open(isTTY: boolean) {
  const told: string[] = [];
  let nowMs = 0;
  const progress = createProgress({ isTTY, columns: 100, write: (text: string) => told.push(text) }, () => nowMs);
  return {
    told,
    at: (ms: number, done: number) => {
      nowMs = ms;
      progress.at('replaying', done, 1_000);
    },
    end: progress.end,
  };
}

test('a line about once a second where stderr is no screen', () => {
  const { told, at, end } = open(false);
  for (let ms = 0; ms <= 2_500; ms += 100) at(ms, ms / 10);
  end();
  expect(told).toEqual([
    'keelctl: replaying 10 %, 100 of 1,000, 100/s, 9 s left\n',
    'keelctl: replaying 20 %, 200 of 1,000, 100/s, 8 s left\n',
  ]);
});

test('a bar that is drawn anew on a screen, and wiped at the end', () => {
  const { told, at, end } = open(true);
  at(0, 0);
  at(50, 10);
  at(500, 500);
  end();
  expect(told).toEqual([
    '\rreplaying [############............] 50 %, 500 of 1,000, 1,000/s, 1 s left\u001b[K',
    '\r\u001b[K',
  ]);
});
