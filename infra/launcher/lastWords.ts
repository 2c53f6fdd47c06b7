/**
 * Why a process ended, in one line from what it said: its own sentence if it has one, else the error that Node printed,
 * else the message of the last record. Undefined when it said nothing.
 */
export function lastWords(said: string): string | undefined {
  const lines = said.split('\n').filter((line) => line.trim() !== '');
  const text = ownWords(said) ?? messageOf(lines.at(-1) ?? '');
  return text === '' ? undefined : text.slice(0, 400);
}

/** Like `lastWords`, but only what was said about an end: its own sentence or a thrown error. */
export function ownWords(said: string): string | undefined {
  const lines = said.split('\n');
  const sentence = lines.findLast((line) => line.startsWith('keel '));
  const thrown = lines.findLast((line) => /^(Uncaught )?\w*Error\b/.test(line));
  return (sentence ?? thrown)?.replace(/^keel [a-z-]+: /, '').slice(0, 400);
}

function messageOf(line: string): string {
  try {
    const record = JSON.parse(line) as { message?: string };
    return record.message ?? line;
  } catch {
    return line;
  }
}
