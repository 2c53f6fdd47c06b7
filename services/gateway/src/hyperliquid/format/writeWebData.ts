import type { AccountView, At } from '@keel/redis';
import type { Address, TimeMs } from '@keel/types';
import type { AssetCtx } from './writeAssetCtx.ts';
import { type Clearinghouse, writeClearinghouse } from './writeClearinghouse.ts';
import { type Meta, writeMeta } from './writeMeta.ts';
import { type FrontendOrder, writeFrontendOrder } from './writeOrder.ts';
import { type SpotState, writeSpotState } from './writeSpotState.ts';

/** All that a page shows of a user and the markets. */
export interface WebData {
  readonly clearinghouseState: Clearinghouse;
  readonly leadingVaults: readonly never[];
  readonly totalVaultEquity: string;
  readonly openOrders: readonly FrontendOrder[];
  readonly agentAddress: null;
  readonly agentValidUntil: null;
  /** What was paid in and out is in the ledger; its sum is not kept. */
  readonly cumLedger: string;
  readonly meta: Meta;
  readonly assetCtxs: readonly AssetCtx[];
  readonly serverTime: TimeMs;
  readonly isVault: boolean;
  readonly user: Address;
  readonly twapStates: readonly never[];
  readonly spotState: SpotState;
  readonly spotAssetCtxs: readonly never[];
  readonly perpsAtOpenInterestCap: readonly string[];
}

/** `user` as it was asked for; `assetCtxs` in the order of the markets. */
export function writeWebData(view: At<AccountView>, user: Address, assetCtxs: readonly AssetCtx[]): WebData {
  const specs = view.markets.map(({ spec }) => spec);
  return {
    clearinghouseState: writeClearinghouse(view),
    leadingVaults: [],
    totalVaultEquity: '0',
    openOrders: writeOpenOrders(view),
    agentAddress: null,
    agentValidUntil: null,
    cumLedger: '0',
    meta: writeMeta(specs),
    assetCtxs,
    serverTime: view.head.timeMs,
    isVault: false,
    user,
    twapStates: [],
    spotState: writeSpotState(view),
    spotAssetCtxs: [],
    perpsAtOpenInterestCap: coinsAtCap(view),
  };
}

/** Newest first, as clients are used to. */
export function writeOpenOrders({ orders, markets }: AccountView): FrontendOrder[] {
  const specs = new Map(markets.map(({ spec }) => [spec.marketId, spec]));
  const written = orders.flatMap((order) => {
    const spec = specs.get(order.marketId);
    return spec === undefined ? [] : [writeFrontendOrder(order, spec)];
  });
  return written.reverse();
}

/** Markets that take no more open interest. */
export function coinsAtCap({ markets }: Pick<AccountView, 'markets'>): string[] {
  return markets
    .filter(({ spec, openInterestLots }) => openInterestLots >= spec.maxOpenInterestLots)
    .map(({ spec }) => spec.baseAsset);
}
