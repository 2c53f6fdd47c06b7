import type { SignableAction } from '@keel/signing';
import { type Address, type EventBlock, toMarketId, toOrderId } from '@keel/types';
import type { TSchema } from 'typebox';
import { compileSchema } from '../compileSchema.ts';
import { ApiError } from '../errors.ts';
import { formatAck, formatCancel, formatOrder, formatWithdraw } from '../format/formatOrder.ts';
import type { MarketDirectory } from '../marketDirectory.ts';
import { parseAmount, parsePrice, parseSize } from '../parseUnits.ts';
import { toApiError } from '../toApiError.ts';
import { ackAnswer, cancelAnswer, orderAnswer, withdrawAnswer } from '../wire/answers.ts';
import {
  type ApproveAgentBody,
  approveAgentBody,
  type CancelAllOrdersBody,
  type CancelOrderBody,
  cancelAllOrdersBody,
  cancelOrderBody,
  type PlaceOrderBody,
  placeOrderBody,
  type RevokeAgentBody,
  revokeAgentBody,
  type WithdrawBody,
  withdrawBody,
} from '../wire/requests.ts';
import { type CommandDoor, signedFields, submitSigned } from './signedCommand.ts';

const ZERO_ADDRESS: Address = `0x${'0'.repeat(40)}`;

/** One signed request: the same checks and the same answer over REST and WebSocket. */
export interface SignedRequest {
  readonly name: string;
  readonly path: string;
  /** Undefined: over REST only. */
  readonly wsMethod: string | undefined;
  readonly summary: string;
  readonly body: TSchema;
  readonly answer: TSchema;
  /** From any JSON value to the answer; throws ApiError. */
  readonly run: (body: unknown) => Promise<object>;
}

/** Every signed request of the exchange. */
export function createCommands(door: CommandDoor, markets: MarketDirectory): SignedRequest[] {
  const request = <Body>(facts: Omit<SignedRequest, 'run'>, run: (body: Body) => Promise<object>): SignedRequest => {
    const check = compileSchema(facts.body, 'json');
    return { ...facts, run: counted(door, facts.name, async (body) => run(check(body) as Body)) };
  };
  return [
    request<PlaceOrderBody>(
      {
        name: 'placeOrder',
        path: '/v1/orders',
        wsMethod: 'order.place',
        summary: 'Place an order',
        body: placeOrderBody,
        answer: orderAnswer,
      },
      (body) => placeOrder(door, markets, body),
    ),
    request<CancelOrderBody>(
      {
        name: 'cancelOrder',
        path: '/v1/orders/cancel',
        wsMethod: 'order.cancel',
        summary: 'Cancel one open order',
        body: cancelOrderBody,
        answer: cancelAnswer,
      },
      async (body) => formatCancel(await cancelOrder(door, body)),
    ),
    request<CancelAllOrdersBody>(
      {
        name: 'cancelAllOrders',
        path: '/v1/orders/cancel-all',
        wsMethod: 'order.cancelAll',
        summary: 'Cancel every open order of one market or of all',
        body: cancelAllOrdersBody,
        answer: cancelAnswer,
      },
      async (body) => formatCancel(await cancelAllOrders(door, markets, body)),
    ),
    request<ApproveAgentBody>(
      {
        name: 'approveAgent',
        path: '/v1/agents',
        wsMethod: undefined,
        summary: 'Let another key trade for the account',
        body: approveAgentBody,
        answer: ackAnswer,
      },
      async (body) => formatAck(await approveAgent(door, body)),
    ),
    request<RevokeAgentBody>(
      {
        name: 'revokeAgent',
        path: '/v1/agents/revoke',
        wsMethod: undefined,
        summary: 'Take that back',
        body: revokeAgentBody,
        answer: ackAnswer,
      },
      async (body) => formatAck(await revokeAgent(door, body)),
    ),
    request<WithdrawBody>(
      {
        name: 'withdraw',
        path: '/v1/withdrawals',
        wsMethod: undefined,
        summary: 'Withdraw USDC, claimable on L1 once its batch is there',
        body: withdrawBody,
        answer: withdrawAnswer,
      },
      async (body) => formatWithdraw(await withdraw(door, body)),
    ),
  ];
}

