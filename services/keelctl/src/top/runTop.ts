import { EXIT, type ExitCode } from '../exitCodes.ts';
import { judgeCluster, roleOf } from '../nodes/judgeCluster.ts';
import { NODE_OPTIONS, openDoor } from '../nodes/nodeDoor.ts';
import { type ClusterPicture, isAnswered, readCluster } from '../nodes/readCluster.ts';
import { assertNoMore, readOptions } from '../readOptions.ts';
import { runStatus } from '../status/runStatus.ts';
import { statusText } from '../status/statusText.ts';
import { verdictOf } from '../status/verdictOf.ts';
import type { Terminal } from '../terminal.ts';
import { momentText } from '../times.ts';

const EVERY_MS = 1_000;
const ENTER = '\u001b[?1049h\u001b[?25l';
const LEAVE = '\u001b[?25h\u001b[?1049l';

/** keelctl top: the status drawn anew about once a second until q or Ctrl-C; once where stdout is no screen, or as JSON. */
export async function runTop(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const { values, positionals } = readOptions(args, NODE_OPTIONS);
  assertNoMore('top', positionals);
  if (!terminal.isScreen || values.json) return runStatus(args, terminal);
  const door = openDoor(values);
  const ending = listenForEnd();
  terminal.write(ENTER);
  try {
    let before: ClusterPicture | undefined;
    while (!ending.signal.aborted) {
      const begunMs = performance.now();
      const picture = await readCluster(door);
      terminal.write(frameOf(picture, before, terminal));
      before = picture;
      await ending.wait(EVERY_MS - (performance.now() - begunMs));
    }
  } finally {
    terminal.write(LEAVE);
    ending.release();
  }
  return EXIT.fine;
}

function frameOf(picture: ClusterPicture, before: ClusterPicture | undefined, terminal: Terminal): string {
  const findings = judgeCluster(picture);
  const verdict = verdictOf(picture, findings);
  const head = `keelctl top  ${momentText(picture.askedMs)}  ${rateOf(picture, before)}  q ends`;
  const body = picture.statuses.some(isAnswered)
    ? statusText(picture, verdict, findings, terminal.paint)
    : [
        terminal.paint('red', 'no node answers'),
        ...picture.statuses.map(({ url }, place) => `  ${url}: ${picture.nodes[place]?.silence}`),
      ];
  const { rows } = process.stdout;
  const lines = [terminal.paint('dim', head), ...body].slice(0, Math.max(1, rows - 1));
  return `\u001b[H${lines.map((line) => `${line}\u001b[K\n`).join('')}\u001b[J`;
}

/** Commands per second since the frame before, by the sequence of whoever is farthest. */
function rateOf(picture: ClusterPicture, before: ClusterPicture | undefined): string {
  const sequenceOf = ({ nodes }: ClusterPicture): number =>
    Math.max(0, ...nodes.map(({ status }) => status?.sequence ?? 0));
  if (before === undefined) return '';
  const seconds = (picture.askedMs - before.askedMs) / 1_000;
  const waiting = picture.nodes.find((node) => roleOf(node) === 'leading')?.status?.waitingCommands ?? 0;
  const rate = Math.max(0, Math.round((sequenceOf(picture) - sequenceOf(before)) / Math.max(0.001, seconds)));
  return `${rate.toLocaleString('en-US')} commands/s, ${waiting.toLocaleString('en-US')} wait`;
}

/** Ends at q, Ctrl-C (which a raw terminal hands over as a byte) and SIGTERM. */
function listenForEnd() {
  const ending = new AbortController();
  const end = (): void => ending.abort();
  const onKey = (bytes: Buffer): void => {
    if (bytes.includes('q') || bytes.includes(3) || bytes.includes(4)) end();
  };
  const { stdin } = process;
  if (stdin.isTTY) stdin.setRawMode(true);
  stdin.on('data', onKey);
  process.on('SIGINT', end);
  process.on('SIGTERM', end);
  return {
    signal: ending.signal,
    wait: (ms: number): Promise<void> =>
      new Promise((resolve) => {
        const timer = setTimeout(resolve, Math.max(0, ms));
        const stop = (): void => {
          clearTimeout(timer);
          resolve();
        };
        if (ending.signal.aborted) stop();
        else ending.signal.addEventListener('abort', stop, { once: true });
      }),
    release: () => {
      if (stdin.isTTY) stdin.setRawMode(false);
      stdin.off('data', onKey);
      stdin.pause();
      process.off('SIGINT', end);
      process.off('SIGTERM', end);
    },
  };
}
