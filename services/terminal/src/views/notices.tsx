/** The notices that the chart library asks for, and what the reader has to know about every time on the page. */
export function Notices() {
  return (
    <footer class="notices">
      <p>Times are UTC. Prices and sizes are shown exactly as the exchange gives them. Margin and fees are in USDC.</p>
      <p>
        Candles drawn with TradingView Lightweight Charts™. Copyright © 2025 TradingView, Inc.{' '}
        <a href="https://www.tradingview.com/" rel="noopener noreferrer" target="_blank">
          www.tradingview.com
        </a>
      </p>
    </footer>
  );
}
