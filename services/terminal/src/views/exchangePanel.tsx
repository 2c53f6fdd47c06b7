import { shortHex } from '../address.ts';
import { ordersPerSecond, status } from '../feed/store.ts';
import { NumberText } from './numberText.tsx';
import { TimeGraph } from './timeGraph.tsx';

/** The exchange as a whole: counters since genesis and its traffic since the page opened. */
export function ExchangePanel() {
  const document = status.value;
  const rate = ordersPerSecond.value.at(-1);
  const counters = document?.counters;
  const settlement = document?.network.settlement;
  return (
    <section class="panel panel-exchange" aria-labelledby="exchange-title" data-panel="batches" data-testid="exchange">
      <header class="panel-header">
        <h2 id="exchange-title">Exchange</h2>
        {settlement !== undefined && (
          <span class="quiet" title={settlement}>
            chain {document?.network.chainId}, contract <code>{shortHex(settlement)}</code>
          </span>
        )}
      </header>
      <dl class="account-figures" aria-label="Counters of the exchange">
        <div class="figure">
          <dt>Orders</dt>
          <dd class="num">{counters?.orders ?? '–'}</dd>
        </div>
        <div class="figure">
          <dt>Trades</dt>
          <dd class="num">{counters?.trades ?? '–'}</dd>
        </div>
        <div class="figure">
          <dt>Liquidations</dt>
          <dd class="num">{counters?.liquidations ?? '–'}</dd>
        </div>
        <div class="figure">
          <dt>Insurance fund</dt>
          <dd>
            <NumberText value={document?.insuranceFund} />
          </dd>
        </div>
        <div class="figure">
          <dt>Orders / s</dt>
          <dd class="num" data-testid="orders-per-second">
            {rate === undefined ? '–' : Math.round(rate.value)}
          </dd>
        </div>
      </dl>
      <TimeGraph label="Orders per second" points={ordersPerSecond} height={90} axes />
    </section>
  );
}
