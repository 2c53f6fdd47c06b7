import type { EngineState } from '@keel/engine';
import type { Event, OrderFilled } from '@keel/types';
import type { OrderMessage } from './orderMessages.ts';
import { RecordedBook, type RecordedOrder } from './recordedBook.ts';
import { arrange, type Recording } from './recording.ts';
import { ReplayExchange } from './replayExchange.ts';

/** Makers of each side; none stands on the other, so no order meets its own account. 64 times 200 orders may be open. */
const MAKERS_PER_SIDE = 64;

/** What the file gets wrong about the venue and is put right before the engine is judged. */
export interface Corrections {
  /** Orders are placed by their number where the file tells of them too late; see `arrange`. */
  readonly olderFirst: boolean;
  /**
   * An order that stands in the way of an execution or of a resting new order, and of which the file never speaks again,
   * has left the venue without a message: it is cancelled. The file tells of the ten best prices of each side; what
   * is cancelled further away has no line.
   */
  readonly silentLeavers: boolean;
}

/** Visible executions (type 4) by what became of them; together they are all. */
export interface Executions {
  total: number;
  /** The order's number is below the first that the file places: it rested before the file begins. */
  restedBefore: number;
  /** The order was placed while the file runs, but further than ten prices away: it has no line. */
  placedUnseen: number;
  /** Of orders that the file places: one fill, of the whole size, with exactly the recorded order; */
  exact: number;
  /** the venue took a younger order although an older one of the same price lived on; */
  venueTookYounger: number;
  /** an order stood in front of which the file never speaks again; */
  silentInFront: number;
  /** nothing stood in front by the file, but the engine's order had traded with another message before. */
  tradedBefore: number;
}

export interface ReplayReport {
  readonly messages: number;
  readonly newOrders: number;
  /** Of these, that would have traded on arrival: 0 if the book is the venue's. */
  readonly newOrdersThatTraded: number;
  readonly partialCancels: number;
  readonly cancels: number;
  /** Cancels of orders that the file does not place. */
  readonly cancelsOfUnknown: number;
  readonly executions: Readonly<Executions>;
  /** Types 5 to 7: nothing to replay them against. */
  readonly hiddenExecutions: number;
  readonly crosses: number;
  readonly movedAhead: number;
  /** Orders that had left without a message, by what gave them away. */
  readonly leftSilently: { readonly byExecution: number; readonly byNewOrder: number };
  readonly openAtTheEnd: number;
  readonly commands: number;
  readonly refusals: Readonly<Record<string, number>>;
}

/** Plays a recording into a fresh engine, one command per message, and says of each execution whom it met. */
export function replayOrders(
  messages: readonly OrderMessage[],
  corrections: Corrections,
): { readonly report: ReplayReport; readonly state: EngineState } {
  const replay = new Replay(arrange(messages, corrections.olderFirst), corrections.silentLeavers);
  return replay.run();
}

