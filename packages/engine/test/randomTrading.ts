import {
  type Authorization,
  type Command,
  type OpenOrder,
  type OrderAmendment,
  type OrderName,
  type OrderRequest,
  type TradingStatus,
  toAssetId,
  toMarketId,
  toOrderId,
} from '@keel/types';
import { listAccounts, listOrders, readAccount, readAccountIdOf, readOrder } from '../src/index.ts';
import type { Auditor } from './auditor.ts';
import { Exchange } from './exchange.ts';
import { PLAIN } from './plainOrder.ts';
import { lotsOf, orderOf, pairOf } from './randomOrder.ts';
import type { Step } from './randomStep.ts';
import { ASSETS } from './scenarioOrder.ts';
import { testMarket } from './testMarket.ts';

const OPENING_TICKS = [0, 50_000, 3_000];
/** A market that was closed opens again after so many steps. */
const CLOSED_STEPS = 12;
const CLOSED: readonly TradingStatus[] = ['halted', 'cancelOnly', 'postOnly'];

/** What the steps remember of each other. */
interface World {
  readonly exchange: Exchange;
  /** Last index of each market. */
  readonly ticks: number[];
  /** Steps until each market opens again; 0 = it is open. */
  readonly closedFor: number[];
  readonly run: (events: ReturnType<Exchange['run']>) => void;
}

/** Runs the steps on a fresh exchange of eight traders with several accounts, two markets and two assets; `auditor` follows every command. */
export function runSteps(plan: readonly Step[], auditor: Auditor | undefined): Exchange {
  const exchange = new Exchange();
  const run = (events: ReturnType<Exchange['run']>) => auditor?.audit(exchange.state, events);
  const world: World = { exchange, ticks: [...OPENING_TICKS], closedFor: [0, 0, 0], run };
  run(exchange.list(testMarket(1, 'BTC-USD', { maxOpenInterestLots: 4_000 })));
  for (const [place, symbol] of Object.keys(ASSETS).entries()) {
    // One counts much more than an atom of USDC per atom, the other much less.
    run(
      exchange.listCollateral(symbol, 80 + 10 * place, {
        decimals: 8 - 3 * place,
        maxDepositedAtoms: 10 ** (11 - 3 * place),
      }),
    );
    run(exchange.collateralPrice(place + 1, 200_000));
  }
  run(
    exchange.list(
      testMarket(2, 'ETH-USD', { maintenanceMarginPpm: 20_000, initialMarginPpm: 40_000, priceBandPpm: 90_000 }),
    ),
  );
  for (let who = 0; who < 8; who += 1) run(exchange.deposit(`t${who}`, 2_000 + who * 500));
  for (const market of [1, 2]) run(exchange.index(market, world.ticks[market]!));
  for (const step of plan) {
    exchange.timeMs += step.action % 7 === 0 ? step.size * 20 : 1;
    runStep(world, step);
    for (const market of [1, 2]) openAgain(world, market);
  }
  return exchange;
}

/** To the very millisecond of the next expiry, slice or deadline; a mark's age; some seconds; or many hours. */
function waitOf({ state, timeMs }: Exchange, { flavour, size }: Step): number {
  if (flavour >= 15) return size * 60_000;
  if (flavour >= 10) return size * 100;
  if (flavour >= 6) return 700;
  const times = [...listAccounts(state)].map(({ cancelAllAfterMs }) => cancelAllAfterMs);
  for (const { expiresAtMs, twap } of listOrders(state)) {
    times.push(expiresAtMs);
    if (twap === undefined) continue;
    times.push(twap.startMs + Math.floor((twap.durationMs * twap.slicesDone) / (twap.slices - 1)));
  }
  const next = Math.min(...times.filter((each) => each > timeMs));
  return Number.isFinite(next) ? next - timeMs : 1;
}

function openAgain({ exchange, closedFor, run }: World, market: number): void {
  if (closedFor[market] === 0) return;
  closedFor[market]! -= 1;
  if (closedFor[market] === 0) {
    run(exchange.run({ kind: 'setTradingStatus', marketId: toMarketId(market), status: 'open' }));
  }
}

