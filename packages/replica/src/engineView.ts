import { type EngineState, readOrder } from '@keel/engine';
import { type AccountId, assert, type MarketId, type OpenOrder, type OrderId, type SizeLots } from '@keel/types';

type MarketState = EngineState['markets'][number];

/** What the history looks up in the engine's state after a block. */
export interface EngineView {
  market(marketId: MarketId): Pick<MarketState, 'spec' | 'fundingIndex' | 'fundingRatePpb' | 'markTicks'>;
  /** Undefined when it is over. */
  order(orderId: OrderId): OpenOrder | undefined;
  /** Signed: long > 0. */
  positionLots(accountId: AccountId, marketId: MarketId): SizeLots;
}

export function engineViewOf(state: EngineState): EngineView {
  return {
    market(marketId) {
      const market = state.markets[marketId - 1];
      assert(market !== undefined, `no market ${marketId}`);
      return market;
    },
    order: (orderId) => readOrder(state, orderId),
    positionLots(accountId, marketId) {
      const holdings = state.accounts[accountId - 1]?.holdings ?? [];
      return holdings.find(({ market }) => market.spec.marketId === marketId)?.sizeLots ?? 0;
    },
  };
}
