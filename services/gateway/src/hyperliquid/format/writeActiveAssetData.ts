import type { AccountView } from '@keel/redis';
import {
  type Address,
  accountMargin,
  assert,
  cautiousTicks,
  divCeil,
  divFloorBig,
  type MarketId,
  notionalAtoms,
  openInterestAtoms,
  PPM,
  type SizeLots,
  scaledInitialPpm,
} from '@keel/types';
import { heldBy } from '../../format/formatAccount.ts';
import { formatPrice, formatQuote, formatSize } from '../../format/formatMarket.ts';
import { type Leverage, leverageOf } from './writeClearinghouse.ts';

export interface ActiveAssetData {
  readonly user: Address;
  readonly coin: string;
  readonly leverage: Leverage;
  readonly maxTradeSzs: readonly [buy: string, sell: string];
  readonly availableToTrade: readonly [buy: string, sell: string];
  readonly markPx: string;
}

/**
 * What a user may still trade in a market: equity that initial margin does not need, and the size that it carries at the rate
 * of the lowest tier, rounded down; on the side that closes the position that much more. Fees and worse prices are not in
 * it: whether an order fits is decided when it comes. The market must be one of the view's.
 */
export function writeActiveAssetData(view: AccountView, user: Address, marketId: MarketId): ActiveAssetData {
  const market = view.markets.find(({ spec }) => spec.marketId === marketId);
  assert(market !== undefined, `the read model has no market ${marketId}`);
  const { spec, markTicks } = market;
  const marketById = new Map(view.markets.map((doc) => [doc.spec.marketId, doc]));
  const { account } = view;
  const held =
    account === undefined
      ? { collateralAtoms: 0, positions: [], balances: [] }
      : heldBy(account, view.orders, marketById, view.collaterals);
  const margin = accountMargin(held.collateralAtoms, held.positions, held.balances);
  const free = Math.max(0, margin.cautiousEquityAtoms - margin.cautiousMarginAtoms);
  const set = account?.leverages.find((setting) => setting.marketId === marketId)?.leverage ?? 0;
  const ratePpm = scaledInitialPpm(
    spec,
    spec.initialMarginPpm,
    openInterestAtoms(spec, markTicks, market.openInterestLots),
  );
  const neededPpm = set === 0 ? ratePpm : Math.max(ratePpm, divCeil(PPM, set));
  const lotAtoms = notionalAtoms(spec, cautiousTicks(market), 1);
  const opening =
    lotAtoms === 0 ? 0 : Number(divFloorBig(BigInt(free) * BigInt(PPM), BigInt(lotAtoms) * BigInt(neededPpm)));
  const position = held.positions.find((candidate) => candidate.spec.marketId === marketId)?.sizeLots ?? 0;
  const size = (closing: SizeLots): string =>
    formatSize(Math.min(spec.maxOrderLots, opening + Math.max(0, closing)), spec);
  const atoms = formatQuote(free);
  return {
    user,
    coin: spec.baseAsset,
    leverage: leverageOf(set, spec),
    maxTradeSzs: [size(-position), size(position)],
    availableToTrade: [atoms, atoms],
    markPx: formatPrice(markTicks, spec),
  };
}
