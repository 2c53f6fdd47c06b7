import {
  type AccountAddress,
  FILLS_PER_ACCOUNT_MAX,
  MARGIN_EVENTS_PER_ACCOUNT_MAX,
  type ReadModel,
  SETTLEMENT_LIMIT_MAX,
} from '@keel/redis';
import type { Address } from '@keel/types';
import type { AssetDirectory } from '../assetDirectory.ts';
import { ApiError } from '../errors.ts';
import { formatAccount, formatAccounts, formatFill, formatWithdrawal } from '../format/formatAccount.ts';
import { formatMarginEvent } from '../format/formatMarginEvent.ts';
import type { MarketDirectory } from '../marketDirectory.ts';
import {
  type AccountAnswer,
  accountAnswer,
  accountsAnswer,
  fillsAnswer,
  openOrdersAnswer,
  positionsAnswer,
  withdrawalsAnswer,
} from '../wire/answers.ts';
import { accountListQuery, accountParams, accountQuery, pageQuery } from '../wire/requests.ts';
import { marginEventsAnswer } from '../wire/riskAnswers.ts';
import { answers, at, type GatewayApp } from './gatewayApp.ts';
import { pageOfList, readPage } from './readPage.ts';

/** An account of an owner or agent; throws ACCOUNT_UNKNOWN. Read in one step, so its figures agree. */
export async function readAccountAnswer(readModel: ReadModel, asked: AccountAddress): Promise<AccountAnswer> {
  const { account, ...rest } = await readModel.account(asked);
  if (account === undefined) throw unknownAccount(asked);
  return formatAccount({ ...rest, account });
}

function unknownAccount({ address, subaccount }: AccountAddress): ApiError {
  return new ApiError('ACCOUNT_UNKNOWN', subaccount === 0 ? { address } : { address, subaccount });
}

/** Which account a path and a query name. */
export function addressed(address: string, subaccount = 0): AccountAddress {
  return { address: address.toLowerCase() as Address, subaccount };
}

export interface AccountRouteParts {
  readonly readModel: ReadModel;
  readonly markets: MarketDirectory;
  readonly assets: AssetDirectory;
}

/** What an address has. Everything on the exchange is public; an agent's address leads to its owner's accounts. */
export function accountRoutes(app: GatewayApp, { readModel, markets, assets }: AccountRouteParts): void {
  const schema = (summary: string) => ({ summary, tags: ['account'], params: accountParams });
  const ofAccount = (summary: string) => ({ ...schema(summary), querystring: accountQuery });

  const accountSchema = {
    ...ofAccount('Collateral, margin, positions, open orders'),
    response: answers(accountAnswer),
  };
  app.get('/v1/accounts/:address', { schema: accountSchema }, async (request, reply) => {
    const asked = addressed(request.params.address, request.query.subaccount);
    const account = await readAccountAnswer(readModel, asked);
    reply.header('x-seq', account.sequence);
    return account;
  });

  const accountsSchema = { ...schema('All accounts of the owner'), response: answers(accountsAnswer) };
  app.get('/v1/accounts/:address/subaccounts', { schema: accountsSchema }, async (request, reply) => {
    const asked = addressed(request.params.address);
    const read = await readModel.accounts(asked.address);
    const owner = read.accounts[0]?.owner;
    if (owner === undefined) throw unknownAccount(asked);
    reply.header('x-seq', read.head.sequence);
    return formatAccounts(read, owner);
  });

  const positionsSchema = { ...ofAccount('Positions'), response: answers(positionsAnswer) };
  app.get('/v1/accounts/:address/positions', { schema: positionsSchema }, async (request, reply) => {
    const asked = addressed(request.params.address, request.query.subaccount);
    const { sequence, address, positions } = await readAccountAnswer(readModel, asked);
    reply.header('x-seq', sequence);
    return { sequence, address, positions };
  });

  const ordersSchema = { ...ofAccount('Open orders'), response: answers(openOrdersAnswer) };
  app.get('/v1/accounts/:address/orders', { schema: ordersSchema }, async (request, reply) => {
    const asked = addressed(request.params.address, request.query.subaccount);
    const { sequence, address, openOrders } = await readAccountAnswer(readModel, asked);
    reply.header('x-seq', sequence);
    return { sequence, address, orders: openOrders };
  });

  const fillsSchema = {
    ...schema('Fills, newest first'),
    querystring: accountListQuery(FILLS_PER_ACCOUNT_MAX),
    response: answers(fillsAnswer),
  };
  app.get('/v1/accounts/:address/fills', { schema: fillsSchema }, async (request, reply) => {
    const asked = addressed(request.params.address, request.query.subaccount);
    const { read, docs, next } = await readPage(
      request.query,
      (limit, before) => readModel.fills(asked, limit, before),
      ({ fills }) => fills,
    );
    return at(reply, {
      sequence: read.head.sequence,
      address: asked.address,
      fills: docs.map((fill) => formatFill(fill, markets.spec(fill.marketId))),
      next,
    });
  });

  const marginEventsSchema = {
    ...schema('Margin calls and pre-liquidations, newest first'),
    querystring: accountListQuery(MARGIN_EVENTS_PER_ACCOUNT_MAX),
    response: answers(marginEventsAnswer),
  };
  app.get('/v1/accounts/:address/margin-events', { schema: marginEventsSchema }, async (request, reply) => {
    const asked = addressed(request.params.address, request.query.subaccount);
    const { read, docs, next } = await readPage(
      request.query,
      (limit, before) => readModel.marginEvents(asked, limit, before),
      ({ marginEvents }) => marginEvents,
    );
    return at(reply, {
      sequence: read.head.sequence,
      address: asked.address,
      marginEvents: docs.map((doc) => formatMarginEvent(doc, markets)),
      next,
    });
  });

  const withdrawalsSchema = {
    ...schema('Withdrawals to the address with their L1 proofs, newest first'),
    querystring: pageQuery(SETTLEMENT_LIMIT_MAX),
    response: answers(withdrawalsAnswer),
  };
  app.get('/v1/accounts/:address/withdrawals', { schema: withdrawalsSchema }, async (request) => {
    const address = request.params.address.toLowerCase() as Address;
    const withdrawals = await readModel.withdrawals(address, SETTLEMENT_LIMIT_MAX);
    const { page, next } = pageOfList(request.query, withdrawals, ({ withdrawalIndex }) => withdrawalIndex);
    return {
      address,
      withdrawals: page.map((withdrawal) => formatWithdrawal(withdrawal, assets.byId(withdrawal.assetId))),
      next,
    };
  });
}
