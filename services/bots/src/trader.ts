import {
  type Acknowledged,
  KeelClient,
  KeelError,
  type NewOrder,
  type OpenOrder,
  type PlacedOrder,
} from '@keel/client';
import { type Address, formatDecimal, type Hex, QUOTE_DECIMALS, type Side, type TimeInForce } from '@keel/types';
import { type MarketView, unitsOf } from './marketView.ts';
import type { OrderBudget } from './orderBudget.ts';
import { countRefusal, type Tally } from './tally.ts';

/** An account in units. */
export interface AccountView {
  readonly collateralAtoms: number;
  readonly equityAtoms: number;
  /** Signed size in base units, by market. */
  readonly positions: ReadonlyMap<string, string>;
  readonly openOrders: readonly OpenOrder[];
  readonly inLiquidation: boolean;
}

/** An order in the units of its market. */
export interface UnitOrder {
  readonly side: Side;
  readonly priceTicks: number;
  readonly sizeLots: number;
  readonly timeInForce: TimeInForce;
  readonly reduceOnly?: boolean;
  readonly clientOrderId?: string;
}

/** Before the first deposit there is no account; the gateway may say so in either way. */
const NO_ACCOUNT_CODES = ['ACCOUNT_UNKNOWN', 'NOT_FOUND'];

/** One key that trades. A refusal of the exchange is an answer; only the want of an answer throws. */
export class Trader {
  readonly name: string;
  readonly client: KeelClient;
  readonly #budget: OrderBudget;
  readonly #tally: Tally;

  constructor(options: {
    readonly name: string;
    readonly url: string;
    readonly privateKey: Hex;
    readonly budget: OrderBudget;
    readonly tally: Tally;
  }) {
    this.name = options.name;
    this.client = new KeelClient({ url: options.url, privateKey: options.privateKey });
    this.#budget = options.budget;
    this.#tally = options.tally;
  }

  get address(): Address {
    return this.client.address;
  }

  /** Undefined before the first deposit is credited. Throws KeelError. */
  async account(): Promise<AccountView | undefined> {
    try {
      const account = await this.client.account();
      return {
        collateralAtoms: unitsOf(account.collateral, QUOTE_DECIMALS),
        equityAtoms: unitsOf(account.equity, QUOTE_DECIMALS),
        positions: new Map(account.positions.map(({ market, size }) => [market, size])),
        openOrders: account.openOrders,
        inLiquidation: account.inLiquidation,
      };
    } catch (fault) {
      if (fault instanceof KeelError && NO_ACCOUNT_CODES.includes(fault.code)) return undefined;
      throw fault;
    }
  }

  /** Throws KeelError only where the same request may succeed later. */
  place(market: MarketView, order: UnitOrder, nonce?: number): Promise<PlacedOrder | KeelError> {
    const sent = newOrder(market, order);
    return this.#submit(async () => {
      const placed = await this.client.placeOrder(sent, { over: 'ws', ...nonceOption(nonce) });
      this.#tally.orders += 1;
      this.#tally.fills += placed.fills.length;
      return placed;
    });
  }

  cancel(orderId: string, nonce?: number): Promise<Acknowledged | KeelError> {
    return this.#submit(async () => {
      const cancelled = await this.client.cancelOrder(orderId, { over: 'ws', ...nonceOption(nonce) });
      this.#tally.cancels += 1;
      return cancelled;
    });
  }

  /** Makes a resting order `sizeLots` large, what has traded included; less at the same price keeps its place. */
  amend(
    market: MarketView,
    order: { readonly orderId: string; readonly priceTicks: number; readonly sizeLots: number },
    nonce?: number,
  ): Promise<Acknowledged | KeelError> {
    const price = formatDecimal(order.priceTicks, market.priceDecimals);
    const size = formatDecimal(order.sizeLots, market.sizeDecimals);
    return this.#submit(async () => {
      const terms = { order: order.orderId, market: market.symbol, price, size };
      const amended = await this.client.amendOrder(terms, { over: 'ws', ...nonceOption(nonce) });
      this.#tally.amends += 1;
      return amended;
    });
  }

  /** Every open order of one market, or of all. */
  cancelAll(symbol = ''): Promise<Acknowledged | KeelError> {
    return this.#submit(async () => {
      const cancelled = await this.client.cancelAll(symbol, { over: 'ws' });
      this.#tally.cancels += 1;
      return cancelled;
    });
  }

  close(): void {
    this.client.close();
  }

  async #submit<Answer>(send: () => Promise<Answer>): Promise<Answer | KeelError> {
    await this.#budget.take();
    try {
      return await send();
    } catch (fault) {
      if (!(fault instanceof KeelError) || fault.retryable) throw fault;
      countRefusal(this.#tally, fault.code);
      return fault;
    }
  }
}

function newOrder(market: MarketView, order: UnitOrder): NewOrder {
  return {
    market: market.symbol,
    side: order.side,
    price: formatDecimal(order.priceTicks, market.priceDecimals),
    size: formatDecimal(order.sizeLots, market.sizeDecimals),
    timeInForce: order.timeInForce,
    reduceOnly: order.reduceOnly ?? false,
    clientOrderId: order.clientOrderId ?? '',
  };
}

function nonceOption(nonce: number | undefined): { readonly nonce?: number } {
  return nonce === undefined ? {} : { nonce };
}
