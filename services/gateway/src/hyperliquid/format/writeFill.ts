import type { FillDoc } from '@keel/redis';
import type { Address, Hex, MarketSpec } from '@keel/types';
import { formatPrice, formatQuote, formatSize } from '../../format/formatMarket.ts';
import { cloidOf, hashOfSequence, type SideLetter, sideLetter } from './parts.ts';

export interface FillAnswer {
  readonly coin: string;
  readonly px: string;
  readonly sz: string;
  readonly side: SideLetter;
  readonly time: number;
  readonly startPosition: string;
  readonly dir: string;
  readonly closedPnl: string;
  readonly hash: Hex;
  readonly oid: number;
  /** It took what rested. */
  readonly crossed: boolean;
  readonly fee: string;
  readonly tid: number;
  readonly feeToken: string;
  readonly twapId: null;
  readonly cloid?: Hex;
  readonly liquidation?: {
    readonly liquidatedUser?: Address;
    readonly markPx: string;
    readonly method: 'market' | 'backstop';
  };
}

/** One side of a trade, of an account of `owner`. A close-out's own account is always the taker, so whoever else met it is not told whom it closed. */
export function writeFill(fill: FillDoc, spec: MarketSpec, owner: Address): FillAnswer {
  const cloid = cloidOf(fill.clientOrderId);
  const taker = fill.role === 'taker';
  return {
    coin: spec.baseAsset,
    px: formatPrice(fill.priceTicks, spec),
    sz: formatSize(fill.sizeLots, spec),
    side: sideLetter(fill.side),
    time: fill.timeMs,
    startPosition: formatSize(fill.startLots, spec),
    dir: directionOf(fill),
    closedPnl: formatQuote(fill.realisedPnlAtoms),
    hash: hashOfSequence(fill.sequence),
    oid: fill.orderId,
    crossed: taker,
    fee: formatQuote(fill.feeAtoms),
    tid: fill.tradeId,
    feeToken: 'USDC',
    twapId: null,
    ...(cloid === undefined ? {} : { cloid }),
    ...(fill.liquidation ? { liquidation: liquidationOf(fill, spec, taker ? owner : undefined) } : {}),
  };
}

/** Mark is not kept with a fill; its price stands in. */
function liquidationOf(
  fill: FillDoc,
  spec: MarketSpec,
  user: Address | undefined,
): NonNullable<FillAnswer['liquidation']> {
  const liquidated = user === undefined ? {} : { liquidatedUser: user };
  return { ...liquidated, markPx: formatPrice(fill.priceTicks, spec), method: 'market' };
}

/** What the fill did to the position, in the words that clients know. */
function directionOf({ side, sizeLots, startLots, liquidation, role }: FillDoc): string {
  const long = startLots > 0;
  if (liquidation && role === 'taker') return `Liquidated Cross ${long ? 'Long' : 'Short'}`;
  const buys = side === 'buy';
  if (startLots === 0 || long === buys) return buys ? 'Open Long' : 'Open Short';
  if (sizeLots <= Math.abs(startLots)) return long ? 'Close Long' : 'Close Short';
  return long ? 'Long > Short' : 'Short > Long';
}
