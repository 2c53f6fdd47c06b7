import type { FastifyReply } from 'fastify';
import type { SignedRequest } from '../commands/createCommands.ts';
import { compileSchema } from '../compileSchema.ts';
import { signedType } from '../describe/signedType.ts';
import type { RememberedAnswers } from '../rememberedAnswers.ts';
import { idempotencyHeaders } from '../wire/idempotency.ts';
import { answers, type GatewayApp } from './gatewayApp.ts';

const checkHeaders = compileSchema(idempotencyHeaders, 'json');

/**
 * Signed requests. The schema stands here for the OpenAPI document; the request checks its body itself, because the same
 * request arrives over WebSocket too.
 */
export function commandRoutes(
  app: GatewayApp,
  commands: readonly SignedRequest[],
  remembered: RememberedAnswers,
): void {
  for (const command of commands) {
    const schema = {
      summary: command.summary,
      description: `Signed as \`${signedType(command)}\`; what the body leaves out is signed as its default.`,
      tags: ['signed'],
      headers: idempotencyHeaders,
      body: command.body,
      response: answers(command.answer),
    };
    const options = { schema, validatorCompiler: () => () => true };
    app.post(command.path, options, async (request, reply) => {
      const { 'idempotency-key': key } = checkHeaders(request.headers);
      const account = accountOf(request.body);
      // Whoever names no account is refused for that, and no answer of it is worth keeping.
      if (key === undefined || account === undefined) return told(reply, await command.run(request.body, request.ip));
      const asked = { account, key, path: command.path, body: request.body };
      const { outcome, replayed } = await remembered.once(asked, () => command.run(request.body, request.ip));
      if (replayed) reply.header('idempotency-replayed', 'true');
      if ('refused' in outcome) throw outcome.refused;
      return told(reply, outcome.answer);
    });
  }
}

/** Says in a header, too, at which sequence it was done. */
function told(reply: FastifyReply, answer: object): object {
  if ('sequence' in answer) reply.header('x-seq', String(answer.sequence));
  return answer;
}

function accountOf(body: unknown): string | undefined {
  const { account } = Object(body) as { readonly account?: unknown };
  return typeof account === 'string' && account.length === 42 ? account : undefined;
}
