import { shownPanel } from './feed/store.ts';
import { AccountPanel } from './views/accountPanel.tsx';
import { Announcer } from './views/announcer.tsx';
import { BatchesPanel } from './views/batchesPanel.tsx';
import { ChartPanel } from './views/chartPanel.tsx';
import { ExchangePanel } from './views/exchangePanel.tsx';
import { isStale } from './views/isStale.ts';
import { LiquidationFeed } from './views/liquidationFeed.tsx';
import { MarketBar } from './views/marketBar.tsx';
import { Notices } from './views/notices.tsx';
import { OrderBook } from './views/orderBook.tsx';
import { PageHeader } from './views/pageHeader.tsx';
import { PanelNav } from './views/panelNav.tsx';
import { StaleVeil } from './views/staleVeil.tsx';
import { TradesTape } from './views/tradesTape.tsx';
import { TradingBanner } from './views/tradingBanner.tsx';

export function App() {
  return (
    <>
      <PageHeader />
      <MarketBar />
      <TradingBanner />
      <StaleVeil />
      <main class={isStale.value ? 'board stale' : 'board'} data-shown={shownPanel}>
        <ChartPanel />
        <OrderBook />
        <TradesTape />
        <div class="column column-account">
          <AccountPanel />
          <ExchangePanel />
        </div>
        <div class="column column-events">
          <LiquidationFeed />
          <BatchesPanel />
        </div>
      </main>
      <Notices />
      <PanelNav />
      <Announcer />
    </>
  );
}
