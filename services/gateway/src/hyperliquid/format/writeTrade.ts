import type { TradeDoc } from '@keel/redis';
import type { Address, Hex, MarketSpec } from '@keel/types';
import { formatPrice, formatSize } from '../../format/formatMarket.ts';
import { hashOfSequence, type SideLetter, sideLetter, ZERO_ADDRESS } from './parts.ts';

export interface TradeOnTape {
  readonly coin: string;
  /** Of the taker. */
  readonly side: SideLetter;
  readonly px: string;
  readonly sz: string;
  readonly time: number;
  readonly hash: Hex;
  readonly tid: number;
  readonly users: readonly [buyer: Address, seller: Address];
}

const NOBODY = [ZERO_ADDRESS, ZERO_ADDRESS] as const;

/** A trade of the tape. `users` where both sides are known. */
export function writeTrade(trade: TradeDoc, spec: MarketSpec, users: TradeOnTape['users'] = NOBODY): TradeOnTape {
  return {
    coin: spec.baseAsset,
    side: sideLetter(trade.takerSide),
    px: formatPrice(trade.priceTicks, spec),
    sz: formatSize(trade.sizeLots, spec),
    time: trade.timeMs,
    hash: hashOfSequence(trade.sequence),
    tid: trade.tradeId,
    users,
  };
}
