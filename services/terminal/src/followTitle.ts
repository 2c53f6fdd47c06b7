import { effect } from '@preact/signals';
import { selectedMarket } from './feed/store.ts';

/** Keeps the mark price in the browser's tab, where a trader with many tabs looks for it. */
export function followTitle(): void {
  effect(() => {
    const market = selectedMarket.value;
    document.title = market?.mark == null ? 'Keel' : `${market.mark} ${market.symbol} – Keel`;
  });
}
