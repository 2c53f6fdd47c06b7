import { once } from 'node:events';
import { WebSocket } from 'ws';
import type { Dice } from '../dice.ts';
import { type Batch, type Complain, noteSequence, type Target } from './batch.ts';
import { bend } from './bend.ts';
import {
  METHOD_PATHS,
  question,
  type SIGNED_PATHS,
  signedBody,
  subscription,
  wireSubscription,
} from './goodRequests.ts';
import { mutateJson } from './mutateJson.ts';
import { wireText } from './restBatches.ts';

/** A connection is closed with one more frame that is no JSON. */
const BAD_FRAMES_MAX = 10;
/** Posts of one connection that may wait. */
const POSTS_MAX = 100;
const ANSWER_MS_MAX = 30_000;

const METHODS = [...METHOD_PATHS.keys()];
const POOL = new Map<string, Record<string, unknown>>();
let ids = 0;

function pooled(dice: Dice, method: string): Record<string, unknown> {
  const held = POOL.get(method);
  if (held !== undefined && dice.chance(85)) return held;
  const body = signedBody(dice, METHOD_PATHS.get(method) as (typeof SIGNED_PATHS)[number]);
  POOL.set(method, body);
  return body;
}

function nativeFrame(dice: Dice): string {
  ids += 1;
  const id = ids;
  const method = dice.chance(60)
    ? dice.pick(METHODS)
    : dice.pick(['subscribe', 'subscribe', 'unsubscribe', 'ping', 'session.limits', 'session.cancelOnDisconnect']);
  if (METHOD_PATHS.has(method) && dice.chance(12)) {
    const path = METHOD_PATHS.get(method) as (typeof SIGNED_PATHS)[number];
    return JSON.stringify({ id, method, params: signedBody(dice, path, (action) => bend(dice, action)) });
  }
  const params = METHOD_PATHS.has(method)
    ? pooled(dice, method)
    : method.endsWith('subscribe')
      ? subscription(dice)
      : method === 'session.cancelOnDisconnect'
        ? pooled(dice, 'order.cancelAll')
        : {};
  return mutateJson(dice, { id, method, params });
}

async function wireFrame(dice: Dice): Promise<string> {
  ids += 1;
  switch (dice.weighed({ subscribe: 45, unsubscribe: 10, ping: 3, action: 20, info: 22 })) {
    case 'subscribe':
      return mutateJson(dice, { method: 'subscribe', subscription: wireSubscription(dice) });
    case 'unsubscribe':
      return mutateJson(dice, { method: 'unsubscribe', subscription: wireSubscription(dice) });
    case 'ping':
      return mutateJson(dice, { method: 'ping' });
    case 'info':
      return mutateJson(dice, { method: 'post', id: ids, request: { type: 'info', payload: question(dice) } });
    case 'action':
      return `{"method":"post","id":${ids},"request":{"type":"action","payload":${await wireText(dice)}}}`;
  }
}

/** A frame above 64 KiB ends its connection, which is tried elsewhere. */
const shortened = (text: string): string => (Buffer.byteLength(text) > 60_000 ? text.slice(0, 15_000) : text);

function parsed(text: string): { value: unknown } | undefined {
  try {
    // What is no UTF-16 arrives as what stands for it.
    return { value: JSON.parse(Buffer.from(text).toString()) as unknown };
  } catch {
    return undefined;
  }
}

/** In runs of which each has at most as many bad frames as a connection may send. */
function runsOf(frames: readonly string[], isBad: (text: string) => boolean): string[][] {
  const runs: string[][] = [[]];
  let bad = 0;
  for (const text of frames) {
    if (isBad(text)) bad += 1;
    if (bad > BAD_FRAMES_MAX || (runs.at(-1) as string[]).length >= POSTS_MAX) {
      runs.push([]);
      bad = isBad(text) ? 1 : 0;
    }
    runs.at(-1)?.push(text);
  }
  return runs;
}

type Frame = Readonly<Record<string, unknown>>;

