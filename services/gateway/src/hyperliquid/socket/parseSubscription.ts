import type { Address } from '@keel/types';

/** The parts of a subscription that a channel needs. */
type Need = 'coin' | 'user' | 'interval';

/** Every channel that can be subscribed to, and what it is of. */
const NEEDS = {
  allMids: [],
  l2Book: ['coin'],
  bbo: ['coin'],
  trades: ['coin'],
  candle: ['coin', 'interval'],
  activeAssetCtx: ['coin'],
  assetCtxs: [],
  allDexsAssetCtxs: [],
  fastAssetCtxs: [],
  spotAssetCtxs: [],
  outcomeMetaUpdates: [],
  orderUpdates: ['user'],
  userFills: ['user'],
  userEvents: ['user'],
  userFundings: ['user'],
  userNonFundingLedgerUpdates: ['user'],
  userHistoricalOrders: ['user'],
  userTwapHistory: ['user'],
  userTwapSliceFills: ['user'],
  twapStates: ['user'],
  notification: ['user'],
  clearinghouseState: ['user'],
  allDexsClearinghouseState: ['user'],
  openOrders: ['user'],
  spotState: ['user'],
  activeAssetData: ['coin', 'user'],
  webData2: ['user'],
  webData3: ['user'],
} as const satisfies Readonly<Record<string, readonly Need[]>>;

export type ChannelType = keyof typeof NEEDS;
export const CHANNEL_TYPES = Object.keys(NEEDS) as ChannelType[];

/** Another name that clients have for a channel. */
const ALIASES: Readonly<Record<string, ChannelType>> = { user: 'userEvents' };

const ADDRESS = /^0x[0-9a-fA-F]{40}$/;

/** What a client wants to follow. Fields that its channel does not need are '' or undefined. */
export interface Subscription {
  readonly type: ChannelType;
  readonly coin: string;
  /** In small letters; '' = of nobody. */
  readonly user: Address | '';
  readonly interval: string;
  /** Significant digits of the prices of a book; undefined = every price for itself. */
  readonly nSigFigs: number | undefined;
  /** With 5 digits: the last goes in steps of 2 or 5. */
  readonly mantissa: number | undefined;
  /** The pieces of an order that trades with several others at once are one fill. */
  readonly aggregateByTime: boolean;
}

/** The same for everybody who follows the same thing. */
export function keyOf({ type, coin, user, interval, nSigFigs, mantissa, aggregateByTime }: Subscription): string {
  return [type, coin, user, interval, nSigFigs ?? '', mantissa ?? '', aggregateByTime].join(' ');
}

/** A subscription as it was sent; null counts as absent and fields that no channel has are ignored. A text says why not. */
export function parseSubscription(sent: unknown): Subscription | string {
  const fields = Object(sent) as Readonly<Record<string, unknown>>;
  const type = typeOf(fields.type);
  if (type === undefined) return 'no such type';
  const { dex, nSigFigs, mantissa } = fields;
  if ((dex ?? '') !== '') return 'there is one dex, without a name';
  for (const need of NEEDS[type]) if (typeof fields[need] !== 'string') return `${need} is missing`;
  const has = (need: Need): boolean => (NEEDS[type] as readonly Need[]).includes(need);
  const user = has('user') ? String(fields.user) : '';
  if (user !== '' && !ADDRESS.test(user)) return 'user is no address';
  const isBook = type === 'l2Book';
  if (isBook && !isOneOf(nSigFigs, [2, 3, 4, 5])) return 'nSigFigs is 2, 3, 4, 5 or null';
  if (isBook && !isOneOf(mantissa, nSigFigs === 5 ? [1, 2, 5] : []))
    return 'mantissa is null or, with nSigFigs 5, 1, 2 or 5';
  return {
    type,
    coin: has('coin') ? String(fields.coin) : '',
    user: user.toLowerCase() as Subscription['user'],
    interval: has('interval') ? String(fields.interval) : '',
    nSigFigs: isBook && typeof nSigFigs === 'number' ? nSigFigs : undefined,
    mantissa: isBook && typeof mantissa === 'number' && mantissa !== 1 ? mantissa : undefined,
    aggregateByTime: type === 'userFills' && fields.aggregateByTime === true,
  };
}

function typeOf(sent: unknown): ChannelType | undefined {
  if (typeof sent !== 'string') return undefined;
  if (Object.hasOwn(ALIASES, sent)) return ALIASES[sent];
  return Object.hasOwn(NEEDS, sent) ? (sent as ChannelType) : undefined;
}

function isOneOf(value: unknown, allowed: readonly number[]): boolean {
  return value === undefined || value === null || (typeof value === 'number' && allowed.includes(value));
}
