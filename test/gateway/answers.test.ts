import { readAccountIdOf, readOrder } from '@keel/engine';
import type { MarketDoc } from '@keel/redis';
import {
  type Address,
  type Command,
  type EventBlock,
  formatDecimal,
  type OrderAmendment,
  toOrderId,
  toSequence,
} from '@keel/types';
import { expect, test } from 'vitest';
import { Exchange } from '../../packages/engine/test/exchange.ts';
import { createModel } from '../../packages/engine/test/oracle/model.ts';
import { predict } from '../../packages/engine/test/oracle/predict.ts';
import { openingCommands, randomCommands } from '../../packages/engine/test/oracle/randomTraders.ts';
import { compileSchema } from '../../services/gateway/src/compileSchema.ts';
import { formatCancel, formatCancels } from '../../services/gateway/src/format/formatAck.ts';
import { formatAmend, formatAmends } from '../../services/gateway/src/format/formatAmend.ts';
import { formatOrder, formatOrders, formatReplace } from '../../services/gateway/src/format/formatOrder.ts';
import { MarketDirectory } from '../../services/gateway/src/marketDirectory.ts';
import {
  type AmendedItem,
  amendAnswer,
  amendsAnswer,
  cancelAnswer,
  cancelsAnswer,
  orderAnswer,
  ordersAnswer,
  type PlacedItem,
  replaceAnswer,
} from '../../services/gateway/src/wire/answers.ts';

/**
 * What the gateway answers to random orders, made from the events of the command alone, against how the engine has those
 * orders afterwards. An answer that cannot be made would be told to a customer as a fault, with the order in the book.
 */
const { KEEL_TEST_SEED } = process.env;
const SEEDS = KEEL_TEST_SEED === undefined ? [201, 202] : [Number(KEEL_TEST_SEED)];
const RUNS_PER_SEED = 12;
const STEPS_PER_RUN = 500;

const checks = {
  order: compileSchema(orderAnswer, 'json'),
  orders: compileSchema(ordersAnswer, 'json'),
  replace: compileSchema(replaceAnswer, 'json'),
  amend: compileSchema(amendAnswer, 'json'),
  amends: compileSchema(amendsAnswer, 'json'),
  cancel: compileSchema(cancelAnswer, 'json'),
  cancels: compileSchema(cancelsAnswer, 'json'),
};

/** Answers by what they said, so that a run that met nothing is seen. */
type Seen = Map<string, number>;

/** Answers of one exchange, each held to its schema and to the engine's own order. */
class Judge {
  readonly #exchange: Exchange;
  readonly #markets = new MarketDirectory();
  readonly #seen: Seen;

  constructor(exchange: Exchange, seen: Seen) {
    this.#exchange = exchange;
    this.#seen = seen;
  }

