import type { Address } from '@keel/types';
import { ApiError } from '../errors.ts';
import type { ReadAction } from '../verify/readAction.ts';
import { type VerifyFacts, verifyAction } from '../verify/verifyAction.ts';
import { verifyHyperliquid } from '../verify/verifyHyperliquid.ts';
import { verifyAnswer, verifyBody } from '../wire/verify.ts';
import { answers, type GatewayApp } from './gatewayApp.ts';

/** Explaining costs as much as checking some forty signatures. */
export const VERIFICATIONS_PER_MINUTE = 60;

export interface VerifyParts extends VerifyFacts {
  readonly readModel: VerifyFacts['readModel'];
  readonly readAction: ReadAction;
  readonly ratePerMinute: number;
}

/** Says of a signed request what was hashed, who signed it, and what may have gone wrong; nothing of it is done. */
export function verifyRoute(app: GatewayApp, parts: VerifyParts): void {
  const schema = {
    summary: 'Explain a signature: what was hashed, who signed it, what may have gone wrong',
    tags: ['signed'],
    body: verifyBody,
    response: answers(verifyAnswer),
  };
  const rateLimit = { max: Math.min(VERIFICATIONS_PER_MINUTE, parts.ratePerMinute), timeWindow: 60_000 };
  app.post('/v1/debug/verify', { schema, config: { rateLimit } }, async (request) => {
    const { expectedSigner, ...body } = request.body;
    const expected = expectedSigner?.toLowerCase() as Address | undefined;
    if ('hyperliquid' in body) return verifyHyperliquid(parts.readModel, body.hyperliquid, expected);
    const { primaryType, ...fields } = body;
    const job = await parts.readAction(primaryType, fields);
    if (!('action' in job)) throw new ApiError('METHOD_NOT_FOUND', { path: '/primaryType' });
    return verifyAction(parts, job.action, job.signature, expected);
  });
}
