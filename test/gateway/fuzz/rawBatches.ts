import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import type { Dice } from '../dice.ts';
import type { Batch } from './batch.ts';
import { subscription } from './goodRequests.ts';
import { type HttpAnswer, readAnswer } from './httpPipe.ts';
import { mutateJson } from './mutateJson.ts';

const END_MS_MAX = 30_000;

/** Writes bytes, says that no more will come, and gives back everything until the gateway hangs up. */
function talk(port: number, bytes: readonly Buffer[]): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const heard: Buffer[] = [];
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    socket.setNoDelay(true);
    socket.setTimeout(END_MS_MAX, () => {
      socket.destroy();
      reject(new Error('the connection was never ended'));
    });
    socket.on('data', (chunk) => heard.push(chunk));
    socket.on('end', () => socket.destroy());
    // Refused while bytes were on their way.
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(Buffer.concat(heard)));
    for (const chunk of bytes) socket.write(chunk);
    socket.end();
  });
}

function answersOf(bytes: Buffer): HttpAnswer[] {
  const answers: HttpAnswer[] = [];
  for (let left = bytes; left.length > 0; ) {
    const read = readAnswer(left);
    if (read === undefined) throw new Error('an answer without end');
    answers.push(read.answer);
    left = left.subarray(read.bytes);
  }
  return answers;
}

const METHODS = [
  'GET',
  'POST',
  'PUT',
  'OPTIONS',
  'TRACE',
  'CONNECT',
  'PRI',
  'get',
  'G\u0000T',
  '',
  'M-SEARCH',
  'QUERY',
  'FOO',
];
const TARGETS = [
  ...[
    '/',
    '/v1/status',
    '/v1/orders',
    '/info',
    '/exchange',
    '/ws',
    '/v1/ws',
    '*',
    'http://x/v1/status',
    '//',
    '/%',
    '/%00',
  ],
  ...[
    '/\u0000',
    '/v1/markets/%ff/book',
    `/${'a'.repeat(20_000)}`,
    'v1',
    '',
    '/..;/',
    '/v1/status?a=\u0001',
    '/?'.repeat(500),
  ],
];
const VERSIONS = ['HTTP/1.1', 'HTTP/1.0', 'HTTP/2.0', 'HTTP/0.9', 'HTTP/1.1x', '', 'ICY', 'RTSP/1.0'];
const HEADERS = [
  ...[
    'Host: a',
    'Host: b',
    'Host:',
    'Content-Length: 5',
    'Content-Length: 2',
    'Content-Length: -5',
    'Content-Length: 0x5',
  ],
  ...['Content-Length: 99999999999999999999', 'Content-Length: 70000', 'Content-Length:', 'Transfer-Encoding: chunked'],
  ...[
    'Transfer-Encoding: gzip, chunked',
    'Transfer-Encoding: identity',
    'Transfer-Encoding : chunked',
    'Connection: close',
  ],
  ...[
    'Connection: upgrade',
    'Upgrade: websocket',
    'Upgrade: h2c',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Version: 99',
  ],
  ...[
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    'Sec-WebSocket-Key: x',
    'Sec-WebSocket-Protocol: ,',
    'Expect: 100-continue',
  ],
  ...[
    'Sec-WebSocket-Extensions: permessage-deflate; a=b;;',
    'Expect: x',
    'Content-Type: application/json',
    ': x',
    ' folded',
  ],
  ...[
    'no colon',
    'X: \u0000',
    'X: \u0007',
    `X-Long: ${'a'.repeat(20_000)}`,
    '__proto__: 1',
    'constructor: 1',
    'X\u00e9: 1',
    'Cookie: a=b',
  ],
  ...[
    'Content-Encoding: gzip',
    'Range: bytes=0-',
    'X-Forwarded-For: 1.2.3.4',
    'Idempotency-Key: \u0001',
    'Accept: */*;q=NaN',
    'Te: x',
  ],
];
const BODIES = [
  ...[
    '',
    '{}',
    '{"a":',
    'hello',
    '5\r\nhello\r\n0\r\n\r\n',
    '5\r\nhel',
    'zz\r\n',
    'fffffffffffffffff\r\n',
    '-1\r\n\r\n',
    '0\r\n\r\n',
  ],
  ...[
    '0\r\nX: y\r\n\r\nGET / HTTP/1.1\r\n\r\n',
    'GET /v1/status HTTP/1.1\r\nHost: a\r\n\r\n',
    '\u0000'.repeat(100),
    '{'.repeat(5_000),
  ],
  ...['5;a=b\r\nhello\r\n0\r\n\r\n', 'x'.repeat(70_000), '\r\n\r\n\r\n'],
];

