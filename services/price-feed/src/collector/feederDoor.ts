import { explainFault } from '@keel/runtime';
import type { Hex, TimeMs } from '@keel/types';
import { type FeederReply, type FeedReply, reportsQuery } from '../feederReply.ts';
import type { Feed, Turn } from '../sources/priceSource.ts';
import { readTextLimited } from '../sources/readTextLimited.ts';
import { SourceFault } from '../sources/sourceFault.ts';

/** A feeder that has not answered by then is left out of the turn; one that hangs slows each turn to this. */
const ANSWER_MS_MAX = 1_000;
/** Every feed of the largest exchange with every knot that a turn may have. */
const ANSWER_BYTES_MAX = 4 * 1024 * 1024;

/** One feeder as the collector sees it: somebody whose answer may be anything. */
export interface FeederDoor {
  readonly url: string;
  /** What it reports; undefined when it does not answer, or not in our words. */
  ask(feeds: readonly Feed[], turn: Turn): Promise<FeederReply | undefined>;
  status(nowMs: TimeMs): object;
}

export function openFeederDoor(url: string): FeederDoor {
  let feeder: string | null = null;
  let answeredMs = 0;
  let answers = 0;
  let failures = 0;
  let lastFault: string | null = null;
  return {
    url,
    async ask(feeds, turn) {
      try {
        const reply = await askFor(`${url}${reportsQuery(feeds, turn)}`);
        feeder = reply.feeder;
        answeredMs = turn.nowMs;
        answers += 1;
        lastFault = null;
        return reply;
      } catch (fault) {
        failures += 1;
        lastFault = explainFault(fault);
        return undefined;
      }
    },
    status: (nowMs) => ({
      url,
      feeder,
      ageMs: answers === 0 ? null : nowMs - answeredMs,
      answers,
      failures,
      lastFault,
    }),
  };
}

async function askFor(url: string): Promise<FeederReply> {
  const response = await fetch(url, { signal: AbortSignal.timeout(ANSWER_MS_MAX), redirect: 'error' });
  const text = await readTextLimited(response, ANSWER_BYTES_MAX);
  if (!response.ok) throw new SourceFault(`it answers ${response.status}: ${text.slice(0, 200)}`);
  const reply: unknown = JSON.parse(text);
  if (!isReply(reply)) throw new SourceFault('it answers something that is no reply of a feeder');
  return reply;
}

/** The outer shape; what the figures and signatures are worth is looked at where they are used. */
function isReply(value: unknown): value is FeederReply {
  if (!isObject(value) || !isAddress(value.feeder) || !Array.isArray(value.feeds)) return false;
  return value.feeds.every(isFeedReply);
}

function isFeedReply(value: unknown): value is FeedReply {
  if (!isObject(value) || typeof value.feed !== 'string') return false;
  const { reports, sources, fault } = value;
  if (!Array.isArray(reports) || !Array.isArray(sources) || !sources.every(isObject)) return false;
  return (fault === null || typeof fault === 'string') && reports.every(isReport);
}

function isReport(value: unknown): boolean {
  if (!isObject(value)) return false;
  const { price, perpPrice, publishTime, reportSequence, signature } = value;
  const texts = typeof price === 'string' && typeof perpPrice === 'string' && isHex(signature);
  return texts && Number.isSafeInteger(publishTime) && Number.isSafeInteger(reportSequence);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isAddress(value: unknown): boolean {
  return typeof value === 'string' && /^0x[0-9a-f]{40}$/.test(value);
}

function isHex(value: unknown): value is Hex {
  return typeof value === 'string' && /^0x[0-9a-f]{130}$/.test(value);
}
