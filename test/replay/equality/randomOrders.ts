import {
  type AttachedOrders,
  type MarketId,
  type OrderRequest,
  type Side,
  type TimeMs,
  type Trigger,
  toMarketId,
} from '@keel/types';
import type { FlowDice } from './flowDice.ts';

/** Orders near the index of their market, with a bit of everything. */
export class RandomOrders {
  readonly #dice: FlowDice;
  /** Index of each market, which moves. */
  readonly #ticks: readonly number[];

  constructor(dice: FlowDice, ticks: readonly number[]) {
    this.#dice = dice;
    this.#ticks = ticks;
  }

  /** An order near the mark with a bit of everything; some of it does not fit together, and is refused. */
  request(market: number, timeMs: TimeMs): OrderRequest {
    const marketId = toMarketId(market + 1);
    const side = this.#dice.side();
    const isMarket = this.#dice.chance(9);
    const timeInForce = this.#dice.pick([
      ...(['gtc', 'gtc', 'gtc', 'gtc', 'gtt', 'ioc', 'fok', 'postOnly', 'postOnlySlide'] as const),
    ]);
    const sizeLots = this.size(market);
    const trigger = this.#dice.chance(7) ? this.#trigger(market) : undefined;
    return {
      marketId,
      side,
      orderType: isMarket ? 'market' : 'limit',
      timeInForce: isMarket && !this.#dice.chance(5) ? 'ioc' : timeInForce,
      priceTicks: isMarket && !this.#dice.chance(4) ? 0 : this.near(market, side, this.#dice.chance(3) ? -8 : 8),
      sizeLots,
      reduceOnly: this.#dice.chance(6),
      clientOrderId: this.clientOrderId(),
      expiresAtMs: timeInForce === 'gtt' ? timeMs + this.#dice.draw(20_000) : 0,
      displayLots: this.#dice.chance(6) ? 1 + this.#dice.draw(sizeLots) : 0,
      selfTrade: this.#dice.pick(['expireMaker', 'expireTaker', 'expireBoth', 'decrement']),
      selfTradeScope: this.#dice.pick(['account', 'owner']),
      trigger,
      attached: trigger === undefined && this.#dice.chance(8) ? this.#attached(market, side) : undefined,
    };
  }

  #trigger(market: number): Trigger {
    const ticks = this.#ticks[market]!;
    const kind = this.#dice.pick(['stop', 'takeProfit', 'trailingStop']);
    const distance = 1 + this.#dice.draw(Math.max(2, Math.trunc(ticks / 100)));
    if (kind === 'trailingStop') return { kind, triggerTicks: 0, trailTicks: distance };
    return { kind, triggerTicks: Math.max(1, ticks + (this.#dice.chance(2) ? distance : -distance)), trailTicks: 0 };
  }

  #attached(market: number, side: Side): AttachedOrders {
    const ticks = this.#ticks[market]!;
    const away = side === 'buy' ? 1 : -1;
    const far = (): number => Math.trunc(ticks / 50) + this.#dice.draw(Math.max(2, Math.trunc(ticks / 50)));
    return {
      takeProfitTicks: this.#dice.chance(4) ? 0 : ticks + away * far(),
      takeProfitLimitTicks: 0,
      stopLossTicks: this.#dice.chance(4) ? 0 : Math.max(1, ticks - away * far()),
      stopLossLimitTicks: 0,
    };
  }

  clientOrderId(): string {
    return this.#dice.chance(4) ? `c${this.#dice.draw(3_000)}` : '';
  }

  /** Up to `parts` thousandths worse than the index for the side, or better (crossing) where negative. */
  near(market: number, side: Side, parts: number): number {
    const ticks = this.#ticks[market]!;
    const offset = Math.trunc((ticks * this.#dice.draw(Math.abs(parts) * 10 + 1)) / 10_000);
    const worse = side === 'buy' ? -offset : offset;
    return Math.max(1, ticks + (parts < 0 ? -worse : worse));
  }

  /** Worth about 100 to 12,000 USDC, so that accounts of a few thousand are soon stretched. */
  size(market: number): number {
    return (1 + this.#dice.draw(this.#dice.chance(4) ? 120 : 30)) * [2, 32, 600][market]!;
  }
}

/** A limit order of one lot without anything. */
export function plainOrder(marketId: MarketId, side: Side): OrderRequest {
  return {
    marketId,
    side,
    orderType: 'limit',
    timeInForce: 'gtc',
    priceTicks: 0,
    sizeLots: 1,
    reduceOnly: false,
    clientOrderId: '',
    expiresAtMs: 0,
    displayLots: 0,
    selfTrade: 'expireMaker',
    selfTradeScope: 'account',
    trigger: undefined,
    attached: undefined,
  };
}
