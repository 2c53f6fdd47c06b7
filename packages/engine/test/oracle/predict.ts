import {
  type AccountId,
  type Authorization,
  CANCEL_ALL_AFTER_MS_MAX,
  CANCEL_ALL_AFTER_MS_MIN,
  type Command,
  type Event,
  type MarketId,
  NONCE_FUTURE_MS,
  NONCE_PAST_MS,
  NONCE_WINDOW,
  PROTECTION_WINDOW_MS_MAX,
  REJECT_CODES,
  type RejectCode,
  type SetMarketMakerProtection,
  type SetTradingStatus,
  type SignedCommand,
  type TimeMs,
} from '@keel/types';
import { amendOne, cancelOne, replaceOne } from './amending.ts';
import { isBetween } from './checkFit.ts';
import { closeOrder } from './closeOrder.ts';
import { believeCommand, believeTime, followLiquidations } from './facts.ts';
import { findMarket, findProtection, type Model, type ModelAccount, ordersOfAccount } from './model.ts';
import { placeBatch, placeOne, placeScale, runBatch } from './placing.ts';
import { fireTriggers } from './triggers.ts';
import { placeTwap, tradeDueSlices } from './twap.ts';

const EXPIRED_PER_COMMAND_MAX = 1_000;
const SWITCHES_PER_COMMAND_MAX = 16;

/**
 * Every event that the command must make, in order. `given` are the engine's: of them only prices, funding rates, money
 * in and out and the figures of liquidations are believed; whatever concerns an order is worked out here.
 */
export function predict(model: Model, command: Command, timeMs: TimeMs, given: readonly Event[]): readonly Event[] {
  model.events = [];
  model.given = given;
  model.timeMs = timeMs;
  expireOrders(model);
  fireSwitches(model);
  believeTime(model);
  fireTriggers(model);
  tradeDueSlices(model);
  carryOut(model, command);
  fireTriggers(model);
  followLiquidations(model);
  return model.events;
}

function expireOrders(model: Model): void {
  const due = model.orders
    .filter((order) => order.expiresAtMs !== 0 && order.expiresAtMs <= model.timeMs)
    .sort((a, b) => a.expiresAtMs - b.expiresAtMs || a.orderId - b.orderId);
  let expired = 0;
  for (const order of due) {
    if (expired === EXPIRED_PER_COMMAND_MAX) return;
    if (order.state === 'over') continue;
    closeOrder(model, order, 'expired');
    expired += 1;
  }
}

/** Dead-man switches. Reduce-only orders that wait for a trigger protect a position, and stay. */
function fireSwitches(model: Model): void {
  const due = model.accounts
    .filter(({ cancelAllAfterMs }) => cancelAllAfterMs !== 0 && cancelAllAfterMs <= model.timeMs)
    .sort((a, b) => a.cancelAllAfterMs - b.cancelAllAfterMs || a.accountId - b.accountId);
  for (const account of due.slice(0, SWITCHES_PER_COMMAND_MAX)) {
    account.cancelAllAfterMs = 0;
    model.events.push({ kind: 'cancelAllAfterFired', accountId: account.accountId });
    for (const order of ordersOfAccount(model, account.accountId)) {
      if (order.state === 'over' || (order.state === 'waiting' && order.reduceOnly)) continue;
      closeOrder(model, order, 'cancelAllAfter');
    }
  }
}

function carryOut(model: Model, command: Command): void {
  if (command.kind === 'setTradingStatus') {
    refuseIf(model, setTradingStatus(model, command), 0);
    return;
  }
  if (!('auth' in command) || !isOrderCommand(command)) {
    // Whoever signed it may have used a nonce up.
    if ('auth' in command) authorize(model, command.auth, false);
    believeCommand(model);
    return;
  }
  const account = model.accounts.find(({ owner }) => owner === command.auth.owner);
  const code = authorize(model, command.auth, true);
  if (code !== 0 || account === undefined) refuseIf(model, code, account?.accountId ?? 0);
  else refuseIf(model, carryOutFor(model, account, command), account.accountId);
}

function refuseIf(model: Model, code: RejectCode | 0, accountId: AccountId | 0): void {
  if (code !== 0) model.events.push({ kind: 'commandRejected', code, accountId });
}

/** Money, keys and margin settings. */
const NO_ORDER_KINDS = [
  'approveAgent',
  'revokeAgent',
  'withdraw',
  'transfer',
  'setLeverage',
  'fundSafety',
  'registerLiquidator',
  'takeAuction',
] as const satisfies readonly SignedCommand['kind'][];

type OrderCommand = Exclude<SignedCommand, { readonly kind: (typeof NO_ORDER_KINDS)[number] }>;

function isOrderCommand(command: SignedCommand): command is OrderCommand {
  return !(NO_ORDER_KINDS as readonly string[]).includes(command.kind);
}

