import type { IncomingMessage, ServerResponse } from 'node:http';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyBaseLogger, FastifyInstance, RawServerDefault } from 'fastify';
import { errorAnswer } from '../wire/answers.ts';

/** The web application, its request types derived from the schemas of the routes. */
export type GatewayApp = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>;

/** The answers of a route: 200, and everything else as an error of the catalogue. */
export function answers<Answer>(answer: Answer) {
  return { 200: answer, default: errorAnswer };
}
