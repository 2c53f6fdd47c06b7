import type { TSchema } from 'typebox';
import type { AssetDirectory } from '../assetDirectory.ts';
import { compileSchema } from '../compileSchema.ts';
import {
  formatAck,
  formatCancel,
  formatCancelAllAfter,
  formatCancels,
  formatFundSafety,
  formatTransfer,
  formatWithdraw,
} from '../format/formatAck.ts';
import { formatAmend, formatAmends } from '../format/formatAmend.ts';
import { formatTakeAuction } from '../format/formatAuction.ts';
import { formatOrder, formatOrders, formatReplace } from '../format/formatOrder.ts';
import type { MarketDirectory } from '../marketDirectory.ts';
import { toApiError } from '../toApiError.ts';
import {
  ackAnswer,
  amendAnswer,
  amendsAnswer,
  cancelAllAfterAnswer,
  cancelAnswer,
  cancelsAnswer,
  fundSafetyAnswer,
  orderAnswer,
  ordersAnswer,
  replaceAnswer,
  takeAuctionAnswer,
  transferAnswer,
  withdrawAnswer,
} from '../wire/answers.ts';
import {
  type AmendOrderBody,
  type AmendOrdersBody,
  type ApproveAgentBody,
  amendOrderBody,
  amendOrdersBody,
  approveAgentBody,
  type CancelAllAfterBody,
  type CancelAllOrdersBody,
  type CancelOrderBody,
  type CancelOrdersBody,
  cancelAllAfterBody,
  cancelAllOrdersBody,
  cancelOrderBody,
  cancelOrdersBody,
  type FundSafetyBody,
  fundSafetyBody,
  type PlaceOrderBody,
  type PlaceOrdersBody,
  type PlaceScaleBody,
  type PlaceTwapBody,
  placeOrderBody,
  placeOrdersBody,
  placeScaleBody,
  placeTwapBody,
  type RegisterLiquidatorBody,
  type ReplaceOrderBody,
  type ResetMarketMakerProtectionBody,
  type RevokeAgentBody,
  registerLiquidatorBody,
  replaceOrderBody,
  resetMarketMakerProtectionBody,
  revokeAgentBody,
  type SetLeverageBody,
  type SetMarketMakerProtectionBody,
  setLeverageBody,
  setMarketMakerProtectionBody,
  type TakeAuctionBody,
  type TransferBody,
  takeAuctionBody,
  transferBody,
  type WithdrawBody,
  withdrawBody,
} from '../wire/requests.ts';
import { cancelAllAfter, cancelAllOrders, cancelOrder, cancelOrders } from './cancelOrders.ts';
import { amendOrder, amendOrders, replaceOrder } from './changeOrders.ts';
import { approveAgent, revokeAgent } from './manageAccount.ts';
import { fundSafety, transfer, withdraw } from './moveCollateral.ts';
import { placeOrder, placeOrders, placeScale, placeTwap } from './placeOrders.ts';
import { resetMarketMakerProtection, setMarketMakerProtection } from './protectAccount.ts';
import { readName } from './readName.ts';
import type { CommandDoor } from './signedCommand.ts';
import { registerLiquidator, setLeverage, takeAuction } from './takeRisk.ts';

/** One signed request: the same checks and the same answer over REST and WebSocket. */
export interface SignedRequest {
  readonly name: string;
  readonly path: string;
  /** Undefined: over REST only. */
  readonly wsMethod: string | undefined;
  readonly summary: string;
  readonly body: TSchema;
  readonly answer: TSchema;
  /** From any JSON value to the answer; `from` is the network address that sent it, undefined where it was held here. Throws ApiError. */
  readonly run: (body: unknown, from?: string) => Promise<object>;
}

