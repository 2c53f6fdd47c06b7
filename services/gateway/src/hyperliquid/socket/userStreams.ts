import {
  type AccountView,
  type At,
  accountsOfLiquidation,
  type FillDoc,
  LIQUIDATIONS_PER_ACCOUNT_MAX,
  type LiquidationDoc,
  type Publication,
  type ReadModel,
} from '@keel/redis';
import type { MarketId } from '@keel/types';
import type { AssetDirectory } from '../../assetDirectory.ts';
import type { LiveFeed } from '../../feed/liveFeed.ts';
import { formatQuote } from '../../format/formatMarket.ts';
import type { MarketDirectory } from '../../marketDirectory.ts';
import { aggregateFills } from '../format/aggregateFills.ts';
import { ZERO_ADDRESS } from '../format/parts.ts';
import { writeActiveAssetData } from '../format/writeActiveAssetData.ts';
import type { AssetCtx } from '../format/writeAssetCtx.ts';
import { writeClearinghouse } from '../format/writeClearinghouse.ts';
import { writeFill } from '../format/writeFill.ts';
import { writeFundingPayment } from '../format/writeFunding.ts';
import { writeLedger } from '../format/writeLedger.ts';
import { writeLiquidations } from '../format/writeLiquidations.ts';
import { writeOpenOrder } from '../format/writeOrder.ts';
import { writeOrderState, writeOrderUpdate } from '../format/writeOrderUpdate.ts';
import { writeSpotState } from '../format/writeSpotState.ts';
import { writeOpenOrders, writeWebData } from '../format/writeWebData.ts';
import type { MarketFigures } from '../info/marketFigures.ts';
import type { Happening, HappeningStreamParts, History } from './happeningStream.ts';
import { HISTORY_SHOWN, READ_MS } from './limits.ts';
import type { ReadStreamParts } from './readStream.ts';
import type { User } from './user.ts';

/** What the channels of a user are made of. */
export interface UserSources {
  readonly feed: LiveFeed;
  readonly readModel: ReadModel;
  readonly markets: MarketDirectory;
  readonly assets: AssetDirectory;
  readonly figures: MarketFigures;
}

type Happenings = Omit<HappeningStreamParts, 'failed'>;
type Reading = Omit<ReadStreamParts, 'failed'>;

/** A state of the whole account, as `write` puts it. `moves`: marks alone change it. */
export function accountState(
  user: User,
  channel: string,
  write: (view: At<AccountView>) => unknown,
  moves: (view: At<AccountView>) => boolean,
): Reading {
  let moving = false;
  return {
    channel,
    everyMs: READ_MS,
    touches: (publication) => user.isTouchedBy(publication),
    moves: () => moving,
    read: async () => {
      const view = await user.read();
      moving = moves(view);
      return [{ data: write(view), sequence: view.head.sequence }];
    },
  };
}

const hasPositions = ({ account }: AccountView): boolean => (account?.positions.length ?? 0) > 0;
const exists = ({ account }: AccountView): boolean => account !== undefined;

export const clearinghouseState = (user: User): Reading => ({
  ...accountState(
    user,
    'clearinghouseState',
    (view) => ({ dex: '', user: user.address, clearinghouseState: writeClearinghouse(view) }),
    hasPositions,
  ),
  repeats: true,
});

export const allDexsClearinghouseState = (user: User): Reading =>
  accountState(
    user,
    'allDexsClearinghouseState',
    (view) => ({ user: user.address, clearinghouseStates: [['', writeClearinghouse(view)]] }),
    hasPositions,
  );

export const openOrders = (user: User): Reading =>
  accountState(
    user,
    'openOrders',
    (view) => ({ dex: '', user: user.address, orders: writeOpenOrders(view) }),
    () => false,
  );

/** Prices of collateral move what may be withdrawn. */
export const spotState = (user: User): Reading =>
  accountState(
    user,
    'spotState',
    (view) => ({ user: user.address, spotState: writeSpotState(view) }),
    ({ account }) => (account?.balances.length ?? 0) > 0,
  );

