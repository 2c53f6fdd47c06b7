import {
  type AccountAddress,
  type AccountView,
  type At,
  CLOSED_ORDERS_PER_ACCOUNT_MAX,
  FUNDING_PAYMENTS_PER_ACCOUNT_MAX,
  LEDGER_PER_ACCOUNT_MAX,
  LIQUIDATIONS_PER_ACCOUNT_MAX,
  type ReadModel,
} from '@keel/redis';
import { type Address, type TimeMs, toOrderId } from '@keel/types';
import { Type } from 'typebox';
import type { Budget, Budgets } from '../../admission/budgets.ts';
import type { AssetDirectory } from '../../assetDirectory.ts';
import { formatQuote } from '../../format/formatMarket.ts';
import type { MarketDirectory } from '../../marketDirectory.ts';
import { ZERO_ADDRESS } from '../format/parts.ts';
import { writeActiveAssetData } from '../format/writeActiveAssetData.ts';
import { writeClearinghouse } from '../format/writeClearinghouse.ts';
import { writeFundingPayment } from '../format/writeFunding.ts';
import { writeLedger } from '../format/writeLedger.ts';
import { writeLiquidations } from '../format/writeLiquidations.ts';
import { writeOpenOrder } from '../format/writeOrder.ts';
import { writeOrderState } from '../format/writeOrderUpdate.ts';
import { writeSpotState } from '../format/writeSpotState.ts';
import { writeUserFees } from '../format/writeUserFees.ts';
import { writeOpenOrders, writeWebData } from '../format/writeWebData.ts';
import { InfoRefused } from './infoRefused.ts';
import { coin, dex, endTime, type InfoType, infoType, isMainDex, startTime, user } from './infoType.ts';
import type { MarketFigures } from './marketFigures.ts';
import { specOfCoin } from './marketTypes.ts';
import { readFills } from './readFills.ts';

/** Entries of one answer with a beginning, the oldest of those asked for. */
const LISTED_MAX = 500;

export interface AccountTypeParts {
  readonly readModel: ReadModel;
  readonly markets: MarketDirectory;
  readonly assets: AssetDirectory;
  readonly figures: MarketFigures;
  readonly budgets: Pick<Budgets, 'read'>;
}

const OF_USER = Type.Object({ user });
const OF_USER_AND_DEX = Type.Object({ user, dex });

/** The main account of an owner, or of an agent's owner. */
const mainOf = (address: string): AccountAddress => ({ address: address.toLowerCase() as Address, subaccount: 0 });

