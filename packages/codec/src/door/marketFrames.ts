import type { BinaryWriter } from '@bufbuild/protobuf/wire';
import { DoorMarketFrameSchema } from '@keel/proto/door_market';
import { readWords } from './readWords.ts';
import { planOf } from './wordPlan.ts';
import type { WordReader } from './wordReader.ts';
import { type Units, writeWords } from './writeWords.ts';

type Json = Record<string, unknown>;
type Level = readonly [price: string, size: string];

/** A frame of a channel as JSON has it. */
export interface ChannelFrame {
  readonly channel: string;
  readonly market?: string;
  readonly data: object;
}

const PLAN = planOf(DoorMarketFrameSchema);
const NO_UNITS: Units = { priceDecimals: 0, sizeDecimals: 0 };

/** Channels whose data are numbers here, with how their data change on the way out and in. */
const SHAPES: Readonly<Record<string, { readonly out: (data: Json) => Json; readonly in: (words: Json) => Json }>> = {
  book: {
    out: ({ bids, asks, ...rest }) => ({ ...columns('bid', bids), ...columns('ask', asks), ...rest }),
    in: ({ bidTicks, bidLots, askTicks, askLots, checksum }) => ({
      bids: rows(bidTicks, bidLots),
      asks: rows(askTicks, askLots),
      checksum,
    }),
  },
  bookOrders: { out: (data) => data, in: (words) => words },
  trades: { out: (data) => data, in: (words) => words },
  bbo: { out: bestOut, in: bestIn },
  ticker: { out: ({ market: _, ...data }) => bestOut(data), in: bestIn },
};
/** They say which view of a book a frame is of; here they stand with its data. */
const VIEW = ['levels', 'grouping', 'intervalMs'] as const;

/** Whether a channel has words of its own. */
export function isMarketChannel(channel: string): boolean {
  return Object.hasOwn(SHAPES, channel);
}

/** Writes a frame of a market's channel. Throws DoesNotFit. */
export function writeMarketFrame(writer: BinaryWriter, frame: ChannelFrame, units: Units): void {
  const { channel, data, ...rest } = frame as unknown as Json & ChannelFrame;
  const head: Json = { ...rest, ...units };
  const view: Json = {};
  for (const key of VIEW) {
    if (!Object.hasOwn(head, key)) continue;
    view[key] = head[key];
    delete head[key];
  }
  const words = { ...SHAPES[channel]?.out(data as Json), ...view };
  writeWords(writer, PLAN, { ...head, [channel]: words }, 'answer', units);
}

/** `frame` of the same bytes twice: what a tick is worth may stand behind the prices. Throws CodecError MALFORMED. */
export function readMarketFrame(frame: () => WordReader): ChannelFrame {
  const words = readWords(frame(), PLAN, 'answer', unitsIn(frame()));
  const { market, type, seq, prevSeq, resync, ts } = words;
  const channel = Object.keys(SHAPES).find((name) => Object.hasOwn(words, name)) ?? '';
  const content = (words[channel] ?? {}) as Json;
  const view: Json = {};
  if (channel === 'book') for (const key of VIEW) if (content[key] !== null) view[key] = content[key];
  return {
    channel,
    market: String(market),
    ...view,
    type,
    seq,
    ...(prevSeq === null ? {} : { prevSeq }),
    ...(resync === true ? { resync } : {}),
    ts,
    data: { ...(channel === 'ticker' ? { market } : {}), ...SHAPES[channel]?.in(content) },
  } as ChannelFrame;
}

function unitsIn(reader: WordReader): Units {
  const units: Json = { ...NO_UNITS };
  while (!reader.done) {
    const [number, type] = reader.tag();
    const key = PLAN.byNumber.get(number)?.key;
    if ((key === 'priceDecimals' || key === 'sizeDecimals') && type === 0) units[key] = reader.uint();
    else reader.skip(type);
  }
  return units as unknown as Units;
}

function columns(side: string, levels: unknown): Json {
  const pairs = levels as readonly Level[];
  return { [`${side}Ticks`]: pairs.map(([price]) => price), [`${side}Lots`]: pairs.map(([, size]) => size) };
}

function rows(prices: unknown, sizes: unknown): Level[] {
  const lots = sizes as readonly string[];
  return (prices as readonly string[]).map((price, at) => [price, lots[at] ?? '0']);
}

function bestOut({ bid, ask, ...rest }: Json): Json {
  const [bidTicks, bidLots] = (bid as Level | null) ?? [null, null];
  const [askTicks, askLots] = (ask as Level | null) ?? [null, null];
  return { bidTicks, bidLots, askTicks, askLots, ...rest };
}

function bestIn({ bidTicks, bidLots, askTicks, askLots, ...rest }: Json): Json {
  return {
    bid: bidTicks === null ? null : [bidTicks, bidLots],
    ask: askTicks === null ? null : [askTicks, askLots],
    ...rest,
  };
}
