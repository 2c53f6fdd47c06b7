import { Type } from 'typebox';

/** Schemas that many answers are made of. */
export const decimal = (description: string) => Type.String({ description });
export const orNull = <Schema extends ReturnType<typeof Type.String> | ReturnType<typeof Type.Integer>>(
  schema: Schema,
) => Type.Union([schema, Type.Null()]);
export const hex = Type.String({ pattern: '^0x[0-9a-f]*$' });
export const time = Type.Integer({ description: 'milliseconds since 1970' });
export const sequence = Type.Integer({ minimum: 0, description: 'place in the log' });
export const side = Type.Enum(['buy', 'sell']);
export const priceQuality = Type.Enum(['fresh', 'stale5', 'stale30', 'outOfBand', 'noQuorum'], {
  description: 'only fresh adds risk, lets money out and liquidates',
});
