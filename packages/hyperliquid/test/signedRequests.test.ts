import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { recoverSigner } from '@keel/signing';
import { nativeRecoveryAvailable, recoverSignerNative } from '@keel/signing/native';
import { describe, expect, it } from 'vitest';
import { hashRequest, parseAction, parseRequest } from '../src/index.ts';
import { SIGNED_REQUESTS, type SignedRequest } from './signedRequests.ts';

/** The requests as they were recorded, where there is a shared folder beside the project. */
const RECORDED = join(import.meta.dirname, '../../../../shared/conformance/hyperliquid-signed-requests.json');

const named = SIGNED_REQUESTS.map(
  (signed, at) => [`${at} ${signed.client}: ${signed.request.slice(0, 60)}`, signed] as const,
);

describe('a request that another client signed names its signer', () => {
  it.each(named)('%s', (_name, { request: text, recovered }) => {
    const request = parseRequest(JSON.parse(text));
    const signers = typeof recovered === 'string' ? { a: recovered, b: recovered } : recovered;
    for (const source of ['a', 'b'] as const) {
      const hash = hashRequest(request, source);
      expect(recoverSigner(hash, request.signature)).toBe(signers[source].toLowerCase());
      if (nativeRecoveryAvailable)
        expect(recoverSignerNative(hash, request.signature)).toBe(signers[source].toLowerCase());
    }
  });

  it('and not when a key of its action is elsewhere', () => {
    const { request: text } = SIGNED_REQUESTS.find(({ request }) =>
      request.includes('"type":"order"'),
    ) as SignedRequest;
    const request = parseRequest(JSON.parse(text));
    const turned = { ...request, action: Object.fromEntries(Object.entries(request.action).reverse()) };
    expect(recoverSigner(hashRequest(turned, 'b'), request.signature)).not.toBe(
      recoverSigner(hashRequest(request, 'b'), request.signature),
    );
  });

  it('and every action among them is read', () => {
    const types = SIGNED_REQUESTS.map(({ request }) => parseAction(parseRequest(JSON.parse(request)).action).type);
    expect([...new Set(types)].sort()).toEqual([
      'batchModify',
      'cancel',
      'cancelByCloid',
      'ignored',
      'modify',
      'notOffered',
      'order',
      'scheduleCancel',
      'updateIsolatedMargin',
      'updateLeverage',
    ]);
  });
});

describe('the recorded requests', () => {
  it.skipIf(!existsSync(RECORDED))('all stand here, with the same signers', () => {
    const recorded: { request: object; recovered: unknown; client: string; kind: string }[] = JSON.parse(
      readFileSync(RECORDED, 'utf8'),
    );
    expect(SIGNED_REQUESTS).toEqual(
      recorded.map(({ request, ...rest }) => ({ ...rest, request: JSON.stringify(request) })),
    );
  });
});
