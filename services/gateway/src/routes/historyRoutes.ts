import {
  CLOSED_ORDERS_PER_ACCOUNT_MAX,
  FUNDING_PAYMENTS_PER_ACCOUNT_MAX,
  LEDGER_PER_ACCOUNT_MAX,
  type OrderName,
} from '@keel/redis';
import { toOrderId } from '@keel/types';
import { ApiError } from '../errors.ts';
import { formatDeposits, formatFundingPayment, formatOrderUpdate } from '../format/formatAccountEvents.ts';
import { depositsAnswer, fundingPaymentsAnswer, orderAnswerOfNow, orderHistoryAnswer } from '../wire/historyAnswers.ts';
import { accountListQuery, accountOrderQuery, accountParams } from '../wire/requests.ts';
import { type AccountRouteParts, addressed } from './accountRoutes.ts';
import { answers, at, type GatewayApp } from './gatewayApp.ts';
import { pageOfList, readPage } from './readPage.ts';

/** What happened to an account, and what became of its orders. */
export function historyRoutes(app: GatewayApp, { readModel, markets, assets }: AccountRouteParts): void {
  const schemaOf = <Maximum extends number>(summary: string, maximum: Maximum) => ({
    summary,
    tags: ['account'],
    params: accountParams,
    querystring: accountListQuery(maximum),
  });

  const orderSchema = {
    summary: 'One order, as it is or as it ended',
    tags: ['account'],
    params: accountParams,
    querystring: accountOrderQuery,
    response: answers(orderAnswerOfNow),
  };
  app.get('/v1/accounts/:address/order', { schema: orderSchema }, async (request, reply) => {
    const { subaccount, orderId, clientOrderId } = request.query;
    const asked = addressed(request.params.address, subaccount);
    const { head, order } = await readModel.orderState(asked, readOrderName(orderId, clientOrderId));
    if (order === undefined) throw new ApiError('ORDER_UNKNOWN', { orderId, clientOrderId });
    const { address } = asked;
    return at(reply, {
      sequence: head.sequence,
      address,
      order: formatOrderUpdate(order, markets.spec(order.order.marketId)),
    });
  });

  const historySchema = {
    ...schemaOf('Orders that are over, the last to end first', CLOSED_ORDERS_PER_ACCOUNT_MAX),
    response: answers(orderHistoryAnswer),
  };
  app.get('/v1/accounts/:address/order-history', { schema: historySchema }, async (request, reply) => {
    const asked = addressed(request.params.address, request.query.subaccount);
    const { read, docs, next } = await readPage(
      request.query,
      (limit, before) => readModel.orderHistory(asked, limit, before),
      ({ orders }) => orders,
    );
    return at(reply, {
      sequence: read.head.sequence,
      address: asked.address,
      orders: docs.map((doc) => formatOrderUpdate(doc, markets.spec(doc.order.marketId))),
      next,
    });
  });

  const fundingSchema = {
    ...schemaOf('Funding paid and received, newest first', FUNDING_PAYMENTS_PER_ACCOUNT_MAX),
    response: answers(fundingPaymentsAnswer),
  };
  app.get('/v1/accounts/:address/funding', { schema: fundingSchema }, async (request, reply) => {
    const asked = addressed(request.params.address, request.query.subaccount);
    const { read, docs, next } = await readPage(
      request.query,
      (limit, before) => readModel.fundingPayments(asked, limit, before),
      ({ fundingPayments }) => fundingPayments,
    );
    return at(reply, {
      sequence: read.head.sequence,
      address: asked.address,
      fundingPayments: docs.map((doc) => formatFundingPayment(doc, markets.spec(doc.marketId))),
      next,
    });
  });

  const depositsSchema = {
    ...schemaOf('Deposits that were credited, newest first', LEDGER_PER_ACCOUNT_MAX),
    response: answers(depositsAnswer),
  };
  app.get('/v1/accounts/:address/deposits', { schema: depositsSchema }, async (request, reply) => {
    const asked = addressed(request.params.address, request.query.subaccount);
    // Transfers and withdrawals are lines of the ledger, too, so a page of deposits may be anywhere in it.
    const { head, ledger } = await readModel.ledger(asked, LEDGER_PER_ACCOUNT_MAX);
    const { page, next } = pageOfList(
      request.query,
      formatDeposits(ledger, assets),
      ({ depositIndex }) => depositIndex,
    );
    return at(reply, { sequence: head.sequence, address: asked.address, deposits: page, next });
  });
}

/** Throws BAD_REQUEST unless exactly one of them names the order. */
function readOrderName(orderId: string | undefined, clientOrderId: string | undefined): OrderName {
  if ((orderId === undefined) === (clientOrderId === undefined))
    throw new ApiError('BAD_REQUEST', { path: '/orderId', fault: 'give orderId or clientOrderId' });
  if (clientOrderId !== undefined) return { clientOrderId };
  return { orderId: toOrderId(Number(orderId)) };
}
