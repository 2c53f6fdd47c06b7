import {
  type Authorization,
  type Command,
  type OrderAmendment,
  type OrderRequest,
  type SetMarketMakerProtection,
  type TimeInForce,
  toMarketId,
  toOrderId,
} from '@keel/types';
import { type Exchange, indexUpdate, START_MS } from '../exchange.ts';
import { testMarket } from '../testMarket.ts';
import { Dice } from './dice.ts';
import { findNamed, findOrder, type Model, type ModelAccount, marketOf, otherSide, positionOf } from './model.ts';
import { randomName, randomOrderName, randomPair, randomRequest, randomSize } from './randomRequest.ts';

/** What the traders bring, in USDC: one who can stand anything, and four who can stand less and less. */
const DEPOSITS = { ann: 20_000, bob: 300, cat: 40, dan: 24, eve: 14 } as const;
const TRADERS = Object.keys(DEPOSITS);

/** A minute before a full hour, so that funding is settled while all is in motion. */
export const OPENING_MS = START_MS + 59 * 60_000;

/** Commands that open two markets with narrow limits and all accounts. */
export function openingCommands(exchange: Exchange): Command[] {
  const limits = {
    maxOrderLots: 300,
    maxPositionLots: 600,
    maxOpenInterestLots: 650,
    priceBandPpm: 30_000,
    marketSlippagePpm: 10_000,
    indexStaleMs: 6_000,
    impactNotionalAtoms: 40_000_000,
  };
  const deposits = TRADERS.map(
    (owner, depositIndex): Command => ({
      kind: 'creditDeposit',
      depositIndex,
      owner: exchange.address(owner),
      assetId: 0,
      amountAtoms: DEPOSITS[owner as keyof typeof DEPOSITS] * 1_000_000,
      l1BlockNumber: 1,
      l1TxHash: '0x',
    }),
  );
  return [
    { kind: 'listMarket', spec: testMarket(1, 'BTC-USD', limits) },
    { kind: 'listMarket', spec: testMarket(2, 'ETH-USD', { ...limits, maintenanceMarginPpm: 80_000 }) },
    ...deposits,
    indexCommand(1, 1_000, exchange.timeMs),
    indexCommand(2, 1_000, exchange.timeMs),
  ];
}

function indexCommand(marketId: number, priceTicks: number, publishTimeMs: number): Command {
  return indexUpdate(marketId, priceTicks, publishTimeMs);
}

/** What happens next, from one number and the state of things; moves the exchange's clock. */
export function randomCommands(exchange: Exchange, model: Model, seed: number): Command[] {
  const dice = new Dice(seed);
  const wait = dice.weighed({ none: 20, short: 67, second: 12, long: 1 });
  exchange.timeMs += { none: 0, short: dice.between(1, 40), second: dice.between(300, 2_500), long: 7_000 }[wait];
  model.timeMs = exchange.timeMs;
  const shut = model.markets.find(({ status }) => status !== 'open');
  if (shut !== undefined && dice.chance(12)) {
    return [{ kind: 'setTradingStatus', marketId: shut.spec.marketId, status: 'open' }];
  }
  const stale = model.markets.filter((market) => exchange.timeMs - market.indexTimeMs > 4_000);
  if (stale.length > 0 && dice.chance(40)) {
    return stale.map(({ spec, indexTicks }) => indexCommand(spec.marketId, indexTicks, exchange.timeMs));
  }
  const doing = dice.weighed({ trade: 74, operate: 20, flood: dice.chance(5) ? 3 : 0, owner: 6 });
  if (doing === 'operate') return [operatorCommand(dice, exchange, model)];
  if (doing === 'owner') return [ownerCommand(dice, exchange)];
  // The rich are most of the market.
  const who = dice.weighed({ ann: 26, bob: 24, cat: 18, dan: 17, eve: 15 });
  const account = model.accounts.find(({ owner }) => owner === exchange.address(who))!;
  if (doing === 'flood') return floodCommands(dice, exchange, model, who);
  return [tradersCommand(dice, model, account, randomAuth(dice, exchange, model, who))];
}

/** Mostly the owner, now and then somebody or something that is refused. */
function randomAuth(dice: Dice, exchange: Exchange, model: Model, who: string): Authorization {
  if (dice.chance(3)) return exchange.auth(who, { signer: exchange.address(`${who}Key`) });
  if (!dice.chance(3)) return exchange.auth(who);
  const { timeMs } = exchange;
  const fault = dice.weighed({ expired: 1, unknown: 1, stranger: 1, old: 1, new: 1, used: 3 });
  switch (fault) {
    case 'expired':
      return exchange.auth(who, { expiresAfterMs: timeMs - 1 });
    case 'unknown':
      return exchange.auth('nobody');
    case 'stranger':
      return exchange.auth(who, { signer: exchange.address('stranger') });
    case 'old':
      return exchange.auth(who, { nonce: timeMs - 3 * 24 * 3_600_000 });
    case 'new':
      return exchange.auth(who, { nonce: timeMs + 2 * 24 * 3_600_000 });
    case 'used':
      return exchange.auth(
        who,
        model.nonces.findLast(({ signer }) => signer === exchange.address(who)),
      );
  }
}

