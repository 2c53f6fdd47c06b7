import { Type } from 'typebox';

/** Longest Idempotency-Key. */
export const IDEMPOTENCY_KEY_CHARACTERS_MAX = 128;
/** Other headers are nobody's business here. */
export const idempotencyHeaders = Type.Object({
  'idempotency-key': Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: IDEMPOTENCY_KEY_CHARACTERS_MAX,
      pattern: '^[!-~]+$',
      description:
        'a name for this request: a repeat within ten minutes, with the same body, is answered with the first answer and Idempotency-Replayed: true',
    }),
  ),
});