function runStep(world: World, step: Step): void {
  const { exchange, ticks, run } = world;
  const { action, who, market, flavour, offset, size } = step;
  const owner = accountOf(world, step);
  if (action < 44) {
    run(exchange.run({ kind: 'placeOrder', auth: exchange.auth(owner), ...orderIn(world, step) }));
  } else if (action < 64) {
    // Mostly small moves, sometimes a crash or a jump of up to 20 %.
    const move = Math.trunc((ticks[market]! * offset) / (flavour < 17 ? 10_000 : 500));
    ticks[market] = Math.max(100, ticks[market]! + move);
    run(exchange.index(market, ticks[market]));
  } else if (action < 68) {
    run(exchange.wait(waitOf(exchange, step)));
    // Prices come back after a long wait.
    if (flavour >= 15) {
      for (const each of [1, 2]) run(exchange.index(each, ticks[each]!));
      for (const each of [1, 2]) run(exchange.collateralPrice(each, 200_000));
    }
  } else if (action < 70) {
    run(exchange.deposit(`t${who}`, size * 5));
  } else if (action < 71) {
    run(exchange.run({ kind: 'sealBatch' }));
  } else if (action < 72) {
    world.closedFor[market] = CLOSED_STEPS;
    const status = CLOSED[step.figure % CLOSED.length]!;
    run(exchange.run({ kind: 'setTradingStatus', marketId: toMarketId(market), status }));
  } else if (action < 100) {
    run(exchange.run(commandOf(world, step, exchange.auth(owner))));
  } else if (action < 102) {
    const [asset = ''] = Object.keys(ASSETS).slice(market - 1);
    run(exchange.deposit(`t${who}`, (asset === 'WETH' ? 0.01 : 0.00001) * size, asset));
  } else if (action < 104) {
    run(exchange.collateralPrice(market, 200_000 + Math.trunc((200_000 * offset) / (flavour < 17 ? 10_000 : 400))));
  } else {
    run(exchange.run(moneyOf(step, exchange.auth(owner))));
  }
}

/** The trader's account that the step names, if it is open; else the main one. */
function accountOf({ exchange }: World, { who, market, account }: Step): string {
  const name = account < 7 ? '0' : account < 9 ? '1' : String(128 + market);
  const isOpen = readAccountIdOf(exchange.state, exchange.address(`t${who}`), Number(name)) !== undefined;
  return isOpen ? `t${who}/${name}` : `t${who}`;
}

/** Money that moves between accounts and funds, or out. */
function moneyOf({ action, market, flavour, size, figure }: Step, auth: Authorization): Command {
  const assetId = toAssetId(figure % 3);
  const amountAtoms = size * [10_000_000, 1_000_000, 1_000][assetId]!;
  if (action < 107) {
    const toSubaccount = figure % 5 < 2 ? 0 : figure % 5 < 4 ? 1 : 128 + market;
    return { kind: 'transfer', auth, toSubaccount, assetId, amountAtoms };
  }
  if (action < 108) return { kind: 'withdraw', auth, recipient: auth.owner, assetId, amountAtoms };
  const fund = { marketId: toMarketId(market), fund: 'insurance' } as const;
  if (flavour < 10) return { kind: 'fundSafety', auth, ...fund, amountAtoms: size * 1_000_000 };
  return { kind: 'allocateFees', ...fund, amountAtoms: size * 20_000 };
}

function orderIn({ exchange, ticks }: World, step: Step): OrderRequest {
  return orderOf(step, ticks[step.market]!, exchange.timeMs);
}

/** A signed command other than a single order. */
function commandOf(world: World, step: Step, auth: Authorization): Command {
  const { action, market, buys, flavour, offset, size, figure } = step;
  const marketId = toMarketId(market);
  const open = openOrderOf(world.exchange, auth, step);
  if (action < 75) return { kind: 'cancelOrder', auth, ...nameOf(open, step) };
  if (action < 76) return { kind: 'cancelAllOrders', auth, marketId: toMarketId(market - 1) };
  if (action < 77) return { kind: 'withdraw', auth, recipient: auth.owner, assetId: 0, amountAtoms: size * 10_000_000 };
  if (action < 81) {
    const orders = Array.from({ length: 1 + (figure % 4) }, (_, place) => orderIn(world, varied(step, place)));
    return { kind: 'placeOrders', auth, orders, grouping: 'none' };
  }
  if (action < 85) {
    const [one, other] = [orderIn(world, step), orderIn(world, varied({ ...step, buys: !buys }, 1))];
    return {
      kind: 'placeOrders',
      auth,
      orders: pairOf(one, other, world.ticks[market]!),
      grouping: 'oneCancelsOther',
    };
  }
  if (action < 86) return scaleOf(world, step, auth);
  if (action < 89) {
    return {
      kind: 'placeTwap',
      auth,
      marketId,
      side: buys ? 'buy' : 'sell',
      sizeLots: lotsOf(step),
      reduceOnly: flavour > 14,
      clientOrderId: figure % 3 === 1 ? `c${figure % 20}` : '',
      durationMs: 10_000 + figure * 20,
      slices: 2 + (figure % 5),
    };
  }
  if (action < 92) return { kind: 'amendOrder', auth, ...amendmentOf(open, step) };
  if (action < 93) {
    const amendments = [0, 1].map((place) => {
      const each = varied(step, place);
      return amendmentOf(openOrderOf(world.exchange, auth, each), each);
    });
    return { kind: 'amendOrders', auth, amendments };
  }
  if (action < 95) return { kind: 'replaceOrder', auth, replaced: nameOf(open, step), order: orderIn(world, step) };
  if (action < 96) {
    const orders = [0, 1, 2].map((place) => {
      const each = varied(step, place);
      return nameOf(openOrderOf(world.exchange, auth, each), each);
    });
    return { kind: 'cancelOrders', auth, orders };
  }
  if (action < 97) return { kind: 'cancelAllAfter', auth, timeoutMs: flavour < 16 ? 1_000 + size * 50 : 0 };
  if (action < 99 && flavour < 13) {
    // Few fills of a maker's are enough to pass a bound.
    const lots = lotsOf({ market, size: 1 + (size >> 2) });
    return {
      kind: 'setMarketMakerProtection',
      auth,
      marketId,
      windowMs: figure % 2 === 0 ? 1 + (figure % 10) : 500 + figure * 50,
      quantityLots: offset % 3 === 0 ? lots * 2 : 0,
      deltaLots: offset % 3 === 0 ? 0 : lots,
      fillCount: 1 + (figure % 4),
    };
  }
  return { kind: 'resetMarketMakerProtection', auth, marketId };
}