function tradersCommand(dice: Dice, model: Model, account: ModelAccount, auth: Authorization): Command {
  const frozen = account.protections.find((protection) => protection.frozen);
  if (frozen !== undefined && dice.chance(15)) {
    return { kind: 'resetMarketMakerProtection', auth, marketId: frozen.marketId };
  }
  const doing = dice.weighed({
    place: 50,
    amend: 12,
    batch: 4,
    pair: 7,
    scale: 3,
    twap: 4,
    replace: 5,
    cancel: 3,
    amendMany: 2,
    cancelMany: 1,
    cancelAll: 1,
    deadMan: 2,
    protect: 3,
    reset: 2,
  });
  const request = () => randomRequest(dice, model, account);
  const name = () => randomOrderName(dice, model, account);
  const items = <T>(make: () => T): T[] =>
    Array.from({ length: dice.chance(97) ? dice.between(1, 5) : dice.pick([0, 51]) }, make);
  switch (doing) {
    case 'place':
      return { kind: 'placeOrder', auth, ...request() };
    case 'batch':
      return { kind: 'placeOrders', auth, orders: items(request), grouping: 'none' };
    case 'pair':
      return { kind: 'placeOrders', auth, orders: randomPair(dice, model, account), grouping: 'oneCancelsOther' };
    case 'scale':
      return randomScale(dice, model, request(), auth);
    case 'twap':
      return randomTwap(dice, model, account, auth);
    case 'amend':
      return { kind: 'amendOrder', auth, ...randomAmendment(dice, model, account) };
    case 'amendMany':
      return { kind: 'amendOrders', auth, amendments: items(() => randomAmendment(dice, model, account)) };
    case 'replace':
      return randomReplacement(dice, model, account, auth);
    case 'cancel':
      return { kind: 'cancelOrder', auth, ...name() };
    case 'cancelMany':
      return { kind: 'cancelOrders', auth, orders: items(name) };
    case 'cancelAll':
      return { kind: 'cancelAllOrders', auth, marketId: toMarketId(dice.pick([0, 1, 2, 9])) };
    case 'deadMan':
      return { kind: 'cancelAllAfter', auth, timeoutMs: dice.pick([0, 1_000, 1_500, 3_000, 999, 86_400_001]) };
    case 'protect':
      return randomProtection(dice, auth);
    case 'reset':
      return { kind: 'resetMarketMakerProtection', auth, marketId: randomMarket(dice) };
  }
}

function randomMarket(dice: Dice) {
  return toMarketId(dice.chance(97) ? dice.between(1, 2) : 9);
}

/** The old order's own name may be used again, and the new one may cross the place where the old one stands. */
function randomReplacement(dice: Dice, model: Model, account: ModelAccount, auth: Authorization): Command {
  const replaced = randomOrderName(dice, model, account);
  const request = randomRequest(dice, model, account);
  const old = findOrder(model, replaced.orderId || (findNamed(model, account, replaced.clientOrderId) ?? toOrderId(0)));
  if (old === undefined) return { kind: 'replaceOrder', auth, replaced, order: request };
  const named = dice.chance(15) ? { ...request, clientOrderId: old.clientOrderId } : request;
  if (!dice.chance(35)) return { kind: 'replaceOrder', auth, replaced, order: named };
  const marketId = dice.chance(60) ? old.marketId : toMarketId(3 - old.marketId);
  const past = old.side === 'buy' ? -1 : 1;
  const priceTicks = Math.max(1, old.priceTicks + past * dice.between(0, 3));
  const timeInForce = dice.pick<TimeInForce>(['postOnly', 'postOnlySlide', 'fok', 'gtc']);
  const crossing = { marketId, side: otherSide(old.side), orderType: 'limit', priceTicks, timeInForce } as const;
  const order: OrderRequest = { ...named, ...crossing, expiresAtMs: 0, displayLots: 0, trigger: undefined };
  return { kind: 'replaceOrder', auth, replaced, order: { ...order, attached: undefined } };
}

