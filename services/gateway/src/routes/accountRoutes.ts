import { FILLS_PER_ACCOUNT_MAX, type ReadModel, SETTLEMENT_LIMIT_MAX } from '@keel/redis';
import type { Address } from '@keel/types';
import { ApiError } from '../errors.ts';
import { type AccountFacts, formatAccount, formatFill, formatWithdrawal } from '../format/formatAccount.ts';
import type { MarketDirectory } from '../marketDirectory.ts';
import {
  type AccountAnswer,
  accountAnswer,
  fillsAnswer,
  openOrdersAnswer,
  positionsAnswer,
  withdrawalsAnswer,
} from '../wire/answers.ts';
import { accountParams, limitQuery } from '../wire/requests.ts';
import { answers, type GatewayApp } from './gatewayApp.ts';

/** The account of an owner or agent address; throws ACCOUNT_UNKNOWN. Read in one step, so its figures agree. */
export async function readAccountAnswer(readModel: ReadModel, address: string): Promise<AccountAnswer> {
  const { head, account, orders, markets } = await readModel.account(address.toLowerCase() as Address);
  if (account === undefined) throw new ApiError('ACCOUNT_UNKNOWN', { address: address.toLowerCase() });
  const facts: AccountFacts = { account, orders, markets };
  return formatAccount({ ...facts, head });
}

/** What an address has. Everything on the exchange is public; an agent's address leads to its account. */
export function accountRoutes(app: GatewayApp, readModel: ReadModel, markets: MarketDirectory): void {
  const schema = (summary: string) => ({ summary, tags: ['account'], params: accountParams });

  const accountSchema = { ...schema('Collateral, margin, positions, open orders'), response: answers(accountAnswer) };
  app.get('/v1/accounts/:address', { schema: accountSchema }, async (request, reply) => {
    const account = await readAccountAnswer(readModel, request.params.address);
    reply.header('x-seq', account.sequence);
    return account;
  });

  const positionsSchema = { ...schema('Positions'), response: answers(positionsAnswer) };
  app.get('/v1/accounts/:address/positions', { schema: positionsSchema }, async (request, reply) => {
    const { sequence, address, positions } = await readAccountAnswer(readModel, request.params.address);
    reply.header('x-seq', sequence);
    return { sequence, address, positions };
  });

  const ordersSchema = { ...schema('Open orders'), response: answers(openOrdersAnswer) };
  app.get('/v1/accounts/:address/orders', { schema: ordersSchema }, async (request, reply) => {
    const { sequence, address, openOrders } = await readAccountAnswer(readModel, request.params.address);
    reply.header('x-seq', sequence);
    return { sequence, address, orders: openOrders };
  });

  const fillsSchema = {
    ...schema('Fills, newest first'),
    querystring: limitQuery(FILLS_PER_ACCOUNT_MAX),
    response: answers(fillsAnswer),
  };
  app.get('/v1/accounts/:address/fills', { schema: fillsSchema }, async (request, reply) => {
    const address = request.params.address.toLowerCase() as Address;
    const { head, fills } = await readModel.fills(address, request.query.limit ?? 100);
    reply.header('x-seq', head.sequence);
    return {
      sequence: head.sequence,
      address,
      fills: fills.map((fill) => formatFill(fill, markets.spec(fill.marketId))),
    };
  });

  const withdrawalsSchema = {
    ...schema('Withdrawals to the address with their L1 proofs, newest first'),
    querystring: limitQuery(SETTLEMENT_LIMIT_MAX),
    response: answers(withdrawalsAnswer),
  };
  app.get('/v1/accounts/:address/withdrawals', { schema: withdrawalsSchema }, async (request) => {
    const address = request.params.address.toLowerCase() as Address;
    const withdrawals = await readModel.withdrawals(address, request.query.limit ?? 100);
    return { address, withdrawals: withdrawals.map(formatWithdrawal) };
  });
}