  judge(command: Command, block: EventBlock): void {
    for (const event of block.events) {
      // Of a market's document the answers read its specification only.
      if (event.kind === 'marketListed') this.#markets.put({ spec: event.spec } as MarketDoc);
      if (event.kind === 'commandRejected') return;
    }
    switch (command.kind) {
      case 'placeOrder':
      case 'placeTwap':
        this.#compare(checks.order(formatOrder(block, this.#markets)), block);
        return;
      case 'replaceOrder':
        this.#compare(checks.replace(formatReplace(block, this.#markets)), block);
        return;
      case 'placeOrders':
      case 'placeScale': {
        const { items } = checks.orders(formatOrders(block, this.#markets));
        const asked = command.kind === 'placeOrders' ? command.orders.length : command.orderCount;
        const known = command.kind === 'placeOrders' && command.grouping === 'oneCancelsOther' && items.length === 1;
        if (!known) expect(items).toHaveLength(asked);
        for (const item of items) if (!('error' in item)) this.#compare(item, block);
        return;
      }
      case 'amendOrder': {
        const answer = checks.amend(formatAmend(block, command, this.#markets));
        if (command.orderId !== 0) expect(answer.orderId).toBe(String(command.orderId));
        this.#compareAmended(answer, command, command.auth.owner);
        return;
      }
      case 'amendOrders': {
        const { items } = checks.amends(formatAmends(block, this.#markets));
        expect(items).toHaveLength(command.amendments.length);
        return;
      }
      case 'cancelOrder':
      case 'cancelAllOrders':
        this.#allGone(checks.cancel(formatCancel(block)).cancelledOrderIds);
        return;
      case 'cancelOrders': {
        const { items, cancelledOrderIds } = checks.cancels(formatCancels(block));
        for (const item of items) if (!('error' in item)) expect(cancelledOrderIds).toContain(item.orderId);
        this.#allGone(cancelledOrderIds);
        return;
      }
      // The others are not about orders.
      default:
        return;
    }
  }

  #compare(answer: PlacedItem, { events }: EventBlock): void {
    this.#count(answer.duplicate ? 'duplicate' : String(answer.state));
    const orderId = toOrderId(Number(answer.orderId));
    if (answer.duplicate) return;
    const order = readOrder(this.#exchange.state, orderId);
    const isOver = answer.state === 'filled' || answer.state === 'closed';
    expect(order?.state).toBe(isOver ? undefined : answer.state);
    expect(answer.closeReason === null).toBe(!isOver);
    const accepted = events.find((event) => event.kind === 'orderAccepted' && event.orderId === orderId);
    if (accepted?.kind !== 'orderAccepted') expect.unreachable(`order ${orderId} was not accepted`);
    const { sizeDecimals, priceDecimals } = this.#markets.spec(accepted.marketId);
    const tradedLots = events.reduce(
      (lots, event) =>
        event.kind === 'orderFilled' && (event.takerOrderId === orderId || event.makerOrderId === orderId)
          ? lots + event.sizeLots
          : lots,
      0,
    );
    expect(answer.filledSize).toBe(formatDecimal(tradedLots, sizeDecimals));
    if (order === undefined) return;
    expect(answer).toMatchObject({
      clientOrderId: order.clientOrderId,
      expiresAt: order.expiresAtMs,
      price: order.priceTicks === 0 ? null : formatDecimal(order.priceTicks, priceDecimals),
      remainingSize: formatDecimal(order.remainingLots, sizeDecimals),
      shownSize: formatDecimal(order.shownLots, sizeDecimals),
    });
  }

  #compareAmended(answer: AmendedItem, { orderId, clientOrderId, marketId }: OrderAmendment, owner: Address): void {
    this.#count(`amended ${answer.state}${orderId === 0 ? ' by name' : ''}`);
    const order = readOrder(this.#exchange.state, toOrderId(Number(answer.orderId)));
    expect(order !== undefined).toBe(answer.state === 'open');
    if (order === undefined) return;
    expect(order.accountId).toBe(readAccountIdOf(this.#exchange.state, owner));
    if (orderId === 0) expect(order.clientOrderId).toBe(clientOrderId);
    const { sizeDecimals, priceDecimals } = this.#markets.spec(marketId);
    expect(answer).toMatchObject({
      price: order.priceTicks === 0 ? null : formatDecimal(order.priceTicks, priceDecimals),
      size: formatDecimal(order.sizeLots, sizeDecimals),
      remainingSize: formatDecimal(order.remainingLots, sizeDecimals),
    });
  }

  #allGone(orderIds: readonly string[]): void {
    this.#count('cancelled');
    for (const orderId of orderIds) expect(readOrder(this.#exchange.state, toOrderId(Number(orderId)))).toBeUndefined();
  }

  #count(what: string): void {
    this.#seen.set(what, (this.#seen.get(what) ?? 0) + 1);
  }
}

/** The oracle's traders and its model, which knows what there is to ask for. */
function playRun(seed: number, seen: Seen): void {
  const exchange = new Exchange();
  const model = createModel();
  const judge = new Judge(exchange, seen);
  const run = (command: Command): void => {
    const events = exchange.run(command);
    predict(model, command, exchange.timeMs, events);
    judge.judge(command, { sequence: toSequence(exchange.state.sequence), timeMs: exchange.timeMs, events });
  };
  for (const command of openingCommands(exchange)) run(command);
  for (let step = 0; step < STEPS_PER_RUN; step += 1)
    for (const command of randomCommands(exchange, model, seed + step)) run(command);
}

test.each(SEEDS)('every answer of random trading says how the order is, seed %i', (seed) => {
  const seen: Seen = new Map();
  for (let run = 0; run < RUNS_PER_SEED; run += 1) playRun(seed * 1_000_000 + run * STEPS_PER_RUN, seen);
  const placed = ['resting', 'waiting', 'twap', 'filled', 'closed', 'duplicate'];
  for (const what of [...placed, 'amended open', 'amended open by name', 'cancelled'])
    expect(seen.get(what), what).toBeGreaterThan(20);
});