/** Every signed request of the exchange. `count` tells the metrics what became of each; whoever only reads requests counts nothing. */
export function createCommands(
  door: CommandDoor,
  markets: MarketDirectory,
  assets: AssetDirectory,
  count: typeof counted = counted,
): SignedRequest[] {
  const request = <Body>(facts: Omit<SignedRequest, 'run'>, run: (body: Body) => Promise<object>): SignedRequest => {
    const check = compileSchema(facts.body, 'json');
    const taken = (body: unknown, from?: string) => door.strangers.guard(from, async () => run(check(body) as Body));
    return { ...facts, run: count(door, facts.name, taken) };
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
      async (body) => formatOrder(await placeOrder(door, markets, body), markets),
    ),
    request<PlaceOrdersBody>(
      {
        name: 'placeOrders',
        path: '/v1/orders/batch',
        wsMethod: 'order.placeBatch',
        summary: 'Place up to 50 orders, or two of which one cancels the other',
        body: placeOrdersBody,
        answer: ordersAnswer,
      },
      async (body) => formatOrders(await placeOrders(door, markets, body), markets),
    ),
    request<PlaceScaleBody>(
      {
        name: 'placeScale',
        path: '/v1/orders/scale',
        wsMethod: 'order.placeScale',
        summary: 'Place limit orders evenly from one price to another',
        body: placeScaleBody,
        answer: ordersAnswer,
      },
      async (body) => formatOrders(await placeScale(door, markets, body), markets),
    ),
    request<PlaceTwapBody>(
      {
        name: 'placeTwap',
        path: '/v1/orders/twap',
        wsMethod: 'order.placeTwap',
        summary: 'Have the exchange trade a size in slices over a time',
        body: placeTwapBody,
        answer: orderAnswer,
      },
      async (body) => formatOrder(await placeTwap(door, markets, body), markets),
    ),
    request<AmendOrderBody>(
      {
        name: 'amendOrder',
        path: '/v1/orders/amend',
        wsMethod: 'order.amend',
        summary: 'Change price and size of an open order',
        body: amendOrderBody,
        answer: amendAnswer,
      },
      async (body) => formatAmend(await amendOrder(door, markets, body), readName(body, '').name, markets),
    ),
    request<AmendOrdersBody>(
      {
        name: 'amendOrders',
        path: '/v1/orders/amend-batch',
        wsMethod: 'order.amendBatch',
        summary: 'Change up to 50 open orders',
        body: amendOrdersBody,
        answer: amendsAnswer,
      },
      async (body) => formatAmends(await amendOrders(door, markets, body), markets),
    ),
    request<ReplaceOrderBody>(
      {
        name: 'replaceOrder',
        path: '/v1/orders/replace',
        wsMethod: 'order.replace',
        summary: 'Cancel an order and place another, both or neither',
        body: replaceOrderBody,
        answer: replaceAnswer,
      },
      async (body) => formatReplace(await replaceOrder(door, markets, body), markets),
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
    request<CancelOrdersBody>(
      {
        name: 'cancelOrders',
        path: '/v1/orders/cancel-batch',
        wsMethod: 'order.cancelBatch',
        summary: 'Cancel up to 50 open orders',
        body: cancelOrdersBody,
        answer: cancelsAnswer,
      },
      async (body) => formatCancels(await cancelOrders(door, body)),
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
    request<CancelAllAfterBody>(
      {
        name: 'cancelAllAfter',
        path: '/v1/orders/cancel-all-after',
        wsMethod: 'order.cancelAllAfter',
        summary: 'Dead-man switch: cancel the open orders unless this is repeated in time',
        body: cancelAllAfterBody,
        answer: cancelAllAfterAnswer,
      },
      async (body) => formatCancelAllAfter(await cancelAllAfter(door, body)),
    ),
    request<SetMarketMakerProtectionBody>(
      {
        name: 'setMarketMakerProtection',
        path: '/v1/market-maker-protection',
        wsMethod: 'protection.set',
        summary: 'Bound what resting orders may trade in a time',
        body: setMarketMakerProtectionBody,
        answer: ackAnswer,
      },
      async (body) => formatAck(await setMarketMakerProtection(door, markets, body)),
    ),
    request<ResetMarketMakerProtectionBody>(
      {
        name: 'resetMarketMakerProtection',
        path: '/v1/market-maker-protection/reset',
        wsMethod: 'protection.reset',
        summary: 'Take orders again after a bound was passed',
        body: resetMarketMakerProtectionBody,
        answer: ackAnswer,
      },
      async (body) => formatAck(await resetMarketMakerProtection(door, markets, body)),
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
        summary: 'Withdraw USDC or another collateral asset, claimable on L1 once its batch is there',
        body: withdrawBody,
        answer: withdrawAnswer,
      },
      async (body) => formatWithdraw(await withdraw(door, assets, body)),
    ),
    request<TransferBody>(
      {
        name: 'transfer',
        path: '/v1/transfers',
        wsMethod: undefined,
        summary: 'Move collateral to another account of the owner, which is opened by it',
        body: transferBody,
        answer: transferAnswer,
      },
      async (body) => formatTransfer(await transfer(door, assets, body)),
    ),
    request<SetLeverageBody>(
      {
        name: 'setLeverage',
        path: '/v1/leverage',
        wsMethod: 'leverage.set',
        summary: 'Set the leverage of the account in a market: its initial margin there is at least 1 / leverage',
        body: setLeverageBody,
        answer: ackAnswer,
      },
      async (body) => formatAck(await setLeverage(door, markets, body)),
    ),
    request<FundSafetyBody>(
      {
        name: 'fundSafety',
        path: '/v1/safety-funds',
        wsMethod: undefined,
        summary: "Give USDC to a market's insurance fund or backstop vault, for good",
        body: fundSafetyBody,
        answer: fundSafetyAnswer,
      },
      async (body) => formatFundSafety(await fundSafety(door, markets, body)),
    ),
    request<RegisterLiquidatorBody>(
      {
        name: 'registerLiquidator',
        path: '/v1/liquidators',
        wsMethod: 'liquidator.register',
        summary: 'Whether the account may take close-out auctions',
        body: registerLiquidatorBody,
        answer: ackAnswer,
      },
      async (body) => formatAck(await registerLiquidator(door, body)),
    ),
    request<TakeAuctionBody>(
      {
        name: 'takeAuction',
        path: '/v1/auctions/take',
        wsMethod: 'auction.take',
        summary: 'Take lots of a running close-out auction at its price of this moment, after the book',
        body: takeAuctionBody,
        answer: takeAuctionAnswer,
      },
      async (body) => {
        const block = await takeAuction(door, markets, body);
        return formatTakeAuction(block, body.auctionId, markets.bySymbol(body.market, '/market').spec);
      },
    ),
  ];
}

function counted(door: CommandDoor, command: string, run: SignedRequest['run']): SignedRequest['run'] {
  return async (body, from) => {
    try {
      const answer = await run(body, from);
      door.metrics.commands.inc({ command, result: 'ok' });
      return answer;
    } catch (fault) {
      const error = toApiError(fault);
      door.metrics.commands.inc({ command, result: error.code });
      throw error;
    }
  };
}
