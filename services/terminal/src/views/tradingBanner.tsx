import type { Market } from '@keel/client';
import { selectedMarket } from '../feed/store.ts';

const TEXTS: Readonly<Record<Exclude<Market['tradingStatus'], 'open'>, string>> = {
  postOnly: 'Post-only: orders that would trade at once are refused.',
  cancelOnly: 'Cancel-only: orders can be cancelled or made smaller, and no new ones are taken.',
  halted: 'Halted: no orders, no triggers, no funding and no liquidations until the market opens again.',
};

/** What the operator allows in the selected market, when that is not everything. */
export function TradingBanner() {
  const market = selectedMarket.value;
  if (market === undefined || market.tradingStatus === 'open') return null;
  return (
    <p class="banner" role="status" data-testid="trading-status" data-status={market.tradingStatus}>
      <strong>{market.symbol}</strong> {TEXTS[market.tradingStatus]}
    </p>
  );
}
