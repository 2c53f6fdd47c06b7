import { type Static, Type } from 'typebox';
import { CHANNELS } from './channels.ts';
import { next } from './pages.ts';
import { decimal, orNull, sequence, time } from './parts.ts';

/** Answers about one market that have a channel, too: the same data, at one sequence. */

export const timeAnswer = Type.Object({
  timeMs: Type.Integer({ description: 'clock of this gateway, milliseconds since 1970' }),
});
export const bboAnswer = Type.Object({ sequence, market: Type.String(), ...CHANNELS.bbo.data.properties });
export const tickerAnswer = Type.Object({ sequence, ...CHANNELS.ticker.data.properties });
export type TickerData = Static<typeof CHANNELS.ticker.data>;
export const bookOrdersAnswer = Type.Object({
  sequence,
  market: Type.String(),
  ...CHANNELS.bookOrders.data.properties,
});
export type BookOrderAnswer = Static<typeof CHANNELS.bookOrders.data>['orders'][number];

export const fundingRateAnswer = Type.Object({
  fundingRate: decimal('of the hour that ended; positive = longs paid'),
  mark: orNull(decimal('USD; null before the first mark price')),
  time,
  sequence,
});
export type FundingRateAnswer = Static<typeof fundingRateAnswer>;
export const fundingRatesAnswer = Type.Object({
  sequence,
  market: Type.String(),
  fundingRates: Type.Array(fundingRateAnswer, { description: 'settled hours, newest first' }),
  next,
});
