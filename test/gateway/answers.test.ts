import { type Account, KeelError } from '@keel/client';
import { type Hex, REJECT_CODES, type TradingStatus } from '@keel/types';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Answer, type Ask, sendAsk } from './ask.ts';
import { Dice } from './dice.ts';
import { FollowedAccount } from './followedAccount.ts';
import { judgeAnswer } from './judgeAnswer.ts';
import { type Pitch, randomAsk } from './randomAsk.ts';
import { type Door, startDoor } from './startDoor.ts';
import { sumOf, units } from './units.ts';

/**
 * Random orders of every kind through the real door: what each answer says must be what GET says of the account at that
 * very sequence, and what the account's channel says. The seed is printed on failure: KEEL_TEST_SEED=n asks the same again,
 * though the clock is real, so that what the same request meets may differ by a tick of time.
 */
const { KEEL_TEST_SEED, KEEL_LONG } = process.env;
const SEED = Number(KEEL_TEST_SEED ?? 201);
// Fewer than would make an account forget the first of its client order ids.
const STEPS = KEEL_LONG === undefined ? 400 : 1_200;
const USDC = 1_000_000;
/** One who can stand anything, and three who can stand less and less. */
const DEPOSITS = [1_000_000, 3_000, 400, 60] as const;
/** An index price is good for ten seconds. */
const PRICE_GOOD_MS = 4_000;
/** Refusals of the door itself that a slip of these traders may get. */
const DOOR_REFUSALS = new Set(['PRICE_OFF_TICK', 'SIZE_OFF_LOT']);
/** Nobody here asks without an account, a right to or a nonce of his own. */
const NEVER = new Set(Object.entries(REJECT_CODES).flatMap(([name, code]) => (code < 200 ? [name] : [])));

let door: Door;
const traders: FollowedAccount[] = [];
const pitches: Pitch[] = [
  {
    ...{ symbol: 'BTC-USD', marketId: 1, priceDecimals: 1, sizeDecimals: 5 },
    ...{ stepTicks: 50, unitLots: 100, indexTicks: 600_000 },
  },
  {
    ...{ symbol: 'ETH-USD', marketId: 2, priceDecimals: 2, sizeDecimals: 4 },
    ...{ stepTicks: 25, unitLots: 200, indexTicks: 300_000 },
  },
];
const met = new Map<string, number>();
const count = (what: string): void => {
  met.set(what, (met.get(what) ?? 0) + 1);
};

beforeAll(async () => {
  door = await startDoor();
  for (const [at, usdc] of DEPOSITS.entries()) {
    const key: Hex = `0x${`c${at + 1}`.repeat(32)}`;
    const trader = new FollowedAccount(door.url, key);
    traders.push(trader);
    await door.deposit(trader.client.address, usdc * USDC);
  }
  for (const trader of traders) await trader.follow();
});
afterAll(async () => {
  for (const trader of traders) trader.close();
  await door?.stop();
});

/** Prices walk, and now and then one falls or rises so far that somebody is liquidated. */
class Operator {
  readonly #dice: Dice;
  #pricedMs = 0;
  #shut: number | undefined;

  constructor(dice: Dice) {
    this.#dice = dice;
  }