export function webData2(user: User, { figures }: UserSources): Reading {
  let contexts: readonly AssetCtx[] = [];
  const state = accountState(user, 'webData2', (view) => writeWebData(view, user.address, contexts), exists);
  return {
    ...state,
    read: async () => {
      contexts = (await figures.read()).assetCtxs;
      return await state.read();
    },
  };
}

export const activeAssetData = (user: User, marketId: MarketId): Reading =>
  accountState(user, 'activeAssetData', (view) => writeActiveAssetData(view, user.address, marketId), exists);

export const webData3 = (user: User): Reading =>
  accountState(
    user,
    'webData3',
    ({ head }) => ({
      userState: {
        agentAddress: null,
        agentValidUntil: null,
        cumLedger: '0',
        serverTime: head.timeMs,
        isVault: false,
        user: user.address,
        abstraction: 'disabled',
      },
      perpDexStates: [{ totalVaultEquity: '0', perpsAtOpenInterestCap: [], leadingVaults: [] }],
    }),
    exists,
  );

/**
 * Orders that came, changed or ended. There is no first frame: what is open is asked for by `openOrders`. When flushes were
 * missed, orders that ended meanwhile are told, and all that are open.
 */
export function orderUpdates(user: User, { readModel, markets }: UserSources): Happenings {
  return {
    channel: 'orderUpdates',
    read: async () => {
      const { head, orders: open } = await user.read();
      const { orders: over } = await readModel.orderHistory(addressOf(user), HISTORY_SHOWN);
      const ended = historyOf(head.sequence, over, (update) =>
        writeOrderUpdate(update, markets.spec(update.order.marketId)),
      );
      const standing = open.map((order) => ({
        sequence: head.sequence,
        data: {
          order: writeOpenOrder(order, markets.spec(order.marketId)),
          status: 'open',
          statusTimestamp: order.placedMs,
        },
      }));
      return { sequence: head.sequence, happenings: [...ended.happenings, ...standing] };
    },
    pick: (publication) =>
      pickOf(user, publication, publication.orderUpdates, (update) =>
        writeOrderUpdate(update, markets.spec(update.order.marketId)),
      ),
    frames: (happenings, isSnapshot) =>
      isSnapshot || happenings.length === 0 ? [] : [happenings.map(({ data }) => data)],
    mayStartAnew: false,
  };
}

/** Orders that are over, and then those that are open. */
export function userHistoricalOrders(user: User, { readModel, markets }: UserSources): Happenings {
  return {
    channel: 'userHistoricalOrders',
    read: async () => {
      const view = await user.read();
      const { sequence } = view.head;
      const { orders: over } = await readModel.orderHistory(addressOf(user), HISTORY_SHOWN);
      const ended = historyOf(sequence, over, (update) => writeOrderState(update, markets.spec(update.order.marketId)));
      const standing = writeOpenOrders(view)
        .reverse()
        .map((order) => ({ sequence, data: { order, status: 'open', statusTimestamp: order.timestamp } }));
      return { sequence, happenings: [...ended.happenings, ...standing] };
    },
    pick: (publication) =>
      pickOf(user, publication, publication.orderUpdates, (update) =>
        writeOrderState(update, markets.spec(update.order.marketId)),
      ),
    frames: framesOf(user, 'orderHistory'),
    mayStartAnew: true,
  };
}

export function userFills(user: User, { readModel, markets, feed }: UserSources, aggregate: boolean): Happenings {
  const write = (fill: FillDoc) =>
    writeFill(fill, markets.spec(fill.marketId), feed.nameOf(fill.accountId)?.owner ?? user.address);
  const told = (fills: readonly FillDoc[]) => (aggregate ? aggregateFills(fills) : fills);
  return {
    channel: 'userFills',
    read: async () => {
      const { head } = await user.read();
      const { fills } = await readModel.fills(addressOf(user), HISTORY_SHOWN);
      return historyOf(head.sequence, told(fills.toReversed()).toReversed(), write);
    },
    pick: (publication) => {
      if (!user.isTouchedBy(publication)) return [];
      const own = publication.fills.filter(({ accountId }) => accountId === user.accountId);
      return pickOf(user, publication, told(own), write);
    },
    frames: framesOf(user, 'fills'),
    mayStartAnew: true,
  };
}

