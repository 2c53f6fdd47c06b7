/** Orders and cancels of one market as a `.nof` file has them, with what a right book must answer. */
export interface Flow {
  readonly name: string;
  readonly operations: number;
  /** Four Int32 per operation: kind + side * 2^8 + class * 2^24, id, price in ticks, lots. */
  readonly records: Int32Array;
  readonly maxId: number;
  readonly peakResting: number;
  readonly expected: Answer;
}

/** What the trades of a flow come to. Two books that agree in h1 had the same trades in the same order. */
export interface Answer {
  readonly trades: number;
  readonly filled: number;
  /** Over maker, taker and lots of each trade, unsigned. */
  readonly h1: number;
  /** Over the maker's price of each trade, unsigned. */
  readonly h2: number;
}

export const MAGIC = 0x31464f4e;
export const VERSION = 1;
export const HEADER_BYTES = 64;
export const RECORD_BYTES = 16;
export const HASH_START = 0x811c9dc5 | 0;

/** One step of h1 and h2. */
export function mix(hash: number, value: number): number {
  const product = Math.imul(hash ^ value, 0x9e3779b1);
  return product ^ (product >>> 15);
}

/** @throws Error if the bytes are no flow */
export function readFlow(name: string, bytes: Uint8Array): Flow {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (bytes.length < HEADER_BYTES || view.getUint32(0, true) !== MAGIC) throw new Error(`${name} is no order flow`);
  const operations = view.getUint32(8, true);
  const end = HEADER_BYTES + operations * RECORD_BYTES;
  if (view.getUint32(4, true) !== VERSION || bytes.length !== end) throw new Error(`${name}: version or length`);
  // Int32Array needs an offset that four divides, which the bytes of a file need not have.
  const records = new Int32Array(operations * 4);
  new Uint8Array(records.buffer).set(bytes.subarray(HEADER_BYTES, end));
  return {
    name,
    operations,
    records,
    maxId: view.getUint32(12, true),
    peakResting: view.getUint32(60, true),
    expected: {
      trades: view.getUint32(24, true),
      filled: view.getFloat64(40, true),
      h1: view.getUint32(28, true),
      h2: view.getUint32(32, true),
    },
  };
}

/** The same flow with its ids replaced by 1, 2, 3, ... in order of arrival, and the id that each of them had. */
export function withDenseIds(flow: Flow): { readonly flow: Flow; readonly idOf: Int32Array } {
  const records = flow.records.slice();
  const resting = new Map<number, number>();
  const idOf = [0];
  for (let at = 0; at < records.length; at += 4) {
    const id = records[at + 1]!;
    if ((records[at]! & 255) === 0) {
      resting.set(id, idOf.length);
      idOf.push(id);
    }
    records[at + 1] = resting.get(id)!;
  }
  return { flow: { ...flow, records, maxId: idOf.length - 1 }, idOf: Int32Array.from(idOf) };
}

/** The first operations of a flow. What it must answer is not known. */
export function prefixOf(flow: Flow, operations: number): Flow {
  const kept = Math.min(operations, flow.operations);
  return { ...flow, operations: kept, records: flow.records.subarray(0, kept * 4) };
}
