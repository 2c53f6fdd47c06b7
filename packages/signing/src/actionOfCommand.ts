import {
  type AssetId,
  type AttachedOrders,
  assert,
  type CollateralSpec,
  formatDecimal,
  type MarketId,
  type MarketSpec,
  type OrderAmendment,
  type OrderName,
  type OrderRequest,
  QUOTE_DECIMALS,
  type SignedCommand,
  type Trigger,
} from '@keel/types';
import type { OrderTerms, SignableAction, SignedAmendment, SignedOrderName } from './action.ts';

/** Listed markets by their id. */
export type MarketSpecs = ReadonlyMap<MarketId, MarketSpec>;
/** Listed collateral assets by their id; USDC is not among them. */
export type CollateralSpecs = ReadonlyMap<AssetId, CollateralSpec>;

/** How USDC, the asset of id 0, is called in a signed text. No collateral asset may be listed under this symbol. */
export const QUOTE_ASSET = 'USDC';

const NO_TRIGGER = { kind: '', triggerTicks: 0, trailTicks: 0 } as const;
const NOTHING_ATTACHED: AttachedOrders = {
  takeProfitTicks: 0,
  takeProfitLimitTicks: 0,
  stopLossTicks: 0,
  stopLossLimitTicks: 0,
};

/**
 * The text that was signed, rebuilt from the command in the log, so that anybody who holds the log can check every
 * signature in it. Exact, because only canonical decimals are ever taken. A market or asset that is not listed is a
 * fault of the caller (asserted): the door refuses such a command before it is logged.
 */
export function actionOfCommand(
  command: SignedCommand,
  specs: MarketSpecs,
  collaterals: CollateralSpecs,
): SignableAction {
  const { auth } = command;
  const signed = {
    account: auth.owner,
    subaccount: auth.subaccount,
    nonce: auth.nonce,
    expiresAfter: auth.expiresAfterMs,
  };
  switch (command.kind) {
    case 'placeOrder':
      return { primaryType: 'PlaceOrder', ...signed, ...orderTerms(command, specs) };
    case 'placeOrders': {
      const orders = command.orders.map((order) => orderTerms(order, specs));
      return { primaryType: 'PlaceOrders', ...signed, orders, grouping: command.grouping };
    }
    case 'placeScale': {
      const { priceDecimals } = listed(specs, command.order.marketId);
      return {
        primaryType: 'PlaceScale',
        ...signed,
        order: orderTerms(command.order, specs),
        fromPrice: formatDecimal(command.fromTicks, priceDecimals),
        toPrice: formatDecimal(command.toTicks, priceDecimals),
        orderCount: command.orderCount,
        skewPpm: command.skewPpm,
      };
    }
    case 'placeTwap': {
      const spec = listed(specs, command.marketId);
      return {
        primaryType: 'PlaceTwap',
        ...signed,
        market: spec.symbol,
        side: command.side,
        size: formatDecimal(command.sizeLots, spec.sizeDecimals),
        reduceOnly: command.reduceOnly,
        clientOrderId: command.clientOrderId,
        durationMs: command.durationMs,
        slices: command.slices,
      };
    }
    case 'amendOrder':
      return { primaryType: 'AmendOrder', ...signed, ...amendment(command, specs) };
    case 'amendOrders': {
      const amendments = command.amendments.map((item) => amendment(item, specs));
      return { primaryType: 'AmendOrders', ...signed, amendments };
    }
    case 'replaceOrder': {
      const order = orderTerms(command.order, specs);
      return { primaryType: 'ReplaceOrder', ...signed, replaced: orderName(command.replaced), order };
    }
    case 'cancelOrder':
      return { primaryType: 'CancelOrder', ...signed, ...orderName(command) };
    case 'cancelOrders':
      return { primaryType: 'CancelOrders', ...signed, orders: command.orders.map(orderName) };
    case 'cancelAllOrders': {
      const market = command.marketId === 0 ? '' : listed(specs, command.marketId).symbol;
      return { primaryType: 'CancelAllOrders', ...signed, market };
    }
    case 'cancelAllAfter':
      return { primaryType: 'CancelAllAfter', ...signed, timeoutMs: command.timeoutMs };
    case 'setMarketMakerProtection': {
      const { symbol, sizeDecimals } = listed(specs, command.marketId);
      return {
        primaryType: 'SetMarketMakerProtection',
        ...signed,
        market: symbol,
        windowMs: command.windowMs,
        quantity: formatDecimal(command.quantityLots, sizeDecimals),
        delta: formatDecimal(command.deltaLots, sizeDecimals),
        fillCount: command.fillCount,
      };
    }
    case 'resetMarketMakerProtection': {
      const market = listed(specs, command.marketId).symbol;
      return { primaryType: 'ResetMarketMakerProtection', ...signed, market };
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
      const sum = assetAmount(command.assetId, command.amountAtoms, collaterals);
      return { primaryType: 'Withdraw', ...signed, recipient: command.recipient, ...sum };
    }
    case 'transfer': {
      const sum = assetAmount(command.assetId, command.amountAtoms, collaterals);
      return { primaryType: 'Transfer', ...signed, toSubaccount: command.toSubaccount, ...sum };
    }
    case 'setLeverage': {
      const market = listed(specs, command.marketId).symbol;
      return { primaryType: 'SetLeverage', ...signed, market, leverage: command.leverage };
    }
    case 'fundSafety': {
      const market = listed(specs, command.marketId).symbol;
      const amount = formatDecimal(command.amountAtoms, QUOTE_DECIMALS);
      return { primaryType: 'FundSafety', ...signed, market, fund: command.fund, amount };
    }
    case 'registerLiquidator':
      return { primaryType: 'RegisterLiquidator', ...signed, active: command.active };
    case 'takeAuction': {
      const { symbol, priceDecimals, sizeDecimals } = listed(specs, command.marketId);
      return {
        primaryType: 'TakeAuction',
        ...signed,
        market: symbol,
        auctionId: command.auctionId,
        size: formatDecimal(command.sizeLots, sizeDecimals),
        price: formatDecimal(command.limitTicks, priceDecimals),
      };
    }
  }
}

