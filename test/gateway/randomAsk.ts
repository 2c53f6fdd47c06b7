import type { Account, Amendment, NewOrder, NewScale, NewTrigger, NewTwap, OpenOrder, OrderRef } from '@keel/client';
import { formatDecimal, type SelfTradePrevention, type Side, type TimeInForce } from '@keel/types';
import type { Ask } from './ask.ts';
import type { Dice } from './dice.ts';

/** A market as these traders see it: few prices and sizes, so that orders meet. */
export interface Pitch {
  readonly symbol: string;
  readonly marketId: number;
  readonly priceDecimals: number;
  readonly sizeDecimals: number;
  /** From one price to the next. */
  readonly stepTicks: number;
  /** The smallest size, worth a few times the smallest notional. */
  readonly unitLots: number;
  /** Index price that was published last. */
  indexTicks: number;
}

/** What a trader knows when he asks. */
export interface Scene {
  readonly account: Account;
  readonly pitches: readonly Pitch[];
  /** Client order ids that the account used before. */
  readonly names: readonly string[];
  readonly strangersOrderIds: readonly string[];
  readonly nowMs: number;
}

const STEPS_AROUND = 6;
const SELF_TRADES: readonly SelfTradePrevention[] = ['expireMaker', 'expireTaker', 'expireBoth', 'decrement'];

/** What the trader asks for next; now and then something that makes no sense. */
export function randomAsk(dice: Dice, scene: Scene): Ask {
  const frozen = scene.account.protections.find((protection) => protection.frozen);
  if (frozen !== undefined && dice.chance(40)) return { kind: 'reset', market: frozen.market };
  const pitch = dice.pick(scene.pitches);
  const many = <Item>(make: () => Item): Item[] => Array.from({ length: dice.between(1, 5) }, make);
  const reference = () => randomReference(dice, scene);
  const order = () => randomOrder(dice, scene, dice.pick(scene.pitches));
  const kind = dice.weighed({
    ...{ place: 52, batch: 6, pair: 7, scale: 3, twap: 3, replace: 6, amend: 15, amendMany: 3 },
    ...{ cancel: 4, cancelMany: 2, cancelAll: 2, deadMan: 4, protect: 3, reset: 1 },
  });
  switch (kind) {
    case 'place':
      return { kind, order: order() };
    case 'batch':
      return { kind, orders: many(order), grouping: 'none' };
    case 'pair':
      return { kind: 'batch', orders: randomPair(dice, scene, pitch), grouping: 'oneCancelsOther' };
    case 'scale':
      return { kind, scale: randomScale(dice, scene, pitch) };
    case 'twap':
      return { kind, twap: randomTwap(dice, scene, pitch) };
    case 'replace':
      return randomReplacement(dice, scene);
    case 'amend':
      return { kind, amendment: randomAmendment(dice, scene) };
    case 'amendMany':
      return { kind, amendments: many(() => randomAmendment(dice, scene)) };
    case 'cancel':
      return { kind, order: reference() };
    case 'cancelMany':
      return { kind, orders: many(reference) };
    case 'cancelAll':
      return { kind, market: dice.pick([pitch.symbol, '']) };
    case 'deadMan':
      return { kind, timeoutMs: dice.pick([0, 0, 1_000, 3_000, 60_000, 999]) };
    case 'protect':
      return { kind, protection: randomProtection(dice, pitch) };
    case 'reset':
      return { kind, market: pitch.symbol };
  }
}

function randomProtection(dice: Dice, pitch: Pitch) {
  const market = pitch.symbol;
  if (dice.chance(30)) return { market, windowMs: 0 };
  const windowMs = dice.between(100, 2_000);
  if (dice.chance(50)) return { market, windowMs, fillCount: dice.between(0, 3) };
  return { market, windowMs, delta: sizeOf(pitch, dice.between(2, 15)), quantity: sizeOf(pitch, dice.between(5, 20)) };
}

const sizeOf = (pitch: Pitch, units: number): string => formatDecimal(units * pitch.unitLots, pitch.sizeDecimals);

function randomSize(dice: Dice, pitch: Pitch): string {
  if (dice.chance(2)) return dice.pick(['0', '0.0001', '1000000', sizeOf(pitch, 2_000)]);
  return sizeOf(pitch, dice.chance(10) ? dice.between(20, 60) : dice.between(1, 10));
}