function randomAmendment(dice: Dice, model: Model, account: ModelAccount): OrderAmendment {
  const name = randomOrderName(dice, model, account);
  const order = model.orders.find(
    (candidate) =>
      candidate.orderId === name.orderId ||
      (name.orderId === 0 &&
        candidate.accountId === account.accountId &&
        candidate.clientOrderId === name.clientOrderId),
  );
  if (order === undefined) return { ...name, marketId: toMarketId(1), priceTicks: 1_000, sizeLots: 20 };
  const { marketId, priceTicks, sizeLots, tradedLots } = order;
  return {
    ...name,
    marketId: dice.chance(98) ? marketId : toMarketId(3 - marketId),
    priceTicks: dice.chance(40)
      ? priceTicks
      : dice.chance(4)
        ? dice.pick([-1, 0])
        : Math.max(0, priceTicks + (dice.chance(5) ? dice.pick([-30, 30]) : 0) + dice.between(-8, 8)),
    sizeLots: dice.chance(10)
      ? randomSize(dice)
      : dice.chance(5)
        ? tradedLots
        : Math.max(1, sizeLots + dice.between(-15, 12)),
  };
}

function randomScale(dice: Dice, model: Model, request: OrderRequest, auth: Authorization): Command {
  const plain: OrderRequest = {
    ...request,
    orderType: 'limit',
    priceTicks: dice.chance(97) ? 0 : 1_000,
    timeInForce: request.orderType === 'market' ? 'gtc' : request.timeInForce,
    expiresAtMs: request.orderType === 'market' ? 0 : request.expiresAtMs,
    sizeLots: dice.between(20, 250),
    clientOrderId: dice.chance(98) ? '' : request.clientOrderId,
    displayLots: 0,
    trigger: undefined,
    attached: undefined,
  };
  const mark = model.markets.find(({ spec }) => spec.marketId === request.marketId)?.markTicks ?? 1_000;
  const fromTicks = mark + dice.between(-8, 8);
  return {
    kind: 'placeScale',
    auth,
    order: plain,
    fromTicks,
    toTicks: dice.chance(95) ? fromTicks + dice.between(1, 10) * dice.pick([-1, 1]) : fromTicks,
    orderCount: dice.chance(97) ? dice.between(2, 7) : dice.pick([1, 51]),
    skewPpm: dice.chance(97) ? dice.pick([1_000_000, 500_000, 3_000_000, 1]) : 0,
  };
}

function randomTwap(dice: Dice, model: Model, account: ModelAccount, auth: Authorization): Command {
  const marketId = randomMarket(dice);
  const { sizeLots: held } = positionOf(model, account.accountId, toMarketId(marketId === 9 ? 1 : marketId));
  const reduceOnly = dice.chance(held === 0 ? 4 : 35);
  const slices = dice.between(2, 6);
  return {
    kind: 'placeTwap',
    auth,
    marketId,
    side: reduceOnly && dice.chance(90) ? (held > 0 ? 'sell' : 'buy') : dice.pick(['buy', 'sell']),
    sizeLots: dice.chance(97) ? randomTwapSize(dice, slices) : dice.pick([0, 601, 1.5]),
    reduceOnly,
    clientOrderId: dice.chance(25) ? randomName(dice, model, account) : '',
    durationMs: dice.chance(96) ? dice.between(10_000, 14_000) : 9_999,
    slices: dice.chance(96) ? slices : dice.pick([1, 0, 15, 2.5]),
  };
}

/** Now and then so much that what slices missed is more than one order may have. */
function randomTwapSize(dice: Dice, slices: number): number {
  return dice.chance(15) ? dice.between(301, 600) : dice.between(15, 40) * slices;
}

function randomProtection(dice: Dice, auth: Authorization): SetMarketMakerProtection {
  const bound = (highest: number) => (dice.chance(55) ? dice.between(1, highest) : 0);
  const off = dice.chance(20);
  const fault = dice.chance(4);
  return {
    kind: 'setMarketMakerProtection',
    auth,
    marketId: randomMarket(dice),
    windowMs: off !== fault ? 0 : dice.between(100, 5_000),
    quantityLots: off ? 0 : bound(120),
    deltaLots: off ? 0 : bound(90),
    fillCount: off ? 0 : bound(4),
  };
}

/** Prices, statuses and time. */
function operatorCommand(dice: Dice, exchange: Exchange, model: Model): Command {
  const doing = dice.weighed({ index: 80, advance: 12, status: 8 });
  const marketId = toMarketId(dice.between(1, 2));
  if (doing === 'advance') return { kind: 'advanceTime' };
  if (doing === 'status') {
    const status = dice.weighed({ halted: 3, cancelOnly: 2, postOnly: 3, open: 1 });
    return { kind: 'setTradingStatus', marketId: dice.chance(95) ? marketId : toMarketId(9), status };
  }
  exchange.timeMs += 1;
  const { indexTicks } = marketOf(model, marketId);
  // Drifts back to where it began, so that both markets stay near each other.
  const home = dice.chance(65) ? Math.sign(1_000 - indexTicks) : dice.pick([-1, 1]);
  const step = dice.weighed({ small: 62, middle: 22, crash: 16 });
  const move = { small: dice.between(0, 3), middle: dice.between(4, 12), crash: dice.between(25, 150) }[step];
  return indexCommand(marketId, indexTicks + home * move, exchange.timeMs);
}