function counted(
  door: CommandDoor,
  command: string,
  run: (body: unknown) => Promise<object>,
): (body: unknown) => Promise<object> {
  return async (body) => {
    try {
      const answer = await run(body);
      door.metrics.commands.inc({ command, result: 'ok' });
      return answer;
    } catch (fault) {
      const error = toApiError(fault);
      door.metrics.commands.inc({ command, result: error.code });
      throw error;
    }
  };
}

async function placeOrder(door: CommandDoor, markets: MarketDirectory, body: PlaceOrderBody): Promise<object> {
  const { spec } = markets.bySymbol(body.market);
  const { side, orderType, timeInForce = 'gtc', reduceOnly = false, clientOrderId = '' } = body;
  const priceTicks = parsePrice(body.price, spec, orderType === 'market');
  const sizeLots = parseSize(body.size, spec);
  const flags = { side, orderType, timeInForce, reduceOnly, clientOrderId };
  const action: SignableAction = {
    primaryType: 'PlaceOrder',
    ...signedFields(body),
    market: body.market,
    price: body.price,
    size: body.size,
    ...flags,
  };
  const block = await submitSigned(door, action, body.signature, (auth) => ({
    kind: 'placeOrder',
    auth,
    marketId: spec.marketId,
    priceTicks,
    sizeLots,
    ...flags,
  }));
  return formatOrder(block, spec);
}

function cancelOrder(door: CommandDoor, body: CancelOrderBody): Promise<EventBlock> {
  const orderId = toOrderId(Number(body.orderId));
  const action: SignableAction = { primaryType: 'CancelOrder', ...signedFields(body), orderId: body.orderId };
  return submitSigned(door, action, body.signature, (auth) => ({ kind: 'cancelOrder', auth, orderId }));
}

function cancelAllOrders(door: CommandDoor, markets: MarketDirectory, body: CancelAllOrdersBody): Promise<EventBlock> {
  const { market = '' } = body;
  const marketId = market === '' ? toMarketId(0) : markets.bySymbol(market).spec.marketId;
  const action: SignableAction = { primaryType: 'CancelAllOrders', ...signedFields(body), market };
  return submitSigned(door, action, body.signature, (auth) => ({ kind: 'cancelAllOrders', auth, marketId }));
}

function approveAgent(door: CommandDoor, body: ApproveAgentBody): Promise<EventBlock> {
  const agent = body.agent.toLowerCase() as Address;
  const { agentName = '', agentExpiresAt = 0 } = body;
  const action: SignableAction = {
    primaryType: 'ApproveAgent',
    ...signedFields(body),
    agent,
    agentName,
    agentExpiresAt,
  };
  return submitSigned(door, action, body.signature, (auth) => ({
    kind: 'approveAgent',
    auth,
    agent,
    agentName,
    agentExpiresAtMs: agentExpiresAt,
  }));
}

function revokeAgent(door: CommandDoor, body: RevokeAgentBody): Promise<EventBlock> {
  const agent = body.agent.toLowerCase() as Address;
  const action: SignableAction = { primaryType: 'RevokeAgent', ...signedFields(body), agent };
  return submitSigned(door, action, body.signature, (auth) => ({ kind: 'revokeAgent', auth, agent }));
}

function withdraw(door: CommandDoor, body: WithdrawBody): Promise<EventBlock> {
  const recipient = body.recipient.toLowerCase() as Address;
  // Such a claim would be refused on L1 for ever, and the money would already have left the account.
  if (recipient === ZERO_ADDRESS || recipient === door.domain.verifyingContract) {
    throw new ApiError('RECIPIENT_CANNOT_BE_PAID', { path: '/recipient' });
  }
  const amountAtoms = parseAmount(body.amount);
  const action: SignableAction = { primaryType: 'Withdraw', ...signedFields(body), recipient, amount: body.amount };
  return submitSigned(door, action, body.signature, (auth) => ({ kind: 'withdraw', auth, recipient, amountAtoms }));
}