export function userFundings(user: User, { readModel, markets }: UserSources): Happenings {
  const write = (payment: Publication['fundingPayments'][number]) => {
    const { time, delta } = writeFundingPayment(payment, markets.spec(payment.marketId));
    const { type: _, ...funding } = delta;
    return { time, ...funding };
  };
  return {
    channel: 'userFundings',
    read: async () => {
      const { head } = await user.read();
      const { fundingPayments } = await readModel.fundingPayments(addressOf(user), HISTORY_SHOWN);
      return historyOf(head.sequence, fundingPayments, write);
    },
    pick: (publication) => pickOf(user, publication, publication.fundingPayments, write),
    frames: framesOf(user, 'fundings'),
    mayStartAnew: true,
  };
}

/** A liquidation is one line, told when it is over. */
export function userNonFundingLedgerUpdates(user: User, { readModel, markets, assets, feed }: UserSources): Happenings {
  const write = (doc: Publication['ledger'][number]) =>
    writeLedger(doc, feed.nameOf(doc.accountId)?.owner ?? user.address, (assetId) => assets.byId(assetId));
  /** Newest first. */
  let steps: readonly LiquidationDoc[] = [];
  const linesOf = (over: readonly LiquidationDoc[]): Happening[] =>
    over.flatMap(({ event, sequence }) => {
      if (event.kind !== 'liquidationEnded' || event.accountId !== user.accountId) return [];
      const own = steps.filter((step) => step.event.liquidationId === event.liquidationId);
      return writeLiquidations(own, event.accountId, (marketId) => markets.spec(marketId)).map((data) => ({
        sequence,
        data,
      }));
    });
  return {
    channel: 'userNonFundingLedgerUpdates',
    read: async () => {
      const { head } = await user.read();
      const { ledger } = await readModel.ledger(addressOf(user), HISTORY_SHOWN);
      const { liquidations } = await readModel.accountLiquidations(addressOf(user), LIQUIDATIONS_PER_ACCOUNT_MAX);
      steps = liquidations.filter(({ sequence }) => sequence <= head.sequence);
      const moved = historyOf(head.sequence, ledger, write);
      return { ...moved, happenings: inOrder([...moved.happenings, ...linesOf(steps)]) };
    },
    pick: (publication) => {
      if (!user.isTouchedBy(publication)) return [];
      const { accountId } = user;
      const isOwn = (doc: LiquidationDoc) => accountId !== undefined && accountsOfLiquidation(doc).includes(accountId);
      const fresh = publication.liquidations.filter(isOwn);
      steps = [...fresh.toReversed(), ...steps].slice(0, LIQUIDATIONS_PER_ACCOUNT_MAX);
      return inOrder([...pickOf(user, publication, publication.ledger, write), ...linesOf(fresh)]);
    },
    frames: framesOf(user, 'nonFundingLedgerUpdates'),
    mayStartAnew: true,
  };
}

/** Closes of orders that their owner did not ask for. */
const NOT_BY_USER = new Set(['marginInsufficient', 'openInterestLimit', 'liquidation', 'preLiquidation', 'selfTrade']);

/**
 * Fills, funding, liquidations and orders cancelled for the user, each in a frame of its own kind; no first frame. When
 * flushes were missed, fills and funding are told late, the others not at all.
 */
