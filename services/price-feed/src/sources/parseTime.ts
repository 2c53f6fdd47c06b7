const EPOCH_SECONDS = /^[0-9]{9,10}(\.[0-9]+)?$/;
const EPOCH_MS = /^[0-9]{12,13}$/;
const CALENDAR =
  /^([0-9]{4}-[0-9]{2}-[0-9]{2})(?:[T ]([0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,3})?)?)(Z|[+-][0-9]{2}:?[0-9]{2})?)?$/;

/**
 * A time as candle files write it, in milliseconds since 1970 UTC: `2023-03-08 00:00:00+00:00`, ISO 8601, or epoch
 * seconds or milliseconds. A calendar time without a zone is UTC. Undefined for anything else.
 */
export function parseTime(text: string): number | undefined {
  if (EPOCH_SECONDS.test(text)) return Math.round(Number(text) * 1_000);
  if (EPOCH_MS.test(text)) return Number(text);
  const parts = CALENDAR.exec(text);
  if (parts === null) return undefined;
  const [, day, time = '00:00:00', zone = 'Z'] = parts;
  const timeMs = Date.parse(`${day}T${time}${zone}`);
  return Number.isNaN(timeMs) ? undefined : timeMs;
}