/** What no HTTP library would send. */
export const brokenHttp: Batch = async (dice, count, { port, judge }, complain) => {
  for (let left = count; left > 0; left -= 1) {
    const fields = Array.from({ length: dice.chance(2) ? 2_500 : dice.between(0, 6) }, () => dice.pick(HEADERS));
    const end = dice.pick(['\r\n', '\r\n', '\r\n', '\n', '\r', '']);
    const line = `${dice.pick(METHODS)} ${dice.pick(TARGETS)} ${dice.pick(VERSIONS)}`;
    const text = dice.chance(5)
      ? randomBytesOf(dice, dice.between(1, 400)).toString('latin1')
      : `${[line, ...(dice.chance(60) ? ['Host: keel'] : []), ...fields].join(end)}${end}${end}${dice.pick(BODIES)}`;
    const bytes = Buffer.from(text, 'latin1');
    const at = dice.between(0, bytes.length);
    let heard: Buffer = Buffer.alloc(0);
    try {
      heard = await talk(port, dice.chance(20) ? [bytes.subarray(0, at), bytes.subarray(at)] : [bytes]);
      const upgraded = heard.indexOf('HTTP/1.1 101 ');
      for (const answer of answersOf(upgraded < 0 ? heard : heard.subarray(0, upgraded))) {
        const isOurs = answer.headers.get('content-type') === 'application/problem+json';
        if (isOurs) judge.rest(undefined, answer);
        else if (answer.status >= 500 && answer.status !== 503) throw new Error(`status ${answer.status}`);
      }
    } catch (fault) {
      complain(fault, text, heard.toString('latin1'));
    }
  }
};

function randomBytesOf(dice: Dice, length: number): Buffer {
  return Buffer.from(Array.from({ length }, () => dice.between(0, 255)));
}

interface FrameParts {
  readonly fin: boolean;
  readonly rsv: number;
  readonly opcode: number;
  readonly payload: Buffer;
  /** The spelling of the length: the shortest, 16 or 64 bits. */
  readonly lengthBytes?: 0 | 2 | 8;
  /** What the length says, where it lies. */
  readonly said?: bigint;
  readonly masked?: boolean;
}

/** A frame as RFC 6455 has it, or not. */
export function frameBytes({ fin, rsv, opcode, payload, lengthBytes, said, masked = true }: FrameParts): Buffer {
  const length = said ?? BigInt(payload.length);
  const width = lengthBytes ?? (length < 126n ? 0 : length < 65_536n ? 2 : 8);
  const head = Buffer.alloc(2 + width);
  head[0] = (fin ? 0x80 : 0) | (rsv << 4) | opcode;
  head[1] = (masked ? 0x80 : 0) | (width === 0 ? Number(length & 0x7fn) : width === 2 ? 126 : 127);
  if (width === 2) head.writeUInt16BE(Number(length & 0xffffn), 2);
  if (width === 8) head.writeBigUInt64BE(length, 2);
  // A mask of zeros changes nothing and is one all the same.
  return Buffer.concat([head, masked ? Buffer.alloc(4) : Buffer.alloc(0), payload]);
}

export function handshake(path: string, fields: readonly string[] = []): Buffer {
  const key = randomBytes(16).toString('base64');
  const lines = ['Host: keel', 'Upgrade: websocket', 'Connection: Upgrade', 'Sec-WebSocket-Version: 13', ...fields];
  return Buffer.from(`GET ${path} HTTP/1.1\r\n${lines.join('\r\n')}\r\nSec-WebSocket-Key: ${key}\r\n\r\n`);
}

