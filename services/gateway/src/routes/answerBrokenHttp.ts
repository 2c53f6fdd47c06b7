import { randomUUID } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { ApiError, PROBLEM_TYPE } from '../errors.ts';

/** Refuses what never became a request (no HTTP, headers without end, a body that does not come) in the form of all answers. */
export function answerBrokenHttp(fault: Error & { readonly code?: string }, socket: Socket): void {
  if (fault.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const error = errorOf(fault.code);
  const requestId = randomUUID();
  const body = JSON.stringify(error.problem(requestId));
  const head = [
    `HTTP/1.1 ${error.status} ${STATUS_CODES[error.status]}`,
    `Content-Type: ${PROBLEM_TYPE}; charset=utf-8`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    `X-Request-Id: ${requestId}`,
    'Connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy());
}

function errorOf(code: string | undefined): ApiError {
  if (code === 'HPE_HEADER_OVERFLOW') return new ApiError('PAYLOAD_TOO_LARGE', { fault: 'headers above 16 KiB' });
  const late = code === 'ERR_HTTP_REQUEST_TIMEOUT';
  return new ApiError('BAD_REQUEST', { fault: late ? 'the request did not arrive in time' : 'not HTTP/1.1' });
}
