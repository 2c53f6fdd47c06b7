import { useSignalEffect } from '@preact/signals';
import { shownPanel } from '../feed/store.ts';

const PANELS = [
  ['chart', 'Chart'],
  ['book', 'Book'],
  ['trades', 'Trades'],
  ['account', 'Account'],
  ['liquidations', 'Liquidations'],
  ['batches', 'Batches'],
] as const;

/** As in styles.css, where the phone begins. */
const PHONE = '(max-width: 760px)';

/** The phone's way between panels; a wide screen shows them all and hides this. */
export function PanelNav() {
  useSignalEffect(() => {
    // Read whatever the width, so that the effect knows what it depends on.
    const panel = shownPanel.value;
    if (panel !== '' && matchMedia(PHONE).matches) scrollTo(0, 0);
  });
  return (
    <nav class="panel-nav" aria-label="Panels" data-testid="panel-nav">
      {PANELS.map(([panel, label]) => (
        <button
          key={panel}
          type="button"
          aria-current={shownPanel.value === panel ? 'true' : undefined}
          onClick={() => {
            shownPanel.value = panel;
          }}
        >
          {label}
        </button>
      ))}
    </nav>
  );
}
