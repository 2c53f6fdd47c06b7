import {
  type Authorization,
  type Command,
  NONCE_WINDOW,
  type PlaceOrder,
  type PlaceTwap,
  type SetMarketMakerProtection,
  type TakeAuction,
  type TradingStatus,
  type Transfer,
  toAssetId,
  toMarketId,
  toOrderId,
} from '@keel/types';
import { Exchange, indexUpdate } from './exchange.ts';
import { PLAIN } from './plainOrder.ts';
import { testMarket } from './testMarket.ts';

/** Two markets, one without a price yet; ann and bob with money; ann long 1 BTC; her agent `key`. */
export function opened(): Exchange {
  const exchange = new Exchange();
  exchange.list(testMarket(1, 'BTC-USD', { maxOpenInterestLots: 99_000 }));
  exchange.list(testMarket(2, 'ETH-USD'));
  for (const owner of ['ann', 'bob']) exchange.deposit(owner, 20_000);
  exchange.index(1, 50_000);
  exchange.run(order(exchange, { auth: exchange.auth('bob'), side: 'sell' }));
  exchange.run(order(exchange, {}));
  exchange.run(approve(exchange, 'key'));
  return exchange;
}

export function order(exchange: Exchange, changes: Partial<PlaceOrder>): PlaceOrder {
  return {
    kind: 'placeOrder',
    ...PLAIN,
    auth: exchange.auth('ann'),
    marketId: toMarketId(1),
    side: 'buy',
    priceTicks: 50_000,
    sizeLots: 1_000,
    ...changes,
  };
}

export function cancel(exchange: Exchange, orderId: number): Command {
  return { kind: 'cancelOrder', auth: exchange.auth('ann'), orderId: toOrderId(orderId), clientOrderId: '' };
}

export function approve(
  exchange: Exchange,
  agent: string,
  changes: { agentName?: string; agentExpiresAtMs?: number } = {},
): Command {
  const auth = exchange.auth('ann');
  return { kind: 'approveAgent', auth, agent: exchange.address(agent), agentName: '', agentExpiresAtMs: 0, ...changes };
}

export function index(priceTicks: number, publishTimeMs: number, marketId = 1): Command {
  return indexUpdate(marketId, priceTicks, publishTimeMs);
}

export function deposit(exchange: Exchange, depositIndex: number, amountAtoms: number, asset = 0): Command {
  const owner = exchange.address('ann');
  const assetId = toAssetId(asset);
  return { kind: 'creditDeposit', depositIndex, owner, assetId, amountAtoms, l1BlockNumber: 1, l1TxHash: '0x' };
}

export function withdraw(exchange: Exchange, amountAtoms: number, changes: Partial<Authorization> = {}): Command {
  const auth = exchange.auth('ann', changes);
  return { kind: 'withdraw', auth, recipient: auth.owner, assetId: 0, amountAtoms };
}

export function transfer(exchange: Exchange, amountAtoms: number): Transfer {
  return { kind: 'transfer', auth: exchange.auth('ann'), toSubaccount: 1, assetId: 0, amountAtoms };
}

export function leverage(exchange: Exchange, value: number): Command {
  return { kind: 'setLeverage', auth: exchange.auth('ann'), marketId: toMarketId(1), leverage: value };
}

/** Takes the first auction: ann's long of 1 BTC, which is sold. */
export function take(exchange: Exchange, account: string, changes: Partial<TakeAuction>): TakeAuction {
  const terms = { marketId: toMarketId(1), auctionId: 1, sizeLots: 1_000, limitTicks: 40_000 };
  return { kind: 'takeAuction', auth: exchange.auth(account), ...terms, ...changes };
}

/** Uses up nonces until the signer's window is full, and returns the smallest that is remembered. */
export function fillWindow(exchange: Exchange): number {
  const smallest = exchange.timeMs + 1_000_000;
  for (let i = 0; i < NONCE_WINDOW; i += 1) {
    const auth = exchange.auth('ann', { nonce: smallest + i * 2 });
    exchange.run({ kind: 'cancelAllOrders', auth, marketId: toMarketId(0) });
  }
  return smallest;
}

export const NOTHING_ATTACHED = {
  takeProfitTicks: 0,
  takeProfitLimitTicks: 0,
  stopLossTicks: 0,
  stopLossLimitTicks: 0,
};

export function twap(exchange: Exchange, changes: Partial<PlaceTwap>): PlaceTwap {
  return {
    kind: 'placeTwap',
    auth: exchange.auth('ann'),
    marketId: toMarketId(1),
    side: 'buy',
    sizeLots: 100,
    reduceOnly: false,
    clientOrderId: '',
    durationMs: 60_000,
    slices: 3,
    ...changes,
  };
}

export function amend(exchange: Exchange, orderId: number, sizeLots: number): Command {
  const name = { orderId: toOrderId(orderId), clientOrderId: '' };
  const auth = exchange.auth('ann');
  return { kind: 'amendOrder', auth, ...name, marketId: toMarketId(1), priceTicks: 50_000, sizeLots };
}

export function protection(exchange: Exchange): SetMarketMakerProtection {
  return {
    kind: 'setMarketMakerProtection',
    auth: exchange.auth('ann'),
    marketId: toMarketId(1),
    windowMs: 10_000,
    quantityLots: 0,
    deltaLots: 0,
    fillCount: 0,
  };
}

/** An order in a market of this status. */
export function inStatus(exchange: Exchange, status: TradingStatus): Command {
  exchange.run({ kind: 'setTradingStatus', marketId: toMarketId(1), status });
  return order(exchange, {});
}

export const past = (exchange: Exchange) => ({ expiresAfterMs: exchange.timeMs - 1 });
export const agent = (exchange: Exchange) => ({ signer: exchange.address('key') });
