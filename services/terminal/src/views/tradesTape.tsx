import type { Trade } from '@keel/client';
import { fractionDigits } from '../decimal.ts';
import { heard, selectedMarket, trades } from '../feed/store.ts';
import { clockText, dateText } from './clockText.ts';
import { NumberText } from './numberText.tsx';

interface TapeRowProps {
  readonly trade: Trade;
  readonly decimals: { readonly price: number; readonly size: number };
}

function TapeRow({ trade, decimals }: TapeRowProps) {
  const bought = trade.takerSide === 'buy';
  return (
    <tr class={trade.liquidation ? 'liquidation' : ''} data-liquidation={trade.liquidation}>
      <td class={bought ? 'up' : 'down'}>
        <span class={bought ? 'arrow arrow-up' : 'arrow arrow-down'} aria-hidden="true" />
        <NumberText value={trade.price} decimals={decimals.price} />
        <span class="sr-only"> {trade.takerSide}</span>
      </td>
      <td>
        {trade.liquidation && (
          <abbr class="liq-mark" title="Fill of a liquidation">
            LIQ
          </abbr>
        )}
        <NumberText value={trade.size} decimals={decimals.size} />
      </td>
      <td>
        <time class="quiet num" title={`${dateText(trade.time)} UTC`}>
          {clockText(trade.time)}
        </time>
      </td>
    </tr>
  );
}

/** The last trades, newest first; the arrow tells the taker's side, a mark those of a liquidation. */
export function TradesTape() {
  const market = selectedMarket.value;
  const decimals = { price: fractionDigits(market?.tickSize ?? ''), size: fractionDigits(market?.lotSize ?? '') };
  return (
    <section class="panel panel-trades" aria-labelledby="trades-title" data-panel="trades" data-testid="trades">
      <header class="panel-header">
        <h2 id="trades-title">Trades</h2>
      </header>
      {trades.value.length === 0 && <p class="empty">{heard.value.has('trades') ? 'No trades yet.' : 'Loading…'}</p>}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a list that scrolls must be reachable with the keyboard */}
      <section class="scroll tape" hidden={trades.value.length === 0} aria-label="Trades, scrollable" tabIndex={0}>
        <table class="tape-table" aria-label="Trades, newest first" data-testid="trades-table">
          <thead>
            <tr>
              <th scope="col">Price</th>
              <th scope="col">Size</th>
              <th scope="col">Time</th>
            </tr>
          </thead>
          <tbody>
            {trades.value.map((trade) => (
              <TapeRow key={trade.tradeId} trade={trade} decimals={decimals} />
            ))}
          </tbody>
        </table>
      </section>
    </section>
  );
}