/** Sends frames on one connection and waits for as many answers. */
async function talk(
  url: string,
  frames: readonly string[],
  isAnswer: (frame: Frame) => boolean,
  complain: Complain,
  hear: (text: string, frame: Frame) => void,
): Promise<Frame[]> {
  const socket = new WebSocket(url, { perMessageDeflate: false });
  await once(socket, 'open');
  const answers: Frame[] = [];
  await new Promise<void>((resolve) => {
    const give = (why: string) => {
      complain(why, frames.slice(-3), answers.slice(-3));
      resolve();
    };
    const late = setTimeout(() => give(`${answers.length} of ${frames.length} answers came`), ANSWER_MS_MAX);
    socket.on('close', (code, reason) => {
      if (answers.length < frames.length) give(`closed: ${code} ${String(reason)} after ${answers.length} answers`);
      clearTimeout(late);
      resolve();
    });
    socket.on('message', (data) => {
      const text = String(data);
      const frame = JSON.parse(text) as Frame;
      try {
        hear(text, frame);
      } catch (fault) {
        complain(fault, frames, text);
      }
      if (!isAnswer(frame)) return;
      answers.push(frame);
      if (answers.length < frames.length) return;
      clearTimeout(late);
      resolve();
    });
    for (const text of frames) socket.send(text);
  });
  if (socket.readyState === WebSocket.CLOSED) return answers;
  const closed = once(socket, 'close');
  socket.close();
  await closed;
  return answers;
}

/** The id that a frame is answered with, as the protocol has it. */
function idOf(value: unknown): unknown {
  const { id } = Object(value) as { readonly id?: unknown };
  const isIt = Number.isSafeInteger(id) || (typeof id === 'string' && id.length <= 64);
  return isIt ? id : null;
}

const spelled = (ids_: readonly unknown[]): string[] => ids_.map((id) => JSON.stringify(id)).toSorted();

export const nativeFrames: Batch = async (dice, count, target, complain) => {
  const frames = Array.from({ length: count }, () => shortened(nativeFrame(dice)));
  for (const run of runsOf(frames, (text) => parsed(text) === undefined)) await nativeRun(run, target, complain);
};

async function nativeRun(run: readonly string[], target: Target, complain: Complain): Promise<void> {
  const sent = run.map((text) => parsed(text)?.value);
  // Of two requests with one id nobody knows which is answered.
  const paths = new Map<string, string | undefined>();
  for (const frame of sent) {
    const id = JSON.stringify(idOf(frame));
    paths.set(id, paths.has(id) ? undefined : pathOf(frame));
  }
  const url = `ws://127.0.0.1:${target.port}/v1/ws`;
  const answers = await talk(
    url,
    run,
    (frame) => !('channel' in frame),
    complain,
    (text, frame) => {
      if ('channel' in frame) {
        if (typeof frame.type !== 'string' || typeof frame.seq !== 'number') throw new Error('a frame without a seq');
        return;
      }
      target.judge.socket(paths.get(JSON.stringify(frame.id)), text, frame);
      noteSequence(target, frame.result);
    },
  );
  const [asked, told] = [spelled(sent.map(idOf)), spelled(answers.map(({ id }) => id))];
  if (answers.length === run.length && asked.join() !== told.join()) complain('answers of other ids', asked, told);
}

function pathOf(frame: unknown): string | undefined {
  const { method } = Object(frame) as { readonly method?: unknown };
  return typeof method === 'string' ? METHOD_PATHS.get(method) : undefined;
}

const WIRE_ANSWERS = new Set<unknown>(['error', 'post', 'subscriptionResponse', 'pong']);

export const wireFrames: Batch = async (dice, count, target, complain) => {
  const frames: string[] = [];
  while (frames.length < count) frames.push(shortened(await wireFrame(dice)));
  const isBad = (text: string): boolean => {
    const frame = parsed(text)?.value;
    return typeof frame !== 'object' || frame === null || Array.isArray(frame);
  };
  for (const run of runsOf(frames, isBad)) {
    const url = `ws://127.0.0.1:${target.port}/ws`;
    await talk(
      url,
      run,
      ({ channel }) => WIRE_ANSWERS.has(channel),
      complain,
      (text, frame) => target.judge.wireSocket(text, frame),
    );
  }
};