/** Who may ask; a good nonce is used up. */
function authorize(model: Model, auth: Authorization, agentsToo: boolean): RejectCode | 0 {
  const { timeMs } = model;
  if (auth.expiresAfterMs !== 0 && timeMs > auth.expiresAfterMs) return REJECT_CODES.COMMAND_EXPIRED;
  const account = model.accounts.find(({ owner }) => owner === auth.owner);
  if (account === undefined) return REJECT_CODES.ACCOUNT_UNKNOWN;
  if (auth.signer !== auth.owner) {
    const agent = account.agents.find((candidate) => candidate.agent === auth.signer);
    if (agent === undefined || !agentsToo) return REJECT_CODES.SIGNER_NOT_AUTHORIZED;
    if (agent.expiresAtMs !== 0 && timeMs > agent.expiresAtMs) return REJECT_CODES.AGENT_EXPIRED;
  }
  const used = model.nonces.filter(({ signer }) => signer === auth.signer).map(({ nonce }) => nonce);
  const remembered = used.sort((a, b) => b - a).slice(0, NONCE_WINDOW);
  const full = remembered.length === NONCE_WINDOW;
  if (auth.nonce < timeMs - NONCE_PAST_MS) return REJECT_CODES.NONCE_TOO_OLD;
  if (full && auth.nonce < Math.min(...remembered)) return REJECT_CODES.NONCE_TOO_OLD;
  if (auth.nonce > timeMs + NONCE_FUTURE_MS) return REJECT_CODES.NONCE_TOO_NEW;
  if (remembered.includes(auth.nonce)) return REJECT_CODES.NONCE_ALREADY_USED;
  model.nonces.push({ signer: auth.signer, nonce: auth.nonce });
  return 0;
}

function carryOutFor(model: Model, account: ModelAccount, command: OrderCommand): RejectCode | 0 {
  switch (command.kind) {
    case 'placeOrder': {
      const { kind: _kind, auth: _auth, ...request } = command;
      return placeOne(model, account, request).code;
    }
    case 'placeOrders':
      return placeBatch(model, account, command);
    case 'placeScale':
      return placeScale(model, account, command);
    case 'placeTwap':
      return placeTwap(model, account, command);
    case 'amendOrder':
      return amendOne(model, account, command).code;
    case 'amendOrders':
      return runBatch(model, command.amendments, (amendment) => amendOne(model, account, amendment));
    case 'replaceOrder':
      return replaceOne(model, account, command.replaced, command.order).code;
    case 'cancelOrder':
      return cancelOne(model, account, command).code;
    case 'cancelOrders':
      return runBatch(model, command.orders, (name) => cancelOne(model, account, name));
    case 'cancelAllOrders':
      return cancelAll(model, account, command.marketId);
    case 'cancelAllAfter':
      return setSwitch(model, account, command.timeoutMs);
    case 'setMarketMakerProtection':
      return setProtection(model, account, command);
    case 'resetMarketMakerProtection':
      return resetProtection(model, account, command.marketId);
  }
}

function cancelAll(model: Model, account: ModelAccount, marketId: MarketId): RejectCode | 0 {
  if (marketId !== 0 && findMarket(model, marketId) === undefined) return REJECT_CODES.MARKET_UNKNOWN;
  for (const order of ordersOfAccount(model, account.accountId)) {
    if (order.state === 'over' || (marketId !== 0 && order.marketId !== marketId)) continue;
    closeOrder(model, order, 'cancelledByOwner');
  }
  return 0;
}

function setSwitch(model: Model, account: ModelAccount, timeoutMs: TimeMs): RejectCode | 0 {
  if (timeoutMs !== 0 && !isBetween(timeoutMs, CANCEL_ALL_AFTER_MS_MIN, CANCEL_ALL_AFTER_MS_MAX)) {
    return REJECT_CODES.TIMEOUT_INVALID;
  }
  const deadlineMs = timeoutMs === 0 ? 0 : model.timeMs + timeoutMs;
  account.cancelAllAfterMs = deadlineMs;
  model.events.push({ kind: 'cancelAllAfterSet', accountId: account.accountId, deadlineMs });
  return 0;
}

function setProtection(model: Model, account: ModelAccount, command: SetMarketMakerProtection): RejectCode | 0 {
  const { marketId, windowMs, quantityLots, deltaLots, fillCount } = command;
  if (findMarket(model, marketId) === undefined) return REJECT_CODES.MARKET_UNKNOWN;
  const bounds = [quantityLots, deltaLots, fillCount];
  const inRange =
    isBetween(windowMs, 0, PROTECTION_WINDOW_MS_MAX) &&
    bounds.every((bound) => isBetween(bound, 0, Number.MAX_SAFE_INTEGER));
  if (!inRange || windowMs > 0 !== bounds.some((bound) => bound > 0)) return REJECT_CODES.PROTECTION_INVALID;
  const { accountId } = account;
  const old = findProtection(model, accountId, marketId);
  if (old !== undefined) account.protections.splice(account.protections.indexOf(old), 1);
  if (windowMs > 0) {
    const frozen = old?.frozen ?? false;
    const window = { startMs: 0, filledLots: 0, netLots: 0, fills: 0 };
    account.protections.push({ marketId, windowMs, quantityLots, deltaLots, fillCount, frozen, ...window });
  }
  model.events.push({
    kind: 'marketMakerProtectionSet',
    accountId,
    marketId,
    windowMs,
    quantityLots,
    deltaLots,
    fillCount,
  });
  return 0;
}

function resetProtection(model: Model, account: ModelAccount, marketId: MarketId): RejectCode | 0 {
  if (findMarket(model, marketId) === undefined) return REJECT_CODES.MARKET_UNKNOWN;
  const protection = findProtection(model, account.accountId, marketId);
  if (protection !== undefined) Object.assign(protection, { startMs: 0, frozen: false });
  model.events.push({ kind: 'marketMakerProtectionReset', accountId: account.accountId, marketId });
  return 0;
}

function setTradingStatus(model: Model, { marketId, status }: SetTradingStatus): RejectCode | 0 {
  const market = findMarket(model, marketId);
  if (market === undefined) return REJECT_CODES.MARKET_UNKNOWN;
  const wasHalted = market.status === 'halted';
  market.status = status;
  model.events.push({ kind: 'tradingStatusChanged', marketId, status });
  // The mark moves with the end of a halt.
  if (wasHalted && status !== 'halted') believeTime(model);
  return 0;
}
