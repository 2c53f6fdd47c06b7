import { formatDecimal, QUOTE_DECIMALS } from '@keel/types';
import { askAny } from '../nodes/askAny.ts';
import type { NodeDoor } from '../nodes/nodeDoor.ts';
import { tableOf } from '../table.ts';
import { countText } from '../times.ts';
import { type ListedMarket, marketsSchema } from './marketSchemas.ts';

const HEAD = ['market', 'trading', 'index', 'quality', 'mark', 'open interest', 'insurance USDC', 'backstop USDC'];

/** The markets of the exchange as the first node that answers has them; the leader is asked before the others. */
export async function listMarkets(door: NodeDoor): Promise<{ readonly facts: object; readonly text: string }> {
  const { url, value } = await askAny(door, '/markets', marketsSchema);
  const lines = tableOf(HEAD, value.markets.map(rowOf));
  return { facts: { node: url, ...value }, text: [`as ${url} has them`, ...lines].join('\n') };
}

function rowOf(market: ListedMarket): string[] {
  const price = (ticks: number): string => (ticks === 0 ? '-' : formatDecimal(ticks, market.priceDecimals));
  const { tradingStatus, resumeStage = 0, openInterestLots, sizeDecimals } = market;
  return [
    market.symbol,
    resumeStage > 0 ? `${tradingStatus}, coming back (stage ${resumeStage})` : tradingStatus,
    price(market.indexTicks),
    market.quality,
    price(market.markTicks),
    formatDecimal(openInterestLots, sizeDecimals),
    usdc(market.insuranceFundAtoms),
    usdc(market.backstopEquityAtoms),
  ];
}

/** Whole USDC; what is less than one is for the JSON. */
function usdc(atoms: number | undefined): string {
  return countText(atoms === undefined ? undefined : Math.trunc(atoms / 10 ** QUOTE_DECIMALS));
}
