/** How long something lasts, in one unit that says enough: `4 s`, `3 min`, `5 h`, `2 d`. */
export function durationText(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1_000));
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7_200) return `${Math.round(seconds / 60)} min`;
  if (seconds < 172_800) return `${Math.round(seconds / 3_600)} h`;
  return `${Math.round(seconds / 86_400)} d`;
}

/** A moment for people: UTC, to the second. */
export function momentText(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19).replace('T', ' ')}Z`;
}

/** A count with separators; `-` for one that nobody knows. */
export function countText(count: number | undefined): string {
  return count === undefined ? '-' : count.toLocaleString('en-US');
}

/** Bytes in MiB, one digit after the point. */
export function mebibytesText(bytes: number | undefined): string {
  return bytes === undefined ? '-' : `${(bytes / 1_048_576).toFixed(1)} MiB`;
}
