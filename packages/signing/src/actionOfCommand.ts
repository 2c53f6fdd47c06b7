import {
  assert,
  formatDecimal,
  type MarketId,
  type MarketSpec,
  type PlaceOrder,
  QUOTE_DECIMALS,
  type SignedCommand,
} from '@keel/types';
import type { PlaceOrderAction, SignableAction } from './action.ts';

/** Listed markets by their id. */
export type MarketSpecs = ReadonlyMap<MarketId, MarketSpec>;

/**
 * The text that was signed, rebuilt from the command in the log, so that anybody who holds the log can check every
 * signature in it. Exact, because only canonical decimals are ever taken. A market that is not listed is a fault of
 * the caller (asserted): the door refuses such a command before it is logged.
 */
export function actionOfCommand(command: SignedCommand, specs: MarketSpecs): SignableAction {
  const { auth } = command;
  const signed = { account: auth.owner, nonce: auth.nonce, expiresAfter: auth.expiresAfterMs };
  switch (command.kind) {
    case 'placeOrder':
      return placeOrderAction(command, signed, listed(specs, command.marketId));
    case 'cancelOrder':
      return { primaryType: 'CancelOrder', ...signed, orderId: String(command.orderId) };
    case 'cancelAllOrders': {
      const market = command.marketId === 0 ? '' : listed(specs, command.marketId).symbol;
      return { primaryType: 'CancelAllOrders', ...signed, market };
    }
    case 'approveAgent':
      return {
        primaryType: 'ApproveAgent',
        ...signed,
        agent: command.agent,
        agentName: command.agentName,
        agentExpiresAt: command.agentExpiresAtMs,
      };
    case 'revokeAgent':
      return { primaryType: 'RevokeAgent', ...signed, agent: command.agent };
    case 'withdraw': {
      const amount = formatDecimal(command.amountAtoms, QUOTE_DECIMALS);
      return { primaryType: 'Withdraw', ...signed, recipient: command.recipient, amount };
    }
  }
}

function placeOrderAction(
  command: PlaceOrder,
  signed: Pick<PlaceOrderAction, 'account' | 'nonce' | 'expiresAfter'>,
  spec: MarketSpec,
): PlaceOrderAction {
  return {
    primaryType: 'PlaceOrder',
    ...signed,
    market: spec.symbol,
    side: command.side,
    orderType: command.orderType,
    timeInForce: command.timeInForce,
    price: formatDecimal(command.priceTicks, spec.priceDecimals),
    size: formatDecimal(command.sizeLots, spec.sizeDecimals),
    reduceOnly: command.reduceOnly,
    clientOrderId: command.clientOrderId,
  };
}

function listed(specs: MarketSpecs, marketId: MarketId): MarketSpec {
  const spec = specs.get(marketId);
  assert(spec !== undefined, `market ${marketId} is not listed`);
  return spec;
}
