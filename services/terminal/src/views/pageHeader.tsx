import { markets, marketsFault, selectedSymbol } from '../feed/store.ts';
import { ConnectionBadge } from './connectionBadge.tsx';
import { Tabs } from './tabs.tsx';

export function PageHeader() {
  const symbols = markets.value.map((row) => row.symbol);
  return (
    <header class="page-header">
      <h1 class="wordmark">
        <img src="/keel.svg" alt="" width="22" height="22" />
        Keel
      </h1>
      {symbols.length > 0 ? (
        <Tabs
          label="Markets"
          testId="market-tabs"
          items={symbols.map((symbol) => ({ key: symbol, label: symbol }))}
          selected={selectedSymbol.value ?? ''}
          onSelect={(symbol) => {
            selectedSymbol.value = symbol;
          }}
        />
      ) : (
        <p class="quiet">{marketsFault.value ?? 'Loading markets…'}</p>
      )}
      <ConnectionBadge />
    </header>
  );
}
