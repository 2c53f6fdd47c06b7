import { Type } from 'typebox';
import { depositAnswer, fundingPaymentAnswer, orderUpdateAnswer } from './accountEvents.ts';
import { next } from './pages.ts';
import { hex, sequence } from './parts.ts';

/** Answers about what happened to an account. */

const head = { sequence, address: hex };
export const orderAnswerOfNow = Type.Object({ ...head, order: orderUpdateAnswer });
export const orderHistoryAnswer = Type.Object({
  ...head,
  orders: Type.Array(orderUpdateAnswer, { description: 'that are over, the last to end first' }),
  next,
});
export const fundingPaymentsAnswer = Type.Object({
  ...head,
  fundingPayments: Type.Array(fundingPaymentAnswer, { description: 'newest first' }),
  next,
});
export const depositsAnswer = Type.Object({
  ...head,
  deposits: Type.Array(depositAnswer, { description: 'newest first; deposits arrive in the main account' }),
  next,
});
