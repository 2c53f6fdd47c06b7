import { randomUUID } from 'node:crypto';
import rateLimit from '@fastify/rate-limit';
import swagger from '@fastify/swagger';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { ReadModel } from '@keel/redis';
import type { Logger, Metrics } from '@keel/runtime';
import type { KeelDomain } from '@keel/signing';
import type { Address } from '@keel/types';
import Fastify, { type FastifyBaseLogger, type FastifyReply, type FastifyRequest, LogController } from 'fastify';
import type { TSchema } from 'typebox';
import type { AssetDirectory } from './assetDirectory.ts';
import type { SignedRequest } from './commands/createCommands.ts';
import { compileSchema } from './compileSchema.ts';
import { API_VERSION, describeDomain } from './describe/apiHead.ts';
import { ApiError, PROBLEM_TYPE } from './errors.ts';
import type { Faucet } from './faucet/faucet.ts';
import type { Network } from './format/formatExchange.ts';
import type { GatewayMetrics } from './gatewayMetrics.ts';
import type { MarketDirectory } from './marketDirectory.ts';
import { RememberedAnswers } from './rememberedAnswers.ts';
import { accountRoutes } from './routes/accountRoutes.ts';
import { answerBrokenHttp } from './routes/answerBrokenHttp.ts';
import { commandRoutes } from './routes/commandRoutes.ts';
import { documentRoutes } from './routes/documentRoutes.ts';
import { faucetRoutes } from './routes/faucetRoutes.ts';
import { type GatewayApp, PROBLEM_ID } from './routes/gatewayApp.ts';
import { historyRoutes } from './routes/historyRoutes.ts';
import { marketRoutes } from './routes/marketRoutes.ts';
import { openToEveryOrigin } from './routes/openToEveryOrigin.ts';
import { type Health, operationRoutes } from './routes/operationRoutes.ts';
import { publicRoutes } from './routes/publicRoutes.ts';
import { terminalPage } from './routes/terminalPage.ts';
import { verifyRoute } from './routes/verifyRoute.ts';
import { toApiError, toRequestError } from './toApiError.ts';
import type { ReadAction } from './verify/readAction.ts';
import { problemAnswer } from './wire/answers.ts';

/** Largest body of a request and largest frame of a WebSocket. */
export const PAYLOAD_BYTES_MAX = 64 * 1024;
/** A request that has not arrived whole by then is cut off: a client that sends a byte a minute holds nothing for long. */
const REQUEST_TIMEOUT_MS = 10_000;
/** How often that is looked at. */
const SLOW_CHECK_MS = 2_000;
/** Probes and scrapes of whoever runs the exchange count against nobody. */
const UNLIMITED_PATHS = new Set(['/livez', '/readyz', '/metrics']);

export interface AppParts {
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly gatewayMetrics: GatewayMetrics;
  readonly readModel: ReadModel;
  readonly markets: MarketDirectory;
  readonly assets: AssetDirectory;
  readonly commands: readonly SignedRequest[];
  readonly network: Network;
  /** What signatures are bound to, and how a signed body is read without being done. */
  readonly domain: KeelDomain;
  readonly readAction: ReadAction;
  /** Undefined everywhere but on a devnet. */
  readonly faucet: Faucet | undefined;
  readonly health: Health;
  readonly ratePerMinute: number;
  readonly terminalDirectory: string;
}