/** So many steps from the index price. */
const priceAt = (pitch: Pitch, steps: number): string =>
  formatDecimal(pitch.indexTicks + steps * pitch.stepTicks, pitch.priceDecimals);

function randomOrder(dice: Dice, scene: Scene, pitch: Pitch): NewOrder {
  const held = scene.account.positions.find(({ market }) => market === pitch.symbol);
  const reduceOnly = dice.chance(held === undefined ? 3 : 22);
  const closing: Side = held?.size.startsWith('-') === true ? 'buy' : 'sell';
  const side = reduceOnly && dice.chance(90) ? closing : dice.pick<Side>(['buy', 'sell']);
  const away = side === 'buy' ? -1 : 1;
  const isMarket = dice.chance(14);
  const price = priceAt(pitch, away * dice.between(-STEPS_AROUND, STEPS_AROUND + 3));
  const trigger = dice.chance(17) ? randomTrigger(dice, pitch) : undefined;
  const hasExits = dice.chance(trigger === undefined && !reduceOnly ? 24 : 1);
  // Large ones fill bit by bit, and what is attached to them grows in commands of others.
  const size = hasExits && dice.chance(60) ? sizeOf(pitch, dice.between(20, 60)) : randomSize(dice, pitch);
  const timeInForce = isMarket ? dice.pick<TimeInForce>(['gtc', 'ioc', 'ioc', 'fok']) : limitTimeInForce(dice);
  const rests = !isMarket && timeInForce !== 'ioc' && timeInForce !== 'fok';
  return {
    market: pitch.symbol,
    side,
    size,
    orderType: isMarket ? 'market' : 'limit',
    timeInForce,
    ...(isMarket && dice.chance(80) ? {} : { price: dice.chance(1) ? dice.pick(['0', '0.5', '60000.01']) : price }),
    ...(reduceOnly ? { reduceOnly } : {}),
    ...(dice.chance(50) ? { clientOrderId: randomName(dice, scene) } : {}),
    ...(timeInForce === 'gtt' ? { expiresAt: scene.nowMs + dice.pick([-1, 300, 1_000, 3_000, 600_000]) } : {}),
    ...(dice.chance(rests ? 22 : 1) ? { displaySize: sizeOf(pitch, dice.between(1, 3)) } : {}),
    selfTrade: dice.pick(SELF_TRADES),
    selfTradeScope: dice.pick(['account', 'owner']),
    ...(trigger === undefined ? {} : { trigger }),
    ...(hasExits ? randomExits(dice, pitch, away) : {}),
  };
}

function limitTimeInForce(dice: Dice): TimeInForce {
  return dice.weighed({ gtc: 50, gtt: 14, ioc: 8, fok: 8, postOnly: 8, postOnlySlide: 12 });
}

function randomTrigger(dice: Dice, pitch: Pitch): NewTrigger {
  if (dice.chance(30))
    return { kind: 'trailingStop', trail: formatDecimal(dice.between(1, 9) * pitch.stepTicks, pitch.priceDecimals) };
  return { kind: dice.pick(['stop', 'takeProfit']), price: priceAt(pitch, dice.pick([-1, 1]) * dice.between(1, 20)) };
}

function randomExits(dice: Dice, pitch: Pitch, away: number): Pick<NewOrder, 'takeProfit' | 'stopLoss'> {
  const exit = (steps: number) => ({
    trigger: priceAt(pitch, steps),
    ...(dice.chance(30) ? { price: priceAt(pitch, steps + dice.between(-3, 3)) } : {}),
  });
  // Past every limit that an order may have here, a slip in twenty apart.
  const far = STEPS_AROUND + 4 + (dice.chance(5) ? -12 : 0);
  const only = dice.pick(['takeProfit', 'stopLoss', 'both', 'both']);
  return {
    ...(only === 'stopLoss' ? {} : { takeProfit: exit(-away * (far + dice.between(0, 20))) }),
    ...(only === 'takeProfit' ? {} : { stopLoss: exit(away * (far + dice.between(0, 20))) }),
  };
}

function randomName(dice: Dice, { names }: Scene): string {
  return names.length > 0 && dice.chance(20) ? dice.pick(names) : `n${dice.between(1, 1_000_000)}`;
}