  async act(): Promise<void> {
    const stale = Date.now() - this.#pricedMs > PRICE_GOOD_MS;
    if (stale) this.#pricedMs = Date.now();
    for (const pitch of pitches) {
      if (!stale && !this.#dice.chance(8)) continue;
      const far = this.#dice.chance(6);
      pitch.indexTicks += this.#dice.between(-8, 8) * pitch.stepTicks * (far ? 60 : 1);
      await door.price(pitch.marketId, pitch.indexTicks);
    }
    if (this.#shut !== undefined && this.#dice.chance(15)) await this.#set(this.#shut, 'open');
    else if (this.#shut === undefined && this.#dice.chance(2))
      await this.#set(this.#dice.pick(pitches).marketId, this.#dice.pick(['postOnly', 'cancelOnly', 'halted']));
  }

  async #set(marketId: number, status: TradingStatus): Promise<void> {
    await door.setTradingStatus(marketId, status);
    this.#shut = status === 'open' ? undefined : marketId;
  }
}

interface Asked {
  readonly trader: FollowedAccount;
  /** What was known of the account when it asked. */
  readonly before: Account;
  readonly fillsBefore: ReadonlySet<string>;
  readonly fillsBeforeSequence: number;
  readonly ask: Ask;
  readonly over: 'rest' | 'ws';
}

/** `choose` picks the ask, knowing what the trader knows. */
async function prepare(trader: FollowedAccount, dice: Dice, choose = randomAsk): Promise<Asked> {
  const [before, fillsBeforeSequence] = await Promise.all([trader.read(0), trader.readFills(0)]);
  const fillsBefore = new Set(trader.fills.keys());
  const strangersOrderIds = traders
    .filter((other) => other !== trader)
    .flatMap(({ latest }) => latest.openOrders.map(({ orderId }) => orderId));
  const names = [...trader.names.keys()];
  const ask = choose(dice, { account: before, pitches, names, strangersOrderIds, nowMs: Date.now() });
  return { trader, before, fillsBefore, fillsBeforeSequence, ask, over: dice.pick(['rest', 'ws']) };
}

function send({ trader, ask, over }: Asked): Promise<Answer | KeelError> {
  return sendAsk(trader.client, ask, { over }).catch((fault: unknown) => {
    if (fault instanceof KeelError) return fault;
    throw fault;
  });
}

function judgeRefusal(error: KeelError, ask: Ask, trader: FollowedAccount): void {
  count('refused');
  const { code } = error;
  expect((code in REJECT_CODES && !NEVER.has(code)) || DOOR_REFUSALS.has(code), `refused with ${error.message}`).toBe(
    true,
  );
  // A name that is taken is told before every fault of the order.
  if (ask.kind === 'place' && error.details.sequence !== undefined)
    expect(trader.names.has(ask.order.clientOrderId ?? '')).toBe(false);
}

/** Every open order was told of by an answer, or is attached to one that was; and has traded what its fills say. */
function judgeOrders(trader: FollowedAccount, fillsSequence: number): void {
  const { told, latest } = trader;
  for (const { orderId, parentOrderId, size, remainingSize } of latest.openOrders) {
    expect(told.has(parentOrderId ?? orderId), `no answer told of order ${orderId}`).toBe(true);
    if (fillsSequence !== latest.sequence) continue;
    const traded = sumOf(trader.fillsOf(orderId).map((fill) => fill.size));
    expect(units(size) - units(remainingSize), `order ${orderId} and its fills`).toBe(traded);
  }
}

/** One trader asks, or several at once. */
async function step(dice: Dice): Promise<void> {
  const asking = dice.chance(8) ? traders : [dice.pick(traders)];
  const asked: Asked[] = [];
  // One after the other, so that the dice fall in the same order again.
  for (const trader of asking) asked.push(await prepare(trader, dice));
  await askAndJudge(asked);
}

/** Sends all at once; then everybody is looked at. */
async function askAndJudge(asked: readonly Asked[]): Promise<void> {
  const outcomes = await Promise.all(asked.map(send));
  const last = Math.max(0, ...outcomes.map((told) => (told instanceof KeelError ? 0 : told.answer.sequence)));
  await Promise.all(traders.map((trader) => trader.read(last)));
  for (const [at, outcome] of outcomes.entries()) {
    const { trader, ask, over, before, fillsBefore, fillsBeforeSequence } = asked[at]!;
    const fillsSequence = await trader.readFills(last);
    try {
      if (outcome instanceof KeelError) judgeRefusal(outcome, ask, trader);
      else {
        count(`${ask.kind} over ${over}`);
        const then = { before, fillsBefore, fillsBeforeSequence };
        const now = { after: trader.latest, fillsSequence };
        judgeAnswer(ask, outcome, { followed: trader, pitches, ...then, ...now, count });
      }
      judgeOrders(trader, fillsSequence);
    } catch (fault) {
      const told = outcome instanceof KeelError ? outcome.message : outcome;
      throw new Error(`${(fault as Error).message}\n${JSON.stringify({ over, ask, told }, undefined, 1)}`, {
        cause: fault,
      });
    }
  }
}

/** What the run must have met often, and what now and then: one that met nothing proves nothing. */
const OFTEN = ['exact account', 'exact fills', 'adjacent before', 'resting', 'refused', 'refused item', 'traded'];
const SOMETIMES = [
  ...['waiting', 'twap', 'filled', 'closed', 'duplicate', 'pair', 'slid', 'traded more than once', 'dead-man switch'],
  ...['amended open', 'amended open by name', 'kept its place', 'lost its place', 'replaced'],
  ...['cancelled', 'cancelled all', 'cancelled item'],
];

/**
 * What chance seldom brings: an order amended by its name meets another, and after it is amended what is attached to that
 * one is amended too, because it grows. Trader and ask, in order.
 */
const btc = { market: 'BTC-USD' } as const;
const exits = { takeProfit: { trigger: '58000' }, stopLoss: { trigger: '62000' } };
const OPENING: readonly (readonly [trader: number, ask: Ask])[] = [
  [0, { kind: 'place', order: { ...btc, side: 'sell', size: '0.05', price: '60000', ...exits } }],
  [1, { kind: 'place', order: { ...btc, side: 'buy', size: '0.01', price: '60000', timeInForce: 'ioc' } }],
  [1, { kind: 'place', order: { ...btc, side: 'buy', size: '0.02', price: '59900', clientOrderId: 'moved' } }],
  [1, { kind: 'amend', amendment: { ...btc, order: { clientOrderId: 'moved' }, price: '60000', size: '0.015' } }],
];

test('an amendment by name that makes attached orders grow is answered with its own order', async () => {
  await door.price(pitches[0]!.marketId, pitches[0]!.indexTicks);
  for (const [at, ask] of OPENING) await askAndJudge([await prepare(traders[at]!, new Dice(at), () => ask)]);
  expect(traders[0]!.latest.openOrders.map(({ size }) => size)).toEqual(['0.05', '0.025', '0.025']);
  expect(met.get('amended filled by name')).toBe(1);
});

test(`every answer says what GET and the channel say, seed ${SEED}`, async () => {
  const dice = new Dice(SEED);
  const operator = new Operator(dice);
  for (let at = 0; at < STEPS; at += 1) {
    await operator.act();
    await step(dice);
  }
  for (const trader of traders) {
    await trader.expectChannelAgrees();
    expect(trader.framesCompared).toBeGreaterThan(10);
  }
  for (const what of OFTEN) expect(met.get(what) ?? 0, what).toBeGreaterThan(30);
  for (const what of SOMETIMES) expect(met.get(what) ?? 0, what).toBeGreaterThan(0);
}, 120_000);