/** The REST side, not listening yet; a test injects requests into it. */
export async function createApp(parts: AppParts): Promise<GatewayApp> {
  const app = Fastify({
    loggerInstance: parts.log as FastifyBaseLogger,
    // A line per request would be most of the log; refusals are counted and faults of ours are logged below.
    logController: new LogController({ disableRequestLogging: true }),
    // What fails before any route is known, such as a path that is no UTF-8.
    frameworkErrors: (fault, request, reply) => answerFault(toApiError(fault), request, reply as FastifyReply),
    clientErrorHandler: answerBrokenHttp,
    // The schemas are closed and refuse such a field by its name, over WebSocket too.
    onProtoPoisoning: 'ignore',
    onConstructorPoisoning: 'ignore',
    bodyLimit: PAYLOAD_BYTES_MAX,
    genReqId: () => randomUUID(),
    routerOptions: { maxParamLength: 128 },
    forceCloseConnections: true,
    requestTimeout: REQUEST_TIMEOUT_MS,
    // Left at its 60 s, the time for headers would be taken for that of whole requests, the longer of the two.
    http: { headersTimeout: REQUEST_TIMEOUT_MS, connectionsCheckingInterval: SLOW_CHECK_MS },
  }).withTypeProvider<TypeBoxTypeProvider>();
  app.setValidatorCompiler<TSchema>(({ schema, httpPart }) => {
    const check = compileSchema(schema, httpPart === 'body' ? 'json' : 'texts');
    return (value: unknown) => {
      try {
        return { value: check(value) };
      } catch (fault) {
        return { error: fault as Error };
      }
    };
  });
  // Answers are made by the formatters and held to their schemas by the tests; a serializer would drop what it does not know.
  app.setSerializerCompiler(() => (value) => JSON.stringify(value));
  answerErrors(app, parts);
  app.addSchema({ ...problemAnswer, $id: PROBLEM_ID });
  await app.register(swagger, {
    openapi: openApiHead(parts.network),
    hideUntagged: true,
    refResolver: {
      buildLocalReference: ({ $id }, _base, _fragment, at) => (typeof $id === 'string' ? $id : `def-${at}`),
    },
  });
  await app.register(rateLimit, {
    max: parts.ratePerMinute,
    timeWindow: 60_000,
    enableDraftSpec: true,
    allowList: (request) => UNLIMITED_PATHS.has(request.url),
    errorResponseBuilder: (_request, context) => new ApiError('RATE_LIMITED', { retryAfterMs: context.ttl }),
  });
  answerNotFound(app);
  openToEveryOrigin(app);
  publicRoutes(app, parts);
  marketRoutes(app, parts);
  accountRoutes(app, parts);
  historyRoutes(app, parts);
  commandRoutes(app, parts.commands, new RememberedAnswers(() => performance.now()));
  verifyRoute(app, { ...parts, usdc: parts.network.usdc as Address });
  faucetRoutes(app, parts.faucet);
  operationRoutes(app, parts.health, parts.metrics);
  await documentRoutes(app, parts.commands, parts.network);
  await terminalPage(app, parts.terminalDirectory);
  return app;
}

function answerErrors(app: GatewayApp, { gatewayMetrics }: AppParts): void {
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id);
  });
  app.addHook('onResponse', async (request, reply) => {
    gatewayMetrics.requests.inc({ route: request.routeOptions.url ?? 'none', status: reply.statusCode });
  });
  app.setErrorHandler((fault, request, reply) => {
    answerFault(toRequestError(fault, request), request, reply);
  });
}

/** Whoever looks for what is not there is counted, too. */
function answerNotFound(app: GatewayApp): void {
  app.setNotFoundHandler({ preHandler: app.rateLimit() }, (request, reply) => {
    answerFault(new ApiError('NOT_FOUND', { path: request.url.slice(0, 200) }), request, reply);
  });
}

/** Everything that is refused over HTTP goes out here. What is a fault of ours is logged with the id that the answer names. */
function answerFault(error: ApiError, request: FastifyRequest, reply: FastifyReply): void {
  if (error.code === 'INTERNAL') request.log.error({ err: error.cause, requestId: request.id }, 'request failed');
  reply.code(error.status).header('x-request-id', request.id);
  const { retryAfterMs, sequence } = error.details;
  // Refused by the engine, which is a place in the log as well.
  if (typeof sequence === 'number') reply.header('x-seq', sequence);
  if (typeof retryAfterMs === 'number') reply.header('retry-after', Math.ceil(retryAfterMs / 1_000));
  reply.type(PROBLEM_TYPE).send(error.problem(request.id));
}

function openApiHead(network: Network) {
  return { openapi: '3.1.0', info: { title: 'Keel', version: API_VERSION, description: describeDomain(network) } };
}