export function userEvents(user: User, sources: UserSources): Happenings {
  const fills = userFills(user, sources, false);
  const fundings = userFundings(user, sources);
  const paid = ({ sequence, data }: Happening): Happening => ({ sequence, data: { funding: data } });
  return {
    channel: 'user',
    read: async () => {
      const filled = await fills.read();
      const { happenings } = await fundings.read();
      const events = [
        ...filled.happenings.map(({ sequence, data }) => ({ sequence, data: { fills: [data] } })),
        ...happenings.filter(({ sequence }) => sequence <= filled.sequence).map(paid),
      ];
      return { sequence: filled.sequence, happenings: inOrder(events) };
    },
    pick: (publication) => {
      if (!user.isTouchedBy(publication)) return [];
      const { sequence } = publication.head;
      const filled = fills.pick(publication);
      return [
        ...(filled.length === 0 ? [] : [{ sequence, data: { fills: filled.map(({ data }) => data) } }]),
        ...fundings.pick(publication).map(paid),
        ...liquidationsOf(user, publication, sources).map((data) => ({ sequence, data: { liquidation: data } })),
        ...cancelsOf(user, publication, sources).map((cancels) => ({ sequence, data: { nonUserCancel: cancels } })),
      ];
    },
    frames: (happenings, isSnapshot) => (isSnapshot ? [] : happenings.map(({ data }) => data)),
    mayStartAnew: false,
  };
}

function cancelsOf(user: User, { orderUpdates: updates }: Publication, { markets }: UserSources): object[][] {
  const cancels = updates
    .filter(({ accountId, closeReason }) => accountId === user.accountId && NOT_BY_USER.has(closeReason ?? ''))
    .map(({ order }) => ({ coin: markets.spec(order.marketId).baseAsset, oid: order.orderId }));
  return cancels.length === 0 ? [] : [cancels];
}

/** Steps of a liquidation that traded; whoever took the position over outside the book is the liquidator. */
function liquidationsOf(user: User, { liquidations }: Publication, { feed }: UserSources): object[] {
  return liquidations.flatMap(({ event }) => {
    if (event.kind !== 'positionCloseOut' || event.accountId !== user.accountId) return [];
    const liquidator = event.counterpartyId === 0 ? undefined : feed.nameOf(event.counterpartyId);
    return [
      {
        lid: event.liquidationId,
        liquidator: liquidator?.owner ?? ZERO_ADDRESS,
        liquidated_user: feed.nameOf(event.accountId)?.owner ?? user.address,
        liquidated_ntl_pos: formatQuote(Math.abs(event.quoteAtoms)),
        liquidated_account_value: formatQuote(event.equityAtoms),
      },
    ];
  });
}

/** A channel in which nothing happens here; it begins with `first`, or not at all. */
export function silent(user: User, channel: string, first?: object): Reading {
  return {
    channel,
    everyMs: READ_MS,
    touches: () => false,
    moves: () => false,
    read: async () =>
      first === undefined
        ? []
        : [{ data: { user: user.address, ...first }, sequence: (await user.read()).head.sequence }],
  };
}

const addressOf = ({ address }: User) => ({ address, subaccount: 0 });

const inOrder = (happenings: Happening[]): Happening[] => happenings.sort((a, b) => a.sequence - b.sequence);

/** Entries that are newest first and may hold some that are later than `sequence`: these are told when their flush comes. */
function historyOf<Doc extends { readonly sequence: number }>(
  sequence: number,
  newestFirst: readonly Doc[],
  write: (doc: Doc) => object,
): History {
  const happenings = newestFirst
    .filter((doc) => doc.sequence <= sequence)
    .toReversed()
    .map((doc) => ({ sequence: doc.sequence, data: write(doc) }));
  return { sequence, happenings };
}

function pickOf<Doc extends { readonly sequence: number; readonly accountId: number }>(
  user: User,
  publication: Publication,
  docs: readonly Doc[],
  write: (doc: Doc) => object,
): Happening[] {
  if (!user.isTouchedBy(publication)) return [];
  return docs
    .filter(({ accountId }) => accountId === user.accountId)
    .map((doc) => ({ sequence: doc.sequence, data: write(doc) }));
}

/** `isSnapshot` stands in the first frame only. */
const framesOf =
  ({ address }: User, name: string): HappeningStreamParts['frames'] =>
  (happenings, isSnapshot) => {
    const shown = isSnapshot ? happenings.slice(-HISTORY_SHOWN) : happenings;
    if (!isSnapshot && shown.length === 0) return [];
    return [{ ...(isSnapshot ? { isSnapshot } : {}), user: address, [name]: shown.map(({ data }) => data) }];
  };