/** Money and keys: not what the oracle is about, but it changes who may do what. */
function ownerCommand(dice: Dice, exchange: Exchange): Command {
  const who = dice.pick(TRADERS);
  const auth = exchange.auth(who);
  const agent = exchange.address(`${who}Key`);
  const doing = dice.weighed({ deposit: 30, withdraw: 20, approve: 20, revoke: 5, seal: 25 });
  switch (doing) {
    case 'deposit': {
      const { nextDepositIndex: depositIndex } = exchange.state;
      const amountAtoms = dice.between(1, 5) * 1_000_000;
      return {
        kind: 'creditDeposit',
        depositIndex,
        owner: auth.owner,
        assetId: 0,
        amountAtoms,
        l1BlockNumber: 1,
        l1TxHash: '0x',
      };
    }
    case 'withdraw':
      return {
        kind: 'withdraw',
        auth,
        recipient: auth.owner,
        assetId: 0,
        amountAtoms: dice.between(1, 10) * 1_000_000,
      };
    case 'approve': {
      const agentExpiresAtMs = dice.chance(50) ? 0 : exchange.timeMs + dice.between(0, 2_000);
      return { kind: 'approveAgent', auth, agent, agentName: 'key', agentExpiresAtMs };
    }
    case 'revoke':
      return { kind: 'revokeAgent', auth, agent };
    case 'seal':
      return { kind: 'sealBatch' };
  }
}

/** More stops at one price than fire at once, or more than an account may have; those that are left are let go. */
function floodCommands(dice: Dice, exchange: Exchange, model: Model, who: string): Command[] {
  const marketId = toMarketId(dice.between(1, 2));
  const { markTicks, indexTicks } = marketOf(model, marketId);
  const tooMany = dice.chance(40);
  const stop: OrderRequest = {
    marketId,
    side: 'sell',
    orderType: 'limit',
    timeInForce: 'gtc',
    priceTicks: markTicks - 4,
    sizeLots: 11,
    reduceOnly: false,
    clientOrderId: '',
    expiresAtMs: 0,
    displayLots: 0,
    selfTrade: 'expireMaker',
    selfTradeScope: 'account',
    trigger: { kind: 'stop', triggerTicks: Math.max(1, markTicks - 3), trailTicks: 0 },
    attached: undefined,
  };
  const batch = (): Command => {
    const orders = Array.from({ length: 50 }, (): OrderRequest => ({ ...stop, sizeLots: dice.between(11, 13) }));
    return { kind: 'placeOrders', auth: exchange.auth(who), orders, grouping: 'none' };
  };
  exchange.timeMs += 1;
  const fire = indexCommand(marketId, Math.max(1, indexTicks - 12), exchange.timeMs);
  const later: Command[] = [{ kind: 'advanceTime' }, { kind: 'advanceTime' }];
  if (!tooMany) return [batch(), batch(), fire, ...later];
  const auth = () => exchange.auth(who);
  // At the limit, what is there may still be amended, replaced and fire.
  const nameOf = (place: number) => ({ orderId: toOrderId(model.nextOrderId + place), clientOrderId: '' });
  const name = nameOf(0);
  const rests: OrderRequest = { ...stop, trigger: undefined, side: 'buy', priceTicks: Math.max(1, markTicks - 9) };
  const stopLossTicks = Math.max(1, rests.priceTicks - 1);
  const attached = { takeProfitTicks: 0, takeProfitLimitTicks: 0, stopLossTicks, stopLossLimitTicks: 0 };
  const pair = (): Command => ({
    kind: 'placeOrders',
    auth: auth(),
    orders: [rests, stop],
    grouping: 'oneCancelsOther',
  });
  return [
    { kind: 'placeOrder', auth: auth(), ...rests },
    ...Array.from({ length: 5 }, batch),
    { kind: 'amendOrder', auth: auth(), ...name, marketId, priceTicks: rests.priceTicks + 1, sizeLots: 15 },
    { kind: 'replaceOrder', auth: auth(), replaced: name, order: stop },
    { kind: 'placeOrder', auth: auth(), ...rests, timeInForce: 'ioc' },
    { kind: 'placeOrder', auth: auth(), ...rests, timeInForce: 'ioc', attached },
    // A pair has no room in one place, and just fits into two.
    { kind: 'cancelOrder', auth: auth(), ...nameOf(1) },
    pair(),
    { kind: 'cancelOrder', auth: auth(), ...nameOf(2) },
    pair(),
    ...(dice.chance(50) ? [fire] : []),
    ...later,
    { kind: 'cancelAllOrders', auth: auth(), marketId: toMarketId(0) },
  ];
}