/** Mostly an open order of the account, by id or by name. */
function referenceTo(dice: Dice, { orderId, clientOrderId }: OpenOrder): OrderRef {
  return clientOrderId !== '' && dice.chance(60) ? { clientOrderId } : orderId;
}

function randomReference(dice: Dice, scene: Scene): OrderRef {
  const { openOrders } = scene.account;
  if (openOrders.length > 0 && dice.chance(93)) return referenceTo(dice, dice.pick(openOrders));
  const { strangersOrderIds } = scene;
  return dice.pick([{ clientOrderId: 'gone' }, '999999', dice.pick([...strangersOrderIds, '1'])]);
}

function randomAmendment(dice: Dice, scene: Scene): Amendment {
  const { openOrders } = scene.account;
  if (openOrders.length === 0 || dice.chance(4)) {
    return { order: randomReference(dice, scene), market: 'BTC-USD', price: '60000', size: '0.01' };
  }
  const open = dice.pick(openOrders);
  const pitch = scene.pitches.find(({ symbol }) => symbol === open.market)!;
  const same = open.price ?? '0';
  const moved = priceAt(pitch, dice.between(-STEPS_AROUND, STEPS_AROUND));
  return {
    order: referenceTo(dice, open),
    market: dice.chance(98) ? open.market : 'SOL-USD',
    price: dice.chance(35) || open.price === null ? same : moved,
    size: dice.chance(25) ? open.size : dice.chance(30) ? open.remainingSize : randomSize(dice, pitch),
  };
}

/** A new order in place of an open one, often of the same name. */
function randomReplacement(dice: Dice, scene: Scene): Ask {
  const { openOrders } = scene.account;
  const order = randomOrder(dice, scene, dice.pick(scene.pitches));
  if (openOrders.length === 0) return { kind: 'replace', replaced: randomReference(dice, scene), order };
  const open = dice.pick(openOrders);
  const named = open.clientOrderId !== '' && dice.chance(60) ? { ...order, clientOrderId: open.clientOrderId } : order;
  return { kind: 'replace', replaced: referenceTo(dice, open), order: named };
}

/** Two orders of one market that rest or wait. */
function randomPair(dice: Dice, scene: Scene, pitch: Pitch): NewOrder[] {
  return Array.from({ length: dice.chance(97) ? 2 : 3 }, () => {
    const { takeProfit: _, stopLoss: __, ...order } = randomOrder(dice, scene, pitch);
    if (order.trigger !== undefined || dice.chance(4)) return order;
    const timeInForce = order.timeInForce === 'ioc' || order.timeInForce === 'fok' ? 'gtc' : order.timeInForce;
    const price = order.price ?? priceAt(pitch, dice.between(-STEPS_AROUND, STEPS_AROUND));
    return { ...order, orderType: 'limit' as const, ...(timeInForce === undefined ? {} : { timeInForce }), price };
  });
}

function randomScale(dice: Dice, scene: Scene, pitch: Pitch): NewScale {
  const side = dice.pick<Side>(['buy', 'sell']);
  const from = dice.between(-STEPS_AROUND, STEPS_AROUND);
  return {
    market: pitch.symbol,
    side,
    size: sizeOf(pitch, dice.between(10, 40)),
    fromPrice: priceAt(pitch, from),
    toPrice: priceAt(pitch, from + dice.pick([-1, 1]) * dice.between(dice.chance(95) ? 1 : 0, 8)),
    orderCount: dice.between(2, 6),
    skewPpm: dice.pick([1_000_000, 500_000, 3_000_000]),
    timeInForce: limitTimeInForce(dice),
    ...(dice.chance(10) ? { expiresAt: scene.nowMs + 2_000 } : {}),
    selfTrade: dice.pick(SELF_TRADES),
  };
}

function randomTwap(dice: Dice, scene: Scene, pitch: Pitch): NewTwap {
  const slices = dice.between(2, 6);
  return {
    market: pitch.symbol,
    side: dice.pick(['buy', 'sell']),
    size: sizeOf(pitch, slices * dice.between(1, 4)),
    durationMs: dice.between(10_000, 14_000),
    slices,
    ...(dice.chance(15) ? { reduceOnly: true } : {}),
    ...(dice.chance(30) ? { clientOrderId: randomName(dice, scene) } : {}),
  };
}