function oddFrame(dice: Dice): Buffer {
  const text = Buffer.from(
    mutateJson(dice, { id: 1, method: 'subscribe', params: subscription(dice) }).slice(0, 2_000),
  );
  const payload = dice.pick([
    text,
    text,
    Buffer.alloc(0),
    Buffer.alloc(1),
    randomBytesOf(dice, dice.between(1, 130)),
    Buffer.alloc(70_000, 97),
  ]);
  const whole: FrameParts = { fin: true, rsv: 0, opcode: 1, payload: text };
  switch (dice.weighed({ whole: 30, fragment: 25, control: 15, header: 15, length: 10, noise: 5 })) {
    case 'whole':
      return frameBytes({ ...whole, opcode: dice.pick([1, 1, 1, 2]), payload });
    case 'fragment':
      return frameBytes({
        ...whole,
        fin: dice.chance(30),
        opcode: dice.pick([0, 0, 1]),
        payload: text.subarray(0, dice.pick([0, 1, 5])),
      });
    case 'control':
      return frameBytes({
        ...whole,
        fin: dice.chance(90),
        opcode: dice.pick([8, 9, 10]),
        payload: dice.chance(60) ? Buffer.alloc(2, 3) : payload,
      });
    case 'header':
      return frameBytes({ ...whole, rsv: dice.between(0, 7), opcode: dice.between(0, 15), masked: dice.chance(70) });
    case 'length': {
      const said = dice.pick([
        0n,
        1n,
        125n,
        126n,
        65_535n,
        65_536n,
        65_537n,
        2n ** 31n,
        2n ** 53n,
        2n ** 63n,
        2n ** 64n - 1n,
      ]);
      return frameBytes({ ...whole, payload, said, lengthBytes: dice.pick([2, 8]) });
    }
    case 'noise':
      return randomBytesOf(dice, dice.between(1, 60));
  }
}

/** Frames that break the protocol below JSON, on connections of their own; what comes back is frames that do not. */
export const brokenFrames: Batch = async (dice, count, { port, judge }, complain) => {
  for (let left = count; left > 0; ) {
    const frames = Array.from({ length: Math.min(left, dice.between(1, 20)) }, () => oddFrame(dice));
    left -= frames.length;
    const path = dice.pick(['/v1/ws', '/v1/ws', '/ws']);
    const extensions = dice.chance(20) ? ['Sec-WebSocket-Extensions: permessage-deflate'] : [];
    let heard: Buffer = Buffer.alloc(0);
    try {
      heard = await talk(port, [handshake(path, extensions), ...frames]);
      const headEnd = heard.indexOf('\r\n\r\n') + 4;
      if (!heard.toString('latin1', 0, headEnd).startsWith('HTTP/1.1 101 ')) throw new Error('no upgrade');
      for (const text of textsOf(heard.subarray(headEnd))) {
        const frame = JSON.parse(text) as Record<string, unknown>;
        if (path === '/ws') judge.wireSocket(text, frame);
        else if (!('channel' in frame)) judge.socket(undefined, text, frame);
      }
    } catch (fault) {
      complain(
        fault,
        frames.map((frame) => frame.toString('latin1')),
        heard.toString('latin1'),
      );
    }
  }
};

const CLOSE_CODES = [1000, 1001, 1002, 1003, 1005, 1007, 1008, 1009, 4000, 4008, 4029];

/** The texts that a server sent, each frame held to the protocol. */
function textsOf(bytes: Buffer): string[] {
  const texts: string[] = [];
  for (let at = 0; at < bytes.length; ) {
    const [first = 0, second = 0] = bytes.subarray(at);
    const wide = second === 126 ? 2 : second === 127 ? 8 : 0;
    const length =
      wide === 2 ? bytes.readUInt16BE(at + 2) : wide === 8 ? Number(bytes.readBigUInt64BE(at + 2)) : second;
    if ((first & 0xf0) !== 0x80 || second > 127) throw new Error('a frame of the gateway that is none');
    const payload = bytes.subarray(at + 2 + wide, at + 2 + wide + length);
    at += 2 + wide + length;
    const opcode = first & 0x0f;
    if (opcode === 1) texts.push(payload.toString());
    else if (opcode === 8 && payload.length >= 2 && !CLOSE_CODES.includes(payload.readUInt16BE(0)))
      throw new Error(`closed with ${payload.readUInt16BE(0)}`);
    else if (![8, 9, 10].includes(opcode)) throw new Error(`opcode ${opcode}`);
  }
  return texts;
}
