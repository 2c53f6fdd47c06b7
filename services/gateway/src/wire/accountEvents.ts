import { type Static, Type } from 'typebox';
import { openOrderAnswer } from './answers.ts';
import { decimal, hex, orNull, sequence, time } from './parts.ts';

/** What happened to an account: data of its channel and of its lists. Written as in answers.ts. */

/** How an order stands, or how it ended. */
export const orderUpdateAnswer = Type.Object({
  order: openOrderAnswer,
  state: Type.Enum(['open', 'triggered', 'filled', 'closed'], {
    description: 'open: rests, waits or is traded in slices; triggered: it fired and rests; closed: over otherwise',
  }),
  closeReason: orNull(Type.String({ description: 'of an order that is over' })),
  closeCode: orNull(Type.String({ description: 'error code of a trigger that fired and was refused' })),
  filledSize: decimal('base units traded in its whole life'),
  averagePrice: orNull(decimal('of these, at most 4 decimals more than a tick, rounded down')),
  remainingSize: decimal('base units that are open, or never traded'),
  time,
  sequence,
});

export const fundingPaymentAnswer = Type.Object({
  market: Type.String(),
  size: decimal('base units that it was owed on, signed: long > 0'),
  amount: decimal('USDC; positive = the account paid'),
  fundingRate: decimal("of the market's last settled hour; a payment of several hours has several"),
  time,
  sequence,
});

const moved = { asset: Type.String(), amount: decimal('units of the asset'), time, sequence };
export const depositAnswer = Type.Object({
  depositIndex: Type.Integer({ minimum: 0, description: 'of the settlement contract' }),
  ...moved,
});
/** As it was taken off the account; its way to L1 is in `GET /v1/accounts/{address}/withdrawals`. */
export const withdrawalRequestAnswer = Type.Object({
  withdrawalIndex: Type.Integer({ minimum: 0 }),
  recipient: hex,
  ...moved,
});

export type OrderUpdateAnswer = Static<typeof orderUpdateAnswer>;
export type FundingPaymentAnswer = Static<typeof fundingPaymentAnswer>;
export type DepositAnswer = Static<typeof depositAnswer>;
export type WithdrawalRequestAnswer = Static<typeof withdrawalRequestAnswer>;