class Replay {
  readonly #recording: Recording;
  readonly #silentLeavers: boolean;
  readonly #book = new RecordedBook();
  readonly #exchange: ReplayExchange;
  readonly #count = { newOrder: 0, partialCancel: 0, cancel: 0, hiddenExecution: 0, cross: 0, halt: 0 };
  readonly #executions: Executions = {
    total: 0,
    restedBefore: 0,
    placedUnseen: 0,
    exact: 0,
    venueTookYounger: 0,
    silentInFront: 0,
    tradedBefore: 0,
  };
  readonly #left = { byExecution: 0, byNewOrder: 0 };
  #newOrdersThatTraded = 0;
  #cancelsOfUnknown = 0;
  #lastCents: number;

  constructor(recording: Recording, silentLeavers: boolean) {
    this.#recording = recording;
    this.#silentLeavers = silentLeavers;
    this.#lastCents = recording.messages.find((message) => message.cents > 0)?.cents ?? 1;
    this.#exchange = new ReplayExchange(2 * MAKERS_PER_SIDE, this.#lastCents);
  }

  run(): { report: ReplayReport; state: EngineState } {
    const { messages, movedAhead } = this.#recording;
    const beginMs = messages[0]?.timeMs ?? 0;
    for (const message of messages) {
      this.#exchange.moveTo(message.timeMs - beginMs, this.#lastCents);
      this.#play(message);
    }
    const report: ReplayReport = {
      messages: messages.length,
      newOrders: this.#count.newOrder,
      newOrdersThatTraded: this.#newOrdersThatTraded,
      partialCancels: this.#count.partialCancel,
      cancels: this.#count.cancel,
      cancelsOfUnknown: this.#cancelsOfUnknown,
      executions: this.#executions,
      hiddenExecutions: this.#count.hiddenExecution,
      crosses: this.#count.cross,
      movedAhead,
      leftSilently: this.#left,
      openAtTheEnd: this.#book.size,
      commands: this.#exchange.commands,
      refusals: Object.fromEntries(this.#exchange.refusals),
    };
    return { report, state: this.#exchange.state };
  }

  #play(message: OrderMessage): void {
    if (message.kind === 'execution') {
      this.#execute(message);
      return;
    }
    this.#count[message.kind] += 1;
    if (message.kind === 'newOrder') this.#place(message);
    else if (message.kind === 'cancel' || message.kind === 'partialCancel') this.#cancel(message);
  }

  #place({ number, side, cents, shares, line }: OrderMessage): void {
    if (this.#silentLeavers)
      for (const order of this.#book.facing(side, cents))
        if (this.#isSilentAfter(order, line)) {
          this.#leave(order);
          this.#left.byNewOrder += 1;
        }
    const account = 1 + (side === 'buy' ? 0 : MAKERS_PER_SIDE) + (this.#count.newOrder % MAKERS_PER_SIDE);
    const events = this.#exchange.place(account, side, cents, shares);
    if (fillsOf(events).length > 0) this.#newOrdersThatTraded += 1;
    const accepted = events.find((event) => event.kind === 'orderAccepted');
    if (accepted === undefined) return;
    const { orderId } = accepted;
    this.#book.add({ number, side, cents, account, orderId, sizeLots: shares, leftLots: shares });
  }

  #cancel({ kind, number, shares }: OrderMessage): void {
    const order = this.#book.find(number);
    if (order === undefined) {
      this.#cancelsOfUnknown += 1;
      return;
    }
    if (kind === 'cancel') {
      this.#leave(order);
      return;
    }
    order.sizeLots -= shares;
    this.#exchange.shrink(order.account, order.orderId, order.cents, order.sizeLots);
    this.#reduce(order, shares);
  }

  #execute({ number, cents, shares, line }: OrderMessage): void {
    const executions = this.#executions;
    executions.total += 1;
    this.#lastCents = cents;
    const order = this.#book.find(number);
    if (order === undefined) {
      // An order that was placed and is over cannot be executed; the file has none, and the sums would show one.
      if (number < this.#recording.firstNumber) executions.restedBefore += 1;
      else if (!this.#recording.placed.has(number)) executions.placedUnseen += 1;
      return;
    }
    if (this.#silentLeavers)
      for (const other of this.#book.inFrontOf(order))
        if (this.#isSilentAfter(other, line)) {
          this.#leave(other);
          this.#left.byExecution += 1;
        }
    const inFront = this.#book.inFrontOf(order);
    const fills = fillsOf(this.#exchange.take(order.side === 'buy' ? 'sell' : 'buy', cents, shares));
    const isExact = fills.length === 1 && fills[0]?.makerOrderId === order.orderId && fills[0].sizeLots === shares;
    if (isExact) executions.exact += 1;
    else if (inFront.some((other) => this.#isSilentAfter(other, line))) executions.silentInFront += 1;
    else if (inFront.length > 0) executions.venueTookYounger += 1;
    else executions.tradedBefore += 1;
    this.#reduce(order, shares);
  }

  #isSilentAfter(order: RecordedOrder, line: number): boolean {
    return (this.#recording.lastLineOf.get(order.number) ?? 0) < line;
  }

  #leave(order: RecordedOrder): void {
    this.#exchange.cancel(order.account, order.orderId);
    this.#book.remove(order);
  }

  #reduce(order: RecordedOrder, lots: number): void {
    order.leftLots -= lots;
    if (order.leftLots <= 0) this.#book.remove(order);
  }
}

function fillsOf(events: readonly Event[]): OrderFilled[] {
  return events.filter((event) => event.kind === 'orderFilled');
}
