import type { Address } from '@keel/types';
import type { FundingRate } from './answerWire.ts';
import type { Deposit, FundingPayment, OrderUpdate } from './channelWire.ts';
import { type RestOptions, restGet } from './restTransport.ts';
import type { Liquidation, MarginEvent } from './riskWire.ts';
import type { Fill, Trade, Withdrawal } from './wire.ts';

/** What each list is a list of. Newest first, all of them. */
export interface Lists {
  readonly fills: Fill;
  /** Orders that are over, the last to end first. */
  readonly orderHistory: OrderUpdate;
  readonly fundingPayments: FundingPayment;
  readonly deposits: Deposit;
  readonly withdrawals: Withdrawal;
  readonly marginEvents: MarginEvent;
  /** Of everybody, or with `address` the steps that have that account in them. */
  readonly liquidations: Liquidation;
  /** These two need `market`. */
  readonly trades: Trade;
  readonly fundingRates: FundingRate;
}

/** Whose list. */
export type ListOwner<List extends keyof Lists> = List extends 'trades' | 'fundingRates'
  ? { readonly market: string }
  : {
      /** Default: the client's own, but of `liquidations` everybody's. */
      readonly address?: Address;
      /** Default: of the client's own address the client's, else the main account. */
      readonly subaccount?: number;
    };

export interface PageOptions {
  /** Default 100. A page may be longer by what else its last command did. */
  readonly limit?: number;
  /** `next` of the page before; without it the newest. */
  readonly before?: number;
}

export interface Page<Entry> {
  readonly entries: readonly Entry[];
  /** `before` of the next page; null = there is nothing older here, only in the journal. */
  readonly next: number | null;
}

/** Where a list lies, below the account or the market, and under which name its answer has it. */
const PLACES: Readonly<Record<keyof Lists, readonly [path: string, name: string]>> = {
  fills: ['fills', 'fills'],
  orderHistory: ['order-history', 'orders'],
  fundingPayments: ['funding', 'fundingPayments'],
  deposits: ['deposits', 'deposits'],
  withdrawals: ['withdrawals', 'withdrawals'],
  marginEvents: ['margin-events', 'marginEvents'],
  liquidations: ['liquidations', 'liquidations'],
  trades: ['trades', 'trades'],
  fundingRates: ['funding-rates', 'fundingRates'],
};

/** Whose list it is in the end, defaults filled in. */
export interface NamedOwner {
  readonly market?: string;
  readonly address?: Address;
  readonly subaccount?: number;
}

/** One page. Safe to repeat. Throws KeelError. */
export async function readPage<List extends keyof Lists>(
  rest: RestOptions,
  list: List,
  { market, address, subaccount }: NamedOwner,
  { limit = 100, before }: PageOptions,
): Promise<Page<Lists[List]>> {
  const [path, name] = PLACES[list];
  const query = new URLSearchParams({ limit: String(limit) });
  if (before !== undefined) query.set('before', String(before));
  let folder = '/v1';
  if (market !== undefined) folder = `/v1/markets/${encodeURIComponent(market)}`;
  else if (list === 'liquidations') {
    if (address !== undefined) query.set('account', address);
  } else folder = `/v1/accounts/${address}`;
  // Withdrawals are those of the owner: they leave the exchange, whatever account they come from.
  if (address !== undefined && list !== 'withdrawals') query.set('subaccount', String(subaccount ?? 0));
  const answer = await restGet<Record<string, unknown>>(rest, `${folder}/${path}?${query}`);
  return { entries: answer[name] as readonly Lists[List][], next: answer.next as number | null };
}

/** Entry by entry, a page at a time, as far back as the exchange keeps them; what comes meanwhile is not in it. */
export async function* readEach<List extends keyof Lists>(
  rest: RestOptions,
  list: List,
  owner: NamedOwner,
  options: PageOptions,
): AsyncGenerator<Lists[List], void, void> {
  let { before } = options;
  for (;;) {
    const page: Page<Lists[List]> = await readPage(rest, list, owner, {
      ...options,
      ...(before === undefined ? {} : { before }),
    });
    yield* page.entries;
    if (page.next === null) return;
    before = page.next;
  }
}
