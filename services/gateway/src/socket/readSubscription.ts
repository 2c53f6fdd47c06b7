import { type TObject, Type } from 'typebox';
import { compileSchema } from '../compileSchema.ts';
import { CHANNEL_NAMES, CHANNELS, type ChannelName, type SubscriptionParams } from '../wire/channels.ts';

const checkChannel = compileSchema(Type.Object({ channel: Type.Enum([...CHANNEL_NAMES]) }), 'json');
const checks = new Map(CHANNEL_NAMES.map((name) => [name, compileSchema<TObject>(CHANNELS[name].params, 'json')]));

/** The params of `subscribe` and `unsubscribe`, checked against those of their channel. Throws BAD_REQUEST or UNKNOWN_FIELD. */
export function readSubscription(params: unknown): SubscriptionParams {
  const { channel } = checkChannel(params);
  return checks.get(channel as ChannelName)?.(params) as unknown as SubscriptionParams;
}

/** The same text for the same channel, however it is spelled and wherever it begins. */
export function subscriptionKey(params: SubscriptionParams): string {
  const { channel, market, interval = '1m', account, subaccount = 0, levels, grouping, intervalMs } = params;
  return [channel, market, interval, account?.toLowerCase(), subaccount, levels, grouping, intervalMs].join(' ');
}
