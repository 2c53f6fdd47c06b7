import { readFileSync } from 'node:fs';

/**
 * Why a process ended, in one line from its log: its own sentence if it has one, else the error that Node printed, else
 * the message of the last record.
 */
export function lastWords(logPath: string): string {
  const lines = readLog(logPath)
    .split('\n')
    .filter((line) => line.trim() !== '');
  const sentence = lines.findLast((line) => line.startsWith('keel '));
  const thrown = lines.findLast((line) => /^(Uncaught )?\w*Error\b/.test(line));
  const text = sentence ?? thrown ?? messageOf(lines.at(-1) ?? '');
  return text === '' ? `it said nothing; its log is ${logPath}` : text.replace(/^keel [a-z-]+: /, '').slice(0, 400);
}

function readLog(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

function messageOf(line: string): string {
  try {
    const record = JSON.parse(line) as { msg?: string };
    return record.msg ?? line;
  } catch {
    return line;
  }
}
