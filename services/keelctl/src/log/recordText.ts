import { decodeSequencedCommand } from '@keel/codec';
import type { JournalRecord } from '@keel/journal';
import type { SequencedCommand } from '@keel/types';

const DETAILS_MAX = 160;

/** A record with its command. Throws CodecError for a payload that is no command of this version. */
export function decodeRecord(record: JournalRecord): SequencedCommand & { readonly recordHash: string } {
  const { sequence, timeMs, command } = decodeSequencedCommand(record.payload);
  return { sequence, timeMs, command, recordHash: `0x${Buffer.from(record.recordHash).toString('hex')}` };
}

/** One line of JSON, whole and exact. */
export function recordJson(record: JournalRecord): string {
  return JSON.stringify(decodeRecord(record), exactly);
}

/** One line for people: place, time, kind, and as much of the rest as a line holds. */
export function recordLine(record: JournalRecord): string {
  const { sequence, timeMs, command } = decodeRecord(record);
  const { kind, ...rest } = command;
  const facts = Object.entries(rest).map(([name, value]) => `${name}=${factOf(value)}`);
  const details = facts.join(' ');
  const shown = details.length > DETAILS_MAX ? `${details.slice(0, DETAILS_MAX)}...` : details;
  return `${String(sequence).padStart(10)}  ${new Date(timeMs).toISOString()}  ${kind}  ${shown}`.trimEnd();
}

function factOf(value: unknown): string {
  if (typeof value === 'string') return value.length > 42 ? `${value.slice(0, 12)}...` : value;
  return JSON.stringify(value, exactly) ?? '-';
}

/** Integers beyond what JSON's readers keep are told as text. */
function exactly(_name: string, value: unknown): unknown {
  if (typeof value === 'bigint') return String(value);
  return value instanceof Uint8Array ? `0x${Buffer.from(value).toString('hex')}` : value;
}
