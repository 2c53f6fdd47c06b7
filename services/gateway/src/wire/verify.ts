import { type Static, Type } from 'typebox';
import { hex, orNull } from './parts.ts';

const address = Type.String({ pattern: '^0x[0-9a-fA-F]{40}$', description: '20 bytes in hex' });
const expectedSigner = Type.Optional(
  Type.String({ ...address, description: 'who should have signed, if that is known' }),
);

/** A request to be explained, not done. */
export const verifyBody = Type.Union([
  Type.Object(
    {
      primaryType: Type.String({ maxLength: 40, description: 'as in the typed data, for example PlaceOrder' }),
      expectedSigner,
      account: address,
      signature: Type.String({ maxLength: 1_000 }),
    },
    {
      description:
        'the body of a signed request and its primaryType; the fields beside these are those of that request',
    },
  ),
  Type.Object(
    {
      hyperliquid: Type.Record(Type.String(), Type.Unknown(), { description: 'the body of POST /exchange' }),
      expectedSigner,
    },
    { additionalProperties: false },
  ),
]);

export const MISTAKES = [
  'account',
  'signatureSpelling',
  'chainId',
  'verifyingContract',
  'personalSign',
  'mainnetSource',
  'expiresAfter',
  'vaultAddress',
  'keyOrder',
  'trailingZeros',
] as const;
const finding = Type.Object({
  mistake: Type.Enum([...MISTAKES]),
  explanation: Type.String(),
  signer: Type.String({ ...hex, description: 'whose the signature is, if this is what went wrong' }),
});

export const verifyAnswer = Type.Object({
  scheme: Type.Enum(['keel', 'hyperliquid']),
  request: Type.String({ description: 'primaryType, or type of the action' }),
  domain: Type.Object({
    name: Type.String(),
    version: Type.String(),
    chainId: Type.Integer(),
    verifyingContract: hex,
  }),
  message: Type.Record(Type.String(), Type.Unknown(), {
    description: 'what was hashed, every field, defaults filled in: compare it with what your wallet signed',
  }),
  hash: Type.String({ ...hex, description: 'the 32 bytes that are signed' }),
  signatureFault: orNull(Type.String({ description: 'why the signature has no signer' })),
  signer: orNull(Type.String({ ...hex, description: 'who signed exactly this' })),
  account: orNull(
    Type.String({ ...hex, description: 'the owner that the request is for; null = the signer leads to none' }),
  ),
  role: Type.Union([Type.Enum(['owner', 'agent', 'expiredAgent', 'nobody']), Type.Null()], {
    description: 'what the signer is to that account',
  }),
  accepted: Type.Boolean({
    description: 'the request would pass as far as its signer goes; nothing else of it was tried',
  }),
  matchesExpected: Type.Union([Type.Boolean(), Type.Null()], { description: 'null: expectedSigner was not said' }),
  findings: Type.Array(finding, {
    description: 'mistakes that would explain the signature; none found = none of these',
  }),
});
export type VerifyAnswer = Static<typeof verifyAnswer>;
export type Finding = Static<typeof finding>;
