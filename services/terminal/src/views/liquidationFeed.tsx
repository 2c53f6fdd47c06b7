import { heard, liquidations, shownOwner } from '../feed/store.ts';
import { LiquidationsTable } from './liquidationsTable.tsx';

/** Every liquidation of the exchange, public, newest first. */
export function LiquidationFeed() {
  return (
    <section
      class="panel panel-liquidations"
      aria-labelledby="liquidations-title"
      data-panel="liquidations"
      data-testid="liquidation-feed"
    >
      <header class="panel-header">
        <h2 id="liquidations-title">Liquidations</h2>
      </header>
      <LiquidationsTable
        label="Liquidations, newest first"
        testId="liquidations"
        marked={shownOwner.value}
        rows={liquidations.value}
        empty={heard.value.has('liquidations') ? 'Nobody has been liquidated.' : 'Loading…'}
      />
    </section>
  );
}
