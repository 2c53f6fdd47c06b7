/** How far long work has come, told to whoever waits for it. */
export interface Progress {
  /** `done` of `total` steps; a total of 0 = nobody knows. */
  readonly at: (what: string, done: number, total: number) => void;
  /** Leaves the line to what comes next. */
  readonly end: () => void;
}

interface Stream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

const BAR_CELLS = 24;
const REDRAW_MS = 100;
const LINE_MS = 1_000;

/**
 * On a screen one line that is drawn anew (share, rate, time left); elsewhere a line about once a second. Nothing is
 * told before there is something to wait for. Figures are of the work named by `what`; another name begins anew.
 */
export function createProgress(
  stream: Stream = process.stderr,
  nowMs: () => number = () => performance.now(),
): Progress {
  const isScreen = stream.isTTY === true;
  let what = '';
  let begunMs = nowMs();
  let begunAt = 0;
  let toldMs = begunMs;
  let drawn = false;
  return {
    at: (name, done, total) => {
      const now = nowMs();
      if (name !== what) {
        what = name;
        begunMs = now;
        begunAt = done;
      }
      if (now - toldMs < (isScreen ? REDRAW_MS : LINE_MS)) return;
      toldMs = now;
      const line = lineOf(name, done, total, ((done - begunAt) * 1_000) / Math.max(1, now - begunMs), isScreen);
      stream.write(isScreen ? `\r${line.slice(0, (stream.columns ?? 80) - 1)}\u001b[K` : `keelctl: ${line}\n`);
      drawn = isScreen;
    },
    end: () => {
      if (drawn) stream.write('\r\u001b[K');
      drawn = false;
    },
  };
}

function lineOf(what: string, done: number, total: number, perSecond: number, withBar: boolean): string {
  const rate = `${Math.round(perSecond).toLocaleString('en-US')}/s`;
  if (total <= 0) return `${what}: ${done.toLocaleString('en-US')}, ${rate}`;
  const share = Math.min(1, done / total);
  const left = perSecond > 0 ? `, ${Math.ceil((total - done) / perSecond)} s left` : '';
  const cells = Math.round(share * BAR_CELLS);
  const bar = withBar ? `[${'#'.repeat(cells)}${'.'.repeat(BAR_CELLS - cells)}] ` : '';
  const counts = `${done.toLocaleString('en-US')} of ${total.toLocaleString('en-US')}`;
  return `${what} ${bar}${Math.floor(share * 100)} %, ${counts}, ${rate}${left}`;
}
