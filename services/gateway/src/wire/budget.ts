import { Type } from 'typebox';
import { hex } from './parts.ts';

const actions = (description: string) => Type.Integer({ minimum: 0, description });

export const budgetAnswer = Type.Object({
  address: hex,
  used: actions('actions used and not yet come back, rounded up'),
  limit: actions('10,000, and one for each USDC traded'),
  remaining: actions('before anything but cancels and reduce-only orders is refused'),
  urgentLimit: actions('of cancels and reduce-only orders'),
  urgentRemaining: actions('before they are refused, too'),
  tradedUsdc: actions('by the accounts of the owner, since this gateway started; rounded down'),
  refillPerSecond: actions('used actions that come back, until 10,000 remain'),
});
