import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { createLatency } from './latency.ts';
import type { FeedPlan, FeedResult } from './loadPlan.ts';
import { priceOfChange, signChange } from './signFrames.ts';

/** Connections that are being opened at once: a server's queue of them is 511 long. */
const OPENING_MAX = 200;
/** Frames on their way when the last change was acknowledged. */
const LAST_FRAMES_MS = 500;
/** Signed for as fast as it goes; what is not used costs nothing but the signing. */
const CHANGES_UNPACED_PER_SECOND = 600;

/** What every subscriber gets is the same bytes, so each frame is read once and then known by its text. */
interface KnownFrame {
  readonly firstMs: number;
  /** When the order was sent whose price it shows; undefined for a snapshot. */
  readonly sentMs: number | undefined;
}

/** Opens the subscribers; the returned function changes the book and listens. */
export async function prepareFeed(plan: FeedPlan): Promise<() => Promise<FeedResult>> {
  const count =
    plan.changesPerSecond > 0
      ? Math.ceil(plan.changesPerSecond * plan.seconds)
      : CHANGES_UNPACED_PER_SECOND * plan.seconds;
  const frames = Array.from({ length: count }, (_item, at) => changeFrame(plan, at));
  const sentAt = new Map<string, number>();
  const known = new Map<string, KnownFrame>();
  const delay = createLatency();
  const spread = createLatency();
  let deliveries = 0;
  let listening = false;
  const hear = (data: Buffer): void => {
    if (!listening) return;
    const nowMs = performance.now();
    const text = data.toString('latin1');
    let frame = known.get(text);
    if (frame === undefined) {
      frame = { firstMs: nowMs, sentMs: sentOf(text, sentAt) };
      known.set(text, frame);
    }
    deliveries += 1;
    if (frame.sentMs === undefined) return;
    delay.record(nowMs - frame.sentMs);
    spread.record(nowMs - frame.firstMs);
  };
  const slowEnds: Record<string, number> = {};
  const readers = await openAll(plan.url, plan.subscribers - plan.slow, hear);
  const slow = await openAll(plan.url, plan.slow, () => undefined);
  for (const socket of slow) {
    socket.pause();
    socket.on('close', (code) => {
      slowEnds[code] = (slowEnds[code] ?? 0) + 1;
    });
  }
  const trader = await openOne(plan.url);
  return async () => {
    listening = true;
    const begin = performance.now();
    const changes = await change(plan, trader, frames, sentAt);
    const seconds = (performance.now() - begin) / 1_000;
    const counted = deliveries;
    await sleep(LAST_FRAMES_MS);
    const open = plan.slow - Object.values(slowEnds).reduce((sum, one) => sum + one, 0);
    for (const socket of [...readers, ...slow, trader]) socket.terminate();
    return {
      changes,
      frames: known.size,
      deliveries,
      deliveriesPerSecond: Math.round(counted / seconds),
      delayMs: delay.read(),
      spreadMs: spread.read(),
      slowEnds: plan.slow === 0 ? {} : { ...slowEnds, ...(open > 0 ? { open } : {}) },
    };
  };
}

function changeFrame(plan: FeedPlan, at: number): string {
  // The bare server sends on what it gets, so that its frames are as long as those of a book.
  const price = priceOfChange(at);
  const data = {
    asks: [],
    bids: [
      [priceOfChange(Math.max(0, at - 1)), '0'],
      [price, '0.001'],
    ],
  };
  if (plan.source === 'bare')
    return JSON.stringify({
      id: at,
      channel: 'book',
      market: 'BTC-USD',
      type: 'update',
      seq: at,
      prevSeq: at - 1,
      ts: Date.now(),
      data,
    });
  return JSON.stringify({ id: at, ...signChange(plan, at) });
}

/** When the order was sent whose price a frame shows with a size; the newest where it shows several. */
function sentOf(text: string, sentAt: ReadonlyMap<string, number>): number | undefined {
  const { channel, type, data } = JSON.parse(text) as {
    channel?: string;
    type?: string;
    data?: { bids: readonly (readonly [string, string])[] };
  };
  if (channel !== 'book' || type !== 'update' || data === undefined) return undefined;
  const times = data.bids.flatMap(([price, size]) => (size === '0' ? [] : [sentAt.get(price) ?? 0]));
  return times.length === 0 ? undefined : Math.max(...times) || undefined;
}

/** Sends the changes at their rate, or each once the one before is answered; how many there were. */
async function change(
  plan: FeedPlan,
  trader: WebSocket,
  frames: readonly string[],
  sentAt: Map<string, number>,
): Promise<number> {
  const answered = new Map<number, () => void>();
  trader.on('message', (data: Buffer) => {
    const { id, error } = JSON.parse(data.toString()) as { id?: number; error?: object };
    if (error !== undefined) throw new Error(`a change of the book was refused: ${JSON.stringify(error)}`);
    if (id !== undefined) answered.get(id)?.();
  });
  const begin = performance.now();
  let at = 0;
  for (; at < frames.length && performance.now() - begin < plan.seconds * 1_000; at += 1) {
    const dueMs = plan.changesPerSecond === 0 ? 0 : begin + (at * 1_000) / plan.changesPerSecond;
    const waitMs = dueMs - performance.now();
    if (waitMs > 0) await sleep(waitMs);
    const done = new Promise<void>((resolve) => answered.set(at, resolve));
    sentAt.set(priceOfChange(at), performance.now());
    trader.send(frames[at] ?? '');
    await done;
  }
  return at;
}

async function openAll(url: string, count: number, hear: (data: Buffer) => void): Promise<WebSocket[]> {
  const sockets: WebSocket[] = [];
  while (sockets.length < count) {
    const batch = Array.from({ length: Math.min(OPENING_MAX, count - sockets.length) }, () => subscribe(url, hear));
    sockets.push(...(await Promise.all(batch)));
  }
  return sockets;
}

async function openOne(url: string): Promise<WebSocket> {
  const socket = new WebSocket(url, { perMessageDeflate: false });
  await new Promise<void>((resolve, reject) => {
    socket.once('open', () => resolve());
    socket.once('error', reject);
  });
  return socket;
}

/** Resolves once the subscription is answered. */
async function subscribe(url: string, hear: (data: Buffer) => void): Promise<WebSocket> {
  const socket = await openOne(url);
  await new Promise<void>((resolve) => {
    socket.once('message', () => resolve());
    socket.send(JSON.stringify({ id: 'book', method: 'subscribe', params: { channel: 'book', market: 'BTC-USD' } }));
  });
  socket.on('message', hear);
  return socket;
}