function orderTerms(order: OrderRequest, specs: MarketSpecs): OrderTerms {
  const { symbol, priceDecimals, sizeDecimals } = listed(specs, order.marketId);
  const trigger: Trigger | typeof NO_TRIGGER = order.trigger ?? NO_TRIGGER;
  const attached = order.attached ?? NOTHING_ATTACHED;
  return {
    market: symbol,
    side: order.side,
    orderType: order.orderType,
    timeInForce: order.timeInForce,
    price: formatDecimal(order.priceTicks, priceDecimals),
    size: formatDecimal(order.sizeLots, sizeDecimals),
    reduceOnly: order.reduceOnly,
    clientOrderId: order.clientOrderId,
    expiresAt: order.expiresAtMs,
    displaySize: formatDecimal(order.displayLots, sizeDecimals),
    selfTrade: order.selfTrade,
    selfTradeScope: order.selfTradeScope,
    triggerKind: trigger.kind,
    triggerPrice: formatDecimal(trigger.triggerTicks, priceDecimals),
    trail: formatDecimal(trigger.trailTicks, priceDecimals),
    takeProfitTrigger: formatDecimal(attached.takeProfitTicks, priceDecimals),
    takeProfitPrice: formatDecimal(attached.takeProfitLimitTicks, priceDecimals),
    stopLossTrigger: formatDecimal(attached.stopLossTicks, priceDecimals),
    stopLossPrice: formatDecimal(attached.stopLossLimitTicks, priceDecimals),
  };
}

function amendment(amended: OrderAmendment, specs: MarketSpecs): SignedAmendment {
  const { symbol, priceDecimals, sizeDecimals } = listed(specs, amended.marketId);
  return {
    ...orderName(amended),
    market: symbol,
    price: formatDecimal(amended.priceTicks, priceDecimals),
    size: formatDecimal(amended.sizeLots, sizeDecimals),
  };
}

function orderName(name: OrderName): SignedOrderName {
  return { orderId: String(name.orderId), clientOrderId: name.clientOrderId };
}

function assetAmount(assetId: AssetId | 0, amountAtoms: number, collaterals: CollateralSpecs) {
  if (assetId === 0) return { asset: QUOTE_ASSET, amount: formatDecimal(amountAtoms, QUOTE_DECIMALS) };
  const spec = collaterals.get(assetId);
  assert(spec !== undefined, `collateral asset ${assetId} is not listed`);
  return { asset: spec.symbol, amount: formatDecimal(amountAtoms, spec.decimals) };
}

function listed(specs: MarketSpecs, marketId: MarketId): MarketSpec {
  const spec = specs.get(marketId);
  assert(spec !== undefined, `market ${marketId} is not listed`);
  return spec;
}