/** What may be asked about an account. One that does not exist has nothing; that is no error here. */
export function accountTypes({ readModel, markets, assets, figures, budgets }: AccountTypeParts): InfoType[] {
  const view = (address: string, name?: string | null): Promise<At<AccountView>> => {
    if (!isMainDex(name)) throw new InfoRefused(`there is no exchange of builders called ${name}`);
    return readModel.account(mainOf(address));
  };
  return [
    infoType('userAbstraction', OF_USER, async () => 'disabled'),
    infoType('clearinghouseState', OF_USER_AND_DEX, async (asked) =>
      writeClearinghouse(await view(asked.user, asked.dex)),
    ),
    infoType('spotClearinghouseState', OF_USER, async (asked) => writeSpotState(await view(asked.user))),
    infoType('openOrders', OF_USER_AND_DEX, async (asked) => {
      const { orders } = await view(asked.user, asked.dex);
      return orders.map((order) => writeOpenOrder(order, markets.spec(order.marketId))).reverse();
    }),
    infoType('frontendOpenOrders', OF_USER_AND_DEX, async (asked) =>
      writeOpenOrders(await view(asked.user, asked.dex)),
    ),
    infoType('orderStatus', ORDER_STATUS, async (asked) => {
      const name =
        typeof asked.oid === 'string' && asked.oid.startsWith('0x')
          ? // As `/exchange` spells them.
            { clientOrderId: asked.oid.toLowerCase() }
          : { orderId: toOrderId(Number(asked.oid)) };
      const { order } = await readModel.orderState(mainOf(asked.user), name);
      if (order === undefined) return { status: 'unknownOid' };
      return { status: 'order', order: writeOrderState(order, markets.spec(order.order.marketId)) };
    }),
    infoType('historicalOrders', OF_USER_AND_DEX, async (asked) => {
      const account = mainOf(asked.user);
      const [now, { orders }] = await Promise.all([
        view(asked.user, asked.dex),
        readModel.orderHistory(account, CLOSED_ORDERS_PER_ACCOUNT_MAX),
      ]);
      // What is still open is listed, too: clients find their orders of any state here.
      const open = writeOpenOrders(now).map((order) => ({ order, status: 'open', statusTimestamp: order.timestamp }));
      return [...open, ...orders.map((update) => writeOrderState(update, markets.spec(update.order.marketId)))];
    }),
    infoType(
      'userFills',
      USER_FILLS,
      async (asked) => await readFills(readModel, markets, mainOf(asked.user), asked.aggregateByTime === true),
    ),
    infoType('userFillsByTime', USER_FILLS_BY_TIME, async (asked) => {
      const fills = await readFills(readModel, markets, mainOf(asked.user), asked.aggregateByTime === true);
      const within = between(fills, ({ time }) => time, asked.startTime, asked.endTime);
      return asked.reversed === true ? within : within.reverse();
    }),
    infoType('userFunding', OVER_TIME, async (asked) => {
      const account = mainOf(asked.user);
      const { fundingPayments } = await readModel.fundingPayments(account, FUNDING_PAYMENTS_PER_ACCOUNT_MAX);
      return between(fundingPayments, ({ timeMs }) => timeMs, asked.startTime, asked.endTime)
        .reverse()
        .slice(0, LISTED_MAX)
        .map((payment) => writeFundingPayment(payment, markets.spec(payment.marketId)));
    }),
    infoType('userNonFundingLedgerUpdates', OVER_TIME, async (asked) => {
      const of = mainOf(asked.user);
      const [{ account }, { ledger }, { liquidations }] = await Promise.all([
        view(asked.user),
        readModel.ledger(of, LEDGER_PER_ACCOUNT_MAX),
        readModel.accountLiquidations(of, LIQUIDATIONS_PER_ACCOUNT_MAX),
      ]);
      if (account === undefined) return [];
      const moved = ledger.map((doc) => writeLedger(doc, account.owner, (assetId) => assets.byId(assetId)));
      const liquidated = writeLiquidations(liquidations, account.accountId, (marketId) => markets.spec(marketId));
      return between([...moved, ...liquidated], ({ time }) => time, asked.startTime, asked.endTime)
        .reverse()
        .sort((left, right) => left.time - right.time);
    }),
    infoType('userFees', OF_USER, async () => writeUserFees(markets.all().map(({ spec }) => spec))),
    infoType('userRateLimit', OF_USER, async (asked) => {
      const { account } = await view(asked.user);
      return writeRateLimit(account?.volumeAtoms ?? '0', budgets.read(account?.owner ?? ZERO_ADDRESS));
    }),
    infoType('extraAgents', OF_USER, async (asked) => {
      const { agents } = await view(asked.user);
      return agents.map(({ agent, agentName, expiresAtMs }) => ({
        address: agent,
        name: agentName,
        validUntil: expiresAtMs === 0 ? null : expiresAtMs,
      }));
    }),
    infoType('userRole', OF_USER, async (asked) => {
      const { account } = await view(asked.user);
      if (account === undefined) return { role: 'missing' };
      const asksOwner = account.owner === asked.user.toLowerCase();
      return asksOwner ? { role: 'user' } : { role: 'agent', data: { user: account.owner } };
    }),
    // Other accounts of an owner have no address here.
    infoType('subAccounts', OF_USER, async () => null),
    infoType('subAccounts2', OF_USER, async () => null),
    infoType('maxBuilderFee', Type.Object({ user, builder: user }), async () => 0),
    infoType('approvedBuilders', OF_USER, async () => []),
    infoType('isVip', OF_USER, async () => null),
    infoType('userVaultEquities', OF_USER, async () => []),
    infoType('userTwapSliceFills', OF_USER, async () => []),
    infoType('webData2', OF_USER, async (asked) => {
      const [read, { assetCtxs }] = await Promise.all([view(asked.user), figures.read()]);
      return writeWebData(read, asked.user.toLowerCase() as Address, assetCtxs);
    }),
    infoType('activeAssetData', Type.Object({ user, coin }), async (asked) => {
      const spec = specOfCoin(markets, asked.coin);
      if (spec === undefined) throw new InfoRefused(`no market has the coin ${asked.coin}`);
      return writeActiveAssetData(await view(asked.user), asked.user.toLowerCase() as Address, spec.marketId);
    }),
  ];
}

const CLOID = Type.String({ pattern: '^(0x[0-9a-fA-F]{32}|[0-9]{1,15})$' });
const ORDER_STATUS = Type.Object({
  user,
  oid: Type.Union([Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }), CLOID]),
});
const USER_FILLS = Type.Object({ user, aggregateByTime: Type.Optional(Type.Union([Type.Boolean(), Type.Null()])) });
const USER_FILLS_BY_TIME = Type.Object({
  user,
  startTime,
  endTime,
  aggregateByTime: Type.Optional(Type.Union([Type.Boolean(), Type.Null()])),
  reversed: Type.Optional(Type.Union([Type.Boolean(), Type.Null()])),
});
const OVER_TIME = Type.Object({ user, startTime: endTime, endTime });

function between<Entry>(
  entries: readonly Entry[],
  timeOf: (entry: Entry) => TimeMs,
  startMs: TimeMs | null | undefined,
  endMs: TimeMs | null | undefined,
): Entry[] {
  return entries.filter((entry) => timeOf(entry) >= (startMs ?? 0) && timeOf(entry) <= (endMs ?? Infinity));
}

/** `cumVlm` is of the account's whole life; the allowance grows with what was traded since this gateway started. */
function writeRateLimit(volumeAtoms: string, { used, limit }: Budget) {
  return {
    cumVlm: formatQuote(BigInt(volumeAtoms)),
    nRequestsUsed: Math.ceil(used),
    nRequestsCap: limit,
    nRequestsSurplus: 0,
  };
}
