import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import { type Answer, type Flow, prefixOf, readFlow, withDenseIds } from './flow.ts';
import { type FlowName, makeFlow } from './makeFlow.ts';
import { CHUNK, Matcher, playBook, playOnBook, playYardstick } from './play.ts';
import { idsOf, PEERS, type PeerName, playPeer } from './playPeer.ts';
import { Tape } from './tape.ts';

/** What is told of one flow. Rates are operations per second of processor time. */
export interface Figures {
  readonly flow: string;
  readonly operations: number;
  readonly rounds: number;
  readonly opsPerSec: number;
  readonly opsPerSecRange: readonly [number, number];
  readonly yardstickOpsPerSec: number;
  readonly yardstickOpsPerSecRange: readonly [number, number];
  /** Median of the rounds' own ratios, book to yardstick. */
  readonly ratio: number;
  readonly ratioRange: readonly [number, number];
  /** With the clock in them: what two looks at it differ by at least is clockNs. */
  readonly p50ns: number;
  readonly p99ns: number;
  readonly p999ns: number;
  readonly clockNs: number;
  readonly trades: number;
  readonly filled: number;
  readonly h1: string;
  readonly h2: string;
  /** Book and yardstick came to what the flow says. */
  readonly right: boolean;
  /** All arrays of the book after the flow, over the most orders that rested at once. */
  readonly bytesPerOrder: number;
  readonly allocBytesPerOp: number;
  readonly peers: readonly PeerFigures[];
}

export interface PeerFigures {
  readonly name: PeerName;
  readonly operations: number;
  readonly opsPerSec: number;
  readonly bookOpsPerSec: number;
  /** Book to peer, median of the rounds. */
  readonly ratio: number;
  readonly agrees: boolean;
}

const PEER_OPERATIONS = 100_000;
const PEER_ROUNDS = 3;
const ALLOCATION_OPERATIONS = 64 * CHUNK;

const { values } = parseArgs({
  options: {
    flow: { type: 'string' },
    make: { type: 'string', default: 'balanced' },
    seed: { type: 'string', default: '1' },
    rounds: { type: 'string', default: '7' },
    peers: { type: 'string', default: 'prefix' },
  },
});
const flow =
  values.flow === undefined
    ? readFlow(values.make, makeFlow(values.make as FlowName, Number(values.seed)))
    : readFlow(basename(values.flow, '.nof'), readFileSync(values.flow));
process.stdout.write(`${JSON.stringify(measure(flow))}\n`);

/** One flow, in a process of its own: what V8 learned of another flow's numbers would be in the way. */
function measure(given: Flow): Figures {
  const dense = withDenseIds(given);
  const bytes = bytesPerOrder(given);
  const hashed = new Tape(true);
  playBook(given, hashed);
  const yardstickHashed = new Tape(true, dense.idOf);
  playYardstick(dense.flow, yardstickHashed);
  const { trades, filled, h1, h2 } = hashed.answer;

  const rounds = Number(values.rounds);
  const yardstick: number[] = [];
  const book: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    yardstick.push(rateOf(dense.flow, (tape) => playYardstick(dense.flow, tape)));
    book.push(rateOf(given, (tape) => playBook(given, tape)));
  }
  const ratios = book.map((rate, round) => rate / yardstick[round]!);
  return {
    flow: given.name,
    operations: given.operations,
    rounds,
    opsPerSec: Math.round(median(book)),
    opsPerSecRange: rangeOf(book.map(Math.round)),
    yardstickOpsPerSec: Math.round(median(yardstick)),
    yardstickOpsPerSecRange: rangeOf(yardstick.map(Math.round)),
    ratio: rounded(median(ratios)),
    ratioRange: rangeOf(ratios.map(rounded)),
    ...latencies(given),
    trades,
    filled,
    h1: h1.toString(16).padStart(8, '0'),
    h2: h2.toString(16).padStart(8, '0'),
    right: isSame(hashed.answer, given.expected) && isSame(yardstickHashed.answer, given.expected),
    bytesPerOrder: bytes,
    allocBytesPerOp: allocBytesPerOp(given),
    peers: values.peers === 'none' ? [] : (Object.keys(PEERS) as PeerName[]).map((name) => comparePeer(name, given)),
  };
}

