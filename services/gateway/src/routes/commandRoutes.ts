import type { SignedRequest } from '../commands/createCommands.ts';
import { answers, type GatewayApp } from './gatewayApp.ts';

/**
 * Signed requests. The schema stands here for the OpenAPI document; the request checks its body itself, because the same
 * request arrives over WebSocket too.
 */
export function commandRoutes(app: GatewayApp, commands: readonly SignedRequest[]): void {
  for (const command of commands) {
    const schema = {
      summary: command.summary,
      tags: ['signed'],
      body: command.body,
      response: answers(command.answer),
    };
    const options = { schema, validatorCompiler: () => () => true };
    app.post(command.path, options, async (request, reply) => {
      const answer = await command.run(request.body);
      if ('sequence' in answer) reply.header('x-seq', String(answer.sequence));
      return answer;
    });
  }
}