/** Another step of the same kind, for the next item of a batch. */
function varied(step: Step, place: number): Step {
  return {
    ...step,
    buys: place % 2 === 0 ? step.buys : !step.buys,
    size: ((step.size + 37 * place) % 100) + 1,
    offset: ((step.offset + 100 + 53 * place) % 201) - 100,
    twist: (step.twist + 17 * place) % 100,
    figure: (step.figure + 101 * place) % 1_000,
  };
}

function scaleOf({ ticks }: World, { market, buys, offset, size, figure }: Step, auth: Authorization): Command {
  const reference = ticks[market]!;
  const fromTicks = Math.max(1, reference + Math.trunc((reference * offset) / 10_000));
  const distance = 1 + Math.trunc((reference * (figure % 100)) / 10_000);
  return {
    kind: 'placeScale',
    auth,
    order: {
      ...PLAIN,
      marketId: toMarketId(market),
      side: buys ? 'buy' : 'sell',
      timeInForce: figure % 3 === 0 ? 'postOnlySlide' : 'gtc',
      priceTicks: 0,
      sizeLots: lotsOf({ market, size }),
    },
    fromTicks,
    toTicks: buys ? Math.max(1, fromTicks - distance) : fromTicks + distance,
    orderCount: 2 + (figure % 6),
    skewPpm: figure % 4 === 0 ? 1_000_000 : 1 + figure * 4_000,
  };
}

/** One of the account's open orders; undefined when it has none. */
function openOrderOf(
  { state }: Exchange,
  { owner, subaccount }: Authorization,
  { figure }: Step,
): OpenOrder | undefined {
  const accountId = readAccountIdOf(state, owner, subaccount);
  const open = accountId === undefined ? [] : (readAccount(state, accountId)?.openOrders ?? []);
  return open.length === 0 ? undefined : readOrder(state, open[figure % open.length]!);
}

/** Mostly the order's id or name; without an order some id, which may be somebody else's. */
function nameOf(order: OpenOrder | undefined, { figure, size, twist }: Step): OrderName {
  if (order === undefined || twist > 95) return { orderId: toOrderId(size), clientOrderId: '' };
  const { orderId, clientOrderId } = order;
  return clientOrderId !== '' && figure % 2 === 1 ? { orderId: 0, clientOrderId } : { orderId, clientOrderId: '' };
}

/** Less at the same price, more at the same price, or another price. */
function amendmentOf(order: OpenOrder | undefined, step: Step): OrderAmendment {
  const { market, offset, size, twist } = step;
  const name = nameOf(order, step);
  if (order === undefined) return { ...name, marketId: toMarketId(market), priceTicks: 1, sizeLots: size };
  const { marketId, priceTicks, sizeLots, remainingLots } = order;
  const tradedLots = sizeLots - remainingLots;
  if (twist < 30) {
    return { ...name, marketId, priceTicks, sizeLots: tradedLots + Math.ceil((remainingLots * size) / 100) };
  }
  if (twist < 40) return { ...name, marketId, priceTicks, sizeLots: sizeLots + (size % 12) };
  const movedTicks = twist < 50 ? priceTicks : Math.max(0, priceTicks + Math.trunc((priceTicks * offset) / 10_000));
  return { ...name, marketId, priceTicks: movedTicks, sizeLots: twist < 70 ? sizeLots : tradedLots + lotsOf(step) };
}
