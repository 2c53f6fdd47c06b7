import { connect, type Socket } from 'node:net';

export interface HttpRequest {
  readonly method: string;
  /** As it goes on the line, escaped or not. */
  readonly target: string;
  readonly headers?: readonly string[];
  readonly body?: Buffer;
}

export interface HttpAnswer {
  readonly status: number;
  /** Names in small letters. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
}

const ANSWER_MS_MAX = 30_000;

/**
 * Sends requests on one connection without waiting for answers, which come in the same order. After an answer that ends the
 * connection the rest is sent on a new one. Throws for what is no HTTP, and for an answer that does not come.
 */
export async function pipeHttp(port: number, requests: readonly HttpRequest[]): Promise<HttpAnswer[]> {
  const answers: HttpAnswer[] = [];
  while (answers.length < requests.length) {
    const before = answers.length;
    answers.push(...(await pipeOnce(port, requests.slice(before))));
    if (answers.length === before) throw new Error('the connection ended without an answer');
  }
  return answers;
}

function pipeOnce(port: number, requests: readonly HttpRequest[]): Promise<HttpAnswer[]> {
  return new Promise((resolve, reject) => {
    const answers: HttpAnswer[] = [];
    const socket: Socket = connect(port, '127.0.0.1');
    let heard = Buffer.alloc(0);
    const end = (fault?: Error): void => {
      socket.destroy();
      if (fault === undefined) resolve(answers);
      else reject(fault);
    };
    socket.setTimeout(ANSWER_MS_MAX, () => end(new Error(`no answer to ${describe(requests[answers.length])}`)));
    socket.on('data', (bytes) => {
      heard = heard.length === 0 ? bytes : Buffer.concat([heard, bytes]);
      try {
        for (;;) {
          const read = readAnswer(heard, requests[answers.length]?.method === 'HEAD');
          if (read === undefined) return;
          heard = heard.subarray(read.bytes);
          answers.push(read.answer);
          if (answers.length === requests.length || read.answer.headers.get('connection') === 'close') return end();
        }
      } catch (fault) {
        end(fault as Error);
      }
    });
    // What was answered counts; the caller sends the rest again.
    socket.on('error', () => end());
    socket.on('close', () => end());
    socket.write(Buffer.concat(requests.map(toBytes)));
  });
}

const describe = (request: HttpRequest | undefined): string =>
  `${request?.method} ${request?.target} ${String(request?.body).slice(0, 2_000)}`;

function toBytes({ method, target, headers = [], body }: HttpRequest): Buffer {
  const length = body === undefined ? [] : [`Content-Length: ${body.length}`];
  const head = [`${method} ${target} HTTP/1.1`, 'Host: keel', ...headers, ...length].join('\r\n');
  return Buffer.concat([Buffer.from(`${head}\r\n\r\n`, 'latin1'), body ?? Buffer.alloc(0)]);
}

/** The first whole answer of some bytes, if there is one. Throws for what is none. */
export function readAnswer(bytes: Buffer, isHead = false): { answer: HttpAnswer; bytes: number } | undefined {
  const headEnd = bytes.indexOf('\r\n\r\n');
  if (headEnd < 0) {
    if (bytes.length > 100_000) throw new Error('headers without end');
    return undefined;
  }
  const [line = '', ...fields] = bytes.toString('latin1', 0, headEnd).split('\r\n');
  const status = Number(/^HTTP\/1\.1 ([1-5][0-9]{2}) /.exec(line)?.[1]);
  if (Number.isNaN(status)) throw new Error(`no status line: ${line.slice(0, 200)}`);
  const headers = new Map(
    fields.map((field) => {
      const colon = field.indexOf(':');
      return [field.slice(0, colon).toLowerCase(), field.slice(colon + 1).trim()] as const;
    }),
  );
  const begin = headEnd + 4;
  const isEmpty = isHead || status === 204 || status === 304 || status < 200;
  const read = isEmpty ? { body: '', end: begin } : readBody(bytes, begin, headers);
  return read && { answer: { status, headers, body: read.body }, bytes: read.end };
}

function readBody(bytes: Buffer, begin: number, headers: ReadonlyMap<string, string>) {
  if (headers.get('transfer-encoding') === 'chunked') return readChunks(bytes, begin);
  const length = Number(headers.get('content-length'));
  if (!Number.isSafeInteger(length)) throw new Error('an answer without a length');
  const end = begin + length;
  return bytes.length < end ? undefined : { body: bytes.toString('utf8', begin, end), end };
}

function readChunks(bytes: Buffer, begin: number) {
  const parts: Buffer[] = [];
  for (let at = begin; ; ) {
    const lineEnd = bytes.indexOf('\r\n', at);
    if (lineEnd < 0) return undefined;
    const length = Number.parseInt(bytes.toString('latin1', at, lineEnd), 16);
    const next = lineEnd + 2 + length + 2;
    if (bytes.length < next) return undefined;
    if (length === 0) return { body: Buffer.concat(parts).toString('utf8'), end: next };
    parts.push(bytes.subarray(lineEnd + 2, lineEnd + 2 + length));
    at = next;
  }
}