/** By the processor time of this thread, so that what else the machine does counts less. */
function rateOf(played: Flow, play: (tape: Tape) => unknown): number {
  const tape = new Tape(false);
  const began = process.threadCpuUsage();
  play(tape);
  const { user, system } = process.threadCpuUsage(began);
  return (played.operations / (user + system)) * 1_000_000;
}

/** One operation at a time between two looks at performance.now(), which counts in nanoseconds. */
function latencies(given: Flow): Pick<Figures, 'p50ns' | 'p99ns' | 'p999ns' | 'clockNs'> {
  const took = new Float64Array(given.operations);
  const matcher = new Matcher(new Tape(false));
  let before = performance.now();
  for (let operation = 0; operation < given.operations; operation += 1) {
    playOnBook(given.records, operation, operation + 1, matcher);
    const after = performance.now();
    took[operation] = after - before;
    before = after;
  }
  took.sort();
  const nsAt = (part: number): number => Math.round(took[Math.floor(part * (took.length - 1))]! * 1e6);
  let clock = Infinity;
  for (let look = 0; look < 100_000; look += 1) clock = Math.min(clock, -(performance.now() - performance.now()));
  return { p50ns: nsAt(0.5), p99ns: nsAt(0.99), p999ns: nsAt(0.999), clockNs: Math.round(clock * 1e6) };
}

/** Typed arrays lie outside the heap and are counted there: what they are after a collection, less what they were. */
function bytesPerOrder(given: Flow): number {
  const tape = new Tape(false);
  collect();
  const before = process.memoryUsage().arrayBuffers;
  const matcher = playBook(given, tape);
  collect();
  const bytes = process.memoryUsage().arrayBuffers - before;
  // Read after the figure is taken, so that the book is still there when it is.
  return Math.round(bytes / Math.max(given.peakResting, matcher.book.count));
}

/** The second collection waits until the arrays that the first one found are freed. */
function collect(): void {
  global.gc?.();
  global.gc?.();
}

/**
 * Growth of the heap and of typed arrays over 65,536 operations at a time in the second half of the flow, median, when
 * everything is warm. A stretch in which a collection ran has grown less than it allocated; the median leaves it out.
 */
function allocBytesPerOp(given: Flow): number {
  const matcher = new Matcher(new Tape(false));
  const half = given.operations >> 1;
  const play = (from: number, to: number): void => {
    for (let at = from; at < to; at += CHUNK) playOnBook(given.records, at, Math.min(at + CHUNK, to), matcher);
  };
  play(0, half);
  const grown: number[] = [];
  for (let at = half; at + ALLOCATION_OPERATIONS <= given.operations; at += ALLOCATION_OPERATIONS) {
    const before = process.memoryUsage();
    play(at, at + ALLOCATION_OPERATIONS);
    const after = process.memoryUsage();
    grown.push(after.heapUsed - before.heapUsed + after.arrayBuffers - before.arrayBuffers);
  }
  return rounded(median(grown) / ALLOCATION_OPERATIONS);
}

function comparePeer(name: PeerName, given: Flow): PeerFigures {
  const part = values.peers === 'full' ? given : prefixOf(given, PEER_OPERATIONS);
  const ids = idsOf(part);
  const [theirs, ours] = [new Tape(true), new Tape(true)];
  playBook(part, ours);
  playPeer(name, part, ids, theirs);
  const rates: number[] = [];
  const bookRates: number[] = [];
  for (let round = 0; round < (values.peers === 'full' ? 1 : PEER_ROUNDS); round += 1) {
    rates.push(rateOf(part, (tape) => playPeer(name, part, ids, tape)));
    bookRates.push(rateOf(part, (tape) => playBook(part, tape)));
  }
  return {
    name,
    operations: part.operations,
    opsPerSec: Math.round(median(rates)),
    bookOpsPerSec: Math.round(median(bookRates)),
    ratio: Math.round(median(bookRates.map((rate, round) => rate / rates[round]!))),
    agrees: isSame(theirs.answer, ours.answer),
  };
}

function isSame(one: Answer, other: Answer): boolean {
  return one.trades === other.trades && one.filled === other.filled && one.h1 === other.h1 && one.h2 === other.h2;
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((low, high) => low - high)[numbers.length >> 1] ?? Number.NaN;
}

function rangeOf(numbers: readonly number[]): readonly [number, number] {
  return [Math.min(...numbers), Math.max(...numbers)];
}

function rounded(number: number): number {
  return Math.round(number * 1_000) / 1_000;
}
