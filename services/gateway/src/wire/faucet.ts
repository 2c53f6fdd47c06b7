import { Type } from 'typebox';
import { decimal, hex } from './parts.ts';

/** Test money of a devnet: who gets it, and what was done. */
export const faucetBody = Type.Object(
  {
    address: Type.String({ pattern: '^0x[0-9a-fA-F]{40}$', description: 'the account that gets it, 20 bytes in hex' }),
  },
  { additionalProperties: false },
);

export const faucetAnswer = Type.Object({
  address: Type.String(),
  asset: Type.String({ description: 'always USDC' }),
  amount: decimal('what was deposited, USDC'),
  l1TxHash: Type.String({ ...hex, description: 'the deposit; credited after its confirmations on L1' }),
});
