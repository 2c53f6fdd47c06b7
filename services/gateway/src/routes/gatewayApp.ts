import type { IncomingMessage, ServerResponse } from 'node:http';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyBaseLogger, FastifyInstance, FastifyReply, RawServerDefault } from 'fastify';
import { PROBLEM_TYPE } from '../errors.ts';

/** The web application, its request types derived from the schemas of the routes. */
export type GatewayApp = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>;

/** Under this name the schema of errors stands in the OpenAPI document, once for all routes. */
export const PROBLEM_ID = 'Problem';

/** The answers of a route: 200, and everything else as an error of the catalogue. */
export function answers<Answer>(answer: Answer) {
  const content = { [PROBLEM_TYPE]: { schema: { $ref: `${PROBLEM_ID}#` } } };
  return { 200: answer, default: { description: 'refused', content } };
}

/** Says in a header, too, what sequence the answer is at. */
export function at<Answer extends { readonly sequence: number }>(reply: FastifyReply, answer: Answer): Answer {
  reply.header('x-seq', answer.sequence);
  return answer;
}
