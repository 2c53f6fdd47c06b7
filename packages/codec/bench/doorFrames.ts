/**
 * What the messages of a maker's session weigh in the two forms of the gateway's WebSocket, and what writing and reading one costs.
 *
 *   node packages/codec/bench/doorFrames.ts
 */
import {
  decodeDoorMessage,
  decodeDoorRequest,
  encodeDoorAnswer,
  encodeDoorFrame,
  encodeDoorRequest,
} from '../src/door.ts';

const UNITS = { priceDecimals: 1, sizeDecimals: 5 };
const NOW = 1_790_000_000_000;
const signed = {
  account: `0x${'a1'.repeat(20)}`,
  subaccount: 0,
  nonce: NOW,
  expiresAfter: 0,
  signature: `0x${'5f'.repeat(64)}1b`,
};
const order = {
  market: 'BTC-USD',
  side: 'buy',
  orderType: 'limit',
  timeInForce: 'postOnly',
  price: '60000.5',
  size: '0.025',
  clientOrderId: 'quote-1234',
};
const ack = {
  status: 'acked',
  durability: 'acked',
  repeated: false,
  sequence: 1_234_567,
  timeMs: NOW,
  duplicate: false,
  orderId: '345678',
  clientOrderId: 'quote-1234',
  state: 'resting',
  closeReason: null,
  price: '60000.5',
  triggerPrice: null,
  expiresAt: 0,
  shownSize: '0.025',
  filledSize: '0',
  averagePrice: null,
  remainingSize: '0.025',
  fills: [],
};
const levels = (count: number, from: number, step: number) =>
  Array.from({ length: count }, (_item, at) => [String(from + at * step), `0.${String(10_001 + at * 10)}`]);
const book = (type: string, count: number) => ({
  channel: 'book',
  market: 'BTC-USD',
  type,
  seq: 1_234_567,
  ...(type === 'update' ? { prevSeq: 1_234_560 } : {}),
  ts: NOW,
  data: { bids: levels(count, 60_000, -1), asks: levels(count, 60_001, 1), checksum: 3_456_789_012 },
});

interface Row {
  readonly what: string;
  readonly json: object;
  readonly write: () => Uint8Array;
  readonly read: (bytes: Uint8Array) => unknown;
}
const request = (what: string, method: string, params: object): Row => {
  const json = { id: 1_234, method, params };
  return { what, json, write: () => encodeDoorRequest(json), read: decodeDoorRequest };
};
const frame = (what: string, json: ReturnType<typeof book>): Row => ({
  what,
  json,
  write: () => encodeDoorFrame(json, UNITS, () => new Uint8Array()),
  read: decodeDoorMessage,
});
const answer = { id: 1_234, result: ack };
const ROWS: readonly Row[] = [
  request('order', 'order.place', { ...signed, ...order }),
  request('cancel', 'order.cancel', { ...signed, orderId: '345678' }),
  request('batch of 20 orders', 'order.placeBatch', { ...signed, orders: Array.from({ length: 20 }, () => order) }),
  {
    what: 'ack of an order',
    json: answer,
    write: () => encodeDoorAnswer(answer, 'order.place'),
    read: decodeDoorMessage,
  },
  frame('book update, 1 level a side', book('update', 1)),
  frame('book snapshot, 100 levels a side', book('snapshot', 100)),
];

const ROUNDS = 5;
const PER_ROUND = 4_000;

/** Microseconds of one call: the median of some rounds. */
function microsOf(run: () => unknown): number {
  const rounds = Array.from({ length: ROUNDS + 1 }, () => {
    const begin = performance.now();
    for (let count = 0; count < PER_ROUND; count += 1) run();
    return ((performance.now() - begin) * 1_000) / PER_ROUND;
  });
  // The first one warms up.
  return rounds.slice(1).sort((left, right) => left - right)[Math.floor(ROUNDS / 2)] ?? 0;
}

process.stdout.write('message | JSON bytes | binary bytes | part | write us JSON / binary | read us JSON / binary\n');
for (const { what, json, write, read } of ROWS) {
  const text = JSON.stringify(json);
  const bytes = write();
  const micros = [() => Buffer.from(JSON.stringify(json)), write, () => JSON.parse(text) as unknown, () => read(bytes)]
    .map(microsOf)
    .map((value) => value.toFixed(1));
  const [writeJson, writeBinary, readJson, readBinary] = micros;
  const part = `${Math.round((bytes.length * 100) / text.length)} %`;
  process.stdout.write(
    `${what} | ${text.length} | ${bytes.length} | ${part} | ${writeJson} / ${writeBinary} | ${readJson} / ${readBinary}\n`,
  );
}
